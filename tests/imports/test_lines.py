import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from gateway.imports.lines import Line, Problem, read_lines

COLUMNS = ("code", "name")


def write(folder: Path, content: bytes | str, name: str = "lines.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def lines(file: Path, **optional: Any) -> list[tuple[int, dict[str, str]]]:
    found = list(read_lines(file, COLUMNS, **optional))
    assert all(isinstance(line, Line) for line in found), found
    return [(line.number, dict(line.cells)) for line in found if isinstance(line, Line)]


def problems(file: Path) -> list[Problem]:
    return [line for line in read_lines(file, COLUMNS) if isinstance(line, Problem)]


def test_lines_have_the_number_of_the_file_and_blank_ones_are_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path, '\ufeffcode,name\r\nA,"first\nsecond"\r\n\r\n , \r\nB, 名 \r\n')
    assert lines(file) == [
        (2, {"code": "A", "name": "first\nsecond"}),
        (6, {"code": "B", "name": "名"}),
    ]


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_there(tmp_path: Path) -> None:
    file = write(tmp_path, "name,note,code\nn,x,c\n")
    assert lines(file, optional=("note",)) == [(2, {"name": "n", "note": "x", "code": "c"})]


def test_every_wrong_column_of_the_header_is_named_and_nothing_is_read(tmp_path: Path) -> None:
    found = list(read_lines(write(tmp_path, "code,nmae,code,\nA,B,C,D\n"), COLUMNS))
    assert [(item.line, item.column) for item in found if isinstance(item, Problem)] == [
        (1, "name"),
        (1, "nmae"),
        (1, "code"),
        (1, "column 4"),
    ]
    assert len(found) == 4
    assert "expected is the header code,name" in str(found[0])


@pytest.mark.parametrize(
    ("content", "line", "column", "said"),
    [
        ("", 0, None, "empty"),
        ("code,name\nA\n", 2, None, "1 cells, the header has 2"),
        ("code,name\nA,b,c\n", 2, None, "3 cells, the header has 2"),
        ('code,name\nA,"b"c\n', 2, None, "quotation marks"),
        ('code,name\nA,b\nC,"d\n', 3, None, "quotation marks"),
        ("code,name\nA,上海\n".encode("gb18030"), 2, "name", "UTF-8"),
        ("code,名称\nA,b\n".encode("gb18030"), 1, None, "UTF-8"),
        ("code,name\nA,b\n".encode("utf-16"), 1, None, "UTF-8"),
        ("code,name\nA,b\0c\n", 2, "name", "UTF-8"),
    ],
)
def test_a_broken_file_is_told_by_line(
    tmp_path: Path, content: bytes | str, line: int, column: str | None, said: str
) -> None:
    (problem,) = problems(write(tmp_path, content))
    assert (problem.line, problem.column) == (line, column)
    assert said in problem.message


def test_lines_after_a_broken_one_are_read(tmp_path: Path) -> None:
    found = list(read_lines(write(tmp_path, 'code,name\nA,"b"c\nC,d\n'), COLUMNS))
    assert [item.line if isinstance(item, Problem) else item.number for item in found] == [2, 3]


def test_empty_cells_behind_the_last_column_do_not_matter(tmp_path: Path) -> None:
    assert lines(write(tmp_path, "code,name\nA,b,,\n")) == [(2, {"code": "A", "name": "b"})]


@pytest.mark.parametrize("name", ["lines.xls", "lines.txt", "lines"])
def test_other_kinds_of_files_are_refused(tmp_path: Path, name: str) -> None:
    (problem,) = problems(write(tmp_path, "code,name\n", name))
    assert (problem.line, str(problem)) == (
        0,
        f"the file: {name} ends neither in .csv nor in .xlsx; only these two can be read",
    )


def test_something_else_under_the_name_of_a_spreadsheet_is_told(tmp_path: Path) -> None:
    (problem,) = problems(write(tmp_path, "code,name\n", "lines.xlsx"))
    assert "is not a spreadsheet that can be read" in problem.message


def test_cells_of_a_spreadsheet_are_what_a_csv_file_would_have(tmp_path: Path) -> None:
    cells = [2, 2.5, 1e-05, True, False, dt.time(8, 30), dt.timedelta(hours=9), dt.date(2027, 1, 1), " x ", None]
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([])
    sheet.append(list(COLUMNS))
    for cell in cells:
        sheet.append(["c", cell])
    book.save(tmp_path / "lines.xlsx")
    found = lines(tmp_path / "lines.xlsx")
    assert [number for number, _ in found] == list(range(3, 13))
    assert [cells["name"] for _, cells in found] == [
        "2",
        "2.5",
        "0.00001",
        "true",
        "false",
        "08:30",
        "09:00",
        "2027-01-01",
        "x",
        "",
    ]
