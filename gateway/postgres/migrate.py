"""Bringing a database to the present tables, telling where it differs, and the rights of the gateway's own role."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

from gateway.mendable import Mendable
from gateway.postgres.place import ROLE
from models import metadata
from models.base import is_append_only

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

T = TypeVar("T")

FOLDER = Path(__file__).parents[2] / "models" / "migrations"
LOCK = 0x67617465  # the advisory lock of everything that changes tables or rights
DROPPED = """
select format('drop policy %I on %I', polname, relname), relname::text
from pg_policy join pg_class c on c.oid = polrelid where relnamespace = 'public'::regnamespace
union all
select format('drop function %s', p.oid::regprocedure), c.relname::text
from pg_proc p join pg_type t on t.oid = p.proargtypes[0] join pg_class c on c.oid = t.typrelid
where p.pronamespace = 'public'::regnamespace and p.proname ~ '^(customer|vendor)_(select|insert|update|delete)$'
"""  # the policies, then the functions that they call

REST = (
    "create schema if not exists trail",
    "create table if not exists trail.rest partition of public.audit_entries default",
)  # without a table there is no place for a line; those of the months are made by `postgres.trail`

CHANGED: Mapping[str, Sequence[str]] = {"expert_slots": ("policy_id", "booking_id", "is_waiting")}
"""Tables of which the gateway changes these columns and no others."""


class MigrationError(Mendable):
    """Says to a person what keeps the database from being brought up to date, and what to do."""


def revisions() -> list[str]:
    """Every step, oldest first. Files are named by their revision, so that nobody has to load them to know."""
    return sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py"))


async def migrate(owner_dsn: str) -> bool:
    """Applies what is missing, all of it or nothing; True if there was something. Of two at once, one waits."""
    version = await _version(owner_dsn)
    if version == revisions()[-1]:
        return False
    if version not in (None, *revisions()):
        raise MigrationError(
            f"The database stands at {version}, a step that this release does not know: it belongs to a newer one. "
            "Start that release, or restore the backup that was made before it."
        )
    return await on_owner(owner_dsn, _upgrade)


async def drift(owner_dsn: str) -> list[str]:
    """What the database has otherwise than the models, one difference an entry; empty where they are equal.

    Compared are tables, columns with type and nullability, foreign keys, unique constraints, indexes, and CHECK
    constraints by name.
    """
    return await on_owner(owner_dsn, _differences)


async def grant(owner_dsn: str, role: str = ROLE, password: str | None = None) -> None:
    """Makes the role that the gateway works as, where it is missing, and gives it rows to read and write.

    It owns nothing, and may only add to append-only tables. A server whose owner may not create roles must have it
    already; a password is then left as it is. Does nothing where the owner is that very role.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
            if await connection.fetchval("select current_user") != role:
                await _ensure_role(connection, role, password)
                await connection.execute(await _rights(connection, role))
    finally:
        await connection.close()


async def _version(dsn: str) -> str | None:
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("select to_regclass('alembic_version')") is None:
            return None
        return await connection.fetchval("select version_num from alembic_version")
    finally:
        await connection.close()


# Alembic. It and the asyncio side of SQLAlchemy load slowly, so only what really needs them imports them.


async def on_owner(dsn: str, work: "Callable[[Connection], T]") -> T:
    """Runs `work` in one transaction; the address goes to asyncpg as it stands, a socket's folder included."""
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn), poolclass=NullPool
    )
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")
        return await connection.run_sync(work)


def config(connection: "Connection | None" = None) -> "Config":
    from alembic.config import Config

    made = Config(attributes={"connection": connection})
    for name, value in {"script_location": str(FOLDER), "file_template": "%(rev)s"}.items():
        made.set_main_option(name, value.replace("%", "%%"))
    return made


def _upgrade(connection: "Connection") -> bool:
    from alembic import command
    from alembic.migration import MigrationContext

    before = MigrationContext.configure(connection).get_current_revision()
    _drop_policies(connection)
    command.upgrade(config(connection), "head")
    for statement in REST:
        connection.exec_driver_sql(statement)
    return before != revisions()[-1]


def _drop_policies(connection: "Connection") -> None:
    """A column that a policy speaks of can neither go nor change its type. Row security stays on, and without policies
    it shows nothing, until they are made anew.
    """
    from sqlalchemy import text

    for statement, _table in connection.execute(text(DROPPED)).all():
        connection.exec_driver_sql(statement)


def _differences(connection: "Connection") -> list[str]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    plugins = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
    context = MigrationContext.configure(connection, opts={"compare_type": True, "autogenerate_plugins": plugins})
    return [_told(change) for change in _flat(compare_metadata(context, metadata))]


def _flat(changes: Any) -> list[tuple[Any, ...]]:
    """Changes of one column come in a list of their own."""
    return [single for change in changes for single in (change if isinstance(change, list) else [change])]


def _told(change: tuple[Any, ...]) -> str:
    kind, *details = change
    return f"{kind}: {', '.join(_named(detail) for detail in details if detail is not None and detail != {})}"


def _named(detail: Any) -> str:
    name = getattr(detail, "name", None) or detail
    table = getattr(detail, "table", None)
    return str(name) if table is None else f"{table.name}.{name}"


# The role


async def _ensure_role(connection: Any, role: str, password: str | None) -> None:
    exists = await connection.fetchval("select exists (select from pg_roles where rolname = $1)", role)
    if exists and password is None:
        return
    try:
        async with connection.transaction():
            await connection.execute(await _role_statement(connection, exists, role, password))
    except asyncpg.InsufficientPrivilegeError:
        if not exists:
            raise MigrationError(
                f"The owner of the tables may not create roles here. Have an administrator run "
                f'CREATE ROLE "{role}" LOGIN with a password, and start again.'
            ) from None


async def _role_statement(connection: Any, exists: bool, role: str, password: str | None) -> str:
    """Names and passwords cannot be parameters of such a statement, so the server quotes them."""
    verb = "alter" if exists else "create"
    safe = "nosuperuser nocreatedb nocreaterole" if not exists else ""
    secret = "" if password is None else "password %L"
    return await connection.fetchval(
        f"select format('{verb} role %I login {safe} {secret}', $1::text, $2::text)", role, password
    )


async def _rights(connection: Any, role: str) -> str:
    """One script: first nothing, then what each table allows, so that a right which was taken back is gone."""
    to = await connection.fetchval("select quote_ident($1)", role)
    growing = [name for name in metadata.tables if is_append_only(name)]
    changing = [name for name in metadata.tables if not is_append_only(name)]
    return f"""
        grant usage on schema public to {to};
        revoke all on all tables in schema public from {to};
        grant select on alembic_version to {to};
        grant select, insert on {", ".join(growing)} to {to};
        grant select, insert, update, delete on {", ".join(changing)} to {to};
        {" ".join(_narrowed(table, columns, to) for table, columns in CHANGED.items())}
    """


def _narrowed(table: str, columns: Sequence[str], to: str) -> str:
    return f"revoke update on {table} from {to}; grant update ({', '.join(columns)}) on {table} to {to};"
