from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest

from .database import filled_database


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with filled_database() as dsn:
        yield dsn


@pytest.fixture
async def connection(database: str) -> AsyncIterator[Any]:
    """Inside a transaction that is rolled back, so that each test begins with the reference lists alone."""
    connection = await asyncpg.connect(database)
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()
