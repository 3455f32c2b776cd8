"""What the files say of one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import BaseModel
from sqlalchemy import Table
from sqlmodel import SQLModel

from models import metadata
from seeds.format import shape

TOUCHED = "updated_at"  # set when a row changes, but no change in itself
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What the files say of one table. `ours` is the SQL condition of the rows that seeding may change or delete."""

    model: type[SQLModel]
    rows: Sequence[Row]
    ours: str = "true"

    @property
    def table(self) -> Table:
        return metadata.tables[str(self.model.__tablename__)]

    @property
    def key(self) -> list[str]:
        return [column.name for column in self.table.primary_key]

    @property
    def json(self) -> str:
        return orjson.dumps(list(self.rows), default=str).decode()


def both(name: str, text: shape.Text | None) -> Row:
    return {f"{name}_zh": text and text.zh, f"{name}_en": text and text.en}


def given_texts(texts: BaseModel) -> Row:
    return texts.model_dump(exclude_none=True)
