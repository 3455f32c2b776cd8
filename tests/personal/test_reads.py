"""Who is shown a sensitive field stands in the audit trail before the answer leaves, whichever way it was asked."""

import asyncio
import uuid
from dataclasses import replace
from typing import Any

import pytest

from gateway.execution.objects import MARK
from tests.conftest import ROLE
from tests.live.talking import data_of, events, socket
from tests.support import preauths
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, Journey, begin, book_raw, change, look, register, row_counts
from tests.support.reads import BOTH, SYMPTOMS, noted, notes, notes_of

NODE = f"query N($id: ID!) {{ node(id: $id) {{ ... on Booking {{ id {SYMPTOMS} }} }} }}"
OTHER = NODE.replace("symptom need", "patientName")
LIST = f"{{ bookings(first: 5) {{ nodes {{ id {SYMPTOMS} }} }} }}"
NESTED = f"query P($n: String!) {{ policy(number: $n) {{ bookings(first: 5) {{ nodes {{ {SYMPTOMS} }} }} }} }}"
FOLLOW = f"subscription F($id: ID!) {{ bookingChanged(id: $id) {{ command booking {{ {SYMPTOMS} }} }} }}"
ACCEPT = (
    "mutation A($input: BookingAcceptInput!, $dryRun: Boolean! = false) "
    f"{{ bookingAccept(input: $input, dryRun: $dryRun) {{ booking {{ id {SYMPTOMS} }} }} }}"
)


@pytest.fixture
def journey(gateway: Gateway) -> Journey:
    return begin(gateway)


# What is noted


@pytest.mark.parametrize("role", ["customer", "vendor", "staff"])
def test_everybody_who_reads_is_noted(gateway: Gateway, journey: Journey, role: str) -> None:
    answer = journey.who(role).ask(NODE, id=journey.booking)
    assert answer.data["node"]["details"]["symptom"] == "咳嗽"
    (note,) = notes(gateway, answer)
    assert (note["actor_kind"], note["fields"]) == (role.upper(), BOTH)
    assert (note["policy_id"], note["subject_id"]) == journey.key


def test_why_and_for_whom_is_what_the_request_says(gateway: Gateway, journey: Journey) -> None:
    said = {"x-purpose": "COMPLAINT", "x-on-behalf-of": "ticket-4711"}
    answer = replace(journey.who("staff"), headers=said).ask(NODE, id=journey.booking)
    (note,) = notes(gateway, answer)
    assert (note["actor"], note["purpose"], note["on_behalf_of"]) == ("staff:adjuster", "COMPLAINT", "ticket-4711")


def test_a_write_is_noted_with_the_same_reason(gateway: Gateway) -> None:
    number, said = register(gateway), {"x-purpose": "SERVICE_DELIVERY", "x-on-behalf-of": "ticket-4712"}
    answer = book_raw(replace(gateway.customer(number).at(NOW), headers=said), number)
    assert answer.data["escortBook"]["refusals"] == []
    (row,) = look(
        gateway,
        "select * from audit_entries where request_id = $1 and operation = 'escortBook'",
        answer.response.headers["x-request-id"],
    )
    assert (row["purpose"], row["on_behalf_of"]) == ("SERVICE_DELIVERY", "ticket-4712")


@pytest.mark.parametrize(
    ("header", "said"),
    [("x-purpose", "curiosity"), ("x-on-behalf-of", "Zhang San, room 5"), ("x-on-behalf-of", "x" * 65)],
    ids=["no known purpose", "a name", "too long"],
)
def test_a_reason_that_cannot_be_taken_is_refused(journey: Journey, header: str, said: str) -> None:
    answer = replace(journey.who("staff"), headers={header: said}).ask(NODE, id=journey.booking)
    assert (answer.response.status_code, answer.code) == (400, "BAD_USER_INPUT")
    assert header in answer.error["message"]


def test_no_value_is_noted(gateway: Gateway, journey: Journey) -> None:
    (note,) = notes(gateway, journey.who("customer").ask(NODE, id=journey.booking))
    assert "咳嗽" not in str(note)


