import csv
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from gateway.imports import hospitals
from gateway.imports.hospitals import COLUMNS, import_hospitals
from gateway.imports.lines import Report, unheard
from models.base import derived_id
from seeds.demo_hospitals import load_demo_hospitals

pytestmark = pytest.mark.anyio

GOOD = {
    "code": "H1",
    "name": "演示医院一",
    "province": "江苏",
    "city": "苏州",
    "ownership": "PUBLIC",
    "level": "3",
    "departments": "PEDIATRICS*; 眼科;general surgery",
    "departmentClasses": "GENERAL;SPECIAL",
    "networks": "CY26:NATIONAL:EYE; CY26:BEIJING:VACCINE@2026-01-01..2026-12-31 ;VAS::ADVANCE",
    "directBilling": "true",
    "popular": "",
    "onsiteService": "FALSE",
    "brand": "演示品牌",
    "address": "演示路 1 号",
    "latitude": "31.2304161",
    "longitude": "-0.5",
    "openTime": "8:30",
    "closeTime": "17:00",
    "phone": "0512-00000001",
    "introduction": "介绍",
}
KEPT = ("code", "name", "province", "city", "ownership", "directBilling", "popular", "onsiteService")
PLAIN = {name: text if name in KEPT else "" for name, text in GOOD.items()}


def line(**changes: str) -> dict[str, str]:
    return GOOD | changes


def write(folder: Path, rows: Iterable[Mapping[str, str]], name: str = "hospitals.csv") -> Path:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([row[name] for name in COLUMNS] for row in rows)
    return folder / name


async def load(
    connection: Any, file: Path, *, keep_good: bool = False, progress: Callable[[int], None] = unheard
) -> Report:
    return await import_hospitals(connection, file, keep_good=keep_good, progress=progress)


async def snapshot(connection: Any) -> dict[str, Any]:
    """All that an import may have written, but for the moment of it."""
    tables = {
        "hospitals": "to_jsonb(row) - 'updated_at'",
        "hospital_departments": "to_jsonb(row)",
        "hospital_networks": "to_jsonb(row)",
        "clinic_brands": "to_jsonb(row)",
    }
    return {
        table: await connection.fetchval(f"select jsonb_agg({rows} order by {rows}) from {table} as row")
        for table, rows in tables.items()
    }


async def test_a_good_line_becomes_a_hospital(connection: Any, tmp_path: Path) -> None:
    report = await load(connection, write(tmp_path, [GOOD]))
    assert (report.read, report.written, report.problems) == (1, 1, [])
    row = await connection.fetchrow("select * from hospitals")
    assert row["id"] == derived_id("hospital", "H1")
    assert (row["city_code"], row["level"], row["brand_code"]) == ("jiangsu-suzhou", 3, "演示品牌")
    assert (row["is_direct_billing"], row["is_popular"], row["has_onsite_service"]) == (True, None, False)
    assert (row["latitude"], row["longitude"]) == (Decimal("31.230416"), Decimal("-0.5"))
    assert (row["opens_at"], row["closes_at"]) == (dt.time(8, 30), dt.time(17))
    assert row["department_classes"] == ["GENERAL", "SPECIAL"]
    assert (row["source"], row["is_demo"], row["sort_key"]) == ("IMPORTED", False, "yan shi yi yuan yi\t演示医院一")


