import asyncio
import csv
import datetime as dt
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from openpyxl import Workbook

from gateway.auth.personal import PersonalVault
from gateway.imports import policies
from gateway.imports.lines import Report, unheard
from gateway.imports.policies import COLUMNS, import_policies, registered
from gateway.imports.policies.cells import CHANNELS, GENDERS, ID_TYPES, has_right_check_digit
from gateway.postgres import embedded
from gateway.postgres.migrate import migrate
from gateway.repositories.policies import ID_NUMBER, PHONE, PersonDraft, PolicyDraft, policy_id, register, register_all
from gateway.schema.enums import Gender, IdType, PolicyChannel
from gateway.validation.civil_time import start_of
from seeds.demo_policies import FILE, load_demo_policies
from seeds.load import seed

from .database import QUICK

pytestmark = pytest.mark.anyio

NOW = dt.datetime(2026, 3, 10, 2, 0, tzinfo=dt.UTC)
VAULT = PersonalVault(bytes(range(64)))
GOOD = {
    "number": "P1",
    "product": "CY26",
    "plan": "NATIONAL",
    "riders": "EYE; VACCINE ;EYE",
    "effectiveOn": "2026-01-01",
    "waitingDays": "30",
    "channel": "OFFLINE_PAPER",
    "advanceLimit": "50000.5",
    "holderName": "演示陈女士",
    "holderGender": "FEMALE",
    "holderBirthOn": "1989-03-22",
    "holderPhone": "138 0013-1011",
    "holderIdType": "ID_CARD",
    "holderIdNumber": "110101198903229169",
    "name": "演示陈小弟",
    "gender": "MALE",
    "birthOn": "2015-05-30",
    "phone": "",
    "idType": "ID_CARD",
    "idNumber": "110101201505309176",
}
SISTER = {"name": "演示陈小妹", "gender": "FEMALE", "birthOn": "2021-11-08", "idNumber": "110101202111089187"}
TABLES = ("policies", "policy_riders", "policy_members", "coverages", "entitlement_accounts", "entitlement_entries")


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """With all tables and the catalogue of the handbooks."""
    with tempfile.TemporaryDirectory(prefix="policies-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        server = embedded.start(Path(folder) / "state", settings=QUICK)
        try:
            asyncio.run(fill(server.dsn()))
            yield server.dsn()
        finally:
            server.stop()


async def fill(dsn: str) -> None:
    await migrate(dsn)
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await seed(connection)
    finally:
        await connection.close()


def line(**changes: str) -> dict[str, str]:
    return GOOD | changes


def write(folder: Path, rows: Iterable[Mapping[str, str]], name: str = "policies.csv") -> Path:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer: csv.DictWriter[Any] = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return folder / name


async def load(connection: Any, file: Path, **options: Any) -> Report:
    usual: dict[str, Any] = {
        "vault": VAULT,
        "actor": "test",
        "now": NOW,
        "keep_good": False,
        "progress": unheard,
    }
    return await import_policies(connection, file, **usual | options)


async def numbers(connection: Any) -> list[str]:
    return [row["number"] for row in await connection.fetch("select number from policies order by number")]


async def snapshot(connection: Any) -> dict[str, Any]:
    """All rows of all policies, ids included."""
    return {
        table: await connection.fetchval(f"select jsonb_agg(to_jsonb(row) order by to_jsonb(row)) from {table} as row")
        for table in TABLES
    }


async def meaning(connection: Any) -> list[Any]:
    """What the rows say, without keys made at random and without what encryption makes different each time."""
    questions = (
        "select to_jsonb(p) - '{policy_id,number,holder_id}'::text[] from policies p order by 1",
        "select to_jsonb(r) - 'policy_id' from policy_riders r order by 1",
        "select to_jsonb(m) - '{policy_id,id,phone_encrypted,id_number_encrypted}'::text[]"
        " from policy_members m order by 1",
        "select name, c.cover from coverages c join policy_members m on m.id = insured_id order by 1",
        "select name, to_jsonb(a) - '{policy_id,id,insured_id}'::text[] from entitlement_accounts a"
        " join policy_members m on m.id = insured_id order by 1, 2",
        "select service, name, to_jsonb(e) - '{policy_id,id,account_id,command_id}'::text[] from entitlement_entries e"
        " join entitlement_accounts a on a.id = account_id join policy_members m on m.id = insured_id order by 1, 2",
    )
    return [[tuple(row) for row in await connection.fetch(question)] for question in questions]


# Good files


async def test_the_lines_of_a_number_become_one_policy(connection: Any, tmp_path: Path) -> None:
    report = await load(connection, write(tmp_path, [GOOD, line(**SISTER)]))
    assert report == Report(2, 1, [])
    row = await connection.fetchrow("select * from policies")
    assert (row["policy_id"], row["product_code"], row["plan_code"]) == (policy_id("P1"), "CY26", "NATIONAL")
    assert (row["status"], row["channel"], row["waiting_days"]) == ("IN_FORCE", "OFFLINE_PAPER", 30)
    assert (row["advance_limit"], row["is_demo"], row["created_at"]) == (Decimal("50000.50"), False, NOW)
    assert row["effective_at"] == dt.datetime(2025, 12, 31, 16, tzinfo=dt.UTC)
    assert (row["cover"].lower, row["cover"].upper) == (dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    members = await connection.fetch("select * from policy_members order by role, position")
    assert [(member["role"], member["position"], member["name"]) for member in members] == [
        ("HOLDER", 0, "演示陈女士"),
        ("INSURED", 1, "演示陈小弟"),
        ("INSURED", 2, "演示陈小妹"),
    ]
    assert members[0]["id"] == row["holder_id"]
    assert VAULT.open(members[0]["phone_encrypted"], PHONE) == "13800131011"
    assert VAULT.open(members[2]["id_number_encrypted"], ID_NUMBER) == SISTER["idNumber"]
    riders = await connection.fetch("select rider_code from policy_riders order by 1")
    assert [rider["rider_code"] for rider in riders] == ["EYE", "VACCINE"]


async def test_every_insured_has_an_account_for_every_service(connection: Any, tmp_path: Path) -> None:
    await load(connection, write(tmp_path, [GOOD, line(**SISTER)]))
    services = await connection.fetchval("select count(*) from product_services where product_code = 'CY26'")
    assert services > 0
    for table in ("entitlement_accounts", "entitlement_entries"):
        assert await connection.fetchval(f"select count(*) from {table}") == 2 * services
    assert await connection.fetchval("select bool_and(actor = 'test' and kind = 'GRANT') from entitlement_entries")


async def test_what_may_be_left_out(connection: Any, tmp_path: Path) -> None:
    empty = dict.fromkeys(("plan", "riders", "waitingDays", "channel", "advanceLimit", "holderPhone"), "")
    assert (await load(connection, write(tmp_path, [line(product="ZYB", **empty)]))).problems == []
    row = await connection.fetchrow("select * from policies")
    assert tuple(row[name] for name in ("plan_code", "waiting_days", "channel", "advance_limit")) == (
        None,
        None,
        "ONLINE",
        None,
    )


async def test_many_at_once_leave_the_same_rows_as_each_alone(connection: Any) -> None:
    holder = PersonDraft("演示甲", "MALE", dt.date(1980, 1, 1), "13800131099", "PASSPORT", "e 1234567")
    child = PersonDraft("演示乙", "FEMALE", dt.date(2018, 1, 1), None, "OTHER", "C-7654321")
    day = dt.date(2024, 2, 29)
    terms: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
        ("CY26", "BEIJING", ("EYE", "DENTAL")),
        ("VAS", None, ()),
        ("ZYB", None, ()),
    )
    drafts = [
        PolicyDraft(
            code, code, plan, riders, day, start_of(day), 10, "ONLINE", Decimal("7.25"), holder, (holder, child)
        )
        for code, plan, riders in terms
    ]
    async with connection.transaction():
        assert await register_all(connection, drafts, vault=VAULT, actor="a", now=NOW) == {"CY26", "VAS", "ZYB"}
        together = await meaning(connection)
        await connection.execute(f"truncate {', '.join(TABLES)} cascade")
        for draft in drafts:
            await register(connection, draft, vault=VAULT, actor="a", now=NOW)
    assert await meaning(connection) == together
    assert await register_all(connection, drafts, vault=VAULT, actor="a", now=NOW) == set()
    assert await meaning(connection) == together


async def test_a_spreadsheet_gives_the_same_as_a_csv_file(connection: Any, tmp_path: Path) -> None:
    await load(connection, write(tmp_path, [GOOD]))
    from_csv = await meaning(connection)
    await connection.execute(f"truncate {', '.join(TABLES)} cascade")
    own_kinds = {"effectiveOn": dt.date(2026, 1, 1), "waitingDays": 30, "advanceLimit": 50000.5}
    book = Workbook()
    book.worksheets[0].append(COLUMNS)
    book.worksheets[0].append([own_kinds.get(name, text) for name, text in GOOD.items()])
    book.save(tmp_path / "policies.xlsx")
    assert (await load(connection, tmp_path / "policies.xlsx")).problems == []
    assert await meaning(connection) == from_csv


async def test_progress_hears_of_every_batch(connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "BATCH", 2)
    heard: list[int] = []
    report = await load(connection, write(tmp_path, [line(number=str(n)) for n in range(5)]), progress=heard.append)
    assert (report.written, heard[-1], sorted(heard)) == (5, 5, heard)


async def test_the_words_are_those_of_the_schema() -> None:
    assert tuple(word.value for word in IdType) == ID_TYPES
    assert tuple(word.value for word in Gender) == GENDERS
    assert tuple(word.value for word in PolicyChannel) == CHANNELS


# Bad lines


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"number": ""}, "number", "must not be empty"),
        ({"number": "1" * 65}, "number", "64 at most"),
        ({"product": "CY99"}, "product", "“CY99”; expected is ZYB, "),
        ({"product": ""}, "product", "it is empty"),
        ({"plan": "PLUS"}, "plan", "“PLUS”; expected is NATIONAL or BEIJING"),
        ({"plan": ""}, "plan", "it is empty; expected is NATIONAL or BEIJING"),
        ({"product": "VAS", "riders": ""}, "plan", "VAS has no plans"),
        ({"product": "VAS", "plan": ""}, "riders", "VAS has no riders"),
        ({"riders": "EYE;TEETH"}, "riders", "“TEETH”; expected is VACCINE, EYE or DENTAL"),
        ({"effectiveOn": "20260101"}, "effectiveOn", "YYYY-MM-DD"),
        ({"effectiveOn": "2026-02-29"}, "effectiveOn", "YYYY-MM-DD"),
        ({"effectiveOn": "9999-12-31"}, "effectiveOn", "2000 to 2100"),
        ({"waitingDays": "-1"}, "waitingDays", "0 to 3650"),
        ({"waitingDays": "3651"}, "waitingDays", "0 to 3650"),
        ({"channel": "online"}, "channel", "ONLINE or OFFLINE_PAPER"),
        ({"advanceLimit": "1,000"}, "advanceLimit", "50000.00"),
        ({"advanceLimit": "1.005"}, "advanceLimit", "50000.00"),
        ({"advanceLimit": "1" * 13}, "advanceLimit", "50000.00"),
        ({"holderName": ""}, "holderName", "must not be empty"),
        ({"holderName": "名" * 61}, "holderName", "At most 60"),
        ({"holderGender": "女"}, "holderGender", "MALE or FEMALE"),
        ({"holderBirthOn": "2026-03-11"}, "holderBirthOn", "1900-01-01 to today"),
        ({"holderPhone": "12345"}, "holderPhone", "phone number"),
        ({"holderIdType": "IDCARD"}, "holderIdType", "ID_CARD, PASSPORT"),
        ({"holderIdNumber": "11010119890322916"}, "holderIdNumber", "identity-card number"),
        ({"name": ""}, "name", "must not be empty"),
        ({"gender": ""}, "gender", "it is empty"),
        ({"birthOn": "1899-12-31"}, "birthOn", "1900-01-01 to today"),
        ({"phone": "1380013101"}, "phone", "phone number"),
        ({"idType": ""}, "idType", "it is empty"),
        ({"idNumber": ""}, "idNumber", "identity-card number"),
    ],
)
async def test_a_bad_cell_is_told_with_line_column_and_what_is_expected(
    connection: Any, tmp_path: Path, changes: dict[str, str], column: str, said: str
) -> None:
    report = await load(connection, write(tmp_path, [line(number="OK"), line(**changes)]))
    (problem,) = report.problems
    assert (problem.line, problem.column, report.written) == (3, column, 0)
    assert said in problem.message
    assert await numbers(connection) == []


