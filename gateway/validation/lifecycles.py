"""Which steps a case may take: read from a table, so that the database and the checks know the same lifecycle."""

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass, field

Row = tuple[str, str, str, str, str]
"""Machine, state before ('' begins a case), command, role, state after."""

AFTERWORDS = frozenset({"rate", "share", "resettle", "giveBack"})
"""Commands that a case which has ended still takes; the last two follow from what becomes of another case."""

OPTIONS = AFTERWORDS | {
    "ask",
    "attach",
    "cancel",
    "decideDeduction",
    "decline",
    "noShow",
    "proposeDeduction",
    "reschedule",
    "terminate",
}
"""Commands that somebody may send, and that nobody waits for."""


@dataclass(frozen=True)
class Lifecycles:
    """All machines. A step with several outcomes has several rows; the outcome of the command decides."""

    rows: InitVar[Iterable[Row]]
    _leads_to: Mapping[tuple[str, str, str, str], frozenset[str]] = field(init=False)
    _commands: Mapping[tuple[str, str, str], tuple[str, ...]] = field(init=False)
    _under_way: frozenset[tuple[str, str]] = field(init=False)

    def __post_init__(self, rows: Iterable[Row]) -> None:
        leads_to: dict[tuple[str, str, str, str], set[str]] = {}
        commands: dict[tuple[str, str, str], dict[str, None]] = {}  # keys keep the order of the table
        under_way: set[tuple[str, str]] = set()
        for machine, state, command, role, after in rows:
            leads_to.setdefault((machine, state, command, role), set()).add(after)
            commands.setdefault((machine, state, role), {})[command] = None
            if command not in AFTERWORDS:
                under_way.add((machine, state))
        object.__setattr__(self, "_leads_to", {step: frozenset(states) for step, states in leads_to.items()})
        object.__setattr__(self, "_commands", {place: tuple(names) for place, names in commands.items()})
        object.__setattr__(self, "_under_way", frozenset(under_way))

    def leads_to(self, machine: str, state: str, command: str, role: str) -> frozenset[str]:
        """The states that the command may end in; empty where the role has no such step."""
        return self._leads_to.get((machine, state, command, role), frozenset())

    def commands(self, machine: str, state: str, role: str) -> tuple[str, ...]:
        """What the role may do now, in the order of the table."""
        return self._commands.get((machine, state, role), ())

    def knows(self, machine: str, command: str) -> bool:
        """Whether anybody may ever send this command to a case of the machine."""
        return any((known, name) == (machine, command) for known, _, name, _ in self._leads_to)

    def waits_for(self, machine: str, state: str, role: str) -> bool:
        """Whether the role has a step that takes the case further, and is not only a way out of it."""
        awaited = (name for name in self.commands(machine, state, role) if name not in OPTIONS)
        return any(self.leads_to(machine, state, name, role) - {state} for name in awaited)

    @property
    def under_way(self) -> frozenset[tuple[str, str]]:
        """Machine and state of every case that somebody, or the clock, can still move."""
        return self._under_way

    def is_terminal(self, machine: str, state: str) -> bool:
        """Nobody, the clock included, can move the case any further; it may still be rated."""
        return (machine, state) not in self._under_way
