"""Orders of listed drugs as clients and vendors see them."""

import datetime as dt
from typing import Any

from gateway.execution.declare import SqlType, column, computed, enum_column, sql_type, to_many, to_one
from gateway.language import T
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_number
from gateway.schema.documents import Document
from gateway.schema.drug_enums import ApplicantRole, DamageCause, DamageStatus, DrugFulfillment, PrescriptionOutcome
from gateway.schema.drugs import Drug
from gateway.schema.pharmacies import Pharmacy
from models.drug_orders import DrugDamage as DamageRows
from models.drug_orders import DrugOrderDetails as DetailRows


def _phone(root: Any) -> str | None:
    return None if root["phone_last4"] is None else masked_number(root["phone_last4"])


@sql_type(DamageRows, T("一次报损。", "Damage that was reported."))
class DrugDamage(SqlType):
    cause: DamageCause = enum_column("cause", DamageCause, T("原因。", "How it happened."))
    status: DamageStatus = enum_column("state", DamageStatus, T("状态。", "Its state."))
    description: str = column("description", T("情况说明。", "What was told."), sensitive=True)
    reported_at: dt.datetime = column("reported_at", T("报损时刻。", "When it was reported."))
    decided_at: dt.datetime | None = column("decided_at", T("核实时刻。", "When it was decided."))
    re_dispatched_at: dt.datetime | None = column("re_dispatched_at", T("补发时刻。", "When another was sent."))


@sql_type(DetailRows, T("购药单的详情。", "Details of an order of a drug."))
class DrugOrderDetails(SqlType):
    drug: Drug | None = to_one("Drug", T("药品。", "The drug."), id="drug_id", sensitive=True)
    diagnosis: str = column("diagnosis", T("诊断。", "The diagnosis."), sensitive=True)
    prescription: Document | None = to_one(
        "Document",
        T("处方。", "The prescription."),
        policy_id="policy_id",
        id="prescription_id",
    )
    is_unavailable_in_hospital: bool = column(
        "is_unavailable_in_hospital",
        T("客户是否声明医院买不到。", "Whether the client states that no hospital has it."),
    )
    applicant: ApplicantRole = enum_column("applicant", ApplicantRole, T("由谁申请。", "Who applied."))
    review_outcome: PrescriptionOutcome | None = enum_column(
        "review_outcome", PrescriptionOutcome, T("处方审核的结论。", "What the review found.")
    )
    reviewed_at: dt.datetime | None = column("reviewed_at", T("审核时刻。", "When it was reviewed."))
    review_reason: str | None = column("review_reason", T("审核的理由。", "The reason of the review."), sensitive=True)
    voucher_code: str | None = column("voucher_code", T("购药凭证号。", "Code of the voucher."))
    voucher_issued_at: dt.datetime | None = column("voucher_issued_at", T("发证时刻。", "When it was issued."))
    fulfillment: DrugFulfillment | None = enum_column(
        "fulfillment", DrugFulfillment, T("取药的方式。", "How the client gets the drug.")
    )
    pharmacy: Pharmacy | None = to_one("Pharmacy", T("选定的药店。", "The chosen pharmacy."), code="pharmacy_code")
    pharmacy_name: str | None = column(
        "pharmacy_name",
        T("未载入药店名单时，服务商指明的药店。", "The pharmacy that the vendor named, where no list is loaded."),
    )
    phone: str | None = computed(
        _phone,
        T("电话，只显示末四位。", "Phone; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.phone_last4),
    )
    inspected_at: dt.datetime | None = column("inspected_at", T("当面验看的时刻。", "When it was looked at."))
    delivered_at: dt.datetime | None = column(
        "delivered_at", T("送达或视为送达的时刻。", "When it was delivered, or counted as delivered.")
    )
    damages: list[DrugDamage] = to_many(
        "DrugDamage",
        ["reported_at", "id"],
        T("报损，旧的在前。", "Reported damage, oldest first."),
        policy_id="policy_id",
        booking_id="booking_id",
    )