async def test_everything_that_is_wrong_is_told_at_once(connection: Any, tmp_path: Path) -> None:
    rows = [line(plan="?", phone="?"), line(plan="?", **SISTER, phone="?"), line(number=""), line(number="", gender="")]
    report = await load(connection, write(tmp_path, rows))
    found = [(problem.line, problem.column) for problem in report.problems]
    assert found == [(2, "plan"), (2, "phone"), (3, "phone"), (4, "number"), (5, "number"), (5, "gender")]


@pytest.mark.parametrize("column", COLUMNS[1:14])
async def test_the_lines_of_a_policy_say_the_same_of_it(connection: Any, tmp_path: Path, column: str) -> None:
    report = await load(connection, write(tmp_path, [GOOD, line(**SISTER), line(**{column: "other"}, idNumber="x")]))
    told = [problem for problem in report.problems if problem.column == column]
    assert [str(problem) for problem in told] == [f"line 4, {column}: it differs from line 2, where this policy begins"]


async def test_nobody_is_insured_twice_on_a_policy(connection: Any, tmp_path: Path) -> None:
    report = await load(connection, write(tmp_path, [GOOD, line(name="其他", idNumber="11010120150530 9176")]))
    assert [str(problem) for problem in report.problems] == [
        "line 3, idNumber: this person is insured in line 2 already"
    ]


