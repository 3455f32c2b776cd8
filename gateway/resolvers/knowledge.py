"""What a worker knows by heart: rulebook with its texts, lifecycles and calendar, built from the database's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.postgres.pool import Record
from gateway.repositories import corrections as corrected
from gateway.repositories import rulebook as rows
from gateway.resolvers.texts import RuleTexts, VerdictTexts
from gateway.validation.calendar import Correction, Day, WorkCalendar
from gateway.validation.lifecycles import Lifecycles
from gateway.validation.rule import Rule
from gateway.validation.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Knowledge:
    rulebook: Rulebook
    texts: VerdictTexts
    lifecycles: Lifecycles
    calendar: WorkCalendar


async def load(connection: Any) -> Knowledge:
    """Read once at the start; a changed rulebook is read by a restart, so that one worker never mixes two versions. The
    calendar alone is followed (`gateway.resolvers.calendars`), since its notices come while the gateway runs."""
    rules = await rows.rules(connection)
    return Knowledge(
        rulebook=Rulebook([_rule(row) for row in rules], await rows.version(connection)),
        texts=VerdictTexts(_texts(rules), await rows.check_texts(connection)),
        lifecycles=Lifecycles(await rows.transitions(connection)),
        calendar=await calendar(connection),
    )


async def calendar(connection: Any) -> WorkCalendar:
    """As it stands now, with what it was before.

    Its days are read last: who corrects them meanwhile is not among the corrections, so that it is read once more.
    """
    corrections = [
        Correction(row["on"], row["replaced_at"], Day(row["is_workday"], row["is_official"]))
        for row in await corrected.all_of(connection)
    ]
    days = await rows.calendar(connection)
    return WorkCalendar({on: Day(*known) for on, known in days.items()}, corrections)


def _rule(row: Record) -> Rule:
    return Rule(
        code=row["code"],
        product=row["product_code"],
        position=row["position"],
        kind=row["kind"],
        service=row["service"],
        parameters=row["parameters"],
        operations=frozenset(row["operations"]),
        checks=frozenset(row["checks"]),
    )


def _texts(rules: Sequence[Record]) -> dict[str, RuleTexts]:
    return {
        row["code"]: RuleTexts(
            statement={"zh": row["statement_zh"], "en": row["statement_en"]},
            texts={kind: text for kind, text in row["texts"].items() if text is not None},
            has_many_checks=len(row["checks"]) > 1,
        )
        for row in rules
    }
