"""Services that are answered: every step by those who may take it and no other, once, and by nobody in secret."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from gateway.auth.viewer import VENDOR_SCOPES, Viewer, ViewerKind
from gateway.postgres.migrate import ROLE
from gateway.postgres.session import speak_for_gateway
from seeds.files import read
from tests.support import escorts
from tests.support.client import Gateway, new_key
from tests.support.consultations import (
    DOCTOR,
    LATER,
    NIGHT,
    OPEN,
    PHONE,
    Consultation,
    begin,
    new_policy,
    question,
    send,
    try_question,
)
from tests.support.drugs import handed
from tests.support.escorts import add_paper, as_owner, change, look, put_back, refused, row_counts, step

MACHINES = ("CONSULTATION", "DRUG_QUESTION", "CHECKUP_PLAN", "ONSITE_ASSISTANCE")
TABLE = read("lifecycles.yaml")
EDGES = {
    (machine, state, edge["command"], role, after)
    for machine in MACHINES
    for edge in TABLE[machine]
    for state in edge["from"]
    for role in edge["by"]
    for after in edge["to"]
}
LEGAL = {edge[:4] for edge in EDGES}
STATES = {machine: sorted({s for e in EDGES if e[0] == machine for s in (e[1], e[4]) if s}) for machine in MACHINES}
ROLES = ("CUSTOMER", "VENDOR", "STAFF")
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "assign": ("bookingAssign", {"doctor": DOCTOR}),
    "accept": ("bookingAccept", {}),
    "reply": ("consultationReply", {"content": "答", "doctor": DOCTOR}),
    "ask": ("consultationReply", {"content": "问"}),
    "close": ("consultationClose", {"summary": "小结"}),
    "attach": ("bookingDocumentsAttach", {}),
    "cancel": ("bookingCancel", {}),
    "confirm": ("bookingConfirm", {}),
    "followUp": ("bookingFollowUpRecord", {}),
    "rate": ("bookingRate", {"score": 4}),
}
"""Command of a lifecycle → the mutation that sends it, with what else it needs to be agreed to."""

SENDERS = {
    "assign": ("VENDOR",),
    "accept": ("VENDOR",),
    "reply": ("VENDOR", "STAFF"),
    "ask": ("CUSTOMER",),
    "close": ("VENDOR", "STAFF"),
    "followUp": ("VENDOR", "STAFF"),
    "rate": ("CUSTOMER",),
}
"""Who may send the mutation at all; the others are told so before any booking is looked at."""


def other(gateway: Gateway, product: str, mutation: str, **given: Any) -> Consultation:
    number = new_policy(gateway, product)
    answer = send(gateway.customer(number).at(OPEN), mutation, **{"policyNumber": number} | given)
    return Consultation(gateway, product, number, answer.data[mutation]["booking"]["id"])


@pytest.fixture(scope="module")
def cases(gateway: Gateway) -> Iterator[dict[str, Consultation]]:
    """One booking of every machine; in the end each is put back to where its history has led it."""
    drug = {"category": "OTHER", "question": "?", "phone": PHONE, "acknowledged": ["ZAWX-DRUG-06"]}
    onsite = {"hospital": "SH-XINHUA", "visitAt": "2026-03-10T09:00:00+08:00"}
    asked = other(gateway, "ZAWX", "drugQuestionAsk", **drug)
    asked.take("vendor", "bookingAccept")  # a question that was never logged cannot be answered, whatever its state
    made = {
        "CONSULTATION": begin(gateway, "VAS"),
        "DRUG_QUESTION": asked,
        "CHECKUP_PLAN": other(gateway, "CY26", "checkupPlanRequest"),
        "ONSITE_ASSISTANCE": other(gateway, "CY26", "onsiteAssistanceRequest", **onsite),
    }
    yield made
    put_back(gateway)


def put(gateway: Gateway, case: Consultation, state: str) -> None:
    """Set the state behind the gateway's back."""
    number = case.seen_by("customer")["number"]
    change(gateway, "update bookings set state = $2 where number = $1", number, state)


