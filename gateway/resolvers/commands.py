"""Every mutation, in the same steps: claim the key, lock and load, judge, write or roll back.

A mutation brings its name, what it needs, and a `prepare` that locks rows and builds facts; what it writes is the
`write` that `prepare` gives back. Nothing else differs. The transaction stays open while the payload is read and is
settled by the executor (see `gateway.execution.plain`), so that a dry run shows the object as it would be.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import asyncpg
import orjson

from gateway.auth.roles import require_role
from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution.unit import Unit
from gateway.faults import Code, Fault, bad_input
from gateway.postgres import session
from gateway.postgres.pool import TransactionReader
from gateway.repositories import audit, idempotency, overrides
from gateway.repositories.writes import Writes, changed_meanwhile
from gateway.resolvers import judgements
from gateway.resolvers.telling import named_by, told_by
from gateway.validation.facts import Facts
from gateway.validation.rules import SET_ASIDE
from gateway.validation.verdict import Status, Verdict

LONGEST_KEY = 128
ATTEMPTS = 3
RETRYABLE = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


@dataclass(frozen=True, slots=True)
class Subject:
    """The row that a command was about: what the payload shows."""

    policy_id: uuid.UUID
    id: uuid.UUID
    shown: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)  # once, and kept nowhere

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
    """What `prepare` found: the facts, how to write once the rules have agreed, and what the audit shall say of it."""

    facts: Facts
    write: Callable[[Sequence[Verdict]], Awaitable[Subject | Reference]]
    why: audit.Why = audit.UNSAID
    decided: Mapping[str, Any] = field(default_factory=dict[str, Any])  # by a decision, for whoever looks at it again


@dataclass(frozen=True, slots=True)
class Command:
    """A mutation as a caller sent it. `request` is its input."""

    operation: str
    key: str
    request: Any
    dry_run: bool
    scopes: tuple[str, ...] = ()
    kinds: tuple[ViewerKind, ...] = (ViewerKind.CUSTOMER, ViewerKind.VENDOR, ViewerKind.STAFF)
    before: Callable[[Context], Awaitable[None]] | None = None  # what happens whatever becomes of the request


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
    told: session.Settings = field(default_factory=dict[str, str])
    """Settings that its first statement has yet to make."""
    commits: bool = False
    operation: str = ""

    @classmethod
    async def begin(cls, context: Context, command: "Command") -> "Transaction":
        """Claiming the key tells the database who commands; where none is claimed, the beginning does."""
        told = told_by(context.viewer, named_by(command.request))
        connection = await context.services.pool.acquire()
        try:
            await session.begin(connection, told if command.dry_run else {})
        except BaseException:
            await whole(context.services.pool.release(connection))
            raise
        transaction = cls.beside(context, connection)
        transaction.told = told
        context.transaction = transaction
        context.unit = transaction.unit
        return transaction

    @classmethod
    def beside(cls, context: Context, connection: Any) -> "Transaction":
        """A look at rows for facts alone: what the request reads otherwise is not touched."""
        unit = Unit(TransactionReader(connection), context.viewer)
        return cls(context, connection, unit, Writes(connection))

    async def settle(self) -> None:
        """Commit or roll back, give the connection back, and let later fields read for themselves.

        A request that is ended meanwhile waits for it, so that no half-settled connection goes back to the pool.
        """
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            self.unit.reader.loads.cancel()
        await whole(self._settle())

    async def _settle(self) -> None:
        pool = self.context.services.pool
        try:
            await self.unit.reader.loads.done()
            await session.end(self.connection, commits=self.commits)
        except BaseException:
            await pool.release(self.connection)
            raise
        else:
            pool.give_back(self.connection)
            if self.commits:
                self._tell()
        finally:
            self.context.transaction = None
            self.context.unit = self.context.reading_unit()

    def _tell(self) -> None:
        """Those who follow what was changed may look."""
        if self.context.services.changes is not None:
            self.context.services.changes.tell(self.operation)


async def whole(work: Coroutine[Any, Any, None]) -> None:
    """Work that is finished even when whoever waits for it is cancelled; only then the cancellation goes on."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


Prepare = Callable[[Transaction], Awaitable[Work]]


async def run(context: Context, command: Command, prepare: Prepare) -> Outcome:
    """Judge and, where the rules agree, write; the outcome carries every verdict either way."""
    context.viewer.require_kind(*command.kinds)
    context.viewer.require(*command.scopes)
    require_role(context.viewer, command.operation)
    _check_key(command.key)
    if command.before is not None:
        await command.before(context)
    for attempt in range(1, ATTEMPTS + 1):
        transaction = await Transaction.begin(context, command)
        try:
            return await _run_once(transaction, command, prepare)
        except RETRYABLE:
            await transaction.settle()
            if attempt == ATTEMPTS:
                raise changed_meanwhile() from None
        except asyncpg.InsufficientPrivilegeError:
            await transaction.settle()
            raise Fault(
                Code.FORBIDDEN, "The token does not reach all that this request would write.", missingScopes=[]
            ) from None
        except BaseException:
            await transaction.settle()
            raise
    raise AssertionError("unreachable")


async def _run_once(transaction: Transaction, command: Command, prepare: Prepare) -> Outcome:
    context = transaction.context
    if not command.dry_run:
        earlier = await idempotency.claim(
            transaction.connection,
            transaction.told,
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
        await _spend_overrides(transaction, work.facts, verdicts, subject)
        if not command.dry_run:
            await _finish(transaction, command, verdicts, subject, work.why)
            await judgements.keep(transaction.writes, context, subject, work.facts, verdicts, work.decided)
        await transaction.writes.flush()
    except RefusedByDatabase as late:
        return Outcome(tuple(late.among(verdicts)), None, command.dry_run)
    transaction.commits, transaction.operation = not command.dry_run, command.operation
    return Outcome(tuple(verdicts), subject, command.dry_run)


async def _spend_overrides(
    transaction: Transaction, found: Facts, verdicts: Sequence[Verdict], subject: Subject | Reference
) -> None:
    """What the hotline has set aside for this request is used up by it."""
    spent = {found.overrides[verdict.rule] for verdict in verdicts if SET_ASIDE in verdict.values}
    for override in sorted(spent):
        if subject.policy_id is not None:
            await overrides.spend(
                transaction.writes, subject.policy_id, override, booking=subject.id, now=transaction.context.now
            )


async def _finish(
    transaction: Transaction,
    command: Command,
    verdicts: Sequence[Verdict],
    subject: Subject | Reference,
    why: audit.Why,
) -> None:
    context = transaction.context
    await idempotency.complete(
        transaction.writes,
        principal=context.viewer.principal,
        operation=command.operation,
        key=command.key,
        policy_id=subject.policy_id,
        subject_id=subject.id,
        verdicts=[verdict.as_data() for verdict in verdicts],
    )
    await audit.record(transaction.writes, context, command.operation, subject.policy_id, subject.id, why)


def _check_key(key: str) -> None:
    if not key.strip() or len(key) > LONGEST_KEY:
        raise bad_input(
            f"`idempotencyKey` must be 1 to {LONGEST_KEY} characters that you keep for a repeat of this request.",
            "input",
            "idempotencyKey",
        )


def _digest(request: Any) -> str:
    """Equal for equal inputs; the key itself is not part of it."""
    body = {item.name: getattr(request, item.name) for item in fields(request) if item.name != "idempotency_key"}
    return hashlib.sha256(orjson.dumps(body, default=str)).hexdigest()


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
