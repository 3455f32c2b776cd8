"""A row that a timer cannot move stands in nobody's way, and is seen by those who can mend it."""

import asyncio
import datetime as dt
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from gateway.jobs.clockwork import TIMERS, Clockwork
from gateway.jobs.house import House
from tests.conftest import dsn
from tests.jobs.house import with_clockwork
from tests.jobs.poison import TRAPS, Trap
from tests.support.client import Gateway
from tests.support.escorts import change, look
from tests.support.processes import gateway_here

NAMES = [timer.name for timer in TIMERS]


def run(gateway: Gateway, name: str, workers: int = 1) -> None:
    """The timer's turn, at as many workers at once."""
    trap = TRAPS[name]
    (timer,) = [timer for timer in TIMERS if timer.name == name]

    async def work(works: Clockwork) -> None:
        house = House(works.services, dt.datetime.fromisoformat(trap.now), True)
        await asyncio.gather(*(timer.work(house) for _ in range(workers)))

    with_clockwork(gateway, work, **trap.settings)


def stuck(gateway: Gateway, name: str) -> list[dict[str, Any]]:
    return look(gateway, "select failure, attempts, again_at > now() as rests from stuck_rows where timer = $1", name)


def moved(gateway: Gateway, trap: Trap, values: list[object]) -> list[bool]:
    return [trap.is_moved(gateway, value) for value in values]


def test_every_timer_has_a_trap_here() -> None:
    assert set(TRAPS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_that_cannot_be_moved_stands_in_nobodys_way_and_moves_once_it_can(gateway: Gateway, name: str) -> None:
    trap = TRAPS[name]
    values = [trap.make(gateway) for _ in range(3)]
    assert moved(gateway, trap, values) == [False, False, False]
    with trap.poisoned(gateway, values[1]):
        run(gateway, name)
        assert moved(gateway, trap, values) == [True, False, True]
        run(gateway, name)
    assert stuck(gateway, name) == [{"failure": "RaiseError P0001", "attempts": 1, "rests": True}]
    run(gateway, name)
    assert not trap.is_moved(gateway, values[1])
    change(gateway, "update stuck_rows set again_at = now()")
    run(gateway, name)
    assert trap.is_moved(gateway, values[1])
    assert stuck(gateway, name) == []


@pytest.mark.parametrize("name", ["late clocks", "expire bookings"])
def test_two_workers_count_one_attempt_between_them(gateway: Gateway, name: str) -> None:
    trap = TRAPS[name]
    values = [trap.make(gateway) for _ in range(3)]
    with trap.poisoned(gateway, values[1]):
        run(gateway, name, workers=2)
        assert moved(gateway, trap, values) == [True, False, True]
        assert [row["attempts"] for row in stuck(gateway, name)] == [1]
        change(gateway, "update stuck_rows set again_at = now()")
        run(gateway, name, workers=2)
        assert [row["attempts"] for row in stuck(gateway, name)] == [2]
    change(gateway, "delete from stuck_rows")


def test_it_rests_longer_after_each_attempt(gateway: Gateway) -> None:
    trap, rests = TRAPS["late clocks"], []
    value = trap.make(gateway)
    with trap.poisoned(gateway, value):
        for _ in range(11):
            run(gateway, "late clocks")
            rest = "select extract(epoch from again_at - last_at)::int / 60 as minutes from stuck_rows"
            rests.append(look(gateway, rest)[0]["minutes"])
            change(gateway, "update stuck_rows set again_at = now()")
    assert rests == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    change(gateway, "delete from stuck_rows")


def test_the_log_names_the_row_and_nothing_that_the_error_says(gateway: Gateway) -> None:
    trap = TRAPS["late clocks"]
    value = trap.make(gateway)
    with trap.poisoned(gateway, value), capture_logs() as lines:
        run(gateway, "late clocks")
    (line,) = [line for line in lines if line["event"] == "a timer could not move a row"]
    assert line["subject"].endswith(f":{value}")
    assert line["failure"] == "RaiseError P0001"
    assert "110101199003070011" not in str(lines)
    change(gateway, "delete from stuck_rows")


def test_operators_see_it_and_let_it_be_tried_at_once(gateway: Gateway, database: str) -> None:
    trap = TRAPS["late clocks"]
    value = trap.make(gateway)
    with trap.poisoned(gateway, value):
        run(gateway, "late clocks")
    said = gateway_here(gateway.folder, "jobs", "stuck", DATABASE_URL=dsn(database))
    assert f":{value}  RaiseError P0001  1 times since " in said.out
    said = gateway_here(gateway.folder, "jobs", "retry", DATABASE_URL=dsn(database))
    assert "1 rows to be tried again" in said.err
    run(gateway, "late clocks")
    assert trap.is_moved(gateway, value)
    assert gateway_here(gateway.folder, "jobs", "stuck", DATABASE_URL=dsn(database)).out == ""


def test_the_figures_tell_of_it(gateway: Gateway) -> None:
    trap = TRAPS["late clocks"]
    with trap.poisoned(gateway, trap.make(gateway)):
        run(gateway, "late clocks")
    text = httpx.get(f"{gateway.address}/metrics").text
    assert "gateway_jobs_stuck 1.0" in text.splitlines()
    change(gateway, "delete from stuck_rows")