PLACES = [
    (machine, state, command, role)
    for machine in MACHINES
    for state in STATES[machine]
    for command in CALLS
    for role in ROLES
    if role in SENDERS.get(command, ROLES)
]


def is_served_by_nobody(machine: str, role: str) -> bool:
    return machine == "ONSITE_ASSISTANCE" and role == "VENDOR"


@pytest.mark.parametrize(
    ("machine", "state", "command", "role"),
    [place for place in PLACES if not is_served_by_nobody(place[0], place[3])],
    ids=lambda item: item,
)
def test_a_step_is_taken_exactly_where_the_table_has_it(
    gateway: Gateway, cases: dict[str, Consultation], machine: str, state: str, command: str, role: str
) -> None:
    case = cases[machine]
    put(gateway, case, state)
    mutation, given = CALLS[command]
    if command == "attach":
        given = {"documents": handed(gateway, case.number, "OTHER")}
    who = gateway.staff().at(LATER) if role == "STAFF" else case.who(role.lower(), LATER)
    answer = send(who, mutation, dry_run=True, booking=case.booking, **given)
    taken = "errors" not in answer.body and answer.data[mutation]["refusals"] == []
    assert taken == ((machine, state, command, role) in LEGAL), answer.body
    if "errors" in answer.body:
        assert answer.code == "BAD_USER_INPUT"
        assert answer.error["extensions"]["inputPath"] == ["input", "booking"]


@pytest.mark.parametrize("machine", MACHINES)
def test_available_actions_are_the_steps_of_the_table(
    gateway: Gateway, cases: dict[str, Consultation], machine: str
) -> None:
    case = cases[machine]
    for state in STATES[machine]:
        put(gateway, case, state)
        legal = {CALLS[command][0] for m, s, command, role in LEGAL if (m, s, role) == (machine, state, "CUSTOMER")}
        assert set(case.seen_by("customer")["availableActions"]) == legal, state


@pytest.mark.parametrize("mutation", ["bookingCheckIn", "bookingCheckOut", "bookingNoShowRecord"])
def test_a_consultation_has_no_visit_to_check_in_to(gateway: Gateway, mutation: str) -> None:
    case = begin(gateway, "ZYB")
    assert case.send("vendor", mutation).error["extensions"]["inputPath"] == ["input", "booking"]


def test_a_consultation_is_put_off_to_no_other_day(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    answer = case.send("customer", "bookingReschedule", visitAt="2026-03-20T09:30:00+08:00")
    assert answer.error["extensions"]["inputPath"] == ["input", "booking"]


def test_an_escort_is_answered_by_nobody(gateway: Gateway) -> None:
    journey = escorts.begin(gateway)
    answer = journey.send("vendor", "consultationReply", content="答")
    assert answer.error["extensions"]["inputPath"] == ["input", "booking"]


@pytest.mark.parametrize(
    "edge",
    [
        ("CONSULTATION", "REQUESTED", "close", "VENDOR", "COMPLETED"),
        ("CONSULTATION", "IN_SERVICE", "reply", "CUSTOMER", "IN_SERVICE"),
        ("DRUG_QUESTION", "REQUESTED", "reply", "VENDOR", "COMPLETED"),
        ("ONSITE_ASSISTANCE", "REQUESTED", "confirm", "VENDOR", "CONFIRMED"),
        ("CHECKUP_PLAN", "COMPLETED", "cancel", "CUSTOMER", "CANCELLED_FREE"),
    ],
    ids=lambda edge: "-".join(edge),
)
def test_the_database_refuses_a_step_that_the_table_lacks(
    gateway: Gateway, cases: dict[str, Consultation], edge: tuple[str, ...]
) -> None:
    number = cases[edge[0]].seen_by("customer")["number"]
    statement = """
        insert into booking_events (policy_id, booking_id, seq, machine, from_state, command, role, to_state, actor,
          details, rulebook, at)
        select policy_id, id, 99, $2, $3, $4, $5, $6, 'x', '{}', 'x', now() from bookings where number = $1
    """

    async def write(owner: Any) -> None:
        await owner.execute(f"set role {ROLE}")
        await speak_for_gateway(owner)
        await owner.execute(statement, number, *edge)

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="transition"):
        as_owner(gateway, write)


