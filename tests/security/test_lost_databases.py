"""The database's processes end under load, as in a restart: requests say so and can be sent again, and all recovers."""

import asyncio
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg

from tests.security.pressure import SOON, eventually, serving
from tests.support.client import Answer, Gateway
from tests.support.escorts import ESCORT_BOOK, NOW, register, request
from tests.support.races import all_agrees

SECONDS = 2.5
READS = ("{ cities(first: 3) { nodes { code } } }", "{ policies { totalCount nodes { number } } }")


def end_connections(dsn: str, until: threading.Event) -> int:
    """Ends every connection of the gateway, again and again, and none is left that has yet to end; how many."""

    async def run() -> int:
        connection, count = await asyncpg.connect(dsn), 0
        while not until.is_set():
            count += await connection.fetchval(
                "select count(pg_terminate_backend(pid, 60000)) from pg_stat_activity "
                "where datname = current_database() and application_name = 'gateway'"
            )
            await asyncio.sleep(0.25)
        await connection.close()
        return count

    return asyncio.run(run())


def told(answer: Answer) -> str:
    """What a client learns: data, or the code of a fault."""
    errors: list[dict[str, Any]] = answer.body.get("errors", [])
    return errors[0]["extensions"]["code"] if errors else "DATA"


def test_requests_fail_cleanly_while_connections_are_lost_and_nothing_is_done_twice(
    gateway: Gateway, database: str
) -> None:
    with serving(gateway, database, pool_size=4) as shaken:
        numbers = [register(gateway) for _ in range(3)]
        done, over, found = threading.Event(), threading.Event(), Counter[str]()

        def read(document: str) -> None:
            client = shaken.customer(numbers[0])
            while not done.is_set():
                found[told(client.ask(document))] += 1

        def book(number: str) -> int:
            """One booking, sent under its key until it is answered when all is over."""
            client, given = shaken.customer(number).at(NOW), request(number)
            while True:
                is_over, answer = over.is_set(), client.ask(ESCORT_BOOK, input=given, dryRun=False)
                found[told(answer)] += 1
                if told(answer) == "DATA" and is_over:
                    assert answer.data["escortBook"]["refusals"] == []
                    return client.ask("{ bookings { totalCount } }").data["bookings"]["totalCount"]
                time.sleep(0.01)

        with ThreadPoolExecutor(8) as threads:
            ended = threads.submit(end_connections, gateway.owner_dsn, done)
            readers = [threads.submit(read, document) for document in READS for _ in range(2)]
            booked = [threads.submit(book, number) for number in numbers]
            try:
                time.sleep(SECONDS)
                eventually(lambda: found["DATA"] > 10)
                done.set()
                for reader in readers:
                    reader.result(SOON)
                assert ended.result(SOON) > 0
            finally:
                done.set()
                over.set()
            assert [one.result(SOON) for one in booked] == [1, 1, 1]
        assert set(found) <= {"DATA", "UNAVAILABLE", "IDEMPOTENCY_IN_PROGRESS"}, found
        assert shaken.anyone().ask(READS[0]).data
    all_agrees(gateway)
