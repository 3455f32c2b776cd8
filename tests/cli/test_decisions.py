"""`gateway decisions`; that decisions come out the same is in tests/api/test_decision_replay.py."""

from pathlib import Path

from tests.support.processes import gateway


def test_decisions_of_the_demo_were_not_made_here(home: Path) -> None:
    said = gateway(home, "decisions", "replay")
    assert (said.code, said.out) == (0, "0 come out the same, 0 otherwise; 4 were not made here\n")
