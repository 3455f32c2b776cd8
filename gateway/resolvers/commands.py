"""Every mutation, in the same steps: claim the key, lock and load, judge, write or roll back.

A mutation brings its name, what it needs, and a `prepare` that locks rows and builds facts; what it writes is the
`write` that `prepare` gives back. Nothing else differs. The transaction stays open while the payload is read and is
settled by the executor (see `gateway.execution.plain`), so that a dry run shows the object as it would be.
"""

import hashlib
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson

from gateway.auth.sight import NAMED, PRINCIPAL, settings_of
from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution.unit import Unit
from gateway.faults import Code, Fault, bad_input
from gateway.postgres import session
from gateway.postgres.pool import TransactionReader
from gateway.repositories import audit, idempotency
from gateway.repositories.policies import policy_id
from gateway.repositories.writes import Writes
from gateway.validation.facts import Facts
from gateway.validation.verdict import Status, Verdict

LONGEST_KEY = 128
ATTEMPTS = 3
RETRYABLE = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


@dataclass(frozen=True, slots=True)
class Subject:
    """The row that a command was about: what the payload shows."""

    policy_id: uuid.UUID
    id: uuid.UUID

    @property
    def key(self) -> tuple[uuid.UUID, ...]:
        return self.policy_id, self.id


@dataclass(frozen=True, slots=True)
class Reference:
    """The same for a row that belongs to no policy, such as a token.

    A secret is shown to the one who asked for it and is kept nowhere, so that a replay has none.
    """

    id: uuid.UUID
    secret: str | None = field(default=None, repr=False)
    policy_id: None = field(default=None, init=False)

    @property
    def key(self) -> tuple[uuid.UUID, ...]:
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Work:
    """What `prepare` found: the facts, and how to write once the rules have agreed."""

    facts: Facts
    write: Callable[[Sequence[Verdict]], Awaitable[Subject | Reference]]


@dataclass(frozen=True, slots=True)
class Command:
    """A mutation as a caller sent it. `request` is its input, as plain values."""

    operation: str
    key: str
    request: Mapping[str, Any]
    dry_run: bool
    scopes: tuple[str, ...] = ()
    kinds: tuple[ViewerKind, ...] = (ViewerKind.CUSTOMER, ViewerKind.VENDOR, ViewerKind.STAFF)


@dataclass(frozen=True, slots=True)
class Outcome:
    verdicts: tuple[Verdict, ...]
    subject: Subject | Reference | None
    is_dry_run: bool
    is_replay: bool = False


