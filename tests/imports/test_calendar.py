import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from gateway.imports.calendar import import_calendar

pytestmark = pytest.mark.anyio

# Thirteen weekdays off and no weekend worked: a plausible notice for a year of which none is out yet.
NOTICE_2027 = """on,isWorkday,name
2027-01-01,false,元旦
2027-02-05,false,春节
2027-02-08,false,春节
2027-02-09,false,春节
2027-02-10,false,春节
2027-04-05,false,清明节
2027-05-03,false,劳动节
2027-05-04,false,劳动节
2027-06-09,false,端午节
2027-09-15,false,中秋节
2027-10-01,false,国庆节
2027-10-04,false,国庆节
2027-10-05,false,国庆节
2027-10-06,false,国庆节
2027-10-09,true,
"""


def write(folder: Path, text: str, name: str = "notice.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


async def day(connection: Any, on: dt.date) -> tuple[Any, ...]:
    row = await connection.fetchrow('select is_workday, status, source, name from calendar_days where "on" = $1', on)
    return tuple(row)


async def test_a_year_that_was_estimated_becomes_official_as_a_whole(connection: Any, tmp_path: Path) -> None:
    estimated = "insert into calendar_days values ('2027-03-01', true, 'ESTIMATED', 'by law', 'guess')"
    await connection.execute(estimated)
    report = await import_calendar(connection, write(tmp_path, NOTICE_2027))
    assert (report.read, report.written, report.problems, report.warnings) == (15, 365, [], [])
    source = "imported: notice.csv"
    assert await day(connection, dt.date(2027, 1, 1)) == (False, "OFFICIAL", source, "元旦")
    assert await day(connection, dt.date(2027, 10, 9)) == (True, "OFFICIAL", source, None)
    assert await day(connection, dt.date(2027, 3, 1)) == (True, "OFFICIAL", source, None)
    assert await day(connection, dt.date(2027, 3, 6)) == (False, "OFFICIAL", source, None)
    assert await connection.fetchval("select count(*) from calendar_days") == 365


async def test_other_years_stay_as_they_are(connection: Any, tmp_path: Path) -> None:
    other = "insert into calendar_days values ('2028-01-03', false, 'ESTIMATED', 'by law', null)"
    await connection.execute(other)
    await import_calendar(connection, write(tmp_path, NOTICE_2027))
    assert await day(connection, dt.date(2028, 1, 3)) == (False, "ESTIMATED", "by law", None)


async def test_a_line_that_is_missing_is_warned_of_and_taken(connection: Any, tmp_path: Path) -> None:
    shortened = NOTICE_2027.replace("2027-10-06,false,国庆节\n", "")
    report = await import_calendar(connection, write(tmp_path, shortened))
    assert report.written == 365
    assert [warning[:62] for warning in report.warnings] == [
        "2027 has 12 days off beyond its weekends, the law gives 13: co"
    ]


async def test_before_2025_the_law_gave_eleven_days(connection: Any, tmp_path: Path) -> None:
    eleven = "".join(f"2024-03-{number:02},false\n" for number in (1, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15))
    report = await import_calendar(connection, write(tmp_path, "on,isWorkday\n" + eleven))
    assert (report.written, report.warnings) == (366, [])


async def test_a_file_may_speak_of_two_years(connection: Any, tmp_path: Path) -> None:
    report = await import_calendar(connection, write(tmp_path, "on,isWorkday\n2026-12-31,true\n2027-01-01,false\n"))
    assert (report.written, len(report.warnings)) == (730, 2)


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("2027-02-29,false", 2, "on", "no date"),
        ("01.01.2027,false", 2, "on", "YYYY-MM-DD"),
        ("1949-10-01,false", 2, "on", "2000 to 2100"),
        ("2027-01-01,no", 2, "isWorkday", "true or false"),
        ("2027-01-01,", 2, "isWorkday", "true or false"),
        ("2027-01-01,false\n2027-01-01,true", 3, "on", "twice"),
        ("", 0, None, "no day"),
    ],
)
async def test_a_bad_line_is_told_and_nothing_is_written(
    connection: Any, tmp_path: Path, text: str, line: int, column: str | None, said: str
) -> None:
    report = await import_calendar(
        connection, write(tmp_path, f"on,isWorkday\n{text}\n2027-05-01,false\n" if text else "on,isWorkday\n")
    )
    (problem,) = report.problems
    assert (problem.line, problem.column, report.written) == (line, column, 0)
    assert said in problem.message
    assert await connection.fetchval("select count(*) from calendar_days") == 0


async def test_a_spreadsheet_gives_the_same(connection: Any, tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["on", "isWorkday"])
    book.worksheets[0].append([dt.date(2027, 1, 1), False])
    book.worksheets[0].append(["2027-01-02", "true"])
    book.save(tmp_path / "notice.xlsx")
    report = await import_calendar(connection, tmp_path / "notice.xlsx")
    assert (report.written, report.problems) == (365, [])
    assert (await day(connection, dt.date(2027, 1, 1)))[0] is False
    assert (await day(connection, dt.date(2027, 1, 2)))[0] is True


async def test_what_a_changed_day_was_taken_for_is_kept(connection: Any, tmp_path: Path) -> None:
    """Days that stay as they were leave nothing, nor does the same notice a second time."""
    await import_calendar(connection, write(tmp_path, NOTICE_2027))
    await connection.execute("delete from calendar_corrections")
    corrected = NOTICE_2027.replace("2027-10-09,true,", "2027-10-09,true,\n2027-10-16,true,")
    for _ in range(2):
        await import_calendar(connection, write(tmp_path, corrected))
    kept = await connection.fetch('select "on", is_workday, status, applied_at from calendar_corrections')
    assert [tuple(row) for row in kept] == [(dt.date(2027, 10, 16), False, "OFFICIAL", None)]


async def test_a_day_that_was_not_in_the_table_was_taken_for_what_its_weekday_says(
    connection: Any, tmp_path: Path
) -> None:
    await import_calendar(connection, write(tmp_path, NOTICE_2027))
    kept = await connection.fetch(
        "select \"on\", is_workday, status from calendar_corrections where \"on\" in ('2027-10-08', '2027-10-09')"
    )
    assert sorted(tuple(row) for row in kept) == [
        (dt.date(2027, 10, 8), True, "ESTIMATED"),
        (dt.date(2027, 10, 9), False, "ESTIMATED"),
    ]
