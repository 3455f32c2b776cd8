"""A row of the rulebook as the checks see it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gateway.validation.verdict import Status, Value, Verdict

if TYPE_CHECKING:
    from gateway.validation.facts import Facts


@dataclass(frozen=True, slots=True)
class Rule:
    """Its id, its numbers, what it governs, and the four answers it can give."""

    code: str
    product: str
    position: int
    kind: str = "HARD"
    service: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    operations: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()

    def passed(self, **values: Value) -> Verdict:
        return Verdict(self.code, Status.PASSED, values=values)

    def refused(self, *path: str, passes_from: dt.datetime | None = None, **values: Value) -> Verdict:
        return Verdict(self.code, Status.REFUSED, path, values, passes_from)

    def warned(self, *path: str, **values: Value) -> Verdict:
        return Verdict(self.code, Status.WARNED, path, values)

    def unknown(self, *path: str, **values: Value) -> Verdict:
        return Verdict(self.code, Status.UNKNOWN, path, values)


Check = Callable[[Rule, "Facts"], Verdict]
"""One question to a rule: what it says of the facts."""
