"""The CY26 handbook on visits, vaccinations and the test at home, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import (
    NOW,
    VERDICT,
    add_hospitals,
    add_paper,
    at,
    change,
    look,
    person,
    refused,
    step,
    verdict_of,
    warned,
)
from tests.support.visits import (
    CLINIC,
    OTHER_BRAND,
    PATIENT,
    PRIVATE,
    PUBLIC,
    SAME_BRAND,
    VISIT,
    Trip,
    add_clinic,
    ask,
    begin,
    close_brand,
    policy,
    tried,
)

SPRING = at("2026-02-24 09:30")
"""A Tuesday, the first working day after the Spring Festival; the one before is Saturday 14 February."""

EARLY = at("2026-02-02 09:00")
VACCINATION = "vaccinationBook"
TEST = "respiratoryTestOrder"

TRANSFER = (
    """
mutation Transfer($input: VaccineBrandTransferRequestInput!) { vaccineBrandTransferRequest(input: $input) {
  refusals { ...V } brandTransfer { id status reason lock { brand { code } } } } }
"""
    + VERDICT
)
DECIDE = (
    """
mutation Decide($input: VaccineBrandTransferDecideInput!) { vaccineBrandTransferDecide(input: $input) {
  refusals { ...V } brandTransfer { id status designatedBrand { code } decisionReason } } }
"""
    + VERDICT
)
LOCKS = """
query Locks($n: String!) { policy(number: $n) { brandLocks {
  liability releasedAt brand { code } insured { name } transfers { id status } } } }
"""


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy of the national plan with every rider, that dry runs share."""
    return policy(gateway)


@pytest.fixture(scope="module")
def bare(gateway: Gateway) -> str:
    """The same without riders."""
    return policy(gateway, riders=[])


@pytest.fixture(scope="module")
def booked(gateway: Gateway) -> Trip:
    """A visit after the Spring Festival that dry runs share."""
    return begin(gateway, now=EARLY, visitAt=SPRING)


