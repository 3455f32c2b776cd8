"""What is found by which words and filters, and what is not."""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from gateway.faults import Fault
from gateway.postgres.given import Known
from gateway.postgres.statements import render
from gateway.repositories import cities as city_sql
from gateway.repositories import hospitals as hospital_sql
from gateway.repositories.cities import find_city
from gateway.repositories.hospitals import SHANGHAI, HospitalEntry, NetworkMembership, upsert_hospitals
from gateway.repositories.search import LONGEST_KEYWORD, MOST_READINGS, keyword, plain, search_columns
from models.cities import City
from models.hospitals import Hospital, HospitalDepartment, HospitalNetwork
from tests.imports.database import filled_database

Condition = Callable[[Any], ColumnElement[bool]]

NOW = dt.datetime(2026, 3, 9, 9, 0, tzinfo=SHANGHAI)
TODAY = NOW.date()
TOMORROW = TODAY + dt.timedelta(days=1)
YESTERDAY = TODAY - dt.timedelta(days=1)

NETWORKS = [
    NetworkMembership("CY23", "PLUS", "DENTAL"),
    NetworkMembership("CY26", "NATIONAL", "EYE"),
    NetworkMembership("CY26", "BEIJING", "VACCINE", TODAY, TOMORROW),
    NetworkMembership("CY26", "NATIONAL", "VACCINE", TOMORROW, None),
    NetworkMembership("CY26", "NATIONAL", "DENTAL", None, TODAY),
    NetworkMembership("VAS", "", "ADVANCE", YESTERDAY, None),
]


def entry(code: str, name: str, city: str = "shanghai", **more: Any) -> HospitalEntry:
    return HospitalEntry(code=code, name=name, city_code=city, ownership="PUBLIC", source="DEMO", **more)


HOSPITALS = [
    entry(
        "A",
        "苏州儿童医院",
        "jiangsu-suzhou",
        departments={"PEDIATRICS": True, "DENTISTRY": False},
        department_classes=["SPECIAL"],
        networks=NETWORKS,
        latitude=Decimal("31.3"),
        longitude=Decimal("120.6"),
        opens_at=dt.time(8),
        closes_at=dt.time(17),
    ),
    entry("B", "宿州中医院", "anhui-suzhou", latitude=Decimal("-16.5"), longitude=Decimal("179.99")),
    entry("C", "乐清诊所（50%_特惠\\）", opens_at=dt.time(20), closes_at=dt.time(2)),
    entry("D", "绿地 Family Clinic [223Ra]", opens_at=dt.time(0), closes_at=dt.time(0)),
    entry("E", "南宫医院", "nangong", latitude=Decimal("89.99"), longitude=Decimal(-60)),
]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with filled_database() as dsn:
        yield dsn


@pytest.fixture
async def connection(database: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(database)
    transaction = connection.transaction()
    await transaction.start()
    await upsert_hospitals(connection, HOSPITALS)
    await connection.execute("update hospitals set items = '{MRI,CT}' where code = 'A'")
    try:
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


async def found(connection: Any, condition: Condition, table: Any = Hospital) -> str:
    row: Any = aliased(table)
    sql, arguments = render(select(row.code).where(condition(row)).order_by(row.sort_key, row.id))
    return " ".join(record["code"] for record in await connection.fetch(sql, *arguments))


# Columns


def test_a_reading_is_taken_from_the_phrase_and_ends_the_sort_key_before_longer_names() -> None:
    columns = search_columns("乐清")
    assert (columns.pinyin, columns.sort_key) == ("yueqing", "yue qing\t乐清")
    assert search_columns("上海").sort_key < search_columns("上海儿童").sort_key < search_columns("苏州").sort_key


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [("长治", "changzhi"), ("朝阳", "chaoyang"), ("漯河", "luohe"), ("单县", "shanxian"), ("六安", "luan")],
)
def test_places_are_read_as_people_there_do(name: str, pinyin: str) -> None:
    assert search_columns(name).pinyin == pinyin


def test_other_readings_are_kept_up_to_a_bound() -> None:
    assert {"pd1dankang", "pd1chankang"} <= set(search_columns("PD-1单抗").search_text.split("|"))
    many = search_columns("乐单行长朝重" * 5).search_text
    assert sum(part.isascii() for part in many.split("|")) <= 2 * MOST_READINGS


def test_the_text_holds_names_pinyin_and_initials_without_blanks() -> None:
    columns = search_columns("氯化镭 [223Ra]", "Xofigo")
    assert columns.search_text.startswith("氯化镭223ra|xofigo|lvhualei223ra|luhualei223ra|")
    assert "lhl223ra" in columns.search_text.split("|")


def test_grams_are_the_characters_and_pairs_of_each_part() -> None:
    assert search_columns("Ab", "一c").search_grams == sorted(
        {"a", "b", "ab", "一", "c", "一c", "y", "i", "yi", "ic", "yc"}
    )


def test_width_case_and_u_with_dots_do_not_matter() -> None:
    assert plain(" ＡＢ（Ｃ） ü\t") == "abcv"


