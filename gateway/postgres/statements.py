"""SQLAlchemy expressions as text and arguments for asyncpg."""

from typing import Any

from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql import Executable

DIALECT: Any = asyncpg.dialect()  # type: ignore[no-untyped-call]


def render(statement: Executable) -> tuple[str, list[Any]]:
    """SQL with $1, $2 … and explicit casts, and the arguments in that order. No value ever becomes text."""
    compiled: Any = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    values = compiled.construct_params()
    return str(compiled), [values[name] for name in compiled.positiontup or ()]
