"""Verdicts as clients read them, and what every mutation answers."""

from collections.abc import Iterable
from typing import Any

import strawberry

from gateway.context import Context
from gateway.language import T
from gateway.resolvers.commands import Outcome as Result
from gateway.schema.enums import VerdictStatus
from gateway.schema.rules import Verdict
from gateway.validation import verdict as judged


def shown(verdicts: Iterable[judged.Verdict], context: Context) -> list[Verdict]:
    """Verdicts in the request's language."""
    texts = context.services.texts
    return [
        Verdict(
            code=verdict.rule,
            status=VerdictStatus(verdict.status.value),
            message=texts.message(verdict, context.language),
            input_path=list(verdict.input_path),
            passes_from=verdict.passes_from,
            remedy=texts.remedy(verdict, context.language),
            is_estimated=verdict.is_estimated,
        )
        for verdict in verdicts
    ]


@strawberry.interface(description=T("每个变更的回答。", "What every mutation answers."))
class Outcome:
    is_dry_run: bool = strawberry.field(
        description=T("是否试运行，未留下任何改动。", "Whether it was a dry run, which changes nothing.")
    )
    is_replay: bool = strawberry.field(
        description=T("该幂等键此前已答复，未再次执行。", "This key was answered before; nothing was done again.")
    )
    verdicts: list[Verdict] = strawberry.field(
        description=T("所查的全部规则，按手册次序。", "Every rule that was looked at, in handbook order.")
    )
    refusals: list[Verdict] = strawberry.field(
        description=T(
            "其中被拒绝的；不为空时结果对象为 null。",
            "Those that refuse; the result object is null exactly when there are any.",
        )
    )
    result: strawberry.Private[Result]


def answered(result: Result, context: Context) -> dict[str, Any]:
    """The fields that all payloads share."""
    verdicts = shown(result.verdicts, context)
    return {
        "is_dry_run": result.is_dry_run,
        "is_replay": result.is_replay,
        "verdicts": verdicts,
        "refusals": [verdict for verdict in verdicts if verdict.status is VerdictStatus.REFUSED],
        "result": result,
    }
