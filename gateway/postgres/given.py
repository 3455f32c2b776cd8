"""Values that clients give, on their way into SQL as parameters."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BindParameter, bindparam

Prepare = Callable[[Any], Any]
"""What becomes of a value before it is sent; it may refuse the value with a fault."""


def same(value: Any) -> Any:
    return value


class Given(Protocol):
    """A value that is given. A condition may see which keys an object has, never a value: the structure of its SQL
    depends on keys alone, so that one statement serves every request of the same shape.
    """

    @property
    def items(self) -> Mapping[str, "Given"]:
        """The fields of an object that are given and not null."""
        ...

    def bind(self, kind: Any, prepare: Prepare = same) -> BindParameter[Any]:
        """The value as a parameter of a SQL type. Enums are words, objects are mappings."""
        ...

    def bind_now(self, kind: Any, prepare: Prepare = same) -> BindParameter[Any]:
        """The request's clock, for conditions that ask what holds at this moment."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """A value that is here already."""

    value: Any
    now: dt.datetime

    @property
    def items(self) -> Mapping[str, Given]:
        return {name: Known(item, self.now) for name, item in self.value.items() if item is not None}

    def bind(self, kind: Any, prepare: Prepare = same) -> BindParameter[Any]:
        return bindparam(None, prepare(self.value), type_=kind)

    def bind_now(self, kind: Any, prepare: Prepare = same) -> BindParameter[Any]:
        return bindparam(None, prepare(self.now), type_=kind)
