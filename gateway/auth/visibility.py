"""Which rows a viewer may see: one table, from which every reader takes its predicate.

A table that is not named here is public. `None` as an answer means every row; `false()` means none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.sql import any_, bindparam
from sqlalchemy.types import Text

from gateway.auth.viewer import Viewer, ViewerKind
from models.bookings import Booking as BookingTable
from models.entitlements import EntitlementAccount

Predicate = ColumnElement[bool] | None
Booking: Any = BookingTable  # columns of a SQLModel class are typed as their values


def visible(viewer: Viewer, table: str, row: Any) -> Predicate:
    """The condition under which the viewer sees a row of the table; `row` is the table or an alias of it."""
    if table in STAFF_ONLY and viewer.kind is not ViewerKind.STAFF:
        return false()
    rule = PRIVATE.get(table)
    if rule is None or viewer.kind is ViewerKind.STAFF:
        return None
    if viewer.kind is ViewerKind.CUSTOMER:
        return _mine(viewer, row)
    if viewer.kind is ViewerKind.VENDOR:
        return rule(viewer, row)
    return false()


def _mine(viewer: Viewer, row: Any) -> ColumnElement[bool]:
    return row.policy_id == any_(bindparam(None, list(viewer.policies), type_=ARRAY(UUID(as_uuid=True))))


def _vendor_booking(viewer: Viewer, row: Any) -> ColumnElement[bool]:
    """A vendor sees the bookings that are routed to it, of the products, services and hospitals its token is cut to."""
    if viewer.vendor is None:  # equal to NULL would mean every booking that has no vendor
        return false()
    own = row.vendor_code == viewer.vendor
    return and_(own, *_cuts(viewer, row)) if viewer.is_cut else own


def _cuts(viewer: Viewer, row: Any) -> list[ColumnElement[bool]]:
    """What a token is cut to: NULL is not cut. A booking without a hospital is not one of a hospital's own."""
    cuts = ((row.product_code, viewer.products), (row.service, viewer.services), (row.hospital_code, viewer.hospitals))
    return [or_(allowed.is_(None), column == any_(allowed)) for column, allowed in _bound(cuts)]


def _bound(cuts: Any) -> list[tuple[Any, Any]]:
    return [
        (column, bindparam(None, None if words is None else list(words), type_=ARRAY(Text))) for column, words in cuts
    ]


def _of_vendor_booking(viewer: Viewer, row: Any) -> ColumnElement[bool]:
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id, Booking.id == row.booking_id, _vendor_booking(viewer, Booking)
        )
    )


def _clock_of_vendor_booking(viewer: Viewer, row: Any) -> ColumnElement[bool]:
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id, Booking.id == row.subject_id, _vendor_booking(viewer, Booking)
        )
    )


def _served_policy(viewer: Viewer, row: Any) -> ColumnElement[bool]:
    """A vendor sees a policy once it has a booking of it, not before."""
    return exists(select(Booking.id).where(Booking.policy_id == row.policy_id, _vendor_booking(viewer, Booking)))


def _served_person(viewer: Viewer, row: Any) -> ColumnElement[bool]:
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id, Booking.insured_id == row.id, _vendor_booking(viewer, Booking)
        )
    )


def _served_entitlement(viewer: Viewer, row: Any) -> ColumnElement[bool]:
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id,
            Booking.insured_id == row.insured_id,
            Booking.service == row.service,
            _vendor_booking(viewer, Booking),
        )
    )


def _served_entry(viewer: Viewer, row: Any) -> ColumnElement[bool]:
    account: Any = EntitlementAccount
    return exists(
        select(account.id).where(
            account.policy_id == row.policy_id, account.id == row.account_id, _served_entitlement(viewer, account)
        )
    )


def _nothing(viewer: Viewer, row: Any) -> ColumnElement[bool]:
    return false()


PRIVATE: Mapping[str, Callable[[Viewer, Any], ColumnElement[bool]]] = {
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
