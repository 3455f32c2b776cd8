"""Whether authorization is needed first, and whether a letter of guarantee is what it says."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import strawberry

from gateway.context import Context
from gateway.execution.declare import filled, from_python, to_one
from gateway.language import T
from gateway.resolvers import guarantees, preauth_requirements
from gateway.schema.case_enums import LetterStatus
from gateway.schema.hospitals import Hospital
from gateway.schema.preauth_inputs import PreAuthRequirementInput
from gateway.schema.preauth_mutations import asking_of
from gateway.schema.preauths import READ
from gateway.schema.rules import Rule, Verdict
from gateway.schema.verdicts import shown


@strawberry.type(
    description=T("须先取得授权的一个项目及其依据。", "An item that needs authorization, and by which rule.")
)
class PreAuthMatch:
    position: int = strawberry.field(description=T("项目的序号，自 1 起。", "Place of the item, from 1 on."))
    rule: Rule = to_one("Rule", T("依据的规则。", "The rule that lists it."), code="rule")


@strawberry.type(description=T("是否须先取得授权。", "Whether authorization is needed first."))
class PreAuthRequirement:
    """Its value is what the resolver found (`gateway.resolvers.preauth_requirements.Requirement`)."""

    is_required: bool = strawberry.field(
        description=T(
            "是否须先取得授权；所填医院不能直付时不需要。",
            "Whether it is; never for a hospital that is named and does not bill directly.",
        )
    )
    matches: list[PreAuthMatch] = from_python(
        lambda found, _context: list(found.matches),
        T("清单所列的项目，逐项逐条。", "Every item that a rule lists, and every such rule."),
    )
    latest_on: dt.date | None = strawberry.field(description=T("最晚提交日（含）。", "Last day, included, for asking."))
    is_estimated: bool = strawberry.field(
        description=T(
            "最晚提交日是否依据尚未公布的工作日历。",
            "Whether that day rests on a working-day calendar that is not published yet.",
        )
    )
    verdicts: list[Verdict] = from_python(
        lambda found, context: shown(found.verdicts, context), T("所查的规则。", "The rules that were asked.")
    )


@strawberry.type(description=T("医院对担保函的核验结果。", "What a hospital learns of a letter whose code it holds."))
class GuaranteeLetterCheck:
    number: str = strawberry.field(description=T("编号。", "Its number."))
    status: LetterStatus = from_python(
        lambda found, _context: LetterStatus(found.status), T("此刻的状态。", "Its state at this moment.")
    )
    is_usable: bool = strawberry.field(description=T("此刻能否支取。", "Whether it can be drawn on now."))
    hospital: Hospital | None = to_one("Hospital", T("医院。", "The hospital."), code="hospital_code")
    patient_name: str = strawberry.field(description=T("患者姓氏。", "The patient's surname."))
    ceiling: Decimal = strawberry.field(description=T("最高金额（元）。", "The most that it promises, in CNY."))
    remaining: Decimal = strawberry.field(description=T("余额（元）。", "What is left, in CNY."))
    starts_on: dt.date = strawberry.field(description=T("首日。", "First day."))
    ends_on: dt.date = strawberry.field(description=T("末日（含）。", "Last day, included."))


async def _requirement(context: Context, rows: Sequence[Any], input: PreAuthRequirementInput) -> list[Any]:
    found = await preauth_requirements.requirement(context, asking_of(input))
    return [found for _ in rows]


async def _check(context: Context, rows: Sequence[Any], number: str, code: str) -> list[Any]:
    found = await guarantees.verify(context, number, code)
    return [found for _ in rows]


@strawberry.type
class PreAuthAnswers:
    pre_auth_requirement: PreAuthRequirement = filled(
        _requirement,
        T(
            "治疗前是否须先取得授权、依据与最晚提交日。",
            "Whether a treatment needs authorization first, why, and until when to ask.",
        ),
        scope=READ,
        input=(PreAuthRequirementInput, T("要做的治疗。", "What is to be done.")),
    )
    guarantee_letter_check: GuaranteeLetterCheck | None = filled(
        _check,
        T(
            "凭编号和代码核验担保函；不存在或代码不符均为 null。供医院与员工使用。",
            "Verify a letter by number and code; null both for none and for a wrong code. For hospitals and staff.",
        ),
        scope=READ,
        number=(str, T("担保函编号。", "Number of the letter.")),
        code=(str, T("核验代码。", "Its code.")),
    )
