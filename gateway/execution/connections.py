"""Connections: lists that can grow, read page by page with keyset cursors."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from typing import Annotated, Any, Generic, TypeVar

import orjson
import strawberry
from sqlalchemy import ColumnElement, TypeDecorator
from strawberry.types import Info

from gateway.execution.declare import sql_type
from gateway.execution.filters import Condition, check_sizes, conditions, plain
from gateway.execution.forms import Only, Paged, declared
from gateway.execution.keyset import Key, page_of
from gateway.execution.sizes import COUNT, Cost
from gateway.execution.sources import SOURCES, Source
from gateway.language import T
from gateway.postgres.given import Given, Known

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page was read from: enough to make cursors and to count when asked."""

    source: Source
    conditions: Sequence[Callable[[Any], Any]]
    keys: Sequence[Key]
    purpose: bytes


@sql_type(description=T("分页信息。", "Where a page lies in its list."))
class PageInfo:
    has_next_page: bool = strawberry.field(
        description=T("向前翻页时，本页之后是否还有。", "Paging forward: whether more items follow this page.")
    )
    has_previous_page: bool = strawberry.field(
        description=T("本页之前是否还有。", "Whether items lie before this page.")
    )
    start_cursor: str | None = strawberry.field(
        description=T("本页第一项的游标。", "Cursor of the first item of this page.")
    )
    end_cursor: str | None = strawberry.field(
        description=T("本页最后一项的游标。", "Cursor of the last item of this page.")
    )


@strawberry.type(description=T("列表中的一项及其游标。", "An item of a list with its cursor."))
class Edge(Generic[Node]):
    cursor: str = strawberry.field(
        description=T(
            "不透明、已签名，仅对同一列表、同一筛选与排序有效。",
            "Opaque and signed; valid for the same list, filter and ordering only.",
        )
    )
    node: Node = strawberry.field(description=T("这一项。", "The item."))


@strawberry.type(description=T("列表的一页。", "A page of a list."))
class Connection(Generic[Node]):
    edges: list[Edge[Node]] = strawberry.field(description=T("各项及其游标。", "The items with their cursors."))
    nodes: list[Node] = strawberry.field(description=T("各项。", "The items."))
    page_info: PageInfo = strawberry.field(description=T("分页信息。", "Where this page lies in the list."))
    listing: strawberry.Private[Listing]

    @strawberry.field(
        description=T("符合筛选条件的总数；仅在查询时计算。", "Items in the whole list; counted only when asked for."),
        directives=[Cost(weight=COUNT)],
    )
    async def total_count(self, info: Info) -> int:
        return await info.context.unit.count(self.listing.source, self.listing.conditions)


Orders = tuple[type[Enum], Mapping[Any, Sequence[Key]]]


def connection(
    target: str,
    description: str,
    *,
    of: Any,
    orders: Sequence[Key] | Orders,
    where: Any = None,
    within: Mapping[str, str] | None = None,
    arguments: Mapping[str, tuple[Any, str, Condition]] | None = None,
    only: Only | None = None,
    otherwise: Mapping[str, Callable[[Any], ColumnElement[bool]]] | None = None,
    scope: str | None = None,
) -> Any:
    """A field that is a connection over the rows of a type.

    `within` nests it: `target column = own column`. `orders` is one ordering, or an enum with an ordering for each of
    its values, the first being the default. `arguments` are conditions with an argument of their own, and `otherwise`
    says what holds where one is left out. `only` is what makes a row one of the list, for the kind of viewer that asks.
    """
    words, orderings = _orderings(orders)
    extra = arguments or {}
    own = {name: condition for name, (_, _, condition) in extra.items()}
    form = Paged(target, orderings, words, within or {}, where, own, only, otherwise or {})

    async def resolve(root: Any, info: Info, **given: Any) -> Any:
        values = {name: plain(given[name]) for name in ("where", *extra) if given.get(name) is not None}
        check_sizes(values)
        bounds = [_equal(name, root[column]) for name, column in form.within.items()]
        bounds += [] if only is None else [partial(only, info.context.viewer.kind)]
        set_ = list_conditions(form, {name: Known(value, info.context.now) for name, value in values.items()})
        field = f"{info._raw_info.parent_type.name}.{info.field_name}"  # pyright: ignore[reportPrivateUsage]
        word = plain(given.get("order_by"))
        listing = Listing(SOURCES[target], [*bounds, *set_], keys_of(form, word), purpose_of(field, word, values))
        return await _read(info, listing, given, of)

    resolve.__signature__ = _signature(where, words, extra)  # type: ignore[attr-defined]
    resolve.__annotations__ = {item.name: item.annotation for item in resolve.__signature__.parameters.values()}  # type: ignore[attr-defined]
    return strawberry.field(resolver=_guarded(resolve, scope), description=description, metadata=declared(form, scope))