def test_what_is_null_was_not_shown(gateway: Gateway) -> None:
    journey = begin(gateway)
    journey.change("update escort_details set symptom = null where policy_id = $1 and booking_id = $2")
    (note,) = notes(gateway, journey.who("customer").ask(NODE, id=journey.booking))
    assert note["fields"] == {"EscortDetails.need"}


def test_nothing_shown_is_nothing_noted(gateway: Gateway, journey: Journey) -> None:
    journey.change("update escort_details set symptom = null, need = null where policy_id = $1 and booking_id = $2")
    answer = journey.who("customer").ask(NODE, id=journey.booking)
    assert answer.data["node"]["details"] == {"symptom": None, "need": None}
    assert notes(gateway, answer) == []


def test_other_fields_are_not_noted(gateway: Gateway, journey: Journey) -> None:
    answer = journey.who("customer").ask(OTHER, id=journey.booking)
    assert answer.data["node"]["details"]["patientName"]
    assert notes(gateway, answer) == []


def test_what_a_stranger_asks_for_is_not_shown(gateway: Gateway, journey: Journey) -> None:
    answer = gateway.customer(register(gateway)).at(NOW).ask(NODE, id=journey.booking)
    assert answer.data["node"] is None
    assert notes(gateway, answer) == []


# Whichever way


def test_of_a_page_only_its_rows_are_noted(gateway: Gateway) -> None:
    one, two = (begin(gateway) for _ in range(2))
    me = gateway.customer(one.number, two.number).at(NOW)
    answer = me.ask(LIST.replace("first: 5", "first: 1"))
    (note,) = notes(gateway, answer)
    (shown,) = answer.data["bookings"]["nodes"]
    assert note["subject_id"] == (one if shown["id"] == one.booking else two).key[1]


def test_each_row_of_a_list_is_a_line(gateway: Gateway) -> None:
    journeys = [begin(gateway) for _ in range(2)]
    answer = gateway.customer(*(journey.number for journey in journeys)).at(NOW).ask(LIST)
    assert {note["subject_id"] for note in notes(gateway, answer)} == {journey.key[1] for journey in journeys}


def test_a_nested_list_is_noted(gateway: Gateway, journey: Journey) -> None:
    answer = journey.who("staff").ask(NESTED, n=journey.number)
    assert [note["fields"] for note in notes(gateway, answer)] == [BOTH]


def test_a_row_of_a_case_is_noted_as_its_case(gateway: Gateway) -> None:
    number = preauths.policy(gateway)
    case = preauths.send(gateway.customer(number).at(NOW), "preAuthSubmit", preauths.request(number))["preAuth"]
    document = "query N($id: ID!) { node(id: $id) { ... on PreAuth { diagnosis items { name } } } }"
    (note,) = notes(gateway, gateway.staff().ask(document, id=case["id"]))
    assert note["fields"] == {"PreAuth.diagnosis", "PreAuthItem.name"}
    assert case["id"].endswith(note["subject_id"].hex)


def test_what_people_write_of_a_case_is_noted(gateway: Gateway, journey: Journey) -> None:
    journey.take("customer", "bookingCancel", reason="化疗后太累")
    document = "query N($id: ID!) { node(id: $id) { ... on Booking { timeline { command reason } } } }"
    answer = journey.who("staff").ask(document, id=journey.booking)
    assert answer.data["node"]["timeline"][-1]["reason"] == "化疗后太累"
    (note,) = notes(gateway, answer)
    assert ((note["policy_id"], note["subject_id"]), note["fields"]) == (journey.key, {"BookingEvent.reason"})


def test_a_payload_is_noted_besides_its_write(gateway: Gateway, journey: Journey) -> None:
    answer = journey.who("vendor").ask(ACCEPT, input={"idempotencyKey": new_key(), "booking": journey.booking})
    assert answer.data["bookingAccept"]["booking"]["details"]["symptom"] == "咳嗽"
    assert [note["fields"] for note in notes(gateway, answer)] == [BOTH]


