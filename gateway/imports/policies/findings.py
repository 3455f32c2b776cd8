"""What reading a file of policies has found so far."""

from dataclasses import dataclass, field

from gateway.imports.lines import Problem


@dataclass(slots=True)
class Tally:
    """What has been found so far; `first_lines` tells where a number began, `torn` which may not be kept."""

    read: int = 0
    written: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    first_lines: dict[str, int] = field(default_factory=dict)
    torn: set[str] = field(default_factory=set)
