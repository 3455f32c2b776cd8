"""The patient of a booking, as every service shows them: one place decides who sees how much."""

from typing import Any

from strawberry.types import Info

from gateway.auth.viewer import ViewerKind
from gateway.execution.declare import computed
from gateway.language import T
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_name, masked_number
from gateway.schema.tellings import name_for


def patient_name() -> Any:
    return computed(
        _name,
        T("就诊人；对服务商只显示姓氏。", "The patient; vendors see the surname only."),
        sql=lambda row, scope: name_for(row.patient_name, scope),
    )


def patient_phone() -> Any:
    return computed(
        _phone,
        T("电话，只显示末四位。", "Phone; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.patient_phone_last4),
    )


def _name(root: Any, info: Info) -> str:
    return masked_name(root["patient_name"]) if info.context.viewer.kind is ViewerKind.VENDOR else root["patient_name"]


def _phone(root: Any) -> str | None:
    return None if root["patient_phone_last4"] is None else masked_number(root["patient_phone_last4"])
