"""Policies: registered by staff, read by their owners, verified by number."""

from typing import Any

import pytest

from tests.support import escorts
from tests.support.client import Answer, Client, Gateway, new_key, new_number

REGISTER = """mutation R($input: PolicyRegisterInput!, $dryRun: Boolean! = false) {
  policyRegister(input: $input, dryRun: $dryRun) { isDryRun isReplay refusals { message }
    policy { id number product { code } plan { code } riders { code } channel status startsOn endsOn waitingDays
      advanceLimit { amount currency } effectiveAt isDemo
      holder { name role } insured { name role gender birthOn idType idNumber phone }
      entitlements { service granted reserved used remaining usableFrom startsOn expiresOn ledger { kind } } } } }"""
VERIFY = """mutation V($input: EntitlementVerifyInput!, $dryRun: Boolean! = false) {
  entitlementVerify(input: $input, dryRun: $dryRun) { isReplay refusals { rule { code } } verdicts { rule { code } }
    policy { number } entitlements { service } } }"""


def given(**changes: Any) -> dict[str, Any]:
    good = {
        "idempotencyKey": new_key(),
        "product": "ZYB",
        "number": new_number("P"),
        "effectiveOn": "2026-01-01",
        "holder": escorts.person(name="演示投保人", birthOn="1980-01-01"),
        "insured": [escorts.person()],
    }
    return good | changes


def staff(gateway: Gateway) -> Client:
    return gateway.staff().at(escorts.NOW)


def register(gateway: Gateway, *, dry_run: bool = False, **changes: Any) -> Answer:
    return staff(gateway).ask(REGISTER, input=given(**changes), dryRun=dry_run)


def registered(gateway: Gateway, **changes: Any) -> dict[str, Any]:
    return register(gateway, **changes).data["policyRegister"]["policy"]


def named(answer: Answer, *path: str) -> str:
    assert answer.code == "BAD_USER_INPUT", answer.body
    assert answer.error["extensions"]["inputPath"] == list(path)
    return answer.error["message"]


# Registering


def test_a_policy_lasts_a_year_whose_last_day_counts(gateway: Gateway) -> None:
    policy = registered(gateway)
    assert (policy["startsOn"], policy["endsOn"]) == ("2026-01-01", "2026-12-31")
    assert policy["effectiveAt"] == "2025-12-31T16:00:00Z"
    assert (policy["status"], policy["channel"], policy["isDemo"]) == ("IN_FORCE", "ONLINE", False)


def test_a_year_from_the_29th_of_february_ends_on_the_28th(gateway: Gateway) -> None:
    policy = registered(gateway, effectiveOn="2024-02-29")
    assert (policy["startsOn"], policy["endsOn"]) in {("2024-02-29", "2025-02-27"), ("2024-02-29", "2025-02-28")}


def test_a_policy_opens_an_account_for_every_service_of_its_product(gateway: Gateway) -> None:
    accounts = {item["service"]: item for item in registered(gateway)["entitlements"]}
    escort = accounts["OUTPATIENT_ESCORT"]
    assert set(accounts) == {"OUTPATIENT_ESCORT", "TEXT_CONSULTATION"}
    assert (escort["granted"], escort["remaining"], escort["usableFrom"]) == (1, 1, "2026-01-31")
    assert (escort["startsOn"], escort["expiresOn"]) == ("2026-01-01", "2026-12-31")
    assert [entry["kind"] for entry in escort["ledger"]] == ["GRANT"]
    assert accounts["TEXT_CONSULTATION"]["remaining"] is None


def test_every_insured_has_accounts_of_their_own(gateway: Gateway) -> None:
    two = [escorts.person(), escorts.person(name="演示孩子", birthOn="2020-05-01")]
    policy = registered(gateway, insured=two)
    assert [item["name"] for item in policy["insured"]] == ["演示成人", "演示孩子"]
    assert sum(item["service"] == "OUTPATIENT_ESCORT" for item in policy["entitlements"]) == 2


def test_a_waiting_period_of_its_own_goes_before_the_usual_one(gateway: Gateway) -> None:
    policy = registered(gateway, product="VAS", waitingDays=90)
    escort = next(item for item in policy["entitlements"] if item["service"] == "OUTPATIENT_ESCORT")
    assert (policy["waitingDays"], escort["usableFrom"]) == (90, "2026-04-01")