def judged(gateway: Gateway, number: str, code: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    return verdict_of(tried(gateway, number, now, **changes), code)


def facts_of(gateway: Gateway, code: str) -> dict[str, Any]:
    document = "query Rule($code: String!) { rule(code: $code) { enforcement parameters } }"
    return gateway.anyone().ask(document, code=code).data["rule"]


def locks(gateway: Gateway, number: str) -> list[dict[str, Any]]:
    return gateway.customer(number).ask(LOCKS, n=number).data["policy"]["brandLocks"]


def ask_transfer(client: Client, number: str, **fields: Any) -> Answer:
    return client.ask(TRANSFER, input={"idempotencyKey": new_key(), "policyNumber": number} | fields)


def decide(client: Client, transfer: str, decision: str = "APPROVE", **fields: Any) -> Answer:
    return client.ask(DECIDE, input={"idempotencyKey": new_key(), "transfer": transfer, "decision": decision} | fields)


# Value-added services -------------------------------------------------------------------------------------------


def test_svc_05_help_with_vaccinations_needs_the_rider(gateway: Gateway, number: str, bare: str) -> None:
    assert refused(tried(gateway, number, operation=VACCINATION)) == set()
    (refusal,) = tried(gateway, bare, operation=VACCINATION)["refusals"]
    assert (refusal["rule"]["code"], refusal["inputPath"]) == ("CY26-SVC-05", ["input", "policyNumber"])


# Network hospitals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("plan", "refusing"), [("NATIONAL", set()), ("BEIJING", {"CY26-NET-01"})])
def test_net_01_each_plan_has_its_own_network(gateway: Gateway, plan: str, refusing: set[str]) -> None:
    assert refused(tried(gateway, policy(gateway, plan=plan))) == refusing


def test_net_01_a_list_that_is_not_loaded_refuses_nobody(gateway: Gateway, number: str) -> None:
    condition = "product_code = 'CY26' and liability = 'DENTAL'"
    lists = look(gateway, f"select * from hospital_networks where {condition}")
    change(gateway, f"delete from hospital_networks where {condition}")
    try:
        verdict = judged(gateway, number, "CY26-NET-01", hospital="DEMO-SH-007", liability="DENTAL")
    finally:
        for row in lists:
            change(gateway, "insert into hospital_networks values ($1, $2, $3, $4, $5, $6)", *row.values())
    assert verdict["status"] == "UNKNOWN"


@pytest.mark.parametrize(
    ("liability", "hospital"), [("VACCINE", CLINIC), ("EYE", "DEMO-SH-006"), ("DENTAL", "DEMO-SH-007")]
)
def test_net_03_optional_care_needs_its_rider_and_its_network(
    gateway: Gateway, number: str, bare: str, liability: str, hospital: str
) -> None:
    wanted = {"liability": liability, "hospital": hospital}
    assert refused(tried(gateway, number, **wanted)) == set()
    assert refused(tried(gateway, bare, **wanted)) == {"CY26-NET-03"}
    assert "CY26-NET-01" in refused(tried(gateway, number, liability=liability, hospital=PRIVATE))


def test_net_04_a_private_hospital_is_in_the_network_on_both_days(gateway: Gateway, number: str) -> None:
    add_clinic(gateway, "T-CY26-LATER", "", networks="CY26:NATIONAL:OUTPATIENT_INPATIENT@2026-03-20..2026-12-31")
    early = judged(gateway, number, "CY26-NET-04", hospital="T-CY26-LATER")
    assert (early["status"], early["passesFrom"]) == ("REFUSED", "2026-03-19T16:00:00Z")
    later = judged(gateway, number, "CY26-NET-04", at("2026-03-20 00:00"), hospital="T-CY26-LATER")
    assert later["status"] == "PASSED"


# The 12-in-1 respiratory test -----------------------------------------------------------------------------------


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
        assert verdict_of_refusal(found)["passesFrom"] == "2025-12-31T16:00:00Z"


def verdict_of_refusal(found: dict[str, Any]) -> dict[str, Any]:
    (refusal,) = found["refusals"]
    return refusal


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
        assert verdict_of_refusal(found)["passesFrom"] == "2026-01-31T16:00:00Z"


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


# The direct-billing card ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("visit_type", ["OUTPATIENT", "INPATIENT"])
def test_card_10_visits_and_stays_are_booked_online(gateway: Gateway, number: str, visit_type: str) -> None:
    assert refused(tried(gateway, number, visitType=visit_type)) == set()


@pytest.mark.parametrize(
    ("hospital", "is_refused"),
    [(PUBLIC, False), ("DEMO-SH-002", True), (PRIVATE, False)],
    ids=["public with the mark", "public without", "private"],
)
def test_card_10_a_public_hospital_has_the_mark_of_direct_billing(
    gateway: Gateway, number: str, hospital: str, is_refused: bool
) -> None:
    assert refused(tried(gateway, number, hospital=hospital)) == ({"CY26-CARD-10"} if is_refused else set())


def test_card_15_the_handbook_that_goes_out_by_e_mail_is_named_with_its_edition(gateway: Gateway) -> None:
    found = gateway.anyone().ask("{ product(code: CY26) { handbook { title edition source } } }").data["product"]
    assert all(found["handbook"].values())
    rule = gateway.anyone().ask('{ rule(code: "CY26-CARD-15") { enforcement reading } }').data["rule"]
    assert rule["enforcement"] == "DATA"
    assert "sends no mail" in rule["reading"]


def test_card_11_hospitals_are_found_by_type_and_direct_billing(gateway: Gateway) -> None:
    document = (
        '{ hospitals(where: {city: "shanghai", type: PRIVATE, directBilling: true}) '
        "{ nodes { introduction visitTips featuredDepartments { code } } } }"
    )
    assert gateway.anyone().ask(document).data["hospitals"]["nodes"]


# Booking a direct-billing visit ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visit_at", "is_refused"),
    [("2026-01-30 09:00", True), ("2026-01-31 09:00", False)],
    ids=["the last day of waiting", "the day after"],
)
def test_bkg_01_waiting_is_over_on_the_day_of_the_visit(
    gateway: Gateway, number: str, visit_at: str, is_refused: bool
) -> None:
    found = tried(gateway, number, at("2026-01-05 09:00"), visitAt=at(visit_at))
    assert refused(found) == ({"CY26-BKG-01"} if is_refused else set())
    if is_refused:
        assert verdict_of_refusal(found)["inputPath"] == ["input", "visitAt"]
        assert "2026-01-31" in verdict_of_refusal(found)["remedy"]


