"""Workers that are killed amid commands: what was answered stands, and what is sent again is done once."""

import os
import signal
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import httpx

from tests.support.client import Gateway
from tests.support.escorts import ESCORT_BOOK, NOW, entitlement, register, request
from tests.support.processes import Serving, eventually, serving

CLIENTS = 24


def booked(gateway: Gateway, number: str, given: dict[str, Any]) -> dict[str, Any] | None:
    """The answer to a booking; None where none came."""
    try:
        return gateway.customer(number).at(NOW).ask(ESCORT_BOOK, input=given).data["escortBook"]
    except httpx.TransportError:
        return None


def kill_workers(started: Serving) -> None:
    before = started.workers
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: len(started.workers - before) == 2, within=60)
    assert eventually(lambda: is_ready(started), within=60)


def is_ready(started: Serving) -> bool:
    try:
        return started.get("/readyz").is_success
    except httpx.TransportError:
        return False


def test_workers_killed_amid_commands_lose_nothing_and_do_nothing_twice(home: Path) -> None:
    with serving(home, "--workers", "2") as started, ThreadPoolExecutor(CLIENTS) as pool:
        gateway = started.gateway()
        wanted = {number: request(number) for number in (register(gateway) for _ in range(CLIENTS))}
        sent = {number: pool.submit(booked, gateway, number, given) for number, given in wanted.items()}
        wait(sent.values(), return_when=FIRST_COMPLETED)
        kill_workers(started)
        first = {number: answer.result() for number, answer in sent.items()}
        again = {number: booked(gateway, number, given) for number, given in wanted.items()}
        assert any(first.values())
        assert None in first.values()  # else nobody was cut off, and this proves nothing
        for number, answer in again.items():
            before = first[number]
            assert answer is not None
            assert answer["booking"] is not None
            if before is not None:
                assert (answer["isReplay"], answer["booking"]["id"]) == (True, before["booking"]["id"])
            assert entitlement(gateway.customer(number).at(NOW), number)["reserved"] == 1
