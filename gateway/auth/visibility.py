"""Which rows a viewer may see: one table, from which every reader takes its predicate.

A table that is not named here is public. `None` as an answer means every row; `false()` means none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    exists,
    false,
    literal_column,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import aliased
from sqlalchemy.sql import any_
from sqlalchemy.types import Text

from gateway.auth.people import of_people
from gateway.auth.viewer import Viewer, ViewerKind
from models.advances import Advance as AdvanceTable
from models.bills import Bill as BillTable
from models.bills import Repayment as RepaymentTable
from models.bookings import Booking as BookingTable
from models.cards import Card as CardTable
from models.claims import Appeal as AppealTable
from models.claims import Claim as ClaimTable
from models.claims import ClaimDecision as DecisionTable
from models.consents import Consent as ConsentTable
from models.entitlements import EntitlementAccount
from models.preauths import PreAuth as PreAuthTable
from models.rules import Rule as RuleTable

Predicate = ColumnElement[bool] | None
Rule = Callable[["Sight", Any], ColumnElement[bool]]
"""(sight, row) → what a vendor sees of a table."""

# columns of a SQLModel class are typed as their values
Booking: Any = BookingTable
PreAuth: Any = PreAuthTable
Claim: Any = ClaimTable
Advance: Any = AdvanceTable
Bill: Any = BillTable
Repayment: Any = RepaymentTable
Card: Any = CardTable
Appeal: Any = AppealTable
Decision: Any = DecisionTable
Consent: Any = ConsentTable
RulebookRow: Any = RuleTable


@dataclass(frozen=True, slots=True)
class Sight:
    """What a predicate may know of a viewer: the kind, and the rest as parameters."""

    kind: ViewerKind
    is_cut: bool  # a vendor's token that is cut to some products …, or a customer who has some people of a policy only
    bind: Callable[[Any, Callable[[Viewer], Any]], ColumnElement[Any]]


def sight_of(viewer: Viewer) -> Sight:
    """The sight of a viewer who is here already."""
    return Sight(viewer.kind, viewer.is_cut, lambda kind, read: bindparam(None, read(viewer), type_=kind))


def visible(sight: Sight, table: str, row: Any) -> Predicate:
    """The condition under which the viewer sees a row of the table; `row` is the table or an alias of it."""
    if table in STAFF_ONLY and sight.kind is not ViewerKind.STAFF:
        return false()
    rule = PRIVATE.get(table)
    if rule is None or sight.kind in (ViewerKind.STAFF, ViewerKind.SYSTEM):
        return None
    if sight.kind is ViewerKind.CUSTOMER:
        return _mine(sight, table, row)
    if sight.kind is ViewerKind.VENDOR:
        return rule(sight, row)
    return false()


def _mine(sight: Sight, table: str, row: Any) -> ColumnElement[bool]:
    """Rows of the policies that are open as a whole, and what concerns the people whom the access is bound to."""
    whole = row.policy_id == any_(sight.bind(ARRAY(UUID(as_uuid=True)), _policies))
    narrow = of_people(sight, table, row) if sight.is_cut else None
    return whole if narrow is None else or_(whole, narrow)


def _policies(viewer: Viewer) -> list[Any]:
    return list(viewer.policies)


def _vendor(viewer: Viewer) -> str | None:
    return viewer.vendor


def _products(viewer: Viewer) -> list[str] | None:
    return None if viewer.products is None else list(viewer.products)


def _services(viewer: Viewer) -> list[str] | None:
    return None if viewer.services is None else list(viewer.services)


def _hospitals(viewer: Viewer) -> list[str] | None:
    return None if viewer.hospitals is None else list(viewer.hospitals)


def _vendor_booking(sight: Sight, row: Any) -> ColumnElement[bool]:
    """A vendor sees the bookings that are routed to it, of the products, services and hospitals its token is cut to."""
    return _own(sight, row, row.product_code, row.service, row.hospital_code)


def _vendor_case(sight: Sight, row: Any) -> ColumnElement[bool]:
    """Pre-authorizations, claims and bills that a vendor handles. They are of no service, so that a token that is cut
    to services does not reach them."""
    return _own(sight, row, row.product_code, null(), row.hospital_code)


def _vendor_advance(sight: Sight, row: Any) -> ColumnElement[bool]:
    return _own(sight, row, row.product_code, literal_column("'ADVANCE_PAYMENT'", Text), row.hospital_code)


def _vendor_repayment(sight: Sight, row: Any) -> ColumnElement[bool]:
    """What is owed to the vendor itself; no cut token reaches it."""
    return _own(sight, row, null(), null(), null())


def _own(sight: Sight, row: Any, product: Any, service: Any, hospital: Any) -> ColumnElement[bool]:
    own = row.vendor_code == sight.bind(Text, _vendor)  # without a vendor this equals NULL, which holds nowhere
    if not sight.is_cut:
        return own
    cuts = ((product, _products), (service, _services), (hospital, _hospitals))
    return and_(own, *(_within(column, sight.bind(ARRAY(Text), read)) for column, read in cuts))


def _within(column: ColumnElement[str], allowed: ColumnElement[Any]) -> ColumnElement[bool]:
    """NULL cuts nothing. A booking without a hospital is not one of a hospital's own."""
    return or_(allowed.is_(None), column == any_(allowed))


