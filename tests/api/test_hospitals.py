"""Hospitals: every filter, alone and together."""

from typing import Any

import pytest

from tests.support.client import Answer, Gateway
from tests.support.walk import forward

FIND = """query Find($where: HospitalFilter, $orderBy: HospitalOrder) {
  hospitals(where: $where, orderBy: $orderBy, first: 100) { totalCount nodes {
    code name type level city { code name province } departments { code } departmentClasses isDirectBilling isDemo
    networks { product plan liability } location { latitude longitude coordinateSystem }
    serviceHours { opensAt closesAt } } } }"""
SHANGHAI_AT = {"latitude": "31.197900", "longitude": "121.518700"}
"""Where DEMO-SH-001 stands."""


def ask(gateway: Gateway, **where: Any) -> Answer:
    return gateway.anyone().ask(FIND, where=where)


def find(gateway: Gateway, **where: Any) -> list[dict[str, Any]]:
    read = ask(gateway, **where).data["hospitals"]
    assert read["totalCount"] == len(read["nodes"])
    return read["nodes"]


def codes(gateway: Gateway, **where: Any) -> set[str]:
    """Codes of demo hospitals, since other tests may have brought some of their own."""
    return {item["code"] for item in find(gateway, **where) if item["isDemo"]}


@pytest.mark.parametrize("city", ["shanghai", "上海"])
def test_a_city_is_named_by_code_or_by_name(gateway: Gateway, city: str) -> None:
    found = find(gateway, city=city)
    assert found
    assert {item["city"]["name"] for item in found} == {"上海"}


def test_cities_of_one_sound_are_not_mixed(gateway: Gateway) -> None:
    assert {item["city"]["province"] for item in find(gateway, city="宿州")} == {"安徽"}
    assert {item["city"]["province"] for item in find(gateway, city="jiangsu-suzhou")} == {"江苏"}


def test_a_province_has_the_hospitals_of_all_its_cities(gateway: Gateway) -> None:
    assert {item["city"]["name"] for item in find(gateway, province="江苏")} >= {"苏州", "南京", "徐州", "昆山"}


@pytest.mark.parametrize("department", ["OPHTHALMOLOGY", "眼科", "ophthalmology", "Ophthalmology"])
def test_a_department_is_named_by_code_or_by_name(gateway: Gateway, department: str) -> None:
    found = find(gateway, department=department)
    assert found
    assert all("OPHTHALMOLOGY" in {item["code"] for item in one["departments"]} for one in found)


@pytest.mark.parametrize("kind", ["PUBLIC", "PRIVATE"])
def test_ownership_is_kept(gateway: Gateway, kind: str) -> None:
    assert {item["type"] for item in find(gateway, type=kind)} == {kind}


@pytest.mark.parametrize("word", ["GENERAL", "SPECIAL", "INTERNATIONAL"])
def test_a_class_of_department_is_kept(gateway: Gateway, word: str) -> None:
    found = find(gateway, departmentClass=word)
    assert found
    assert all(word in item["departmentClasses"] for item in found)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_level_is_kept_and_unrated_ones_have_none(gateway: Gateway, level: int) -> None:
    assert {item["level"] for item in find(gateway, level=level)} == {level}


@pytest.mark.parametrize("level", [0, 4, -1, 2147483647])
def test_a_level_that_nobody_has_matches_nothing(gateway: Gateway, level: int) -> None:
    assert codes(gateway, level=level) == set()


def test_direct_billing_is_kept_both_ways(gateway: Gateway) -> None:
    for wanted in (True, False):
        assert {item["isDirectBilling"] for item in find(gateway, directBilling=wanted)} == {wanted}


def test_an_item_that_none_offers_matches_nothing(gateway: Gateway) -> None:
    assert codes(gateway, item="MRI") == set()


# Networks


def test_product_plan_and_liability_are_of_one_membership(gateway: Gateway) -> None:
    found = find(gateway, product="CY26", plan="BEIJING", liability="DENTAL")
    wanted = {"product": "CY26", "plan": "BEIJING", "liability": "DENTAL"}
    assert found
    assert all(wanted in item["networks"] for item in found)


def test_two_memberships_do_not_add_up_to_one(gateway: Gateway) -> None:
    """DEMO-SH-002 is in a network of VAS (advance) and in one of CY23 (outpatient)."""
    assert "DEMO-SH-002" in codes(gateway, product="VAS", liability="ADVANCE")
    assert "DEMO-SH-002" in codes(gateway, product="CY23", liability="OUTPATIENT_INPATIENT")
    assert "DEMO-SH-002" not in codes(gateway, product="CY23", liability="ADVANCE")
    assert "DEMO-SH-002" not in codes(gateway, product="VAS", liability="OUTPATIENT_INPATIENT")