async def test_messages_never_repeat_a_persons_number(connection: Any, tmp_path: Path) -> None:
    secret = "99887766554433"
    rows = [line(**dict.fromkeys(("holderPhone", "holderIdNumber", "phone", "idNumber"), secret))]
    report = await load(connection, write(tmp_path, [*rows, line(number="P2", idNumber="110101201505309170")]))
    assert len(report.problems) == 4
    assert report.warnings == ["line 3, idNumber: the last digit does not fit the others; compare it"]
    assert secret not in str(report)


async def test_the_lines_of_a_policy_stand_together(connection: Any, tmp_path: Path) -> None:
    rows = [GOOD, line(number="P2"), line(**SISTER)]
    report = await load(connection, write(tmp_path, rows))
    assert [str(problem) for problem in report.problems] == [
        "line 4, number: “P1” begins in line 2; expected are its lines one after another"
    ]


@pytest.mark.parametrize("batch", [1, 500])
async def test_a_policy_is_kept_whole_or_not_at_all(
    connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(policies, "BATCH", batch)
    rows = [
        line(number="A"),
        line(number="B"),
        line(number="B", **SISTER, phone="?"),
        line(number="C"),
        line(number="D"),
        line(number="C", **SISTER),
        line(number="E"),
    ]
    report = await load(connection, write(tmp_path, rows), keep_good=True)
    assert [(problem.line, problem.column) for problem in report.problems] == [(4, "phone"), (7, "number")]
    assert report.warnings == ["line 5: C is left out, not all of it can be read"]
    assert (report.read, report.written, await numbers(connection)) == (7, 3, ["A", "D", "E"])


async def test_a_line_that_cannot_be_read_may_belong_to_its_neighbours(connection: Any, tmp_path: Path) -> None:
    file = write(tmp_path, [line(number=number) for number in "ABCD"])
    text = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*text[:3], "half a line", *text[3:]]), encoding="utf-8")
    report = await load(connection, file, keep_good=True)
    assert [problem.line for problem in report.problems] == [4]
    assert [warning[:10] for warning in report.warnings] == ["line 3: B ", "line 5: C "]
    assert await numbers(connection) == ["A", "D"]