def test_bkg_01_a_waiting_period_that_the_policy_does_not_state_is_for_people(gateway: Gateway) -> None:
    found = tried(gateway, policy(gateway, waitingDays=None))
    assert refused(found) == set()
    (open_one,) = [verdict for verdict in found["verdicts"] if verdict["status"] == "UNKNOWN"]
    assert open_one["rule"]["code"] == "CY26-BKG-01"


def test_bkg_01_only_the_insured_is_served_within_the_policy_year(gateway: Gateway, number: str) -> None:
    stranger = tried(gateway, number, patient={**PATIENT, "name": "路人甲"})
    assert refused(stranger) == {"CY26-BKG-01"}
    assert refused(tried(gateway, number, visitAt=at("2027-01-05 09:00"))) == {"CY26-BKG-01"}


def test_bkg_03_a_visit_that_is_not_confirmed_does_not_take_place(gateway: Gateway) -> None:
    assert refused(begin(gateway).take("staff", "bookingCheckIn", VISIT)) == {"CY26-BKG-03"}


def test_bkg_04_and_15_are_told(gateway: Gateway) -> None:
    document = '{ disclosures(operation: "hospitalVisitBook", product: CY26) { id } }'
    told = {item["id"] for item in gateway.anyone().ask(document).data["disclosures"]}
    assert {"CY26-BKG-04", "CY26-BKG-15"} <= told


@pytest.mark.parametrize(
    ("visit_at", "is_refused"),
    [("2026-03-11 23:30", True), ("2026-03-12 00:30", False)],
    ids=["day 2", "day 3"],
)
def test_bkg_08_a_private_hospital_is_booked_three_days_ahead(
    gateway: Gateway, number: str, visit_at: str, is_refused: bool
) -> None:
    found = tried(gateway, number, hospital=PRIVATE, visitAt=at(visit_at))
    assert refused(found) == ({"CY26-BKG-08"} if is_refused else set())
    if is_refused:
        assert "2026-03-12" in verdict_of_refusal(found)["remedy"]


@pytest.fixture(scope="module")
def plain(gateway: Gateway) -> str:
    """A public hospital with direct billing that is not popular."""
    hospital = {"code": "T-CY26-PLAIN", "name": "试验公立医院", "province": "上海", "city": "上海"}
    add_hospitals(
        gateway,
        hospital | {"directBilling": "true", "popular": "false", "networks": "CY26:NATIONAL:OUTPATIENT_INPATIENT"},
    )
    return "T-CY26-PLAIN"


@pytest.mark.parametrize(
    ("now", "visit_at", "is_refused"),
    [
        ("2026-03-06 23:59", "2026-03-10 09:00", False),
        ("2026-03-07 00:00", "2026-03-10 09:00", True),
        ("2026-02-13 23:59", "2026-02-24 09:00", False),
        ("2026-02-14 00:00", "2026-02-24 09:00", True),
    ],
    ids=["Friday for Tuesday", "Saturday for Tuesday", "Friday before the holiday", "the made-up Saturday"],
)
def test_bkg_09_a_public_hospital_is_booked_two_working_days_ahead(
    gateway: Gateway, number: str, plain: str, now: str, visit_at: str, is_refused: bool
) -> None:
    found = tried(gateway, number, at(now), hospital=plain, visitAt=at(visit_at))
    assert refused(found) == ({"CY26-BKG-09"} if is_refused else set())