# Keywords


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("", "D E A B C"),
        ("  （） ", "D E A B C"),
        ("苏", "A"),
        ("院", "E A B"),
        ("儿童", "A"),
        ("中医院", "B"),
        ("suzhou", "A B"),
        ("SuZhou", "A B"),
        ("szet", "A"),
        ("yueqing", "C"),
        ("lvdi", "D"),
        ("ludi", "D"),
        ("lüdi", "D"),
        ("s", "A B C"),
        ("family clinic", "D"),
        ("FamilyClinic", "D"),
        ("clinic 绿地", "D"),
        ("[223Ra]", "D"),
        ("clinic(223ra)", "D"),
        ("２２３", "D"),
        ("苏州 医院", "A"),
        ("苏州 中医", ""),
        ("州苏", ""),
        ("%", "C"),
        ("_", "C"),
        ("\\", "C"),
        ("50%_特", "C"),
        ("5%特", ""),
        ("50__特", ""),
        ("/", ""),
        ("|", ""),
        ("' or 1=1 --", ""),
    ],
)
async def test_a_keyword_finds(connection: Any, value: str, codes: str) -> None:
    assert sorted((await found(connection, lambda row: keyword(row, known(value)))).split()) == sorted(codes.split())


@pytest.mark.anyio
async def test_cities_that_sound_alike_are_both_found(connection: Any) -> None:
    assert await found(connection, lambda row: keyword(row, known("suzhou")), City) == "anhui-suzhou jiangsu-suzhou"


def test_a_keyword_has_a_bound_that_names_the_field() -> None:
    with pytest.raises(Fault) as fault:
        keyword(aliased(Hospital), known("x" * (LONGEST_KEYWORD + 1)))
    assert fault.value.extensions == {"code": "BAD_USER_INPUT", "inputPath": ["where", "keyword"]}


@pytest.mark.anyio
async def test_the_index_serves_a_keyword(connection: Any) -> None:
    row: Any = aliased(Hospital)
    sql, arguments = render(select(row.code).where(keyword(row, known("儿童"))))
    await connection.execute("set local enable_seqscan = off")
    plan = "\n".join(record[0] for record in await connection.fetch(f"explain {sql}", *arguments))
    assert "ix_hospitals__search_grams" in plan


# Cities


@pytest.mark.anyio
async def test_services_of_a_city(connection: Any) -> None:
    row: Any = aliased(City)
    codes = ["shanghai", "xuzhou", "jiangsu-suzhou"]
    sql, arguments = render(select(row.code, city_sql.services(row).label("services")).where(row.code.in_(codes)))
    assert {record["code"]: record["services"] for record in await connection.fetch(sql, *arguments)} == {
        "shanghai": ["OUTPATIENT_ESCORT", "RESPIRATORY_TEST"],
        "jiangsu-suzhou": ["OUTPATIENT_ESCORT"],
        "xuzhou": [],
    }


@pytest.mark.anyio
async def test_cities_that_a_service_or_a_product_reaches(connection: Any) -> None:
    by_service = await found(connection, lambda row: city_sql.reached_by(row, known("RESPIRATORY_TEST")), City)
    by_product = await found(connection, lambda row: city_sql.reached_by_product(row, known("ZYB")), City)
    assert (len(by_service.split()), len(by_product.split())) == (15, 312)
    assert "jiangsu-suzhou" not in by_service.split()
    assert "xuzhou" not in by_product.split()
    assert await found(connection, lambda row: city_sql.reached_by_product(row, known("VAS")), City) == ""


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("苏州", ["jiangsu-suzhou"]),
        ("jiangsu-suzhou", ["jiangsu-suzhou"]),
        ("南官", ["nangong"]),
        ("suzhou", []),
        ("苏", []),
        ("鼓楼", ["aa-gulou", "bb-gulou"]),
    ],
)
async def test_a_text_means_a_city_exactly(connection: Any, text: str, codes: list[str]) -> None:
    await connection.execute(
        "insert into cities select code, gen_random_uuid(), code, '鼓楼', '', '', '{}', '' "
        "from unnest(array['bb-gulou', 'aa-gulou']) as code"
    )
    assert [record["code"] for record in await find_city(connection, text)] == codes


# Hospitals


def known(value: Any) -> Known:
    """A value in a request of this day."""
    return Known(value, NOW)


def near(latitude: str, longitude: str, radius_km: str) -> Condition:
    circle = {"latitude": Decimal(latitude), "longitude": Decimal(longitude), "radius_km": Decimal(radius_km)}
    return lambda row: hospital_sql.near(row, known(circle))


def open_at(text: str) -> Condition:
    return lambda row: hospital_sql.open_at(row, known(dt.datetime.fromisoformat(text)))


def network(**values: str) -> Condition:
    return lambda row: hospital_sql.in_network(row, known(values))


