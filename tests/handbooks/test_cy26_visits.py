"""The CY26 handbook on booking visits that are billed directly, clause by clause."""

import pytest

from tests.support.client import Gateway
from tests.support.escorts import add_hospitals, at, refused, verdict_of, warned
from tests.support.visits import PATIENT, PRIVATE, PUBLIC, VISIT, Trip, begin, only_refusal, policy, tried

SPRING = at("2026-02-24 09:30")
"""A Tuesday, the first working day after the Spring Festival; the one before is Saturday 14 February."""
EARLY = at("2026-02-02 09:00")
VACCINATION = "vaccinationBook"
TEST = "respiratoryTestOrder"


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy of the national plan with every rider, that dry runs share."""
    return policy(gateway)


@pytest.fixture(scope="module")
def booked(gateway: Gateway) -> Trip:
    """A visit after the Spring Festival that dry runs share."""
    return begin(gateway, now=EARLY, visitAt=SPRING)


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
        assert only_refusal(found)["inputPath"] == ["input", "visitAt"]
        assert "2026-01-31" in only_refusal(found)["remedy"]


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
        assert "2026-03-12" in only_refusal(found)["remedy"]


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
    assert only_refusal(found)["inputPath"] == ["input", "doctor"]


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
