"""What the hotline sets aside: one lead time or cut-off, for one request, with a reason (GEN-18)."""

from typing import Any

import pytest

from gateway.repositories.policies import policy_id
from tests.support import escorts, visits
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, QUOTE, at, book, look, refused, register, row_counts, verdict_of, warned
from tests.support.races import ask, payload, together

GIVE = """mutation O($input: HotlineOverrideInput!, $dryRun: Boolean! = false) {
  hotlineOverride(input: $input, dryRun: $dryRun) { isReplay isDryRun
    override { id rule { code } insured { id } booking { id } visitOn reason givenAt spentAt } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on HotlineOverride { spentAt reason } } }"
SAME_DAY = at("2026-03-09 16:00")
TODAY = "2026-03-09"


def give(gateway: Gateway, number: str, rule: str, *, role: str = "hotline", **changes: Any) -> Answer:
    given = {"idempotencyKey": new_key(), "policyNumber": number, "rule": rule, "reason": "急诊转院"}
    dry_run, now = changes.pop("dry_run", False), changes.pop("now", NOW)
    return gateway.staff(role).at(now).ask(GIVE, input=given | changes, dryRun=dry_run)


def given(gateway: Gateway, number: str, rule: str, **changes: Any) -> dict[str, Any]:
    return give(gateway, number, rule, **changes).data["hotlineOverride"]["override"]


def spent_at(client: Client, override: str) -> str | None:
    return client.ask(NODE, id=override).data["node"]["spentAt"]


# A visit that is asked for too late


def test_a_visit_too_soon_is_taken_once_the_hotline_has_set_the_lead_time_aside(gateway: Gateway) -> None:
    number = register(gateway)
    customer = gateway.customer(number).at(NOW)
    assert refused(book(customer, number, visitAt=SAME_DAY)) == {"ZYB-TBL-07"}
    override = given(gateway, number, "ZYB-TBL-07", visitOn=TODAY)["id"]
    made = book(customer, number, visitAt=SAME_DAY)
    verdict = verdict_of(made, "ZYB-TBL-07")
    assert (made["refusals"], verdict["status"], verdict["remedy"]) == ([], "WARNED", None)
    assert "hotline has set this aside" in verdict["message"]
    assert spent_at(customer, override) == "2026-03-09T01:00:00Z"


def test_it_is_used_up_by_the_request_that_needed_it(gateway: Gateway) -> None:
    number = visits.policy(gateway)
    given(gateway, number, "CY26-BKG-10", visitOn="2026-03-13")
    soon = {"visitAt": at("2026-03-13 09:30")}
    customer = gateway.customer(number).at(NOW)
    assert visits.ask(customer, "hospitalVisitBook", number, **soon).data["hospitalVisitBook"]["refusals"] == []
    again = visits.ask(customer, "hospitalVisitBook", number, **soon).data["hospitalVisitBook"]
    assert refused(again) == {"CY26-BKG-10"}


def test_a_request_that_does_not_need_it_leaves_it(gateway: Gateway) -> None:
    number = visits.policy(gateway)
    override = given(gateway, number, "CY26-BKG-10", visitOn=visits.VISIT[:10])["id"]
    customer = gateway.customer(number).at(NOW)
    assert visits.ask(customer, "hospitalVisitBook", number).data["hospitalVisitBook"]["refusals"] == []
    assert spent_at(customer, override) is None


def test_a_dry_run_sees_it_and_leaves_it(gateway: Gateway) -> None:
    number = register(gateway)
    customer = gateway.customer(number).at(NOW)
    override = given(gateway, number, "ZYB-TBL-07", visitOn=TODAY)["id"]
    assert "ZYB-TBL-07" in warned(book(customer, number, dry_run=True, visitAt=SAME_DAY))
    assert spent_at(customer, override) is None


def test_it_holds_for_its_rule_and_its_day_alone(gateway: Gateway) -> None:
    number = visits.policy(gateway)
    given(gateway, number, "CY26-BKG-10", visitOn="2026-03-13")
    customer = gateway.customer(number).at(NOW)
    other_day = visits.ask(customer, "hospitalVisitBook", number, dry_run=True, visitAt=at("2026-03-12 09:30"))
    assert refused(other_day.data["hospitalVisitBook"]) == {"CY26-BKG-10"}
    tomorrow = visits.policy(gateway)
    given(gateway, tomorrow, "CY26-BKG-10", visitOn="2026-03-10")
    customer = gateway.customer(tomorrow).at(NOW)
    both = visits.ask(customer, "hospitalVisitBook", tomorrow, dry_run=True, visitAt=at("2026-03-10 09:30"))
    assert refused(both.data["hospitalVisitBook"]) == {"CY26-BKG-09"}


def test_it_holds_for_its_insured_alone(gateway: Gateway) -> None:
    people = [escorts.person(), escorts.person(name="演示旁人")]
    number = register(gateway, insured=people)
    first = gateway.customer(number).ask("query ($n: String!) { policy(number: $n) { insured { id } } }", n=number)
    ids = [person["id"] for person in first.data["policy"]["insured"]]
    assert give(gateway, number, "ZYB-TBL-07", visitOn=TODAY).error["extensions"]["inputPath"] == ["input", "insured"]
    given(gateway, number, "ZYB-TBL-07", visitOn=TODAY, insured=ids[1])
    answer = book(gateway.customer(number).at(NOW), number, dry_run=True, visitAt=SAME_DAY)
    assert "ZYB-TBL-07" in refused(answer)


def test_a_visit_that_has_passed_stays_refused(gateway: Gateway) -> None:
    number = register(gateway)
    given(gateway, number, "ZYB-TBL-07", visitOn=TODAY)
    answer = book(gateway.customer(number).at(NOW), number, dry_run=True, visitAt=at("2026-03-09 08:59"))
    assert refused(answer) == {"ZYB-TBL-07"}


def test_two_requests_at_once_use_it_once(gateway: Gateway) -> None:
    number = visits.policy(gateway)
    given(gateway, number, "CY26-BKG-10", visitOn="2026-03-13")
    customer, soon = gateway.customer(number).at(NOW), {"visitAt": at("2026-03-13 09:30")}
    text = visits.document("hospitalVisitBook")
    answers = together(*[ask(customer, text, visits.visit(number, **soon)) for _ in range(3)])
    made = [answer for answer in answers if "errors" not in answer and payload(answer)["booking"] is not None]
    assert len(made) == 1
    spent = look(gateway, "select spent_at from hotline_overrides where policy_id = $1", policy_id(number))
    assert [row["spent_at"] is not None for row in spent] == [True]


# A booking that stands


def test_a_visit_is_called_off_free_after_the_cutoff_that_the_hotline_has_set_aside(gateway: Gateway) -> None:
    trip = visits.begin(gateway).confirmed()
    late = at("2026-03-25 15:00")
    assert refused(trip.take("customer", "bookingCancel", late)) == {"CY26-BKG-12"}
    given(gateway, trip.number, "CY26-BKG-12", booking=trip.booking, now=late)
    quote = trip.who("customer", late).ask(QUOTE, id=trip.booking).data["cancellationQuote"]
    assert quote["outcome"] == "FREE"
    made = trip.take("customer", "bookingCancel", late)
    assert (made["refusals"], made["booking"]["status"]) == ([], "CANCELLED_FREE")
    assert trip.service_account("HOSPITAL_VISIT")["used"] == 0


def test_an_escort_is_called_off_free_within_the_last_day(gateway: Gateway) -> None:
    journey = escorts.begin(gateway).go_to("CONFIRMED")
    late = at("2026-03-12 08:00")
    given(gateway, journey.number, "ZYB-ESC-26", booking=journey.booking, now=late)
    assert journey.take("customer", "bookingCancel", late)["booking"]["status"] == "CANCELLED_FREE"
    assert journey.uses() == (0, 0)


def test_a_booking_is_moved_to_a_day_that_comes_too_soon(gateway: Gateway) -> None:
    trip = visits.begin(gateway).confirmed()
    soon = {"visitAt": at("2026-03-13 09:30")}
    assert refused(trip.take("customer", "bookingReschedule", **soon)) == {"CY26-BKG-10"}
    given(gateway, trip.number, "CY26-BKG-10", booking=trip.booking, visitOn="2026-03-13")
    assert trip.take("customer", "bookingReschedule", **soon)["refusals"] == []


def test_one_for_a_booking_serves_no_new_request(gateway: Gateway) -> None:
    trip = visits.begin(gateway).confirmed()
    given(gateway, trip.number, "CY26-BKG-10", booking=trip.booking, visitOn="2026-03-13")
    answer = visits.tried(gateway, trip.number, visitAt=at("2026-03-13 09:30"))
    assert refused(answer) == {"CY26-BKG-10"}


# Giving it


def test_it_says_what_is_set_aside_and_the_client_is_told(gateway: Gateway) -> None:
    trip = visits.begin(gateway).confirmed()
    made = given(gateway, trip.number, "CY26-BKG-12", booking=trip.booking)
    assert made["rule"] == {"code": "CY26-BKG-12"}
    assert made["booking"] == {"id": trip.booking}
    assert (made["visitOn"], made["reason"], made["spentAt"]) == ("2026-03-26", "急诊转院", None)
    told = look(
        gateway,
        "select audience, rule_code from outbox_messages where policy_id = $1 and topic = 'override.given'",
        policy_id(trip.number),
    )
    assert told == [{"audience": "CUSTOMER", "rule_code": "CY26-BKG-12"}]


def test_it_is_audited_with_who_gave_it(gateway: Gateway) -> None:
    number = register(gateway)
    given(gateway, number, "ZYB-TBL-07", visitOn=TODAY)
    rows = look(
        gateway,
        "select actor from audit_entries where policy_id = $1 and operation = 'hotlineOverride'",
        policy_id(number),
    )
    assert [row["actor"] for row in rows] == ["staff:hotline"]


@pytest.mark.parametrize(
    ("rule", "changes", "field"),
    [
        ("NOPE", {"visitOn": TODAY}, "rule"),
        ("ZYB-ESC-20", {"visitOn": TODAY}, "rule"),  # no lead time
        ("ZYB-TBL-09", {"visitOn": TODAY}, "rule"),  # a waiting period is none either
        ("CY26-BKG-10", {"visitOn": TODAY}, "rule"),  # another product's
        ("ZYB-TBL-07", {}, "visitOn"),
        ("ZYB-TBL-07", {"visitOn": "2026-03-08"}, "visitOn"),
        ("ZYB-TBL-07", {"visitOn": TODAY, "reason": " "}, "reason"),
        ("ZYB-TBL-07", {"visitOn": TODAY, "booking": "x"}, "booking"),
        ("ZYB-TBL-07", {"visitOn": TODAY, "insured": "x"}, "insured"),
        ("ZYB-TBL-07", {"visitOn": TODAY, "policyNumber": "x"}, "policyNumber"),
    ],
)
def test_what_cannot_be_set_aside_is_named(gateway: Gateway, rule: str, changes: dict[str, Any], field: str) -> None:
    answer = give(gateway, register(gateway), rule, **changes)
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == ["input", field]


def test_a_booking_of_another_policy_is_none(gateway: Gateway) -> None:
    foreign, missing = escorts.begin(gateway).booking, f"book_{'0' * 64}"
    number = register(gateway)
    answers = [give(gateway, number, "ZYB-ESC-26", booking=booking).error for booking in (foreign, missing)]
    assert answers[0]["message"] == answers[1]["message"]


def test_the_same_is_not_set_aside_twice_while_it_is_open(gateway: Gateway) -> None:
    number = register(gateway)
    given(gateway, number, "ZYB-TBL-07", visitOn=TODAY)
    assert give(gateway, number, "ZYB-TBL-07", visitOn=TODAY).code == "CONFLICT"


def test_a_dry_run_sets_nothing_aside(gateway: Gateway) -> None:
    number = register(gateway)
    before = row_counts(gateway)
    assert given(gateway, number, "ZYB-TBL-07", visitOn=TODAY, dry_run=True)["id"]
    assert row_counts(gateway) == before


@pytest.mark.parametrize("role", ["adjuster", "supervisor"])
def test_nobody_but_the_hotline_gives_it(gateway: Gateway, role: str) -> None:
    assert give(gateway, register(gateway), "ZYB-TBL-07", visitOn=TODAY, role=role).code == "FORBIDDEN"


def test_others_see_nothing_of_it(gateway: Gateway) -> None:
    number = register(gateway)
    override = given(gateway, number, "ZYB-TBL-07", visitOn=TODAY)["id"]
    for other in (gateway.customer(register(gateway)), gateway.vendor("QITAI"), gateway.vendor("HUANQIU")):
        assert other.at(NOW).ask(NODE, id=override).data["node"] is None
