"""Which rows a viewer may see: one table, from which every reader and the database itself take their predicate.

Every table of the models is named here: as a part of the public catalogue, or as private with what a vendor sees of
it. `None` as an answer means every row; `false()` means none.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.sql import any_

from gateway.auth.catalogue import CATALOGUE
from gateway.auth.sight import HOSPITALS, POLICIES, POLICY, PRINCIPAL, PRODUCTS, SERVICES, VENDOR, Sight, sight_of
from gateway.auth.viewer import ViewerKind
from models import advances, bills, claims, preauths
from models.bookings import Booking as BookingTable
from models.entitlements import EntitlementAccount
from models.expert_calls import Expert

__all__ = [
    "CATALOGUE",
    "PRIVATE",
    "STAFF_ONLY",
    "Follows",
    "Predicate",
    "Rule",
    "Sight",
    "is_private",
    "rule_of",
    "sight_of",
    "told",
    "visible",
    "within",
]

Predicate = ColumnElement[bool] | None
Rule = Callable[[Sight, Any], ColumnElement[bool]]
Booking: Any = BookingTable  # columns of a SQLModel class are typed as their values


def visible(sight: Sight, table: str, row: Any) -> Predicate:
    """The condition under which the viewer sees a row of the table; `row` is the table or an alias of it."""
    if table in CATALOGUE:
        return None
    rule = rule_of(sight.kind, table)
    return None if rule is None else rule(sight, row)


def told(rule: Rule | None) -> str:
    """A rule in words."""
    if isinstance(rule, Follows):
        return f"with its row of `{rule.parent.__tablename__}`"
    return "all" if rule is None else rule.__doc__ or ""


def is_private(sql: str) -> bool:
    """Whether a statement speaks of a private table. It never misses one: tables stand in it by their names."""
    return _PRIVATE_NAMES.search(sql) is not None


def rule_of(kind: ViewerKind, table: str) -> Rule | None:
    """What the kind of viewer sees of a private table; none for every row."""
    if table in OF_EACH_ALIKE and kind not in (ViewerKind.SYSTEM, ViewerKind.ANONYMOUS):
        return OF_EACH_ALIKE[table]
    match kind:
        case ViewerKind.STAFF | ViewerKind.SYSTEM:
            return None
        case ViewerKind.CUSTOMER if table not in STAFF_ONLY:
            return OF_CUSTOMERS.get(table, _mine)
        case ViewerKind.VENDOR if table not in STAFF_ONLY:
            return PRIVATE.get(table, _nothing)
        case _:
            return _nothing


def _nothing(sight: Sight, row: Any) -> ColumnElement[bool]:
    """none"""
    return false()


# Customers


def _mine(sight: Sight, row: Any) -> ColumnElement[bool]:
    """of their policies"""
    if sight.has_one_policy:
        return row.policy_id == sight.bind(POLICY.kind, POLICY)
    return row.policy_id == any_(sight.bind(POLICIES.kind, POLICIES))


def _free_or_mine(sight: Sight, row: Any) -> ColumnElement[bool]:
    """free ones, and those of their policies"""
    return or_(row.policy_id.is_(None), _mine(sight, row))


def _own(sight: Sight, row: Any) -> ColumnElement[bool]:
    """their own"""
    return row.principal == sight.bind(PRINCIPAL.kind, PRINCIPAL)


# Vendors


def _routed(sight: Sight, row: Any) -> ColumnElement[bool]:
    """routed to it, of the products, services and hospitals that its token is cut to"""
    own = row.vendor_code == sight.bind(VENDOR.kind, VENDOR)  # without a vendor this equals NULL, which holds nowhere
    if not sight.is_cut:
        return own
    cuts = {"product_code": PRODUCTS, "service": SERVICES, "hospital_code": HOSPITALS}
    return and_(
        own,
        *(
            within(getattr(row, name), sight.bind(cut.kind, cut))
            for name, cut in cuts.items()
            if getattr(row, name, None) is not None
        ),
    )


def within(column: ColumnElement[str], allowed: ColumnElement[Any]) -> ColumnElement[bool]:
    """NULL cuts nothing. A booking without a hospital is not one of a hospital's own."""
    return or_(allowed.is_(None), column == any_(allowed))


