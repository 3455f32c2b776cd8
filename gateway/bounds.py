"""How much one request, one caller and one worker may take. Closed by default; every number is a setting."""

import json
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may bring. Selections count in every place where a fragment is spread."""

    body: int = 1_000_000  # bytes
    signs: int = 30_000  # commas and opening brackets of a request's JSON, those within texts as well
    characters: int = 100_000  # of the document
    tokens: int = 2_000
    nesting: int = 60  # brackets within brackets
    name_length: int = 128  # characters of one name
    operations: int = 20
    fragments: int = 100
    spreads: int = 300  # of fragments, as they are written: validation follows each of them several times
    variables: int = 50
    depth: int = 20
    width: int = 200  # fields of one object
    root_fields: int = 30
    mutation_fields: int = 4
    selections: int = 1_000
    aliases: int = 200
    directives: int = 100
    typenames: int = 200
    merges: int = 2_000  # pairs of fields under one name that validation compares
    of_types: int = 12  # `ofType` within `ofType`
    introspection: int = 200_000  # values that introspection is estimated to give
    list_items: int = 500
    value_depth: int = 12
    values: int = 5_000  # in all variables of a request
    text_length: int = 20_000  # characters of one text


@dataclass(frozen=True, slots=True)
class Lane:
    """What a kind of caller may do: one request costs at most `budget`; `burst` refills by `per_second`."""

    name: str
    budget: int
    per_second: int
    burst: int
    may_introspect: bool = True
    may_ask_freely: bool = True  # else registered documents alone
    sees_suggestions: bool = False  # such as "Did you mean": they tell names to who guesses


@dataclass(frozen=True, slots=True)
class Lanes:
    """Our own apps send what they have registered; partners and staff what they like within their budget."""

    anonymous: Lane = Lane("anonymous", 5_000, 1_000, 20_000, may_introspect=False, may_ask_freely=False)
    customer: Lane = Lane("customer", 10_000, 2_000, 40_000, may_introspect=False, may_ask_freely=False)
    vendor: Lane = Lane("vendor", 10_000, 10_000, 100_000, may_introspect=False)
    staff: Lane = Lane("staff", 20_000, 10_000, 100_000, may_introspect=False)
    developer: Lane = Lane("developer", 50_000, 1_000_000, 10_000_000, sees_suggestions=True)
    """Everybody's in development mode."""

    @property
    def all(self) -> tuple[Lane, ...]:
        return self.anonymous, self.customer, self.vendor, self.staff, self.developer


@dataclass(frozen=True, slots=True)
class Live:
    """What subscriptions may take of one worker, and what one client may."""

    connections: int = 1_000  # open at once: sockets and event streams
    of_one_caller: int = 100
    operations: int = 20  # at once on one socket
    messages_per_second: int = 20  # that a socket may send, twice as many in one go
    message_bytes: int = 200_000
    init_ms: int = 10_000  # within which a socket says who it is
    heartbeat_ms: int = 15_000  # a sign of life, each way
    stall_ms: int = 10_000  # for how long a client may leave unread what it is sent
    recheck_ms: int = 5_000  # how often the token of a silent connection is looked at
    poll_ms: int = 1_000  # how often changes are looked for where no hint comes


BOUNDS, LANES, LIVE = Bounds(), Lanes(), Live()


def changed(name: str, default: T, text: str) -> T:
    """The defaults with what a JSON object changes in them; a slip is a ValueError that says where it is."""
    if not text.strip():
        return default
    try:
        given = json.loads(text)
    except ValueError:
        raise ValueError(f"{name} must be a JSON object") from None
    return _changed(name, default, given)


def _changed(name: str, default: Any, given: Any) -> Any:
    if not isinstance(given, dict):
        raise ValueError(f"{name} must be a JSON object")
    known = {camel(item.name): item.name for item in fields(default) if item.name != "name"}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"{name}: there is no {unknown[0]}; it may have {', '.join(known)}")
    return replace(
        default,
        **{known[key]: _value(f"{name}: {key}", getattr(default, known[key]), item) for key, item in given.items()},
    )


def _value(name: str, default: Any, given: Any) -> Any:
    if isinstance(default, Lane):
        return _changed(name, default, given)
    if isinstance(default, bool):
        if not isinstance(given, bool):
            raise ValueError(f"{name} may be true or false")
        return given
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise ValueError(f"{name} may be a whole number from 1 on")
    return given


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
