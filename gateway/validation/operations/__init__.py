"""Which checks an operation asks, in the order in which a reader mends what they refuse."""

from collections.abc import Mapping

from gateway.validation.operations import advances, bookings, claims, direct_billing, drugs, services
from gateway.validation.rule import Check

OPERATIONS: Mapping[str, tuple[Check, ...]] = {
    **services.OPERATIONS,
    **bookings.OPERATIONS,
    **drugs.OPERATIONS,
    **direct_billing.OPERATIONS,
    **advances.OPERATIONS,
    **claims.OPERATIONS,
}
"""Operation → the checks it asks. A row of a product joins in where it names both the check and the operation."""
