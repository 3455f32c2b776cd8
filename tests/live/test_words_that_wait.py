"""What clients have said waits in the same queue as bookings, for those who ask for it."""

from typing import Any

import pytest

from tests.api.test_answers import LATER, left, say
from tests.conftest import ROLE, dsn
from tests.execution.test_indexes import VIEWERS, large, scans  # noqa: F401
from tests.execution.twins import Twins, staff, twins_over, vendor
from tests.support import consultations
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, register

QUEUE = """
query Q($kinds: [WorkKind!], $first: Int, $after: String) { viewer {
  workQueue(kinds: $kinds, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { kind product service dueAt status availableActions
    booking { id } message { id content } complaint { id status } } } } }
"""
MUTATIONS = {"MESSAGE": "messageLeave", "COMPLAINT": "complaintCreate"}
LEAVE = "mutation L($input: MessageLeaveInput!) { messageLeave(input: $input) { message { id } } }"
WORDS = {"idempotencyKey": "words", "content": "x", "service": "OUTPATIENT_ESCORT"}
"""A message about a service that CY23 does not have."""

ALL = ["BOOKING", "MESSAGE", "COMPLAINT"]


def every(client: Client, *kinds: str) -> list[dict[str, Any]]:
    found, after = [], None
    while True:
        page = client.ask(QUEUE, kinds=list(kinds) or None, first=100, after=after).data["viewer"]["workQueue"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            assert len(found) == page["totalCount"]
            return found


def item(client: Client, id: str) -> dict[str, Any] | None:
    whole = every(client, *ALL)
    return next((each for each in whole if id in [(each[kind.lower()] or {}).get("id") for kind in ALL]), None)


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    return register(gateway, "CY23", plan="STANDARD")


@pytest.mark.parametrize("kind", MUTATIONS)
def test_it_waits_for_staff_until_it_is_answered(gateway: Gateway, number: str, kind: str) -> None:
    said, hotline = left(gateway, number, MUTATIONS[kind]), gateway.staff("hotline").at(LATER)
    found = item(hotline, said)
    assert found is not None
    assert (found["kind"], found["product"], found["service"], found["booking"]) == (kind, "CY23", None, None)
    assert found["availableActions"] == [f"{kind.lower()}Answer"]
    answer: Any = {kind.lower(): said, "content": "已回电。"}
    say(hotline, f"{kind.lower()}Answer", **answer)
    assert item(hotline, said) is None


def test_a_message_waits_under_the_service_that_it_is_about(gateway: Gateway, number: str) -> None:
    message = left(gateway, number, service="VIP_SERVICE")
    found = item(gateway.staff("hotline").at(LATER), message)
    assert found is not None
    assert found["service"] == "VIP_SERVICE"
    other = gateway.customer(number).at(NOW).ask(LEAVE, input={**WORDS, "policyNumber": number})
    assert (other.code, other.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "service"])


def test_a_complaint_in_review_still_waits(gateway: Gateway, number: str) -> None:
    complaint, hotline = left(gateway, number, "complaintCreate"), gateway.staff("hotline").at(LATER)
    say(hotline, "complaintAnswer", complaint=complaint, content="正在核实。", isFinal=False)
    found = item(hotline, complaint)
    assert found is not None
    assert found["complaint"]["status"] == "IN_REVIEW"


def test_it_stands_behind_what_has_a_deadline_and_never_turns_red(gateway: Gateway, number: str) -> None:
    left(gateway, number)
    consultations.begin(gateway, "CY23")
    whole = every(gateway.staff().at(LATER), *ALL)
    kinds = [each["kind"] for each in whole if each["dueAt"] is not None]
    assert set(kinds) <= {"BOOKING"}
    assert whole[: len(kinds)] == [each for each in whole if each["dueAt"] is not None]
    assert {each["status"] for each in whole if each["kind"] != "BOOKING"} == {"NO_DEADLINE"}


def test_who_names_no_kinds_is_given_bookings_alone(gateway: Gateway, number: str) -> None:
    left(gateway, number)
    consultations.begin(gateway, "CY23")
    found = every(gateway.staff().at(LATER))
    assert {each["kind"] for each in found} == {"BOOKING"}
    assert all(each["booking"] for each in found)
    assert found == every(gateway.staff().at(LATER), "BOOKING")


def test_no_vendor_and_no_client_has_it_in_a_queue(gateway: Gateway) -> None:
    number = register(gateway)
    said = [left(gateway, number, mutation) for mutation in MUTATIONS.values()]
    for client in (gateway.vendor("HUANQIU").at(NOW), gateway.customer(number).at(NOW)):
        assert [item(client, each) for each in said] == [None, None]
        assert every(client, "MESSAGE", "COMPLAINT") == []


FIELDS = "kind dueAt status availableActions booking { number } message { id content phone } complaint { id number }"
TWINS = f"{{ viewer {{ workQueue(kinds: [MESSAGE, COMPLAINT, BOOKING], last: 60) {{ nodes {{ {FIELDS} }} }} }} }}"


@pytest.mark.parametrize("viewer", [staff(), vendor("HUANQIU")], ids=["staff", "a vendor"])
def test_both_ways_of_answering_agree(gateway: Gateway, number: str, database: str, viewer: Any) -> None:
    for mutation in MUTATIONS.values():
        left(gateway, number, mutation)
    consultations.begin(gateway, "ZYB")
    with twins_over(dsn(database, ROLE), gateway.folder) as twins:
        found = twins.same(TWINS, viewer=viewer)["viewer"]["workQueue"]["nodes"]
    kinds = {each["kind"] for each in found}
    assert kinds >= {"MESSAGE", "COMPLAINT"} if viewer.vendor is None else kinds == {"BOOKING"}


@pytest.mark.slow
@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name != "anyone"])
@pytest.mark.parametrize("kinds", ["MESSAGE", "COMPLAINT", "BOOKING, MESSAGE, COMPLAINT"])
def test_no_page_of_it_reads_a_whole_table(large: Twins, viewer: str, kinds: str) -> None:  # noqa: F811
    document = f"{{ viewer {{ workQueue(first: 20, kinds: [{kinds}]) {{ nodes {{ kind message {{ id }} }} }} }} }}"
    assert scans(large, document, VIEWERS[viewer]) == []
