"""The embedded server lives as long as anybody who waits for it, whoever started it and however that one ended."""

import asyncio
import signal
from pathlib import Path

import asyncpg
import pytest

from gateway.postgres.embedded import inheriting
from tests.support.embedded import announced, owner
from tests.support.processes import eventually


def answers(where: str) -> bool:
    """A client that comes anew, as a pool's next connection does."""

    async def ask() -> int:
        connection = await asyncpg.connect(where, timeout=30)
        try:
            return await connection.fetchval("select 1")
        finally:
            await connection.close()

    try:
        return asyncio.run(ask()) == 1
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


def server_of(folder: Path) -> str:
    """The process that the data folder belongs to now; empty in between."""
    try:
        return (folder / "data" / "postmaster.pid").read_text().partition("\n")[0]
    except FileNotFoundError:
        return ""


@pytest.mark.parametrize("ending", [signal.SIGKILL, None], ids=["killed", "in order"])
def test_a_server_outlives_who_started_it(home: Path, ending: signal.Signals | None) -> None:
    with owner(home) as first:
        pid, where = announced(first)
        with inheriting(home):
            if ending is not None:
                first.send_signal(ending)
            first.communicate()
            assert eventually(lambda: server_of(home) not in ("", pid) and answers(where), within=60)
        assert not answers(where)


def test_of_two_heirs_the_second_takes_over_from_the_first(home: Path) -> None:
    with owner(home) as first:
        _, where = announced(first)
        with inheriting(home):
            with inheriting(home):
                first.communicate()
                assert eventually(lambda: answers(where), within=60)
            assert eventually(lambda: answers(where), within=60)
        assert not answers(where)


def test_a_server_that_goes_on_is_left_alone(home: Path) -> None:
    with owner(home) as first:
        pid, where = announced(first)
        with inheriting(home):
            assert answers(where)
        assert answers(where)
        assert server_of(home) == pid
        first.communicate()
