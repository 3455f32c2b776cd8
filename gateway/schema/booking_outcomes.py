"""What mutations that are about a booking answer with, and who may send which."""

from typing import Any

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.schema.bookings import Booking
from gateway.schema.mutations import of_subject
from gateway.schema.verdicts import Outcome

VENDORS = (ViewerKind.VENDOR,)
VENDORS_AND_STAFF = (ViewerKind.VENDOR, ViewerKind.STAFF)


@strawberry.interface(description=T("关于一次预约的变更的回答。", "Answer of a mutation that is about a booking."))
class BookingOutcome(Outcome):
    booking: Booking | None = of_subject(
        "Booking", T("预约；被拒绝时为 null。", "The booking; null when the request was refused."), "policy_id", "id"
    )


def payload(operation: str) -> Any:
    """The payload type of a booking mutation: `bookingAccept` → `BookingAcceptPayload`."""
    name = f"{operation[0].upper()}{operation[1:]}Payload"
    made = type(name, (BookingOutcome,), {"__module__": __name__})
    return strawberry.type(made, description=T(f"{operation} 的回答。", f"Answer of {operation}."))
