"""Writes rows into their tables.

A row keeps its id for ever, since the id is derived from its natural key. Rows that vanished from the files are
deleted unless something refers to them. What people added or changed themselves is left alone (`Part.ours`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table

from models import metadata
from seeds.rows.part import TOUCHED, Part

NUMBERED = (("rules", "position"), ("drugs", "seq"), ("service_cities", "seq"))


async def write(connection: Any, parts: Sequence[Part]) -> None:
    await _step_aside(connection)
    for part in parts:
        await connection.execute(_upsert(part), part.json)
    for part in reversed(parts):
        await connection.execute(_delete_vanished(part), part.json)
    await _line_up(connection)


async def _step_aside(connection: Any) -> None:
    """Numbers are unique at every moment, so the old ones make room before rows change places."""
    for table, number in NUMBERED:
        await connection.execute(f"update {table} set {number} = -{number}")


async def _line_up(connection: Any) -> None:
    """What vanished from the files but is referred to goes to the end."""
    for table, number in NUMBERED:
        last = f"(select max({number}) from {table})"
        await connection.execute(f"update {table} set {number} = {last} - {number} where {number} < 0")


def _upsert(part: Part) -> str:
    """Rows travel as one JSON array, which the server reads by the table's own types."""
    columns = list(part.rows[0])
    changing = [name for name in columns if name not in part.key]
    return f"""
        insert into {part.table.name} ({_list(columns)})
        select {_list(columns)} from jsonb_populate_recordset(null::{part.table.name}, $1::text::jsonb)
        on conflict ({_list(part.key)}) {_update(part, changing)}
    """


def _update(part: Part, columns: Sequence[str]) -> str:
    compared = [name for name in columns if name != TOUCHED]
    if not compared:
        return "do nothing"
    differs = f"({_list(compared, part.table.name)}) is distinct from ({_list(compared, 'excluded')})"
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in columns)
    return f"do update set {sets} where {differs} and {part.ours}"


def _delete_vanished(part: Part) -> str:
    table = part.table.name
    same = f"({_list(part.key, 'kept')}) = ({_list(part.key, table)})"
    kept = f"select from jsonb_populate_recordset(null::{table}, $1::text::jsonb) kept where {same}"
    conditions = [f"not exists ({kept})", part.ours, *_unreferenced(part.table)]
    return f"delete from {table} where {' and '.join(conditions)}"


def _unreferenced(table: Table) -> list[str]:
    """One condition for each foreign key of any table that leads here."""
    keys = [key for child in metadata.sorted_tables for key in child.foreign_key_constraints]
    return [
        f"not exists (select from {key.table.name} where "
        + " and ".join(f'{key.table.name}."{e.parent.name}" = {table.name}."{e.column.name}"' for e in key.elements)
        + ")"
        for key in keys
        if key.referred_table is table
    ]


def _list(names: Iterable[str], table: str = "") -> str:
    return ", ".join(f'{table}."{name}"' if table else f'"{name}"' for name in names)
