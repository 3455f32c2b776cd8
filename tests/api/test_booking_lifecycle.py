"""The life of an escort booking: every step by those who may take it, and no other, in the API and in the database."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from gateway.postgres.migrate import ROLE
from seeds.files import read
from tests.support import escorts
from tests.support.client import Gateway, new_key
from tests.support.escorts import (
    AFTER_THE_VISIT,
    NOW,
    VISIT,
    Journey,
    add_paper,
    as_owner,
    at,
    begin,
    refused,
    verdict_of,
    warned,
)

ESCORT = read("lifecycles.yaml")["ESCORT"]
EDGES = {
    (state, edge["command"], role, after)
    for edge in ESCORT
    for state in edge["from"]
    for role in edge["by"]
    for after in edge["to"]
}
LEGAL = {(state, command, role) for state, command, role, _ in EDGES}
STATES = sorted({state for edge in EDGES for state in (edge[0], edge[3]) if state})
ROLES = ("CUSTOMER", "VENDOR", "STAFF")

NEW_VISIT = at("2026-03-16 09:30")
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "accept": ("bookingAccept", {}),
    "decline": ("bookingDecline", {"reason": "no escort free"}),
    "assign": ("bookingAssign", {}),
    "confirm": ("bookingConfirm", {"isClientConfirming": True}),
    "reschedule": ("bookingReschedule", {"visitAt": at("2026-03-20 09:30")}),
    "cancel": ("bookingCancel", {"acceptDeduction": True}),
    "checkIn": ("bookingCheckIn", {}),
    "checkOut": ("bookingCheckOut", {}),
    "followUp": ("bookingFollowUpRecord", {}),
    "noShow": ("bookingNoShowRecord", {}),
    "attach": ("bookingDocumentsAttach", {}),
    "rate": ("bookingRate", {"score": 5}),
    "proposeDeduction": ("bookingDeductionPropose", {"reason": "on the way", "costIncurred": True}),
    "decideDeduction": ("bookingDeductionDecide", {"decision": "APPROVE", "reason": "proven"}),
}
"""Command of the lifecycle → the mutation that sends it, with what else it needs to be agreed to."""


# Every state, every command, every role -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def anywhere(gateway: Gateway) -> Iterator[Journey]:
    """A booking that the client moved on the very day, so that everything could be done to it but for its state."""
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=NEW_VISIT)
    yield journey
    escorts.put_back(gateway)


def put(journey: Journey, state: str) -> None:
    journey.change("update bookings set state = $3 where policy_id = $1 and id = $2", state)


def propose(journey: Journey) -> None:
    journey.change(
        "insert into booking_deductions (policy_id, id, booking_id, state, reason, proposed_by, proposed_at) "
        "values ($1, gen_random_uuid(), $2, 'PROPOSED', 'on the way', 'vendor:HUANQIU', now())"
    )


def withdraw(journey: Journey) -> None:
    journey.change("delete from booking_deductions where policy_id = $1 and booking_id = $2")


def is_taken(journey: Journey, role: str, command: str) -> bool:
    """Whether the API would take the step; a refusal must be one of the state, or of the kind of caller."""
    mutation, fields = CALLS[command]
    if command == "attach":
        paper = add_paper(journey.gateway, journey.number, "OTHER", None)
        fields = {"documents": [{"kind": "OTHER", "document": paper}]}
    name = mutation[0].upper() + mutation[1:]
    document = (
        f"mutation Try($input: {name}Input!) {{ {mutation}(input: $input, dryRun: true) "
        "{ refusals { message } booking { status } } }"
    )
    given = {"idempotencyKey": new_key(), "booking": journey.booking, **fields}
    answer = journey.who(role.lower(), at("2026-03-16 10:00")).ask(document, input=given)
    if "errors" in answer.body:
        if command != "attach":  # no clause speaks of it, so that there is none to refuse by
            assert answer.code == "FORBIDDEN", answer.error
            assert not any((state, command, role) in LEGAL for state in STATES)
        return False
    payload = answer.data[mutation]
    assert (payload["booking"] is None) is bool(payload["refusals"])
    return payload["refusals"] == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_the_api_takes_exactly_the_steps_of_the_lifecycle(anywhere: Journey, state: str, role: str) -> None:
    put(anywhere, state)
    deciding = {"decideDeduction"}
    taken = {command for command in CALLS.keys() - deciding if is_taken(anywhere, role, command)}
    propose(anywhere)
    taken |= {command for command in deciding if is_taken(anywhere, role, command)}
    withdraw(anywhere)
    assert taken == {command for command in CALLS if (state, command, role) in LEGAL}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_available_actions_are_the_steps_of_the_lifecycle(anywhere: Journey, state: str, role: str) -> None:
    put(anywhere, state)
    offered = anywhere.seen_by(role.lower())["availableActions"]
    assert sorted(offered) == sorted(CALLS[command][0] for command in CALLS if (state, command, role) in LEGAL)


def test_the_database_refuses_every_step_that_the_lifecycle_lacks(gateway: Gateway, anywhere: Journey) -> None:
    commands = [*CALLS, "request", "expire"]
    absent = [
        (state, command, role, after)
        for state in ["", *STATES]
        for command in commands
        for role in (*ROLES, "SYSTEM")
        for after in (state or "REQUESTED", "COMPLETED")
        if (state, command, role, after) not in EDGES
    ]
    assert as_owner(gateway, lambda owner: accepted_edges(owner, anywhere, absent)) == []


def test_the_database_knows_every_step_that_the_lifecycle_has(gateway: Gateway, anywhere: Journey) -> None:
    assert as_owner(gateway, lambda owner: accepted_edges(owner, anywhere, sorted(EDGES))) == sorted(EDGES)


async def accepted_edges(owner: Any, journey: Journey, edges: list[Any]) -> list[Any]:
    """Those of the steps that can be written as an event; nothing stays written."""
    accepted: list[Any] = []
    whole = owner.transaction()
    await whole.start()
    for edge in edges:
        attempt = owner.transaction()
        await attempt.start()
        try:
            await owner.execute(
                "insert into booking_events (policy_id, booking_id, seq, machine, from_state, command, role, to_state, "
                "actor, details, rulebook, at) values ($1, $2, 900, 'ESCORT', $3, $4, $5, $6, 'x', '{}', 'x', now())",
                *journey.key,
                *edge,
            )
            accepted.append(edge)
        except asyncpg.ForeignKeyViolationError:
            pass
        finally:
            await attempt.rollback()
    await whole.rollback()
    return accepted


@pytest.mark.anyio
@pytest.mark.parametrize("table", ["booking_events", "entitlement_entries"])
@pytest.mark.parametrize("statement", ["update {} set actor = 'somebody else'", "delete from {}"])
async def test_history_cannot_be_changed_by_the_gateway_itself(runtime: Any, table: str, statement: str) -> None:
    assert await runtime.fetchval("select current_user") == ROLE
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await runtime.execute(statement.format(table))


# The way of a booking -------------------------------------------------------------------------------------------


def test_a_booking_goes_from_request_to_completion(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("COMPLETED")
    assert [(step["command"], step["status"], step["role"]) for step in journey.seen_by("customer")["timeline"]] == [
        ("request", "REQUESTED", "CUSTOMER"),
        ("accept", "ACCEPTED", "VENDOR"),
        ("assign", "ASSIGNED", "VENDOR"),
        ("confirm", "CONFIRMED", "CUSTOMER"),
        ("checkIn", "IN_SERVICE", "VENDOR"),
        ("checkOut", "FOLLOW_UP", "VENDOR"),
        ("followUp", "COMPLETED", "VENDOR"),
    ]
    assert journey.uses() == (0, 1)


def test_the_visit_is_recorded_as_it_was(gateway: Gateway) -> None:
    details = begin(gateway).go_to("FOLLOW_UP").details()
    assert (details["checkedInAt"], details["checkedOutAt"], details["actualMinutes"]) == (
        "2026-03-12T01:30:00Z",
        "2026-03-12T05:30:00Z",
        240,
    )


def test_a_declined_request_gives_the_use_back(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.take("vendor", "bookingDecline", reason="no escort free")
    assert journey.uses() == (0, 0)
    assert journey.seen_by("customer")["timeline"][-1]["reason"] == "no escort free"


@pytest.mark.parametrize("reason", ["", "   "])
def test_declining_needs_a_reason(gateway: Gateway, reason: str) -> None:
    answer = begin(gateway).send("vendor", "bookingDecline", reason=reason)
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == ["input", "reason"]


def test_the_vendor_may_record_the_clients_word(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    journey.take("vendor", "bookingConfirm", isClientConfirming=True)
    assert journey.seen_by("customer")["confirmedAt"] == "2026-03-09T01:00:00Z"


def test_the_meeting_place_is_the_hospital_where_none_is_named(gateway: Gateway) -> None:
    details = begin(gateway).go_to("ASSIGNED").details()
    assert details["meetingPlace"] == "演示儿童医院（上海徐汇）"


def test_another_escort_can_be_assigned_to_a_confirmed_booking(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    again = journey.take("vendor", "bookingAssign", escort="E-again", escortName="小王")
    assert again["booking"]["status"] == "CONFIRMED"
    assert journey.details()["escortName"] == "小王"


# Escorts --------------------------------------------------------------------------------------------------------


@pytest.fixture
def escort() -> str:
    """An escort that no other test employs."""
    return f"E-{new_key()[:8]}"


def assign(journey: Journey, escort: str) -> Any:
    return journey.send("vendor", "bookingAssign", escort=escort)


def at_work(gateway: Gateway, escort: str, **changes: Any) -> Journey:
    """A booking that the escort has been given."""
    journey = begin(gateway, **changes)
    assert assign(journey, escort).data["bookingAssign"]["refusals"] == []
    return journey


def is_given(gateway: Gateway, escort: str, **changes: Any) -> bool:
    return assign(begin(gateway, **changes), escort).data["bookingAssign"]["refusals"] == []


def test_an_escort_is_in_one_place_at_a_time(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort, plannedMinutes=120)
    answer = assign(begin(gateway, visitAt=at("2026-03-12 11:15")), escort)
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == ["input", "escort"]


@pytest.mark.parametrize("visit_at", ["2026-03-12 11:30", "2026-03-12 07:30"], ids=["after", "before"])
def test_an_escort_goes_from_one_visit_straight_to_the_next(gateway: Gateway, escort: str, visit_at: str) -> None:
    at_work(gateway, escort, plannedMinutes=120)
    assert is_given(gateway, escort, visitAt=at(visit_at), plannedMinutes=120)


def test_an_escort_serves_one_hospital_a_day(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort, plannedMinutes=60)
    elsewhere = begin(gateway, hospital="DEMO-SH-002", visitAt=at("2026-03-12 15:00"))
    answer = assign(elsewhere, escort).data["bookingAssign"]
    verdict = verdict_of(answer, "ZYB-ESC-24")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "escort"])
    assert "2026-03-12" in verdict["message"]
    assert {found["rule"]["code"] for found in answer["verdicts"]} == {"ZYB-GEN-02", "ZYB-ESC-07", "ZYB-ESC-24"}


def test_an_escort_serves_another_hospital_on_another_day(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort)
    assert is_given(gateway, escort, hospital="DEMO-SH-002", visitAt=at("2026-03-13 09:30"))


def test_the_escort_of_a_cancelled_visit_may_serve_another_hospital(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort).take("customer", "bookingCancel")
    assert is_given(gateway, escort, hospital="DEMO-SH-002")


def test_the_escort_of_a_visit_that_was_put_off_is_free(gateway: Gateway, escort: str) -> None:
    at_work(gateway, escort).take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    assert is_given(gateway, escort)


def test_an_escort_who_is_replaced_is_free(gateway: Gateway, escort: str) -> None:
    journey = at_work(gateway, escort)
    assign(journey, f"{escort}-2")
    assert is_given(gateway, escort)


def test_an_escort_keeps_the_visit_that_is_assigned_to_the_same_one_again(gateway: Gateway, escort: str) -> None:
    journey = at_work(gateway, escort)
    assert assign(journey, escort).data["bookingAssign"]["refusals"] == []


def test_the_escort_of_a_product_without_such_a_rule_may_serve_two_hospitals(gateway: Gateway, escort: str) -> None:
    morning = begin(gateway, "VAS", plannedMinutes=60)
    noon = begin(gateway, "VAS", hospital="DEMO-SH-002", visitAt=at("2026-03-12 12:00"))
    for journey in (morning, noon):
        assert assign(journey, escort).data["bookingAssign"]["refusals"] == []


def test_a_visit_past_midnight_takes_the_escorts_next_morning_too(gateway: Gateway, escort: str) -> None:
    late = begin(gateway, "VAS", visitAt=at("2026-03-12 22:00"))
    assert assign(late, escort).data["bookingAssign"]["refusals"] == []
    early = begin(gateway, "VAS", visitAt=at("2026-03-13 01:00"), plannedMinutes=60)
    assert assign(early, escort).code == "BAD_USER_INPUT"


# Another time or place ------------------------------------------------------------------------------------------


def test_rescheduling_keeps_the_use_and_asks_the_vendor_again(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    moved = journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    assert (moved["booking"]["status"], moved["booking"]["visitAt"]) == ("REQUESTED", "2026-03-16T01:30:00Z")
    assert journey.uses() == (1, 0)
    assert [entry["kind"] for entry in journey.account()["ledger"]] == ["GRANT", "HOLD"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"visitAt": at("2026-03-09 18:00")}, "ZYB-TBL-07"),
        ({"visitAt": at("2027-01-01 09:00")}, "ZYB-TBL-10"),
        ({"visitAt": NEW_VISIT, "hospital": "DEMO-XZ-001"}, "ZYB-TBL-12"),
        ({"visitAt": NEW_VISIT, "plannedMinutes": 241}, "ZYB-TBL-16"),
        ({"visitAt": NEW_VISIT, "hospital": "DEMO-SH-004"}, "ZYB-ESC-22"),
        ({"visitAt": at("2026-03-16 22:00")}, "ZYB-ESC-24"),
    ],
)
def test_rescheduling_asks_the_rules_of_the_visit_again(anywhere: Journey, changes: dict[str, Any], code: str) -> None:
    put(anywhere, "REQUESTED")
    assert refused(anywhere.take("customer", "bookingReschedule", **changes)) == {code}


def test_rescheduling_past_a_birthday_asks_for_a_companion(gateway: Gateway) -> None:
    elderly = {"name": "演示老人", "gender": "FEMALE", "birthOn": "1956-03-13"}
    number = escorts.register(gateway, insured=[escorts.person(**elderly)])
    journey = begin(gateway, number=number, patient={**elderly, "phone": "13800138000"})
    assert refused(journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)) == {"ZYB-ESC-20"}
    together = journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT, companion={"relation": "RELATIVE"})
    assert refused(together) == set()
    assert journey.details()["companionRelation"] == "RELATIVE"


def test_rescheduling_to_a_near_day_warns_that_it_cannot_be_cancelled_freely(gateway: Gateway) -> None:
    moved = begin(gateway).take("customer", "bookingReschedule", visitAt=at("2026-03-10 08:00"))
    assert "ZYB-ESC-27" in warned(moved)


def test_rescheduling_ends_what_had_been_arranged(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.take("vendor", "bookingAssign", escortName="小李", meetingPlace="东门", materials="身份证")
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT, hospital="DEMO-SH-002", department="CARDIOLOGY")
    details = journey.details()
    assert (details["escortName"], details["meetingPlace"], details["materials"]) == (None, None, None)
    seen = journey.seen_by("customer")
    assert (seen["hospital"]["code"], seen["department"]["code"]) == ("DEMO-SH-002", "CARDIOLOGY")


def test_rescheduling_keeps_what_it_does_not_change(gateway: Gateway) -> None:
    journey = begin(gateway, companion={"relation": "RELATIVE", "name": "演示亲属"})
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    details = journey.details()
    assert (details["companionRelation"], details["registration"]) == ("RELATIVE", "儿科 上午 12 号")
    assert companion_name(journey) == "演示亲属"


def test_another_companion_does_not_keep_the_name_of_the_former(gateway: Gateway) -> None:
    journey = begin(gateway, companion={"relation": "RELATIVE", "name": "演示亲属"})
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT, companion={"relation": "FAMILY_MEMBER"})
    assert companion_name(journey) is None


def companion_name(journey: Journey) -> str | None:
    (row,) = journey.look("select companion_name from escort_details where policy_id = $1 and booking_id = $2")
    return row["companion_name"]


def test_rescheduling_replaces_clock_and_reminder(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    clocks = [(found["status"], found["dueAt"]) for found in journey.seen_by("vendor")["slaClocks"]]
    assert clocks == [("MET", "2026-03-11T10:00:00Z"), ("RUNNING", "2026-03-15T10:00:00Z")]
    assert pending_reminders(journey) == []
    journey.take("vendor", "bookingAccept")
    journey.take("customer", "bookingConfirm")
    assert pending_reminders(journey) == ["2026-03-15T01:00:00+00:00"]


def test_rescheduling_cancels_a_clock_that_still_runs(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    assert [found["status"] for found in journey.seen_by("vendor")["slaClocks"]] == ["CANCELLED", "RUNNING"]


@pytest.mark.parametrize(
    ("role", "mutation", "fields"),
    [
        ("customer", "bookingCancel", {}),
        ("vendor", "bookingDecline", {"reason": "ill"}),
    ],
)
def test_a_booking_that_ends_leaves_no_reminder(
    gateway: Gateway, role: str, mutation: str, fields: dict[str, Any]
) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take(role, mutation, **fields)
    assert pending_reminders(journey) == []


def pending_reminders(journey: Journey) -> list[str]:
    rows = journey.look(
        "select available_at from outbox_messages where policy_id = $1 and subject_id = $2 "
        "and topic = 'booking.reminder' and cancelled_at is null order by available_at"
    )
    return [row["available_at"].isoformat() for row in rows]


def test_every_step_tells_the_other_side_once(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("COMPLETED")
    told = journey.look(
        "select topic, audience from outbox_messages where policy_id = $1 and subject_id = $2 "
        "and topic <> 'booking.reminder' order by id"
    )
    assert [(row["topic"], row["audience"]) for row in told] == [
        ("booking.requested", "VENDOR"),
        ("booking.accepted", "CUSTOMER"),
        ("booking.assigned", "CUSTOMER"),
        ("booking.confirmed", "VENDOR"),
        ("booking.completed", "CUSTOMER"),
    ]


def test_messages_carry_no_personal_data(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("COMPLETED")
    for row in journey.look("select payload from outbox_messages where policy_id = $1 and subject_id = $2"):
        assert set(row["payload"]) <= {"booking", "vendor"}


def test_putting_a_visit_off_is_no_way_around_the_rules_on_cancelling(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", visitAt=NEW_VISIT)
    journey.take("customer", "bookingCancel")
    assert journey.account()["cancellationCount"] == 1


def test_a_visit_that_the_vendor_moved_is_not_confirmed_by_the_client(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("vendor", "bookingReschedule", visitAt=at("2026-03-10 08:00"))
    assert journey.quote(NOW)["outcome"] == "FREE"
    assert journey.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert (journey.uses(), journey.account()["cancellationCount"]) == ((0, 0), 0)


# Cancelling, and what it would mean -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["REQUESTED", "ACCEPTED", "ASSIGNED", "CONFIRMED"])
def test_a_booking_can_be_cancelled_freely_in_good_time(gateway: Gateway, state: str) -> None:
    journey = begin(gateway)
    if state != "REQUESTED":
        journey.go_to(state)
    assert journey.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert journey.uses() == (0, 0)
    assert journey.account()["cancellationCount"] == (1 if state == "CONFIRMED" else 0)


@pytest.mark.parametrize("state", ["IN_SERVICE", "FOLLOW_UP", "COMPLETED"])
def test_a_service_that_has_begun_cannot_be_cancelled(gateway: Gateway, state: str) -> None:
    journey = begin(gateway).go_to(state)
    answer = journey.take("customer", "bookingCancel", AFTER_THE_VISIT, acceptDeduction=True)
    assert "ZYB-ESC-26" in refused(answer)


def test_a_cancelled_booking_frees_the_policy_for_another(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.take("customer", "bookingCancel")
    assert begin(gateway, number=journey.number).uses() == (1, 0)


def test_the_quote_says_until_when_it_is_free(gateway: Gateway) -> None:
    quoted = begin(gateway).go_to("CONFIRMED").quote(NOW)
    assert (quoted["outcome"], quoted["freeUntil"]) == ("FREE", "2026-03-11T01:30:00Z")


@pytest.mark.parametrize(
    ("now", "outcome"),
    [("2026-03-11T09:30:00+08:00", "FREE"), ("2026-03-11T09:30:01+08:00", "COUNTS_AS_USED")],
    ids=["exactly 24 hours", "one second less"],
)
def test_the_quote_changes_24_hours_before_the_visit(gateway: Gateway, now: str, outcome: str) -> None:
    quoted = begin(gateway).go_to("CONFIRMED").quote(now)
    assert (quoted["outcome"], quoted["freeUntil"]) == (outcome, "2026-03-11T01:30:00Z")


def test_the_quote_of_a_second_cancellation_promises_no_free_one(gateway: Gateway) -> None:
    first = begin(gateway).go_to("CONFIRMED")
    first.take("customer", "bookingCancel")
    quoted = begin(gateway, number=first.number).go_to("CONFIRMED").quote(NOW)
    assert (quoted["outcome"], quoted["freeUntil"]) == ("COUNTS_AS_USED", None)


def test_the_quote_of_an_unconfirmed_booking_is_free_up_to_the_visit(gateway: Gateway) -> None:
    quoted = begin(gateway).go_to("ASSIGNED").quote(at("2026-03-11 12:00"))
    assert (quoted["outcome"], quoted["freeUntil"]) == ("FREE", "2026-03-12T01:30:00Z")


@pytest.mark.parametrize("state", ["IN_SERVICE", "COMPLETED"])
def test_the_quote_of_what_has_begun_is_a_refusal(gateway: Gateway, state: str) -> None:
    quoted = begin(gateway).go_to(state).quote(AFTER_THE_VISIT)
    assert (quoted["outcome"], quoted["freeUntil"]) == ("REFUSED", None)


def test_the_quote_of_a_foreign_booking_is_answered_as_if_it_did_not_exist(gateway: Gateway) -> None:
    journey = begin(gateway)
    stranger = gateway.customer(escorts.register(gateway)).at(NOW)
    answers = [
        stranger.ask(escorts.QUOTE, id=booking).error["message"]
        for booking in (journey.booking, journey.booking[:-8] + "00000000")
    ]
    assert answers[0] == answers[1]


def test_a_quote_leaves_no_trace(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    before = escorts.row_counts(gateway)
    journey.quote(NOW)
    assert escorts.row_counts(gateway) == before


# The customer's opinion -----------------------------------------------------------------------------------------


def test_the_customer_rates_a_completed_service(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("COMPLETED")
    journey.take("customer", "bookingRate", score=4, comment="很周到")
    assert journey.seen_by("customer")["rating"] == {"score": 4, "comment": "很周到"}


def test_the_last_rating_counts(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("COMPLETED")
    for score in (2, 5):
        journey.take("customer", "bookingRate", score=score)
    assert journey.seen_by("customer")["rating"]["score"] == 5


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_is_one_to_five(gateway: Gateway, score: int) -> None:
    answer = begin(gateway).send("customer", "bookingRate", score=score)
    assert answer.error["extensions"]["inputPath"] == ["input", "score"]


@pytest.mark.parametrize("role", ["vendor", "staff"])
def test_nobody_but_the_customer_rates(gateway: Gateway, role: str) -> None:
    assert begin(gateway).send(role, "bookingRate", score=5).code == "FORBIDDEN"


# A deduction for a change on the day ----------------------------------------------------------------------------

CLAIM = {"reason": "the escort was on the way", "costIncurred": True, "evidence": "receipt 17"}


def proposed(gateway: Gateway) -> Journey:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=NEW_VISIT)
    journey.take("vendor", "bookingDeductionPropose", VISIT, **CLAIM)
    return journey


def test_a_proposal_alone_deducts_nothing(gateway: Gateway) -> None:
    journey = proposed(gateway)
    assert journey.uses() == (1, 0)
    assert journey.seen_by("customer")["deduction"]["status"] == "PROPOSED"


def test_an_approved_deduction_spends_the_use_and_ends_the_booking(gateway: Gateway) -> None:
    journey = proposed(gateway)
    decided = journey.take("staff", "bookingDeductionDecide", decision="APPROVE", reason="receipts were shown")
    assert decided["booking"]["status"] == "DEDUCTED"
    assert journey.uses() == (0, 1)
    assert journey.seen_by("customer")["deduction"]["decisionReason"] == "receipts were shown"


def test_a_rejected_deduction_leaves_everything_as_it_was(gateway: Gateway) -> None:
    journey = proposed(gateway)
    decided = journey.take("staff", "bookingDeductionDecide", decision="REJECT", reason="no proof")
    assert decided["booking"]["status"] == "REQUESTED"
    assert journey.uses() == (1, 0)
    assert journey.seen_by("customer")["deduction"]["status"] == "REJECTED"


def test_a_deduction_is_proposed_once(gateway: Gateway) -> None:
    assert proposed(gateway).send("vendor", "bookingDeductionPropose", VISIT, **CLAIM).code == "BAD_USER_INPUT"


def test_a_deduction_is_decided_once(gateway: Gateway) -> None:
    journey = proposed(gateway)
    decision = {"decision": "REJECT", "reason": "no proof"}
    journey.take("staff", "bookingDeductionDecide", **decision)
    assert journey.send("staff", "bookingDeductionDecide", **decision).code == "BAD_USER_INPUT"


@pytest.mark.parametrize("role", ["vendor", "customer"])
def test_nobody_but_staff_decides(gateway: Gateway, role: str) -> None:
    answer = proposed(gateway).send(role, "bookingDeductionDecide", decision="APPROVE", reason="we say so")
    assert answer.code == "FORBIDDEN"


def test_who_proposed_cannot_decide_in_the_database_either(gateway: Gateway) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="two_people"):
        proposed(gateway).change(
            "update booking_deductions set state = 'APPROVED', decided_by = proposed_by, decided_at = now() "
            "where policy_id = $1 and booking_id = $2"
        )