def test_bkg_09_by_an_estimated_calendar_only_what_any_would_refuse_is_refused(gateway: Gateway, plain: str) -> None:
    number = policy(gateway, effectiveOn="2026-09-01")
    on_sunday = tried(gateway, number, at("2027-02-07 09:00"), hospital=plain, visitAt=at("2027-02-09 09:00"))
    verdict = verdict_of(on_sunday, "CY26-BKG-09")
    assert (verdict["status"], verdict["isEstimated"]) == ("WARNED", True)
    assert refused(on_sunday) == set()
    on_monday = tried(gateway, number, at("2027-02-08 09:00"), hospital=plain, visitAt=at("2027-02-09 09:00"))
    assert refused(on_monday) == {"CY26-BKG-09"}


@pytest.mark.parametrize(
    ("visit_at", "is_refused"),
    [("2026-03-15 23:30", True), ("2026-03-16 00:30", False)],
    ids=["day 6", "day 7"],
)
def test_bkg_10_a_popular_hospital_is_booked_a_week_ahead(
    gateway: Gateway, number: str, visit_at: str, is_refused: bool
) -> None:
    assert refused(tried(gateway, number, visitAt=at(visit_at))) == ({"CY26-BKG-10"} if is_refused else set())


def test_bkg_10_without_a_list_of_popular_hospitals_people_look(gateway: Gateway) -> None:
    hospital = {"code": "T-CY26-UNLISTED", "name": "试验公立医院二", "province": "上海", "city": "上海"}
    add_hospitals(gateway, hospital | {"directBilling": "true", "networks": "CY26:NATIONAL:OUTPATIENT_INPATIENT"})
    trip = begin(gateway, hospital="T-CY26-UNLISTED", visitAt=at("2026-03-12 09:00"))
    assert trip.seen_by("staff")["details"]["openRules"] == ["CY26-BKG-10"]
    reviews = trip.look(
        "select audience, rule_code from outbox_messages "
        "where policy_id = $1 and subject_id = $2 and topic = 'booking.review_needed'"
    )
    assert reviews == [{"audience": "STAFF", "rule_code": "CY26-BKG-10"}]


@pytest.mark.parametrize("hospital", [PUBLIC, PRIVATE], ids=["public", "private"])
def test_bkg_11_no_expert_is_named_at_any_hospital(gateway: Gateway, number: str, hospital: str) -> None:
    found = tried(gateway, number, hospital=hospital, doctor="王教授")
    assert refused(found) == {"CY26-BKG-11"}
    assert verdict_of_refusal(found)["inputPath"] == ["input", "doctor"]


@pytest.mark.parametrize(
    ("now", "outcome", "free_until"),
    [
        ("2026-02-14T13:59:59.999+08:00", "FREE", "2026-02-14T06:00:00Z"),
        ("2026-02-14T14:00:00+08:00", "REFUSED", None),
        (at("2026-02-23 10:00"), "REFUSED", None),
    ],
    ids=["in time by a millisecond", "14:00 sharp", "inside the holiday"],
)
def test_bkg_12_the_quote_ends_at_two_on_the_working_day_before(
    booked: Trip, now: str, outcome: str, free_until: str | None
) -> None:
    quote = booked.quote(now)
    assert (quote["outcome"], quote["freeUntil"]) == (outcome, free_until)
    if outcome == "REFUSED":
        (late,) = [verdict for verdict in quote["verdicts"] if verdict["status"] == "REFUSED"]
        assert "950610" in late["remedy"]


@pytest.mark.parametrize("mutation", ["bookingCancel", "bookingReschedule"])
def test_bkg_12_cancelling_and_moving_end_at_the_same_instant(gateway: Gateway, mutation: str) -> None:
    fields = {"visitAt": at("2026-03-09 09:30")} if mutation == "bookingReschedule" else {"acceptDeduction": True}
    trip = begin(gateway, now=EARLY, visitAt=SPRING)
    assert refused(trip.take("customer", mutation, "2026-02-14T14:00:00+08:00", **fields)) == {"CY26-BKG-12"}
    assert trip.take("customer", mutation, "2026-02-14T13:59:59.999+08:00", **fields)["refusals"] == []