async def test_departments_and_networks_of_a_line(connection: Any, tmp_path: Path) -> None:
    await load(connection, write(tmp_path, [GOOD]))
    departments = await connection.fetch("select department_code, is_featured from hospital_departments order by 1")
    assert [tuple(row) for row in departments] == [
        ("GENERAL_SURGERY", False),
        ("OPHTHALMOLOGY", False),
        ("PEDIATRICS", True),
    ]
    networks = await connection.fetch(
        "select product_code, plan_code, liability, valid_from, valid_to from hospital_networks order by 1, 2"
    )
    assert [tuple(row) for row in networks] == [
        ("CY26", "BEIJING", "VACCINE", dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
        ("CY26", "NATIONAL", "EYE", None, None),
        ("VAS", "", "ADVANCE", None, None),
    ]


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"code": ""}, "code", "empty"),
        ({"code": "A B"}, "code", "without blanks"),
        ({"code": "x" * 65}, "code", "1 to 64"),
        ({"name": ""}, "name", "empty"),
        ({"name": "名" * 201}, "name", "201 characters; expected are 200"),
        ({"province": "江苏省"}, "province", "“江苏省”; expected is 上海, 云南"),
        ({"city": "宿州"}, "city", "“宿州” is not among the cities of 江苏: "),
        ({"city": ""}, "city", "seeds/cities.yaml"),
        ({"ownership": "public"}, "ownership", "PUBLIC or PRIVATE"),
        ({"level": "4"}, "level", "1, 2, 3 or nothing"),
        ({"level": "三级"}, "level", "1, 2, 3 or nothing"),
        ({"departments": "PEDIATRICS;儿科科"}, "departments", "“儿科科” is no department"),
        ({"departments": "PEDIATRICS;儿科"}, "departments", "twice"),
        ({"departmentClasses": "普通部"}, "departmentClasses", "GENERAL, SPECIAL or INTERNATIONAL"),
        ({"networks": "CY26:NATIONAL"}, "networks", "PRODUCT:PLAN:LIABILITY"),
        ({"networks": "CY99:NATIONAL:EYE"}, "networks", "“CY99” as product; expected is ZYB, VAS, CY23 or CY26"),
        ({"networks": "CY26:PLUS:EYE"}, "networks", "“PLUS” as plan; expected is NATIONAL or BEIJING"),
        ({"networks": "CY26::EYE"}, "networks", "expected is NATIONAL or BEIJING"),
        ({"networks": "VAS:PLUS:ADVANCE"}, "networks", "VAS has no plans; expected is VAS::ADVANCE"),
        ({"networks": "CY26:NATIONAL:EYES"}, "networks", "“EYES” as liability"),
        ({"networks": "CY26:NATIONAL:EYE;CY26:NATIONAL:EYE"}, "networks", "twice"),
        ({"networks": "CY26:NATIONAL:EYE@2026-01-01"}, "networks", "FIRST..LAST"),
        ({"networks": "CY26:NATIONAL:EYE@2026-01-01..2026-02-30"}, "networks", "FIRST..LAST"),
        ({"networks": "CY26:NATIONAL:EYE@2026-02-01..2026-01-01"}, "networks", "ends before it begins"),
        ({"networks": "CY26:NATIONAL:EYE@2026-02-01..9999-12-31"}, "networks", "FIRST..LAST"),
        ({"directBilling": ""}, "directBilling", "true or false"),
        ({"popular": "yes"}, "popular", "true or false"),
        ({"onsiteService": "1"}, "onsiteService", "true or false"),
        ({"brand": "牌" * 101}, "brand", "100"),
        ({"address": "路" * 301}, "address", "300"),
        ({"latitude": "91"}, "latitude", "-90 to 90"),
        ({"latitude": "NaN"}, "latitude", "-90 to 90"),
        ({"longitude": "-180.5"}, "longitude", "-180 to 180"),
        ({"longitude": ""}, "longitude", "it is empty, but latitude is not"),
        ({"latitude": ""}, "latitude", "it is empty, but longitude is not"),
        ({"openTime": "8h"}, "openTime", "HH:MM"),
        ({"openTime": "24:00"}, "openTime", "HH:MM"),
        ({"closeTime": "25:00"}, "closeTime", "HH:MM"),
        ({"closeTime": ""}, "closeTime", "it is empty, but openTime is not"),
        ({"phone": "1" * 51}, "phone", "50"),
        ({"introduction": "字" * 5_001}, "introduction", "5000"),
    ],
)
async def test_a_bad_cell_is_told_with_line_column_and_what_is_expected(
    connection: Any, tmp_path: Path, changes: dict[str, str], column: str, said: str
) -> None:
    report = await load(connection, write(tmp_path, [line(code="OK"), line(**changes)]))
    (problem,) = report.problems
    assert (problem.line, problem.column) == (3, column)
    assert said in problem.message