def test_numbers_are_shown_by_their_last_characters(gateway: Gateway) -> None:
    person = escorts.person(idType="ID_CARD", idNumber="11010119900307001x", phone="139-1234-5678")
    (shown,) = registered(gateway, insured=[person])["insured"]
    assert (shown["idNumber"], shown["phone"], shown["idType"]) == ("****001X", "****5678", "ID_CARD")


def test_money_is_a_text_and_a_currency(gateway: Gateway) -> None:
    assert registered(gateway, advanceLimit="20000.50")["advanceLimit"] == {"amount": "20000.50", "currency": "CNY"}
    assert registered(gateway)["advanceLimit"] is None


def test_plan_and_riders_are_those_of_the_product(gateway: Gateway) -> None:
    policy = registered(gateway, product="CY26", plan="NATIONAL", riders=["VACCINE", "EYE", "VACCINE"])
    assert policy["plan"] == {"code": "NATIONAL"}
    assert sorted(item["code"] for item in policy["riders"]) == ["EYE", "VACCINE"]


def test_a_dry_run_shows_the_policy_and_leaves_nothing(gateway: Gateway) -> None:
    wanted = given()
    tried = staff(gateway).ask(REGISTER, input=wanted, dryRun=True).data["policyRegister"]
    assert (tried["isDryRun"], tried["policy"]["number"]) == (True, wanted["number"])
    assert find(staff(gateway), wanted["number"]) is None
    assert not staff(gateway).ask(REGISTER, input=wanted).data["policyRegister"]["isReplay"]


def test_the_same_key_twice_registers_once(gateway: Gateway) -> None:
    wanted = given()
    first, second = (staff(gateway).ask(REGISTER, input=wanted).data["policyRegister"] for _ in range(2))
    assert (first.pop("isReplay"), second.pop("isReplay")) == (False, True)
    assert first == second


def test_a_number_is_given_once(gateway: Gateway) -> None:
    number = registered(gateway)["number"]
    assert "already" in named(register(gateway, number=number), "input", "number")


@pytest.mark.parametrize("role", ["adjuster", "supervisor", "hotline"])
def test_every_role_of_staff_registers(gateway: Gateway, role: str) -> None:
    client = gateway.staff(role).at(escorts.NOW)
    assert client.ask(REGISTER, input=given()).data["policyRegister"]["policy"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"product": "CY26"}, ("plan",)),
        ({"product": "CY26", "plan": "nope"}, ("plan",)),
        ({"product": "CY26", "plan": "PLUS"}, ("plan",)),
        ({"plan": "NATIONAL"}, ("plan",)),
        ({"riders": ["EYE"]}, ("riders",)),
        ({"product": "CY26", "plan": "NATIONAL", "riders": ["nope"]}, ("riders",)),
        ({"number": ""}, ("number",)),
        ({"number": "  "}, ("number",)),
        ({"number": "x" * 65}, ("number",)),
        ({"effectiveOn": "2026-02-30"}, ("effectiveOn",)),
        ({"effectiveOn": "1899-12-31"}, ("effectiveOn",)),
        ({"waitingDays": -1}, ("waitingDays",)),
        ({"waitingDays": 3651}, ("waitingDays",)),
        ({"advanceLimit": "-1"}, ("advanceLimit",)),
        ({"advanceLimit": 5}, ("advanceLimit",)),
        ({"advanceLimit": "1e5"}, ("advanceLimit",)),
        ({"advanceLimit": "9999999999999"}, ("advanceLimit",)),
        ({"insured": []}, ("insured",)),
        ({"holder": None}, ("holder",)),
        ({"product": "NOPE"}, ("product",)),
        ({"holder": escorts.person(name=" ")}, ("holder", "name")),
        ({"holder": escorts.person(phone="x")}, ("holder", "phone")),
        ({"holder": escorts.person(birthOn="2026-03-10")}, ("holder", "birthOn")),
        ({"holder": escorts.person(idNumber="")}, ("holder", "idNumber")),
        ({"holder": escorts.person(idType="ID_CARD", idNumber="123")}, ("holder", "idNumber")),
        ({"holder": escorts.person(idNumber="x" * 31)}, ("holder", "idNumber")),
        ({"holder": escorts.person(idNumber="a;drop")}, ("holder", "idNumber")),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_registered_is_named(gateway: Gateway, changes: dict[str, Any], path: tuple[str, ...]) -> None:
    named(register(gateway, **changes), "input", *path)


