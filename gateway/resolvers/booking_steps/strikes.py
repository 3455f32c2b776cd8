"""What follows a visit that was missed or called off too late: a strike, and what people decide about it."""

from dataclasses import dataclass
from decimal import Decimal

from gateway.auth.viewer import ViewerKind
from gateway.faults import bad_input
from gateway.repositories import hospital_visits as rows
from gateway.repositories import writes
from gateway.resolvers import inputs
from gateway.resolvers.billing import MACHINE
from gateway.resolvers.bookings import Case
from models.base import new_id

HIGHEST_FEE = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What the hospital charges for a missed visit, and from what the client is shut out: people decide both."""

    fee: Decimal | None = None
    restriction: str | None = None  # HOSPITAL, BOOKING or DIRECT_BILLING


NO_CONSEQUENCES = Consequences()


def check_consequences(case: Case, decided: Consequences, *, cause: str, note: str | None) -> None:
    if decided == NO_CONSEQUENCES:
        return
    field = "fee" if decided.restriction is None else "restriction"
    if case.row["machine"] != MACHINE or cause != "CLIENT":
        raise bad_input("Only a visit that the client missed has this: leave the field out.", "input", field)
    if decided.fee is not None and not 0 <= decided.fee <= HIGHEST_FEE:
        raise bad_input(f"Expected an amount from 0 to {HIGHEST_FEE}.", "input", "fee")
    if decided.restriction is not None:
        inputs.required(inputs.text(note, "input", "note"), "input", "note")
    if decided.restriction in ("BOOKING", "DIRECT_BILLING") and case.context.viewer.kind is not ViewerKind.STAFF:
        raise bad_input("A hospital decides about itself alone; the rest is the insurer's.", "input", "restriction")


async def strike(case: Case, kind: str, fee: Decimal | None = None) -> None:
    """One for a booking. The fee, where one is known, is the client's own."""
    await writes.insert(
        case.transaction.writes,
        "visit_strikes",
        {
            "policy_id": case.policy_id,
            "id": new_id(),
            "insured_id": case.row["insured_id"],
            "booking_id": case.booking_id,
            "hospital_code": case.row["hospital_code"],
            "kind": kind,
            "fee": fee,
            "recorded_by": case.context.viewer.principal,
            "at": case.context.now,
        },
    )


async def shut_out(case: Case, decided: Consequences, note: str | None) -> None:
    if decided.restriction is None:
        return
    await rows.restrict(
        case.transaction.connection,
        policy_id=case.policy_id,
        insured_id=case.row["insured_id"],
        kind=decided.restriction,
        hospital=case.row["hospital_code"] if decided.restriction == "HOSPITAL" else None,
        reason=note or "",
        by=case.context.viewer.principal,
        now=case.context.now,
    )