def list_conditions(form: Paged, given: Mapping[str, Given]) -> list[Callable[[Any], Any]]:
    """What `where` and the connection's own arguments ask of a row."""
    own: list[Callable[[Any], Any]] = [
        partial(_call, form.arguments[name], item) for name, item in given.items() if name in form.arguments
    ]
    own += [condition for name, condition in form.otherwise.items() if name not in given]
    return own + conditions(form.where, given.get("where"))


def keys_of(form: Paged, word: str | None) -> Sequence[Key]:
    return next(iter(form.orders.values())) if word is None else form.orders[word]


def purpose_of(field: str, order: str | None, values: Mapping[str, Any]) -> bytes:
    """What a cursor is good for: the list that a field gives in one order under one filter."""
    return orjson.dumps({"field": field, "order": order, **values}, option=orjson.OPT_SORT_KEYS, default=str)


def kinds_of(source: Source, keys: Sequence[Key]) -> list[Any]:
    """The Python types of what a cursor holds."""
    return [_python_type(source.table, key.column) for key in keys]


@cache
def _python_type(table: Any, column: str) -> Any:
    """A decorated type of SQLModel's knows only by what it decorates."""
    kind = table.__table__.columns[column].type
    return (kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type


def _call(condition: Condition, given: Given, row: Any) -> Any:
    return condition(row, given)


def _guarded(resolve: Callable[..., Any], scope: str | None) -> Callable[..., Any]:
    if scope is None:
        return resolve

    async def behind(root: Any, info: Info, **given: Any) -> Any:
        info.context.viewer.require(scope)
        return await resolve(root, info, **given)

    behind.__signature__ = inspect.signature(resolve)  # type: ignore[attr-defined]
    behind.__annotations__ = resolve.__annotations__
    return behind


async def _read(info: Info, listing: Listing, given: Mapping[str, Any], of: Any) -> Any:
    signer = info.context.cursors
    kinds = kinds_of(listing.source, listing.keys)
    after, before = (
        None if given.get(name) is None else signer.decode(listing.purpose, given[name], kinds, name)
        for name in ("after", "before")
    )
    page = page_of(given.get("first"), after, given.get("last"), before)
    rows, has_more = await info.context.unit.page(listing.source, listing.conditions, listing.keys, page)
    cursors = [signer.encode(listing.purpose, [row[key.column] for key in listing.keys]) for row in rows]
    place = PageInfo(
        has_next_page=(before is not None) if page.is_backward else has_more,
        has_previous_page=has_more if page.is_backward else after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    edges = [Edge(cursor=cursor, node=row) for cursor, row in zip(cursors, rows, strict=True)]
    return Connection[of](edges=edges, nodes=rows, page_info=place, listing=listing)


def _orderings(orders: Any) -> tuple[type[Enum] | None, Mapping[Any, Sequence[Key]]]:
    if not isinstance(orders[0], type):
        return None, {None: orders}
    words, orderings = orders
    return words, {word.value: orderings[word] for word in words}


def _equal(name: str, value: Any) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name) == value


def _signature(where: Any, words: Any, extra: Mapping[str, Any]) -> inspect.Signature:
    text = {
        "where": T("筛选条件；所给各项同时满足。", "Filter; everything that is given holds at once."),
        "order_by": T("排序；相同者再按编号。", "Ordering; equals are ordered by id."),
        "first": T(
            "从头（或 `after` 之后）取多少项：0–100，默认 20。",
            "Items from the start, or after `after`: 0 to 100, 20 by default.",
        ),
        "after": T("从此游标之后开始。", "Begin after this cursor."),
        "last": T("从尾（或 `before` 之前）取多少项：0–100。", "Items from the end, or before `before`: 0 to 100."),
        "before": T("到此游标之前为止，与 `last` 同用。", "End before this cursor; goes with `last`."),
    }
    kinds: dict[str, Any] = {"first": int | None, "after": str | None, "last": int | None, "before": str | None}
    if words is not None:
        kinds = {"order_by": words | None, **kinds}
    if where is not None:
        kinds = {"where": where | None, **kinds}
    text |= {name: item[1] for name, item in extra.items()}
    kinds = {name: item[0] | None for name, item in extra.items()} | kinds
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature(
        [
            inspect.Parameter("root", positional, annotation=Any),
            inspect.Parameter("info", positional, annotation=Info),
            *(
                inspect.Parameter(
                    name,
                    inspect.Parameter.KEYWORD_ONLY,
                    default=None,
                    annotation=Annotated[kind, strawberry.argument(description=text[name])],
                )
                for name, kind in kinds.items()
            ),
        ]
    )
