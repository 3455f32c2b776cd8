"""Migrations, drift and rights on a real server; every test has a database of its own."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from gateway.postgres import embedded
from gateway.postgres.embedded import Server
from gateway.postgres.migrate import CHANGED, MigrationError, config, drift, grant, migrate, on_owner, revisions
from models import metadata
from models.base import is_append_only

NUMBERS = itertools.count(1)

CATALOG = {
    "columns": """
        select table_name, column_name, data_type, udt_name, is_nullable, column_default, collation_name,
               character_maximum_length, numeric_precision, numeric_scale, generation_expression
        from information_schema.columns where table_schema = 'public'""",
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace""",
    "indexes": "select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="migrate-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        server = embedded.start(Path(folder) / "state", settings={"fsync": "off", "shared_buffers": "32MB"})
        yield server
        server.stop()


@pytest.fixture
def empty(server: Server) -> str:
    return new_database(server)


@pytest.fixture(scope="module")
def migrated(server: Server) -> str:
    dsn = new_database(server)
    asyncio.run(migrate(dsn))
    return dsn


def new_database(server: Server, template: str = "template0") -> str:
    name = f"try_{next(NUMBERS)}"
    run(server.dsn(), lambda connection: connection.execute(f"create database {name} template {template}"))
    return server.dsn(name)


def run(dsn: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
    async def connected() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(connected())


def execute(dsn: str, *statements: str) -> None:
    run(dsn, lambda connection: connection.execute("; ".join(statements)))


def catalog(dsn: str, part: str) -> set[tuple[Any, ...]]:
    rows = run(dsn, lambda connection: connection.fetch(CATALOG[part]))
    return {tuple(row) for row in rows if "alembic_version" not in row[0]}


def name_of(dsn: str) -> str:
    return run(dsn, lambda connection: connection.fetchval("select current_database()"))


def as_gateway(server: Server, dsn: str) -> str:
    return server.dsn(name_of(dsn), user="gateway")


def test_migrating_an_empty_database_gives_exactly_the_models(empty: str) -> None:
    assert asyncio.run(migrate(empty))
    assert asyncio.run(drift(empty)) == []


@pytest.mark.parametrize("part", CATALOG)
def test_the_migrated_catalog_equals_that_of_freshly_created_tables(empty: str, migrated: str, part: str) -> None:
    asyncio.run(on_owner(empty, metadata.create_all))
    assert catalog(migrated, part) == catalog(empty, part)


def test_migrating_twice_changes_nothing(empty: str) -> None:
    asyncio.run(migrate(empty))
    assert not asyncio.run(migrate(empty))


def test_of_two_that_migrate_at_once_one_waits(empty: str) -> None:
    async def both() -> list[bool]:
        return list(await asyncio.gather(migrate(empty), migrate(empty)))

    assert sorted(asyncio.run(both())) == [False, True]


def test_a_failing_step_leaves_nothing_behind(empty: str) -> None:
    execute(empty, "create table vendors (code text)")
    with pytest.raises(Exception, match="vendors"):
        asyncio.run(migrate(empty))
    assert {row[0] for row in catalog(empty, "columns")} == {"vendors"}


def test_a_database_of_a_newer_release_is_left_alone(empty: str) -> None:
    asyncio.run(migrate(empty))
    execute(empty, "update alembic_version set version_num = '9999_later'")
    with pytest.raises(MigrationError, match="9999_later"):
        asyncio.run(migrate(empty))


def test_the_last_file_is_the_one_head() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [revisions()[-1]]


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ("alter table vendors add column planted text", "remove_column: vendors, vendors.planted"),
        ("alter table vendors alter column name_en type bytea using ''", "vendors, name_en"),
        ("alter table vendors alter column name_en drop not null", "vendors, name_en"),
        ("alter table bills drop constraint ck_bills__not_overpaid", "ck_bills__not_overpaid"),
        ("drop index ix_bills__created", "ix_bills__created"),
        ("create table planted (id int)", "planted"),
    ],
)
def test_what_was_planted_is_reported_as_drift(server: Server, migrated: str, planted: str, told: str) -> None:
    dsn = new_database(server, template=name_of(migrated))
    execute(dsn, planted)
    (difference,) = asyncio.run(drift(dsn))
    assert told in difference


