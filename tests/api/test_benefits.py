"""What a policy grants and what is left of it, as data: limits that are known, and null for those that are not."""

from typing import Any

from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, begin, change, register

FIELDS = (
    "kind service liability name unit period limit isUnlimited used held remaining monthlyCap startsOn endsOn "
    "usableFrom ruleCodes"
)
ASK = f"query Q($n: String!) {{ policy(number: $n) {{ benefits {{ {FIELDS} insured {{ id name }} }} }} }}"
CHILDREN, ADVANCED = "DEMO-CY26-001", "DEMO-ZAWX-001"


def benefits(client: Client, number: str) -> list[dict[str, Any]]:
    return client.ask(ASK, n=number).data["policy"]["benefits"]


def one(client: Client, number: str, *, first: bool = True, **match: Any) -> dict[str, Any]:
    found = [item for item in benefits(client, number) if match.items() <= item.items()]
    assert found, match
    return found[0 if first else -1]


def test_uses_are_those_of_the_account(gateway: Gateway) -> None:
    journey = begin(gateway)
    before = one(gateway.customer(journey.number).at(NOW), journey.number, service="OUTPATIENT_ESCORT")
    assert (before["limit"], before["used"], before["held"], before["remaining"]) == ("1", "0", "1", "0")
    journey.go_to("COMPLETED")
    after = one(gateway.customer(journey.number).at(NOW), journey.number, service="OUTPATIENT_ESCORT")
    assert (after["used"], after["held"], after["remaining"], after["unit"]) == ("1", "0", "0", "USES")


def test_a_limit_is_unlimited_only_where_the_handbook_says_so(gateway: Gateway) -> None:
    number = register(gateway, "CY26", plan="NATIONAL")
    client = gateway.customer(number).at(NOW)
    stated = one(client, number, service="ONSITE_ASSISTANCE")
    unstated = one(client, number, service="FAMILY_DOCTOR")
    assert (stated["limit"], stated["isUnlimited"]) == (None, True)
    assert (unstated["limit"], unstated["isUnlimited"]) == (None, False)


def test_a_cap_of_the_month_stands_beside_the_limit(gateway: Gateway) -> None:
    number = register(gateway, "CY26", plan="NATIONAL")
    test = one(gateway.customer(number).at(NOW), number, service="RESPIRATORY_TEST")
    assert (test["limit"], test["monthlyCap"], test["period"]) == ("5", 1, "POLICY_TERM")


def test_costs_are_what_decisions_in_force_pay_and_live_letters_promise(gateway: Gateway) -> None:
    cover = one(gateway.customer(CHILDREN).at(NOW), CHILDREN, kind="COVER", liability="OUTPATIENT_INPATIENT")
    assert (cover["limit"], cover["remaining"], cover["isUnlimited"]) == (None, None, False)
    assert (cover["used"], cover["held"]) == ("1080.00", "24000.00")


def test_a_rider_that_is_not_held_is_no_benefit(gateway: Gateway) -> None:
    plain = register(gateway, "CY26", plan="NATIONAL")
    rich = register(gateway, "CY26", plan="NATIONAL", riders=["EYE"])
    found = {
        number: [item["liability"] for item in benefits(gateway.customer(number).at(NOW), number)]
        for number in (plain, rich)
    }
    assert "EYE" not in found[plain]
    assert "EYE" in found[rich]


def test_an_advance_is_limited_by_stay(gateway: Gateway) -> None:
    found = [item for item in benefits(gateway.customer(ADVANCED).at(NOW), ADVANCED) if item["kind"] == "ADVANCE"]
    assert {item["limit"] for item in found} == {"50000.00"}
    stays, others = [item for item in found if item["startsOn"]], [item for item in found if not item["startsOn"]]
    assert [item["used"] for item in others] == ["0.00"] * len(others)
    assert stays
    for item in found:
        left = max(float(item["limit"]) - float(item["used"]) - float(item["held"]), 0)
        assert float(item["remaining"]) == left


def test_what_is_left_is_never_below_nothing(gateway: Gateway) -> None:
    change(gateway, "update policies set advance_limit = 100 where number = $1", ADVANCED)
    try:
        stay = one(gateway.customer(ADVANCED).at(NOW), ADVANCED, first=False, kind="ADVANCE", period="STAY")
        found = [item for item in benefits(gateway.customer(ADVANCED).at(NOW), ADVANCED) if item["kind"] == "ADVANCE"]
        assert {item["remaining"] for item in found if float(item["used"]) > 100} <= {"0.00"}
        assert stay["remaining"] is not None
    finally:
        change(gateway, "update policies set advance_limit = 50000 where number = $1", ADVANCED)


def test_vendors_are_told_none_and_others_no_foreign_ones(gateway: Gateway) -> None:
    journey = begin(gateway)
    served = gateway.vendor("HUANQIU").at(NOW).ask(ASK, n=journey.number).data["policy"]
    assert served is not None
    assert served["benefits"] == []
    assert gateway.customer(CHILDREN).at(NOW).ask(ASK, n=journey.number).data["policy"] is None
