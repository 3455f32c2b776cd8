"""Documents that apps have registered: found by their digest, registered, listed and retired."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.postgres.pool import Record


@dataclass(frozen=True, slots=True)
class Registration:
    """What is known of a document before anybody sends it."""

    sha256: str
    text: str
    operations: tuple[str, ...]
    cost: int  # of the dearest operation, with the dearest variables
    scopes: tuple[str, ...]
    tables: tuple[str, ...]


async def find(connection: Any, sha256: str) -> Record | None:
    """The document, under the app that comes first among those that have it."""
    return await connection.fetchrow(
        "select app, text from trusted_documents where sha256 = $1 and retired_at is null order by app limit 1", sha256
    )


async def register(
    connection: Any, item: Registration, *, app: str, schema_sha256: str, actor: str, now: dt.datetime
) -> bool:
    """Whether it was new. One that was retired comes back."""
    return await connection.fetchval(
        """
        insert into trusted_documents
          (sha256, app, operations, text, cost, scopes, tables, schema_sha256, registered_by, registered_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (sha256, app) do update
        set cost = excluded.cost, scopes = excluded.scopes, tables = excluded.tables,
            schema_sha256 = excluded.schema_sha256, retired_at = null, retired_by = null
        returning registered_at = $10
        """,
        item.sha256,
        app,
        item.operations,
        item.text,
        item.cost,
        item.scopes,
        item.tables,
        schema_sha256,
        actor,
        now,
    )


async def retire(connection: Any, sha256: str, app: str | None, *, actor: str, now: dt.datetime) -> Sequence[str]:
    """The apps that it was retired for; one or all."""
    rows = await connection.fetch(
        """
        update trusted_documents set retired_at = $3, retired_by = $4
        where sha256 = $1 and ($2::text is null or app = $2) and retired_at is null
        returning app
        """,
        sha256,
        app,
        now,
        actor,
    )
    return sorted(row["app"] for row in rows)


async def listed(connection: Any, app: str | None, *, with_retired: bool) -> list[Record]:
    return await connection.fetch(
        """
        select sha256, app, operations, text, cost, scopes, tables, schema_sha256, retired_at from trusted_documents
        where ($1::text is null or app = $1) and ($2 or retired_at is null)
        order by app, operations, registered_at, sha256
        """,
        app,
        with_retired,
    )
