"""Taking back what was put into a health record in error."""

import strawberry

from gateway.language import T
from gateway.resolvers import retractions
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.retractions import ASSESSMENT, ENTRY
from gateway.schema.health_record_mutations import KEEPERS, WHY
from gateway.schema.health_records import GrowthAssessment
from gateway.schema.health_records import HealthRecordEntry as RecordEntry
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.verdicts import Outcome


@strawberry.input(description=T("撤回健康档案的一条记录。", "An entry of a health record to be taken back."))
class HealthRecordEntryRetractInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    entry: strawberry.ID = strawberry.field(description=T("记录的编号。", "Id of the entry."))
    reason: str = strawberry.field(description=WHY)


@strawberry.input(description=T("撤回一次生长发育评估。", "An assessment of growth to be taken back."))
class GrowthAssessmentRetractInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    growth_assessment: strawberry.ID = strawberry.field(description=T("评估的编号。", "Id of the assessment."))
    reason: str = strawberry.field(description=WHY)


@strawberry.type(description=T("撤回记录的结果。", "Answer to taking an entry back."))
class HealthRecordEntryRetractPayload(Outcome):
    entry: RecordEntry | None = of_subject(
        "HealthRecordEntry", T("已撤回的记录。", "The entry that was taken back."), "policy_id", "id"
    )


@strawberry.type(description=T("撤回评估的结果。", "Answer to taking an assessment back."))
class GrowthAssessmentRetractPayload(Outcome):
    growth_assessment: GrowthAssessment | None = of_subject(
        "GrowthAssessment", T("已撤回的评估。", "The assessment that was taken back."), "policy_id", "id"
    )


async def _entry(transaction: Transaction, operation: str, input: HealthRecordEntryRetractInput) -> Work:
    return await retractions.retract(transaction, operation, ENTRY, id=input.entry, reason=input.reason)


async def _assessment(transaction: Transaction, operation: str, input: GrowthAssessmentRetractInput) -> Work:
    return await retractions.retract(
        transaction, operation, ASSESSMENT, id=input.growth_assessment, reason=input.reason
    )


@strawberry.type
class HealthRecordRetractions:
    health_record_entry_retract = mutation(
        HealthRecordEntryRetractInput,
        HealthRecordEntryRetractPayload,
        _entry,
        "撤回健康档案中有误的记录：原文保留并注明理由，`entries(withRetracted: true)` 可查；"
        "要改正请用 healthRecordEntryAdd 的 `corrects`。",
        "Take back an entry that is wrong. It stays, with the reason, under `entries(withRetracted: true)`; to put "
        "another in its place at once, send healthRecordEntryAdd with `corrects`.",
        kinds=KEEPERS,
    )
    growth_assessment_retract = mutation(
        GrowthAssessmentRetractInput,
        GrowthAssessmentRetractPayload,
        _assessment,
        "撤回有误的生长发育评估：原文保留并注明理由，见 `retractedGrowthAssessments`。",
        "Take back an assessment of growth that is wrong. It stays, with the reason, in `retractedGrowthAssessments`.",
        kinds=KEEPERS,
    )
