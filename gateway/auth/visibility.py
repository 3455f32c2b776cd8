"""Which rows a viewer may see: one table, from which every reader takes its predicate.

A table that is not named here is public. `None` as an answer means every row; `false()` means none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, not_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import aliased
from sqlalchemy.sql import any_
from sqlalchemy.types import Text

from gateway.auth.viewer import Viewer, ViewerKind
from models.bookings import Booking as BookingTable
from models.consents import Consent as ConsentTable
from models.entitlements import EntitlementAccount
from models.policies import PolicyMember
from models.rules import Rule as RuleTable

Predicate = ColumnElement[bool] | None
Booking: Any = BookingTable  # columns of a SQLModel class are typed as their values
Consent: Any = ConsentTable
Rule: Any = RuleTable


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
    if rule is None or sight.kind is ViewerKind.STAFF:
        return None
    if sight.kind is ViewerKind.CUSTOMER:
        return _mine(sight, table, row)
    if sight.kind is ViewerKind.VENDOR:
        return rule(sight, row)
    return false()


def _mine(sight: Sight, table: str, row: Any) -> ColumnElement[bool]:
    """Rows of the policies that are open as a whole, and what concerns the people whom the access is bound to."""
    whole = row.policy_id == any_(sight.bind(ARRAY(UUID(as_uuid=True)), _policies))
    narrow = OF_PEOPLE.get(table)
    return or_(whole, narrow(sight, row)) if sight.is_cut and narrow is not None else whole


def _one_of_mine(sight: Sight, column: Any) -> ColumnElement[bool]:
    return column == any_(sight.bind(ARRAY(UUID(as_uuid=True)), _people))


def _people(viewer: Viewer) -> list[Any]:
    return list(viewer.people)


def _person(sight: Sight, row: Any) -> ColumnElement[bool]:
    return _one_of_mine(sight, row.id)


def _of_person(sight: Sight, row: Any) -> ColumnElement[bool]:
    return _one_of_mine(sight, row.insured_id)


def _policy_of_person(sight: Sight, row: Any) -> ColumnElement[bool]:
    member: Any = PolicyMember
    return exists(select(member.id).where(member.policy_id == row.policy_id, _one_of_mine(sight, member.id)))


def _of_booking_of_person(key: str) -> Callable[[Sight, Any], ColumnElement[bool]]:
    def mine(sight: Sight, row: Any) -> ColumnElement[bool]:
        return exists(
            select(Booking.id).where(
                Booking.policy_id == row.policy_id,
                Booking.id == getattr(row, key),
                _one_of_mine(sight, Booking.insured_id),
            )
        )

    return mine


def _paper_of_person(sight: Sight, row: Any) -> ColumnElement[bool]:
    return or_(_of_booking_of_person("subject_id")(sight, row), _own_paper(sight, row))


def _own_paper(sight: Sight, row: Any) -> ColumnElement[bool]:
    """Whoever has handed a paper in may look at it."""
    return row.reserved_by == sight.bind(Text, _principal)


def _principal(viewer: Viewer) -> str:
    return viewer.principal


def _entry_of_person(sight: Sight, row: Any) -> ColumnElement[bool]:
    account: Any = EntitlementAccount
    return exists(
        select(account.id).where(
            account.policy_id == row.policy_id,
            account.id == row.account_id,
            _one_of_mine(sight, account.insured_id),
        )
    )


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
    own = row.vendor_code == sight.bind(Text, _vendor)  # without a vendor this equals NULL, which holds nowhere
    if not sight.is_cut:
        return own
    cuts = ((row.product_code, _products), (row.service, _services), (row.hospital_code, _hospitals))
    return and_(own, *(_within(column, sight.bind(ARRAY(Text), read)) for column, read in cuts))


def _within(column: ColumnElement[str], allowed: ColumnElement[Any]) -> ColumnElement[bool]:
    """NULL cuts nothing. A booking without a hospital is not one of a hospital's own."""
    return or_(allowed.is_(None), column == any_(allowed))


