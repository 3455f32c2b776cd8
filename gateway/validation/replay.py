"""What a decision keeps of its judgement, and the same judgement once more: by its own rules, or by others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from decimal import Decimal
from typing import Any

from gateway.validation.adjudication import Cut, settle, total
from gateway.validation.authorization import Granted
from gateway.validation.calendar import WorkCalendar
from gateway.validation.facts import Facts
from gateway.validation.retelling import facts_told, read, told
from gateway.validation.rule import Rule
from gateway.validation.rulebook import Rulebook
from gateway.validation.verdict import Verdict


def kept(rulebook: Rulebook, facts: Facts, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The facts, what the rules answered, and the rules themselves: their numbers may be others tomorrow."""
    governing = rulebook.governing(facts.operation, facts.product, facts.service)
    rules = {rule.code: told(rule) for rule, _ in governing}
    return {
        "facts": facts_told(facts),
        "rules": list(rules.values()),
        "verdicts": [verdict.as_data() for verdict in verdicts],
    }


def is_kept(decision: Mapping[str, Any]) -> bool:
    """Decisions that were not made here, such as those of the demo, have nothing to be looked at."""
    return "verdicts" in decision["facts"]


def differences(decision: Mapping[str, Any], calendar: WorkCalendar, rulebook: Rulebook | None = None) -> list[str]:
    """Where a stored decision would come out otherwise now."""
    return [
        *_other_verdicts(decision["facts"]["verdicts"], verdicts_again(decision["facts"], calendar, rulebook)),
        *_other_sums(decision),
    ]


def other_judgement(
    judgement: Mapping[str, Any], calendar: WorkCalendar, rulebook: Rulebook | None = None
) -> list[str]:
    """Where a judgement would come out otherwise now: what the rules answer, and what was granted in all."""
    found = _other_verdicts(judgement["verdicts"], verdicts_again(judgement, calendar, rulebook))
    if not judgement["decided"]:
        return found
    then = read(Granted, judgement["decided"])
    again = Granted.of(then.decisions, then.amounts)
    return found if then == again else [*found, f"{then.outcome} {then.total}, now {again.outcome} {again.total}"]


def verdicts_again(
    judgement: Mapping[str, Any], calendar: WorkCalendar | None = None, rulebook: Rulebook | None = None
) -> list[dict[str, Any]]:
    """What the checks answer now, by the rules that were kept, unless others are given."""
    facts = replace(read(Facts, judgement["facts"]), calendar=calendar)
    book = rulebook or Rulebook(read(Rule, rule) for rule in judgement["rules"])
    return [verdict.as_data() for verdict in book.check(facts)]


def _other_verdicts(then: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> list[str]:
    before, after = ({(item["rule"], item["check"]): item for item in some} for some in (then, now))
    places = sorted({*before, *after})
    return [
        f"{rule} {check}: {_status(before.get((rule, check)))}, now {_status(after.get((rule, check)))}"
        for rule, check in places
        if before.get((rule, check)) != after.get((rule, check))
    ]


def _status(verdict: Mapping[str, Any] | None) -> str:
    return f"{verdict['status']} {verdict['values']}" if verdict else "not asked"


def _other_sums(decision: Mapping[str, Any]) -> list[str]:
    cuts = {line: read(Cut, cut) for line, cut in decision["facts"]["cuts"].items()}
    again = {line: settle(asked, cuts[str(line)]) for line, asked, *_ in decision["lines"]}
    found = [
        f"line {line}: {_written(sums)}, now {_written(astuple(again[line]))}"
        for line, *sums in decision["lines"]
        if tuple(sums) != astuple(again[line])
    ]
    whole = total(list(again.values()))
    if (decision["outcome"], *decision["sums"]) != (whole.outcome, *astuple(whole)):
        found.append(
            f"{decision['outcome']} {_written(decision['sums'])}, now {whole.outcome} {_written(astuple(whole))}"
        )
    return found


def _written(sums: Iterable[Decimal]) -> str:
    return " ".join(map(str, sums))
