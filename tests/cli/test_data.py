"""`gateway seed` and `gateway import`, where no gateway runs."""

from pathlib import Path

import pytest

from gateway.imports.hospitals import HEADER
from tests.support.processes import gateway, gateway_here, left_of

GOOD = "H-1,测试医院,江苏,南京,PUBLIC,3,,,,false,false,false,,,,,,,,"
NO_CITY = "H-2,测试医院,江苏,火星,PUBLIC,3,,,,false,false,false,,,,,,,,"
NO_LEVEL = "H-3,测试医院,江苏,南京,PUBLIC,9,,,,perhaps,false,false,,,,,,,,"


def test_seeding_tells_what_it_does_and_the_second_time_does_nothing(seeded: Path, home: Path) -> None:
    assert (seeded / "said").read_text().splitlines() == [
        "gateway: tables brought up to date",
        "gateway: handbook data loaded",
        "gateway: demo data loaded",
        "gateway: seeded",
    ]
    again = gateway(home, "seed", "--demo")
    assert (again.code, again.out, again.err) == (0, "", "gateway: seeded\n")
    assert left_of(home) == {}


def test_a_token_needs_no_running_gateway(home: Path) -> None:
    said = gateway(home, "token", "--as", "customer", "--policy", "DEMO-ZYB-001")
    assert (said.code, said.err.count("\n"), said.out.count("\n")) == (0, 1, 1)
    assert left_of(home) == {}


def test_a_first_token_fills_the_database_and_still_is_the_only_line(empty: Path) -> None:
    said = gateway(empty, "token", "--as", "vendor", "--vendor", "HUANQIU")
    assert said.code == 0
    assert said.out.count("\n") == 1
    assert "gateway: handbook data loaded" in said.err


@pytest.mark.parametrize("keep_good", [False, True])
def test_bad_lines_of_hospitals_are_all_told(home: Path, empty: Path, keep_good: bool) -> None:
    file = empty / "hospitals.csv"
    file.write_text("\n".join([HEADER, GOOD, NO_CITY, NO_LEVEL]) + "\n", encoding="utf-8")
    said = gateway_here(home, "import", "hospitals", str(file), *(["--keep-good"] if keep_good else []))
    assert said.code == 1
    for place in ("line 3, city: ", "line 4, level: ", "line 4, directBilling: "):
        assert f"gateway: hospitals.csv, {place}" in said.err
    assert said.out == f"3 lines read, {int(keep_good)} written, 3 problems\n"


def test_a_good_calendar_is_written(home: Path, empty: Path) -> None:
    file = empty / "calendar.csv"
    file.write_text("on,isWorkday,name\n2027-01-01,false,元旦\n", encoding="utf-8")
    said = gateway(home, "import", "calendar", str(file))
    assert said.code == 0, said.err
    assert said.out == "1 lines read, 365 written, 0 problems\n"


def test_a_file_that_is_not_there_is_told(home: Path) -> None:
    assert gateway_here(home, "import", "calendar", "none.csv").complaint == "none.csv: there is no such file"
