"""Hidden personal data: shown in full to whom it belongs by role, for a purpose, noted, and only so often."""

import json
import threading
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.execution import ids
from gateway.partners import Issuer
from gateway.repositories.policies import policy_id
from tests.conftest import ROLE, dsn
from tests.personal.conftest import staff
from tests.support.client import PATIENCE, Answer, Client, Gateway, new_key
from tests.support.consents import insured
from tests.support.escorts import NOW, book, look, person, register, row_counts
from tests.support.server import running_gateway

UNMASK = """
mutation Unmask($input: PersonalDataUnmaskInput!, $dryRun: Boolean! = false) {
  personalDataUnmask(input: $input, dryRun: $dryRun) { isReplay isDryRun refusals { message } values { field value } }
}
"""
ID_NUMBER = "110101199003070011"
PHONE = "13912345678"
COMPANION = "13700001111"
LIMIT = 3


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    return register(gateway, insured=[person(phone=PHONE, idType="ID_CARD", idNumber=ID_NUMBER)])


@pytest.fixture(scope="module")
def somebody(gateway: Gateway, number: str) -> str:
    return insured(gateway.customer(number), number)


@pytest.fixture(scope="module")
def bounded(gateway: Gateway, database: str, folder: Path, issuers: tuple[Issuer, ...]) -> Generator[Gateway]:
    with running_gateway(dsn(database, ROLE), folder, issuers=issuers, unmask_per_day=LIMIT) as address:
        running = Gateway(address, folder, owner_dsn=gateway.owner_dsn)
        yield running
        running.http.close()


def ask(client: Client, subject: str, *fields: str, dry_run: bool = False, **changes: Any) -> Answer:
    given = {
        "idempotencyKey": new_key(),
        "subject": subject,
        "fields": list(fields or ("ID_NUMBER",)),
        "purpose": "IDENTITY_CHECK",
        "note": "case 17",
    }
    return client.ask(UNMASK, input=given | changes, dryRun=dry_run)


def values(answer: Answer) -> dict[str, str]:
    return {each["field"]: each["value"] for each in answer.data["personalDataUnmask"]["values"]}


def test_a_supervisor_sees_what_is_hidden_from_all_others(gateway: Gateway, somebody: str) -> None:
    shown = values(ask(gateway.staff("supervisor"), somebody, "ID_NUMBER", "PHONE"))
    assert shown == {"ID_NUMBER": ID_NUMBER, "PHONE": PHONE}


def test_phones_of_a_booking_are_shown_alike(gateway: Gateway, number: str) -> None:
    companion = {"relation": "RELATIVE", "name": "演示", "phone": COMPANION}
    booking = book(gateway.customer(number).at(NOW), number, companion=companion)["booking"]["id"]
    shown = values(ask(gateway.staff("supervisor"), booking, "PATIENT_PHONE", "COMPANION_PHONE"))
    assert shown == {"PATIENT_PHONE": "13800138000", "COMPANION_PHONE": COMPANION}


def test_nobody_else_may(gateway: Gateway, number: str, somebody: str) -> None:
    for client in (
        gateway.customer(number),
        gateway.vendor("HUANQIU"),
        gateway.vendor("HUANQIU", "personal:unmask"),  # which no vendor is given, and which would not be enough
        *(gateway.staff(role) for role in ("adjuster", "hotline", "administrator")),
    ):
        assert ask(client, somebody).code == "FORBIDDEN"
    assert ask(gateway.anyone(), somebody).response.status_code in (200, 401)
    assert ask(gateway.anyone(), somebody).code == "UNAUTHENTICATED"


