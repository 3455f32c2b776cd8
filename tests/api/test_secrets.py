"""What is personal appears in no error, no log, and nowhere readable in the database."""

from typing import Any

import pytest

from gateway.repositories.policies import policy_id
from tests.support import escorts
from tests.support.cases import ID_NUMBER, NAME, PHONE, SYMPTOM, Case, me, new_case
from tests.support.client import Gateway


@pytest.fixture(scope="module")
def mine(gateway: Gateway) -> Case:
    return new_case(gateway, "ZYB")


SECRETS = (PHONE, ID_NUMBER, SYMPTOM, NAME)


def bad_requests(case: Case) -> list[dict[str, Any]]:
    """Requests that go wrong at different depths, each with all secrets in it."""
    patient = {"name": NAME, "phone": PHONE, "gender": "FEMALE", "birthOn": "1990-03-07"}
    good = escorts.request(case.number, patient=patient, symptom=SYMPTOM, need=ID_NUMBER)
    return [
        good | {"nope": 1},
        {name: value for name, value in good.items() if name != "hospital"},
        good | {"visitAt": ID_NUMBER},
        good | {"conditions": [SYMPTOM]},
        good | {"hospital": "nope"},
        good | {"patient": {**patient, "phone": ID_NUMBER}},
        good | {"patient": [patient]},
        good | {"symptom": SYMPTOM * 1_000},
        good | {"symptom": SYMPTOM + "\x00"},
        good | {"plannedMinutes": PHONE},
    ]


def test_no_error_repeats_what_is_personal(gateway: Gateway, mine: Case) -> None:
    for given in bad_requests(mine):
        answer = me(gateway, mine).ask(escorts.ESCORT_BOOK, input=given)
        assert answer.code == "BAD_USER_INPUT"
        assert [secret for secret in SECRETS if secret in answer.response.text] == []


def test_an_exception_is_masked_and_logged_without_what_is_personal(
    gateway: Gateway, mine: Case, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def broken(*given: Any, **named: Any) -> None:
        raise RuntimeError(f"{PHONE} {ID_NUMBER} {SYMPTOM} {NAME} select * from policies {given} {named}")

    monkeypatch.setattr("gateway.repositories.idempotency.claim", broken)
    given = bad_requests(mine)[0]
    del given["nope"]
    answer = me(gateway, mine).ask(escorts.ESCORT_BOOK, input=given)
    logged = "".join(capfd.readouterr())
    assert answer.code == "INTERNAL"
    assert answer.error["extensions"]["requestId"] in logged
    for text in (answer.response.text, logged):
        assert [secret for secret in (*SECRETS, "select *", "Traceback") if secret in text] == []


def test_nothing_that_goes_well_or_wrong_is_logged_with_what_is_personal(
    gateway: Gateway, mine: Case, capfd: pytest.CaptureFixture[str]
) -> None:
    for given in bad_requests(mine):
        me(gateway, mine).ask(escorts.ESCORT_BOOK, input=given)
    new_case(gateway, "ZYB")
    logged = "".join(capfd.readouterr())
    assert [secret for secret in SECRETS if secret in logged] == []


def test_what_is_stored_of_numbers_cannot_be_read(gateway: Gateway, mine: Case) -> None:
    rows = escorts.look(
        gateway,
        "select row_to_json(member)::text as row from policy_members as member where policy_id = $1"
        " union all select row_to_json(detail)::text from escort_details as detail where policy_id = $1",
        policy_id(mine.number),
    )
    text = "".join(row["row"] for row in rows)
    assert text
    assert [secret for secret in (PHONE, ID_NUMBER) if secret in text] == []
