"""What rules look at: frozen, complete before the first rule runs, with nothing in it that could be asked for more."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from gateway.validation.facts.advances import Advancing
from gateway.validation.facts.authorizations import Authorization, Draw
from gateway.validation.facts.calls import Attempt, Call, Doctor, Duty, Expert, Slot
from gateway.validation.facts.cards import Binding
from gateway.validation.facts.cases import Account, Cover, Hospital, Paper, Patient, Step, Visit
from gateway.validation.facts.claims import Parcel, Reimbursement
from gateway.validation.facts.direct_claims import Bill, DirectClaim
from gateway.validation.facts.drugs import Applicant, Damage, DrugOrder, Fulfillment
from gateway.validation.facts.illnesses import Illness, Opinion
from gateway.validation.facts.visits import Billing, HomeTest, Place, Transfer

if TYPE_CHECKING:
    from gateway.validation.calendar import WorkCalendar


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
