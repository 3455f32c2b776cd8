"""What all mutations share: their arguments, their way into the harness, and the shape of their answers."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.context import Context, Info
from gateway.execution.declare import SOURCES
from gateway.execution.forms import declared
from gateway.language import T
from gateway.resolvers import commands
from gateway.resolvers.commands import Command, Outcome, Transaction, Work
from gateway.schema.verdicts import answered

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
    payload: type,
    prepare: Prepare,
    zh: str,
    en: str,
    *,
    scopes: tuple[str, ...] = ("bookings:write",),
    kinds: tuple[ViewerKind, ...] = EVERYBODY,
) -> Any:
    """A mutation field: `xVerb(input: XVerbInput!, dryRun: Boolean! = false): XVerbPayload!`.

    Its operation is its name in the schema. Who may send it stands in its description; what it requires is shown there
    by `scopes`.
    """

    async def resolve(info: Info, input: Any, dry_run: bool = False) -> Any:
        operation = info.field_name

        async def prepared(transaction: Transaction) -> Work:
            return await prepare(transaction, operation, input)

        command = Command(operation, input.idempotency_key, asdict(input), dry_run, scopes, kinds)
        outcome = await commands.run(info.context, command, prepared)
        return payload(**answered(outcome, info.context))

    _sign(resolve, given, payload)
    metadata = declared(None, *scopes) | {"kinds": kinds}
    return strawberry.mutation(resolver=resolve, description=_description(zh, en, kinds), metadata=metadata)


async def subject_of(context: Context, target: str, columns: tuple[str, ...], outcome: Outcome) -> Any:
    """The row that a command was about, as the viewer may see it, read in the command's own transaction."""
    if outcome.subject is None:
        return None
    key = outcome.subject.key[: len(columns)]
    return await context.unit.one(SOURCES[target], columns, key, is_own_result=True)


def _sign(resolve: Callable[..., Any], given: type, payload: type) -> None:
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    asked = Annotated[given, strawberry.argument(description=INPUT)]
    trying = Annotated[bool, strawberry.argument(name="dryRun", description=DRY_RUN)]
    parameters = [
        inspect.Parameter("info", positional, annotation=Info),
        inspect.Parameter("input", positional, annotation=asked),
        inspect.Parameter("dry_run", positional, annotation=trying, default=False),
    ]
    resolve.__signature__ = inspect.Signature(parameters, return_annotation=payload)  # type: ignore[attr-defined]
    resolve.__annotations__ = {item.name: item.annotation for item in parameters} | {"return": payload}


def _description(zh: str, en: str, kinds: tuple[ViewerKind, ...]) -> str:
    who_zh = "" if kinds == EVERYBODY else "限" + "、".join(PEOPLE[kind][0] for kind in kinds) + "。"
    who_en = "" if kinds == EVERYBODY else " For " + " and ".join(PEOPLE[kind][1] for kind in kinds) + "."
    return T(f"{zh}{who_zh}", f"{en}{who_en}")
