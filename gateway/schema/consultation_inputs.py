"""Inputs of consultations, of other services that are answered, and of messages for customer service."""

import datetime as dt

import strawberry

from gateway.language import T
from gateway.schema.booking_inputs import BOOKING_ID, PatientInput
from gateway.schema.consultation_enums import (
    ConsultationMode,
    ConsultationTopic,
    DrugQuestionCategory,
)
from gateway.schema.doctors import DoctorInput
from gateway.schema.enums import IdType, ServiceKind
from gateway.schema.mutations import KEY

POLICY_NUMBER = T("保单号。", "Policy number.")
QUESTION = T("问题。", "The question.")
ACKNOWLEDGED = T(
    "已确认的告知编号，见 `disclosures`。", "Ids of disclosures that the client has read; see `disclosures`."
)
WHOM = T(
    "问题所涉的被保险人；保单只有一位时可不填。",
    "The insured whom it is about; may be left out where the policy has but one.",
)


@strawberry.input(description=T("向医生提问。", "A question to a doctor."))
class ConsultationStartInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    mode: ConsultationMode = strawberry.field(description=T("方式。", "How the doctor is asked."))
    topic: ConsultationTopic = strawberry.field(description=T("主题。", "What it is about."))
    question: str = strawberry.field(description=QUESTION)
    phone: str | None = strawberry.field(default=None, description=T("回电号码。", "Number to be called at."))
    patient: PatientInput | None = strawberry.field(default=None, description=WHOM)
    is_by_phone: bool = strawberry.field(
        default=False,
        description=T("家庭医生：是否希望医生致电。", "The family doctor: whether a call is wanted rather than text."),
    )
    documents: list[strawberry.ID] = strawberry.field(
        default_factory=list, description=T("已上传图片的编号。", "Ids of uploaded pictures and papers.")
    )
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("已经结束的一通电话。", "A call that is over."))
class ConsultationCallInput:
    started_at: dt.datetime = strawberry.field(description=T("开始的时刻。", "When it began."))
    ended_at: dt.datetime = strawberry.field(description=T("结束的时刻。", "When it ended."))


@strawberry.input(
    description=T("医生答复；客户补充问题也用它。", "An answer of the doctor; a client adds to the question by it.")
)
class ConsultationReplyInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    content: str = strawberry.field(description=T("内容。", "What is said."))
    doctor: DoctorInput | None = strawberry.field(
        default=None,
        description=T("答复的医生；写明一次即可。", "Who answers; once stated, it need not be stated again."),
    )
    call: ConsultationCallInput | None = strawberry.field(
        default=None, description=T("以电话答复时的通话。", "The call, where the answer was given by phone.")
    )
    suggestions: list[str] = strawberry.field(
        default_factory=list,
        description=T("体检项目建议：建议的项目。", "For a check-up plan: the suggested examinations."),
    )


@strawberry.input(description=T("结束咨询。", "The end of a consultation."))
class ConsultationCloseInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=BOOKING_ID)
    summary: str | None = strawberry.field(
        default=None, description=T("发给客户的书面小结。", "The written summary that goes to the client.")
    )


@strawberry.input(description=T("核实身份的个人信息。", "What a person is verified by."))
class PersonInfoInput:
    name: str = strawberry.field(description=T("姓名。", "Name."))
    id_type: IdType = strawberry.field(description=T("证件类型。", "Kind of identity paper."))
    id_number: str = strawberry.field(
        description=T("证件号码，只用于核对，不另保存。", "Number of the paper; compared, and not kept.")
    )


@strawberry.input(description=T("药品咨询。", "A question about a drug."))
class DrugQuestionAskInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    category: DrugQuestionCategory = strawberry.field(description=T("类别。", "What it concerns."))
    question: str = strawberry.field(description=QUESTION)
    phone: str = strawberry.field(description=T("回电号码。", "Number to be called at."))
    drug: strawberry.ID | None = strawberry.field(
        default=None, description=T("药品编号，见 `drugs`。", "Id of the drug; see `drugs`.")
    )
    person: PersonInfoInput | None = strawberry.field(
        default=None, description=T("被保险人的个人信息。", "The insured, for verification.")
    )
    acknowledged: list[strawberry.ID] = strawberry.field(default_factory=list, description=ACKNOWLEDGED)


@strawberry.input(description=T("申请体检项目建议。", "A request for a check-up plan."))
class CheckupPlanRequestInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    patient: PatientInput | None = strawberry.field(default=None, description=WHOM)
    family_history: list[str] = strawberry.field(
        default_factory=list, description=T("家族病史。", "Illnesses in the family.")
    )
    habits: list[str] = strawberry.field(default_factory=list, description=T("生活习惯。", "Habits."))


@strawberry.input(description=T("申请现场协助。", "A request for help on site."))
class OnsiteAssistanceRequestInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    hospital: str = strawberry.field(description=T("医院代码。", "Code of the hospital."))
    visit_at: dt.datetime = strawberry.field(description=T("就诊时刻。", "When the visit begins."))
    patient: PatientInput | None = strawberry.field(default=None, description=WHOM)


@strawberry.input(description=T("给客服留言。", "A message for customer service."))
class MessageLeaveInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    content: str = strawberry.field(description=T("内容。", "What it says."))
    service: ServiceKind | None = strawberry.field(
        default=None, description=T("所涉的服务。", "The service that it is about.")
    )
    phone: str | None = strawberry.field(default=None, description=T("回电号码。", "Number to be called at."))


@strawberry.input(description=T("投诉或建议。", "A complaint or a suggestion."))
class ComplaintCreateInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY_NUMBER)
    content: str = strawberry.field(description=T("内容。", "What it says."))
    booking: strawberry.ID | None = strawberry.field(
        default=None, description=T("所涉的预约。", "The booking that it is about.")
    )
