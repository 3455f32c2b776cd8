"""The second step of a query: what Python alone tells, put into its places in the answer of the statement.

The statement leaves a mark in each place, with what the value is told from. Each field is asked once for all rows.
"""

import datetime as dt
import secrets
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import ColumnElement, Integer, Text, cast, literal

from gateway.execution import forms
from gateway.execution.arguments import Arguments
from gateway.execution.objects import object_of
from gateway.execution.parameters import Call
from gateway.execution.printers import Lookups, Making, Print, Printers, Sheet, Wanted

if TYPE_CHECKING:
    from gateway.execution.planner import Asked

_Place = tuple[dict[str, Any], str]
READ: Mapping[Any, Callable[[str], Any]] = {
    uuid.UUID: uuid.UUID,
    dt.datetime: dt.datetime.fromisoformat,
    dt.date: dt.date.fromisoformat,
    Decimal: Decimal,
}
"""Python type of a column → from its text in JSON. What is not named here is in JSON what it is in Python."""


@dataclass(frozen=True, slots=True)
class Fill:
    """One field that Python tells."""

    form: forms.Filled
    arguments: Arguments
    kinds: Mapping[str, Any]
    print_: Print

    def row(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: value if value is None or self.kinds[name] not in READ else READ[self.kinds[name]](value)
            for name, value in given.items()
        }


@dataclass(slots=True)
class Filling:
    """All such fields of a query."""

    printers: Printers
    fills: list[Fill] = field(default_factory=list)
    mark: str = field(default_factory=lambda: f"fill_{secrets.token_hex(8)}")  # no client can ask for this name

    @classmethod
    def of(cls, making: Making) -> "Filling":
        return cls(Printers(making))

    def place(self, form: forms.Filled, asked: "Asked") -> ColumnElement[Any]:
        """The mark that stands for the value."""
        columns = {name: getattr(asked.row, name) for name in form.needs}
        kinds = {name: column.type.python_type for name, column in columns.items()}
        self.fills.append(
            Fill(
                form,
                Arguments.of(asked.field, asked.nodes[0]),
                kinds,
                self.printers.typed(asked.field.type, asked.sets),
            )
        )
        needs = [(name, cast(column, Text) if kinds[name] in READ else column) for name, column in columns.items()]
        return object_of([(self.mark, literal(len(self.fills) - 1, Integer)), ("row", object_of(needs))])

    def bind(self, call: Call) -> "Bound":
        arguments = [fill.arguments.read(call) for fill in self.fills]
        return Bound(self, arguments, Lookups.bound(self.printers.lookups, call))


@dataclass(frozen=True, slots=True)
class Bound:
    """The second step of one request."""

    filling: Filling
    arguments: Sequence[Mapping[str, Any]]
    lookups: Lookups

    async def complete(self, json: bytes, context: Any) -> bytes:
        answer = orjson.loads(json)
        sheet = Sheet(context)
        waiting: dict[int, list[_Place]] = defaultdict(list)
        for made, key in _marks(answer, self.filling.mark):
            waiting[made[key][self.filling.mark]].append((made, key))
        for at, places in waiting.items():
            fill = self.filling.fills[at]
            rows = [fill.row(made[key]["row"]) for made, key in places]
            values = await fill.form.load(context, rows, **self.arguments[at])
            for (made, key), value in zip(places, values, strict=True):
                _put(fill.print_(value, sheet), sheet, made, key)
        await self.lookups.fill(sheet)
        return orjson.dumps(answer)


def _put(item: Any, sheet: Sheet, made: dict[str, Any], key: str) -> None:
    if type(item) is Wanted:
        sheet.wait(item, made, key)
    made[key] = item


def _marks(value: Any, mark: str) -> Iterator[_Place]:
    """The places that wait, each as an object with its key."""
    if isinstance(value, list):
        for item in value:
            yield from _marks(item, mark)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, dict) and mark in item:
                yield value, key
            else:
                yield from _marks(item, mark)
