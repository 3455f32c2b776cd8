"""The log of health managers: put down by their side, read by the client, and due when both have agreed so."""

from typing import Any

import pytest

from gateway.repositories.policies import policy_id
from tests.support import visits
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.consultations import send
from tests.support.escorts import NOW, at, look, row_counts
from tests.support.health_records import policy

MUTATION = "healthManagerContactRecord"
SHOWN = "policyNumber vendor { code } manager channel topic contactedAt isReached content nextContactAt followedAt"
TALK: dict[str, Any] = {
    "manager": "李管家",
    "channel": "PHONE",
    "topic": "PREVENTION",
    "contactedAt": at("2026-03-09 08:30"),
    "content": "春季过敏怎么预防。",
}
TOMORROW = at("2026-03-10 09:00")
AFTER = at("2026-03-10 09:30")
LOG = f"query L($n: String!) {{ policy(number: $n) {{ insured {{ managerContacts {{ nodes {{ {SHOWN} }} }} }} }} }}"
LISTED = "query L($n: String!) { managerContacts(where: {policyNumber: $n}) { totalCount } }"
NODE = "query N($id: ID!) { node(id: $id) { ... on ManagerContact { content } } }"
QUEUE = """{ viewer { workQueue(first: 100, kinds: [MANAGER_CONTACT]) { nodes {
  kind service product dueAt status availableActions managerContact { policyNumber } booking { id } } } } }"""


@pytest.fixture(scope="module")
def vendor(gateway: Gateway) -> Client:
    return gateway.vendor("JDHEALTH").at(NOW)


@pytest.fixture
def number(gateway: Gateway) -> str:
    return policy(gateway, is_agreed=False)


def put(client: Client, number: str, *, dry_run: bool = False, **changes: Any) -> Answer:
    given = {"policyNumber": number} | TALK | changes
    return send(client, MUTATION, dry_run=dry_run, shows=f"managerContact {{ {SHOWN} }}", **given)


def done(client: Client, number: str, **changes: Any) -> dict[str, Any]:
    payload = put(client, number, **changes).data[MUTATION]
    assert payload["refusals"] == []
    return payload["managerContact"]


def log(client: Client, number: str) -> list[dict[str, Any]]:
    return client.ask(LOG, n=number).data["policy"]["insured"][0]["managerContacts"]["nodes"]


def waiting(client: Client, number: str) -> list[dict[str, Any]]:
    found = client.ask(QUEUE).data["viewer"]["workQueue"]["nodes"]
    return [item for item in found if item["managerContact"]["policyNumber"] == number]


def test_the_client_reads_what_was_talked_about_newest_first(gateway: Gateway, vendor: Client, number: str) -> None:
    done(vendor, number, contactedAt=at("2026-03-08 10:00"), content="第一次")
    made = done(vendor, number, nextContactAt=TOMORROW)
    newest, oldest = log(gateway.customer(number).at(NOW), number)
    assert newest == made
    assert (newest["manager"], newest["content"], newest["vendor"]) == ("李管家", TALK["content"], {"code": "JDHEALTH"})
    assert (newest["nextContactAt"], oldest["content"]) == ("2026-03-10T01:00:00Z", "第一次")


def test_it_needs_no_consent_and_begins_no_record(gateway: Gateway, vendor: Client, number: str) -> None:
    done(vendor, number)
    assert look(gateway, "select 1 from health_records where policy_id = $1", policy_id(number)) == []


def test_its_id_finds_it_again_for_those_who_may_see_it(gateway: Gateway, vendor: Client, number: str) -> None:
    given = {"policyNumber": number} | TALK
    made = send(vendor, MUTATION, shows="managerContact { id }", **given).data[MUTATION]["managerContact"]["id"]
    assert gateway.customer(number).at(NOW).ask(NODE, id=made).data["node"] == {"content": TALK["content"]}
    stranger = policy(gateway, is_agreed=False)
    assert gateway.customer(stranger).at(NOW).ask(NODE, id=made).data["node"] is None


# What is due ----------------------------------------------------------------------------------------------------


def test_the_next_contact_waits_for_the_managers_until_it_has_been_made(
    gateway: Gateway, vendor: Client, number: str
) -> None:
    done(vendor, number, nextContactAt=TOMORROW)
    (item,) = waiting(vendor, number)
    assert (item["kind"], item["service"], item["product"]) == ("MANAGER_CONTACT", "HEALTH_MANAGER", "CY26")
    assert (item["dueAt"], item["status"], item["availableActions"]) == ("2026-03-10T01:00:00Z", "ON_TIME", [MUTATION])
    assert waiting(vendor.at(AFTER), number)[0]["status"] == "OVERDUE"
    done(vendor.at(AFTER), number, contactedAt=AFTER)
    assert waiting(vendor.at(AFTER), number) == []
    assert log(gateway.customer(number), number)[1]["followedAt"] == "2026-03-10T01:30:00Z"


