"""What rules look at: frozen, complete before the first rule runs, with nothing in it that could be asked for more."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Every civil date and clock time of the handbooks (GEN-01)."""


def civil_day(instant: dt.datetime) -> dt.date:
    return instant.astimezone(SHANGHAI).date()


def start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, SHANGHAI)


@dataclass(frozen=True, slots=True)
class Cover:
    """The policy year of the insured: `starts_at` counts, `ends_on` is the last covered day."""

    starts_at: dt.datetime
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True, slots=True)
class Account:
    """Counters of the entitlement, before this request. `granted` None is unlimited."""

    granted: int | None
    held: int
    used: int
    cancellations: int
    usable_from: dt.date | None


@dataclass(frozen=True, slots=True)
class Hospital:
    code: str
    name: str
    city: str
    province: str
    level: int | None
    ownership: str
    is_city_served: bool


@dataclass(frozen=True, slots=True)
class Patient:
    name: str
    gender: str | None
    birth_on: dt.date | None
    is_insured: bool
    conditions: frozenset[str] = frozenset()
    companion: str | None = None  # RELATIVE, FAMILY_MEMBER or OTHER


@dataclass(frozen=True, slots=True)
class Visit:
    at: dt.datetime
    minutes: int

    @property
    def on(self) -> dt.date:
        return civil_day(self.at)

    @property
    def ends_at(self) -> dt.datetime:
        return self.at + dt.timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Step:
    """A command on a case in some state; `leads_to` is empty where the lifecycle has no such edge for the role."""

    status: str
    command: str
    leads_to: frozenset[str]


@dataclass(frozen=True, slots=True)
class Paper:
    kind: str
    issued_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rules of one operation may need; what an operation has no use for stays None."""

    operation: str
    now: dt.datetime
    product: str
    service: str
    is_service_in_product: bool = True
    cover: Cover | None = None
    account: Account | None = None
    hospital: Hospital | None = None
    patient: Patient | None = None
    visit: Visit | None = None  # as asked for
    booked: Visit | None = None  # as it stood before, where the case exists
    step: Step | None = None
    form: Mapping[str, object] = field(
        default_factory=dict[str, object]
    )  # input field → value, for rules about what is filled in
    paths: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )  # input field → its path in the request
    acknowledged: frozenset[str] = frozenset()
    papers: tuple[Paper, ...] = ()
    needs_outside_transport: bool = False
    is_policy_number_known: bool = True
    is_confirmed: bool = False  # the client has confirmed this booking at some time
    is_confirming_client: bool = False  # the client, or someone who recorded the client's word, confirms now
    accepts_deduction: bool = False
    is_changed_by_client_on_visit_day: bool = False
    is_cost_incurred: bool = False
    consents: frozenset[str] | None = None  # kinds that stand for those whom this is about; None: not looked up
    is_shared_now: bool = False  # the operation itself gives data away, rather than preparing it
    vendor: str | None = None  # vendor of the case
    acting_vendor: str | None = None  # vendor that sends the command, if one does
    client_is_late: bool = False
    client_expected_at: dt.datetime | None = None