@dataclass(frozen=True, slots=True)
class Follows:
    """A row is seen with the one that it belongs to."""

    parent: Any
    column: str

    def __call__(self, sight: Sight, row: Any) -> ColumnElement[bool]:
        seen = PRIVATE[self.parent.__tablename__](sight, self.parent)
        return exists(select(self.parent.id).where(*self.same(row), seen))

    def same(self, row: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Where the parent of a row is."""
        return self.parent.policy_id == row.policy_id, self.parent.id == getattr(row, self.column)


def _served_policy(sight: Sight, row: Any) -> ColumnElement[bool]:
    """of a policy that it has a booking of, not before"""
    return exists(select(Booking.id).where(Booking.policy_id == row.policy_id, _routed(sight, Booking)))


def _served_person(sight: Sight, row: Any) -> ColumnElement[bool]:
    """the insured of its bookings"""
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id, Booking.insured_id == row.id, _routed(sight, Booking)
        )
    )


def _served_entitlement(sight: Sight, row: Any) -> ColumnElement[bool]:
    """of the insured and the service of its bookings"""
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id,
            Booking.insured_id == row.insured_id,
            Booking.service == row.service,
            _routed(sight, Booking),
        )
    )


def _served_expert(sight: Sight, row: Any) -> ColumnElement[bool]:
    """of its experts"""
    expert: Any = Expert
    return exists(
        select(expert.code).where(expert.code == row.expert_code, expert.vendor_code == sight.bind(VENDOR.kind, VENDOR))
    )


_with_booking = Follows(BookingTable, "booking_id")
_about_booking = Follows(BookingTable, "subject_id")
_with_account = Follows(EntitlementAccount, "account_id")
_with_preauth = Follows(preauths.PreAuth, "preauth_id")
_with_letter = Follows(preauths.GuaranteeLetter, "letter_id")
_with_advance = Follows(advances.Advance, "advance_id")
_with_claim = Follows(claims.Claim, "claim_id")
_with_decision = Follows(claims.ClaimDecision, "decision_id")
_with_bill = Follows(bills.Bill, "bill_id")
_with_repayment = Follows(bills.Repayment, "repayment_id")

PRIVATE: Mapping[str, Rule] = {
    "policies": _served_policy,
    "policy_riders": _served_policy,
    "policy_members": _served_person,
    "policy_grants": _nothing,
    "coverages": _nothing,
    "entitlement_accounts": _served_entitlement,
    "entitlement_entries": _with_account,
    "entitlement_holds": _with_account,
    "bookings": _routed,
    "booking_events": _with_booking,
    "booking_ratings": _with_booking,
    "booking_deductions": _with_booking,
    "escort_details": _with_booking,
    "escort_days": _routed,
    "escort_slots": _routed,
    "expert_call_details": _with_booking,
    "expert_slots": _served_expert,
    "call_attempts": _with_booking,
    "consultation_details": _with_booking,
    "consultation_messages": _with_booking,
    "drug_damages": _with_booking,
    "drug_order_details": _with_booking,
    "drug_question_details": _with_booking,
    "green_channel_contacts": _with_booking,
    "hospital_visit_details": _with_booking,
    "inpatient_green_channel_details": _with_booking,
    "outpatient_green_channel_details": _with_booking,
    "respiratory_test_details": _with_booking,
    "report_shares": _with_booking,
    "second_opinion_details": _with_booking,
    "second_opinion_hospitals": _with_booking,
    "second_opinion_stages": _with_booking,
    "checkup_plans": _with_booking,
    "growth_assessments": _with_booking,
    "visit_strikes": _with_booking,
    "visit_restrictions": _nothing,
    "vaccination_reminders": _nothing,
    "brand_locks": _nothing,
    "brand_transfer_requests": _nothing,
    "health_records": _nothing,
    "health_record_entries": _nothing,
    "preauths": _routed,
    "preauth_events": _with_preauth,
    "preauth_inquiries": _with_preauth,
    "preauth_items": _with_preauth,
    "emergency_notices": _with_preauth,
    "guarantee_letters": _with_preauth,
    "guarantee_letter_events": _with_letter,
    "guarantee_draws": _with_letter,
    "advances": _routed,
    "advance_events": _with_advance,
    "advance_payments": _with_advance,
    "advance_reviews": _with_advance,
    "claims": _routed,
    "claim_events": _with_claim,
    "claim_visits": _with_claim,
    "claim_lines": _with_claim,
    "claim_invoices": _with_claim,
    "claim_documents": _with_claim,
    "claim_supplements": _with_claim,
    "claim_shipments": _with_claim,
    "claim_signatures": _with_claim,
    "claim_decisions": _with_claim,
    "claim_decision_lines": _with_decision,
    "claim_payments": _with_claim,
    "appeals": _nothing,
    "appeal_events": _nothing,
    "bills": _routed,
    "bill_events": _with_bill,
    "bill_payments": _with_bill,
    "bill_reminders": _with_bill,
    "repayments": _routed,
    "repayment_entries": _with_repayment,
    "cards": _nothing,
    "card_events": _nothing,
    "card_bindings": _nothing,
    "card_codes": _nothing,
    "card_suspensions": _nothing,
    "consents": _nothing,
    "disclosure_acknowledgements": _about_booking,
    "complaints": _nothing,
    "messages": _nothing,
    "documents": _nothing,
    "sla_clocks": _about_booking,
    "outbox_messages": _about_booking,
    "idempotency_keys": _own,
    "audit_entries": _nothing,
    "vendor_tokens": _nothing,
}
"""Private table → what a vendor sees of it. Customers see their policies' rows, staff all, everybody else none."""

_PRIVATE_NAMES = re.compile(rf"\b(?:{'|'.join(PRIVATE)})\b")

OF_CUSTOMERS: Mapping[str, Rule] = {"escort_days": _nothing, "expert_slots": _free_or_mine}
"""Where customers see other rows than those of their policies."""

OF_EACH_ALIKE: Mapping[str, Rule] = {"idempotency_keys": _own}
"""Where everybody, staff too, sees what is their own."""

STAFF_ONLY = frozenset({"vendor_tokens", "policy_grants", "audit_entries"})
"""Tables of the gateway's own affairs, whose rows belong to no policy or tell who is on one."""