def test_who_was_not_reached_is_called_again_when_it_says(vendor: Client, number: str) -> None:
    done(vendor, number, nextContactAt=TOMORROW)
    again = at("2026-03-11 09:00")
    done(vendor.at(AFTER), number, contactedAt=AFTER, isReached=False, content=None, nextContactAt=again)
    assert [item["dueAt"] for item in waiting(vendor.at(AFTER), number)] == ["2026-03-11T01:00:00Z"]


def test_one_that_took_place_before_the_agreement_settles_nothing(vendor: Client, number: str) -> None:
    done(vendor, number, nextContactAt=TOMORROW)
    done(vendor, number, contactedAt=at("2026-03-08 10:00"))
    assert len(waiting(vendor, number)) == 1


def test_queues_that_ask_for_bookings_alone_do_not_hold_it(vendor: Client, number: str) -> None:
    done(vendor, number, nextContactAt=TOMORROW)
    document = "{ viewer { workQueue(first: 100) { nodes { kind } } } }"
    kinds = {item["kind"] for item in vendor.ask(document).data["viewer"]["workQueue"]["nodes"]}
    assert kinds <= {"BOOKING"}


@pytest.mark.parametrize("code", ["QITAI", "CY26-ADVANCE"])
def test_it_waits_for_nobody_else(gateway: Gateway, vendor: Client, number: str, code: str) -> None:
    done(vendor, number, nextContactAt=TOMORROW)
    others = (gateway.vendor(code), gateway.customer(number), gateway.staff())
    assert [waiting(client.at(NOW), number) for client in others] == [[]] * 3


# Who may, and what is wrong with it -----------------------------------------------------------------------------


def test_both_sides_and_staff_read_it_and_nobody_else(gateway: Gateway, vendor: Client, number: str) -> None:
    done(vendor, number)
    readers = vendor, gateway.customer(number), gateway.staff()
    strangers = gateway.customer(policy(gateway)), gateway.vendor("QITAI"), gateway.vendor("CY26-ADVANCE")
    counts = [client.ask(LISTED, n=number).data["managerContacts"]["totalCount"] for client in (*readers, *strangers)]
    assert counts == [1, 1, 1, 0, 0, 0]


def test_what_was_discussed_is_noted_when_it_is_read(gateway: Gateway, vendor: Client, number: str) -> None:
    done(vendor, number)
    log(gateway.customer(number), number)
    found = look(
        gateway,
        "select details from audit_entries where policy_id = $1 and operation = 'fieldsRead'",
        policy_id(number),
    )
    assert any("ManagerContact.content" in str(entry["details"]) for entry in found)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"contactedAt": at("2026-03-09 09:01")}, "contactedAt"),
        ({"nextContactAt": NOW}, "nextContactAt"),
        ({"content": " "}, "content"),
        ({"isReached": False}, "content"),
        ({"manager": " "}, "manager"),
        ({"manager": "x" * 61}, "manager"),
        ({"insured": "person_0"}, "insured"),
    ],
    ids=["in the future", "next in the past", "nothing said", "said by nobody", "no manager", "long name", "stranger"],
)
def test_what_is_wrong_is_named(vendor: Client, number: str, changes: dict[str, Any], path: str) -> None:
    answer = put(vendor, number, dry_run=True, **changes)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", path])


def test_a_product_without_health_managers_has_none(gateway: Gateway) -> None:
    answer = put(gateway.staff("hotline").at(NOW), visits.policy(gateway, "CY23"))
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


@pytest.mark.parametrize("code", ["QITAI", "CY26-ADVANCE"])
def test_no_other_vendor_puts_one_down(gateway: Gateway, number: str, code: str) -> None:
    answer = put(gateway.vendor(code).at(NOW), number)
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


def test_the_client_does_not_write_it(gateway: Gateway, number: str) -> None:
    assert put(gateway.customer(number).at(NOW), number).code == "FORBIDDEN"


def test_a_dry_run_leaves_no_trace(gateway: Gateway, vendor: Client, number: str) -> None:
    done(vendor, number, nextContactAt=TOMORROW)
    before = row_counts(gateway)
    assert put(vendor.at(AFTER), number, dry_run=True).data[MUTATION]["managerContact"]["manager"] == "李管家"
    assert row_counts(gateway) == before
    assert len(waiting(vendor, number)) == 1


def test_the_same_key_puts_it_down_once(gateway: Gateway, vendor: Client, number: str) -> None:
    key = new_key()
    answers = [put(vendor, number, idempotencyKey=key).data[MUTATION] for _ in range(2)]
    assert [answer["isReplay"] for answer in answers] == [False, True]
    assert len(log(gateway.customer(number), number)) == 1
