"""One statement for a query, whatever its nesting, as the server counts them."""

from typing import Any

import asyncpg
import pytest

from tests.execution.conftest import People
from tests.execution.test_planner import BOOKINGS, CATALOGUE, POLICIES
from tests.execution.twins import Twins, staff

EVERYTHING = "{ " + " ".join(text.strip()[1:-1] for text in (BOOKINGS, POLICIES, CATALOGUE["a product"])) + " }"


def statements(twins: Twins, document: str) -> list[str]:
    """What a query sends to the database, over all connections of the pool."""
    seen: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        seen.append(record.query)

    async def listen(add: bool) -> None:
        held: list[Any] = [await twins.pool.acquire() for _ in range(twins.pool.size)]
        for connection in held:
            (connection.add_query_logger if add else connection.remove_query_logger)(note)
        for connection in held:
            await twins.pool.release(connection)

    twins.runner.run(listen(add=True))
    assert twins.planned(document, viewer=staff()) is not None
    twins.runner.run(listen(add=False))
    return seen


@pytest.mark.parametrize("document", [*CATALOGUE.values(), BOOKINGS, POLICIES, EVERYTHING])
def test_a_query_is_one_statement(twins: Twins, people: People, document: str) -> None:
    assert len(statements(twins, document)) == 1
