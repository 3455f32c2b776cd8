"""What all mutations share: their arguments, their way into the harness, and the shape of their answers."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

import strawberry

from gateway.auth.roles import STAFF_OPERATIONS
from gateway.auth.viewer import ViewerKind
from gateway.context import Context, Info
from gateway.execution.forms import Commanded, OfSubject, Sent, declared
from gateway.execution.sizes import MUTATION, Cost
from gateway.execution.sources import SOURCES
from gateway.language import T
from gateway.resolvers import commands
from gateway.resolvers.commands import Command, Outcome, Transaction, Work

Prepare = Callable[[Transaction, str, Any], Awaitable[Work]]
"""(transaction, operation, input) → facts, and what to write once the rules agree."""

KEY = T(
    "幂等键：由客户端生成并在重试时沿用，1–128 个字符。",
    "Idempotency key: made by the client and kept for a repeat of the same request; 1 to 128 characters.",
)
INPUT = T("请求内容。", "The request.")
DRY_RUN = T(
    "试运行：执行同样的校验与写入，随后全部撤销，不占用幂等键。",
    "Run the same checks and writes, then undo all of it; the idempotency key is not used up.",
)
PEOPLE = {
    ViewerKind.CUSTOMER: ("客户", "customers"),
    ViewerKind.VENDOR: ("服务商", "vendors"),
    ViewerKind.STAFF: ("员工", "staff"),
}
EVERYBODY = tuple(PEOPLE)
"""Customers, and those who may act for them."""


def mutation(
    given: type,
    answer: type,
    prepare: Prepare,
    zh: str,
    en: str,
    *,
    scopes: tuple[str, ...] = ("bookings:write",),
    kinds: tuple[ViewerKind, ...] = EVERYBODY,
    before: Callable[[Context, Any], Awaitable[None]] | None = None,
    make: Callable[[Context, Outcome], Awaitable[Any]] | None = None,
) -> Any:
    """A mutation field: `xVerb(input: XVerbInput!, dryRun: Boolean! = false): XVerbPayload!`.

    Its operation is its name in the schema. Who may send it and with which scopes stands in its description. What is
    done `before` stays done even if the request is refused, or is a dry run. A payload that tells in Python what a row
    says is made by `make`.
    """

    async def send(context: Context, operation: str, arguments: Mapping[str, Any]) -> Sent:
        input = arguments["input"]

        async def prepared(transaction: Transaction) -> Work:
            return await prepare(transaction, operation, input)

        dry_run = arguments.get("dry_run", False)
        first = None if before is None else partial(_first, before, input)
        command = Command(operation, input.idempotency_key, input, dry_run, scopes, kinds, first)
        outcome = await commands.run(context, command, prepared)
        made = answer(result=outcome) if make is None else await make(context, outcome)
        return Sent(made, outcome.subject and outcome.subject.key)

    async def resolve(info: Info, **arguments: Any) -> Any:
        return (await send(info.context, info.field_name, arguments)).payload

    _sign(resolve, given, answer)
    return strawberry.mutation(
        resolver=resolve,
        description=_description(zh, en, kinds, _operation(given)),
        metadata=declared(Commanded(send), *scopes),
        directives=[Cost(weight=MUTATION)],
    )


def payload(operation: str, base: type) -> Any:
    """A payload that has no more than those like it: `xVerbPayload`."""
    name = f"{operation[0].upper()}{operation[1:]}Payload"
    made = type(name, (base,), {"__module__": base.__module__})
    return strawberry.type(made, description=T(f"{operation} 的回答。", f"Answer of {operation}."))


async def _first(before: Callable[[Context, Any], Awaitable[None]], input: Any, context: Context) -> None:
    await before(context, input)


def of_subject(target: str, description: str, *columns: str) -> Any:
    """A field of a payload: the row that the command was about, found by the columns of its key."""

    async def resolve(root: Any, info: Info) -> Any:
        return await subject_of(info.context, target, columns, root.result)

    return strawberry.field(resolver=resolve, description=description, metadata=declared(OfSubject(target, columns)))


def many_of_subject(target: str, order: Sequence[str], description: str, *columns: str) -> Any:
    """A field of a payload: rows whose columns are the first of the subject's key, as far as the viewer sees them."""

    async def resolve(root: Any, info: Info) -> Any:
        subject = root.result.subject
        if subject is None:
            return []
        return await info.context.unit.many(SOURCES[target], columns, subject.key[: len(columns)], tuple(order))

    form = OfSubject(target, columns, tuple(order))
    return strawberry.field(resolver=resolve, description=description, metadata=declared(form))


async def subject_of(context: Context, target: str, columns: tuple[str, ...], outcome: Outcome) -> Any:
    """The row that a command was about, as the viewer may see it, read in the command's own transaction."""
    if outcome.subject is None:
        return None
    key = outcome.subject.key[: len(columns)]
    return await context.unit.one(SOURCES[target], columns, key, is_own_result=True)


def _sign(resolve: Callable[..., Any], given: type, answer: type) -> None:
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    asked = Annotated[given, strawberry.argument(description=INPUT)]
    trying = Annotated[bool, strawberry.argument(name="dryRun", description=DRY_RUN)]
    parameters = [
        inspect.Parameter("info", positional, annotation=Info),
        inspect.Parameter("input", positional, annotation=asked),
        inspect.Parameter("dry_run", positional, annotation=trying, default=False),
    ]
    resolve.__signature__ = inspect.Signature(parameters, return_annotation=answer)  # type: ignore[attr-defined]
    resolve.__annotations__ = {item.name: item.annotation for item in parameters} | {"return": answer}


def _operation(given: type) -> str:
    """`EscortBookInput` is the input of `escortBook`."""
    name = given.__name__.removesuffix("Input")
    return name[0].lower() + name[1:]


def _description(zh: str, en: str, kinds: tuple[ViewerKind, ...], operation: str) -> str:
    who_zh = "" if kinds == EVERYBODY else "限" + "、".join(PEOPLE[kind][0] for kind in kinds) + "。"
    who_en = "" if kinds == EVERYBODY else " For " + " and ".join(PEOPLE[kind][1] for kind in kinds) + "."
    roles = ", ".join(sorted(STAFF_OPERATIONS.get(operation, ())))
    if roles:
        who_zh += f"员工限 {roles}。"
        who_en += f" Of staff, for: {roles}."
    return T(f"{zh}{who_zh}", f"{en}{who_en}")
