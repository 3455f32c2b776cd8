"""Which rows a viewer may see: one table, from which every reader and the database itself take their predicate.

Every table of the models is named in `CATALOGUE` or `OF_THE_GATEWAY`, or here, as private with what a vendor sees of
it. `None` as an answer means every row; `false()` means none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.sql import any_

from gateway.auth import vendors
from gateway.auth.catalogue import CATALOGUE, OF_THE_GATEWAY
from gateway.auth.people import of_people
from gateway.auth.sight import POLICIES, PRINCIPAL, Sight
from gateway.auth.vendors import Follows, Rule, of
from gateway.auth.viewer import ViewerKind
from models.appeals import Appeal
from models.bills import Repayment
from models.cards import Card
from models.claim_decisions import ClaimDecision
from models.documents import Document
from models.entitlements import EntitlementAccount

Predicate = ColumnElement[bool] | None


def visible(sight: Sight, table: str, row: Any, policy: Any = None) -> Predicate:
    """The condition under which the viewer sees a row of the table; `row` is the table or an alias of it.

    `policy` is where the key of its policy stands besides, in a row that it is joined to by it. Asked there, the
    question is settled once for all rows, and no index on the policy alone is taken for one that leads further.
    """
    if table in CATALOGUE:
        return None
    rule = rule_of(sight.kind, table)
    if policy is not None and isinstance(rule, Mine) and not sight.is_cut:
        return _of_policies(sight, policy)
    return None if rule is None else rule(sight, row)


def rule_of(kind: ViewerKind, table: str) -> Rule | None:
    """What the kind of viewer sees of a table that is not public; none for every row."""
    if kind is ViewerKind.ANONYMOUS or table in OF_THE_GATEWAY:
        return nothing
    if table in OF_EACH_ALIKE and kind is not ViewerKind.SYSTEM:
        return OF_EACH_ALIKE[table]
    if kind in (ViewerKind.STAFF, ViewerKind.SYSTEM):
        return None
    if table in STAFF_ONLY:
        return nothing
    if kind is ViewerKind.VENDOR:
        return PRIVATE.get(table) or OF_SELECTS.get(table, nothing)
    return OF_CUSTOMERS.get(table, Mine(table))


def told(rule: Rule | None) -> str:
    """A rule in words."""
    if isinstance(rule, Follows):
        return "with its row of " + " or ".join(f"`{parent.__tablename__}`" for parent, _ in rule.parents)
    return "all" if rule is None else rule.__doc__ or ""


@lru_cache(maxsize=10_000)
def is_private(sql: str) -> bool:
    """Whether a statement speaks of a private table. It never misses one: tables stand in it by their names."""
    return _PRIVATE_NAMES.search(sql) is not None


def nothing(sight: Sight, row: Any) -> ColumnElement[bool]:
    """none"""
    return false()


def own(sight: Sight, row: Any) -> ColumnElement[bool]:
    """their own"""
    return row.principal == sight.bind(PRINCIPAL)


def own_doing(sight: Sight, row: Any) -> ColumnElement[bool]:
    """their own"""
    return row.actor == sight.bind(PRINCIPAL)


# Customers


@dataclass(frozen=True, slots=True)
class Mine:
    """of their policies, or of the people of a policy whom their access is bound to"""

    table: str

    def __call__(self, sight: Sight, row: Any) -> ColumnElement[bool]:
        whole = _of_policies(sight, row.policy_id)
        narrow = of_people(sight, self.table, row) if sight.is_cut else None
        return whole if narrow is None else or_(whole, narrow)


def _of_policies(sight: Sight, policy: Any) -> ColumnElement[bool]:
    return policy == any_(sight.bind(POLICIES))


_with_booking = of(vendors.Booking, "booking_id", vendors.booking)
_with_preauth = of(vendors.PreAuth, "preauth_id", vendors.case)
_with_claim = of(vendors.Claim, "claim_id", vendors.case)
_with_advance = of(vendors.Advance, "advance_id", vendors.advance)
_with_bill = of(vendors.Bill, "bill_id", vendors.case)
_with_account = of(EntitlementAccount, "account_id", vendors.served_entitlement)
_with_card = of(Card, "card_id", vendors.shown_card)

PRIVATE: Mapping[str, Rule] = {
    # policies and what is left of them
    "policies": vendors.served_policy,
    "policy_riders": vendors.served_policy,
    "policy_members": vendors.served_person,
    "policy_grants": nothing,
    "coverages": vendors.served_insured,
    "entitlement_accounts": vendors.served_entitlement,
    "entitlement_entries": _with_account,
    "entitlement_holds": _with_account,
    # bookings
    "bookings": vendors.booking,
    "booking_events": _with_booking,
    "booking_ratings": _with_booking,
    "booking_deductions": _with_booking,
    "escort_details": _with_booking,
    "hotline_overrides": _with_booking,
    "escort_days": vendors.routed,
    "escort_slots": vendors.routed,
    "consultation_details": _with_booking,
    "consultation_messages": _with_booking,
    "drug_question_details": _with_booking,
    "checkup_plans": _with_booking,
    "hospital_visit_details": _with_booking,
    "visit_strikes": _with_booking,
    "visit_restrictions": nothing,
    "brand_locks": nothing,
    "brand_transfer_requests": nothing,
    "respiratory_test_details": _with_booking,
    "report_shares": _with_booking,
    "expert_call_details": _with_booking,
    "call_attempts": _with_booking,
    "drug_damages": _with_booking,
    "drug_order_details": _with_booking,
    "green_channel_contacts": _with_booking,
    "inpatient_green_channel_details": _with_booking,
    "outpatient_green_channel_details": _with_booking,
    "second_opinion_details": _with_booking,
    "second_opinion_hospitals": _with_booking,
    "second_opinion_stages": _with_booking,
    "growth_assessments": vendors.growth,
    "health_records": vendors.record,
    "health_record_entries": vendors.record,
    "manager_contacts": vendors.contact,
    "vaccination_reminders": vendors.schedule,
    # pre-authorizations and letters
    "preauths": vendors.case,
    "preauth_items": _with_preauth,
    "preauth_inquiries": _with_preauth,
    "preauth_events": _with_preauth,
    "emergency_notices": _with_preauth,
    "guarantee_letters": _with_preauth,
    "guarantee_letter_events": nothing,
    "guarantee_draws": nothing,
    "judgements": nothing,
    # claims, advances and bills
    "claims": vendors.case,
    "claim_visits": _with_claim,
    "claim_invoices": _with_claim,
    "claim_lines": _with_claim,
    "claim_documents": _with_claim,
    "claim_signatures": _with_claim,
    "claim_shipments": _with_claim,
    "claim_supplements": _with_claim,
    "claim_decisions": _with_claim,
    "claim_decision_lines": of(ClaimDecision, "decision_id", _with_claim),
    "claim_payments": _with_claim,
    "claim_events": _with_claim,
    "appeals": _with_claim,
    "appeal_events": of(Appeal, "appeal_id", _with_claim),
    "advances": vendors.advance,
    "advance_payments": _with_advance,
    "advance_reviews": _with_advance,
    "advance_events": _with_advance,
    "bills": vendors.case,
    "bill_payments": _with_bill,
    "bill_reminders": _with_bill,
    "bill_disputes": _with_bill,
    "bill_waivers": _with_bill,
    "bill_events": _with_bill,
    "repayments": vendors.repayment,
    "repayment_entries": of(Repayment, "repayment_id", vendors.repayment),
    # cards
    "cards": vendors.shown_card,
    "card_suspensions": _with_card,
    "card_bindings": nothing,
    "card_codes": nothing,
    "card_events": nothing,
    # papers, consents and words
    "documents": vendors.shared_paper,
    "retention_holds": nothing,
    "document_events": of(Document, "document_id", vendors.shared_paper),
    "consents": vendors.consent_to_it,
    "disclosure_acknowledgements": vendors.of_any_case,
    "complaints": nothing,
    "messages": nothing,
    # what every case has
    "sla_clocks": vendors.of_any_case,
    "outbox_messages": vendors.of_any_case,
    "idempotency_keys": own,
    "audit_entries": nothing,
    "unmasking_counts": own_doing,
    "vendor_tokens": nothing,
}
"""Private table → what a vendor sees of it. Customers see their policies' rows, staff all, everybody else none."""

OF_SELECTS: Mapping[str, Rule] = {"work": vendors.booking}
"""What vendors see of selects over private tables, which are no tables of their own."""

OF_CUSTOMERS: Mapping[str, Rule] = {"escort_days": nothing}
"""Where customers see other rows than those of their policies."""

OF_EACH_ALIKE: Mapping[str, Rule] = {"idempotency_keys": own, "unmasking_counts": own_doing}
"""Where everybody, staff too, sees what is their own."""

STAFF_ONLY = frozenset({"vendor_tokens", "audit_entries", "retention_holds"})
"""Tables of the gateway's own affairs, whose rows belong to no policy or tell who did what on one."""

_PRIVATE_NAMES = re.compile(rf"\b(?:{'|'.join(PRIVATE)})\b")