class RefusedByDatabase(Exception):
    """A constraint or a conditional update said no after the rules had said yes: the same verdict, late."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.rule)
        self.verdict = verdict

    def among(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """All verdicts, with this one in the place of what its rule had said."""
        place = (self.verdict.rule, self.verdict.check)
        return [self.verdict if (verdict.rule, verdict.check) == place else verdict for verdict in verdicts]


@dataclass(slots=True)
class Transaction:
    """The transaction of one mutation field, from its first lock until its payload has been read."""

    context: Context
    connection: Any
    unit: Unit
    writes: Writes
    commits: bool = False

    @classmethod
    async def begin(cls, context: Context, request: Mapping[str, Any]) -> "Transaction":
        connection = await context.services.pool.acquire()
        try:
            await session.begin(connection, _told(context, request))
        except BaseException:
            await context.services.pool.release(connection)
            raise
        transaction = cls.beside(context, connection)
        context.transaction = transaction
        context.unit = transaction.unit
        return transaction

    @classmethod
    def beside(cls, context: Context, connection: Any) -> "Transaction":
        """A look at rows for facts alone: what the request reads otherwise is not touched."""
        unit = Unit(TransactionReader(connection), context.viewer)
        return cls(context, connection, unit, Writes(connection))

    async def settle(self) -> None:
        """Commit or roll back, give the connection back, and let later fields read for themselves."""
        try:
            await session.end(self.connection, commits=self.commits)
        finally:
            await self.context.services.pool.release(self.connection)
            self.context.transaction = None
            self.context.unit = self.context.reading_unit()

    async def give_up(self) -> None:
        self.commits = False
        await self.settle()


Prepare = Callable[[Transaction], Awaitable[Work]]


async def run(context: Context, command: Command, prepare: Prepare) -> Outcome:
    """Judge and, where the rules agree, write; the outcome carries every verdict either way."""
    context.viewer.require_kind(*command.kinds)
    context.viewer.require(*command.scopes)
    _check_key(command.key)
    for attempt in range(1, ATTEMPTS + 1):
        transaction = await Transaction.begin(context, command.request)
        try:
            return await _run_once(transaction, command, prepare)
        except RETRYABLE:
            await transaction.give_up()
            if attempt == ATTEMPTS:
                raise Fault(Code.CONFLICT, "Somebody else changed the same rows: send the request again.") from None
        except asyncpg.InsufficientPrivilegeError:
            await transaction.give_up()
            raise Fault(
                Code.FORBIDDEN, "The token does not reach all that this request would write.", missingScopes=[]
            ) from None
        except BaseException:
            await transaction.give_up()
            raise
    raise AssertionError("unreachable")


def _told(context: Context, request: Mapping[str, Any]) -> dict[str, str]:
    """What the database is told of the one who commands: whom a reader is, in whose name keys and audit lines stand,
    and which policy a vendor names, since its rules have to see that policy as a whole.
    """
    viewer, number = context.viewer, request.get("policy_number")
    told = {**settings_of(viewer), PRINCIPAL.name: PRINCIPAL.text(viewer)}
    if viewer.kind is ViewerKind.VENDOR and isinstance(number, str):
        told[NAMED.name] = str(policy_id(number.strip()))
    return told


async def _run_once(transaction: Transaction, command: Command, prepare: Prepare) -> Outcome:
    context = transaction.context
    if not command.dry_run:
        earlier = await idempotency.claim(
            transaction.connection,
            principal=context.viewer.principal,
            operation=command.operation,
            key=command.key,
            digest=_digest(command.request),
            now=context.wall_clock,
        )
        if earlier is not None:
            return _replay(earlier)
    work = await prepare(transaction)
    verdicts = context.services.rulebook.check(work.facts)
    if any(verdict.is_refusal for verdict in verdicts):
        return Outcome(tuple(verdicts), None, command.dry_run)
    try:
        subject = await work.write(verdicts)
    except RefusedByDatabase as late:
        return Outcome(tuple(late.among(verdicts)), None, command.dry_run)
    if not command.dry_run:
        await _finish(transaction, command, verdicts, subject)
    await transaction.writes.flush()
    return Outcome(tuple(verdicts), subject, command.dry_run)


async def _finish(
    transaction: Transaction, command: Command, verdicts: Sequence[Verdict], subject: Subject | Reference
) -> None:
    context = transaction.context
    await idempotency.complete(
        transaction.writes,
        principal=context.viewer.principal,
        operation=command.operation,
        key=command.key,
        policy_id=subject.policy_id,
        subject_id=subject.id,
        verdicts=[_stored(verdict) for verdict in verdicts],
    )
    await audit.record(transaction.writes, context, command.operation, subject.policy_id, subject.id)
    transaction.commits = True


def _check_key(key: str) -> None:
    if not key.strip() or len(key) > LONGEST_KEY:
        raise bad_input(
            f"`idempotencyKey` must be 1 to {LONGEST_KEY} characters that you keep for a repeat of this request.",
            "input",
            "idempotencyKey",
        )


def _digest(request: Mapping[str, Any]) -> str:
    """Equal for equal inputs, whatever their order; the key itself is not part of it."""
    body = {name: value for name, value in request.items() if name != "idempotency_key"}
    plain = orjson.dumps(body, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
    return hashlib.sha256(plain).hexdigest()


def _stored(verdict: Verdict) -> dict[str, Any]:
    return {
        "rule": verdict.rule,
        "check": verdict.check,
        "status": verdict.status.value,
        "path": list(verdict.input_path),
        "values": dict(verdict.values),
        "is_estimated": verdict.is_estimated,
    }


def _replay(earlier: Mapping[str, Any]) -> Outcome:
    verdicts = tuple(
        Verdict(
            item["rule"],
            Status(item["status"]),
            tuple(item["path"]),
            item["values"],
            is_estimated=item["is_estimated"],
            check=item["check"],
        )
        for item in earlier["verdicts"]
    )
    policy, subject = earlier["policy_id"], earlier["subject_id"]
    about = Reference(subject) if policy is None else Subject(policy, subject)
    return Outcome(verdicts, about, is_dry_run=False, is_replay=True)
