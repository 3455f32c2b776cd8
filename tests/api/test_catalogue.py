"""The catalogue: open to anyone, whole, and saying what the handbooks say."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
)

from gateway.schema import schema
from tests.support.client import Gateway
from tests.support.walk import forward

CORE = schema._schema
QUERIES = CORE.query_type.fields if CORE.query_type else {}

PRIVATE_FIELDS = {
    *("policies", "policy", "entitlements", "bookings", "cancellationQuote"),
    *("preAuths", "preAuthRequirement", "guaranteeLetterCheck", "claims", "claimChecklist", "advances", "bills"),
    *("messages", "complaints", "healthRecords", "managerContacts"),
}
PRIVATE_TYPES = {"Policy", "Person", "Booking", "Entitlement", "LedgerEntry", "WorkItem"}
ARGUMENTS = {
    "product": "(code: CY26)",
    "hospital": '(code: "DEMO-SH-001")',
    "rule": '(code: "ZYB-ESC-26")',
    "disclosures": '(operation: "escortBook", product: ZYB)',
    "expertSchedules": '(department: "心内科")',
    "workCalendar": '(from: "2026-02-14", to: "2026-02-24")',
    "node": '(id: "book_0")',
    "nodes": '(ids: ["book_0"])',
}
"""Public fields that need arguments, with good ones."""

LEVELS = 3
"""A connection, its nodes, and what they hold."""


def leaves_and_below(kind: GraphQLObjectType, levels: int) -> Iterator[str]:
    for name, field in kind.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            yield name
        elif is_object_type(inner) and levels > 1 and not is_private(inner):
            yield f"{name} {{ __typename {' '.join(leaves_and_below(inner, levels - 1))} }}"


def is_private(kind: GraphQLObjectType) -> bool:
    return kind.name.removesuffix("Connection").removesuffix("Edge") in PRIVATE_TYPES


def everything_of(name: str, field: GraphQLField) -> str:
    kind = get_named_type(field.type)
    inside = " ".join(leaves_and_below(kind, LEVELS)) if is_object_type(kind) else ""
    return f"{{ {name}{ARGUMENTS.get(name, '')} {{ __typename {inside} }} }}"


def test_every_root_field_is_known_to_be_public_or_private() -> None:
    needing = {
        name
        for name, field in QUERIES.items()
        if any(is_required_argument(argument) for argument in field.args.values())
    }
    assert needing - PRIVATE_FIELDS == set(ARGUMENTS)


@pytest.mark.parametrize("name", sorted(set(QUERIES) - PRIVATE_FIELDS))
def test_every_field_of_the_catalogue_answers_for_anyone(gateway: Gateway, name: str) -> None:
    answer = gateway.anyone().ask(everything_of(name, QUERIES[name]))
    assert answer.data[name] is not None or name == "node"


@pytest.mark.parametrize("name", sorted(PRIVATE_FIELDS))
def test_every_private_field_asks_for_a_token(gateway: Gateway, name: str) -> None:
    required = {
        "policy": '(number: "x")',
        "entitlements": '(policy: "x")',
        "cancellationQuote": '(booking: "x")',
        "claimChecklist": '(input: {policyNumber: "x", kind: VACCINE, visits: []})',
        "guaranteeLetterCheck": '(number: "x", code: "x")',
        "preAuthRequirement": '(input: {policyNumber: "x", treatmentOn: "2026-03-12", items: []})',
    }
    answer = gateway.anyone().ask(f"{{ {name}{required.get(name, '')} {{ __typename }} }}")
    assert answer.code == "UNAUTHENTICATED"
    assert not any((answer.body["data"] or {}).values())


# Products

PRODUCT = """
query Product($code: ProductCode!) { product(code: $code) {
  name(lang: ZH) insurer { name(lang: ZH) } plans { code } riders { code } vendors { code role }
  services { kind quota monthlyCap waitingDays hours { opensAt closesAt afterHours } firstResponseMinutes rider { code }
    ruleCodes }
  contactChannels { purpose kind value }
} }
"""


def product(gateway: Gateway, code: str) -> dict[str, Any]:
    return gateway.anyone().ask(PRODUCT, code=code).data["product"]


def service(gateway: Gateway, code: str, kind: str) -> dict[str, Any]:
    return next(item for item in product(gateway, code)["services"] if item["kind"] == kind)


def values(gateway: Gateway, code: str, purpose: str) -> set[str]:
    return {item["value"] for item in product(gateway, code)["contactChannels"] if item["purpose"] == purpose}


def test_there_are_five_products_in_their_order(gateway: Gateway) -> None:
    codes = [item["code"] for item in forward(gateway.anyone(), "products", "code", size=2)]
    assert codes == ["ZYB", "ZAWX", "CY23", "VAS", "CY26"]


@pytest.mark.parametrize(
    ("code", "plans", "riders", "vendors"),
    [
        ("ZYB", [], [], {"HUANQIU"}),
        ("ZAWX", [], [], {"QITAI"}),
        ("CY23", ["STANDARD", "PLUS"], [], {"WINDSTONE"}),
        ("VAS", [], [], {"VAS-SERVICE"}),
        ("CY26", ["NATIONAL", "BEIJING"], ["VACCINE", "EYE", "DENTAL"], {"CY26-ADVANCE", "JDHEALTH"}),
    ],
)
def test_a_product_has_its_plans_riders_and_vendors(
    gateway: Gateway, code: str, plans: list[str], riders: list[str], vendors: set[str]
) -> None:
    found = product(gateway, code)
    assert [item["code"] for item in found["plans"]] == plans
    assert [item["code"] for item in found["riders"]] == riders
    assert {item["code"] for item in found["vendors"]} == vendors


@pytest.mark.parametrize(
    ("code", "kind", "facts"),
    [
        ("ZYB", "OUTPATIENT_ESCORT", {"quota": 1, "waitingDays": 30}),
        (
            "ZYB",
            "TEXT_CONSULTATION",
            {"quota": None, "hours": {"opensAt": "09:00:00", "closesAt": "21:00:00", "afterHours": "MESSAGE"}},
        ),
        (
            "ZAWX",
            "TEXT_CONSULTATION",
            {
                "hours": {"opensAt": "09:00:00", "closesAt": "18:00:00", "afterHours": "REJECT"},
                "firstResponseMinutes": "15.00",
            },
        ),
        ("ZAWX", "ONCOLOGY_DRUG", {"quota": 1, "waitingDays": 30}),
        ("VAS", "OUTPATIENT_ESCORT", {"quota": 1}),
        ("VAS", "FAMILY_DOCTOR", {"waitingDays": 0}),
        ("CY26", "RESPIRATORY_TEST", {"quota": 5, "monthlyCap": 1}),
        ("CY26", "VACCINATION", {"rider": {"code": "VACCINE"}}),
        ("CY26", "HEALTH_CHECK", {"quota": 8, "rider": {"code": "VACCINE"}}),
    ],
)
def test_the_terms_of_a_service_are_those_of_its_handbook(
    gateway: Gateway, code: str, kind: str, facts: dict[str, Any]
) -> None:
    found = service(gateway, code, kind)
    assert {name: found[name] for name in facts} == facts


@pytest.mark.parametrize(
    ("code", "purpose", "value"),
    [
        ("ZYB", "MINI_PROGRAM", "京东安联客户服务"),
        ("CY23", "HOTLINE", "021-80209058"),
        ("CY23", "CLAIMS", "service@windstoneservice.com"),
        ("VAS", "HOTLINE", "95511-#-9"),
        ("VAS", "ADVANCE", "400-898-1618"),
        ("CY26", "HOTLINE", "950610-8"),
        ("CY26", "PRE_AUTHORIZATION", "org.jdaipmi.gop1@jd.com"),
        ("CY26", "HEALTH_MANAGER", "950619"),
    ],
)
def test_a_handbook_prints_this_channel(gateway: Gateway, code: str, purpose: str, value: str) -> None:
    assert value in values(gateway, code, purpose)


def test_channels_are_narrowed_by_product_and_purpose(gateway: Gateway) -> None:
    document = "{ contactChannels(product: CY26, purpose: HOTLINE) { value purpose product { code } } }"
    assert gateway.anyone().ask(document).data["contactChannels"] == [
        {"value": "950610-8", "purpose": "HOTLINE", "product": {"code": "CY26"}}
    ]


def test_the_vas_handbook_names_no_insurer(gateway: Gateway) -> None:
    assert product(gateway, "VAS")["insurer"] is None


def test_every_rule_that_states_a_term_exists(gateway: Gateway) -> None:
    known = {item["code"] for item in forward(gateway.anyone(), "rules", "code")}
    for code in ("ZYB", "ZAWX", "CY23", "VAS", "CY26"):
        for item in product(gateway, code)["services"]:
            assert set(item["ruleCodes"]) <= known


# Cities


def test_the_escort_reaches_312_cities_without_a_gap_or_a_duplicate(gateway: Gateway) -> None:
    where = "where: {service: OUTPATIENT_ESCORT, product: ZYB}"
    cities = forward(gateway.anyone(), "cities", "code name province", size=30, arguments=where)
    assert len(cities) == 312
    assert len({item["code"] for item in cities}) == 312
    assert len({(item["province"], item["name"]) for item in cities}) == 312


def test_a_misprinted_city_is_found_by_its_name_and_by_the_misprint(gateway: Gateway) -> None:
    document = "query Find($k: String!) { cities(where: {keyword: $k}) { nodes { code } } }"
    found = [gateway.anyone().ask(document, k=word).data["cities"]["nodes"] for word in ("南宫", "南官")]
    assert found[0] == found[1] == [{"code": "nangong"}]


def test_two_cities_of_one_sound_have_two_codes(gateway: Gateway) -> None:
    found = forward(gateway.anyone(), "cities", "code name", arguments='where: {keyword: "suzhou"}')
    codes = {item["name"]: item["code"] for item in found}
    assert (codes["苏州"], codes["宿州"]) == ("jiangsu-suzhou", "anhui-suzhou")


def test_the_test_reaches_15_cities(gateway: Gateway) -> None:
    found = forward(gateway.anyone(), "cities", "name services", arguments="where: {service: RESPIRATORY_TEST}")
    assert len(found) == 15
    assert all("RESPIRATORY_TEST" in item["services"] for item in found)


def test_cities_are_narrowed_by_province(gateway: Gateway) -> None:
    found = forward(gateway.anyone(), "cities", "province", arguments='where: {province: "江苏"}')
    assert {item["province"] for item in found} == {"江苏"}


def test_a_city_that_no_service_lists_has_no_services(gateway: Gateway) -> None:
    found = forward(gateway.anyone(), "cities", "name services", arguments='where: {keyword: "徐州"}')
    assert found == [{"name": "徐州", "services": []}]


# The rest


def test_departments_are_a_closed_list_in_both_languages(gateway: Gateway) -> None:
    found = gateway.anyone().ask("{ departments { code zh: name(lang: ZH) en: name(lang: EN) } }").data["departments"]
    assert {"code": "PEDIATRICS", "zh": "儿科", "en": "Pediatrics"} in found
    assert len({item["code"] for item in found}) == len(found)


def test_a_page_of_no_notices_is_a_valid_page(gateway: Gateway) -> None:
    document = "{ notices(first: 0) { nodes { id } edges { cursor } pageInfo { hasPreviousPage endCursor } } }"
    empty = {"nodes": [], "edges": [], "pageInfo": {"hasPreviousPage": False, "endCursor": None}}
    assert gateway.anyone().ask(document).data["notices"] == empty


def test_an_unknown_code_is_null(gateway: Gateway) -> None:
    assert gateway.anyone().ask('{ hospital(code: "nope") { id } rule(code: "nope") { id } }').data == {
        "hospital": None,
        "rule": None,
    }


def test_a_viewer_without_a_token_is_anonymous_and_may_read_the_catalogue(gateway: Gateway) -> None:
    assert gateway.anyone().ask("{ viewer { kind scopes vendor } }").data["viewer"] == {
        "kind": "ANONYMOUS",
        "scopes": ["catalogue:read"],
        "vendor": None,
    }
