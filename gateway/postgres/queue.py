"""The tables of the job queue, in a schema of their own: the queue's library makes them, our migrations leave them."""

from typing import Any

import asyncpg

SCHEMA = "jobs"
LOCK = 0x71756575  # of whoever makes them


async def install(owner_dsn: str, role: str | None) -> None:
    """Makes the queue's tables where they are missing, and lets the gateway's own role work them."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
            if await connection.fetchval("select to_regclass('jobs.pgqueuer') is null"):
                await _tables(connection)
            if role is not None and await connection.fetchval("select current_user") != role:
                await connection.execute(await _rights(connection, role))
    finally:
        await connection.close()


def names() -> Any:
    """What the library's statements are built from. It loads slowly, so only who works the queue imports it."""
    from pgqueuer.domain.settings import DBSettings

    return DBSettings(db_schema=SCHEMA)


async def _tables(connection: Any) -> None:
    from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

    await connection.execute(QueryBuilderEnvironment(names()).build_install_query())


async def _rights(connection: Any, role: str) -> str:
    to = await connection.fetchval("select quote_ident($1)", role)
    return f"""
        grant usage on schema {SCHEMA} to {to};
        grant select, insert, update, delete on all tables in schema {SCHEMA} to {to};
        grant usage on all sequences in schema {SCHEMA} to {to};
    """
