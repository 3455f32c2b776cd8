"""What decisions were shown is kept, so that they can be judged once more (`gateway decisions replay`)."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.context import Context
from gateway.repositories import writes
from gateway.repositories.writes import Writes
from gateway.validation import replay
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict
from models.base import new_id

DECISIONS = frozenset(
    {
        *("preAuthReview", "preAuthInquire", "preAuthDecide", "preAuthApprove", "emergencyNoticeDecide"),
        *("advanceReview", "advanceAuthorize", "advanceSettle", "repaymentWaive"),
        *("appealDecide", "appealExtend", "billWaive", "billDisputeDecide", "cardReinstate"),
    }
)
"""Operations by which somebody decides on a case. Those on claims keep what they were shown with the decision."""


async def keep(
    pending: Writes, context: Context, about: Any, facts: Facts, verdicts: Sequence[Verdict], decided: Mapping[str, Any]
) -> None:
    """Nothing of who a patient is, nor of what a form said: where facts tell of that, the judgement is not kept."""
    if facts.operation not in DECISIONS or facts.patient is not None or facts.form:
        return
    judgement = {
        "policy_id": about.policy_id,
        "id": new_id(),
        "subject_id": about.id,
        "operation": facts.operation,
        "actor": context.viewer.principal,
        "facts": {**replay.kept(context.services.rulebook, facts, verdicts), "decided": dict(decided)},
        "rulebook": context.services.rulebook.version,
        "at": context.now,
    }
    await writes.insert(pending, "judgements", judgement)
