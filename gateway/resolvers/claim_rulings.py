"""What is taken off each line of a claim, with its reason and rules, and the sums that this leaves."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import claims as rows
from gateway.resolvers import inputs
from gateway.resolvers.commands import Transaction
from gateway.validation.adjudication import NOTHING, Cut, OutOfBalance, Sums, settle, total
from gateway.validation.retelling import read, told


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided of one line, by its place in the claim."""

    position: int
    excluded: Decimal | None
    other: Decimal | None
    deductible: Decimal | None
    copay: Decimal | None
    copay_percent: Decimal | None
    reason: str | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A line with what is taken off it, and the sums that this leaves."""

    line: uuid.UUID
    cut: Cut
    sums: Sums
    reason: str | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    lines: tuple[Ruled, ...]
    reason: str | None
    rules: tuple[str, ...]

    @property
    def sums(self) -> Sums:
        return total([line.sums for line in self.lines])


async def ruled(
    transaction: Transaction,
    row: Mapping[str, Any],
    rulings: Sequence[Ruling],
    reason: str | None,
    rules: Sequence[str],
) -> Decision:
    """One ruling for every line, balanced, with its reason where something is not paid for."""
    lines = {position: (key, asked) for key, position, asked in row["lines"]}
    if sorted(ruling.position for ruling in rulings) != sorted(lines):
        raise bad_input(f"Decide every line once: {', '.join(map(str, sorted(lines)))}.", "input", "lines")
    made = tuple(
        _ruled(*lines[ruling.position], ruling, "input", "lines", str(place)) for place, ruling in enumerate(rulings)
    )
    cited = {code for line in made for code in line.rules} | set(rules)
    unknown = cited - await rows.rules_of(transaction.connection, row["product_code"], list(cited)) if cited else None
    if unknown:
        raise bad_input(f"No rule of this product: {', '.join(sorted(unknown))}.", *_citing(made, unknown), "rules")
    decision = Decision(made, inputs.text(reason, "input", "reason"), tuple(dict.fromkeys(rules)))
    if decision.sums.outcome != "APPROVED":
        inputs.required(decision.reason, "input", "reason")
    return decision


def _citing(made: Sequence[Ruled], unknown: set[str]) -> tuple[str, ...]:
    """Which line names one of these rules, or else the decision itself."""
    places = (("input", "lines", str(place)) for place, line in enumerate(made) if unknown & set(line.rules))
    return next(places, ("input",))


def _ruled(line: uuid.UUID, asked: Decimal, ruling: Ruling, *path: str) -> Ruled:
    def amount(field: str, value: Decimal | None) -> Decimal | None:
        return inputs.amount(value, *path, field)

    cut = Cut(
        excluded=amount("excluded", ruling.excluded) or NOTHING,
        other=amount("other", ruling.other) or NOTHING,
        deductible=amount("deductible", ruling.deductible) or NOTHING,
        copay=amount("copay", ruling.copay),
        copay_percent=ruling.copay_percent,
    )
    try:
        sums = settle(asked, cut)
    except OutOfBalance as wrong:
        raise bad_input(f"Line {ruling.position}: {wrong}", *path, wrong.field) from None
    reason = inputs.text(ruling.reason, *path, "reason")
    if sums.outcome != "APPROVED":
        reason = inputs.required(reason, *path, "reason")
    return Ruled(line, cut, sums, reason, tuple(dict.fromkeys(ruling.rules)))


def told_of(decision: Decision) -> dict[str, Any]:
    """A decision as the event that proposes it keeps it."""
    lines = [
        {
            "line": str(line.line),
            "cut": told(line.cut),
            "sums": {name: str(value) for name, value in asdict(line.sums).items()},
            "reason": line.reason,
            "rules": list(line.rules),
        }
        for line in decision.lines
    ]
    return {"lines": lines, "rules": list(decision.rules)}


def proposed(details: Mapping[str, Any], reason: str | None) -> Decision:
    lines = tuple(
        Ruled(
            uuid.UUID(line["line"]),
            read(Cut, line["cut"]),
            Sums(**{name: Decimal(value) for name, value in line["sums"].items()}),
            line["reason"],
            tuple(line["rules"]),
        )
        for line in details["lines"]
    )
    return Decision(lines, reason, tuple(details["rules"]))
