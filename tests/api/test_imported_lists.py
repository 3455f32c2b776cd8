"""Experts, times, pharmacies, brands and illnesses from files: whole or not at all, and every bad line is told."""

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from gateway.imports.brands import import_brands
from gateway.imports.experts import import_experts, import_schedules
from gateway.imports.illnesses import import_illnesses
from gateway.imports.lines import Report
from gateway.imports.pharmacies import import_pharmacies
from tests.support.client import Gateway, new_key
from tests.support.escorts import as_owner, look
from tests.support.expert_calls import NOW, book, policy

EXPERTS = "code,vendor,department,name,title,hospital,hospitalRank,inService\n"
SLOTS = "expert,startsAt,endsAt,visitHours\n"
PHARMACIES = "code,vendor,province,city,name,address,phone\n"
BRANDS = "code,name,closedOn\n"
ILLNESSES = "product,name\n"

Load = Callable[..., Awaitable[Report]]


def load(gateway: Gateway, folder: Path, importer: Load, text: str) -> Report:
    file = folder / "list.csv"
    file.write_text(text, encoding="utf-8")
    return as_owner(gateway, lambda owner: importer(owner, file))


def schedules(gateway: Gateway, department: str, expert: str) -> list[str]:
    document = "query S($d: String!) { expertSchedules(department: $d) { startsAt expert { code } } }"
    found = gateway.anyone().at(NOW).ask(document, d=department).data["expertSchedules"]
    return [slot["startsAt"] for slot in found if slot["expert"]["code"] == expert]


@pytest.fixture
def expert(gateway: Gateway, tmp_path: Path) -> str:
    """An expert of a file."""
    code = f"E-{new_key()[:8]}"
    line = f"{code},VAS-SERVICE,ent,演示专家,CHIEF,演示医院,7,true\n"
    assert load(gateway, tmp_path, import_experts, EXPERTS + line).problems == []
    return code


def test_an_expert_of_a_file_is_called(gateway: Gateway, tmp_path: Path, expert: str) -> None:
    times = f"{expert},2026-03-12T15:00,2026-03-12T15:15,false\n"
    times += f"{expert},2026-03-12T17:00+09:00,2026-03-12T17:15+09:00,true\n"
    assert load(gateway, tmp_path, import_schedules, SLOTS + times).written == 2
    assert schedules(gateway, "ENT", expert) == ["2026-03-12T07:00:00Z", "2026-03-12T08:00:00Z"]
    number = policy(gateway)
    answer = book(gateway.customer(number).at(NOW), number, expert, "2026-03-12 15:00")
    assert answer["booking"]["status"] == "CONFIRMED"


def test_another_schedule_of_a_day_leaves_what_was_taken(gateway: Gateway, tmp_path: Path, expert: str) -> None:
    load(
        gateway,
        tmp_path,
        import_schedules,
        SLOTS
        + f"{expert},2026-03-12T15:00,2026-03-12T15:15,false\n"
        + f"{expert},2026-03-12T15:15,2026-03-12T15:30,false\n"
        + f"{expert},2026-03-13T15:00,2026-03-13T15:15,false\n",
    )
    number = policy(gateway)
    customer = gateway.customer(number).at(NOW)
    assert book(customer, number, expert, "2026-03-12 15:00")["refusals"] == []
    load(gateway, tmp_path, import_schedules, SLOTS + f"{expert},2026-03-12T17:00,2026-03-12T17:15,false\n")
    times = look(
        gateway,
        "select starts_at, booking_id is null as free from expert_slots where expert_code = $1 order by 1",
        expert,
    )
    assert [(row["starts_at"].astimezone(dt.UTC).strftime("%d %H:%M"), row["free"]) for row in times] == [
        ("12 07:00", False),
        ("12 09:00", True),
        ("13 07:00", True),
    ]


