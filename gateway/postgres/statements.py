"""SQLAlchemy expressions as text and arguments for asyncpg."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql import Executable

DIALECT: Any = asyncpg.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL with $1, $2 … and explicit casts, and the names and types of its parameters in that order."""

    sql: str
    names: Sequence[str]
    kinds: Sequence[str]


def compile_(statement: Executable) -> Compiled:
    """A statement for many requests. Constants, which the code alone makes, are written out as literals."""
    made: Any = statement.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
    names = tuple(made.positiontup or ())
    return Compiled(str(made), names, [made.binds[name].type.compile(dialect=DIALECT) for name in names])


def render(statement: Executable) -> tuple[str, list[Any]]:
    """A statement with its arguments. No value ever becomes text."""
    made: Any = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    values = made.construct_params()
    return str(made), [values[name] for name in made.positiontup or ()]
