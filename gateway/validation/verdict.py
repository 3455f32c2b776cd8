"""What a rule answers: never a bool, never an exception."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Value = str | int
"""What a text may show: counts, and dates already written for people."""


class Status(StrEnum):
    PASSED = "PASSED"
    REFUSED = "REFUSED"
    WARNED = "WARNED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one rule, with the values that its text shows and the way out where there is one."""

    rule: str
    status: Status
    input_path: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    passes_from: dt.datetime | None = None
    is_estimated: bool = False
    check: str = ""  # name of the function that judged

    def by(self, check: str) -> "Verdict":
        """The same, signed by the check that judged. Written out, since a request has dozens of them."""
        return Verdict(self.rule, self.status, self.input_path, self.values, self.passes_from, self.is_estimated, check)

    def as_data(self) -> dict[str, Any]:
        """As it is stored. From when on the request would pass depends on when it is asked, and is not."""
        return {
            "rule": self.rule,
            "check": self.check,
            "status": self.status.value,
            "path": list(self.input_path),
            "values": dict(self.values),
            "is_estimated": self.is_estimated,
        }

    @property
    def is_refusal(self) -> bool:
        return self.status is Status.REFUSED
