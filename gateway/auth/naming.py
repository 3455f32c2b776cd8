"""What a vendor opens by naming a policy: all of it, where the vendor and its token cover the policy's product."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists

from gateway.auth.sight import NAMED, PRODUCTS, VENDOR
from gateway.auth.vendors import within
from models.policies import Policy as PolicyTable
from models.vendors import ProductVendor as ContractTable

Policy: Any = PolicyTable
Contract: Any = ContractTable


def is_named(row: Any, *, once: bool = False) -> ColumnElement[bool]:
    return row.policy_id == NAMED.stored(once=once)


def of_named_policy(row: Any) -> ColumnElement[bool]:
    """A row of the policy that is named."""
    if hasattr(row, "product_code"):
        return and_(is_named(row), _contracted(row.product_code))
    named = exists().where(Policy.policy_id == NAMED.stored(once=False), _contracted(Policy.product_code))
    return and_(is_named(row), named)


def _contracted(product: Any) -> ColumnElement[bool]:
    contract = exists().where(Contract.product_code == product, Contract.vendor_code == VENDOR.stored(once=False))
    return and_(within(product, PRODUCTS.stored(once=False)), contract)
