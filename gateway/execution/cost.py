"""What an operation costs: the objects that it may give at most, each by its weight, priced on its actual variables.

A price is made once for an operation. What literals say is added up then; what is left are the few factors that
variables decide, so that pricing a request takes microseconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Protocol

from gateway.execution.keyset import MAXIMUM_SIZE

Variables = Mapping[str, Any]


class Factor(Protocol):
    """How many there are of something."""

    @property
    def constant(self) -> int | None:
        """The same for all variables, where none decides."""
        ...

    def __call__(self, variables: Variables) -> int: ...


@dataclass(slots=True)
class Length:
    """Of a list: the largest that its slicing arguments say, by literals or by variables with their defaults."""

    assumed: int
    written: int | None = None
    variables: Sequence[tuple[str, Any]] = ()
    argument: str | None = None
    tried: int | None = None  # instead, while it is found out which length would fit

    @property
    def constant(self) -> int | None:
        if self.variables:
            return None
        return self.assumed if self.written is None else self.written

    def __call__(self, variables: Variables) -> int:
        if self.tried is not None:
            return self.tried
        longest = self.written
        for name, default in self.variables:
            length = length_of(variables.get(name, default))
            if length is not None and (longest is None or length > longest):
                longest = length
        return self.assumed if longest is None else longest


def length_of(value: Any) -> int | None:
    """What a slicing argument says. A page that is too large is refused by its list, so that it never costs more."""
    if isinstance(value, list):
        return len(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return min(max(value, 0), MAXIMUM_SIZE)
    return 1 if isinstance(value, str) else None  # one id stands for a list of one


@dataclass(frozen=True, slots=True)
class Included:
    """Whether a variable of @include or @skip lets a field be."""

    variable: str
    wanted: bool
    default: Any

    @property
    def constant(self) -> None:
        return None

    def __call__(self, variables: Variables) -> int:
        return int(variables.get(self.variable, self.default) is self.wanted)


@dataclass(frozen=True, slots=True)
class Price:
    """`fixed`, the parts, and of each choice its dearest alternative."""

    fixed: int = 0
    parts: tuple["Part", ...] = ()
    choices: tuple[tuple["Price", ...], ...] = ()

    def of(self, variables: Variables) -> int:
        """The cost with these variables, as they came."""
        total = self.fixed
        for part in self.parts:
            total += part.of(variables)
        for alternatives in self.choices:
            total += max(price.of(variables) for price in alternatives)
        return total

    @property
    def is_fixed(self) -> bool:
        return not self.parts and not self.choices


@dataclass(frozen=True, slots=True)
class Part:
    """A price that counts several times."""

    times: int
    factors: tuple[Factor, ...]
    price: Price

    def of(self, variables: Variables) -> int:
        times = self.times
        for factor in self.factors:
            times *= factor(variables)
        return times * self.price.of(variables) if times else 0


@dataclass(frozen=True, slots=True)
class Branch:
    """A field that costs something, with all that is below it."""

    path: tuple[str, ...]
    weight: int
    times: Sequence[Factor]
    below: "Below"
    length: Length | None = None
    """Of the list that the field is, or that it has among its own fields."""

    def of(self, variables: Variables) -> int:
        return prod(factor(variables) for factor in self.times) * (self.weight + self.below.of(variables))


@dataclass(frozen=True, slots=True)
class Below:
    branches: Sequence[Branch]
    alternatives: Sequence["Below"] = ()

    def of(self, variables: Variables) -> int:
        dearest = max((item.of(variables) for item in self.alternatives), default=0)
        return sum(item.of(variables) for item in self.branches) + dearest


def fold(below: Below) -> Price:
    """The same price without its paths, and with everything added up that no variable decides."""
    fixed, parts = 0, list[Part]()
    for branch in below.branches:
        inner = fold(branch.below)
        times = prod(item.constant for item in branch.times if item.constant is not None)
        factors = tuple(item for item in branch.times if item.constant is None)
        whole = Price(branch.weight + inner.fixed, inner.parts, inner.choices)
        if factors or whole.choices:
            parts.append(Part(times, factors, whole))
        else:
            fixed += times * whole.fixed
            parts.extend(Part(times * part.times, part.factors, part.price) for part in whole.parts)
    alternatives = tuple(fold(item) for item in below.alternatives)
    if all(price.is_fixed for price in alternatives):
        return Price(fixed + max((price.fixed for price in alternatives), default=0), tuple(parts))
    return Price(fixed, tuple(parts), (alternatives,))