async def test_everything_that_is_wrong_is_told_at_once(connection: Any, tmp_path: Path) -> None:
    report = await load(connection, write(tmp_path, [line(level="9", phone="1" * 51), GOOD, line(city="?", code="")]))
    found = [(problem.line, problem.column) for problem in report.problems]
    assert found == [(2, "level"), (2, "phone"), (3, "code"), (4, "code"), (4, "city")]


async def test_a_code_that_stands_twice_is_told_with_its_first_line(connection: Any, tmp_path: Path) -> None:
    report = await load(connection, write(tmp_path, [line(code="A"), line(code="B"), line(code="A")]))
    assert [str(problem) for problem in report.problems] == ["line 4, code: A stands in line 2 already"]


@pytest.mark.parametrize("batch", [1, 2_000])
async def test_one_bad_line_leaves_no_trace_of_the_good_ones(
    connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(hospitals, "BATCH", batch)
    await load(connection, write(tmp_path, [GOOD]))
    before = await snapshot(connection)
    rows = [line(name="其他", brand="新品牌", networks=""), line(code="H2"), line(code="H3", level="x")]
    report = await load(connection, write(tmp_path, rows))
    assert (report.read, report.written, len(report.problems)) == (3, 0, 1)
    assert await snapshot(connection) == before


async def test_the_good_lines_can_be_kept(connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hospitals, "BATCH", 2)
    rows = [line(code=f"H{n}", level="x" if n % 3 == 0 else "2") for n in range(8)]
    report = await load(connection, write(tmp_path, rows), keep_good=True)
    assert (report.read, report.written, [problem.line for problem in report.problems]) == (8, 5, [2, 5, 8])
    codes = await connection.fetch("select code from hospitals order by code")
    assert [row["code"] for row in codes] == ["H1", "H2", "H4", "H5", "H7"]


async def test_a_bad_header_writes_nothing_even_where_good_lines_are_kept(connection: Any, tmp_path: Path) -> None:
    file = tmp_path / "hospitals.csv"
    file.write_text("code,name\nA,b\n", encoding="utf-8")
    report = await load(connection, file, keep_good=True)
    assert (report.read, report.written) == (0, 0)
    assert {problem.column for problem in report.problems} == set(COLUMNS) - {"code", "name"}


async def test_a_second_import_replaces_by_code(connection: Any, tmp_path: Path) -> None:
    await load(connection, write(tmp_path, [GOOD, line(code="H2")]))
    await connection.execute("update hospitals set unit = '东院', items = '{MRI}', visit_tips = '提示'")
    await load(connection, write(tmp_path, [PLAIN | {"name": "新名", "networks": "CY23:PLUS:DENTAL"}]))
    row = await connection.fetchrow("select * from hospitals where code = 'H1'")
    assert (row["name"], row["pinyin"], row["level"], row["latitude"], row["opens_at"]) == (
        "新名",
        "xinming",
        None,
        None,
        None,
    )
    assert (row["unit"], row["items"], row["visit_tips"]) == ("东院", ["MRI"], "提示")
    departments = "select count(*) from hospital_departments where hospital_code = $1"
    assert [await connection.fetchval(departments, code) for code in ("H1", "H2")] == [0, 3]
    networks = await connection.fetch("select liability from hospital_networks where hospital_code = 'H1'")
    assert [row["liability"] for row in networks] == ["DENTAL"]


async def test_the_same_file_twice_is_the_same_as_once(connection: Any, tmp_path: Path) -> None:
    file = write(tmp_path, [GOOD, line(code="H2")])
    await load(connection, file)
    once = await snapshot(connection)
    await load(connection, file)
    assert await snapshot(connection) == once


async def test_a_spreadsheet_gives_the_same_as_a_csv_file(connection: Any, tmp_path: Path) -> None:
    await load(connection, write(tmp_path, [GOOD]))
    from_csv = await snapshot(connection)
    await connection.execute("truncate hospitals, clinic_brands cascade")
    own_kinds = {
        "level": 3,
        "directBilling": True,
        "latitude": 31.2304161,
        "longitude": -0.5,
        "openTime": dt.time(8, 30),
        "closeTime": dt.timedelta(hours=17),
    }
    book = Workbook()
    book.worksheets[0].append(COLUMNS)
    book.worksheets[0].append([own_kinds.get(name, text) for name, text in GOOD.items()])
    book.save(tmp_path / "hospitals.xlsx")
    report = await load(connection, tmp_path / "hospitals.xlsx")
    assert report.problems == []
    assert await snapshot(connection) == from_csv


async def test_a_city_goes_by_its_name_alias_or_code(connection: Any, tmp_path: Path) -> None:
    cities = ["南宫", "南官", "nangong"]
    rows = [line(code=str(place), province="河北", city=city) for place, city in enumerate(cities)]
    assert (await load(connection, write(tmp_path, rows))).problems == []
    assert await connection.fetchval("select array_agg(distinct city_code) from hospitals") == ["nangong"]


async def test_an_advance_network_without_a_plan_is_that_of_all_plans(connection: Any, tmp_path: Path) -> None:
    await load(connection, write(tmp_path, [line(networks="CY26::ADVANCE")]))
    plans = await connection.fetch("select plan_code from hospital_networks order by 1")
    assert [row["plan_code"] for row in plans] == ["BEIJING", "NATIONAL"]


async def test_24_00_is_the_midnight_that_ends_the_day(connection: Any, tmp_path: Path) -> None:
    await load(connection, write(tmp_path, [line(openTime="00:00", closeTime="24:00")]))
    row = await connection.fetchrow("select opens_at, closes_at from hospitals")
    assert tuple(row) == (dt.time(0), dt.time(0))


async def test_a_known_brand_goes_by_code_or_name(connection: Any, tmp_path: Path) -> None:
    await connection.execute("insert into clinic_brands (code, name) values ('B1', '演示品牌')")
    await load(connection, write(tmp_path, [GOOD, line(code="H2", brand="B1")]))
    assert await connection.fetchval("select array_agg(distinct brand_code) from hospitals") == ["B1"]
    assert await connection.fetchval("select count(*) from clinic_brands") == 1


async def test_progress_hears_of_every_batch(connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hospitals, "BATCH", 2)
    heard: list[int] = []
    await load(connection, write(tmp_path, [line(code=str(n)) for n in range(5)]), progress=heard.append)
    assert heard == [2, 4, 5, 5]


async def test_the_demo_hospitals_load_and_are_marked(connection: Any) -> None:
    report = await load_demo_hospitals(connection)
    assert 55 <= report.written <= 65
    assert await connection.fetchval("select bool_and(is_demo and source = 'DEMO') from hospitals")
    assert await connection.fetchval("select bool_and(name like '演示%' and code like 'DEMO-%') from hospitals")
    again = await snapshot(connection)
    await load_demo_hospitals(connection)
    assert await snapshot(connection) == again


async def test_the_demo_hospitals_offer_something_for_every_rule(connection: Any) -> None:
    await load_demo_hospitals(connection)
    placed = "select distinct city.name from cities as city join hospitals on hospitals.city_code = city.code"
    cities = {row["name"] for row in await connection.fetch(placed)}
    assert {"上海", "北京", "苏州", "宿州", "昆山", "南京", "广州", "深圳", "成都", "杭州", "西安", "徐州"} <= cities
    networks = {tuple(row) for row in await connection.fetch("select product_code, liability from hospital_networks")}
    direct = {("CY26", liability) for liability in ("OUTPATIENT_INPATIENT", "VACCINE", "EYE", "DENTAL", "ADVANCE")}
    assert direct | {("VAS", "ADVANCE"), ("CY23", "OUTPATIENT_INPATIENT")} <= networks
    assert {row["level"] for row in await connection.fetch("select level from hospitals")} == {None, 1, 2, 3}
    twins = "select 1 from hospitals where brand_code is not null group by brand_code, city_code having count(*) > 1"
    assert await connection.fetchval(f"select count(*) from ({twins}) as twin") == 1
