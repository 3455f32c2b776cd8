"""The schedule of vaccinations in a child's health record."""

import datetime as dt

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.execution.declare import SqlType, column, global_id, sql_type
from gateway.language import T
from gateway.resolvers import vaccinations
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.vaccinations import PREFIX, Dose
from gateway.schema.mutations import KEY, many_of_subject, mutation
from gateway.schema.nodes import Node
from gateway.schema.verdicts import Outcome
from models.health_records import VaccinationReminder as Rows


@sql_type(
    Rows,
    T("健康档案中计划的一针次。", "A dose in the schedule of a health record."),
    prefix=PREFIX,
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class Vaccination(SqlType, Node):
    id: strawberry.ID = global_id(PREFIX, "policy_id", "id")
    vaccine: str = column("vaccine", T("疫苗。", "The vaccine."), sensitive=True)
    dose: int = column("dose", T("第几针。", "Number of the dose."))
    due_on: dt.date = column("due_on", T("到期日。", "Day on which it is due."))
    guidance: str | None = column("guidance", T("接种前后注意事项。", "What to mind before and after."), sensitive=True)
    reminded_at: dt.datetime | None = column(
        "reminded_at", T("提醒家长的时刻；尚未提醒为空。", "When the parents were told; null before that.")
    )
    done_on: dt.date | None = column(
        "done_on", T("接种日；尚未接种为空。", "Day on which it was given; null before that."), sensitive=True
    )


@strawberry.input(description=T("计划的一针次。", "A dose of the schedule."))
class VaccineDoseInput:
    vaccine: str = strawberry.field(description=T("疫苗。", "The vaccine."))
    dose: int = strawberry.field(description=T("第几针，1–99。", "Number of the dose, 1 to 99."))
    due_on: dt.date = strawberry.field(description=T("到期日。", "Day on which it is due."))
    guidance: str | None = strawberry.field(
        default=None, description=T("接种前后注意事项。", "What to mind before and after.")
    )
    done_on: dt.date | None = strawberry.field(
        default=None, description=T("已接种的日期。", "Day on which it was given, if it was.")
    )


@strawberry.input(description=T("记入接种计划。", "A schedule of vaccinations to be put down."))
class VaccinationPlanRecordInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=T("保单号。", "Policy number."))
    insured: strawberry.ID | None = strawberry.field(
        default=None, description=T("被保险人；只有一位可不填。", "The insured; not needed for the only one.")
    )
    doses: list[VaccineDoseInput] = strawberry.field(description=T("针次，1–100。", "The doses, 1 to 100."))


@strawberry.type(description=T("记入接种计划的结果。", "Answer to putting a schedule down."))
class VaccinationPlanRecordPayload(Outcome):
    vaccinations: list[Vaccination] = many_of_subject(
        "Vaccination",
        ("due_on", "vaccine", "dose"),
        T("该被保险人的接种计划中请求者可见者。", "The insured's schedule, as far as the viewer may see it."),
        "policy_id",
        "insured_id",
    )


async def _plan(transaction: Transaction, operation: str, input: VaccinationPlanRecordInput) -> Work:
    doses = [Dose(given.vaccine, given.dose, given.due_on, given.guidance, given.done_on) for given in input.doses]
    return await vaccinations.plan(
        transaction, operation, policy_number=input.policy_number, insured=input.insured, doses=doses
    )


@strawberry.type
class VaccinationMutations:
    vaccination_plan_record = mutation(
        VaccinationPlanRecordInput,
        VaccinationPlanRecordPayload,
        _plan,
        "把接种计划记入健康档案；到期前提醒家长一次。",
        "Put the schedule of vaccinations into the health record; parents are told once before each dose.",
        kinds=(ViewerKind.VENDOR, ViewerKind.STAFF),
    )