def test_bkg_12_the_hotline_records_a_late_cancellation(gateway: Gateway) -> None:
    trip = begin(gateway, now=EARLY, visitAt=SPRING)
    late = at("2026-02-23 10:00")
    assert trip.quote(late, "staff")["outcome"] == "DISCRETIONARY"
    cancelled = trip.take("staff", "bookingCancel", late)
    assert (warned(cancelled), cancelled["booking"]["status"]) == ({"CY26-BKG-12"}, "CANCELLED_LATE")
    assert trip.seen_by("customer", late)["details"]["strike"] == {"kind": "LATE_CANCELLED", "fee": None}


def test_bkg_12_the_hotline_cancels_in_time_without_a_strike(gateway: Gateway) -> None:
    trip = begin(gateway).take_all(("staff", "bookingCancel"))
    seen = trip.seen_by("customer")
    assert (seen["status"], seen["details"]["strike"]) == ("CANCELLED_FREE", None)


def test_bkg_13_a_missed_visit_is_a_strike_and_no_more(gateway: Gateway) -> None:
    trip = begin(gateway).confirmed().take_all(("staff", "bookingNoShowRecord", VISIT, {"fee": "80"}))
    assert trip.seen_by("customer")["details"]["strike"] == {"kind": "NO_SHOW", "fee": {"amount": "80.00"}}
    assert refused(tried(gateway, trip.number, VISIT, visitAt=at("2026-04-09 09:30"))) == set()


@pytest.mark.parametrize("cause", ["HOSPITAL", "VENDOR"])
def test_bkg_13_what_was_not_the_clients_doing_is_no_strike(gateway: Gateway, cause: str) -> None:
    trip = begin(gateway).confirmed().take_all(("staff", "bookingNoShowRecord", VISIT, {"cause": cause}))
    seen = trip.seen_by("customer")
    assert (seen["status"], seen["details"]["strike"]) == ("VENDOR_CANCELLED", None)


@pytest.mark.parametrize("restriction", ["BOOKING", "DIRECT_BILLING"])
def test_bkg_13_the_insurer_may_shut_a_client_out_of_all_of_it(gateway: Gateway, restriction: str) -> None:
    trip = begin(gateway).confirmed()
    trip.take_all(("staff", "bookingNoShowRecord", VISIT, {"restriction": restriction, "note": "third time"}))
    later = at("2026-04-09 09:30")
    assert refused(tried(gateway, trip.number, VISIT, visitAt=later, hospital=PRIVATE)) == {"CY26-BKG-13"}
    assert refused(tried(gateway, trip.number, VISIT, VACCINATION, visitAt=later)) == {"CY26-BKG-13"}
    assert refused(tried(gateway, trip.number, VISIT, TEST)) == set()


# Vaccine, dental and eye cover ----------------------------------------------------------------------------------


def test_vac_05_a_vaccination_is_booked_before_it_for_the_insured(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, VISIT, VACCINATION)) == {"CY26-VAC-05"}
    assert refused(tried(gateway, number, at("2026-03-26 09:29"), VACCINATION)) == set()
    stranger = tried(gateway, number, operation=VACCINATION, patient={**PATIENT, "name": "路人甲"})
    assert refused(stranger) == {"CY26-VAC-05"}


@pytest.mark.parametrize(
    ("hospital", "is_refused"),
    [(CLINIC, False), (PUBLIC, True), (PRIVATE, True)],
    ids=["private, in the vaccine network", "public, in it", "private, outside it"],
)
def test_vac_07_vaccinations_are_billed_at_private_clinics_of_the_network(
    gateway: Gateway, number: str, hospital: str, is_refused: bool
) -> None:
    found = tried(gateway, number, operation=VACCINATION, hospital=hospital)
    assert refused(found) == ({"CY26-VAC-07"} if is_refused else set())