def test_the_gateways_role_may_do_its_work_and_no_more(server: Server, migrated: str) -> None:
    asyncio.run(grant(migrated))
    assert all(rights(as_gateway(server, migrated), table) == expected(table) for table in metadata.tables)
    assert rights(as_gateway(server, migrated), "alembic_version") == {"SELECT"}
    role = "select rolsuper, rolcreatedb, rolcreaterole, rolcanlogin from pg_roles where rolname = 'gateway'"
    assert tuple(run(migrated, lambda connection: connection.fetchrow(role))) == (False, False, False, True)
    owned = "select count(*) from pg_class where relowner = 'gateway'::regrole"
    assert run(migrated, lambda connection: connection.fetchval(owned)) == 0


def rights(dsn: str, table: str) -> set[str]:
    question = "select has_table_privilege($1, right_) from unnest($2::text[]) right_"
    names = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    answers = run(dsn, lambda connection: connection.fetch(question, table, names))
    return {name for name, answer in zip(names, answers, strict=True) if answer[0]}


def expected(table: str) -> set[str]:
    if is_append_only(table):
        return {"SELECT", "INSERT"}
    return {"SELECT", "INSERT", "DELETE"} | (set() if table in CHANGED else {"UPDATE"})


@pytest.mark.parametrize("table", CHANGED)
def test_of_some_tables_it_may_change_these_columns_alone(server: Server, migrated: str, table: str) -> None:
    asyncio.run(grant(migrated))
    question = "select column_ from unnest($2::text[]) column_ where has_column_privilege($1, column_, 'UPDATE')"
    columns = [column.name for column in metadata.tables[table].columns]
    found = run(as_gateway(server, migrated), lambda connection: connection.fetch(question, table, columns))
    assert {row[0] for row in found} == set(CHANGED[table])


@pytest.mark.parametrize(
    "statement",
    [
        "update entitlement_entries set actor = 'somebody else'",
        "delete from entitlement_entries",
        "truncate entitlement_entries",
        "delete from booking_events",
        "update audit_entries set purpose = ''",
        "alter table vendors add column planted text",
        "drop table vendors",
        "create table planted (id int)",
    ],
)
def test_the_gateways_role_is_refused(server: Server, migrated: str, statement: str) -> None:
    asyncio.run(grant(migrated))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        execute(as_gateway(server, migrated), statement)


def test_the_gateways_role_adds_to_the_ledger_under_the_checks_of_the_tables(server: Server, migrated: str) -> None:
    """The insert gets as far as the foreign key, which reads a table on behalf of its owner."""
    asyncio.run(grant(migrated))
    insert = """
        insert into entitlement_entries
          (policy_id, id, account_id, command_id, kind, granted_change, held_change, used_change, actor, at)
        select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'GRANT', 1, 0, 0, 'a', now()
    """
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        execute(as_gateway(server, migrated), insert)


def test_granting_again_takes_back_what_was_given_by_hand(server: Server, migrated: str) -> None:
    asyncio.run(grant(migrated))
    execute(migrated, "grant update on entitlement_entries to gateway")
    asyncio.run(grant(migrated))
    assert rights(as_gateway(server, migrated), "entitlement_entries") == {"SELECT", "INSERT"}


def test_a_quote_in_name_or_password_stays_text(server: Server, migrated: str) -> None:
    asyncio.run(grant(migrated, role='o"dd', password="it's; drop"))
    stored = "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'o\"dd'"
    assert run(migrated, lambda connection: connection.fetchval(stored))


def test_an_owner_who_may_not_create_roles_is_told_what_to_do(server: Server, empty: str) -> None:
    owner = limited_owner(server, empty, "limited")
    asyncio.run(migrate(owner))
    with pytest.raises(MigrationError, match='CREATE ROLE "missing" LOGIN'):
        asyncio.run(grant(owner, role="missing"))


def test_an_owner_who_may_not_create_roles_grants_to_one_that_exists(server: Server, empty: str) -> None:
    owner = limited_owner(server, empty, "modest")
    execute(empty, "create role ready login")
    asyncio.run(migrate(owner))
    asyncio.run(grant(owner, role="ready", password="not theirs to set"))
    check = "select has_table_privilege('ready', 'entitlement_entries', 'UPDATE')"
    assert run(empty, lambda connection: connection.fetchval(check)) is False
    assert run(empty, lambda connection: connection.fetchval(check.replace("UPDATE", "INSERT"))) is True


def test_the_owner_itself_keeps_its_rights(server: Server, empty: str) -> None:
    owner = limited_owner(server, empty, "alone")
    asyncio.run(migrate(owner))
    asyncio.run(grant(owner, role="alone"))
    assert "UPDATE" in rights(owner, "entitlement_entries")


def limited_owner(server: Server, dsn: str, name: str) -> str:
    execute(dsn, f"create role {name} login", f"alter database {name_of(dsn)} owner to {name}")
    return server.dsn(name_of(dsn), user=name)
