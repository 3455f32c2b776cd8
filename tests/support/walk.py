"""Walking a connection page by page, as a client does."""

from typing import Any

from tests.support.client import Answer, Client

PAGE = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { %s } }"


def page(client: Client, field: str, node: str = "id", *, arguments: str = "", **given: Any) -> Answer:
    """One page. `arguments` are fixed ones, such as `where: {city: "beijing"}`; `given` are first, after and so on."""
    kinds = {name: "String" if name in ("after", "before") else "Int" for name in given}
    declared = ", ".join(f"${name}: {kind}" for name, kind in kinds.items())
    passed = " ".join(f"{name}: ${name}" for name in given)
    query = f"query Page({declared})" if given else "query Page"
    where = f"({passed} {arguments})" if given or arguments else ""
    return client.ask(f"{query} {{ {field}{where} {{ {PAGE % node} }} }}", **given)


def forward(client: Client, field: str, node: str = "id", *, size: int = 100, arguments: str = "") -> list[Any]:
    """Every node from the first page to the last."""
    found: list[Any] = []
    after = None
    while True:
        read = page(client, field, node, arguments=arguments, first=size, after=after).data[field]
        found += [edge["node"] for edge in read["edges"]]
        after = read["pageInfo"]["endCursor"]
        if not read["pageInfo"]["hasNextPage"]:
            return found


def backward(client: Client, field: str, node: str = "id", *, size: int = 100, arguments: str = "") -> list[Any]:
    """Every node from the last page to the first, in the order of the list."""
    found: list[Any] = []
    before = None
    while True:
        read = page(client, field, node, arguments=arguments, last=size, before=before).data[field]
        found = [edge["node"] for edge in read["edges"]] + found
        before = read["pageInfo"]["startCursor"]
        if not read["pageInfo"]["hasPreviousPage"]:
            return found