def test_vac_09_is_told(gateway: Gateway) -> None:
    document = f'{{ disclosures(operation: "{VACCINATION}", product: CY26) {{ id }} }}'
    assert {"id": "CY26-VAC-09"} in gateway.anyone().ask(document).data["disclosures"]


def test_vac_10_a_booking_binds_nobody(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION).confirmed()
    assert locks(gateway, trip.number) == []
    assert refused(tried(gateway, trip.number, operation=VACCINATION, hospital=OTHER_BRAND)) == set()


def test_vac_10_the_first_visit_binds_the_series_to_its_brand(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION).visited()
    (lock,) = locks(gateway, trip.number)
    assert (lock["liability"], lock["brand"]["code"], lock["insured"]["name"]) == ("VACCINE", "演示禾苗", "演示成人")
    later = {"now": VISIT, "operation": VACCINATION, "visitAt": at("2026-04-23 09:30")}
    assert refused(tried(gateway, trip.number, hospital=SAME_BRAND, **later)) == set()
    other = tried(gateway, trip.number, hospital=OTHER_BRAND, **later)
    assert refused(other) == {"CY26-VAC-10"}
    assert "演示禾苗" in verdict_of_refusal(other)["message"]


def test_vac_10_a_visit_of_the_same_liability_is_bound_as_well(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION).visited()
    found = tried(
        gateway, trip.number, VISIT, liability="VACCINE", hospital=OTHER_BRAND, visitAt=at("2026-04-23 09:30")
    )
    assert refused(found) == {"CY26-VAC-10"}


def test_vac_10_two_bookings_at_two_brands_end_at_the_first_visit(gateway: Gateway) -> None:
    first = begin(gateway, VACCINATION).confirmed()
    second = begin(gateway, VACCINATION, number=first.number, hospital=OTHER_BRAND).confirmed()
    first.take_all(("staff", "bookingCheckIn", VISIT))
    assert refused(second.take("staff", "bookingCheckIn", VISIT)) == {"CY26-VAC-10"}
    moved = second.take("staff", "bookingReschedule", NOW, visitAt=at("2026-04-23 09:30"), hospital=SAME_BRAND)
    assert moved["booking"]["status"] == "REQUESTED"


@pytest.mark.parametrize(("liability", "hospital"), [("EYE", "DEMO-SH-006"), ("DENTAL", "DEMO-SH-007")])
def test_vac_10_eye_and_dental_care_are_not_bound(gateway: Gateway, liability: str, hospital: str) -> None:
    trip = begin(gateway, liability=liability, hospital=hospital).visited()
    assert locks(gateway, trip.number) == []


def test_vac_10_a_clinic_without_a_brand_is_for_people(gateway: Gateway) -> None:
    add_clinic(gateway, "T-CY26-NOBRAND", "")
    trip = begin(gateway, VACCINATION).visited()
    later = {"visitAt": at("2026-04-23 09:30"), "hospital": "T-CY26-NOBRAND"}
    assert judged(gateway, trip.number, "CY26-VAC-10", VISIT, operation=VACCINATION, **later)["status"] == "UNKNOWN"


@pytest.fixture
def closed(gateway: Gateway) -> Trip:
    """A series at a brand of its own, which has closed since."""
    brand = f"B{new_key()[:6]}"
    add_clinic(gateway, f"T-{brand}", brand)
    trip = begin(gateway, VACCINATION, hospital=f"T-{brand}").visited()
    close_brand(gateway, brand, "2026-04-01")
    return trip


AFTER = at("2026-04-02 09:00")


def test_vac_11_while_the_brand_is_open_the_series_stays(gateway: Gateway, closed: Trip) -> None:
    (refusal,) = ask_transfer(closed.who("customer", VISIT), closed.number).data["vaccineBrandTransferRequest"][
        "refusals"
    ]
    assert (refusal["rule"]["code"], refusal["passesFrom"]) == ("CY26-VAC-11", "2026-03-31T16:00:00Z")


