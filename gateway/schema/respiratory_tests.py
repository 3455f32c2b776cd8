"""Tests at home: what the vendor needs, and what the client sees of the order and the report."""

import datetime as dt
from typing import Any

from gateway.execution.declare import SqlType, column, computed, enum_column, sql_type, to_many, to_one
from gateway.language import T
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_number
from gateway.schema.enums import IdType
from gateway.schema.hospitals import City
from models.respiratory_tests import ReportShare as ShareRows
from models.respiratory_tests import RespiratoryTestDetails as DetailRows


def _phone(root: Any) -> str:
    return masked_number(root["phone_last4"])


@sql_type(ShareRows, T("一次报告分享。", "A report that was shared."))
class ReportShare(SqlType):
    shared_at: dt.datetime = column("shared_at", T("分享时刻。", "When it was shared."))
    advice: str | None = column("advice", T("医生的建议。", "The doctor's advice."), sensitive=True)
    advised_at: dt.datetime | None = column("advised_at", T("建议时刻。", "When the advice was given."))


@sql_type(DetailRows, T("呼吸道检测的详情。", "Details of a respiratory test."))
class RespiratoryTestDetails(SqlType):
    city: City | None = to_one("City", T("采样城市。", "City of the sampling."), code="city_code")
    is_address_recognized: bool | None = column(
        "is_address_recognized",
        T("服务商是否识别该地址；未答复为空。", "Whether the vendor serves the address; null: it has not said."),
    )
    id_type: IdType = enum_column("id_type", IdType, T("下单证件。", "Paper of the order."))
    phone: str = computed(
        _phone,
        T("电话，只显示末四位。", "Phone; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.phone_last4),
    )
    voucher_code: str | None = column("voucher_code", T("优惠券码。", "Code of the coupon."))
    sampled_at: dt.datetime | None = column("sampled_at", T("采样时刻。", "When the sample was taken."))
    reported_at: dt.datetime | None = column("reported_at", T("出报告时刻。", "When the report was handed in."))
    shares: list[ReportShare] = to_many(
        "ReportShare",
        ["shared_at", "id"],
        T("报告的分享。", "Where the report was shared."),
        policy_id="policy_id",
        booking_id="booking_id",
    )
