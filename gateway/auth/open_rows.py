"""Tables that everybody reads and not everybody may change: whose doing a change is, the database asks as well."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlalchemy.sql import any_

from gateway.auth import vendors
from gateway.auth.naming import of_named_policy
from gateway.auth.sight import POLICIES, VENDOR, in_database
from gateway.auth.vendors import Booking, Expert
from gateway.auth.viewer import ViewerKind

Arms = Mapping[str, ColumnElement[bool]]
"""Kind of viewer → whether it may."""

Changes = Callable[[Any], tuple[Arms, Arms]]
"""A row → who may change it as it stands, and who may make it what it becomes."""


def expert_slots(row: Any) -> tuple[Arms, Arms]:
    """A time that is free, or one's own, is taken or given back: by a customer for a policy of its own, by a vendor
    for its own experts and bookings, or for a policy that it may name.
    """
    return _arms(_of_customer(row), _of_vendor(row)), _arms(_of_customer(row), _of_vendor(row, of_named_policy(row)))


OPEN: Mapping[str, Changes] = {"expert_slots": expert_slots}


def _arms(customer: ColumnElement[bool], vendor: ColumnElement[bool]) -> Arms:
    by_kind = {ViewerKind.CUSTOMER: customer, ViewerKind.VENDOR: vendor}
    insurers = {ViewerKind.STAFF: true(), ViewerKind.SYSTEM: true()}
    return {kind.value: condition for kind, condition in (by_kind | insurers).items()}


def _of_customer(row: Any) -> ColumnElement[bool]:
    return or_(row.policy_id.is_(None), row.policy_id == any_(POLICIES.stored()))


def _of_vendor(row: Any, *others: ColumnElement[bool]) -> ColumnElement[bool]:
    """The vendor of a booking is that of its expert, as far as the vendor's token reaches."""
    sight = in_database(ViewerKind.VENDOR, once=False)
    its_expert = exists().where(Expert.code == row.expert_code, Expert.vendor_code == VENDOR.stored(once=False))
    booked = exists().where(
        Booking.policy_id == row.policy_id, Booking.id == row.booking_id, vendors.booking(sight, Booking)
    )
    return and_(its_expert, or_(row.policy_id.is_(None), booked, *others))
