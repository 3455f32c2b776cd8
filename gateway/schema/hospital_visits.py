"""Visits that are billed directly: their details, what followed a missed one, and the brand of a series."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.execution.declare import (
    SqlType,
    column,
    enum_column,
    global_id,
    money,
    sql_type,
    to_many,
    to_one,
)
from gateway.language import T
from gateway.schema.enums import DepartmentClass, Gender, Liability
from gateway.schema.hospitals import ClinicBrand
from gateway.schema.money import Money
from gateway.schema.nodes import Node
from gateway.schema.patients import patient_name, patient_phone
from gateway.schema.visit_enums import BrandTransferStatus, StrikeKind, VisitType
from models.hospital_visits import BrandLock as LockRows
from models.hospital_visits import BrandTransferRequest as TransferRows
from models.hospital_visits import HospitalVisitDetails as DetailRows
from models.hospital_visits import VisitStrike as StrikeRows

if TYPE_CHECKING:
    from gateway.schema.people import Person


@sql_type(StrikeRows, T("一次失约。", "A visit that was missed, or called off too late."))
class VisitStrike(SqlType):
    kind: StrikeKind = enum_column("kind", StrikeKind, T("种类。", "Which of both."))
    fee: Money | None = money(
        "fee",
        T("医院收取的诊费，由客户自付；未知为空。", "What the hospital charges; null: not known."),
    )
    at: dt.datetime = column("at", T("登记时刻。", "When it was recorded."))


@sql_type(DetailRows, T("直付就诊或接种的详情。", "Details of a visit that is billed directly, vaccinations included."))
class HospitalVisitDetails(SqlType):
    visit_type: VisitType = enum_column("visit_type", VisitType, T("就诊类型。", "Type of the visit."))
    department_class: DepartmentClass | None = enum_column(
        "department_class", DepartmentClass, T("部别。", "Class of department.")
    )
    liability: Liability = enum_column("liability", Liability, T("保险责任。", "Liability under which it is billed."))
    doctor: str | None = column("doctor", T("指定的医生。", "The doctor asked for."))
    vaccine: str | None = column("vaccine", T("疫苗。", "The vaccine."), sensitive=True)
    dose: int | None = column("dose", T("第几剂。", "Which dose."))
    open_rules: list[str] = column(
        "open_rules",
        T(
            "缺少事实、待人工判断的规则编号；受理后清空。",
            "Codes of rules that lack a fact and wait for people; empty once it is taken.",
        ),
    )
    patient_name: str = patient_name()
    patient_gender: Gender | None = enum_column("patient_gender", Gender, T("性别。", "Gender."))
    patient_phone: str | None = patient_phone()
    strike: VisitStrike | None = to_one(
        "VisitStrike", T("失约记录。", "The strike, if it was missed."), policy_id="policy_id", booking_id="booking_id"
    )


@sql_type(
    TransferRows,
    T("品牌关停后转往其他品牌的申请。", "A request to move a series to another brand, since its own has closed."),
    prefix="btrf",
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class BrandTransfer(SqlType, Node):
    id: strawberry.ID = global_id("btrf", "policy_id", "id")
    status: BrandTransferStatus = enum_column("state", BrandTransferStatus, T("状态。", "Its state."))
    lock: Annotated["BrandLock", strawberry.lazy("gateway.schema.hospital_visits")] | None = to_one(
        "BrandLock", T("所申请解除的锁定。", "The bond that is to move."), policy_id="policy_id", id="lock_id"
    )
    reason: str | None = column("reason", T("申请的缘由。", "Why it was asked for."), sensitive=True)
    designated_brand: ClinicBrand | None = to_one(
        "ClinicBrand", T("保险公司指定的品牌。", "The brand that the insurer names."), code="designated_brand_code"
    )
    decision_reason: str | None = column(
        "decision_reason", T("决定的理由。", "The reason of the decision."), sensitive=True
    )
    requested_at: dt.datetime = column("requested_at", T("申请时刻。", "When it was asked for."))
    decided_at: dt.datetime | None = column("decided_at", T("决定时刻。", "When it was decided."))


@sql_type(
    LockRows,
    T("首次就诊锁定的诊所品牌。", "The brand of clinics that the first visit bound a series to."),
    scope="bookings:read",
)
class BrandLock(SqlType):
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("被保险人。", "The insured."), policy_id="policy_id", id="insured_id"
    )
    liability: Liability = enum_column("liability", Liability, T("保险责任。", "The liability."))
    brand: ClinicBrand | None = to_one("ClinicBrand", T("品牌。", "The brand."), code="brand_code")
    locked_at: dt.datetime = column("locked_at", T("锁定时刻。", "When it was bound."))
    released_at: dt.datetime | None = column("released_at", T("解除时刻。", "When it was released; null: it holds."))
    transfers: list[BrandTransfer] = to_many(
        "BrandTransfer",
        ["requested_at", "id"],
        T("转品牌申请。", "Requests to move it."),
        policy_id="policy_id",
        lock_id="id",
    )
