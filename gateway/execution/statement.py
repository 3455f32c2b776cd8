"""A statement that was made once, and where its parameters come from. It holds no value of a variable or a viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from gateway.execution.parameters import Call, Produce, Recorder
from gateway.postgres.statements import compile_


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    kinds: Sequence[str]
    producers: Sequence[Produce]
    checks: Sequence[Produce]
    later: Sequence[tuple[int, int]] = ()
    """Which parameters are filled in when the statement is sent, and with which of the values that come then."""

    @classmethod
    def compiled(cls, recorder: Recorder, value: Any) -> "Statement":
        """The statement that gives one value."""
        made = compile_(select(value))
        producers = [recorder.producers[name] for name in made.names]
        later = [(at, recorder.later[name]) for at, name in enumerate(made.names) if name in recorder.later]
        return cls(made.sql, made.kinds, producers, tuple(recorder.checks), later)

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
