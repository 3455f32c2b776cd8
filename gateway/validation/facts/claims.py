"""What somebody has paid for and claims back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ClaimedVisit:
    """A visit that somebody has paid for and claims back."""

    hospital: str
    ownership: str
    visited_on: dt.date
    amount: Decimal
    department_class: str | None = None
    is_invoice_marked: bool = False
    is_billed_directly: bool = False  # the hospital has a live direct claim for this person and day
    is_internet_hospital: bool | None = None  # None: neither of the network nor known to be licensed


@dataclass(frozen=True, slots=True)
class Copy:
    """A picture or scan of a paper, as its bytes tell; None: they do not."""

    kind: str
    has_color: bool | None = None
    shorter_side: int | None = None  # of a picture, in pixels
    dots_per_inch: int | None = None  # of a page that was scanned


@dataclass(frozen=True, slots=True)
class Reimbursement:
    """A claim after the visit, as it is filed, or as it stands when papers are added."""

    kind: str
    channel: str  # by which it comes; originals go by mail
    visits: tuple[ClaimedVisit, ...] = ()
    day_sums: Mapping[dt.date, Decimal] = field(
        default_factory=dict[dt.date, Decimal]
    )  # all that the insured claims for visits of a day, other live claims included
    papers: frozenset[str] = frozenset()  # kinds that were handed in
    copies: tuple[Copy, ...] = ()  # what is handed in now
    age: int | None = None  # of the insured on the day of the request
    is_emergency: bool = False
    is_follow_up: bool | None = None
    has_surgery: bool = False
    is_third_party_settled: bool = False
    is_self_ordered_test: bool = False
    missing_account: tuple[str, ...] = ()  # fields of the account that were left empty
    taken_invoices: tuple[str, ...] = ()  # that a live claim has already
    is_recorded: bool = False  # staff write down what came by telephone or mail
    is_filed: bool = False  # it has been filed: papers are added to it
    is_preauth_missing: bool = False

    @property
    def amount(self) -> Decimal:
        return sum((visit.amount for visit in self.visits), Decimal(0))


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of originals, as whoever sent it tells."""

    is_prepaid: bool
    missing: tuple[str, ...] = ()  # of what must be told