def by(condition: Callable[[Any, Known], ColumnElement[bool]], value: str) -> Condition:
    return lambda row: condition(row, known(value))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        (by(hospital_sql.in_city, "苏州"), "A"),
        (by(hospital_sql.in_city, "jiangsu-suzhou"), "A"),
        (by(hospital_sql.in_city, "南官"), "E"),
        (by(hospital_sql.in_city, "suzhou"), ""),
        (by(hospital_sql.in_city, "苏"), ""),
        (by(hospital_sql.in_province, "安徽"), "B"),
        (by(hospital_sql.in_province, "安"), ""),
        (by(hospital_sql.has_department, "DENTISTRY"), "A"),
        (by(hospital_sql.has_department, "儿科"), "A"),
        (by(hospital_sql.has_department, "pediatrics"), "A"),
        (by(hospital_sql.has_department, "眼科"), ""),
        (by(hospital_sql.has_department, "外外科"), ""),
        (by(hospital_sql.has_class, "SPECIAL"), "A"),
        (by(hospital_sql.has_class, "GENERAL"), ""),
        (by(hospital_sql.offers, "CT"), "A"),
        (by(hospital_sql.offers, "C"), ""),
    ],
)
async def test_a_filter_finds(connection: Any, condition: Condition, codes: str) -> None:
    assert await found(connection, condition) == codes


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        (network(product="CY26"), "A"),
        (network(plan="PLUS", liability="DENTAL"), "A"),
        (network(product="CY26", plan="NATIONAL", liability="EYE"), "A"),
        (network(product="CY23", liability="EYE"), ""),  # each holds, but not on one membership
        (network(plan="BEIJING", liability="EYE"), ""),
        (network(plan="BEIJING", liability="VACCINE"), "A"),  # begins today
        (network(plan="NATIONAL", liability="VACCINE"), ""),  # begins tomorrow
        (network(plan="NATIONAL", liability="DENTAL"), ""),  # ended yesterday
        (network(product="VAS", liability="ADVANCE"), "A"),
        (network(product="ZYB"), ""),
    ],
)
async def test_one_membership_of_today_has_all_that_is_asked_for(
    connection: Any, condition: Condition, codes: str
) -> None:
    assert await found(connection, condition) == codes


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        (near("31.3", "120.6", "0.001"), "A"),
        (near("31.3", "120.705", "10"), "A"),  # 9.976 km
        (near("31.3", "120.706", "10"), ""),  # 10.071 km
        (near("31.389", "120.6", "10"), "A"),  # 9.896 km
        (near("31.391", "120.6", "10"), ""),  # 10.119 km
        (near("31.37", "120.68", "10"), ""),  # inside the box, outside the circle
        (near("-16.5", "-179.99", "3"), "B"),  # across the 180th meridian
        (near("-16.5", "179.97", "3"), "B"),
        (near("89.99", "120", "3"), "E"),  # across the pole
        (near("-90", "0", "500"), ""),
    ],
)
async def test_near_is_within_a_circle_on_the_sphere(connection: Any, condition: Condition, codes: str) -> None:
    assert await found(connection, condition) == codes


@pytest.mark.parametrize(
    ("latitude", "longitude", "radius_km", "field"),
    [
        ("0", "0", "0", "radiusKm"),
        ("0", "0", "-1", "radiusKm"),
        ("0", "0", "500.01", "radiusKm"),
        ("0", "0", "NaN", "radiusKm"),
        ("90.1", "0", "1", "latitude"),
        ("0", "-180.1", "1", "longitude"),
        ("0", "Infinity", "1", "longitude"),
    ],
)
def test_a_circle_has_bounds_that_name_the_field(latitude: str, longitude: str, radius_km: str, field: str) -> None:
    with pytest.raises(Fault) as fault:
        near(latitude, longitude, radius_km)(aliased(Hospital))
    assert fault.value.extensions == {"code": "BAD_USER_INPUT", "inputPath": ["where", "near", field]}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("instant", "codes"),
    [
        ("2026-03-09T07:59:59+08:00", "D"),
        ("2026-03-09T08:00:00+08:00", "D A"),
        ("2026-03-09T08:59:59Z", "D A"),
        ("2026-03-09T09:00:00Z", "D"),
        ("2026-03-09T20:00:00+08:00", "D C"),
        ("2026-03-10T01:59:00+08:00", "D C"),
        ("2026-03-10T02:00:00+08:00", "D"),
    ],
)
async def test_open_by_the_clock_in_shanghai(connection: Any, instant: str, codes: str) -> None:
    assert await found(connection, open_at(instant)) == codes


@pytest.mark.anyio
async def test_names_of_departments_and_plans_of_networks(connection: Any) -> None:
    department: Any = aliased(HospitalDepartment)
    names = [hospital_sql.department_name(department, language).label(language) for language in ("zh", "en")]
    sql, arguments = render(select(*names).select_from(department).order_by(department.department_code))
    assert [tuple(row) for row in await connection.fetch(sql, *arguments)] == [
        ("口腔科", "Dentistry"),
        ("儿科", "Pediatrics"),
    ]
    member: Any = aliased(HospitalNetwork)
    sql, arguments = render(
        select(hospital_sql.network_plan(member).label("plan")).where(member.product_code != "CY26")
    )
    assert {row["plan"] for row in await connection.fetch(sql, *arguments)} == {"PLUS", None}
