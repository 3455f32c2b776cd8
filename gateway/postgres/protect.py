"""Row security: what the database's own policies are to be, brought about on tables where they are otherwise."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

import models
from gateway.postgres.migrate import DROPPED, LOCK

T = TypeVar("T")

Policies = Mapping[str, Mapping[str, Sequence[str]]]
"""Table → name of a policy → the statements that make it."""

NAME = "row security"
CODE = (Path(__file__).parents[1], Path(models.__file__).parent)

FOUND = """
select c.relname as table, c.relrowsecurity and c.relforcerowsecurity as is_on,
  array(select p.polname::text from pg_policy p where p.polrelid = c.oid order by p.polname) as names,
  array(select coalesce(obj_description(p.oid, 'pg_policy'), '') from pg_policy p
        where p.polrelid = c.oid order by p.polname) as digests
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = any($1::text[])
"""
POWERS = """
select rolsuper or rolbypassrls as passes,
  exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
          and pg_has_role(r.oid, c.relowner, 'usage')) as owns
from pg_roles r where rolname = coalesce($1, current_user)
"""


async def keep_protected(owner_dsn: str, tables: Collection[str], make: Callable[[], Policies]) -> list[str]:
    """The same at a start. Making the texts of the policies takes a quarter of it, and is spared where this very
    release has brought them about and they stand as it left them.
    """
    if await _on(owner_dsn, lambda connection: _stands(connection, tables)):
        return []
    changed = await protect(owner_dsn, make())
    await _on(owner_dsn, lambda connection: _note(connection, tables))
    return changed


async def protect(owner_dsn: str, policies: Policies) -> list[str]:
    """Enables and forces row security, with these policies and no others; answers with the tables that were changed.

    A policy carries the digest of its text, so that a table whose policies are as they should be is not locked.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
            changed = await differing(connection, policies)
            for table in changed:
                await _clear(connection, table)
                await connection.execute(_script(table, policies[table]))
            return changed
    finally:
        await connection.close()


async def differing(connection: Any, policies: Policies) -> list[str]:
    """Tables that lack row security, or have other policies than these."""
    rows = await connection.fetch(FOUND, list(policies))
    found = {row["table"]: dict(zip(row["names"], row["digests"], strict=True)) for row in rows if row["is_on"]}
    wanted = {table: {name: _digest(made) for name, made in its.items()} for table, its in policies.items()}
    return [table for table, digests in wanted.items() if found.get(table) != digests]


async def _stands(connection: Any, tables: Collection[str]) -> bool:
    noted = await connection.fetchval("select sha256 from seed_states where name = $1", NAME)
    return noted is not None and noted == await _mark(connection, tables)


async def _note(connection: Any, tables: Collection[str]) -> None:
    await connection.execute(
        """
        insert into seed_states (name, sha256, applied_at) values ($1, $2, now())
        on conflict (name) do update set sha256 = excluded.sha256, applied_at = excluded.applied_at
        """,
        NAME,
        await _mark(connection, tables),
    )


async def _mark(connection: Any, tables: Collection[str]) -> str:
    """What the database has now, and the release that says so."""
    rows = sorted(map(tuple, await connection.fetch(FOUND, list(tables))))
    return hashlib.sha256(f"{release()} {rows}".encode()).hexdigest()


def release() -> str:
    """A digest of all code that policies could be made by."""
    files = sorted(path for folder in CODE for path in folder.rglob("*.py"))
    made = hashlib.sha256(version("sqlalchemy").encode())
    for path in files:
        made.update(f"{path.name} ".encode() + path.read_bytes())
    return made.hexdigest()


async def _on(owner_dsn: str, work: Callable[[Any], Awaitable[T]]) -> T:
    connection = await asyncpg.connect(owner_dsn)
    try:
        return await work(connection)
    finally:
        await connection.close()


async def exemption(connection: Any, role: str | None = None) -> str | None:
    """Why the database would not hold back a role, by default the one that asks; none where it does.

    An owner is held back too, since row security is forced, but could switch it off.
    """
    row = await connection.fetchrow(POWERS, role)
    if row is not None and row["passes"]:
        return "is a superuser or bypasses row security"
    return "owns tables" if row is not None and row["owns"] else None


async def _clear(connection: Any, table: str) -> None:
    for row in await connection.fetch(f"select * from ({DROPPED}) as dropped (statement, of) where of = $1", table):
        await connection.execute(row["statement"])


def _script(table: str, policies: Mapping[str, Sequence[str]]) -> str:
    on = [f"alter table {table} enable row level security", f"alter table {table} force row level security"]
    made = [
        statement
        for name, statements in policies.items()
        for statement in (*statements, f"comment on policy {name} on {table} is '{_digest(statements)}'")
    ]
    return ";\n".join([*on, *made])


def _digest(statements: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]
