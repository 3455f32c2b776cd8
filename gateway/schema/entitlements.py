"""Entitlements: what an insured may still use, and the ledger behind the counters."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import UUID
from strawberry.types import Info

from gateway.execution import ids
from gateway.execution.declare import (
    SqlType,
    column,
    enum_column,
    expression,
    global_id,
    localized_expression,
    sql_type,
    to_many,
    to_one,
)
from gateway.execution.forms import Narrowed, declared
from gateway.execution.sources import SOURCES
from gateway.language import T
from gateway.postgres.given import Given
from gateway.schema.enums import LedgerKind, ServiceKind
from gateway.schema.nodes import Node
from models.entitlements import EntitlementAccount as AccountRows
from models.entitlements import EntitlementEntry as EntryRows
from models.products import ProductService

if TYPE_CHECKING:
    from gateway.schema.people import Person


def _service_name(row: Any, language: str) -> Any:
    name = getattr(ProductService, f"name_{language}")
    return (
        select(name)
        .where(ProductService.product_code == row.product_code, ProductService.kind == row.service)
        .scalar_subquery()
    )


@sql_type(
    EntryRows, T("权益流水，只增不改。", "A line of the ledger, which is only ever added to."), scope="policies:read"
)
class LedgerEntry(SqlType):
    kind: LedgerKind = enum_column("kind", LedgerKind, T("种类。", "What happened."))
    granted_change: int = column("granted_change", T("给予次数的变化。", "Change of the uses granted."))
    reserved_change: int = column("held_change", T("占用次数的变化。", "Change of the uses reserved."))
    used_change: int = column("used_change", T("已用次数的变化。", "Change of the uses spent."))
    reason: str | None = column("reason", T("缘由。", "Why."), sensitive=True)
    rule_code: str | None = column("rule_code", T("所依据的规则。", "Id of the rule behind it."))
    at: dt.datetime = column("at", T("时刻。", "When."))


@sql_type(
    AccountRows,
    T("被保险人在一个保单年度内对某项服务的权益。", "The uses of a service by an insured in a policy year."),
    prefix="ent",
    id_columns=("policy_id", "id"),
    scope="policies:read",
)
class Entitlement(SqlType, Node):
    id: strawberry.ID = global_id("ent", "policy_id", "id")
    service: ServiceKind = enum_column("service", ServiceKind, T("服务。", "Its service."))
    name: str = localized_expression("name", _service_name, T("服务名称。", "Name of the service."))
    granted: int | None = column("granted", T("给予次数；为空表示不限。", "Uses granted; null: unlimited."))
    reserved: int = column("held", T("已占用、尚未使用的次数。", "Uses reserved by bookings that are not over."))
    used: int = column("used", T("已使用次数。", "Uses spent."))
    remaining: int | None = column("remaining", T("尚可使用次数；为空表示不限。", "Uses left; null: unlimited."))
    cancellation_count: int = column(
        "cancellations", T("已用的免费取消次数。", "Free cancellations of confirmed bookings so far.")
    )
    starts_on: dt.date = expression("starts_on", lambda row: func.lower(row.period), T("首日。", "First day."))
    usable_from: dt.date | None = column(
        "usable_from",
        T(
            "等待期后首个可用日；保单未载明等待期则为空。",
            "First day after the waiting period; null: the policy does not state one.",
        ),
    )
    expires_on: dt.date = expression(
        "expires_on",
        lambda row: func.upper(row.period) - 1,
        T("末日（含）；不结转。", "Last day, included; nothing is carried over."),
    )
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("被保险人。", "The insured."), policy_id="policy_id", id="insured_id"
    )
    ledger: list[LedgerEntry] = to_many(
        "LedgerEntry",
        ["id"],
        T("流水，旧的在前。", "Its ledger, oldest first."),
        policy_id="policy_id",
        account_id="id",
    )


ORDER = ("position", "insured_id")


def _of_policy(row: Any, given: Mapping[str, Given]) -> list[Any]:
    return [row.policy_id == given["policy"].bind(UUID, _policy_key)]


def _policy_key(policy: str) -> uuid.UUID | None:
    """The key in the id of a policy; none, which no row has, for what is no such id."""
    found = ids.decode(policy)
    return None if found is None or found[0] != "pol" else found[1][0]


@strawberry.type
class EntitlementQueries:
    @strawberry.field(
        description=T(
            "保单的服务权益；保单不存在或无权查看时为空列表。",
            "Entitlements of a policy; empty both when there is none and when it is not yours.",
        ),
        metadata=declared(Narrowed("Entitlement", ORDER, _of_policy), "policies:read"),
    )
    async def entitlements(
        self,
        info: Info,
        policy: Annotated[strawberry.ID, strawberry.argument(description=T("保单的编号。", "Id of the policy."))],
    ) -> list[Entitlement]:
        info.context.viewer.require("policies:read")
        key = _policy_key(policy)
        return (
            [] if key is None else await info.context.unit.many(SOURCES["Entitlement"], ("policy_id",), (key,), ORDER)
        )
