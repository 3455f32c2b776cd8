"""What somebody has to take a step in: bookings, messages, complaints and contacts of health managers, as one list. It
is no table of its own.

No handbook gives a message or a complaint a deadline, so they stand behind whatever has one. A contact that is due has
the time that was agreed with the client.
"""

from typing import Any

from sqlalchemy import Text, case, cast, false, literal_column, null, select, true, union_all
from sqlalchemy.orm import DeclarativeBase

from models.bookings import NO_DEADLINE, Booking
from models.consents import Complaint, Message
from models.health_records import ManagerContact

Case: Any = Booking
Left: Any = Message
Complained: Any = Complaint
Agreed: Any = ManagerContact
COLUMNS = (
    *("policy_id", "id", "product_code", "service", "vendor_code", "hospital_code", "insured_id", "machine", "state"),
    *("state_seq", "due_at", "waits_for_vendor", "waits_for_staff"),
)
NEVER = literal_column(f"timestamptz '{NO_DEADLINE.isoformat()}'", Case.due_at.type)
FIRST, SECOND = (literal_column(place, Case.state_seq.type) for place in "12")
"""Messages take no step before the last one; a complaint may be in review."""


def _part(kind: str, columns: dict[str, Any]) -> Any:
    """Columns that a table does not have are null in it, of the type that they have elsewhere."""
    known = {name: columns.get(name, cast(null(), getattr(Case, name).type)) for name in COLUMNS}
    return select(literal_column(f"'{kind}'", Text).label("kind"), *(item.label(name) for name, item in known.items()))


def _of_words(kind: str, table: Any, state_seq: Any) -> Any:
    """What clients have said: it waits for the insurer's people until it has its last answer."""
    own = {
        name: getattr(table, name) for name in ("policy_id", "id", "product_code", "service") if hasattr(table, name)
    }
    waiting = {"waits_for_vendor": false(), "waits_for_staff": table.answered_at.is_(None)}
    return _part(kind, {**own, **waiting, "state_seq": state_seq, "due_at": NEVER})


def _of_contacts() -> Any:
    """What a health manager has agreed upon with a policyholder, until there has been another contact."""
    names = ("policy_id", "id", "product_code", "vendor_code", "insured_id")
    own = {name: getattr(Agreed, name) for name in names}
    waiting = {"waits_for_vendor": true(), "waits_for_staff": false(), "state_seq": FIRST}
    service = literal_column("'HEALTH_MANAGER'", Text)
    part = _part("MANAGER_CONTACT", {**own, **waiting, "service": service, "due_at": Agreed.next_contact_at})
    return part.where(Agreed.next_contact_at.is_not(None), Agreed.followed_at.is_(None))


_WORK = union_all(
    _part("BOOKING", {name: getattr(Case, name) for name in COLUMNS}),
    _of_words("MESSAGE", Left, FIRST),
    _of_words("COMPLAINT", Complained, case((Complained.state == literal_column("'RECEIVED'"), FIRST), else_=SECOND)),
    _of_contacts(),
).subquery("work")


class _Read(DeclarativeBase):
    """What is read like a table and is none, so that no migration knows of it."""


class Work(_Read):
    """A piece of work that may wait."""

    __tablename__ = "work"
    __table__ = _WORK
    __mapper_args__ = {"primary_key": [_WORK.c.policy_id, _WORK.c.id]}  # noqa: RUF012
