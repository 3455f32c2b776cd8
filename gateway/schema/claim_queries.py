"""What a claim needs, before it is filed."""

from collections.abc import Sequence
from typing import Any

import strawberry

from gateway.context import Context
from gateway.execution.declare import filled, from_python, to_one
from gateway.language import T
from gateway.resolvers import claim_asking
from gateway.schema.claim_enums import ClaimChannel
from gateway.schema.claim_filing import filing_of
from gateway.schema.claim_inputs import ClaimChecklistInput
from gateway.schema.claim_parts import READ
from gateway.schema.rules import Rule, Verdict
from gateway.schema.verdicts import shown


@strawberry.type(description=T("理赔所需的一份材料。", "A paper that a claim needs."))
class ClaimChecklistItem:
    kind: str = strawberry.field(description=T("材料种类。", "Kind of paper."))
    is_required: bool = strawberry.field(
        description=T(
            "是否须交；系统生成或直接填写的不须交。", "Whether it is; not what the system or the form supplies."
        )
    )
    alternatives: list[str] = from_python(
        lambda needed, _context: list(needed.alternatives),
        T("合起来可以代替它的种类。", "Kinds that together stand for it."),
    )
    rule: Rule = to_one("Rule", T("依据的规则。", "The rule that asks for it."), code="rule")


@strawberry.type(description=T("理赔所需材料与渠道。", "Which papers a claim needs, and by which channel."))
class ClaimChecklist:
    """Its value is what the resolver found (`gateway.resolvers.claim_asking.Checklist`)."""

    channel: ClaimChannel = from_python(
        lambda found, _context: ClaimChannel(found.channel), T("渠道。", "The channel.")
    )
    documents: list[ClaimChecklistItem] = from_python(
        lambda found, _context: list(found.documents), T("材料，依手册顺序。", "The papers, in handbook order.")
    )
    verdicts: list[Verdict] = from_python(
        lambda found, context: shown(found.verdicts, context), T("所查的规则。", "The rules that were asked.")
    )


async def _checklist(context: Context, rows: Sequence[Any], input: ClaimChecklistInput) -> list[Any]:
    found = await claim_asking.checklist(context, filing_of(input))
    return [found for _ in rows]


@strawberry.type
class ClaimAnswers:
    claim_checklist: ClaimChecklist = filled(
        _checklist,
        T(
            "提交前：所需材料、渠道与能否理赔。",
            "Before a claim: its papers, its channel, and whether it is possible.",
        ),
        scope=READ,
        input=(ClaimChecklistInput, T("要申请的理赔。", "What is to be claimed.")),
    )
