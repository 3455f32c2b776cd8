"""Signatures of resolvers that are made here: Strawberry reads which arguments a field has from them."""

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from gateway.language import Language, T


def guarded(resolve: Callable[..., Any], *scopes: str | None) -> Callable[..., Any]:
    """The same resolver behind scopes. It keeps its signature, which Strawberry reads."""
    needed = [scope for scope in scopes if scope]
    if not needed:
        return resolve

    async def behind(info: Info, **given: Any) -> Any:
        info.context.viewer.require(*needed)
        return await resolve(info=info, **given)

    behind.__signature__ = inspect.signature(resolve)  # type: ignore[attr-defined]
    behind.__annotations__ = resolve.__annotations__
    behind.__name__ = resolve.__name__
    return behind


def with_language(resolve: Callable[..., Any]) -> None:
    text = T("显示语言；缺省取自 Accept-Language。", "Language of the text; by default that of Accept-Language.")
    sign(resolve, [argument("lang", Language | None, text, default=None)], root=True)


def argument(name: str, kind: Any, text: str, *, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    annotation = Annotated[kind, strawberry.argument(description=text)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def sign(resolve: Callable[..., Any], parameters: Sequence[inspect.Parameter], *, root: bool = False) -> None:
    """Give a resolver that is made here the arguments that Strawberry shall see."""
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    head = [inspect.Parameter("root", positional, annotation=Any)] if root else []
    head.append(inspect.Parameter("info", positional, annotation=Info))
    resolve.__signature__ = inspect.Signature([*head, *parameters])  # type: ignore[attr-defined]
    resolve.__annotations__ = {item.name: item.annotation for item in [*head, *parameters]}
