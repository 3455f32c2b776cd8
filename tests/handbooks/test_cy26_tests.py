"""The CY26 handbook on the respiratory test at home, clause by clause."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.escorts import NOW, add_paper, at, look, person, refused, step, verdict_of
from tests.support.visits import Trip, ask, begin, judged, only_refusal, policy, tried

TEST = "respiratoryTestOrder"


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy of the national plan with every rider, that dry runs share."""
    return policy(gateway)


def facts_of(gateway: Gateway, code: str) -> dict[str, Any]:
    document = "query Rule($code: String!) { rule(code: $code) { enforcement parameters } }"
    return gateway.anyone().ask(document, code=code).data["rule"]


@pytest.mark.parametrize(
    ("now", "is_refused"),
    [("2025-12-31 23:59", True), ("2026-01-01 00:00", False), ("2026-12-31 23:59", False), ("2027-01-01 00:00", True)],
    ids=["a minute early", "the first minute", "the last minute", "a minute late"],
)
def test_test_01_the_policy_is_in_force_when_the_test_is_ordered(
    gateway: Gateway, number: str, now: str, is_refused: bool
) -> None:
    found = tried(gateway, number, at(now), TEST)
    assert refused(found) == ({"CY26-TEST-01"} if is_refused else set())
    if now.startswith("2025"):
        assert only_refusal(found)["passesFrom"] == "2025-12-31T16:00:00Z"


def test_test_01_the_2023_series_does_not_have_the_test(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    answer = ask(gateway.customer(number).at(NOW), TEST, number)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "policyNumber"])


def test_test_01_and_04_of_several_insured_each_has_tests_of_their_own(gateway: Gateway) -> None:
    number = policy(gateway, insured=[person(), person(name="演示小妹", birthOn="2020-02-02")])
    customer = gateway.customer(number).at(NOW)
    unnamed = ask(customer, TEST, number, dry_run=True)
    assert (unnamed.code, unnamed.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "insured"])
    people = customer.ask("query P($n: String!) { policy(number: $n) { insured { id } } }", n=number)
    for insured in people.data["policy"]["insured"]:
        assert ask(customer, TEST, number, insured=insured["id"]).data[TEST]["booking"]["status"] == "REQUESTED"


def test_test_02_what_is_left_over_ends_with_the_policy(gateway: Gateway) -> None:
    trip = begin(gateway, TEST)
    assert trip.service_account("RESPIRATORY_TEST")["expiresOn"] == "2026-12-31"
    assert facts_of(gateway, "CY26-TEST-02")["parameters"]["carryOver"] is False


def test_test_04_five_tests_in_all(gateway: Gateway) -> None:
    number = policy(gateway)
    customer = gateway.customer(number)
    for month in range(1, 6):
        ordered = ask(customer.at(at(f"2026-0{month}-15 10:00")), TEST, number).data[TEST]
        assert ordered["refusals"] == []
    sixth = ask(customer.at(at("2026-06-15 10:00")), TEST, number).data[TEST]
    assert refused(sixth) == {"CY26-TEST-04"}


@pytest.mark.parametrize(
    ("now", "is_refused"),
    [("2026-01-31 23:59:59", True), ("2026-02-01 00:00", False)],
    ids=["the last second of January", "the first of February"],
)
def test_test_05_one_test_a_month_by_the_clock_of_shanghai(gateway: Gateway, now: str, is_refused: bool) -> None:
    number = begin(gateway, TEST, now=at("2026-01-31 20:00")).number
    found = tried(gateway, number, at(now), TEST)
    assert refused(found) == ({"CY26-TEST-05"} if is_refused else set())
    if is_refused:
        assert only_refusal(found)["passesFrom"] == "2026-01-31T16:00:00Z"


def test_test_05_a_canceled_order_gives_back_month_and_total(gateway: Gateway) -> None:
    trip = begin(gateway, TEST).take_all(("customer", "bookingCancel"))
    assert trip.service_account("RESPIRATORY_TEST")["remaining"] == 5
    assert refused(tried(gateway, trip.number, operation=TEST)) == set()


def test_test_05_the_month_stays_used_once_the_sample_is_taken(gateway: Gateway) -> None:
    trip = sampled(begin(gateway, TEST))
    assert refused(tried(gateway, trip.number, operation=TEST)) == {"CY26-TEST-05"}
    assert trip.service_account("RESPIRATORY_TEST")["used"] == 1


def sampled(trip: Trip) -> Trip:
    return trip.take_all(("vendor", "bookingAccept"), ("vendor", "bookingCheckIn"), ("vendor", "bookingCheckOut"))


def reported(gateway: Gateway, trip: Trip) -> Trip:
    report = add_paper(gateway, trip.number, "LAB_REPORT", None)
    return sampled(trip).take_all(("vendor", "bookingComplete", NOW, {"report": report}))


