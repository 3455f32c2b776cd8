"""Bookings in every state: who may take which step, what it does, and what the customer thinks of it."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from gateway.postgres.migrate import ROLE
from seeds.files import read
from tests.support import escorts
from tests.support.client import Gateway, new_key
from tests.support.escorts import Journey, add_paper, as_owner, at, begin, refused

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
    "assign": ("bookingAssign", {"escortName": "小李"}),
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
