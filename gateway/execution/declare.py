"""What a GraphQL field is in SQL, declared where the field is defined.

A type says which table its rows come from; a field says that it is a column, an expression, an embedded object, a
relation or a connection. Both ways of answering a document read these declarations and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy import ColumnElement
from strawberry.types import Info

from gateway.execution import ids
from gateway.execution.forms import (
    Amount,
    Column,
    Computed,
    Embedded,
    Expression,
    Filled,
    Form,
    FromPython,
    GlobalId,
    Load,
    Localized,
    LocalizedExpression,
    Lookup,
    Narrowed,
    Told,
    ToMany,
    ToOne,
    ToOneOf,
    declared,
)
from gateway.execution.signatures import argument, guarded, sign, with_language
from gateway.execution.sizes import ASSUMED, sized
from gateway.execution.sources import PREFIXES, SOURCES, Source
from gateway.language import T
from gateway.postgres.given import Given


class SqlType:
    """Base of GraphQL types whose values are rows."""

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, dict) and value.get("__typename") == cls.__name__


def sql_type(
    table: Any = None,
    description: str = "",
    *,
    prefix: str | None = None,
    id_columns: tuple[str, ...] = ("id",),
    scope: str | None = None,
    is_fixed: bool = False,
) -> Callable[[type], Any]:
    """Make a class a GraphQL type over a table; without a table it is embedded in the row of another type."""

    def declare(cls: type) -> Any:
        made = strawberry.type(cls, description=description)
        if table is not None:
            expressions = {
                name: build
                for item in made.__strawberry_definition__.fields
                for name, build in item.metadata.get("expressions", {}).items()
            }
            source = Source(cls.__name__, table, prefix, id_columns, scope, is_fixed, expressions)
            SOURCES[cls.__name__] = source
            if prefix is not None:
                PREFIXES[prefix] = source
        return made

    return declare


def _field(
    resolver: Callable[..., Any], description: str, form: Form | None, *scopes: str | None, **metadata: Any
) -> Any:
    return strawberry.field(
        resolver=resolver, description=description, metadata={**declared(form, *scopes), **metadata}
    )


def _noted(sensitive: bool, *columns: str) -> dict[str, Any]:
    """Which columns tell whether there is anything to be noted."""
    return {"sensitive": columns} if sensitive else {}


def column(name: str, description: str, *, sensitive: bool = False) -> Any:
    """The value of a column. Who is shown a sensitive one is noted."""

    def resolve(root: Any) -> Any:
        return root[name]

    return _field(resolve, description, Column(name), **_noted(sensitive, name))


def enum_column(name: str, words: type[Enum], description: str, *, sensitive: bool = False) -> Any:
    """A column that holds a word of a closed set."""

    def resolve(root: Any) -> Any:
        value = root[name]
        return None if value is None else words(value)

    return _field(resolve, description, Column(name), **_noted(sensitive, name))


def enum_list_column(name: str, words: type[Enum], description: str, *, sensitive: bool = False) -> Any:
    def resolve(root: Any) -> Any:
        return [words(value) for value in root[name]]

    return _field(resolve, description, Column(name), **_noted(sensitive, name))


def localized(base: str, description: str) -> Any:
    """A pair of columns `…_zh`, `…_en`; the argument decides, else the request's language."""

    def resolve(root: Any, info: Info, lang: Any = None) -> Any:
        return root[f"{base}_{lang.value if lang else info.context.language}"]

    with_language(resolve)
    return _field(resolve, description, Localized(base))


def expression(
    name: str, build: Callable[[Any], ColumnElement[Any]], description: str, *, words: type[Enum] | None = None
) -> Any:
    """A SQL expression over the row's table, under a name of its own."""

    def resolve(root: Any) -> Any:
        value = root[f"${name}"]
        return words(value) if words is not None and value is not None else value

    return _field(resolve, description, Expression(build), expressions={f"${name}": build})


def localized_expression(name: str, build: Callable[[Any, str], ColumnElement[Any]], description: str) -> Any:
    """A SQL expression for each language: `build(row, "zh")`, `build(row, "en")`."""

    def resolve(root: Any, info: Info, lang: Any = None) -> Any:
        return root[f"${name}_{lang.value if lang else info.context.language}"]

    with_language(resolve)
    both = {f"${name}_{tag}": lambda row, tag=tag: build(row, tag) for tag in ("zh", "en")}
    return _field(resolve, description, LocalizedExpression(build), expressions=both)


def global_id(prefix: str, *columns: str) -> Any:
    """The opaque id of the object."""

    def resolve(root: Any) -> Any:
        return strawberry.ID(ids.encode(prefix, *(root[name] for name in columns or ("id",))))

    text = T(
        "全局唯一的不透明编号，可用于 `node(id:)`。",
        "Opaque id of this object, unique over all types; `node(id:)` finds it again.",
    )
    return _field(resolve, text, GlobalId(prefix, columns or ("id",)))


def embedded(target: str, description: str, *, unless_null: str | None = None) -> Any:
    """An object made of columns of the same row; null where the named column is."""

    def resolve(root: Any) -> Any:
        if unless_null is not None and root[unless_null] is None:
            return None
        return {**root, "__typename": target}

    return _field(resolve, description, Embedded(target, unless_null))


