"""Parameters of a plan: values that are promised when the plan is made, and fetched by each request that runs it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

from graphql import GraphQLInputObjectType, get_named_type, get_nullable_type
from graphql.execution.values import VariableValues
from sqlalchemy import BindParameter
from sqlalchemy.ext.compiler import compiles

from gateway.execution import ids
from gateway.execution.filters import plain
from gateway.postgres.given import Prepare, same


@dataclass(slots=True)
class Call:
    """One request that runs a plan."""

    variables: Mapping[str, Any]  # coerced
    context: Any
    values: Callable[[], VariableValues]  # the same as graphql-core has them, for literals with variables in them
    _found: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, find: Callable[["Call"], Any]) -> Any:
        """What several parameters need, found once."""
        if key not in self._found:
            self._found[key] = find(self)
        return self._found[key]


Produce = Callable[[Call], Any]
Shape = Any
"""What a plan may know of a value: None where it is null, the word of an enum, a boolean, the prefixes of ids, the
shapes of an object's fields that are not null, and otherwise only that there is one (`...`)."""


class Parameter(BindParameter[Any]):
    """A parameter that stays one where constants of the code are written out."""

    inherit_cache = False


@compiles(Parameter)
def _as_parameter(element: Any, compiler: Any, **options: Any) -> str:
    return compiler.visit_bindparam(element, **{**options, "literal_binds": False})


@dataclass(slots=True)
class Recorder:
    """Names the parameters of one plan, and remembers where each comes from."""

    producers: dict[str, Produce] = field(default_factory=dict)
    checks: list[Produce] = field(default_factory=list)
    later: dict[str, int] = field(default_factory=dict)
    _known: dict[Any, BindParameter[Any]] = field(default_factory=dict)

    def bind(self, kind: Any, produce: Produce, *key: Any) -> BindParameter[Any]:
        """A parameter; the same one again where the key was seen before."""
        made = self._known.get(key) if key else None
        if made is None:
            name = f"given_{len(self.producers) + 1}"
            made = Parameter(name, None, type_=kind)
            self.producers[name] = produce
            if key:
                self._known[key] = made
        return made

    def bind_later(self, kind: Any, place: int) -> BindParameter[Any]:
        """A value that is there only when the statement is sent, such as the key of what was just written."""
        made = self.bind(kind, _nothing_yet, "later", place)
        self.later[made.key] = place
        return made


def _nothing_yet(_call: Call) -> None:
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Promised:
    """A value that each request will give. What of it shapes the SQL is known: see `Shape`."""

    recorder: Recorder
    shape: Shape
    read: Produce
    items: Mapping[str, "Promised"] = field(default_factory=dict)
    constant: Any = None
    """The value itself where the document says it, so that every request gives the same."""

    def bind(self, kind: Any, prepare: Prepare = same) -> BindParameter[Any]:
        return self.recorder.bind(kind, lambda call: prepare(self.read(call)), id(self), str(kind), prepare)

    def bind_now(self, kind: Any, prepare: Prepare = same) -> BindParameter[Any]:
        return self.recorder.bind(kind, lambda call: prepare(call.context.now), "now", str(kind), prepare)


def promise(recorder: Recorder, kind: Any, shape: Shape, get: Produce) -> Promised | None:
    """A value of an input type that `get` finds coerced; none for null."""
    if shape is None:
        return None
    named = get_nullable_type(kind)
    if not isinstance(named, GraphQLInputObjectType):
        return Promised(recorder, shape, lambda call: plain(get(call)))
    return collected(
        recorder,
        {
            python_name(named, name): promise(
                recorder, named.fields[name].type, inner, lambda call, name=name: get(call)[name]
            )
            for name, inner in shape
        },
    )


def collected(recorder: Recorder, items: Mapping[str, Promised | None]) -> Promised:
    """An object of values; those that are null are left out."""
    present = {name: item for name, item in items.items() if item is not None}
    return Promised(recorder, ..., lambda call: {name: item.read(call) for name, item in present.items()}, present)


def python_name(kind: GraphQLInputObjectType, name: str) -> str:
    return kind.fields[name].extensions["strawberry-definition"].python_name


def shape_of(kind: Any, value: Any) -> Shape:
    """The shape of the coerced value of an argument or a variable."""
    if isinstance(value, (Enum, bool)):
        return value
    if value is not None and get_named_type(kind).name == "ID":
        return frozenset(map(prefix_of, value if isinstance(value, list) else [value]))
    return _inner_shape(value)


def prefix_of(value: str | None) -> str:
    """The prefix of a global id with the number of its keys; empty for what is no id."""
    found = None if value is None else ids.decode(value)
    return "" if found is None else f"{found[0]}{len(found[1])}"


def _inner_shape(value: Any) -> Shape:
    """Inside of an object nothing but keys matters: its words and booleans are compared, never chosen by."""
    if value is None:
        return None
    if isinstance(value, dict):
        return tuple((name, _inner_shape(item)) for name, item in value.items() if item is not None)
    return ...


def _key(value: str, at: int) -> Any:
    found = ids.decode(value)
    return found[1][at] if found is not None and at < len(found[1]) else None


KEYS = tuple(partial(_key, at=at) for at in (0, 1))
LISTED_KEYS = tuple(partial(lambda values, at: [_key(value, at) for value in values], at=at) for at in (0, 1))


def prefixes_of(values: Sequence[str]) -> list[str]:
    return [prefix_of(value) for value in values]
