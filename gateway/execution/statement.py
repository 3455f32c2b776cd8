"""A statement that was made once, and where its parameters come from. It holds no value of a variable or a viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from gateway.auth.sight import Setting
from gateway.auth.visibility import is_private
from gateway.execution.objects import MARK
from gateway.execution.parameters import Call, Produce, Recorder
from gateway.postgres.session import opened
from gateway.postgres.statements import compile_


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    kinds: Sequence[str]
    producers: Sequence[Produce]
    checks: Sequence[Produce]
    later: Sequence[tuple[int, int]] = ()
    """Which parameters are filled in when the statement is sent, and with which of the values that come then."""
    is_marked: bool = False
    """Whether its answer says which rows it shows sensitive fields of."""

    @classmethod
    def compiled(cls, recorder: Recorder, value: Any, told: Sequence[Setting] = ()) -> "Statement":
        """The statement that gives one value. Where it reads what is private, it first tells the database who asks,
        by these settings; one of public rows is spared that, and so is one of a transaction that has told already.
        """
        made = compile_(select(value))
        told = told if is_private(made.sql) else ()
        producers = [recorder.producers[name] for name in made.names]
        later = [(at, recorder.later[name]) for at, name in enumerate(made.names) if name in recorder.later]
        return cls(
            opened(made.sql, [setting.name for setting in told], len(producers)),
            [*made.kinds, *("TEXT" for _ in told)],
            [*producers, *(partial(_told, setting) for setting in told)],
            tuple(recorder.checks),
            later,
            MARK in made.sql,
        )

    async def value(self, context: Any, arguments: Sequence[Any]) -> Any:
        """What it gives, be it one JSON or several; what was shown of it is remembered."""
        found = await context.unit.reader.value(self.sql, arguments)
        if not self.is_marked or found is None:
            return found
        take = context.shown.take
        return take(found) if isinstance(found, bytes) else [item and take(item) for item in found]

    def bind(self, call: Call) -> list[Any]:
        """The values of a request; what cannot be taken is refused by a fault."""
        for check in self.checks:
            check(call)
        return [produce(call) for produce in self.producers]

    def completed(self, arguments: Sequence[Any], values: Sequence[Any]) -> list[Any]:
        made = list(arguments)
        for at, place in self.later:
            made[at] = values[place]
        return made


def _told(setting: Setting, call: Call) -> str:
    return setting.text(call.context.viewer)
