"""`node` and `nodes`: any object again by its global id. What is absent and what is not yours look the same."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from gateway.execution import ids
from gateway.execution.forms import ById, declared
from gateway.execution.sources import PREFIXES
from gateway.faults import bad_input
from gateway.language import T

MAXIMUM_IDS = 100


@strawberry.interface(description=T("可按全局编号再次取得的对象。", "An object that its global id finds again."))
class Node:
    id: strawberry.ID = strawberry.field(description=T("全局唯一的不透明编号。", "Opaque id, unique over all types."))


async def find(info: Info, wanted: str) -> Any:
    found = ids.decode(wanted)
    if found is None or found[0] not in PREFIXES:
        return None
    source = PREFIXES[found[0]]
    if len(found[1]) != len(source.id_columns):
        return None
    if source.scope is not None and source.scope not in info.context.viewer.scopes:
        return None
    return await info.context.unit.one(source, source.id_columns, found[1])


def _check(values: Mapping[str, Any]) -> None:
    if len(values["ids"]) > MAXIMUM_IDS:
        raise bad_input(f"`ids` may have {MAXIMUM_IDS} items, not {len(values['ids'])}.", "ids")


@strawberry.type
class NodeQueries:
    @strawberry.field(
        description=T(
            "按编号取得对象；不存在或无权查看时均为 null。",
            "An object by its id. Null both when it does not exist and when it is not yours to see.",
        ),
        metadata=declared(ById("id")),
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description=T("全局编号。", "The global id."))],
    ) -> Node | None:
        return await find(info, id)

    @strawberry.field(
        description=T(
            "按编号批量取得对象，次序与输入一致，至多 100 个。",
            "Objects by their ids, in the order of the input; at most 100.",
        ),
        metadata=declared(ById("ids", is_list=True, check=_check)),
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description=T("全局编号。", "The global ids."))],
    ) -> list[Node | None]:
        _check({"ids": ids})
        return [await find(info, wanted) for wanted in ids]
