"""However `gateway serve` ends, nothing of it stays behind, and nothing that was answered is lost."""

import os
import signal
from pathlib import Path

import pytest

from tests.support.escorts import begin
from tests.support.processes import READY_SECONDS, Serving, eventually, left_of, serving, starting

IN_ORDER = [(signal.SIGINT, True), (signal.SIGTERM, False)]
NAMES = ["ctrl-c", "sigterm"]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("ending", "to_group"), IN_ORDER, ids=NAMES)
def test_it_ends_in_order_though_a_client_stays(
    home: Path, ending: signal.Signals, to_group: bool, workers: int
) -> None:
    with serving(home, "--workers", str(workers)) as started:
        assert started.http.get(f"{started.address}/livez").is_success
        assert left_of(home)
        assert started.ends_with(ending, to_group=to_group) == 0
        assert eventually(lambda: not left_of(home))  # Python's tracker of resources ends after its parent
        assert started.err == "gateway: stopped\n"
    assert "database system is shut down" in (home / "state" / "postgres" / "server.log").read_text()


@pytest.mark.parametrize(("workers", "reached"), [(1, "/bin/postgres"), (2, "spawn_main")], ids=["database", "workers"])
def test_it_ends_in_order_while_it_starts(home: Path, workers: int, reached: str) -> None:
    with starting(home, "--workers", str(workers)) as process:
        assert eventually(lambda: reached in " ".join(left_of(home).values()))
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=READY_SECONDS) == 0
    assert (home / "err").read_text() == "gateway: stopped\n"
    assert eventually(lambda: not left_of(home))


def test_killed_it_leaves_no_process_and_loses_no_booking(home: Path) -> None:
    with serving(home, "--workers", "2") as started:
        journey = begin(started.gateway())
        killed(started)
    with serving(home) as again:
        customer = again.gateway().customer(journey.number)
        found = customer.ask("query Q($id: ID!) { node(id: $id) { ... on Booking { status } } }", id=journey.booking)
        assert found.data == {"node": {"status": "REQUESTED"}}
        killed(again)


def killed(started: Serving) -> None:
    assert started.ends_with(signal.SIGKILL) == -signal.SIGKILL
    assert eventually(lambda: left_of(started.home) == {})


def test_two_workers_answer_over_one_server_and_a_killed_one_is_replaced(home: Path) -> None:
    with serving(home, "--workers", "2") as started:
        assert eventually(lambda: len(started.workers) == 2)
        assert len([line for line in left_of(home).values() if "/bin/postgres" in line]) == 1
        first, second = started.workers
        assert_answers_alone(started, first, silent=second)
        assert_answers_alone(started, second, silent=first)
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: len(started.workers - {first}) == 2)
        (third,) = started.workers - {first, second}
        assert_answers_alone(started, third, silent=second)


def assert_answers_alone(started: Serving, worker: int, *, silent: int) -> None:
    os.kill(silent, signal.SIGSTOP)
    try:
        assert started.get("/readyz").is_success, worker
    finally:
        os.kill(silent, signal.SIGCONT)
