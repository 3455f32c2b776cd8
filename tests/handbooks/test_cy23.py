"""The CY23 handbook on outpatient bookings and vaccinations, clause by clause, asked through the API."""

from typing import Any

import pytest

from tests.support import visits
from tests.support.client import Gateway
from tests.support.escorts import NOW, add_hospitals, at, change, look, refused, verdict_of, warned
from tests.support.visits import CLINIC, PATIENT, PRIVATE, PUBLIC, PUBLIC_PLAIN, VISIT, Trip, policy, tried

SPRING = at("2026-02-24 09:30")
"""A Tuesday, the first working day after the Spring Festival; the one before is Saturday 14 February."""

EARLY = at("2026-02-02 09:00")


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy of the PLUS plan that dry runs share."""
    return policy(gateway, "CY23")


@pytest.fixture(scope="module")
def booked(gateway: Gateway) -> Trip:
    """A visit after the Spring Festival that dry runs share."""
    return begun(gateway, now=EARLY, visitAt=SPRING)


def begun(gateway: Gateway, operation: str = "hospitalVisitBook", **changes: Any) -> Trip:
    return visits.begin(gateway, operation, "CY23", **changes)


def judged(gateway: Gateway, number: str, code: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    return verdict_of(tried(gateway, number, now, **changes), code)


def rule(gateway: Gateway, code: str) -> dict[str, Any]:
    document = "query Rule($code: String!) { rule(code: $code) { enforcement parameters } }"
    return gateway.anyone().ask(document, code=code).data["rule"]


# Medical services -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "is_refused"),
    [("2026-03-26 09:29", False), ("2026-03-26 09:30", True)],
    ids=["a minute before", "the very time"],
)
def test_svc_01_a_visit_is_booked_before_its_time(gateway: Gateway, number: str, now: str, is_refused: bool) -> None:
    assert ("CY23-SVC-01" in refused(tried(gateway, number, at(now)))) is is_refused


def test_svc_01_no_number_of_uses_is_granted(gateway: Gateway) -> None:
    trip = begun(gateway)
    assert trip.service_account("HOSPITAL_VISIT")["granted"] is None
    assert trip.service_account("HOSPITAL_VISIT")["reserved"] == 1


def test_svc_01_the_patient_is_the_insured(gateway: Gateway, number: str) -> None:
    stranger = tried(gateway, number, patient={**PATIENT, "name": "路人甲"})
    (verdict,) = stranger["refusals"]
    assert (verdict["rule"]["code"], verdict["inputPath"]) == ("CY23-SVC-01", ["input", "patient", "name"])


def test_svc_01_the_visit_lies_in_the_policy_year(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, visitAt=at("2026-12-31 09:00"))) == set()
    assert refused(tried(gateway, number, visitAt=at("2027-01-04 09:00"))) == {"CY23-SVC-01"}


def test_svc_04_vaccinations_are_booked_at_private_institutions(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, operation="vaccinationBook")) == set()
    assert "CY23-SVC-04" in refused(tried(gateway, number, operation="vaccinationBook", hospital=PUBLIC))


def test_svc_04_no_rider_is_asked_for(gateway: Gateway, number: str) -> None:
    found = tried(gateway, number, operation="vaccinationBook")
    asked = {"CY23-SVC-04", "CY23-NET-01", "CY23-NET-02", "CY23-PAY-06"}
    assert {verdict["rule"]["code"] for verdict in found["verdicts"]} == asked


def test_svc_04_a_vaccination_has_no_time_limit_for_cancelling(gateway: Gateway) -> None:
    trip = begun(gateway, "vaccinationBook")
    assert trip.quote(at("2026-03-26 09:00"))["outcome"] == "FREE"
    assert trip.take("customer", "bookingCancel", at("2026-03-26 09:00"))["booking"]["status"] == "CANCELLED_FREE"


@pytest.mark.parametrize("operation", ["vaccinationBook", "hospitalVisitBook"])
@pytest.mark.parametrize(
    ("role", "mutation", "fields"),
    [
        ("customer", "bookingCancel", {}),
        ("staff", "bookingCancel", {}),
        ("customer", "bookingReschedule", {"visitAt": at("2026-04-09 09:30")}),
    ],
    ids=["client cancels", "staff cancels", "client moves"],
)
def test_svc_04_and_opd_10_after_its_time_a_visit_is_neither_called_off_nor_moved(
    gateway: Gateway, operation: str, role: str, mutation: str, fields: dict[str, Any]
) -> None:
    trip = begun(gateway, operation, hospital=PRIVATE).take_all(("staff", "bookingConfirm", NOW, {}))
    over = at("2026-03-26 09:30")
    assert trip.quote(over)["outcome"] == "REFUSED"
    expected = "CY23-SVC-04" if operation == "vaccinationBook" else "CY23-OPD-10"
    assert expected in refused(trip.take(role, mutation, over, **fields))
    assert trip.take("staff", "bookingNoShowRecord", over)["booking"]["status"] == "NO_SHOW"


# Network hospitals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "refusing"),
    [("PLUS", set()), ("STANDARD", {"CY23-NET-01", "CY23-NET-02"})],
)
def test_net_01_each_plan_has_its_own_network(gateway: Gateway, plan: str, refusing: set[str]) -> None:
    own = policy(gateway, "CY23", plan=plan)
    assert refused(tried(gateway, own, hospital=PRIVATE)) == refusing


def test_net_01_a_public_hospital_outside_the_network_breaks_one_clause(gateway: Gateway, number: str) -> None:
    assert refused(tried(gateway, number, hospital="DEMO-SH-003")) == {"CY23-NET-01"}


def test_net_01_a_list_that_is_not_loaded_refuses_nobody(gateway: Gateway, number: str) -> None:
    lists = look(gateway, "select * from hospital_networks where product_code = 'CY23'")
    change(gateway, "delete from hospital_networks where product_code = 'CY23'")
    try:
        found = tried(gateway, number)
        booked = begun(gateway, number=number)
    finally:
        for row in lists:
            change(gateway, "insert into hospital_networks values ($1, $2, $3, $4, $5, $6)", *row.values())
    assert verdict_of(found, "CY23-NET-01")["status"] == "UNKNOWN"
    assert found["refusals"] == []
    assert booked.seen_by("staff")["details"]["openRules"] == ["CY23-NET-01"]
    reviews = booked.look("select topic, rule_code from outbox_messages where policy_id = $1 and subject_id = $2")
    assert {"topic": "booking.review_needed", "rule_code": "CY23-NET-01"} in reviews
    booked.take_all(("staff", "bookingAccept"))
    assert booked.seen_by("staff")["details"]["openRules"] == []


@pytest.fixture(scope="module")
def leaving(gateway: Gateway) -> str:
    """A private hospital that leaves the network after 25 March."""
    add_hospitals(
        gateway,
        {
            "code": "T-CY23-LEAVES",
            "name": "试验国际医院",
            "province": "上海",
            "city": "上海",
            "ownership": "PRIVATE",
            "networks": "CY23:PLUS:OUTPATIENT_INPATIENT@2026-01-01..2026-03-25",
        },
    )
    return "T-CY23-LEAVES"


def test_net_02_a_private_hospital_is_in_the_network_on_the_day_of_the_visit(
    gateway: Gateway, number: str, leaving: str
) -> None:
    assert refused(tried(gateway, number, hospital=leaving, visitAt=at("2026-03-25 09:00"))) == set()
    assert "CY23-NET-02" in refused(tried(gateway, number, hospital=leaving))


def test_net_02_the_new_day_is_tested_when_a_visit_is_moved(gateway: Gateway, leaving: str) -> None:
    trip = begun(gateway, hospital=leaving, visitAt=at("2026-03-20 09:00"))
    assert "CY23-NET-02" in refused(trip.take("customer", "bookingReschedule", visitAt=VISIT))


# The card -------------------------------------------------------------------------------------------------------


def test_card_11_limits_and_what_is_left_are_shown_and_what_is_not_printed_is_null(gateway: Gateway) -> None:
    number = policy(gateway, "CY23")
    document = "query B($n: String!) { policy(number: $n) { benefits { service limit remaining isUnlimited } } }"
    found = gateway.customer(number).at(NOW).ask(document, n=number).data["policy"]["benefits"]
    visit = next(item for item in found if item["service"] == "HOSPITAL_VISIT")
    assert (visit["limit"], visit["remaining"], visit["isUnlimited"]) == (None, None, False)


def test_card_13_hospitals_are_found_by_city_department_and_item(gateway: Gateway) -> None:
    where = 'first: 1, where: {city: "shanghai", department: "PEDIATRICS"}'
    document = f"{{ hospitals({where}) {{ nodes {{ introduction }} }} }}"
    assert gateway.anyone().ask(document).data["hospitals"]["nodes"]


# Certain public hospitals ---------------------------------------------------------------------------------------


def test_opd_05_a_booking_goes_its_way_step_by_step(gateway: Gateway) -> None:
    trip = begun(gateway)
    assert refused(trip.take("staff", "bookingCheckIn", VISIT)) == {"CY23-OPD-05"}
    trip.confirmed().take_all(("staff", "bookingCheckIn", VISIT), ("staff", "bookingComplete", VISIT))
    assert trip.seen_by("customer")["status"] == "COMPLETED"


def test_opd_06_a_confirmed_booking_is_told_by_text_message(gateway: Gateway) -> None:
    messages = (
        begun(gateway)
        .confirmed()
        .look(
            "select audience, rule_code from outbox_messages "
            "where policy_id = $1 and subject_id = $2 and topic = 'booking.sms'"
        )
    )
    assert messages == [{"audience": "CUSTOMER", "rule_code": "CY23-OPD-06"}]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"departmentClass": "SPECIAL"}, None),
        ({"departmentClass": "INTERNATIONAL"}, None),
        ({"departmentClass": "GENERAL"}, "departmentClass"),
        ({"departmentClass": None}, "departmentClass"),
        ({"visitType": "INPATIENT"}, "visitType"),
    ],
    ids=["special", "international", "general", "none", "a stay"],
)
def test_opd_07_public_hospitals_take_outpatients_of_two_departments(
    gateway: Gateway, number: str, changes: dict[str, Any], path: str | None
) -> None:
    verdict = judged(gateway, number, "CY23-OPD-07", **changes)
    assert verdict["status"] == ("REFUSED" if path else "PASSED")
    assert verdict["inputPath"] == (["input", path] if path else [])


@pytest.mark.parametrize(("hospital", "status"), [(PUBLIC, "REFUSED"), (PRIVATE, "PASSED")], ids=["public", "private"])
def test_opd_08_public_hospitals_take_no_named_doctor(
    gateway: Gateway, number: str, hospital: str, status: str
) -> None:
    assert judged(gateway, number, "CY23-OPD-08", hospital=hospital, doctor="王教授")["status"] == status


@pytest.mark.parametrize(
    ("visit_at", "status"), [("2026-03-11 17:00", "WARNED"), ("2026-03-12 08:00", "PASSED")], ids=["day 2", "day 3"]
)
def test_opd_09_a_visit_inside_two_working_days_may_come_too_soon(
    gateway: Gateway, number: str, visit_at: str, status: str
) -> None:
    found = tried(gateway, number, visitAt=at(visit_at))
    assert verdict_of(found, "CY23-OPD-09")["status"] == status
    assert refused(found) == set()


def test_opd_09_two_working_days_run_from_the_request_to_the_confirmation(gateway: Gateway) -> None:
    trip = begun(gateway, now=at("2026-02-13 15:00"), visitAt=at("2026-03-02 09:00"))
    (clock,) = trip.seen_by("staff", at("2026-02-13 15:00"))["slaClocks"]
    assert (clock["rule"]["code"], clock["status"]) == ("CY23-OPD-09", "RUNNING")
    assert clock["dueAt"] == "2026-02-24T16:00:00Z"
    trip.take_all(("staff", "bookingConfirm", at("2026-02-24 23:00")))
    (met,) = trip.seen_by("staff", at("2026-02-25 09:00"))["slaClocks"]
    assert met["status"] == "MET"


@pytest.mark.parametrize(
    ("now", "outcome", "free_until"),
    [
        ("2026-02-14T15:59:59.999+08:00", "FREE", "2026-02-14T08:00:00Z"),
        ("2026-02-14T16:00:00+08:00", "REFUSED", None),
        (at("2026-02-23 10:00"), "REFUSED", None),
    ],
    ids=["in time by a millisecond", "16:00 sharp", "inside the holiday"],
)
def test_opd_10_the_quote_ends_at_four_on_the_working_day_before(
    booked: Trip, now: str, outcome: str, free_until: str | None
) -> None:
    quote = booked.quote(now)
    assert (quote["outcome"], quote["freeUntil"]) == (outcome, free_until)


@pytest.mark.parametrize("mutation", ["bookingCancel", "bookingReschedule"])
def test_opd_10_cancelling_and_moving_end_at_the_same_instant(gateway: Gateway, mutation: str) -> None:
    fields = {"visitAt": at("2026-03-09 09:30")} if mutation == "bookingReschedule" else {}
    late = begun(gateway, now=EARLY, visitAt=SPRING)
    answer = late.take("customer", mutation, "2026-02-14T16:00:00+08:00", **fields)
    (refusal,) = answer["refusals"]
    assert (refusal["rule"]["code"], refusal["passesFrom"]) == ("CY23-OPD-10", None)
    assert "021-80209058" in refusal["remedy"]
    assert late.take("customer", mutation, "2026-02-14T15:59:59.999+08:00", **fields)["refusals"] == []


@pytest.mark.parametrize("mutation", ["bookingCancel", "bookingReschedule"])
def test_opd_10_the_cutoff_is_that_of_public_hospitals(gateway: Gateway, mutation: str) -> None:
    trip = begun(gateway, now=EARLY, visitAt=SPRING, hospital=PRIVATE)
    late = at("2026-02-23 10:00")
    quote = trip.quote(late)
    assert (quote["outcome"], quote["freeUntil"]) == ("FREE", "2026-02-24T01:30:00Z")
    fields = {"visitAt": at("2026-03-09 09:30")} if mutation == "bookingReschedule" else {}
    assert trip.take("customer", mutation, late, **fields)["refusals"] == []
    assert trip.seen_by("customer", late)["status"] == ("CANCELLED_FREE" if fields == {} else "REQUESTED")


def test_opd_10_an_unconfirmed_booking_is_cut_off_as_well(booked: Trip) -> None:
    assert booked.seen_by("customer", EARLY)["status"] == "REQUESTED"
    assert booked.quote(at("2026-02-14 16:00"))["outcome"] == "REFUSED"


def test_opd_10_the_hotline_records_a_late_cancellation(gateway: Gateway) -> None:
    trip = begun(gateway, now=EARLY, visitAt=SPRING)
    late = at("2026-02-23 10:00")
    assert trip.quote(late, "staff")["outcome"] == "DISCRETIONARY"
    cancelled = trip.take("staff", "bookingCancel", late)
    assert "CY23-OPD-10" in warned(cancelled)
    assert cancelled["booking"]["status"] == "CANCELLED_LATE"
    assert trip.seen_by("customer", late)["details"]["strike"]["kind"] == "LATE_CANCELLED"


@pytest.mark.parametrize(
    ("mutation", "fields"), [("bookingCancel", {}), ("bookingReschedule", {"visitAt": at("2026-04-09 09:30")})]
)
def test_opd_11_what_is_asked_for_here_becomes_a_task_of_the_hotline(
    gateway: Gateway, mutation: str, fields: dict[str, Any]
) -> None:
    trip = begun(gateway).take_all(("customer", mutation, NOW, fields))
    tasks = trip.look(
        "select audience, rule_code from outbox_messages "
        "where policy_id = $1 and subject_id = $2 and topic = 'booking.hotline_task'"
    )
    assert tasks == [{"audience": "STAFF", "rule_code": "CY23-OPD-11"}]


def test_opd_11_the_hotline_leaves_itself_no_task(gateway: Gateway) -> None:
    trip = begun(gateway).take_all(("staff", "bookingCancel"))
    assert (
        trip.look(
            "select 1 from outbox_messages where policy_id = $1 and subject_id = $2 and topic = 'booking.hotline_task'"
        )
        == []
    )


def test_opd_12_a_missed_visit_alone_shuts_nobody_out(gateway: Gateway) -> None:
    trip = begun(gateway).confirmed().take_all(("staff", "bookingNoShowRecord", VISIT, {"cause": "CLIENT"}))
    assert trip.seen_by("customer")["status"] == "NO_SHOW"
    assert refused(tried(gateway, trip.number, VISIT, visitAt=at("2026-04-09 09:30"))) == set()


def test_opd_12_a_hospital_that_has_blacklisted_the_client_takes_no_booking(gateway: Gateway) -> None:
    trip = begun(gateway).confirmed()
    trip.take_all(("staff", "bookingNoShowRecord", VISIT, {"restriction": "HOSPITAL", "note": "the hospital says so"}))
    later = {"now": VISIT, "visitAt": at("2026-04-09 09:30")}
    here = tried(gateway, trip.number, **later)
    (refusal,) = here["refusals"]
    assert (refusal["rule"]["code"], refusal["inputPath"]) == ("CY23-OPD-12", ["input", "hospital"])
    assert refused(tried(gateway, trip.number, hospital=PUBLIC_PLAIN, **later)) == set()


def test_opd_12_nobody_has_missed_a_visit_before_its_time(gateway: Gateway) -> None:
    trip = begun(gateway).confirmed()
    assert refused(trip.take("staff", "bookingNoShowRecord", at("2026-03-26 09:29"))) == {"CY23-OPD-12"}


def test_opd_13_the_fee_of_a_missed_visit_is_the_clients(gateway: Gateway) -> None:
    trip = begun(gateway).confirmed().take_all(("staff", "bookingNoShowRecord", VISIT, {"fee": "150.00"}))
    assert trip.seen_by("customer")["details"]["strike"] == {"kind": "NO_SHOW", "fee": {"amount": "150.00"}}
    assert rule(gateway, "CY23-OPD-13")["parameters"] == {"clientSharePercent": "100"}


def test_a_product_without_these_services_is_the_wrong_one_to_name(gateway: Gateway) -> None:
    number = visits.register(gateway, "ZYB")
    answer = visits.ask(gateway.customer(number).at(NOW), "vaccinationBook", number, hospital=CLINIC)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "policyNumber"])
