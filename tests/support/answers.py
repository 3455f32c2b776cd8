"""What the rules have answered while the tests ran: a whole run fails if a check of a rule never said yes, or never no.

A whole run is one in which every file of `FOLDERS` ran and no test was left out; any other says nothing. Random lives,
which are not the same twice, live elsewhere and count for nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.validation.facts import Facts
from gateway.validation.rulebook import Rulebook
from gateway.validation.verdict import Verdict
from tests.support.checks import CHECKS, kinds
from tests.support.rulebook import ROWS
from tests.support.without_cases import NEVER_NO, NEVER_REFUSED, NEVER_YES

ROOT = Path(__file__).parents[2]
FOLDERS = ("tests/api", "tests/handbooks", "tests/rules")
YES = "PASSED"

Answer = tuple[str, str, str]
"""A rule, one of its checks, and what it said."""

Check = Callable[[Rulebook, Facts], list[Verdict]]


class Answers:
    """Of one process. Workers of pytest-xdist send theirs to the process that started them, which judges."""

    def __init__(self) -> None:
        self.given: set[Answer] = set()
        self.ran: set[str] = set()
        self.is_cut = False
        self.is_counting = False
        self.complaints: list[str] = []

    def pytest_sessionstart(self) -> None:
        Rulebook.check = self._noted(Rulebook.check)

    def _noted(self, check: Check) -> Check:
        def noted(rulebook: Rulebook, facts: Facts) -> list[Verdict]:
            verdicts = check(rulebook, facts)
            if self.is_counting:
                self.given.update((verdict.rule, verdict.check, verdict.status.value) for verdict in verdicts)
            return verdicts

        return noted

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        file = nodeid.partition("::")[0]
        self.ran.add(file)
        self.is_counting = file.startswith(FOLDERS)

    def pytest_deselected(self) -> None:
        self.is_cut = True

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        sent = getattr(node, "workeroutput", {}).get("answers", {})
        self.given.update(tuple(answer) for answer in sent.get("given", ()))
        self.is_cut |= sent.get("is_cut", False)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        output: dict[str, object] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["answers"] = {"given": sorted(self.given), "is_cut": self.is_cut}
        elif exitstatus == pytest.ExitCode.OK and self.is_whole(session.config.args):
            self.complaints = [*missing(self.given), *unexpected(self.given)]
            if self.complaints:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def is_whole(self, args: list[str]) -> bool:
        files = {str(file.relative_to(ROOT)) for folder in FOLDERS for file in (ROOT / folder).glob("test_*.py")}
        return files <= self.ran and not self.is_cut and not any("::" in arg for arg in args)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.complaints:
            terminalreporter.section("cases of rules", red=True, bold=True)
            terminalreporter.write_line("\n".join(self.complaints))


def missing(given: set[Answer]) -> list[str]:
    return [f"{code} {check} never answered {answer}" for code, check, answer in sorted(demanded() - given)]


def unexpected(given: set[Answer]) -> list[str]:
    """Reasons that no longer hold."""
    said = {
        *((code, check, YES) for code, check in NEVER_YES),
        *((code, check, "REFUSED") for code, check in [*NEVER_NO, *NEVER_REFUSED]),
    }
    return [f"{code} {check} is said never to answer {answer}, and did" for code, check, answer in sorted(said & given)]


def demanded() -> set[Answer]:
    asked = {(row.id, check) for row in ROWS.values() for check in row.checks}
    return {(*pair, YES) for pair in asked - set(NEVER_YES)} | {(*pair, no(pair)) for pair in asked - set(NEVER_NO)}


def no(pair: tuple[str, str]) -> str:
    """The firmest answer of a check other than yes; of a pair that never refuses, the one after that."""
    return next(firmness(pair)).upper()


def firmness(pair: tuple[str, str]) -> Iterator[str]:
    return (kind for kind in kinds(CHECKS[pair[1]]) if pair not in NEVER_REFUSED or kind != "refused")