def test_vac_11_the_insurer_moves_the_series_to_the_brand_it_names(gateway: Gateway, closed: Trip) -> None:
    asked = ask_transfer(closed.who("customer", AFTER), closed.number, reason="关店").data[
        "vaccineBrandTransferRequest"
    ]
    transfer = asked["brandTransfer"]
    assert transfer["status"] == "REQUESTED"
    decided = decide(gateway.staff().at(AFTER), transfer["id"], brand="演示小鹿").data["vaccineBrandTransferDecide"]
    assert decided["brandTransfer"]["designatedBrand"] == {"code": "演示小鹿"}
    first, second = locks(gateway, closed.number)
    assert first["releasedAt"] is not None
    assert (second["brand"]["code"], second["releasedAt"]) == ("演示小鹿", None)
    later = {"now": AFTER, "operation": VACCINATION, "visitAt": at("2026-04-23 09:30")}
    assert refused(tried(gateway, closed.number, hospital=OTHER_BRAND, **later)) == set()
    assert refused(tried(gateway, closed.number, hospital=CLINIC, **later)) == {"CY26-VAC-10"}


@pytest.mark.parametrize("brand", [None, "own"], ids=["none", "the closed one"])
def test_vac_11_an_approval_names_another_open_brand(gateway: Gateway, closed: Trip, brand: str | None) -> None:
    asked = ask_transfer(closed.who("customer", AFTER), closed.number).data["vaccineBrandTransferRequest"]
    transfer = asked["brandTransfer"]
    named = transfer["lock"]["brand"]["code"] if brand else None
    answer = decide(gateway.staff().at(AFTER), transfer["id"], brand=named).data["vaccineBrandTransferDecide"]
    assert refused(answer) == {"CY26-VAC-11"}
    assert len(locks(gateway, closed.number)) == 1


def test_vac_11_a_rejection_leaves_the_bond_and_gives_its_reason(gateway: Gateway, closed: Trip) -> None:
    asked = ask_transfer(closed.who("customer", AFTER), closed.number).data["vaccineBrandTransferRequest"]
    staff, transfer = gateway.staff().at(AFTER), asked["brandTransfer"]["id"]
    assert decide(staff, transfer, "REJECT").code == "BAD_USER_INPUT"
    answer = decide(staff, transfer, "REJECT", reason="not closed for good").data["vaccineBrandTransferDecide"]
    assert answer["brandTransfer"]["status"] == "REJECTED"
    (lock,) = locks(gateway, closed.number)
    assert lock["releasedAt"] is None


def test_vac_11_one_request_waits_at_a_time_and_is_decided_once(gateway: Gateway, closed: Trip) -> None:
    customer = closed.who("customer", AFTER)
    asked = ask_transfer(customer, closed.number).data["vaccineBrandTransferRequest"]["brandTransfer"]
    assert ask_transfer(customer, closed.number).code == "BAD_USER_INPUT"
    staff = gateway.staff().at(AFTER)
    assert decide(staff, asked["id"], brand="演示小鹿").data
    assert decide(staff, asked["id"], brand="演示小鹿").code == "BAD_USER_INPUT"


def test_vac_11_without_a_bond_there_is_nothing_to_move(gateway: Gateway, number: str) -> None:
    assert ask_transfer(gateway.customer(number).at(NOW), number).code == "BAD_USER_INPUT"


def test_vac_17_a_visit_ends_once_the_client_has_been_seen(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION)
    assert refused(trip.take("staff", "bookingComplete", VISIT)) == {"CY26-VAC-17"}
    trip.visited().take_all(("staff", "bookingComplete", VISIT))
    assert trip.seen_by("customer")["status"] == "COMPLETED"
    assert trip.service_account("VACCINATION")["used"] == 1


def test_vac_17_nobody_has_missed_a_vaccination_before_its_time(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION).confirmed()
    assert refused(trip.take("staff", "bookingNoShowRecord", at("2026-03-26 09:29"))) == {"CY26-VAC-17"}
