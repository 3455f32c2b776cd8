"""A booking takes a step: its new state and history, the deadlines it sets running, and who is told."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.repositories import bookings as rows
from gateway.repositories import outbox, writes
from gateway.resolvers.booking_clocks import ends_all, first_due, keep_time, waited_for
from gateway.resolvers.bookings import ROLES, Case, no_such_step
from gateway.resolvers.commands import Transaction
from gateway.validation import clocks
from gateway.validation.facts.cases import Visit


async def move(
    case: Case,
    to_state: str,
    *,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Take the step: new state, its event, and the clocks and reminders that it starts and stops."""
    row, context = case.row, case.context
    sequence = row["state_seq"] + 1
    if to_state not in case.step.leads_to:
        raise no_such_step()
    taken, visit = _taken(case, to_state), _visit_after(case, changes)
    vendor = changes.get("vendor_code", row["vendor_code"])
    await rows.step(
        case.transaction.writes,
        {"policy_id": case.policy_id, "id": case.booking_id, "state_seq": row["state_seq"]},
        {
            "state": to_state,
            "state_seq": sequence,
            "updated_at": context.now,
            **turns(context, row["machine"], to_state, vendor=vendor, is_proposed=_is_proposed(case, to_state)),
            **changes,
        },
        ended=None if ends_all(case, to_state) else waited_for(case),
        begun=first_due(context, row["product_code"], row["service"], taken, visit, into=to_state),
    )
    await write_event(
        case.transaction,
        policy_id=case.policy_id,
        booking_id=case.booking_id,
        seq=sequence,
        machine=row["machine"],
        from_state=row["state"],
        command=case.command,
        to_state=to_state,
        reason=reason,
        details=details,
    )
    await keep_time(case, to_state, taken, visit)
    await _tell_by_rules(case, to_state)


def _is_proposed(case: Case, to_state: str) -> bool:
    return case.command == "proposeDeduction" or to_state == "DEDUCTION_PENDING"


def _taken(case: Case, to_state: str) -> tuple[str, ...]:
    """The step, and what it says besides: a vendor that assigns somebody to a new request has accepted it, and a
    booking that is moved is asked for anew. Where the case ends, nothing begins.
    """
    if case.command == "reschedule":
        return ("request",)
    if case.context.services.lifecycles.is_terminal(case.row["machine"], to_state):
        return ()
    is_accepting = (case.row["state"], case.command) == ("REQUESTED", "assign")
    return ("accept", "assign") if is_accepting else (case.command,)


def _visit_after(case: Case, changes: Mapping[str, Any]) -> Visit | None:
    """The visit as this step leaves it."""
    if "visit_at" not in changes:
        return case.booked
    return Visit(changes["visit_at"], changes.get("planned_minutes") or 0)


async def _tell_by_rules(case: Case, to_state: str) -> None:
    """Messages that a handbook attaches to this step. Nobody is told what he has done himself."""
    rulebook, is_by_staff = case.context.services.rulebook, case.context.viewer.kind is ViewerKind.STAFF
    for rule in clocks.told_at(rulebook.of(case.row["product_code"], case.row["service"]), case.command, to_state):
        message = rule.parameters["message"]
        for audience in heard_by(message):
            if not (is_by_staff and audience == "STAFF"):
                await tell(case, message["topic"], audience, rule=rule.code)


def heard_by(message: Mapping[str, Any]) -> Sequence[str]:
    """Whom a message of a rule is for: one audience, or several."""
    audience: str | list[str] = message["audience"]
    return [audience] if isinstance(audience, str) else audience


async def write_event(
    transaction: Transaction,
    *,
    policy_id: uuid.UUID,
    booking_id: uuid.UUID,
    seq: int,
    machine: str,
    from_state: str,
    command: str,
    to_state: str,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    context = transaction.context
    await writes.insert(
        transaction.writes,
        "booking_events",
        {
            "policy_id": policy_id,
            "booking_id": booking_id,
            "seq": seq,
            "machine": machine,
            "from_state": from_state,
            "command": command,
            "role": ROLES[context.viewer.kind],
            "to_state": to_state,
            "actor": context.viewer.principal,
            "reason": reason,
            "details": dict(details or {}),
            "rulebook": context.services.rulebook.version,
            "at": context.now,
        },
    )


def turns(
    context: Context, machine: str, state: str, *, vendor: str | None, is_proposed: bool = False
) -> dict[str, bool]:
    """For whom a booking in this state waits: for its vendor, where there is one that has a step to take, else for
    the insurer's people. What a vendor proposes waits for them besides.
    """
    lifecycles = context.services.lifecycles
    is_vendors = vendor is not None and lifecycles.waits_for(machine, state, "VENDOR")
    is_staffs = is_proposed or (not is_vendors and lifecycles.waits_for(machine, state, "STAFF"))
    return {"waits_for_vendor": is_vendors, "waits_for_staff": is_staffs}


async def tell(case: Case, topic: str, audience: str, *, rule: str | None = None) -> None:
    """A message about this step, once."""
    await outbox.post(
        case.transaction.writes,
        policy_id=case.policy_id,
        subject_id=case.booking_id,
        topic=topic,
        audience=audience,
        dedupe_key=f"{topic}:{case.booking_id.hex}:{case.row['state_seq'] + 1}:{audience}",
        now=case.context.now,
        rule=rule,
        payload={"booking": ids.encode("book", case.policy_id, case.booking_id)},
    )


def other_side(case: Case) -> str:
    """Who is told of what somebody did: the client, or whoever serves the client."""
    if case.context.viewer.kind is not ViewerKind.CUSTOMER:
        return "CUSTOMER"
    return "STAFF" if case.row["vendor_code"] is None else "VENDOR"
