"""What a client was shut out from after missed visits."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.execution.declare import SqlType, column, enum_column, global_id, sql_type, to_one
from gateway.language import T
from gateway.resolvers.restrictions import PREFIX
from gateway.schema.nodes import Node
from gateway.schema.visit_enums import VisitRestriction
from models.hospital_visits import VisitRestriction as Rows

if TYPE_CHECKING:
    from gateway.schema.hospitals import Hospital
    from gateway.schema.people import Person


@sql_type(
    Rows,
    T("失约后的一项限制。", "Something that a client was shut out from after missed visits."),
    prefix=PREFIX,
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class Restriction(SqlType, Node):
    id: strawberry.ID = global_id(PREFIX, "policy_id", "id")
    kind: VisitRestriction = enum_column("kind", VisitRestriction, T("限制的内容。", "What from."))
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("被保险人。", "The insured."), policy_id="policy_id", id="insured_id"
    )
    hospital: Annotated["Hospital", strawberry.lazy("gateway.schema.hospitals")] | None = to_one(
        "Hospital", T("所涉医院；保险公司的限制为空。", "The hospital; null: by the insurer."), code="hospital_code"
    )
    reason: str = column("reason", T("理由。", "Why."), sensitive=True)
    imposed_at: dt.datetime = column("imposed_at", T("起始时刻。", "Since when."))
    lifted_at: dt.datetime | None = column(
        "lifted_at", T("解除时刻；有效则为空。", "Until when; null while it stands.")
    )
    lift_reason: str | None = column("lift_reason", T("解除的理由。", "Why it was lifted."), sensitive=True)