def test_nobody_is_insured_twice_on_one_policy(gateway: Gateway) -> None:
    twice = escorts.person(idNumber="P1234567")
    named(register(gateway, insured=[twice, twice | {"idNumber": "p 123-4567"}]), "input", "insured")


# Reading


def find(client: Client, number: str) -> Any:
    return client.ask("query Q($n: String!) { policy(number: $n) { id number } }", n=number).data["policy"]


@pytest.mark.parametrize(
    ("number", "product", "plan", "riders"),
    [
        ("DEMO-ZYB-001", "ZYB", None, set()),
        ("DEMO-ZAWX-001", "ZAWX", None, set()),
        ("DEMO-VAS-001", "VAS", None, set()),
        ("DEMO-CY26-001", "CY26", "NATIONAL", {"VACCINE", "EYE", "DENTAL"}),
        ("DEMO-CY26-002", "CY26", "BEIJING", set()),
    ],
)
def test_a_demo_policy_is_read_by_its_owner(
    gateway: Gateway, number: str, product: str, plan: str | None, riders: set[str]
) -> None:
    document = """query Q($n: String!) { policy(number: $n) { isDemo product { code } plan { code } riders { code }
        insured { name } } }"""
    policy = gateway.customer(number).ask(document, n=number).data["policy"]
    assert policy["isDemo"]
    assert policy["product"] == {"code": product}
    assert policy["plan"] == (plan and {"code": plan})
    assert {item["code"] for item in policy["riders"]} == riders
    assert policy["insured"]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("product: CY26", 1),
        ("product: VAS", 0),
        ("status: IN_FORCE", 1),
        ("status: TERMINATED", 0),
        ('number: "DEMO-CY26-001", product: CY26', 1),
        ('number: "demo-cy26-001"', 0),
        ('inForceOn: "1999-01-01"', 0),
    ],
)
def test_policies_are_narrowed(gateway: Gateway, where: str, count: int) -> None:
    document = f"{{ policies(where: {{{where}}}) {{ totalCount }} }}"
    assert gateway.customer("DEMO-CY26-001").ask(document).data["policies"]["totalCount"] == count


def test_a_policy_covers_its_last_day_and_not_the_next(gateway: Gateway) -> None:
    number = registered(gateway)["number"]
    document = "query Q($d: Date!) { policies(where: {inForceOn: $d}) { totalCount } }"
    counts = {
        day: gateway.customer(number).ask(document, d=day).data["policies"]["totalCount"]
        for day in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")
    }
    assert list(counts.values()) == [0, 1, 1, 0]


def test_a_viewer_is_told_what_the_token_allows(gateway: Gateway) -> None:
    document = "{ viewer { kind name scopes vendor policies { nodes { number } } } }"
    viewer = gateway.customer("DEMO-ZYB-001").ask(document).data["viewer"]
    assert (viewer["kind"], viewer["vendor"]) == ("CUSTOMER", None)
    assert viewer["policies"] == {"nodes": [{"number": "DEMO-ZYB-001"}]}
    assert "bookings:write" in viewer["scopes"]
    assert gateway.vendor("HUANQIU").ask("{ viewer { kind vendor } }").data["viewer"] == {
        "kind": "VENDOR",
        "vendor": "HUANQIU",
    }


# Verifying


def verify(client: Client, number: str, service: str | None = None) -> Any:
    wanted = {"idempotencyKey": new_key(), "policyNumber": number, "service": service}
    return client.ask(VERIFY, input=wanted).data["entitlementVerify"]


def test_a_policy_is_verified_by_its_number(gateway: Gateway) -> None:
    number = registered(gateway)["number"]
    found = verify(gateway.customer(number).at(escorts.NOW), number, "OUTPATIENT_ESCORT")
    assert found["refusals"] == []
    assert found["policy"] == {"number": number}
    assert {item["service"] for item in found["entitlements"]} == {"OUTPATIENT_ESCORT", "TEXT_CONSULTATION"}


def test_a_vendor_verifies_before_it_serves_and_sees_no_more(gateway: Gateway) -> None:
    number = registered(gateway)["number"]
    found = verify(gateway.vendor("HUANQIU").at(escorts.NOW), number)
    assert found["refusals"] == []
    assert (found["policy"], found["entitlements"]) == (None, [])
