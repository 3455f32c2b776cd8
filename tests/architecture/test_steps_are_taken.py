"""No row of a lifecycle that nobody can take: code that knows the machine sends each of its commands."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import gateway
from gateway.resolvers import cases
from seeds.files import lifecycles

ROOT = Path(gateway.__file__).parent
FOLDERS = ("resolvers", "repositories", "jobs", "files", "http")
MACHINES = lifecycles()
KINDS = {kind.machine: name for name, kind in vars(cases).items() if isinstance(kind, cases.Kind)}
"""Machine → the name under which code knows it."""

OWN = {*KINDS, "DOCUMENT"}
"""Machines that have code of their own; what is booked moves by the machine of its service."""


@dataclass(frozen=True)
class Source:
    name: str
    words: frozenset[str]
    kinds: frozenset[str]
    imports: frozenset[str]

    def says(self, word: str) -> bool:
        """As a word of Python or of SQL, or by the constant that is called like it."""
        return word in self.words or word.upper() in self.imports or any(f"'{word}'" in longer for longer in self.words)

    def knows(self, machine: str) -> bool:
        return KINDS.get(machine) in self.kinds or self.says(machine)


def read(path: Path) -> Source:
    words, kinds, imports = set[str](), set[str](), set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Constant(value=str(word)):
                words.add(word)
            case ast.Attribute(value=ast.Name(id="cases"), attr=kind):
                kinds.add(kind)
            case ast.ImportFrom(module=module, names=names):
                imports |= {(module or "").rpartition(".")[2], *(name.name for name in names)}
            case _:
                pass
    return Source(path.stem, frozenset(words), frozenset(kinds), frozenset(imports))


@cache
def sources() -> list[Source]:
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return [read(path) for path in files if path.stem != "cases"]


def of_machine(machine: str) -> list[Source]:
    """Modules that know the machine, or that import one which does."""
    if machine not in OWN:
        return sources()
    named = {source.name for source in sources() if source.knows(machine)}
    return [source for source in sources() if source.name in named or named & source.imports]


@pytest.mark.parametrize("machine", sorted(MACHINES))
def test_every_command_of_a_lifecycle_is_sent_by_code_that_knows_it(machine: str) -> None:
    commands, knowing = {edge.command for edge in MACHINES[machine]}, of_machine(machine)
    assert {command for command in commands if not any(source.says(command) for source in knowing)} == set()
