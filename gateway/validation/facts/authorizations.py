"""Treatments that authorization is asked for, and letters of guarantee."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """One treatment that authorization is asked for. What nobody has stated is None."""

    category: str
    name: str
    unit_price: Decimal | None = None
    per_treatment: Decimal | None = None
    is_large_exam: bool = False
    is_rental: bool = False


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request for authorization, or an emergency that came before any."""

    treatment_on: dt.date | None = None
    items: tuple[Item, ...] = ()
    cumulative: Decimal | None = None  # expected in the policy term, the insured's other live requests included
    channel: str | None = None
    submitter: str | None = None  # INSURED or HOSPITAL
    is_billed_directly: bool | None = None  # None: the list of the network has not been loaded
    usable_from: dt.date | None = None  # first day after the waiting period; None: the policy states none
    is_excused: bool = False  # staff take it late, and say why
    emergency_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """What is to be taken from a letter of guarantee, and what is left of it on the day."""

    amount: Decimal
    remaining: Decimal
    starts_on: dt.date
    ends_on: dt.date