@pytest.mark.parametrize(("id_type", "status"), [("ID_CARD", "PASSED"), ("PASSPORT", "REFUSED"), ("OTHER", "REFUSED")])
def test_test_06_the_coupon_takes_an_identity_card_only(
    gateway: Gateway, number: str, id_type: str, status: str
) -> None:
    verdict = judged(gateway, number, "CY26-TEST-06", operation=TEST, idType=id_type)
    assert verdict["status"] == status
    assert verdict["inputPath"] == ([] if status == "PASSED" else ["input", "idType"])


def test_test_07_the_client_shares_the_report_and_thereby_consents(gateway: Gateway) -> None:
    trip = reported(gateway, begin(gateway, TEST)).take_all(("customer", "testReportShare"))
    assert len(trip.seen_by("customer")["details"]["shares"]) == 1
    (consent,) = look(
        gateway,
        "select kind, recipient, given_by from consents where policy_id = $1 and withdrawn_at is null",
        trip.key[0],
    )
    assert consent == {"kind": "REPORT_SHARING", "recipient": "JDHEALTH", "given_by": "GUARDIAN"}


def test_test_07_before_there_is_a_report_nothing_is_shared(gateway: Gateway) -> None:
    trip = sampled(begin(gateway, TEST))
    assert refused(trip.take("customer", "testReportShare")) == {"CY26-TEST-07"}


def test_test_08_and_12_are_told(gateway: Gateway) -> None:
    document = f'{{ disclosures(operation: "{TEST}", product: CY26) {{ id isRequired }} }}'
    told = gateway.anyone().ask(document).data["disclosures"]
    assert {item["id"] for item in told} == {"CY26-TEST-08", "CY26-TEST-12"}


CITIES = [
    "北京",
    "天津",
    "沈阳",
    "郑州",
    "济南",
    "石家庄",
    "上海",
    "南京",
    "杭州",
    "成都",
    "重庆",
    "西安",
    "深圳",
    "广州",
    "合肥",
]


@pytest.mark.parametrize("city", CITIES)
def test_test_09_the_test_reaches_fifteen_cities(gateway: Gateway, number: str, city: str) -> None:
    found = judged(gateway, number, "CY26-TEST-09", operation=TEST, city=city, address="演示路 1 号")
    assert found["status"] == "PASSED"


def test_test_09_another_city_is_refused(gateway: Gateway, number: str) -> None:
    verdict = judged(gateway, number, "CY26-TEST-09", operation=TEST, city="jiangsu-suzhou", address="演示路 1 号")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "city"])


def test_test_09_a_city_that_is_not_known_is_bad_input(gateway: Gateway, number: str) -> None:
    answer = ask(gateway.customer(number).at(NOW), TEST, number, city="亚特兰蒂斯", dry_run=True)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "city"])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("徐汇区演示路 11 号", "UNKNOWN"),
        ("上海市徐汇区演示路 11 号", "UNKNOWN"),
        ("朝阳区演示路 11 号", "UNKNOWN"),
        ("江苏省苏州市姑苏区演示路 11 号", "REFUSED"),
        ("苏州市姑苏区演示路 11 号", "REFUSED"),
    ],
)
def test_test_10_the_address_itself_decides(gateway: Gateway, number: str, address: str, status: str) -> None:
    assert judged(gateway, number, "CY26-TEST-10", operation=TEST, address=address)["status"] == status


def test_test_10_the_vendor_recognizes_the_address_by_taking_the_order(gateway: Gateway) -> None:
    trip = begin(gateway, TEST)
    assert trip.seen_by("customer")["details"]["isAddressRecognized"] is None
    accepted = trip.take("vendor", "bookingAccept", voucherCode="JD-12")
    assert verdict_of(accepted, "CY26-TEST-10")["status"] == "PASSED"
    details = trip.seen_by("customer")["details"]
    assert (details["isAddressRecognized"], details["voucherCode"]) == (True, "JD-12")


def test_test_10_an_address_out_of_reach_gives_everything_back(gateway: Gateway) -> None:
    trip = begin(gateway, TEST).take_all(("vendor", "bookingDecline", NOW, {"reason": "out of reach"}))
    assert trip.service_account("RESPIRATORY_TEST")["remaining"] == 5
    assert refused(tried(gateway, trip.number, operation=TEST)) == set()


def test_test_11_only_jd_health_delivers_the_test(gateway: Gateway) -> None:
    trip = begin(gateway, TEST)
    assert trip.seen_by("customer")["vendor"] == {"code": "JDHEALTH"}
    stranger = gateway.vendor("CY26-ADVANCE").at(NOW)
    assert step(stranger, "bookingAccept", trip.booking).code == "BAD_USER_INPUT"
    assert refused(trip.take("vendor", "bookingCheckIn")) == {"CY26-TEST-11"}
