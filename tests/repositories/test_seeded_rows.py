"""What seeding brings: rules, products, places, drugs, lifecycles and the calendar, as the seeds have them."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections import Counter
from typing import Any

import pytest

from models.base import derived_id
from seeds import files, state
from seeds.calendar import statutory
from tests.support.seeding import rows, value

KINDS = ("HARD", "SOFT", "CONSEQUENCE", "SLA", "DISCLOSURE", "FLOW", "DATA")
CATALOGUE = {
    "ZYB": (34, 2, 4, 2, 6, 9, 10),
    "ZAWX": (61, 3, 11, 12, 12, 25, 7),
    "CY23": (43, 0, 5, 4, 2, 5, 20),
    "VAS": (39, 3, 5, 15, 0, 15, 12),
    "CY26": (83, 1, 9, 9, 12, 10, 23),
}
IDS_AND_KINDS = "176aa4189b43e421009b7c18462f6984283c62a4cd3e9e9cd3d637cf0aebdbbf"
"""sha256 over the sorted lines "id kind" of the rule catalogue."""


# Rules


def test_every_rule_of_the_catalogue_is_there_with_its_kind(dsn: str) -> None:
    stored = rows(dsn, "select code, kind, product_code from rules")
    counted = Counter((product, kind) for _, kind, product in stored)
    assert {product: tuple(counted[product, kind] for kind in KINDS) for product in CATALOGUE} == CATALOGUE
    assert len(stored) == 513
    lines = "\n".join(sorted(f"{code} {kind}" for code, kind, _ in stored))
    assert hashlib.sha256(lines.encode()).hexdigest() == IDS_AND_KINDS


def test_ids_run_without_gaps(dsn: str) -> None:
    numbers: dict[str, list[int]] = {}
    for (code,) in rows(dsn, "select code from rules order by code"):
        section, _, number = code.rpartition("-")
        numbers.setdefault(section, []).append(int(number))
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_positions_follow_the_handbooks(dsn: str) -> None:
    stored = rows(dsn, "select position, product_code, code from rules order by position")
    assert [row[0] for row in stored] == list(range(1, 514))
    assert [product for product, _ in itertools.groupby(row[1] for row in stored)] == list(state.PRODUCTS)
    written = [rule.id for file in files.product_files() for rule in file.rules]
    assert [row[2] for row in stored] == written


def test_same_as_holds_both_ways(dsn: str) -> None:
    one_way = """
        select a.code, other from rules a, unnest(a.same_as) other
        where not exists (select from rules b where b.code = other and a.code = any(b.same_as))
    """
    assert rows(dsn, one_way) == []
    assert value(dsn, "select count(*) from rules where same_as <> '{}'") > 0


def test_ids_are_derived_from_codes(dsn: str) -> None:
    for kind, table in (("rule", "rules"), ("product", "products"), ("vendor", "vendors"), ("city", "cities")):
        assert all(found == derived_id(kind, code) for found, code in rows(dsn, f"select id, code from {table}"))


def test_a_rule_carries_all_that_its_file_says(dsn: str) -> None:
    columns = "kind, service, item, lines, parameters->>'freeCancelHours', operations, account, checks"
    (stored,) = rows(dsn, f"select {columns} from rules where code = 'ZYB-ESC-26'")
    operations, checks = ["bookingCancel", "cancellationQuote"], ["free_cancellation", "step_allowed"]
    assert stored == ("HARD", "OUTPATIENT_ESCORT", "⑥", "L72", "24", operations, "ENFORCED", checks)


def test_every_check_that_shares_a_rule_has_texts_of_its_own(dsn: str) -> None:
    shared = "select distinct unnest(checks) from rules where cardinality(checks) > 1"
    named = {row[0] for row in rows(dsn, 'select "check" from check_texts')}
    assert {row[0] for row in rows(dsn, shared)} | {"generic", "provided_for", "service_in_product"} <= named


def test_texts_of_checks_speak_both_languages_of_the_same_values() -> None:
    for check, texts in files.check_texts().items():
        for text in texts.model_dump(exclude_none=True).values():
            assert placeholders(text["zh"]) == placeholders(text["en"]), check


def placeholders(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


# Products


def test_terms_of_a_service_are_those_of_its_handbook(dsn: str) -> None:
    terms = "vendor_code, quota, waiting_days, verification, lifecycle"
    escort = rows(
        dsn, f"select {terms} from product_services where (product_code, kind) = ('ZYB', 'OUTPATIENT_ESCORT')"
    )
    assert escort == [("HUANQIU", 1, 30, "POLICY_NUMBER", "ESCORT")]
    hours = "select opens_at, closes_at, after_hours, quota from product_services where (product_code, kind) = ($1, $2)"
    assert rows(dsn, hours, "ZYB", "TEXT_CONSULTATION") == [(dt.time(9), dt.time(21), "MESSAGE", None)]


def test_products_come_with_their_parts(dsn: str) -> None:
    assert rows(dsn, "select code from products order by position") == [(code,) for code in state.PRODUCTS]
    for table in ("plans", "riders", "vendors", "product_vendors", "product_services", "contact_channels"):
        assert value(dsn, f"select count(*) from {table}") > 0, table


# Places


def test_312_cities_have_escorts_and_15_the_test(dsn: str) -> None:
    lists = "select product_code, service, count(*), min(seq), max(seq) from service_cities group by 1, 2 order by 1"
    assert rows(dsn, lists) == [("CY26", "RESPIRATORY_TEST", 15, 1, 15), ("ZYB", "OUTPATIENT_ESCORT", 312, 1, 312)]


def test_a_slip_of_the_print_is_kept_and_understood(dsn: str) -> None:
    slips = """
        select seq, name, printed_name, alias from service_cities
        join cities on code = city_code left join city_aliases using (city_code) where printed_name <> name
    """
    assert rows(dsn, slips) == [(151, "南宫", "南官", "南官")]
    assert value(dsn, "select search_text from cities where name = '南宫'").startswith("南宫|南官|")


def test_cities_of_one_name_are_told_apart(dsn: str) -> None:
    of_name = "select province, code from cities where pinyin = 'suzhou' order by province collate \"C\""
    assert [code for _, code in rows(dsn, of_name)] == ["anhui-suzhou", "jiangsu-suzhou"]


def test_hospitals_that_a_handbook_names_have_no_invented_level(dsn: str) -> None:
    named = rows(dsn, "select code, level, source, has_onsite_service from hospitals order by code")
    codes = ("BJ-CHILDREN", "SH-CHILDREN", "SH-SCMC", "SH-XINHUA")
    assert named == [(code, None, "HANDBOOK", True) for code in codes]


# Drugs and lifecycles


def test_102_drugs_are_told_apart_by_brand_name_and_maker(dsn: str) -> None:
    counts = "select count(*), count(distinct (brand, generic, manufacturer)), min(seq), max(seq) from drugs"
    assert rows(dsn, counts) == [(102, 102, 1, 102)]
    makers = rows(dsn, "select manufacturer from drugs where brand = '吉非替尼片'")
    assert len(set(makers)) == 2
    assert rows(dsn, "select manufacturer, manufacturer_normalized from drugs where brand = '安可坦'") == [
        ("阿斯泰来", "安斯泰来")
    ]


def test_a_step_has_an_edge_for_each_role_and_each_outcome(dsn: str) -> None:
    cancelling = """
        select role, to_state from transitions
        where (machine, from_state, command) = ('ESCORT', 'CONFIRMED', 'cancel') order by 1, 2
    """
    outcomes = ("CANCELLED_FREE", "CANCELLED_LATE", "DEDUCTION_PENDING")
    assert rows(dsn, cancelling) == list(itertools.product(("CUSTOMER", "STAFF"), outcomes))


# The calendar


def workday(dsn: str, day: str) -> tuple[Any, ...]:
    (found,) = rows(
        dsn, 'select is_workday, status, name from calendar_days where "on" = $1', dt.date.fromisoformat(day)
    )
    return found


@pytest.mark.parametrize(
    ("day", "is_workday", "name"),
    [
        ("2026-02-13", True, None),
        ("2026-02-14", True, "春节（调休上班）"),
        ("2026-02-15", False, "春节"),
        ("2026-02-23", False, "春节"),
        ("2026-02-24", True, None),
        ("2026-02-28", True, "春节（调休上班）"),
        ("2026-03-01", False, None),
        ("2025-12-31", True, None),
        ("2026-01-01", False, "元旦"),
        ("2025-10-08", False, "国庆节"),
        ("2025-10-11", True, "国庆节（调休上班）"),
    ],
)
def test_official_days(dsn: str, day: str, is_workday: bool, name: str | None) -> None:
    assert workday(dsn, day) == (is_workday, "OFFICIAL", name)


def test_working_days_add_up(dsn: str) -> None:
    counted = """
        select extract(year from "on")::int, status, count(*), count(*) filter (where is_workday)
        from calendar_days where "on" < '2029-01-01' group by 1, 2 order by 1
    """
    assert rows(dsn, counted) == [
        (2024, "OFFICIAL", 366, 251),
        (2025, "OFFICIAL", 365, 248),
        (2026, "OFFICIAL", 365, 248),
        (2027, "ESTIMATED", 365, 254),
        (2028, "ESTIMATED", 366, 251),
    ]


def test_a_holiday_of_official_years_has_a_chinese_name(dsn: str) -> None:
    unnamed = """
        select "on" from calendar_days
        where status = 'OFFICIAL' and name is null and is_workday <> (extract(isodow from "on") < 6)
    """
    assert rows(dsn, unnamed) == []


def test_nobody_makes_up_for_a_holiday_in_estimated_years(dsn: str) -> None:
    weekends = """
        select count(*) from calendar_days where status = 'ESTIMATED' and is_workday and extract(isodow from "on") > 5
    """
    assert value(dsn, weekends) == 0


def test_estimated_years_have_the_holidays_of_the_law_and_no_others() -> None:
    months = {1: [1], 2: [5, 6, 7, 8], 4: [5], 5: [1, 2], 6: [9], 9: [15], 10: [1, 2, 3]}
    by_law = [dt.date(2027, month, day) for month, days in months.items() for day in days]
    assert sorted(statutory(range(2027, 2028))) == by_law
    assert statutory(range(2028, 2029))[dt.date(2028, 10, 3)] == "中秋节、国庆节"


@pytest.mark.parametrize("year", range(2025, 2036))
def test_the_law_knows_thirteen_days_a_year(year: int) -> None:
    assert sum(name.count("、") + 1 for name in statutory(range(year, year + 1)).values()) == 13
