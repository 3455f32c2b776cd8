"""The drug list: whole, and found by every name a person may know."""

import pytest

from tests.support.client import Gateway
from tests.support.walk import forward

FIND = "query Find($where: DrugFilter) { drugs(where: $where, first: 100) { totalCount nodes { brand } } }"


def brands(gateway: Gateway, **where: str) -> list[str]:
    return [item["brand"] for item in gateway.anyone().ask(FIND, where=where).data["drugs"]["nodes"]]


def test_there_are_102_drugs_in_the_order_of_the_annex(gateway: Gateway) -> None:
    found = forward(gateway.anyone(), "drugs", "seq", size=40)
    assert [item["seq"] for item in found] == list(range(1, 103))


def test_brand_generic_and_maker_together_are_the_identity(gateway: Gateway) -> None:
    found = forward(gateway.anyone(), "drugs", "brand generic manufacturer")
    assert len({tuple(item.values()) for item in found}) == 102
    assert len({item["brand"] for item in found}) < 102


def test_the_order_by_brand_holds_the_same_drugs(gateway: Gateway) -> None:
    usual, by_brand = (
        [item["id"] for item in forward(gateway.anyone(), "drugs", arguments=order)]
        for order in ("", "orderBy: BRAND_ASC")
    )
    assert usual != by_brand
    assert sorted(usual) == sorted(by_brand)


@pytest.mark.parametrize("word", ["可瑞达", "瑞达", "帕博利珠", "kerui", "krd", "KeRuiDa", "默沙东 可瑞达"])
def test_a_drug_is_found_by_brand_generic_name_pinyin_and_initials(gateway: Gateway, word: str) -> None:
    assert "可瑞达" in brands(gateway, keyword=word)


def test_a_drug_is_found_by_one_character(gateway: Gateway) -> None:
    assert "兆珂" in brands(gateway, keyword="珂")


def test_a_drug_is_found_by_its_maker(gateway: Gateway) -> None:
    assert "泰圣奇" in brands(gateway, keyword="罗氏")
    assert set(brands(gateway, manufacturer="罗氏")) >= {"赫赛莱", "泰圣奇"}


def test_exact_filters_are_exact(gateway: Gateway) -> None:
    assert brands(gateway, brand="可瑞达") == ["可瑞达"]
    assert brands(gateway, brand="可瑞") == []
    assert brands(gateway, generic="帕博利珠单抗") == ["可瑞达"]


def test_all_drugs_are_on_the_list_of_one_product(gateway: Gateway) -> None:
    count = "query Count($p: ProductCode) { drugs(where: {product: $p}) { totalCount } }"
    counts = [gateway.anyone().ask(count, p=code).data["drugs"]["totalCount"] for code in ("ZAWX", "ZYB")]
    assert counts == [102, 0]


@pytest.mark.parametrize("word", ["%", "_", "\\", "'", "可%达", "a' or '1'='1", "*", "可_达"])
def test_signs_of_a_pattern_are_only_signs(gateway: Gateway, word: str) -> None:
    assert len(brands(gateway, keyword=word)) < 102
    assert "可瑞达" not in brands(gateway, keyword=word)