def test_a_dry_run_that_shows_is_noted_though_it_is_undone(gateway: Gateway, journey: Journey) -> None:
    before = row_counts(gateway)
    given = {"idempotencyKey": new_key(), "booking": journey.booking}
    answer = journey.who("vendor").ask(ACCEPT, input=given, dryRun=True)
    assert [note["fields"] for note in notes(gateway, answer)] == [BOTH]
    assert row_counts(gateway) == before


def test_a_refused_mutation_shows_nothing(gateway: Gateway, journey: Journey) -> None:
    answer = book_raw(gateway.customer(journey.number).at(NOW), journey.number, visitAt="2020-01-01T09:00:00+08:00")
    assert answer.data["escortBook"]["refusals"]
    assert notes(gateway, answer) == []


def test_get_is_noted(gateway: Gateway, journey: Journey) -> None:
    me = journey.who("customer")
    given = {"query": NODE, "variables": f'{{"id": "{journey.booking}"}}'}
    response = gateway.http.get(f"{gateway.address}/graphql", params=given, headers=me.all_headers)
    assert "etag" not in response.headers
    assert [note["fields"] for note in notes_of(gateway, response.headers["x-request-id"])] == [BOTH]


def test_the_plain_executor_notes_alike(gateway: Gateway, journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = notes(gateway, journey.who("vendor").ask(NODE, id=journey.booking))
    assert planned
    monkeypatch.setattr("gateway.execution.plan.Plans.find", lambda *_: None)
    plain = notes(gateway, journey.who("vendor").ask(NODE, id=journey.booking))
    told = ("policy_id", "subject_id", "actor", "fields")
    assert [[note[name] for name in told] for note in plain] == [[note[name] for name in told] for note in planned]


@pytest.mark.anyio
async def test_each_message_of_a_socket_is_noted(gateway: Gateway, journey: Journey) -> None:
    async with socket(replace(journey.who("customer"), headers={"x-purpose": "OWN_RECORDS"})) as line:
        await line.follow(FOLLOW, id=journey.booking)
        await asyncio.to_thread(journey.take, "vendor", "bookingAccept")
        assert (await line.data())["booking"]["details"]["symptom"] == "咳嗽"
    assert [(row["fields"], row["purpose"]) for row in await asyncio.to_thread(all_notes, journey)] == [
        (BOTH, "OWN_RECORDS")
    ]


@pytest.mark.anyio
async def test_each_event_of_a_stream_is_noted(journey: Journey) -> None:
    stream = events(journey.who("customer"), FOLLOW.replace("id: $id", 'id: $id, after: "0"'), id=journey.booking)
    await asyncio.to_thread(journey.take, "vendor", "bookingAccept")
    assert data_of(await anext(stream))["booking"]["details"]["symptom"] == "咳嗽"
    await stream.aclose()
    assert await asyncio.to_thread(all_notes, journey)


# What is never so


def test_without_the_note_there_is_no_answer(gateway: Gateway, journey: Journey) -> None:
    change(gateway, f"revoke insert on audit_entries from {ROLE}")
    try:
        answer = journey.who("customer").ask(NODE, id=journey.booking)
    finally:
        change(gateway, f"grant insert on audit_entries to {ROLE}")
    assert answer.code == "INTERNAL"
    assert "咳嗽" not in answer.response.text


def test_no_mark_is_left_in_an_answer(gateway: Gateway, journey: Journey) -> None:
    assert MARK not in journey.who("customer").ask(NODE, id=journey.booking).response.text


def test_what_looks_like_a_mark_in_a_text_stays_a_text(gateway: Gateway) -> None:
    nil = uuid.UUID(int=0)
    forged = f'"{MARK}" : "{nil} {nil} Advance.diagnosis", x'
    journey = begin(gateway, symptom=forged)
    answer = journey.who("customer").ask(NODE, id=journey.booking)
    assert answer.data["node"]["details"]["symptom"] == forged
    assert [note["fields"] for note in notes(gateway, answer)] == [BOTH]


def all_notes(journey: Journey) -> list[dict[str, Any]]:
    """Of a booking that nobody has read in another way."""
    return noted(
        journey.look(
            "select * from audit_entries where policy_id = $1 and subject_id = $2 and operation = 'fieldsRead'"
        )
    )
