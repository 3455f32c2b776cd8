"""Short lists from a file, written all or not at all: what no handbook prints and a vendor or the insurer supplies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.imports.lines import Line, Problem, Report, quoted, read_lines

BOOLEANS = {"true": True, "false": False}

Row = dict[str, Any]
Take = Callable[[Line], Row]


@dataclass(slots=True)
class Found:
    """The rows of a file, and what is wrong with it."""

    read: int = 0
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self) -> Report:
        return Report(self.read, 0 if self.problems else len(self.rows), self.problems)


def rows_of(
    path: Path, columns: Sequence[str], take: Take, *, key: Sequence[str], optional: Sequence[str] = ()
) -> Found:
    """Every line as a row; a key that stands twice is a problem, and so is a file without a line."""
    found, first = Found(), dict[tuple[str, ...], int]()
    for line in read_lines(path, columns, optional):
        if isinstance(line, Problem):
            found.problems.append(line)
            continue
        found.read += 1
        row = take(line)
        before = first.setdefault(tuple(line.cells[column] for column in key), line.number)
        if before != line.number:
            line.refuse(key[-1], f"it stands in line {before} already")
        found.problems += line.problems
        found.rows.append(row)
    if not found.read and not found.problems:
        found.problems.append(Problem(0, None, "it lists nothing"))
    return found


def filled(text: str) -> str:
    if not text:
        raise ValueError("it is empty")
    return text


def code(text: str) -> str:
    if not text or len(text) > 64 or text.split() != [text]:
        raise ValueError(f"{quoted(text)}; expected is a code of 1 to 64 characters without blanks")
    return text


def yes_or_no(text: str) -> bool:
    if text.lower() not in BOOLEANS:
        raise ValueError(f"{quoted(text)}; expected is true or false")
    return BOOLEANS[text.lower()]


def known(words: Sequence[str], what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"{quoted(text)} is no {what} that we know")
        return text

    return read


def found_in(table: dict[str, str], what: str) -> Callable[[str], str]:
    """A thing by its code or its name."""

    def read(text: str) -> str:
        if text.lower() not in table:
            raise ValueError(f"{quoted(text)} is no {what} that we know")
        return table[text.lower()]

    return read