def _of(parent: Any, column: str, rule: Rule) -> Rule:
    """What belongs to a row of another table is seen with it."""

    def seen(sight: Sight, row: Any) -> ColumnElement[bool]:
        own = parent.policy_id == row.policy_id, parent.id == getattr(row, column)
        return exists(select(parent.id).where(*own, rule(sight, parent)))

    return seen


CASES: tuple[tuple[Any, Rule], ...] = (
    (Booking, _vendor_booking),
    (PreAuth, _vendor_case),
    (Claim, _vendor_case),
    (Advance, _vendor_advance),
    (Bill, _vendor_case),
)
"""What a vendor may handle of a policy."""


def _of_any_case(sight: Sight, row: Any) -> ColumnElement[bool]:
    return _has_case(sight, row, CASES, id="subject_id")


def _shared_paper(sight: Sight, row: Any) -> ColumnElement[bool]:
    """Papers of what a vendor serves and reviews, and those that it has brought itself."""
    shared = [(case, _agreed(rule)) for case, rule in CASES[:4]]
    return or_(row.reserved_by == sight.bind(Text, _principal), _has_case(sight, row, shared, id="subject_id"))


def _agreed(rule: Rule) -> Rule:
    """Where the handbook asks the client first: once the client has agreed to this vendor, and as long as it stands."""

    def seen(sight: Sight, case: Any) -> ColumnElement[bool]:
        asking: Any = aliased(RulebookRow)
        consent: Any = aliased(Consent)
        is_asked = exists(
            select(asking.code).where(asking.product_code == case.product_code, any_(asking.checks) == "consent_given")
        )
        is_given = exists(
            select(consent.id).where(
                consent.policy_id == case.policy_id,
                consent.insured_id == case.insured_id,
                _consent_to_vendor(sight, consent),
                consent.withdrawn_at.is_(None),
            )
        )
        return and_(rule(sight, case), or_(not_(is_asked), is_given))

    return seen


def _consent_to_vendor(sight: Sight, row: Any) -> ColumnElement[bool]:
    return and_(row.kind == "VENDOR_SHARING", row.recipient == sight.bind(Text, _vendor))


def _principal(viewer: Viewer) -> str:
    return viewer.principal


def _served_policy(sight: Sight, row: Any) -> ColumnElement[bool]:
    """A vendor sees a policy once it has a case of it, not before."""
    return _has_case(sight, row, CASES)


def _served_person(sight: Sight, row: Any) -> ColumnElement[bool]:
    return _has_case(sight, row, CASES, insured_id="id")


def _served_insured(sight: Sight, row: Any) -> ColumnElement[bool]:
    return _has_case(sight, row, CASES, insured_id="insured_id")


def _has_case(sight: Sight, row: Any, cases: Sequence[tuple[Any, Rule]], **match: str) -> ColumnElement[bool]:
    """Whether any case of the row's policy is seen: `case column = own column` for every pair.

    It is one EXISTS over a UNION, which PostgreSQL answers row by row from the indexes. Of several EXISTS in an OR it
    would rather collect all that a large vendor has before it looks at a single row.
    """
    found = (
        select(case.id).where(
            case.policy_id == row.policy_id,
            *(getattr(case, name) == getattr(row, own) for name, own in match.items()),
            rule(sight, case),
        )
        for case, rule in cases
    )
    return exists(union_all(*found))


def _shown_card(sight: Sight, row: Any) -> ColumnElement[bool]:
    """A vendor sees the card that was shown for a claim that it handles."""
    return exists(
        select(Claim.id).where(Claim.policy_id == row.policy_id, Claim.card_id == row.id, _vendor_case(sight, Claim))
    )


