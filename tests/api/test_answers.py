"""What clients say is answered by staff, once, and clients read the answer; restrictions are lifted by people."""

from typing import Any

import pytest

from tests.support import escorts, visits
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.consultations import send
from tests.support.escorts import NOW, at, look, refused, register
from tests.support.races import ask as asking
from tests.support.races import together

LATER = at("2026-03-09 11:00")
SHOWS = {
    "messageLeave": "message { id }",
    "complaintCreate": "complaint { id }",
    "messageAnswer": "message { answer answeredAt }",
    "complaintAnswer": "complaint { status answer answeredAt }",
    "visitRestrictionLift": "restriction { liftedAt liftReason }",
}
READ = """
query Q($id: ID!) { node(id: $id) {
  ... on Message { answer answeredAt } ... on Complaint { status answer answeredAt } } }
"""


def say(client: Client, mutation: str, *, dry_run: bool = False, **given: Any) -> Answer:
    return send(client, mutation, dry_run=dry_run, shows=SHOWS[mutation], **given)


def left(gateway: Gateway, number: str, mutation: str = "messageLeave", **given: Any) -> str:
    said = say(gateway.customer(number).at(NOW), mutation, policyNumber=number, content="words", **given)
    (thing,) = [value for name, value in said.data[mutation].items() if name in ("message", "complaint")]
    return thing["id"]


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    return register(gateway)


def test_a_message_is_answered_and_the_client_reads_it(gateway: Gateway, number: str) -> None:
    message = left(gateway, number)
    answered = say(gateway.staff("hotline").at(LATER), "messageAnswer", message=message, content="明天九点回电。")
    expected = {"answer": "明天九点回电。", "answeredAt": "2026-03-09T03:00:00Z"}
    assert answered.data["messageAnswer"]["message"] == expected
    assert gateway.customer(number).at(LATER).ask(READ, id=message).data["node"] == expected


def test_a_complaint_stays_in_review_until_its_last_answer(gateway: Gateway, number: str) -> None:
    complaint = left(gateway, number, "complaintCreate")
    staff, customer = gateway.staff().at(LATER), gateway.customer(number).at(LATER)
    say(staff, "complaintAnswer", complaint=complaint, content="正在核实。", isFinal=False)
    assert customer.ask(READ, id=complaint).data["node"] == {
        "status": "IN_REVIEW",
        "answer": "正在核实。",
        "answeredAt": None,
    }
    say(staff, "complaintAnswer", complaint=complaint, content="已处理。")
    assert customer.ask(READ, id=complaint).data["node"]["status"] == "ANSWERED"