async def test_one_bad_line_leaves_no_trace_of_the_good_ones(
    connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "BATCH", 1)
    before = await snapshot(connection)
    report = await load(connection, write(tmp_path, [GOOD, line(number="P2"), line(number="P3", plan="?")]))
    assert (report.read, report.written, len(report.problems)) == (3, 0, 1)
    assert await snapshot(connection) == before


async def test_a_bad_header_writes_nothing_even_where_good_policies_are_kept(connection: Any, tmp_path: Path) -> None:
    file = tmp_path / "policies.csv"
    file.write_text("number,product\nP1,ZYB\n", encoding="utf-8")
    report = await load(connection, file, keep_good=True)
    assert (report.read, report.written) == (0, 0)
    assert {problem.column for problem in report.problems} == set(COLUMNS) - {"number", "product"}


# Policies that are registered already


async def test_the_same_file_twice_is_the_same_as_once(connection: Any, tmp_path: Path) -> None:
    file = write(tmp_path, [GOOD, line(**SISTER), line(number="P2")])
    await load(connection, file)
    once = await snapshot(connection)
    assert await load(connection, file) == Report(3, 0, [])
    assert await snapshot(connection) == once


@pytest.mark.parametrize(
    "changes", [{"product": "ZYB", "plan": "", "riders": ""}, {"plan": "BEIJING"}, {"effectiveOn": "2026-01-02"}]
)
async def test_another_policy_under_a_registered_number_is_refused(
    connection: Any, tmp_path: Path, changes: dict[str, str]
) -> None:
    await load(connection, write(tmp_path, [GOOD]))
    before = await snapshot(connection)
    report = await load(connection, write(tmp_path, [line(number="P2"), line(**changes)]))
    assert [str(problem) for problem in report.problems] == [
        "line 3, number: P1 exists already: policies are registered once"
    ]
    assert await snapshot(connection) == before
    assert (await load(connection, write(tmp_path, [line(number="P2"), line(**changes)]), keep_good=True)).written == 1
    assert await numbers(connection) == ["P1", "P2"]