def _of_vendor_booking(sight: Sight, row: Any) -> ColumnElement[bool]:
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id, Booking.id == row.booking_id, _vendor_booking(sight, Booking)
        )
    )


def _clock_of_vendor_booking(sight: Sight, row: Any) -> ColumnElement[bool]:
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id, Booking.id == row.subject_id, _vendor_booking(sight, Booking)
        )
    )


def _served_policy(sight: Sight, row: Any) -> ColumnElement[bool]:
    """A vendor sees a policy once it has a booking of it, not before."""
    return exists(select(Booking.id).where(Booking.policy_id == row.policy_id, _vendor_booking(sight, Booking)))


def _served_person(sight: Sight, row: Any) -> ColumnElement[bool]:
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id, Booking.insured_id == row.id, _vendor_booking(sight, Booking)
        )
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


def _shared_paper(sight: Sight, row: Any) -> ColumnElement[bool]:
    """A vendor sees the papers of its own bookings, and where the handbook asks the client first, once the client has
    agreed to this vendor and for as long as that stands."""
    rule: Any = aliased(Rule)
    consent: Any = aliased(Consent)
    is_asked = exists(
        select(rule.code).where(rule.product_code == Booking.product_code, any_(rule.checks) == "consent_given")
    )
    is_given = exists(
        select(consent.id).where(
            consent.policy_id == Booking.policy_id,
            consent.insured_id == Booking.insured_id,
            consent.kind == "VENDOR_SHARING",
            consent.recipient == sight.bind(Text, _vendor),
            consent.withdrawn_at.is_(None),
        )
    )
    is_of_booking = exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id,
            Booking.id == row.subject_id,
            _vendor_booking(sight, Booking),
            or_(not_(is_asked), is_given),
        )
    )
    return or_(is_of_booking, _own_paper(sight, row))


def _consent_to_vendor(sight: Sight, row: Any) -> ColumnElement[bool]:
    return and_(row.kind == "VENDOR_SHARING", row.recipient == sight.bind(Text, _vendor))


def _nothing(sight: Sight, row: Any) -> ColumnElement[bool]:
    return false()


PRIVATE: Mapping[str, Callable[[Sight, Any], ColumnElement[bool]]] = {
    "policies": _served_policy,
    "policy_riders": _served_policy,
    "policy_members": _served_person,
    "coverages": _nothing,
    "entitlement_accounts": _served_entitlement,
    "entitlement_entries": _served_entry,
    "bookings": _vendor_booking,
    "escort_details": _of_vendor_booking,
    "booking_events": _of_vendor_booking,
    "booking_ratings": _of_vendor_booking,
    "booking_deductions": _of_vendor_booking,
    "sla_clocks": _clock_of_vendor_booking,
    "documents": _shared_paper,
    "consents": _consent_to_vendor,
    "policy_grants": _nothing,
}
"""Private table → what a vendor sees of it. Customers see their policies' rows, staff all, everybody else none."""

OF_PEOPLE: Mapping[str, Callable[[Sight, Any], ColumnElement[bool]]] = {
    "policies": _policy_of_person,
    "policy_riders": _policy_of_person,
    "policy_members": _person,
    "coverages": _of_person,
    "entitlement_accounts": _of_person,
    "entitlement_entries": _entry_of_person,
    "bookings": _of_person,
    "escort_details": _of_booking_of_person("booking_id"),
    "booking_events": _of_booking_of_person("booking_id"),
    "booking_ratings": _of_booking_of_person("booking_id"),
    "booking_deductions": _of_booking_of_person("booking_id"),
    "sla_clocks": _of_booking_of_person("subject_id"),
    "documents": _paper_of_person,
    "consents": _of_person,
}
"""Private table → what of it concerns one insured. A table that is missing here is open to whole policies only."""

STAFF_ONLY = frozenset({"vendor_tokens"})
"""Tables of the gateway's own affairs, whose rows belong to no policy or tell who is on one."""
