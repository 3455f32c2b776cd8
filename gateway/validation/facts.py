"""What rules look at: frozen, complete before the first rule runs, with nothing in it that could be asked for more."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gateway.validation.orders import Applicant, Damage, DrugOrder, Fulfillment

if TYPE_CHECKING:
    from gateway.validation.calendar import WorkCalendar
    from gateway.validation.rule import Rule

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
    has_onsite_service: bool = False


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
    minutes: int = 0  # where the service does not ask how long it takes

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
class Doctor:
    """Who answers, as the vendor states it; what it has not stated is None."""

    title: str | None = None
    clinical_years: int | None = None
    employment: str | None = None
    is_licensed: bool | None = None
    is_of_top_hospital: bool | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a consultation that is over; `is_another` where the same consultation had one before."""

    minutes: int
    is_another: bool


@dataclass(frozen=True, slots=True)
class Paper:
    kind: str
    issued_on: dt.date | None
    media_type: str = ""


# Visits that the insurer settles with the hospital, and tests at home


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


# Pre-authorizations and cards


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


@dataclass(frozen=True, slots=True)
class Binding:
    """Somebody who wants a card, against what was given when the policy was applied for. None: not asked for."""

    sold_by: str  # channel of the policy
    effective_at: dt.datetime
    is_name_as_applied: bool
    is_phone_as_applied: bool | None = None
    is_code_right: bool | None = None
    is_paper_as_applied: bool | None = None  # kind and number of the identity paper
    is_person_as_applied: bool | None = None  # birthday and gender, where they are needed


# Green channels


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child is to be taken: what the vendor's list says of the hospital, and the department asked for."""

    is_list_loaded: bool
    is_listed: bool
    department: str | None


# Second opinions


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the step in hand brings to a second opinion."""

    stage: str
    brings: frozenset[str] = frozenset()  # input fields that are filled in
    recipient: str = ""  # the hospital abroad
    has_consent: bool = False  # of the insured, to that recipient
    proposed: int = 0  # hospitals
    is_among_proposed: bool = False
    not_applicable: frozenset[str] = frozenset()  # kinds of papers that the patient has none of
    needs_scan: bool = False


# Direct claims and bills


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


# Calls with an expert


@dataclass(frozen=True, slots=True)
class Expert:
    title: str
    hospital_rank: int | None  # None: no ranking has been loaded
    is_in_service: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of an expert's schedule."""

    is_free: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether an expert is on duty now, and has a free time left today; `next_at` is when the next duty begins."""

    is_now: bool
    has_room: bool
    next_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call to a client. `failed`: those of this caller that failed since one was answered, with this one."""

    caller: str
    mode: str  # SCHEDULED or DIRECT
    failed: int


# Hospital costs that are paid in advance


@dataclass(frozen=True, slots=True)
class Illness:
    """What a service for critical illnesses is asked for. `is_listed` None: the product's list has not been loaded."""

    name: str | None
    first_diagnosed_on: dt.date | None
    is_listed: bool | None = None


@dataclass(frozen=True, slots=True)
class Advancing:
    """A stay whose costs are paid in advance, and what the step in hand says of it. What nobody has stated is None."""

    cause: str
    admitted_on: dt.date
    cost_type: str
    circumstances: Mapping[str, str] = field(default_factory=dict[str, str])  # what speaks against it → its field
    can_hand_over_originals: bool = True
    settles_in_real_time: bool | None = None  # social insurance of another area
    is_billed_directly: bool | None = None  # None: the list of the network has not been loaded
    is_in_network: bool | None = None  # the vendor's, for advances; None: not loaded
    is_excused: bool = False  # staff or the vendor takes what a client could not send
    total: Decimal | None = None  # of the stay, with what this step adds
    agreed_limit: Decimal | None = None  # for one stay
    authorized_limit: Decimal | None = None
    paid: Decimal = Decimal(0)
    outcome: str | None = None  # of a review
    reason: str | None = None
    findings: Mapping[str, bool | None] = field(default_factory=dict[str, bool | None])
    approvals: Mapping[str, str] = field(default_factory=dict[str, str])  # stage → who approved the open payment
    reviewer: str = ""
    is_signed: bool = False
    is_confirmed: bool = False  # who the client is, and the illness
    is_force_majeure: bool = False
    has_doctor_contact: bool = False
    discharge_on: dt.date | None = None
    adjudicated: Decimal | None = None
    is_covered: bool = True


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
    booked_since: dt.datetime | None = None  # when it was made: what the calendar has promised since then holds
    step: Step | None = None
    form: Mapping[str, object] = field(
        default_factory=dict[str, object]
    )  # input field → value, for rules about what is filled in
    overrides: Mapping[str, uuid.UUID] = field(
        default_factory=dict[str, uuid.UUID]
    )  # rule → what the hotline gave to set it aside this time
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

    # consultations
    topic: str | None = None
    doctor: Doctor | None = None  # who answers; None where nobody answers in this step
    call: Call | None = None
    is_person_known: bool | None = None  # name and number of a paper are those of an insured; None: not asked for
    has_vendor_consent: bool = False  # the client lets the vendor have what the service needs
    # direct billing and tests at home
    calendar: "WorkCalendar | None" = None
    billing: Billing | None = None
    test: HomeTest | None = None
    transfer: Transfer | None = None
    is_by_client: bool = True  # not by the hotline or the vendor
    # cards and pre-authorizations
    authorization: Authorization | None = None
    draw: Draw | None = None
    binding: Binding | None = None
    opinion: Opinion | None = None
    place: Place | None = None  # of a green channel
    # direct claims and bills
    direct: DirectClaim | None = None
    bill: Bill | None = None
    # calls with an expert
    expert: Expert | None = None
    slot: Slot | None = None  # the time asked for; None: the expert's schedule has no such time
    duty: Duty | None = None
    attempt: Attempt | None = None
    # listed drugs
    applicant: Applicant | None = None
    order: DrugOrder | None = None
    fulfillment: Fulfillment | None = None
    damage: Damage | None = None
    ended_for: str | None = None  # the cause for which a service is broken off
    # advances
    illness: Illness | None = None
    advance: Advancing | None = None
    # claims
    claim: Reimbursement | None = None
    parcel: Parcel | None = None
    is_decided: bool | None = None  # whether the claim has a decision; None: not about one
    overpaid: Decimal | None = None  # what was paid beyond the decision that is being made
