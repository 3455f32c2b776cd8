"""Calls to the client through the system; those that fail, one after another, end the order."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import expert_calls as rows
from gateway.repositories import writes
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move
from gateway.resolvers.booking_steps.uses import details, free, key, release
from gateway.resolvers.bookings import Case, case_facts, locked, only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts.calls import Attempt
from gateway.validation.rules.expert_calls import UNREACHED
from gateway.validation.verdict import Status, Verdict


@dataclass(frozen=True, slots=True)
class CallAttempt:
    """A call, and the telephone system's own record of it."""

    caller: str  # HEALTH_MANAGER or EXPERT
    is_answered: bool
    reference: str


async def attempt_call(transaction: Transaction, operation: str, *, booking: str, attempt: CallAttempt) -> Work:
    """One call. An expert who reaches the client begins the service; too many that fail end the order."""
    reference = inputs.required(inputs.name(attempt.reference, "input", "callReference"), "input", "callReference")
    case = await locked(transaction, booking, "attemptCall")
    call = await rows.details(transaction.connection, case.policy_id, case.booking_id)
    earlier = await rows.attempts(transaction.connection, case.policy_id, case.booking_id)
    _check(call["mode"], earlier, attempt.caller, reference)
    own = [(row["at"], row["is_answered"]) for row in earlier if row["caller"] == attempt.caller]
    found = replace(
        case_facts(case, operation),
        attempt=Attempt(attempt.caller, call["mode"], _failed([*own, (case.context.now, attempt.is_answered)])),
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await writes.insert(case.transaction.writes, "call_attempts", _row(case, attempt, reference, len(own) + 1))
        unreached = next((each for each in verdicts if each.check == UNREACHED and each.status is Status.WARNED), None)
        if unreached is not None:
            await release(case, "client could not be reached", unreached.rule)
            await free(case)
        elif _begins(attempt):
            await details(case, call_started_at=case.context.now)
        await move(case, only_state(found, otherwise=_state(case, attempt, is_over=unreached is not None)))
        return case.subject

    return Work(found, write)


def _check(mode: str, earlier: Sequence[Any], caller: str, reference: str) -> None:
    if mode == "DIRECT" and caller != "EXPERT":
        raise bad_input("A direct call is the expert's: only the expert phones the client.", "input", "caller")
    if any(row["call_reference"] == reference for row in earlier):
        raise bad_input(
            "This call is recorded already: each call has a reference of its own.", "input", "callReference"
        )


def _failed(calls: Sequence[tuple[dt.datetime, bool]]) -> tuple[dt.datetime, ...]:
    """When calls were made in vain, one after another, up to the last one."""
    return tuple(at for at, _ in takewhile(lambda call: not call[1], reversed(calls)))


def _begins(attempt: CallAttempt) -> bool:
    return attempt.is_answered and attempt.caller == "EXPERT"


def _state(case: Case, attempt: CallAttempt, *, is_over: bool) -> str:
    if is_over:
        return "CANCELLED_UNREACHABLE"
    return "IN_SERVICE" if _begins(attempt) else case.row["state"]


def _row(case: Case, attempt: CallAttempt, reference: str, seq: int) -> dict[str, Any]:
    return {
        **key(case),
        "caller": attempt.caller,
        "seq": seq,
        "is_answered": attempt.is_answered,
        "call_reference": reference,
        "actor": case.context.viewer.principal,
        "at": case.context.now,
    }
