"""One unit of reading: batched loaders over one reader for one viewer. A mutation field has a unit of its own."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, tuple_
from sqlalchemy.orm import aliased
from strawberry.dataloader import DataLoader

from gateway.auth.sight import settings_of, sight_of
from gateway.auth.viewer import Viewer
from gateway.auth.visibility import is_private, visible
from gateway.execution.keyset import Key, Page, beyond, order_by
from gateway.execution.sources import Row, Source
from gateway.postgres.pool import PoolReader, Reader, Record

Values = tuple[Any, ...]


@cache
def row_of(table: Any) -> Any:
    """The alias that the plain executor gives a table: making one is dear, and one does for all statements."""
    return aliased(table)


def unit_over(pool: Any, viewer: Viewer) -> "Unit":
    """A unit that reads for the viewer, each statement by itself."""
    return Unit(PoolReader(pool, settings_of(viewer), is_private), viewer)


class Unit:
    def __init__(self, reader: Reader, viewer: Viewer) -> None:
        self.reader = reader
        self.viewer = viewer
        self._loaders: dict[Any, DataLoader[Values, Any]] = {}

    async def one(
        self, source: Source, columns: Sequence[str], key: Values, *, is_own_result: bool = False
    ) -> Row | None:
        """The visible row whose columns equal the key. What a command has just written, its sender may see."""
        if not is_own_result:
            self._require(source)

        async def load(keys: list[Values]) -> list[Row | None]:
            found = {tuple(row[name] for name in columns): row for row in await self._matching(source, columns, keys)}
            return [found.get(wanted) for wanted in keys]

        return await self._shared(("one", source.name, tuple(columns)), load, key)

    async def many(
        self,
        source: Source,
        columns: Sequence[str],
        key: Values,
        order: tuple[str, ...],
        fixed: tuple[tuple[str, Any], ...] = (),
    ) -> list[Row]:
        """The visible rows whose columns equal the key, in order."""
        self._require(source)

        async def load(keys: list[Values]) -> list[list[Row]]:
            groups: dict[Values, list[Row]] = defaultdict(list)
            for row in await self._matching(source, columns, keys, order, fixed):
                groups[tuple(row[name] for name in columns)].append(row)
            return [groups[wanted] for wanted in keys]

        return await self._shared(("many", source.name, tuple(columns), order, fixed), load, key)

    async def every(self, source: Source, wanted: Mapping[str, Any], order: tuple[str, ...]) -> list[Row]:
        """The visible rows of a small table, narrowed by equal columns."""
        self._require(source)
        row = row_of(source.table)
        statement = self._select(source, row).where(*(getattr(row, name) == value for name, value in wanted.items()))
        return self._rows(source, await self.reader.rows(statement.order_by(*ordering(row, order))))

    async def page(
        self, source: Source, conditions: Sequence[Any], keys: Sequence[Key], page: Page
    ) -> tuple[list[Row], bool]:
        """The rows of a page in list order, and whether more lie beyond them."""
        self._require(source)
        row = row_of(source.table)
        statement = self._select(source, row).where(*(build(row) for build in conditions))
        bound = page.before if page.is_backward else page.after
        if bound is not None:
            statement = statement.where(beyond(row, keys, _known(row, keys, bound), backward=page.is_backward))
        ordering = order_by(row, keys, backward=page.is_backward)
        rows = self._rows(source, await self.reader.rows(statement.order_by(*ordering).limit(page.size + 1)))
        has_more = len(rows) > page.size
        rows = rows[: page.size]
        return (rows[::-1] if page.is_backward else rows), has_more

    async def count(self, source: Source, conditions: Sequence[Any]) -> int:
        row = row_of(source.table)
        statement = select(func.count()).select_from(row).where(*(build(row) for build in conditions))
        seen = visible(sight_of(self.viewer), source.table.__tablename__, row)
        found = await self.reader.rows(statement if seen is None else statement.where(seen))
        return int(next(iter(found[0].values())))

    async def filled(self, load: Any, context: Any, row: Row, given: Mapping[str, Any]) -> Any:
        """What Python tells of a row, asked once for all rows that wait at the same time."""

        async def load_all(keys: list[Values]) -> list[Any]:
            return list(await load(context, [dict(key) for key in keys], **given))

        return await self._shared(("filled", load, repr(given)), load_all, tuple(row.items()))

    def _require(self, source: Source) -> None:
        if source.scope is not None:
            self.viewer.require(source.scope)

    async def _matching(
        self,
        source: Source,
        columns: Sequence[str],
        keys: Sequence[Values],
        order: Sequence[str] = (),
        fixed: Sequence[tuple[str, Any]] = (),
    ) -> list[Row]:
        row = row_of(source.table)
        statement = self._select(source, row).where(_equal_any(row, columns, keys))
        for name, value in fixed:
            statement = statement.where(getattr(row, name) == value)
        return self._rows(source, await self.reader.rows(statement.order_by(*ordering(row, order))))

    def _select(self, source: Source, row: Any) -> Any:
        columns = [getattr(row, item.key).label(item.key) for item in source.table.__table__.columns]
        extra = [build(row).label(name) for name, build in source.expressions.items()]
        statement = select(*columns, *extra)
        seen = visible(sight_of(self.viewer), source.table.__tablename__, row)
        return statement if seen is None else statement.where(seen)

    def _rows(self, source: Source, records: Sequence[Record]) -> list[Row]:
        return [{**record, "__typename": source.name} for record in records]

    def _shared(self, name: Any, load: Any, key: Values) -> Any:
        """What several fields wait for. One that is given up, as its neighbor failed, takes nothing from the rest."""
        return asyncio.shield(self._loader(name, load).load(key))

    def _loader(self, name: Any, load: Any) -> "DataLoader[Values, Any]":
        loader = self._loaders.get(name)
        if loader is None:
            loader = self._loaders[name] = DataLoader(load_fn=load, max_batch_size=500)
        return loader


def _known(row: Any, keys: Sequence[Key], values: Values) -> list[ColumnElement[Any]]:
    return [
        bindparam(None, value, type_=getattr(row, key.column).type) for key, value in zip(keys, values, strict=True)
    ]


def ordering(row: Any, order: Sequence[str]) -> list[ColumnElement[Any]]:
    """Columns by name; a leading minus turns one around."""
    return [getattr(row, name[1:]).desc() if name.startswith("-") else getattr(row, name).asc() for name in order]


def _equal_any(row: Any, columns: Sequence[str], keys: Sequence[Values]) -> ColumnElement[bool]:
    if len(columns) == 1:
        return getattr(row, columns[0]).in_([key[0] for key in keys])
    return tuple_(*(getattr(row, name) for name in columns)).in_(keys)