@pytest.mark.parametrize(
    ("told", "mutation", "field", "topic"),
    [
        ("messageLeave", "messageAnswer", "message", "message.answered"),
        ("complaintCreate", "complaintAnswer", "complaint", "complaint.answered"),
    ],
)
def test_an_answer_is_given_once_and_told_once(
    gateway: Gateway, number: str, told: str, mutation: str, field: str, topic: str
) -> None:
    thing = left(gateway, number, told)
    staff = gateway.staff().at(LATER)
    assert say(staff, mutation, dry_run=True, **{field: thing, "content": "x"}).data[mutation][field]["answer"] == "x"
    say(staff, mutation, **{field: thing, "content": "一"})
    again = say(staff, mutation, **{field: thing, "content": "二"})
    assert (again.code, again.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", field])
    rows = look(
        gateway,
        f"select topic, audience from outbox_messages where payload->>'{field}' = $1 order by created_at",
        thing,
    )
    assert [(row["topic"], row["audience"]) for row in rows][1:] == [(topic, "CUSTOMER")]


def test_two_who_answer_at_once_give_one_answer(gateway: Gateway, number: str) -> None:
    message = left(gateway, number)
    document = "mutation A($input: MessageAnswerInput!) { messageAnswer(input: $input) { message { answer } } }"
    given = [{"idempotencyKey": new_key(), "message": message, "content": text} for text in ("一", "二")]
    answers = together(*[asking(gateway.staff().at(LATER), document, each) for each in given])
    assert sorted("errors" in answer for answer in answers) == [False, True]


def test_who_took_a_step_in_the_case_does_not_answer_the_complaint(gateway: Gateway) -> None:
    journey = escorts.begin(gateway)
    journey.take("staff", "bookingCancel", NOW)
    complaint = left(gateway, journey.number, "complaintCreate", booking=journey.booking)
    concerned = say(gateway.staff().at(LATER), "complaintAnswer", complaint=complaint, content="x")
    assert (concerned.code, "Somebody else answers" in concerned.error["message"]) == ("FORBIDDEN", True)
    other = say(gateway.staff("supervisor").at(LATER), "complaintAnswer", complaint=complaint, content="x")
    assert other.data["complaintAnswer"]["complaint"]["status"] == "ANSWERED"


@pytest.mark.parametrize(("field", "told"), [("messages", "messageLeave"), ("complaints", "complaintCreate")])
def test_everybody_finds_their_own_and_staff_find_what_waits(gateway: Gateway, field: str, told: str) -> None:
    mine, theirs = register(gateway), register(gateway)
    first, second, foreign = left(gateway, mine, told), left(gateway, mine, told), left(gateway, theirs, told)
    mutation, thing = ("messageAnswer", "message") if field == "messages" else ("complaintAnswer", "complaint")
    say(gateway.staff().at(LATER), mutation, **{thing: first, "content": "x"})
    kind = field[:-1].capitalize()
    document = f"query Q($where: {kind}Filter) {{ {field}(where: $where, first: 100) {{ nodes {{ id }} }} }}"

    def found(client: Client, **where: Any) -> list[str]:
        return [node["id"] for node in client.ask(document, where=where).data[field]["nodes"]]

    customer, staff = gateway.customer(mine), gateway.staff()
    assert set(found(customer)) == {first, second}
    assert found(customer, isAnswered=True) == [first]
    assert found(staff, policyNumber={"eq": mine}, isAnswered=False) == [second]
    assert found(staff, policyNumber={"eq": theirs}) == [foreign]
    assert found(gateway.vendor("HUANQIU")) == []


# Restrictions


def restrictions(trip: visits.Trip) -> list[dict[str, Any]]:
    return trip.who("customer").ask(visits.RESTRICTIONS, number=trip.number).data["policy"]["restrictions"]


@pytest.mark.parametrize(("kind", "hospital"), [("BOOKING", None), ("HOSPITAL", {"code": visits.PUBLIC})])
def test_a_restriction_is_seen_lifted_with_a_reason_and_ends_with_that(
    gateway: Gateway, kind: str, hospital: dict[str, str] | None
) -> None:
    trip, restriction = visits.shut_out(gateway, kind)
    (seen,) = restrictions(trip)
    assert (seen["kind"], seen["reason"], seen["hospital"], seen["liftedAt"]) == (
        kind,
        "the third time",
        hospital,
        None,
    )
    after, then = at("2026-03-27 09:00"), {"visitAt": at("2026-04-23 09:30")}
    assert refused(visits.tried(gateway, trip.number, after, **then)) == {"CY26-BKG-13"}
    staff = gateway.staff().at(after)
    lifted = say(staff, "visitRestrictionLift", restriction=restriction, reason="家人突发急病")
    assert lifted.data["visitRestrictionLift"]["restriction"]["liftReason"] == "家人突发急病"
    assert refused(visits.tried(gateway, trip.number, after, **then)) == set()
    again = say(staff, "visitRestrictionLift", restriction=restriction, reason="x")
    assert again.error["extensions"]["inputPath"] == ["input", "restriction"]
    told = "select audience from outbox_messages where topic = 'restriction.lifted' and payload->>'restriction' = $1"
    assert look(gateway, told, restriction) == [{"audience": "CUSTOMER"}]


def test_the_same_may_be_imposed_again_once_it_was_lifted(gateway: Gateway) -> None:
    trip, restriction = visits.shut_out(gateway)
    say(gateway.staff().at(at("2026-03-27 09:00")), "visitRestrictionLift", restriction=restriction, reason="x")
    later = visits.begin(gateway, number=trip.number, visitAt=at("2026-04-23 09:30"), now=at("2026-03-27 09:00"))
    later.confirmed()
    fields = {"cause": "CLIENT", "restriction": "BOOKING", "note": "once more"}
    later.take_all(("staff", "bookingNoShowRecord", at("2026-04-23 10:00"), fields))
    assert [item["liftedAt"] is None for item in restrictions(trip)] == [False, True]


def test_vendors_and_others_see_no_restriction(gateway: Gateway) -> None:
    trip, restriction = visits.shut_out(gateway)
    document = "query N($id: ID!) { node(id: $id) { id } }"
    assert trip.who("customer").ask(document, id=restriction).data["node"] == {"id": restriction}
    for other in (gateway.vendor("JDHEALTH"), gateway.customer(register(gateway))):
        assert other.ask(document, id=restriction).data["node"] is None