def test_each_time_is_noted_with_everything_but_the_values(gateway: Gateway, somebody: str) -> None:
    before = len(entries(gateway, somebody))
    client = gateway.staff("supervisor")
    answer = ask(client, somebody, purpose="EMERGENCY", onBehalfOf="hotline 4711")
    (entry,) = entries(gateway, somebody)[before:]
    assert (entry["actor"], entry["purpose"]) == ("staff:supervisor", "EMERGENCY")
    assert entry["on_behalf_of"] == "hotline 4711"
    assert entry["details"] == {"fields": ["ID_NUMBER"], "note": "case 17"}
    assert entry["request_id"] == answer.response.headers["x-request-id"]
    assert ID_NUMBER not in str(dict(entry))


def entries(gateway: Gateway, subject: str) -> list[Any]:
    return look(
        gateway,
        "select * from audit_entries where subject_id = $1 and operation = 'personalDataUnmask' order by id",
        ids.decode_as("person", subject, 2)[1],
    )


def test_a_repeated_request_shows_nothing_again(gateway: Gateway, somebody: str) -> None:
    client, key = gateway.staff("supervisor"), new_key()
    assert values(ask(client, somebody, idempotencyKey=key)) == {"ID_NUMBER": ID_NUMBER}
    before = len(entries(gateway, somebody))
    again = ask(client, somebody, idempotencyKey=key)
    assert again.data["personalDataUnmask"]["isReplay"]
    assert values(again) == {}
    assert len(entries(gateway, somebody)) == before


def test_a_dry_run_shows_nothing_and_leaves_nothing(gateway: Gateway, somebody: str) -> None:
    before = row_counts(gateway)
    answer = ask(gateway.staff("supervisor"), somebody, dry_run=True)
    assert values(answer) == {}
    assert ID_NUMBER not in answer.response.text
    assert row_counts(gateway) == before


def test_the_values_are_stored_nowhere(gateway: Gateway, somebody: str) -> None:
    ask(gateway.staff("supervisor"), somebody, "ID_NUMBER", "PHONE")
    for table in ("idempotency_keys", "audit_entries", "outbox_messages"):
        text = json.dumps([str(dict(row)) for row in look(gateway, f"select * from {table}")])
        assert ID_NUMBER not in text
        assert PHONE not in text


@pytest.mark.parametrize(
    ("field", "changes"),
    [("note", {"note": " "}), ("fields", {"fields": []}), ("fields", {"fields": ["BANK_ACCOUNT"]})],
    ids=["no note", "no fields", "fields of something else"],
)
def test_a_reason_and_known_fields_are_needed(
    gateway: Gateway, somebody: str, field: str, changes: dict[str, Any]
) -> None:
    answer = ask(gateway.staff("supervisor"), somebody, **changes)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", field])


def test_whatever_has_no_such_data_is_answered_alike(gateway: Gateway, number: str) -> None:
    client = gateway.staff("supervisor")
    absent = ids.encode("person", policy_id(number), uuid.uuid4())
    policy = ids.encode("pol", policy_id(number))
    messages = {ask(client, subject).error["message"] for subject in (absent, policy, "nonsense", "person_")}
    assert len(messages) == 1


def test_a_person_may_do_so_only_so_often_a_day(bounded: Gateway, somebody: str) -> None:
    me, colleague = (staff(bounded, "supervisor", f"colleague-{uuid.uuid4().hex}") for _ in range(2))
    assert [len(values(ask(me, somebody))) for _ in range(LIMIT)] == [1] * LIMIT
    answer = ask(me, somebody)
    assert answer.code == "THROTTLED"
    assert 0 < answer.error["extensions"]["retryAfterMs"] <= 86_400_000
    assert ID_NUMBER not in answer.response.text
    assert values(ask(colleague, somebody)) == {"ID_NUMBER": ID_NUMBER}


def test_of_many_at_once_no_more_than_allowed_pass(bounded: Gateway, somebody: str) -> None:
    token = staff(bounded, "supervisor", f"colleague-{uuid.uuid4().hex}").token
    shown: list[bool] = []

    def send() -> None:
        with httpx.Client(timeout=PATIENCE) as http:
            answer = ask(Client(bounded.address, token, http=http), somebody)
            shown.append("errors" not in answer.body)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(shown) == LIMIT
