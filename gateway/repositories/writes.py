"""Writes that need no answer, gathered and sent as one statement, so that a command costs few round trips.

They all see the database as it was before any of them: no two may touch the same row, and foreign keys between them
are checked at the end, together.
"""

import re
from collections.abc import Mapping
from typing import Any

from gateway.faults import Code, Fault

PLACE = re.compile(r"\$(\d+)")


class Writes:
    """Statements of one transaction, in waiting. It takes them like a connection does."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._statements: list[str] = []
        self._arguments: list[Any] = []
        self._changing: list[str] = []

    async def execute(self, statement: str, *arguments: Any) -> None:
        offset = len(self._arguments)
        self._statements.append(PLACE.sub(lambda found: f"${int(found[1]) + offset}", statement))
        self._arguments.extend(arguments)

    async def change(self, statement: str, *arguments: Any) -> None:
        """An update that has to find its row. Row security hides rows in silence, and silence is no success."""
        self._changing.append(f"w{len(self._statements)}")
        await self.execute(f"{statement} returning 1", *arguments)

    async def flush(self) -> None:
        """Send what waits, and see that every change was made."""
        if not self._statements:
            return
        parts = ", ".join(f"w{place} as ({statement})" for place, statement in enumerate(self._statements))
        made = " and ".join(f"exists (select from {name})" for name in self._changing) or "true"
        were_made = await self._connection.fetchval(f"with {parts} select {made}", *self._arguments)
        self._statements, self._arguments, self._changing = [], [], []
        if not were_made:
            raise Fault(Code.CONFLICT, "Somebody else changed the same rows: send the request again.")


async def insert(writes: Any, table: str, row: Mapping[str, Any]) -> None:
    """One row. Table and column names come from the code, never from a request."""
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    await writes.execute(f"insert into {table} ({names}) values ({places})", *row.values())


async def update(writes: Any, table: str, key: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """Change one row by its key. Its lock is held, or nobody else can reach it."""
    sets = ", ".join(f'"{name}" = ${place}' for place, name in enumerate(changes, 1))
    wheres = " and ".join(f'"{name}" = ${place}' for place, name in enumerate(key, len(changes) + 1))
    await writes.change(f"update {table} set {sets} where {wheres}", *changes.values(), *key.values())