def test_a_liability_alone_is_a_filter(gateway: Gateway) -> None:
    found = find(gateway, liability="EYE")
    assert found
    assert all("EYE" in {item["liability"] for item in one["networks"]} for one in found)


def test_an_unknown_plan_matches_nothing(gateway: Gateway) -> None:
    assert codes(gateway, plan="nope") == set()


def test_an_empty_plan_is_named_and_does_not_match_networks_without_one(gateway: Gateway) -> None:
    answer = gateway.anyone().ask('{ hospitals(where: {plan: ""}) { totalCount } }')
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["where", "plan"])


@pytest.mark.parametrize(
    ("now", "is_member"),
    [
        ("2025-12-31T23:59:59+08:00", False),
        ("2025-12-31T16:00:00Z", True),
        ("2026-12-31T15:59:59Z", True),
        ("2027-01-01T00:00:00+08:00", False),
    ],
)
def test_a_network_is_asked_on_the_day_of_the_request_in_shanghai(gateway: Gateway, now: str, is_member: bool) -> None:
    """The children's hospital in Nanjing vaccinates for CY26 from 2026-01-01 to 2026-12-31."""
    document = '{ hospitals(where: {city: "南京", product: CY26, liability: VACCINE}, first: 100) { nodes { code } } }'
    found = gateway.anyone().at(now).ask(document).data["hospitals"]["nodes"]
    assert ({"code": "DEMO-NJ-001"} in found) is is_member


# Keywords


@pytest.mark.parametrize("word", ["鹿", "小鹿", "演示小鹿疫苗", "xiaolu", "XIAOLU", "xlym", "小鹿 昆山", "昆山 小鹿"])
def test_a_hospital_is_found_by_part_of_its_name_pinyin_or_initials(gateway: Gateway, word: str) -> None:
    assert "DEMO-KS-002" in codes(gateway, keyword=word)


def test_every_word_of_a_keyword_counts(gateway: Gateway) -> None:
    assert "DEMO-KS-002" not in codes(gateway, keyword="小鹿 上海")


def test_full_width_letters_and_capitals_are_the_same(gateway: Gateway) -> None:
    assert codes(gateway, keyword="ＸＩＡＯＬＵ") == codes(gateway, keyword="xiaolu")


def test_an_empty_keyword_narrows_nothing(gateway: Gateway) -> None:
    everything = codes(gateway)
    assert codes(gateway, keyword="") == codes(gateway, keyword="   ") == everything


@pytest.mark.parametrize(
    "word", ["%", "_", "\\", "小%疫", "小_疫", '"', "--", ";", "小鹿'); drop table hospitals", "*"]
)
def test_signs_of_a_pattern_are_only_signs(gateway: Gateway, word: str) -> None:
    assert codes(gateway, keyword=word) == set()


@pytest.mark.parametrize("field", ["city", "province", "department", "item"])
@pytest.mark.parametrize("word", ["%", "' or '1'='1", "\\", "上_", "", " ", "x" * 10_000, "$1", "null", "🏥"])
def test_strange_words_in_a_filter_match_nothing(gateway: Gateway, field: str, word: str) -> None:
    assert codes(gateway, **{field: word}) == set()


def test_a_keyword_has_a_bound(gateway: Gateway) -> None:
    assert "errors" not in ask(gateway, keyword="x" * 100).body
    answer = ask(gateway, keyword="x" * 101)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["where", "keyword"])


# Near


def near(radius: str, **point: str) -> dict[str, str]:
    return {**SHANGHAI_AT, "radiusKm": radius, **point}


def test_a_circle_has_what_lies_within(gateway: Gateway) -> None:
    assert codes(gateway, near=near("0.1")) == {"DEMO-SH-001"}
    assert "DEMO-SH-002" in codes(gateway, near=near("5"))
    around = {item["city"]["name"] for item in find(gateway, near=near("100"))}
    assert {"上海", "昆山", "苏州"} <= around
    assert "北京" not in around


def test_a_hospital_without_a_place_is_near_nothing(gateway: Gateway) -> None:
    here = {"latitude": "33.6", "longitude": "117", "radiusKm": "500"}
    assert "DEMO-SZA-001" in codes(gateway, near=here)
    assert "DEMO-SZA-003" not in codes(gateway, near=here)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("latitude", "90.1"),
        ("latitude", "-91"),
        ("longitude", "180.5"),
        ("longitude", "-181"),
        ("radiusKm", "0"),
        ("radiusKm", "-1"),
        ("radiusKm", "500.1"),
        ("radiusKm", "999999999999"),
    ],
)
def test_a_number_out_of_bounds_is_named(gateway: Gateway, name: str, value: str) -> None:
    answer = ask(gateway, near=near("5") | {name: value})
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["where", "near", name])


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e3", "", "x", 31.2, 31, None])
def test_a_number_that_is_no_decimal_text_is_named(gateway: Gateway, value: Any) -> None:
    answer = ask(gateway, near=near("5") | {"latitude": value})
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["where", "near", "latitude"])


