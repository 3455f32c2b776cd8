"""Row security: what the database's own policies are to be, brought about on tables where they are otherwise."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from gateway.postgres.migrate import DROPPED, LOCK

Policies = Mapping[str, Mapping[str, Sequence[str]]]
"""Table → name of a policy → the statements that make it."""

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