def test_a_list_of_illnesses_is_the_whole_list_of_its_products(gateway: Gateway, tmp_path: Path) -> None:
    def listed() -> list[str]:
        rows = look(gateway, "select name from critical_illnesses where product_code = 'VAS' order by name")
        return [row["name"] for row in rows]

    try:
        load(gateway, tmp_path, import_illnesses, ILLNESSES + "VAS,演示病甲\nVAS,演示病乙\n")
        load(gateway, tmp_path, import_illnesses, ILLNESSES + "VAS,演示病丙\n")
        assert listed() == ["演示病丙"]
    finally:
        as_owner(gateway, lambda owner: owner.execute("delete from critical_illnesses where product_code = 'VAS'"))


def test_a_pharmacy_of_a_file_is_updated_by_its_code(gateway: Gateway, tmp_path: Path) -> None:
    code = f"P-{new_key()[:8]}"
    for name in ("旧名", "新名"):
        line = f"{code},HUANQIU,江苏,昆山,{name},某路 1 号,\n"
        assert load(gateway, tmp_path, import_pharmacies, PHARMACIES + line).written == 1
    found = look(
        gateway,
        "select p.name, c.name as city, p.phone, p.is_demo from pharmacies p join cities c on c.code = p.city_code "
        "where p.code = $1",
        code,
    )
    assert found == [{"name": "新名", "city": "昆山", "phone": None, "is_demo": False}]
    as_owner(gateway, lambda owner: owner.execute("delete from pharmacies where code = $1", code))


@pytest.mark.parametrize(
    ("importer", "text", "problems"),
    [
        (import_experts, EXPERTS, ["the file: it lists nothing"]),
        (
            import_experts,
            EXPERTS + "a b,NOBODY,占星科,,PROFESSOR,,0,perhaps\n",
            ["code", "vendor", "department", "name", "title", "hospital", "hospitalRank", "inService"],
        ),
        (
            import_experts,
            EXPERTS + "E-1,VAS-SERVICE,ENT,甲,CHIEF,医院,,true\nE-1,VAS-SERVICE,ENT,乙,CHIEF,医院,,true\n",
            ["line 3, code: it stands in line 2 already"],
        ),
        (import_schedules, SLOTS + "nobody,noon,2026-03-12T15:15,true\n", ["expert", "startsAt"]),
        (import_schedules, SLOTS + "DEMO-EX-001,2026-03-12T15:15,2026-03-12T15:15,true\n", ["endsAt"]),
        (import_schedules, SLOTS + "DEMO-EX-001,2026-03-12T15:15,2026-03-12T20:15,true\n", ["endsAt"]),
        (import_pharmacies, PHARMACIES + "P-1,NOBODY,江苏,火星,,,\n", ["vendor", "name", "city"]),
        (import_brands, BRANDS + "B 1,,2026-02-30\n", ["code", "name", "closedOn"]),
        (import_illnesses, ILLNESSES + "XYZ,\n", ["product", "name"]),
        (import_illnesses, ILLNESSES + "VAS,病\nVAS,病\n", ["line 3, name: it stands in line 2 already"]),
    ],
    ids=[
        *("no expert", "bad expert", "expert twice", "unknown expert", "no time", "half a day"),
        *("bad pharmacy", "bad brand", "bad illness", "illness twice"),
    ],
)
def test_bad_lines_are_all_told_and_nothing_is_written(
    gateway: Gateway, tmp_path: Path, importer: Load, text: str, problems: list[str]
) -> None:
    tables = ("experts", "expert_slots", "pharmacies", "clinic_brands", "critical_illnesses")
    count = "select " + " + ".join(f"(select count(*) from {table})" for table in tables) + " as n"
    before = look(gateway, count)
    report = load(gateway, tmp_path, importer, text)
    assert [problem.column if problem.column in problems else str(problem) for problem in report.problems] == problems
    assert (report.written, look(gateway, count)) == (0, before)


def test_the_demo_has_experts_and_pharmacies_marked_as_such(gateway: Gateway) -> None:
    assert schedules(gateway, "CARDIOLOGY", "DEMO-EX-001")[:2] == ["2026-03-09T02:00:00Z", "2026-03-09T02:15:00Z"]
    marked = (
        "select (select is_demo from experts where code = 'DEMO-EX-001') and bool_and(is_demo) as demo "
        "from pharmacies where code like 'DEMO-%'"
    )
    assert look(gateway, marked) == [{"demo": True}]
    assert look(gateway, "select 1 from critical_illnesses") == []
