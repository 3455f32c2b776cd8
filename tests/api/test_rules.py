"""The rulebook as clients read it."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.walk import forward

FIND = """query Find($where: RuleFilter) { rules(where: $where, first: 100) { totalCount
  nodes { code kind service operations enforcement product { code } } } }"""


def found(gateway: Gateway, **where: Any) -> list[dict[str, Any]]:
    return gateway.anyone().ask(FIND, where=where).data["rules"]["nodes"]


def test_all_513_rules_are_walked_without_a_gap_or_a_duplicate(gateway: Gateway) -> None:
    codes = [item["code"] for item in forward(gateway.anyone(), "rules", "code")]
    assert len(codes) == len(set(codes)) == 513


def test_rules_of_a_product_are_the_same_by_filter_and_by_nesting(gateway: Gateway) -> None:
    document = """{ rules(where: {product: VAS}, first: 100) { totalCount nodes { code } }
        product(code: VAS) { rules(first: 100) { totalCount nodes { code } } } }"""
    answer = gateway.anyone().ask(document).data
    assert answer["rules"] == answer["product"]["rules"]


def test_the_products_have_all_rules_between_them(gateway: Gateway) -> None:
    document = "{ products { nodes { rules { totalCount } } } }"
    assert sum(item["rules"]["totalCount"] for item in gateway.anyone().ask(document).data["products"]["nodes"]) == 513


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "DISCLOSURE"), ("service", "OUTPATIENT_ESCORT"), ("enforcement", "TIMED")],
)
def test_a_filter_keeps_what_it_names(gateway: Gateway, name: str, value: str) -> None:
    rows = found(gateway, **{name: value})
    assert rows
    assert {row[name] for row in rows} == {value}


def test_rules_are_found_by_the_operation_that_they_govern(gateway: Gateway) -> None:
    rows = found(gateway, operation="bookingCancel", product="ZYB")
    assert "ZYB-ESC-26" in {row["code"] for row in rows}
    assert all("bookingCancel" in row["operations"] for row in rows)


def test_filters_hold_together(gateway: Gateway) -> None:
    rows = found(gateway, product="ZYB", kind="DISCLOSURE", service="OUTPATIENT_ESCORT")
    assert rows
    assert {(row["product"]["code"], row["kind"], row["service"]) for row in rows} == {
        ("ZYB", "DISCLOSURE", "OUTPATIENT_ESCORT")
    }


@pytest.mark.parametrize("word", ["ZYB-ESC-26", "zyb-esc-26", "esc-26"])
def test_a_rule_is_found_by_its_id_in_any_case(gateway: Gateway, word: str) -> None:
    assert "ZYB-ESC-26" in {row["code"] for row in found(gateway, keyword=word)}


@pytest.mark.parametrize("word", ["%", "_ZYB", "ZYB_ESC", "\\", "' or ''='"])
def test_signs_of_a_pattern_are_only_signs(gateway: Gateway, word: str) -> None:
    assert "ZYB-ESC-26" not in {row["code"] for row in found(gateway, keyword=word)}


def test_a_rule_has_its_clause_its_numbers_and_its_words(gateway: Gateway) -> None:
    document = """{ rule(code: "ZYB-ESC-26") { code kind parameters operations sameAs statement(lang: EN)
        zh: statement(lang: ZH) clause { handbook section item lines } product { code } service } }"""
    rule = gateway.anyone().ask(document).data["rule"]
    assert rule["parameters"]["freeCancelHours"] == 24
    assert rule["clause"]["handbook"] == "ZYB"
    assert rule["statement"].isascii()
    assert not rule["zh"].isascii()


def test_every_rule_speaks_both_languages(gateway: Gateway) -> None:
    for rule in forward(gateway.anyone(), "rules", "code en: statement(lang: EN) zh: statement(lang: ZH)"):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in rule["zh"]), rule["code"]
        assert sum(sign.isascii() for sign in rule["en"]) > 0.8 * len(rule["en"]), rule["code"]


def test_what_software_cannot_do_has_a_reason(gateway: Gateway) -> None:
    where = "where: {enforcement: NOT_FOR_SOFTWARE}"
    rows = forward(gateway.anyone(), "rules", "code enforcementNote", arguments=where)
    assert rows
    assert all(row["enforcementNote"] for row in rows)


def test_disclosures_of_an_escort_name_those_that_are_demanded(gateway: Gateway) -> None:
    document = '{ disclosures(operation: "escortBook", product: ZYB) { id isRequired statement rule { code kind } } }'
    rows = gateway.anyone().ask(document).data["disclosures"]
    assert {row["id"] for row in rows if row["isRequired"]} == {"ZYB-ESC-23"}
    assert all(row["rule"] == {"code": row["id"], "kind": "DISCLOSURE"} for row in rows)


@pytest.mark.parametrize("operation", ["nope", "", "escortbook", "escortBook' or '1'='1"])
def test_an_operation_that_does_not_exist_demands_nothing(gateway: Gateway, operation: str) -> None:
    document = "query D($o: String!) { disclosures(operation: $o, product: ZYB) { id } }"
    assert gateway.anyone().ask(document, o=operation).data["disclosures"] == []


def test_rules_are_found_by_a_part_of_their_id(gateway: Gateway) -> None:
    found = gateway.anyone().ask(FIND, where={"code": {"contains": "VAS-EXP"}}).data["rules"]
    assert found["totalCount"] == len(found["nodes"]) > 3
    assert {node["code"][:8] for node in found["nodes"]} == {"VAS-EXP-"}


def test_a_part_with_the_signs_of_a_pattern_is_taken_word_for_word(gateway: Gateway) -> None:
    assert gateway.anyone().ask(FIND, where={"code": {"contains": "_"}}).data["rules"]["totalCount"] == 0
