"""Inputs of visits that are billed directly, of brand transfers and of tests at home."""

import datetime as dt

import strawberry

from gateway.language import T
from gateway.schema.booking_inputs import BOOKING_ID, NOTE, REASON, PatientInput
from gateway.schema.drug_enums import TerminationCause
from gateway.schema.enums import DepartmentClass, IdType, Liability
from gateway.schema.mutations import KEY
from gateway.schema.visit_enums import BrandTransferDecision, VisitType

POLICY_NUMBER = T("保单号。", "Policy number.")
HOSPITAL = T("医院代码。", "Code of the hospital.")
DEPARTMENT = T("科室代码或名称。", "Department, by code or name.")
VISIT_AT = T("就诊时刻。", "When the visit begins.")
PATIENT = T("就诊人。", "The patient.")
INSURED = T("被保险人的编号；保单只有一位时可不填。", "Id of the insured; not needed where the policy has only one.")
ACKNOWLEDGED = T(
    "已确认的告知编号，见 `disclosures`。", "Ids of disclosures that the client has read; see `disclosures`."
)


@strawberry.input(description=T("预约直付就诊。", "A request for a visit that is billed directly."))
class HospitalVisitBookInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    hospital: str = strawberry.field(description=HOSPITAL)
    department: str | None = strawberry.field(default=None, description=DEPARTMENT)
    department_class: DepartmentClass | None = strawberry.field(
        default=None, description=T("部别。", "Class of department.")
    )
    visit_type: VisitType = strawberry.field(description=T("门诊或住院。", "Outpatient visit or stay."))
    liability: Liability = strawberry.field(
        default=Liability.OUTPATIENT_INPATIENT,
        description=T("保险责任，垫付除外。", "Liability under which it is billed; any but the advance payment."),
    )
    visit_at: dt.datetime = strawberry.field(description=VISIT_AT)
    doctor: str | None = strawberry.field(
        default=None,
        description=T("指定的医生；手册不接受点名的会被拒绝。", "A named doctor, where the handbook allows it."),
    )
    patient: PatientInput = strawberry.field(description=PATIENT)
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("预约接种。", "A request for a vaccination."))
class VaccinationBookInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    hospital: str = strawberry.field(description=HOSPITAL)
    visit_at: dt.datetime = strawberry.field(description=VISIT_AT)
    vaccine: str | None = strawberry.field(default=None, description=T("疫苗名称。", "Name of the vaccine."))
    dose: int | None = strawberry.field(default=None, description=T("第几剂，1–99。", "Which dose; 1 to 99."))
    patient: PatientInput = strawberry.field(description=PATIENT)
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("品牌关停后申请转往其他品牌。", "Ask to move to another brand: the own has closed."))
class VaccineBrandTransferRequestInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    reason: str | None = strawberry.field(default=None, description=REASON)


@strawberry.input(description=T("审核转品牌申请。", "Decide a request to move to another brand."))
class VaccineBrandTransferDecideInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    transfer: strawberry.ID = strawberry.field(description=T("申请的编号。", "Id of the request."))
    decision: BrandTransferDecision = strawberry.field(description=T("决定。", "The decision."))
    brand: str | None = strawberry.field(
        default=None, description=T("指定的品牌代码；同意时必填。", "Code of the brand to go to; an approval needs it.")
    )
    reason: str | None = strawberry.field(
        default=None, description=T("理由；不同意时必填。", "The reason; a rejection needs it.")
    )


@strawberry.input(description=T("下单呼吸道检测。", "Order a respiratory test."))
class RespiratoryTestOrderInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    city: str = strawberry.field(description=T("城市代码或名称。", "City, by code or name."))
    address: str = strawberry.field(description=T("采样地址。", "Where the sample is taken."))
    id_type: IdType = strawberry.field(description=T("下单所用证件。", "Paper that the order is made with."))
    phone: str = strawberry.field(description=T("联系电话。", "Phone."))
    insured: strawberry.ID | None = strawberry.field(default=None, description=INSURED)
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("把检测报告交给家庭医生。", "Hand the report of a test to the family doctor."))
class TestReportShareInput:
    __test__ = False  # its name begins as those of test classes do

    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    consultation: strawberry.ID | None = strawberry.field(
        default=None,
        description=T("在其中分享的咨询的编号。", "Id of the consultation that it is shared in."),
    )


@strawberry.input(description=T("完成服务。", "Complete a service."))
class BookingCompleteInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    note: str | None = strawberry.field(default=None, description=NOTE)
    report: strawberry.ID | None = strawberry.field(
        default=None, description=T("检测报告的编号；检测必填。", "Id of the report; a test needs one.")
    )


@strawberry.input(description=T("中途终止服务，权益退回客户。", "Break a service off; the use goes back."))
class BookingTerminateInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    reason: str = strawberry.field(description=REASON)
    cause: TerminationCause | None = strawberry.field(
        default=None, description=T("冒用身份等特别原因。", "A special cause, such as impersonation.")
    )