async def test_an_insured_more_on_a_registered_policy_is_warned_of(connection: Any, tmp_path: Path) -> None:
    await load(connection, write(tmp_path, [GOOD]))
    report = await load(connection, write(tmp_path, [GOOD, line(**SISTER)]))
    assert (report.written, report.problems) == (0, [])
    assert report.warnings == ["line 2: P1 is registered with other insured, and stays as it is"]


async def test_a_number_that_is_taken_meanwhile_is_told(
    connection: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(connection, write(tmp_path, [GOOD]))
    monkeypatch.setattr(registered, "REGISTERED", registered.REGISTERED + " and false")
    report = await load(connection, write(tmp_path, [line(number="P2"), GOOD]), keep_good=True)
    assert [(problem.line, problem.column) for problem in report.problems] == [(3, "number")]
    assert (report.written, await numbers(connection)) == (1, ["P1", "P2"])


# Demo policies


async def test_the_demo_policies_load_and_are_marked(connection: Any) -> None:
    report = await load_demo_policies(connection, VAULT, NOW)
    assert (report.written, report.problems, report.warnings) == (6, [], [])
    assert await connection.fetchval("select bool_and(is_demo and number like 'DEMO-%') from policies")
    assert await connection.fetchval("select bool_and(name like '演示%') from policy_members")
    assert {row["product_code"] for row in await connection.fetch("select product_code from policies")} == {
        "ZYB",
        "ZAWX",
        "CY23",
        "VAS",
        "CY26",
    }
    again = await snapshot(connection)
    assert (await load_demo_policies(connection, VAULT, NOW)).written == 0
    assert await snapshot(connection) == again


async def test_the_demo_people_are_distinct_and_of_telling_ages(connection: Any) -> None:
    await load_demo_policies(connection, VAULT, NOW)
    people = "select count(*), count(distinct id_number_hash), count(distinct phone_hash), count(phone_hash)"
    count, distinct, phones, with_phone = await connection.fetchrow(f"{people} from policy_members")
    assert (count, phones) == (distinct, with_phone)
    ages = """
    select extract(year from age($1::date, birth_on))::int as age from policy_members
    where policy_id = $2 and role = 'INSURED' order by 1
    """

    async def of(number: str, on: dt.date) -> list[int]:
        return [row["age"] for row in await connection.fetch(ages, on, policy_id(number))]

    assert await of("DEMO-ZYB-001", dt.date(2026, 3, 9)) == [12, 12, 35, 69, 71]
    assert await of("DEMO-ZYB-001", dt.date(2026, 3, 10)) == [12, 13, 35, 70, 71]
    assert [age >= 18 for age in await of("DEMO-VAS-001", NOW.date())] == [False, True]
    assert max(await of("DEMO-CY26-001", NOW.date()) + await of("DEMO-CY23-001", NOW.date())) < 18


def test_the_demo_identity_cards_fit_their_people() -> None:
    with FILE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for columns in (policies.HOLDER, policies.INSURED):
            person = {name: row[column] for name, column in columns.items()}
            assert person["idNumber"][6:14] == person["birthOn"].replace("-", "")
            assert int(person["idNumber"][16]) % 2 == (person["gender"] == "MALE")
            assert has_right_check_digit(person["idNumber"])
            assert re.fullmatch(r"(1380013\d{4})?", person["phone"])
