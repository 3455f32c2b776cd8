"""Verdicts as clients read them, and what every mutation answers."""

from collections.abc import Iterable
from typing import Any

import strawberry

from gateway.context import Context
from gateway.execution.declare import from_python
from gateway.language import T
from gateway.resolvers.commands import Outcome as Result
from gateway.schema.rules import Verdict
from gateway.validation import verdict as judged


def shown(verdicts: Iterable[judged.Verdict], _context: Context) -> list[Any]:
    """Verdicts as values of the GraphQL type, which words them where they are selected."""
    return list(verdicts)


def _verdicts(payload: Any, _context: Context) -> list[judged.Verdict]:
    return list(payload.result.verdicts)


def _refusals(payload: Any, _context: Context) -> list[judged.Verdict]:
    return [verdict for verdict in payload.result.verdicts if verdict.is_refusal]


@strawberry.interface(description=T("每个变更的回答。", "What every mutation answers."))
class Outcome:
    is_dry_run: bool = from_python(
        lambda payload, _context: payload.result.is_dry_run,
        T("是否试运行，未留下任何改动。", "Whether it was a dry run, which changes nothing."),
    )
    is_replay: bool = from_python(
        lambda payload, _context: payload.result.is_replay,
        T("该幂等键此前已答复，未再次执行。", "This key was answered before; nothing was done again."),
    )
    verdicts: list[Verdict] = from_python(
        _verdicts, T("所查的全部规则，按手册次序。", "Every rule that was looked at, in handbook order.")
    )
    refusals: list[Verdict] = from_python(
        _refusals,
        T(
            "其中被拒绝的；不为空时结果对象为 null。",
            "Those that refuse; the result object is null exactly when there are any.",
        ),
    )
    result: strawberry.Private[Result]
