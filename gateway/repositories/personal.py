"""Personal data: the masks of the resolvers said in SQL, and what lies sealed in the tables."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, case, func, literal

from gateway.auth.personal import PersonalVault
from gateway.postgres.pool import Record
from models import metadata

SEALED = "_encrypted"
HASHED = "_hash"


def masked_name(name: Any) -> ColumnElement[str]:
    """The first word of a Latin name, else the first character. Only plain ASCII has as many bytes as characters."""
    is_ascii = func.octet_length(name) == func.char_length(name)
    shown = case((is_ascii, func.split_part(name, " ", 1)), else_=func.left(name, 1))
    return shown.concat(literal("**", Text))


def masked_number(last4: Any) -> ColumnElement[str]:
    """Null where there is no number."""
    return literal("****", Text).concat(last4)


@dataclass(frozen=True, slots=True)
class Place:
    """A column of sealed values: `policy_members.phone` lies in `phone_encrypted`, and its hash in `phone_hash`."""

    table: str
    name: str
    keys: tuple[str, ...]
    has_hash: bool

    @property
    def text(self) -> str:
        return f"{self.table}.{self.name}"

    def kind(self, row: Record) -> str:
        """What is hashed along, so that equal digits of two kinds of paper are not the same."""
        return row["id_type"] if self.name == "id_number" and "id_type" in row else self.name.upper()


def places() -> Sequence[Place]:
    """Every column of sealed values that the tables have."""
    return [
        Place(
            table.name,
            column.name.removesuffix(SEALED),
            tuple(key.name for key in table.primary_key),
            column.name.removesuffix(SEALED) + HASHED in table.columns,
        )
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(SEALED)
    ]


async def sealed(
    connection: Any, policy_id: uuid.UUID, id: uuid.UUID, places: Sequence[tuple[str, str, str]]
) -> Sequence[bytes | None]:
    """Sealed values by table, name, and the column of the key beside the policy, in one look. None where the row or
    the value is not there."""
    looks = [f"(select {name}{SEALED} from {table} where policy_id = $1 and {key} = $2)" for table, name, key in places]
    return await connection.fetchrow(f"select {', '.join(looks)}", policy_id, id)


async def sealed_by_others(connection: Any, place: Place, mark: bytes) -> int:
    """How many values another key than the one of this mark has sealed."""
    column = f"{place.name}{SEALED}"
    return await connection.fetchval(
        f"select count(*) from {place.table} where substring({column} from 1 for $2) <> $1", mark, len(mark)
    )


async def marks(connection: Any, place: Place, length: int) -> set[bytes]:
    """The marks of the keys that have sealed something here."""
    column = f"{place.name}{SEALED}"
    rows = await connection.fetch(
        f"select distinct substring({column} from 1 for $1) as mark from {place.table} where {column} is not null",
        length,
    )
    return {row["mark"] for row in rows}


async def reseal(connection: Any, place: Place, vault: PersonalVault, limit: int) -> int:
    """Seal some values anew that an older key has sealed, and hash them anew; how many. Rows in use are left for later.

    A policy's rows go together, since whether two people are one is told by their hashes. The transaction is the
    caller's: each batch is whole, so that it may be interrupted at any time.
    """
    mark = vault.mark
    older = f"substring({place.name}{SEALED} from 1 for $2) <> $1"
    rows = await connection.fetch(
        f"""
        select * from {place.table}
        where {older} and policy_id in (select policy_id from {place.table} where {older} limit $3)
        for update skip locked
        """,
        mark,
        len(mark),
        limit,
    )
    for row in rows:
        await _write_anew(connection, place, vault, row)
    return len(rows)


async def under_way(connection: Any) -> set[str]:
    """Other transactions that are open in this database now, by names that no later one has."""
    rows = await connection.fetch(
        """
        select l.virtualtransaction from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'virtualxid' and l.granted and a.datname = current_database() and a.pid <> pg_backend_pid()
        """
    )
    return {row["virtualtransaction"] for row in rows}


async def _write_anew(connection: Any, place: Place, vault: PersonalVault, row: Record) -> None:
    number = vault.open(row[f"{place.name}{SEALED}"], place.text)
    values: dict[str, Any] = {f"{place.name}{SEALED}": vault.seal(number, place.text)}
    if place.has_hash:
        values[f"{place.name}{HASHED}"] = vault.fingerprint(place.kind(row), number)
    sets = ", ".join(f"{name} = ${at}" for at, name in enumerate(values, 1))
    wheres = " and ".join(f"{name} = ${at}" for at, name in enumerate(place.keys, len(values) + 1))
    key = [row[name] for name in place.keys]
    await connection.execute(f"update {place.table} set {sets} where {wheres}", *values.values(), *key)
