"""Facts and rules survive being written down."""

import datetime as dt
import json
import string
import uuid
from collections.abc import Mapping
from dataclasses import is_dataclass
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.validation import facts
from gateway.validation.adjudication import Cut
from gateway.validation.calendar import WorkCalendar
from gateway.validation.civil_time import SHANGHAI
from gateway.validation.facts import Facts
from gateway.validation.retelling import LATE, facts_told, read, told
from gateway.validation.rule import Rule

WORDS = st.text(string.ascii_letters + "张", max_size=5)
PLAIN = st.none() | st.booleans() | st.integers(0, 9) | WORDS | st.lists(WORDS, max_size=2)
SIMPLE: Mapping[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    int: st.integers(0, 999),
    bool: st.booleans(),
    Decimal: st.decimals(0, 99_999, places=2),
    dt.date: st.dates(),
    dt.datetime: st.datetimes(timezones=st.sampled_from([dt.UTC, SHANGHAI])),
    object: PLAIN,
    Any: PLAIN,
    uuid.UUID: st.uuids(),
    WorkCalendar: st.none(),
}
PARTS = [import_module(f"{facts.__name__}.{part.name}") for part in iter_modules(facts.__path__)]
KINDS = [
    kind
    for module in (facts, *PARTS)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
]


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, whatever it holds."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    if is_dataclass(kind):
        hints = get_type_hints(kind, localns=LATE)
        return st.builds(kind, **{name: any_of(hint) for name, hint in hints.items()})
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return st.one_of(st.none(), *(any_of(part) for part in parts if part is not NoneType))
    if origin is frozenset:
        return st.frozensets(any_of(parts[0]), max_size=3)
    if origin is not tuple:
        return st.dictionaries(any_of(parts[0]), any_of(parts[1]), max_size=2)
    if parts[1:] == (...,):
        return st.lists(any_of(parts[0]), max_size=2).map(tuple)
    return st.tuples(*(any_of(part) for part in parts))


@pytest.mark.parametrize("kind", [*KINDS, Rule, Cut], ids=lambda kind: kind.__name__)
def test_what_is_told_is_read_as_it_was(kind: Any) -> None:
    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(any_of(kind))
    def survives(value: Any) -> None:
        assert read(kind, json.loads(json.dumps(told(value)))) == value

    survives()


def test_the_calendar_is_not_told() -> None:
    shown = Facts("claimAdjudicate", dt.datetime(2026, 3, 2, tzinfo=dt.UTC), "CY26", "", calendar=WorkCalendar({}))
    assert set(facts_told(shown)) == {"operation", "now", "product", "service"}


def test_what_cannot_be_read_back_is_not_written() -> None:
    """Nothing in the facts is a float: it would come back as another number."""
    with pytest.raises(TypeError, match="float cannot be told"):
        told({"share": 33.33})
