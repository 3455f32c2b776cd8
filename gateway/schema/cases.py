"""What pre-authorizations, claims, advances, bills and bookings have in common: whose they are, steps, and filters."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import select

from gateway.execution.declare import column, enum_column, to_many, to_one
from gateway.execution.filters import compare
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.postgres.given import Given
from gateway.schema.case_enums import CaseOrder
from gateway.schema.enums import ProductCode
from gateway.schema.vendors import Vendor
from models.policies import Policy as PolicyTable

if TYPE_CHECKING:
    from gateway.schema.people import Person
    from gateway.schema.policies import Policy

POLICIES: Any = PolicyTable

ORDERS = {
    CaseOrder.CREATED_AT_DESC: (Key("created_at", descending=True), Key("id", descending=True)),
    CaseOrder.CREATED_AT_ASC: (Key("created_at"), Key("id")),
    CaseOrder.NUMBER_ASC: (Key("number"), Key("id")),
}


def of_policy(row: Any, number: Given) -> Any:
    """A case whose policy's number fulfills the condition."""
    return row.policy_id.in_(select(POLICIES.policy_id).where(compare(POLICIES.number, number)))


def parts_by(key: str) -> Callable[[str, str, str, str], Any]:
    """Lists of what belongs to a case: rows that name it in the column `key`, ordered by the columns of `order`."""

    def parts(target: str, order: str, zh: str, en: str) -> Any:
        columns: dict[str, Any] = {"policy_id": "policy_id", key: "id"}
        return to_many(target, order.split(), T(zh, en), **columns)

    return parts


def papers_of_case() -> Any:
    return parts_by("subject_id")("Document", "created_at id", "材料。", "Its papers.")


def clocks_of(subject_type: str) -> Any:
    return to_many(
        "SlaClock",
        ["due_at", "rule_code", "part", "id"],
        T("时限。", "Its deadlines."),
        where={"subject_type": subject_type},
        policy_id="policy_id",
        subject_id="id",
    )


@strawberry.type
class Owned:
    """Fields of whatever belongs to one insured of a policy."""

    number: str = column("number", T("编号。", "Number for people."))
    policy: Annotated["Policy", strawberry.lazy("gateway.schema.policies")] | None = to_one(
        "Policy", T("保单。", "Its policy."), policy_id="policy_id"
    )
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("被保险人。", "The insured."), policy_id="policy_id", id="insured_id"
    )
    is_demo: bool = column("is_demo", T("是否演示数据。", "Whether it is demo data."))
    created_at: dt.datetime = column("created_at", T("登记时刻。", "When it began."))
    updated_at: dt.datetime = column("updated_at", T("最近变更时刻。", "When it last changed."))


@strawberry.type
class Case(Owned):
    """Fields of whatever a vendor may handle."""

    product: ProductCode = enum_column("product_code", ProductCode, T("产品。", "Its product."))
    vendor: Vendor | None = to_one("Vendor", T("经办的服务商。", "The vendor that handles it."), code="vendor_code")


@strawberry.type
class Step:
    """Fields of a step in the life of a case. Its `status` is of the case's own set."""

    command: str = column("command", T("操作。", "The command."))
    from_status: str = column("from_state", T("之前的状态；首步为空。", "State before; empty for the first step."))
    role: str = column(
        "role", T("由谁操作：CUSTOMER、VENDOR、STAFF 或 SYSTEM。", "By whom: CUSTOMER, VENDOR, STAFF or SYSTEM.")
    )
    reason: str | None = column("reason", T("缘由。", "Why."), sensitive=True)
    at: dt.datetime = column("at", T("时刻。", "When."))
