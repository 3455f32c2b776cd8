"""Lines of a CSV or XLSX file as texts by column, and what is wrong with them. Nothing is held but the line at hand."""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from python_calamine import CalamineError, CalamineWorkbook

T = TypeVar("T")
Cells = Sequence[Any]
Row = tuple[int, Cells]
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NOT_UNICODE = "it is not UTF-8 text; save the file as CSV in UTF-8"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where. `column` is None when it is the whole line, `line` 0 when it is the whole file."""

    line: int
    column: str | None
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", {self.column}" if self.column else "") if self.line else "the file"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """How many lines were read and how many things were written, and why others were not."""

    read: int
    written: int
    problems: list[Problem]
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """One line under examination: `take` collects what is wrong, so that all of it is told at once."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def take(self, column: str, read: Callable[[str], T]) -> T | None:
        """The value of a cell, or None where it is bad and the problem has been noted."""
        try:
            return read(self.cells[column])
        except ValueError as error:
            self.refuse(column, str(error))
            return None

    def refuse(self, column: str | None, message: str) -> None:
        self.problems.append(Problem(self.number, column, message))


def unheard(_read: int) -> None:
    """Progress that nobody watches."""


def read_lines(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Line | Problem]:
    """Every line that is not blank. A problem of the header is the last item, since nothing below it has a meaning."""
    rows = _rows(path)
    header = next(rows, None)
    if header is None or isinstance(header, Problem):
        yield header or Problem(0, None, f"it is empty; expected is the header {','.join(columns)}")
        return
    names = [_text(cell) for cell in header[1]]
    problems = [Problem(header[0], name, message) for name, message in _header_problems(names, columns, optional)]
    yield from problems
    if not problems:
        yield from (row if isinstance(row, Problem) else _line(*row, names) for row in rows)


def _header_problems(
    names: list[str], columns: Sequence[str], optional: Sequence[str]
) -> Iterator[tuple[str | None, str]]:
    if not all(map(_is_plain, names)):
        yield None, NOT_UNICODE
        return
    expected = f"expected is the header {','.join(columns)}"
    for name in columns:
        if name not in names:
            yield name, f"this column is missing; {expected}"
    for place, name in enumerate(names):
        if name not in columns and name not in optional:
            yield name or f"column {place + 1}", f"this column is not known; {expected}"
        elif name in names[:place]:
            yield name, "this column stands twice"


def _line(number: int, cells: Cells, names: list[str]) -> Line | Problem:
    texts = [_text(cell) for cell in cells]
    while len(texts) > len(names) and not texts[-1]:
        texts.pop()
    if len(texts) != len(names):
        return Problem(number, None, f"it has {len(texts)} cells, the header has {len(names)}")
    for name, text in zip(names, texts, strict=True):
        if not _is_plain(text):
            return Problem(number, name, NOT_UNICODE)
    return Line(number, dict(zip(names, texts, strict=True)))


def _rows(path: Path) -> Iterator[Row | Problem]:
    readers = {".csv": _csv_rows, ".xlsx": _xlsx_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        yield Problem(0, None, f"{path.name} ends neither in .csv nor in .xlsx; only these two can be read")
        return
    for row in reader(path):
        if isinstance(row, Problem) or any(_text(cell) for cell in row[1]):
            yield row


def _csv_rows(path: Path) -> Iterator[Row | Problem]:
    # Bytes that are not UTF-8 come through as surrogates, so that each line can be told that has them.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True)
        while True:
            number = reader.line_num + 1
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Problem(number, None, f"its quotation marks or commas are broken: {error}")


def _xlsx_rows(path: Path) -> Iterator[Row | Problem]:
    try:
        with CalamineWorkbook.from_path(path) as book:
            yield from enumerate(book.get_sheet_by_index(0).iter_rows(), 1)
    except CalamineError as error:
        yield Problem(0, None, f"{path.name} is not a spreadsheet that can be read: {error}")


def _is_plain(text: str) -> bool:
    return "\0" not in text and (text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text))


def _text(cell: Any) -> str:
    """A cell as a CSV file would have it; a spreadsheet knows only one kind of number and has its own times."""
    match cell:
        case str():
            return cell.strip()
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time.min else cell.isoformat()
        case dt.time():
            return cell.isoformat("minutes" if not cell.second else "seconds")
        case dt.timedelta():
            return _clock(cell)
        case _:
            return str(cell)


def _clock(duration: dt.timedelta) -> str:
    hours, minutes = divmod(round(duration.total_seconds() / 60), 60)
    return f"{hours:02}:{minutes:02}"


def either(words: Iterable[str]) -> str:
    """Words to choose from, as a sentence names them."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def quoted(text: str) -> str:
    """A cell as a problem shows it: not longer than a glance."""
    shown = text if len(text) <= 60 else text[:60] + "…"
    return f"“{shown}”" if shown else "it is empty"


def word(text: str, *, words: Iterable[str]) -> str:
    if text not in words:
        raise ValueError(f"{quoted(text)}; expected is {either(words)}")
    return text


def day(text: str) -> dt.date:
    try:
        if not DATE.fullmatch(text):
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{quoted(text)} is no date; expected is YYYY-MM-DD, such as 2026-01-01") from None
