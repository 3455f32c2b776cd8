"""What whoever keeps a child's health record puts into it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import health_records
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.health_records import TEAM, Assessment, Entry
from gateway.resolvers.retractions import Wrong
from gateway.schema.health_records import GrowthAssessment, GrowthAssessmentMode, HealthRecord, HealthRecordEntryKind
from gateway.schema.health_records import HealthRecordEntry as RecordEntry
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.verdicts import Outcome

KEEPERS = (ViewerKind.VENDOR, ViewerKind.STAFF)
WHY = T("理由，家长也会看到。", "Why; the family reads it.")


@strawberry.input
class OfRecord:
    """Whose record it is; no input of the schema by itself."""

    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=T("保单号。", "Policy number."))
    insured: strawberry.ID | None = strawberry.field(
        default=None, description=T("被保险人；只有一位可不填。", "The insured; not needed for the only one.")
    )


def _points(zh: str, en: str) -> Any:
    text = T(f"{zh}，全部重填，至多 50 条；不填则不变。", f"{en}, all of it anew, at most 50; left out, it stays.")
    return strawberry.field(default=None, description=text)


@strawberry.input(description=T("更新健康档案中的长期信息。", "What stays in a health record, put down anew."))
class HealthRecordUpdateInput(OfRecord):
    basics: list[str] | None = _points("基本健康信息", "Basic facts about the child's health")
    family_history: list[str] | None = _points("家族病史", "Illnesses in the family")
    habits: list[str] | None = _points("生活习惯", "Habits")


@strawberry.input(
    description=T("被更正的记录：撤回它，代之以本条。", "The entry that this one is put in the place of.")
)
class HealthRecordCorrectionInput:
    entry: strawberry.ID = strawberry.field(
        description=T("有误的记录，同一份档案中的。", "The entry that is wrong, of the same record.")
    )
    reason: str = strawberry.field(description=WHY)


@strawberry.input(description=T("记入健康档案的一条记录。", "An entry for a health record."))
class HealthRecordEntryAddInput(OfRecord):
    kind: HealthRecordEntryKind = strawberry.field(description=T("种类。", "What it is."))
    on: dt.date = strawberry.field(description=T("发生之日，不晚于今天。", "The day that it is about, until today."))
    title: str | None = strawberry.field(
        default=None, description=T("标题；测量以外必填。", "Title; needed for all but measurements.")
    )
    height_cm: Decimal | None = strawberry.field(
        default=None,
        description=T(
            "身高（厘米），至多一位小数；仅用于测量。", "Height in centimeters, one decimal at most; of a measurement."
        ),
    )
    weight_kg: Decimal | None = strawberry.field(
        default=None,
        description=T(
            "体重（千克），至多两位小数；仅用于测量。", "Weight in kilograms, two decimals at most; of a measurement."
        ),
    )
    note: str | None = strawberry.field(default=None, description=T("说明。", "What is said of it."))
    document: strawberry.ID | None = strawberry.field(
        default=None, description=T("已上传材料的编号。", "Id of an uploaded paper.")
    )
    corrects: HealthRecordCorrectionInput | None = strawberry.field(
        default=None,
        description=T(
            "更正：撤回有误的记录，代之以本条。", "A correction: takes a wrong entry back, and stands for it."
        ),
    )


@strawberry.input(description=T("联合评估的人员姓名。", "Names of those who assess together."))
class GrowthTeamInput:
    pediatrician: str | None = strawberry.field(default=None, description=T("儿科医生。", "The pediatrician."))
    health_manager: str | None = strawberry.field(
        default=None, description=T("儿科健康管家。", "The pediatric health manager.")
    )
    nutritionist: str | None = strawberry.field(default=None, description=T("营养师。", "The nutritionist."))
    rehabilitation_therapist: str | None = strawberry.field(
        default=None, description=T("运动康复师。", "The sports rehabilitation therapist.")
    )


@strawberry.input(description=T("记入生长发育评估。", "An assessment of growth to be put down."))
class GrowthAssessmentRecordInput(OfRecord):
    assessed_on: dt.date = strawberry.field(
        description=T("评估日，不晚于今天。", "Day of the assessment, until today.")
    )
    mode: GrowthAssessmentMode = strawberry.field(description=T("方式。", "How it was done."))
    team: GrowthTeamInput = strawberry.field(
        description=T("评估人员；手册要求四人俱全。", "Who assesses; the handbook has all four.")
    )
    assessment: str = strawberry.field(description=T("评估意见。", "What they think."))
    diet_plan: str | None = strawberry.field(
        default=None,
        description=T(
            "膳食营养补充方案；手册要求提供。", "The personal diet plan, which the handbook has as its result."
        ),
    )


@strawberry.type(description=T("更新健康档案的结果。", "Answer to updating a health record."))
class HealthRecordUpdatePayload(Outcome):
    health_record: HealthRecord | None = of_subject(
        "HealthRecord", T("健康档案；被拒绝则为空。", "The record; null if refused."), "policy_id", "insured_id"
    )


@strawberry.type(description=T("记入健康档案的结果。", "Answer to adding an entry."))
class HealthRecordEntryAddPayload(Outcome):
    entry: RecordEntry | None = of_subject(
        "HealthRecordEntry", T("这条记录；被拒绝则为空。", "The entry; null if refused."), "policy_id", "id"
    )


@strawberry.type(description=T("记入生长发育评估的结果。", "Answer to recording an assessment of growth."))
class GrowthAssessmentRecordPayload(Outcome):
    growth_assessment: GrowthAssessment | None = of_subject(
        "GrowthAssessment", T("评估；被拒绝则为空。", "The assessment; null if refused."), "policy_id", "id"
    )


async def _update(transaction: Transaction, operation: str, input: HealthRecordUpdateInput) -> Work:
    points = {"basics": input.basics, "familyHistory": input.family_history, "habits": input.habits}
    return await health_records.update(
        transaction, operation, policy_number=input.policy_number, insured=input.insured, points=points
    )


async def _add(transaction: Transaction, operation: str, input: HealthRecordEntryAddInput) -> Work:
    entry = Entry(input.kind.value, input.on, input.title, input.height_cm, input.weight_kg, input.note, input.document)
    corrects = None if input.corrects is None else Wrong(input.corrects.entry, input.corrects.reason)
    return await health_records.add_entry(
        transaction,
        operation,
        policy_number=input.policy_number,
        insured=input.insured,
        entry=entry,
        corrects=corrects,
    )


async def _assess(transaction: Transaction, operation: str, input: GrowthAssessmentRecordInput) -> Work:
    team = {column: getattr(input.team, column) for column in TEAM}
    given = Assessment(input.assessed_on, input.mode.value, team, input.assessment, input.diet_plan)
    return await health_records.assess(
        transaction, operation, policy_number=input.policy_number, insured=input.insured, given=given
    )


@strawberry.type
class HealthRecordMutations:
    health_record_update = mutation(
        HealthRecordUpdateInput,
        HealthRecordUpdatePayload,
        _update,
        "更新孩子健康档案中的基本信息、家族病史与生活习惯；须有监护人同意。",
        "Put down what stays in a child's health record: basics, family history, habits. A guardian has to consent.",
        kinds=KEEPERS,
    )
    health_record_entry_add = mutation(
        HealthRecordEntryAddInput,
        HealthRecordEntryAddPayload,
        _add,
        "把体检报告、就诊或身高体重记入健康档案；须有监护人同意。",
        "Put a check-up report, a visit or a measurement into the health record. A guardian has to consent.",
        kinds=KEEPERS,
    )
    growth_assessment_record = mutation(
        GrowthAssessmentRecordInput,
        GrowthAssessmentRecordPayload,
        _assess,
        "记入生长发育评估及膳食方案；须有监护人同意。",
        "Put down how people assess a child's growth, with the diet plan. A guardian has to consent.",
        kinds=KEEPERS,
    )