def money(name: str, description: str) -> Any:
    """An amount in CNY from a numeric column."""

    def resolve(root: Any) -> Any:
        return None if root[name] is None else {"__typename": "Money", "amount": root[name], "currency": "CNY"}

    return _field(resolve, description, Amount(name))


def to_one(target: str, description: str, *, sensitive: bool = False, **match: str) -> Any:
    """One row of another type: `target column = own column` for every pair. Null where it is absent or not visible.

    An object that is no row has attributes in place of columns.
    """

    async def resolve(root: Any, info: Info) -> Any:
        key = tuple(root[own] if isinstance(root, dict) else getattr(root, own) for own in match.values())
        if any(value is None for value in key):
            return None
        return await info.context.unit.one(SOURCES[target], tuple(match), key)

    return _field(resolve, description, ToOne(target, match), **_noted(sensitive, *match.values()))


def to_one_of(column: str, targets: Mapping[str, str], description: str, **match: str) -> Any:
    """One row of a type that a column of the own row chooses: `targets` is word → type. Null for every other word."""

    async def resolve(root: Any, info: Info) -> Any:
        target = targets.get(root[column])
        if target is None:
            return None
        key = tuple(root[own] for own in match.values())
        return await info.context.unit.one(SOURCES[target], tuple(match), key)

    return _field(resolve, description, ToOneOf(column, targets, match))


def to_many(
    target: str,
    order: Sequence[str],
    description: str,
    *,
    where: Mapping[str, Any] | None = None,
    size: int = ASSUMED,
    **match: str,
) -> Any:
    """A short closed list of rows of another type, ordered by columns; `size` is how long its price takes it to be."""
    fixed = tuple((where or {}).items())

    async def resolve(root: Any, info: Info) -> Any:
        key = tuple(root[own] for own in match.values())
        return await info.context.unit.many(SOURCES[target], tuple(match), key, tuple(order), fixed)

    return _field(resolve, description, ToMany(target, match, tuple(order), dict(fixed)), **sized(size))


def computed(
    resolve: Callable[..., Any],
    description: str,
    *,
    sql: Told,
    needs: Mapping[str, Callable[[Any], ColumnElement[Any]]] | None = None,
) -> Any:
    """A value that Python tells from the row and the context, and SQL tells alike.

    `needs` are expressions over the row's table, which Python finds in the row under "$name".
    """
    expressions = {f"${name}": build for name, build in (needs or {}).items()}
    return _field(resolve, description, Computed(sql), expressions=expressions)


def from_python(read: Callable[[Any, Any], Any], description: str) -> Any:
    """A value that Python alone tells of an object that is no row: `read(object, context)`."""

    def resolve(root: Any, info: Info) -> Any:
        return read(root, info.context)

    return _field(resolve, description, FromPython(read))


def filled(
    load: Load,
    description: str,
    *,
    needs: Sequence[str] = (),
    scope: str | None = None,
    **arguments: tuple[Any, str],
) -> Any:
    """A value that Python alone tells: `load(context, rows, **arguments)` gives one for each row, all rows at once.

    On a type it `needs` columns of its row; at the root it gets one row without any. `argument=(type, description)`.
    """

    async def resolve(root: Any, info: Info, **given: Any) -> Any:
        info.context.viewer.require(*([scope] if scope else []))
        row = {name: root[name] for name in needs}
        return await info.context.unit.filled(load, info.context, row, given)

    sign(resolve, [argument(name, kind, text) for name, (kind, text) in arguments.items()], root=True)
    return _field(resolve, description, Filled(load, tuple(needs)), scope)


def listing(
    target: str, order: Sequence[str], description: str, *, size: int = ASSUMED, **arguments: tuple[str, Any, str]
) -> Any:
    """A root field that is a short closed list; every argument narrows it: `argument=(column, type, description)`."""

    async def resolve(info: Info, **given: Any) -> Any:
        wanted = {
            arguments[name][0]: getattr(value, "value", value) for name, value in given.items() if value is not None
        }
        return await info.context.unit.every(SOURCES[target], wanted, tuple(order))

    def narrowed(row: Any, given: Mapping[str, Given]) -> list[ColumnElement[bool]]:
        columns = {name: getattr(row, arguments[name][0]) for name in given}
        return [column == given[name].bind(column.type) for name, column in columns.items()]

    sign(resolve, [argument(name, kind | None, text, default=None) for name, (_, kind, text) in arguments.items()])
    return _field(resolve, description, Narrowed(target, tuple(order), narrowed), **sized(size))


def lookup(target: str, description: str, *, scope: str | None = None, **arguments: tuple[str, Any, str]) -> Any:
    """A root field that finds one row by exact columns: `argument=(column, type, description)`."""

    async def resolve(info: Info, **given: Any) -> Any:
        values = tuple(getattr(given[name], "value", given[name]) for name in arguments)
        columns = tuple(item[0] for item in arguments.values())
        return await info.context.unit.one(SOURCES[target], columns, values)

    sign(resolve, [argument(name, kind, text) for name, (_, kind, text) in arguments.items()])
    form = Lookup(target, {name: item[0] for name, item in arguments.items()})
    return _field(guarded(resolve, scope), description, form, scope)
