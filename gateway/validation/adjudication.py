"""What a decision pays of each line, to the cent: what is asked is paid, deducted, shared or excluded, and no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
HUNDRED = Decimal(100)


class OutOfBalance(ValueError):
    """The parts of a line come to more than the line, or are given twice. `field` is the part at fault."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Cut:
    """What is taken off a line. The client's share is an amount or a percentage of what the cover allows beyond the
    deductible, never both."""

    excluded: Decimal = NOTHING
    other: Decimal = NOTHING
    deductible: Decimal = NOTHING
    copay: Decimal | None = None
    copay_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """`asked` is always `paid + deductible + copay + excluded + other`."""

    asked: Decimal
    allowed: Decimal
    deductible: Decimal
    copay: Decimal
    excluded: Decimal
    other: Decimal
    paid: Decimal

    @property
    def outcome(self) -> str:
        """Deductible and share are terms of the cover: what they leave unpaid is no refusal."""
        if self.excluded + self.other == 0:
            return "APPROVED"
        return "PARTIALLY_APPROVED" if self.paid > 0 else "REFUSED"


def settle(asked: Decimal, cut: Cut) -> Sums:
    """The sums of one line; a percentage is rounded half up, once."""
    allowed = asked - cut.excluded - cut.other
    if allowed < 0:
        raise OutOfBalance("excluded", f"More is taken off than the {asked} that the line asks for.")
    if cut.deductible > allowed:
        raise OutOfBalance("deductible", f"The deductible is more than the {allowed} that is allowed.")
    copay = _copay(allowed - cut.deductible, cut)
    return Sums(
        asked=asked,
        allowed=allowed,
        deductible=cut.deductible,
        copay=copay,
        excluded=cut.excluded,
        other=cut.other,
        paid=allowed - cut.deductible - copay,
    )


def total(lines: Sequence[Sums]) -> Sums:
    """A decision is the sum of its lines."""
    return Sums(
        asked=_sum(line.asked for line in lines),
        allowed=_sum(line.allowed for line in lines),
        deductible=_sum(line.deductible for line in lines),
        copay=_sum(line.copay for line in lines),
        excluded=_sum(line.excluded for line in lines),
        other=_sum(line.other for line in lines),
        paid=_sum(line.paid for line in lines),
    )


def _copay(base: Decimal, cut: Cut) -> Decimal:
    if cut.copay is not None and cut.copay_percent is not None:
        raise OutOfBalance("copay", "Give the client's share as an amount or as a percentage, not both.")
    if cut.copay_percent is not None:
        if not 0 <= cut.copay_percent <= HUNDRED:
            raise OutOfBalance("copayPercent", "Expected a percentage from 0 to 100.")
        return (base * cut.copay_percent / HUNDRED).quantize(CENT, ROUND_HALF_UP)
    copay = cut.copay or NOTHING
    if copay > base:
        raise OutOfBalance("copay", f"The client's share is more than the {base} that is left of the line.")
    return copay


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
