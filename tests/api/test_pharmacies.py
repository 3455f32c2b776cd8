"""Designated pharmacies: found by city, product, vendor and name, and chosen from there."""

from collections.abc import Iterator

import pytest

from tests.support import drugs
from tests.support.client import Gateway
from tests.support.escorts import change
from tests.support.walk import forward

FIND = "query Find($where: PharmacyFilter) { pharmacies(where: $where, first: 100) { nodes { code } } }"
OURS = ("T-LIST-1", "QITAI", "上海", "甲药房（徐汇店）")
ALSO_OURS = ("T-LIST-2", "QITAI", "南京", "乙药房")
THEIRS = ("T-LIST-3", "HUANQIU", "上海", "丙药房")


@pytest.fixture(scope="module", autouse=True)
def _listed(gateway: Gateway) -> Iterator[None]:
    drugs.list_pharmacies(gateway, OURS, ALSO_OURS, THEIRS)
    yield
    change(gateway, "delete from pharmacies where code like 'T-LIST-%'")


def found(gateway: Gateway, **where: str) -> set[str]:
    nodes = gateway.anyone().ask(FIND, where=where).data["pharmacies"]["nodes"]
    return {node["code"] for node in nodes if node["code"].startswith("T-LIST-")}


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        ({"city": "上海"}, {"T-LIST-1", "T-LIST-3"}),
        ({"city": "nanjing"}, {"T-LIST-2"}),
        ({"province": "江苏"}, {"T-LIST-2"}),
        ({"product": "ZAWX"}, {"T-LIST-1", "T-LIST-2"}),
        ({"product": "ZYB"}, set[str]()),
        ({"vendor": "HUANQIU"}, {"T-LIST-3"}),
        ({"keyword": "xuhui"}, {"T-LIST-1"}),
        ({"city": "上海", "product": "ZAWX"}, {"T-LIST-1"}),
        ({"city": "火星"}, set[str]()),
    ],
    ids=["name of a city", "its code", "province", "product", "no drugs", "vendor", "pinyin", "both", "no such city"],
)
def test_a_pharmacy_is_found_by(gateway: Gateway, where: dict[str, str], codes: set[str]) -> None:
    assert found(gateway, **where) == codes


def test_one_order_is_the_other_turned_round(gateway: Gateway) -> None:
    up, down = (
        forward(gateway.anyone(), "pharmacies", "code", size=2, arguments=f"orderBy: {order}")
        for order in ("NAME_ASC", "NAME_DESC")
    )
    assert up == down[::-1]


def test_everybody_reads_where_it_is_and_whose(gateway: Gateway) -> None:
    node = "id name address phone isDemo city { name } vendor { code }"
    (read,) = forward(gateway.anyone(), "pharmacies", node, arguments='where: {keyword: "乙药房"}')
    again = gateway.anyone().ask("query Node($id: ID!) { node(id: $id) { id } }", id=read.pop("id")).data["node"]
    assert again["id"].startswith("pharm_")
    assert read == {
        "name": "乙药房",
        "address": None,
        "phone": None,
        "isDemo": True,
        "city": {"name": "南京"},
        "vendor": {"code": "QITAI"},
    }


def test_an_unknown_one_is_answered_with_where_to_look(gateway: Gateway) -> None:
    order = drugs.begin(gateway).go_to("VOUCHER_ISSUED")
    answer = order.send("customer", "drugFulfillmentChoose", fulfillment="PICKUP", pharmacy="nowhere")
    assert answer.error["extensions"]["inputPath"] == ["input", "pharmacy"]
    assert "`pharmacies`" in answer.error["message"]