def _served_entitlement(sight: Sight, row: Any) -> ColumnElement[bool]:
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id,
            Booking.insured_id == row.insured_id,
            Booking.service == row.service,
            _vendor_booking(sight, Booking),
        )
    )


def _served_entry(sight: Sight, row: Any) -> ColumnElement[bool]:
    account: Any = EntitlementAccount
    return exists(
        select(account.id).where(
            account.policy_id == row.policy_id, account.id == row.account_id, _served_entitlement(sight, account)
        )
    )


def _nothing(sight: Sight, row: Any) -> ColumnElement[bool]:
    return false()


_of_booking = _of(Booking, "booking_id", _vendor_booking)
_of_preauth = _of(PreAuth, "preauth_id", _vendor_case)
_of_claim = _of(Claim, "claim_id", _vendor_case)
_of_advance = _of(Advance, "advance_id", _vendor_advance)
_of_bill = _of(Bill, "bill_id", _vendor_case)
_of_card = _of(Card, "card_id", _shown_card)

PRIVATE: Mapping[str, Rule] = {
    "policies": _served_policy,
    "policy_riders": _served_policy,
    "policy_members": _served_person,
    "coverages": _served_insured,
    "entitlement_accounts": _served_entitlement,
    "entitlement_entries": _served_entry,
    "bookings": _vendor_booking,
    "escort_details": _of_booking,
    "booking_events": _of_booking,
    "consultation_details": _of_booking,
    "consultation_messages": _of_booking,
    "drug_question_details": _of_booking,
    "checkup_plans": _of_booking,
    "messages": _nothing,
    "complaints": _nothing,
    "booking_ratings": _of_booking,
    "booking_deductions": _of_booking,
    "preauths": _vendor_case,
    "preauth_items": _of_preauth,
    "preauth_inquiries": _of_preauth,
    "preauth_events": _of_preauth,
    "guarantee_letters": _of_preauth,
    "guarantee_letter_events": _nothing,
    "guarantee_draws": _nothing,
    "emergency_notices": _of_preauth,
    "claims": _vendor_case,
    "claim_visits": _of_claim,
    "claim_invoices": _of_claim,
    "claim_lines": _of_claim,
    "claim_documents": _of_claim,
    "claim_signatures": _of_claim,
    "claim_shipments": _of_claim,
    "claim_supplements": _of_claim,
    "claim_decisions": _of_claim,
    "claim_decision_lines": _of(Decision, "decision_id", _of_claim),
    "claim_payments": _of_claim,
    "claim_events": _of_claim,
    "appeals": _of_claim,
    "appeal_events": _of(Appeal, "appeal_id", _of_claim),
    "advances": _vendor_advance,
    "advance_payments": _of_advance,
    "advance_reviews": _of_advance,
    "advance_events": _of_advance,
    "bills": _vendor_case,
    "bill_payments": _of_bill,
    "bill_reminders": _of_bill,
    "bill_waivers": _of_bill,
    "bill_events": _of_bill,
    "repayments": _vendor_repayment,
    "repayment_entries": _of(Repayment, "repayment_id", _vendor_repayment),
    "cards": _shown_card,
    "card_suspensions": _of_card,
    "card_bindings": _nothing,
    "card_codes": _nothing,
    "card_events": _nothing,
    "sla_clocks": _of_any_case,
    "documents": _shared_paper,
    "consents": _consent_to_vendor,
    "policy_grants": _nothing,
    "expert_call_details": _of_booking,
    "call_attempts": _of_booking,
    "outpatient_green_channel_details": _of_booking,
    "inpatient_green_channel_details": _of_booking,
    "green_channel_contacts": _of_booking,
    "second_opinion_details": _of_booking,
    "second_opinion_stages": _of_booking,
    "second_opinion_hospitals": _of_booking,
    # visits that are billed directly, and tests at home
    "hospital_visit_details": _of_booking,
    "visit_strikes": _of_booking,
    "visit_restrictions": _nothing,
    "brand_locks": _nothing,
    "brand_transfer_requests": _nothing,
    "respiratory_test_details": _of_booking,
    "report_shares": _of_booking,
    # listed drugs
    "drug_order_details": _of_booking,
    "drug_damages": _of_booking,
}
"""Private table → what a vendor sees of it. Customers see their policies' rows, staff all, everybody else none."""

STAFF_ONLY = frozenset({"vendor_tokens"})
"""Tables of the gateway's own affairs, whose rows belong to no policy or tell who is on one."""
