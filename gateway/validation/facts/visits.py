"""Visits that the insurer settles with the hospital, tests at home, and visits of a child by a green channel."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Membership:
    """A hospital's place in the network of a plan; `valid_to` is the first day on which it no longer holds."""

    liability: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Billing:
    """What decides whether a visit may be booked and billed directly."""

    visit_type: str
    liability: str
    department_class: str | None = None
    doctor: str | None = None
    is_popular: bool | None = None  # None: no list has been loaded
    is_direct_billing: bool = False  # the hospital's mark
    brand: str | None = None
    memberships: tuple[Membership, ...] = ()  # of the hospital, in the networks of the policy's plan
    lists: frozenset[str] = frozenset()  # liabilities whose network list is loaded for the plan
    riders: frozenset[str] = frozenset()
    restrictions: frozenset[str] = frozenset()  # live ones of the insured that concern this hospital
    locked_brand: str | None = None
    is_card_greyed: bool = False


@dataclass(frozen=True, slots=True)
class HomeTest:
    """An order of a test at home."""

    city: str
    province: str
    is_city_served: bool
    id_type: str
    named_city: str | None = None  # the city that the address itself names, if it names one
    is_address_recognized: bool | None = None  # None: the vendor has not said
    ordered_on: dt.date | None = None
    uses_in_month: int = 0  # live and served ones of that calendar month


@dataclass(frozen=True, slots=True)
class Transfer:
    """From the brand that a series is bound to, to the one that the insurer names."""

    brand: str
    closed_on: dt.date | None
    is_approving: bool = False
    designated: str | None = None
    designated_closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child is to be taken: what the vendor's list says of the hospital, and the department asked for."""

    is_list_loaded: bool
    is_listed: bool
    department: str | None
