"""Writes that need no answer, gathered and sent as one statement, so that a command costs few round trips.

They all see the database as it was before any of them: no two may touch the same row, and foreign keys between them
are checked at the end, together.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from gateway.faults import Code, Fault

NOTHING: Mapping[str, Exception] = {}
PLACE = re.compile(r"\$(\d+)")


class Writes:
    """Statements of one transaction, in waiting. It takes them like a connection does."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._statements: dict[str, str] = {}
        self._arguments: list[Any] = []
        self._expected: dict[str, Exception] = {}

    async def execute(self, statement: str, *arguments: Any) -> None:
        await self.execute_all({f"w{len(self._statements)}": statement}, *arguments)

    async def execute_all(
        self, statements: Mapping[str, str], *arguments: Any, expecting: Mapping[str, Exception] = NOTHING
    ) -> None:
        """Statements over the same arguments, each of which may select from those before it, by their names.

        `expecting` names those that must give a row; of the first that gives none, the exception is raised when all
        are sent.
        """
        if not self._statements.keys().isdisjoint(statements):
            await self.flush()
        offset = len(self._arguments)
        for name, statement in statements.items():
            self._statements[name] = _moved(statement, offset)
        self._arguments.extend(arguments)
        self._expected.update(expecting)

    async def change(self, statement: str, *arguments: Any) -> None:
        """An update that has to find its row. Row security hides rows in silence, and silence is no success."""
        name = f"w{len(self._statements)}"
        await self.execute_all({name: f"{statement} returning 1"}, *arguments, expecting={name: changed_meanwhile()})

    async def flush(self) -> None:
        """Send what waits. One statement of its own needs no company."""
        statements, arguments, expected = list(self._statements.items()), self._arguments, self._expected
        self._statements, self._arguments, self._expected = {}, [], {}
        if not statements:
            return
        last = None if expected else statements.pop()[1]
        parts = ", ".join(f"{name} as ({statement})" for name, statement in statements)
        if last is not None:
            await self._connection.execute(f"with {parts} {last}" if parts else last, *arguments)
            return
        asked = ", ".join(f"exists (select from {name})" for name in expected)
        found = await self._connection.fetchrow(f"with {parts} select {asked}", *arguments)
        for is_there, error in zip(found.values(), expected.values(), strict=True):
            if not is_there:
                raise error


def changed_meanwhile() -> Fault:
    return Fault(Code.CONFLICT, "Somebody else changed the same rows: send the request again.")


async def insert(writes: Any, table: str, row: Mapping[str, Any]) -> None:
    """One row. Table and column names come from the code, never from a request."""
    await writes.execute(_insertion(table, tuple(row)), *row.values())


async def insert_all(writes: Any, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows with the same columns, as one statement; none is none."""
    if not rows:
        return
    columns = tuple(rows[0])
    places = iter(range(1, len(rows) * len(columns) + 1))
    values = ", ".join("(" + ", ".join(f"${next(places)}" for _ in columns) + ")" for _ in rows)
    names = ", ".join(f'"{name}"' for name in columns)
    arguments = [row[name] for row in rows for name in columns]
    await writes.execute(f"insert into {table} ({names}) values {values}", *arguments)


async def update(writes: Writes, table: str, key: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """Change one row by its key. Its lock is held, or nobody else can reach it."""
    sets = ", ".join(f'"{name}" = ${place}' for place, name in enumerate(changes, 1))
    wheres = " and ".join(f'"{name}" = ${place}' for place, name in enumerate(key, len(changes) + 1))
    await writes.change(f"update {table} set {sets} where {wheres}", *changes.values(), *key.values())


@lru_cache(maxsize=200)
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    return f"insert into {table} ({names}) values ({places})"


@lru_cache(maxsize=1000)
def _moved(statement: str, offset: int) -> str:
    """The statement with its parameters after others."""
    return PLACE.sub(lambda found: f"${int(found[1]) + offset}", statement)
