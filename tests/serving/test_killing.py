"""Workers that are killed amid commands: what was answered stands, and what is sent again is done once."""

import asyncio
import os
import signal
import threading
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from gateway.postgres.place import place
from gateway.postgres.pool import connection
from gateway.repositories import policies
from gateway.settings import Settings
from tests.support.client import Gateway
from tests.support.escorts import ESCORT_BOOK, NOW, entitlement, register, request
from tests.support.processes import READY_SECONDS, Serving, environment, eventually, serving

CLIENTS = 24


def booked(gateway: Gateway, number: str, given: dict[str, Any]) -> dict[str, Any] | None:
    """The answer to a booking; None where none came."""
    try:
        return gateway.customer(number).at(NOW).ask(ESCORT_BOOK, input=given).data["escortBook"]
    except httpx.TransportError:
        return None


def kill(started: Serving, workers: set[int]) -> None:
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: len(started.workers - workers) == 2, within=READY_SECONDS)
    assert eventually(lambda: is_ready(started), within=READY_SECONDS)


def is_ready(started: Serving) -> bool:
    try:
        return started.get("/readyz").is_success
    except httpx.TransportError:
        return False


@contextmanager
def held(home: Path, number: str) -> Generator[threading.Event]:
    """Nobody takes a use of a policy meanwhile. The event tells that somebody waits for one."""
    with place(Settings.load(environment(home))) as found, ThreadPoolExecutor(1) as beside:
        taken, waited, over = (threading.Event() for _ in range(3))

        async def hold() -> None:
            async with connection(found.owner_dsn) as line, line.transaction():
                await line.execute(TAKEN, policies.policy_id(number))
                taken.set()
                while not await line.fetchval(WAITS) and not over.is_set():
                    pass
                waited.set()
                over.wait()

        holding = beside.submit(asyncio.run, hold())
        try:
            assert taken.wait(READY_SECONDS)
            yield waited
        finally:
            over.set()
            holding.result()


TAKEN = "select from entitlement_accounts where policy_id = $1 for update"
WAITS = "select exists (select from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid)))"


def test_workers_killed_amid_commands_lose_nothing_and_do_nothing_twice(home: Path) -> None:
    with serving(home, "--workers", "2") as started, ThreadPoolExecutor(CLIENTS) as pool:
        gateway = started.gateway()
        wanted = {number: request(number) for number in (register(gateway) for _ in range(CLIENTS))}
        amid, *others = wanted
        sent = {number: pool.submit(booked, gateway, number, wanted[number]) for number in others}
        wait(sent.values(), return_when=FIRST_COMPLETED)
        workers = started.workers
        with held(home, amid) as waits:
            sent[amid] = pool.submit(booked, gateway, amid, wanted[amid])
            assert waits.wait(READY_SECONDS)
            kill(started, workers)
        first = {number: answer.result() for number, answer in sent.items()}
        again = {number: booked(gateway, number, given) for number, given in wanted.items()}
        assert any(first.values())
        assert first[amid] is None
        for number, answer in again.items():
            before = first[number]
            assert answer is not None
            assert answer["booking"] is not None
            if before is not None:
                assert (answer["isReplay"], answer["booking"]["id"]) == (True, before["booking"]["id"])
            assert entitlement(gateway.customer(number).at(NOW), number)["reserved"] == 1