@pytest.mark.parametrize("point", [("90", "0"), ("-90", "180"), ("0", "180"), ("0", "-180")])
def test_poles_and_the_date_line_are_places_too(gateway: Gateway, point: tuple[str, str]) -> None:
    where = {"latitude": point[0], "longitude": point[1], "radiusKm": "500"}
    assert codes(gateway, near=where) == set()


def test_coordinates_are_texts_of_the_chinese_system(gateway: Gateway) -> None:
    (hospital,) = (item for item in find(gateway, near=near("0.1")) if item["isDemo"])
    assert hospital["location"] == {**SHANGHAI_AT, "coordinateSystem": "GCJ-02"}


# Opening hours


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2026-03-09T08:00:00+08:00", True),
        ("2026-03-09T07:59:59+08:00", False),
        ("2026-03-09T17:29:59+08:00", True),
        ("2026-03-09T17:30:00+08:00", False),
        ("2026-03-09T00:00:00Z", True),
        ("2026-03-08T19:00:00-05:00", True),
    ],
)
def test_opening_hours_are_of_shanghai_and_end_before_their_end(gateway: Gateway, instant: str, is_open: bool) -> None:
    """DEMO-SH-001 is open from 08:00 to 17:30."""
    assert ("DEMO-SH-001" in codes(gateway, openAt=instant)) == is_open


def test_a_hospital_that_never_closes_is_open_at_night(gateway: Gateway) -> None:
    assert "DEMO-SH-002" in codes(gateway, openAt="2026-03-09T03:00:00+08:00")


def test_a_hospital_of_unknown_hours_is_not_said_to_be_open(gateway: Gateway) -> None:
    assert "DEMO-SZA-003" not in codes(gateway, openAt="2026-03-09T10:00:00+08:00")


# All together


def test_filters_hold_together(gateway: Gateway) -> None:
    where = {
        "city": "上海",
        "province": "上海",
        "department": "儿科",
        "type": "PUBLIC",
        "departmentClass": "SPECIAL",
        "level": 3,
        "product": "CY26",
        "plan": "NATIONAL",
        "liability": "OUTPATIENT_INPATIENT",
        "directBilling": True,
        "keyword": "儿童",
        "near": near("50"),
        "openAt": "2026-03-09T10:00:00+08:00",
    }
    assert codes(gateway, **where) == {"DEMO-SH-001"}


@pytest.mark.parametrize("order", ["NAME_ASC", "NAME_DESC"])
def test_any_filter_keeps_the_order(gateway: Gateway, order: str) -> None:
    everything = [
        item["code"] for item in forward(gateway.anyone(), "hospitals", "code", arguments=f"orderBy: {order}")
    ]
    where = {"province": "江苏", "type": "PUBLIC"}
    narrowed = gateway.anyone().ask(FIND, where=where, orderBy=order).data["hospitals"]["nodes"]
    kept = [item["code"] for item in narrowed]
    assert kept == [code for code in everything if code in set(kept)]


def test_hospitals_of_the_handbooks_are_there_and_are_no_demo(gateway: Gateway) -> None:
    found = forward(gateway.anyone(), "hospitals", "code isDemo source hasOnsiteService level")
    named = [item for item in found if item["source"] == "HANDBOOK"]
    assert {item["code"] for item in named} == {"SH-XINHUA", "SH-SCMC", "SH-CHILDREN", "BJ-CHILDREN"}
    assert all(item["hasOnsiteService"] and not item["isDemo"] and item["level"] is None for item in named)
    assert all(item["isDemo"] == (item["source"] == "DEMO") for item in found)


def test_a_hospital_is_found_by_its_code(gateway: Gateway) -> None:
    document = """{ hospital(code: "DEMO-SH-001") { name featuredDepartments { code isFeatured name(lang: EN) }
        brand { code } isPopular introduction address phone visitTips items unit } }"""
    hospital = gateway.anyone().ask(document).data["hospital"]
    assert {item["code"] for item in hospital["featuredDepartments"]} == {"PEDIATRICS", "NEONATOLOGY"}
    assert (hospital["isPopular"], hospital["brand"], hospital["items"]) == (True, None, [])


def test_a_clinic_knows_its_brand(gateway: Gateway) -> None:
    document = '{ hospital(code: "DEMO-KS-002") { brand { name closedOn } } }'
    assert gateway.anyone().ask(document).data["hospital"]["brand"] == {"name": "演示小鹿", "closedOn": None}
