"""Which rows a viewer may see: one table, from which every reader takes its predicate.

A table that is not named here is public. `None` as an answer means every row; `false()` means none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.sql import any_
from sqlalchemy.types import Text

from gateway.auth.viewer import Viewer, ViewerKind
from models.bookings import Booking as BookingTable
from models.entitlements import EntitlementAccount

Predicate = ColumnElement[bool] | None
Booking: Any = BookingTable  # columns of a SQLModel class are typed as their values


@dataclass(frozen=True, slots=True)
class Sight:
    """What a predicate may know of a viewer: the kind, and the rest as parameters."""

    kind: ViewerKind
    is_cut: bool  # a vendor's token that is cut to some products, services or hospitals
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
        return _mine(sight, row)
    if sight.kind is ViewerKind.VENDOR:
        return rule(sight, row)
    return false()


def _mine(sight: Sight, row: Any) -> ColumnElement[bool]:
    return row.policy_id == any_(sight.bind(ARRAY(UUID(as_uuid=True)), _policies))


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
    "documents": _nothing,
}
"""Private table → what a vendor sees of it. Customers see their policies' rows, staff all, everybody else none."""

STAFF_ONLY = frozenset({"vendor_tokens", "policy_grants"})
"""Tables of the gateway's own affairs, whose rows belong to no policy or tell who is on one."""
