"""Green channels: what was asked for, the doctor or the stay that was arranged, and who was in touch."""

import datetime as dt
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import case, select

from gateway.execution.declare import SqlType, column, enum_column, expression, sql_type, to_many, to_one
from gateway.language import T
from gateway.schema.consultation_enums import DoctorTitle
from gateway.schema.enums import Gender, word
from gateway.schema.hospitals import Hospital
from gateway.schema.patients import patient_name, patient_phone
from models.bookings import Booking as BookingTable
from models.green_channels import GreenChannelContact as ContactRows
from models.green_channels import InpatientGreenChannelDetails as InpatientRows
from models.green_channels import OutpatientGreenChannelDetails as OutpatientRows

Booking: Any = BookingTable
OPEN_RULES = T(
    "尚缺事实、须由服务商审核判断的规则编号。", "Ids of rules that the vendor's review has to judge: a fact is missing."
)


@strawberry.enum(description=T("审核结果。", "What a review found."))
class BookingReviewOutcome(Enum):
    PASSED = word("PASSED", "通过。", "It passes.")
    FAILED = word("FAILED", "不通过，服务终止，次数退回。", "It fails: the service ends, and the use goes back.")
    INCOMPLETE = word("INCOMPLETE", "资料不全，退回补交（仅国际二诊）。", "Papers are missing and are asked for again.")


@strawberry.enum(description=T("住院前后的一次联络。", "Kind of a contact around a stay."))
class GreenChannelContactKind(Enum):
    ADMISSION_CALL = word("ADMISSION_CALL", "入院后的首次联络。", "The first contact after admission.")
    TRACKING = word("TRACKING", "住院中的跟进。", "A further one during the stay.")
    DISCHARGE = word("DISCHARGE", "出院陪同。", "Company at discharge.")
    FOLLOW_UP = word("FOLLOW_UP", "出院后的回访。", "The follow-up after discharge.")


@sql_type(OutpatientRows, T("门诊绿通的详情。", "Details of an outpatient green channel."))
class OutpatientGreenChannelDetails(SqlType):
    patient_name: str = patient_name()
    patient_gender: Gender | None = enum_column("patient_gender", Gender, T("性别。", "Gender."))
    patient_phone: str | None = patient_phone()
    is_diagnosed: bool | None = column("is_diagnosed", T("是否已明确诊断。", "Whether there is a diagnosis."))
    symptom: str | None = column("symptom", T("疾病名称或主要症状。", "Disease or main symptoms."), sensitive=True)
    need: str | None = column("need", T("本次需求。", "What is needed this time."), sensitive=True)
    need_confirmed_at: dt.datetime | None = column(
        "need_confirmed_at",
        T("顾问与客户确认需求的时刻。", "When the adviser confirmed with the client what is needed."),
    )
    doctor_name: str | None = column("doctor_name", T("安排的医生。", "The doctor who was arranged."))
    doctor_title: DoctorTitle | None = enum_column("doctor_title", DoctorTitle, T("医生职称。", "The doctor's title."))
    follow_up_note: str | None = column("follow_up_note", T("回访记录。", "What the follow-up found."), sensitive=True)
    open_rules: list[str] = column("open_rules", OPEN_RULES)


@sql_type(ContactRows, T("住院前后的一次联络。", "A contact around a stay."))
class GreenChannelContact(SqlType):
    kind: GreenChannelContactKind = enum_column("kind", GreenChannelContactKind, T("种类。", "Its kind."))
    note: str | None = column("note", T("记录。", "What was noted."), sensitive=True)
    at: dt.datetime = column("at", T("时刻。", "When."))


def _contact_in_stay(row: Any) -> Any:
    """Whom to phone, while the patient is in hospital."""
    state = select(Booking.state).where(Booking.policy_id == row.policy_id, Booking.id == row.booking_id)
    return case((state.scalar_subquery() == "IN_SERVICE", row.doctor_contact))


@sql_type(InpatientRows, T("住院绿通的详情。", "Details of an inpatient green channel."))
class InpatientGreenChannelDetails(SqlType):
    diagnosis: str = column("diagnosis", T("诊断。", "The diagnosis."), sensitive=True)
    critical_illness: str | None = column("critical_illness", T("重大疾病。", "The critical illness."), sensitive=True)
    first_diagnosed_on: dt.date = column(
        "first_diagnosed_on", T("首次确诊日。", "Day of the first diagnosis."), sensitive=True
    )
    diagnosed_at: Hospital | None = to_one(
        "Hospital", T("确诊的医院。", "The hospital that made the diagnosis."), code="diagnosed_at_hospital_code"
    )
    doctor_name: str | None = column("doctor_name", T("私人医生。", "The private doctor."))
    doctor_contact: str | None = expression(
        "doctor_contact",
        _contact_in_stay,
        T("私人医生的联系方式；仅住院期间显示。", "How to reach the private doctor; shown during the stay."),
    )
    admitted_on: dt.date | None = column("admitted_on", T("入院日。", "Day of admission."))
    discharged_on: dt.date | None = column("discharged_on", T("出院日。", "Day of discharge."))
    contacts: list[GreenChannelContact] = to_many(
        "GreenChannelContact",
        ["seq"],
        T("联络记录，旧的在前。", "Contacts, oldest first."),
        policy_id="policy_id",
        booking_id="booking_id",
    )
    open_rules: list[str] = column("open_rules", OPEN_RULES)
