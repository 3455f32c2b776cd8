"""What a hospital bills to the insurer, and the part of it that is the client's own."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from gateway.validation.facts.authorizations import Item

if TYPE_CHECKING:
    from gateway.validation.rule import Rule


@dataclass(frozen=True, slots=True)
class DirectClaim:
    """A visit that a hospital bills to the insurer, as it is opened, and as the client signs it."""

    liability: str
    amount: Decimal
    items: tuple[Item, ...] = ()  # what was done, the stay itself included
    vaccines: tuple[tuple[str, bool | None, bool | None], ...] = ()  # name, approved by the state, experimental
    card_status: str = "ACTIVE"
    is_own_card: bool = True  # the number shown is that of the insured's card
    shown_id_type: str | None = None
    applied_id_type: str | None = None
    papers: frozenset[str] = frozenset()
    booking_status: str | None = None  # of the booking that was named
    booked_on: dt.date | None = None
    authorization: str | None = None  # GRANTED before treatment, or EMERGENCY: decided afterwards
    signatures: frozenset[str] = frozenset()
    confirmations: frozenset[str] = frozenset()
    lists: "tuple[Rule, ...]" = ()  # by which treatments need authorization


@dataclass(frozen=True, slots=True)
class Bill:
    """The client's own part of a visit, as it is issued, paid, or reminded of."""

    visit_type: str
    is_paid_online: bool = False
    plan: str | None = None
    full_cover_visits: int = 0  # outpatient visits of the policy term that were reimbursed in full
    reminders: int = 0  # delivered ones
    reminded_on: dt.date | None = None  # the last of them
    is_reminder_delivered: bool = False  # the one that is recorded now