# Once, or not at all --------------------------------------------------------------------------------------------


def test_the_same_key_asks_once(gateway: Gateway) -> None:
    number = new_policy(gateway, "ZYB")
    given = question("ZYB", number) | {"idempotencyKey": new_key()}
    customer = gateway.customer(number).at(OPEN)
    first, again = (send(customer, "consultationStart", **given).data["consultationStart"] for _ in range(2))
    assert (first["isReplay"], again["isReplay"]) == (False, True)
    assert again["booking"] == first["booking"]
    assert again["verdicts"] == first["verdicts"]


def test_the_same_key_with_another_question_is_refused(gateway: Gateway) -> None:
    number = new_policy(gateway, "ZYB")
    given = question("ZYB", number) | {"idempotencyKey": new_key()}
    customer = gateway.customer(number).at(OPEN)
    send(customer, "consultationStart", **given)
    assert send(customer, "consultationStart", **given | {"question": "?"}).code == "IDEMPOTENCY_KEY_REUSED"


def test_an_answer_that_is_sent_twice_is_said_once(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    key = new_key()
    for _ in range(2):
        case.reply(idempotencyKey=key)
    assert len(case.seen_by("customer")["details"]["messages"]) == 1


@pytest.mark.parametrize(
    ("mutation", "given", "shows"),
    [
        ("consultationStart", {}, "booking { id status }"),
        ("messageLeave", {"content": "words"}, "message { id content }"),
        ("complaintCreate", {"content": "words"}, "complaint { id number }"),
    ],
)
def test_a_dry_run_shows_what_would_be_and_leaves_nothing(
    gateway: Gateway, mutation: str, given: dict[str, Any], shows: str
) -> None:
    number = new_policy(gateway, "ZYB")
    given = given | {"policyNumber": number} if given else question("ZYB", number)
    customer, before = gateway.customer(number).at(OPEN), row_counts(gateway)
    answer = send(customer, mutation, dry_run=True, shows=shows, **given).data[mutation]
    assert answer[shows.split()[0]]["id"]
    assert answer["isDryRun"]
    assert row_counts(gateway) == before


def test_a_refused_question_leaves_nothing(gateway: Gateway) -> None:
    number = new_policy(gateway, "ZAWX")
    given, before = question("ZAWX", number, topic="PSYCHOLOGY"), row_counts(gateway)
    answer = send(gateway.customer(number).at(OPEN), "consultationStart", **given).data["consultationStart"]
    assert refused(answer) == {"ZAWX-CON-13"}
    assert answer["booking"] is None
    assert row_counts(gateway) == before


def test_a_question_that_is_taken_back_gives_the_use_back(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB", now=NIGHT)
    assert case.take("customer", "bookingCancel", NIGHT)["booking"]["status"] == "CANCELLED_FREE"
    assert case.uses() == (0, 0)
    assert case.topics()[-1] == ("booking.cancelled", "VENDOR")


# Who sees what --------------------------------------------------------------------------------------------------


def test_every_step_is_audited(gateway: Gateway) -> None:
    case = begin(gateway, "VAS")
    case.reply()
    case.close()
    found = look(
        gateway,
        """
        select a.operation from audit_entries a join bookings b on b.id = a.subject_id
        where b.number = $1 and a.operation <> 'fieldsRead' order by a.at, a.id
        """,
        case.seen_by("customer")["number"],
    )
    assert [row["operation"] for row in found] == ["consultationStart", "consultationReply", "consultationClose"]


def test_a_phone_is_kept_sealed_and_shown_by_its_last_four(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB", phone="13912345678")
    number = case.seen_by("customer")["number"]
    (row,) = look(
        gateway,
        """
        select row_to_json(d)::text as text from consultation_details d join bookings b on b.id = d.booking_id
        where b.number = $1
        """,
        number,
    )
    assert "13912345678" not in row["text"]
    assert case.seen_by("vendor")["details"]["phone"] == "****5678"


def test_messages_carry_no_word_of_the_question(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB", question="罕见的症状描述")
    case.reply()
    rows = look(
        gateway, "select payload::text as text from outbox_messages where payload->>'booking' = $1", case.booking
    )
    assert [row for row in rows if "罕见" in row["text"] or PHONE in row["text"]] == []


def test_a_foreign_consultation_looks_like_none(gateway: Gateway) -> None:
    case, stranger = begin(gateway, "ZYB"), begin(gateway, "ZYB")
    assert stranger.who("customer").ask("query Q($i: ID!) { node(id: $i) { id } }", i=case.booking).data["node"] is None
    foreign = step(stranger.who("customer"), "consultationReply", case.booking, content="问")
    absent = step(stranger.who("customer"), "consultationReply", case.booking[:-8] + "00000000", content="问")
    assert foreign.error["message"] == absent.error["message"]


def test_a_vendor_does_not_read_messages_and_complaints(gateway: Gateway) -> None:
    case = begin(gateway, "ZYB")
    given = {"policyNumber": case.number, "content": "服务商态度不好", "booking": case.booking}
    made = send(case.who("customer"), "complaintCreate", shows="complaint { id }", **given).data["complaintCreate"]
    left = send(
        case.who("customer"), "messageLeave", shows="message { id }", policyNumber=case.number, content="x"
    ).data["messageLeave"]
    for wanted in (made["complaint"]["id"], left["message"]["id"]):
        seen = {
            role: case.who(role).ask("query Q($i: ID!) { node(id: $i) { id } }", i=wanted).data["node"]
            for role in ("customer", "vendor", "staff")
        }
        assert seen == {"customer": {"id": wanted}, "vendor": None, "staff": {"id": wanted}}


def test_a_complaint_is_about_a_booking_of_the_same_policy(gateway: Gateway) -> None:
    case, stranger = begin(gateway, "ZYB"), begin(gateway, "ZYB")
    given = {"policyNumber": case.number, "content": "x", "booking": stranger.booking}
    answer = send(case.who("customer"), "complaintCreate", shows="complaint { id }", **given)
    assert answer.error["extensions"]["inputPath"] == ["input", "booking"]


def test_a_vendors_token_that_is_cut_to_another_service_asks_no_question(gateway: Gateway) -> None:
    number = new_policy(gateway, "ZYB")
    cut = Viewer(
        ViewerKind.VENDOR,
        "vendor:HUANQIU",
        "cut",
        frozenset(VENDOR_SCOPES),
        vendor="HUANQIU",
        services=("OUTPATIENT_ESCORT",),
    )
    answer = send(gateway.client(cut).at(OPEN), "consultationStart", **question("ZYB", number))
    assert answer.code == "FORBIDDEN"


def test_a_vendor_asks_for_the_client_that_it_serves(gateway: Gateway) -> None:
    number = new_policy(gateway, "ZYB")
    vendor = gateway.vendor("HUANQIU").at(OPEN)
    answer = send(vendor, "consultationStart", **question("ZYB", number)).data["consultationStart"]
    assert answer["booking"]["status"] == "REQUESTED"


def test_a_picture_of_another_policy_is_none(gateway: Gateway) -> None:
    mine, theirs = new_policy(gateway, "ZYB"), new_policy(gateway, "ZYB")
    paper = add_paper(gateway, theirs, "OTHER", None)
    given = question("ZYB", mine, documents=[paper])
    answer = send(gateway.customer(mine).at(OPEN), "consultationStart", **given)
    assert answer.error["extensions"]["inputPath"] == ["input", "documents"]
    assert try_question(gateway, "ZYB", theirs, documents=[paper])["refusals"] == []
