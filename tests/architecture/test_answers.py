"""The ledger of answers (tests/support/answers.py) misses what no rule has said, in a whole run and in no other."""

from types import SimpleNamespace

import pytest

from tests.support.answers import FOLDERS, ROOT, Answers, demanded, missing, unexpected
from tests.support.checks import CHECKS, kinds
from tests.support.rulebook import ROWS
from tests.support.without_cases import NEVER_NO, NEVER_REFUSED, NEVER_YES

PAIRS = {(row.id, check) for row in ROWS.values() for check in row.checks}
REASONS = {**NEVER_NO, **NEVER_REFUSED, **NEVER_YES}


@pytest.fixture
def answers() -> Answers:
    """After a run in which everything was asked."""
    found = Answers()
    found.given = demanded()
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).glob("test_*.py")):
            found.pytest_runtest_logstart(f"{file.relative_to(ROOT)}::test_x")
    return found


def finish(answers: Answers, *args: str, exitstatus: int = 0) -> int:
    session = SimpleNamespace(config=SimpleNamespace(args=list(args)), exitstatus=exitstatus)
    answers.pytest_sessionfinish(session, exitstatus)  # type: ignore[arg-type]
    return int(session.exitstatus)


def test_every_check_of_every_rule_says_yes_and_no_or_has_a_reason() -> None:
    said = demanded()
    for pair in PAIRS:
        answered = {status for *of, status in said if tuple(of) == pair}
        assert len(answered) == 2 or pair in REASONS


def test_a_whole_run_with_all_answers_is_fine(answers: Answers) -> None:
    assert (finish(answers), answers.complaints) == (0, [])


def test_a_whole_run_without_a_refusal_names_the_rule(answers: Answers) -> None:
    answers.given -= {("ZYB-TBL-09", "waiting_period_over", "REFUSED")}
    assert finish(answers) == 1
    assert answers.complaints == ["ZYB-TBL-09 waiting_period_over never answered REFUSED"]


def test_a_rule_that_can_only_warn_has_to_warn() -> None:
    gone = demanded() - {("ZYB-ESC-32", "reports_recent", "WARNED")}
    assert missing(gone) == ["ZYB-ESC-32 reports_recent never answered WARNED"]


def test_a_reason_that_no_longer_holds_is_named() -> None:
    found = unexpected({("VAS-TBL-11", "within_quota", "REFUSED")})
    assert found == ["VAS-TBL-11 within_quota is said never to answer REFUSED, and did"]


def test_a_run_without_a_file_says_nothing(answers: Answers) -> None:
    answers.given.clear()
    answers.ran.remove("tests/rules/test_timing.py")
    assert finish(answers) == 0


def test_a_run_that_left_tests_out_says_nothing(answers: Answers) -> None:
    answers.given.clear()
    answers.pytest_deselected()
    assert finish(answers) == 0


def test_a_run_of_one_test_of_a_file_says_nothing(answers: Answers) -> None:
    answers.given.clear()
    assert finish(answers, "tests/api", "tests/rules/test_timing.py::test_x") == 0


def test_a_run_that_failed_has_other_things_to_say(answers: Answers) -> None:
    answers.given.clear()
    assert (finish(answers, exitstatus=1), answers.complaints) == (1, [])


def test_workers_send_what_they_have_heard(answers: Answers) -> None:
    controller, config = Answers(), SimpleNamespace(workeroutput={}, args=[])
    answers.pytest_sessionfinish(SimpleNamespace(config=config), 0)  # type: ignore[arg-type]
    controller.pytest_testnodedown(SimpleNamespace(workeroutput=config.workeroutput))
    assert (controller.given, controller.is_cut) == (answers.given, answers.is_cut)


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("tests/rules/test_timing.py", True),
        ("tests/stateful/test_lives.py", False),
        ("tests/security/test_fuzz.py", False),
    ],
)
def test_what_differs_from_run_to_run_counts_for_nothing(file: str, counts: bool) -> None:
    answers = Answers()
    answers.pytest_runtest_logstart(f"{file}::test_x")
    assert answers.is_counting is counts


@pytest.mark.parametrize("pair", sorted(REASONS))
def test_a_reason_is_about_what_a_rule_asks(pair: tuple[str, str]) -> None:
    assert pair in PAIRS
    assert pair not in NEVER_REFUSED or "refused" in kinds(CHECKS[pair[1]])
