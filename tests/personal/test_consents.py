"""Who agrees to what for whom, what is kept of it, and how it ends."""

import datetime as dt
from typing import Any

import pytest

from gateway.execution import ids
from gateway.validation.guardians import consent_is_given_by, guardian_until
from tests.personal.conftest import sign_in
from tests.personal.test_access import born, given_to, holder, in_days, mandate
from tests.support import papers
from tests.support.client import Gateway
from tests.support.consents import TEXT, ask, give, insured, withdraw
from tests.support.escorts import look, person, register

LISTED = "query L($n: String!) { policy(number: $n) { consents { id kind recipient givenBy withdrawnAt } } }"
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture
def number(trusting: Gateway) -> str:
    """A policy of an adult, a child of ten and one of sixteen."""
    child, youth = person(name="演示儿童", birthOn=born(10)), person(name="演示少年", birthOn=born(16))
    return register(trusting, "ZAWX", insured=[person(), child, youth])


def listed(client: Any, number: str) -> list[dict[str, Any]]:
    return client.ask(LISTED, n=number).data["policy"]["consents"]


def test_what_was_shown_is_kept_by_version_hash_and_language(trusting: Gateway, number: str) -> None:
    me = trusting.customer(number).in_("zh-CN")
    found = ask(me, number, vendor="QITAI", dataKinds=["病历"]).data["consentGrant"]["consent"]
    assert (found["textVersion"], found["textSha256"]) == ("2026-01", papers.sha256(TEXT.encode()))
    assert (found["recipient"], found["vendor"]["code"], found["givenBy"]) == ("QITAI", "QITAI", "INSURED")
    (row,) = look(trusting, "select * from consents where id = $1", ids.decode_as("cons", found["id"], 2)[1])
    assert (row["language"], row["principal"], row["data_kinds"]) == ("zh", f"customer:{number}", ["病历"])


def test_a_consent_ends_when_it_is_withdrawn_and_stays_told(trusting: Gateway, number: str) -> None:
    me = trusting.customer(number)
    consent = give(me, number, vendor="QITAI")
    first, again = (withdraw(me, consent).data["consentWithdraw"]["consent"]["withdrawnAt"] for _ in range(2))
    assert first is not None
    assert again == first
    assert [each["withdrawnAt"] for each in listed(me, number)] == [first]


def test_agreeing_again_replaces_what_was_agreed_to_before(trusting: Gateway, number: str) -> None:
    me = trusting.customer(number)
    give(me, number, vendor="QITAI")
    give(me, number, vendor="QITAI", textVersion="2026-02")
    give(me, number, vendor="QITAI", purpose="回访")
    give(me, number, vendor="HUANQIU")
    assert [each["withdrawnAt"] is None for each in listed(me, number)] == [False, True, True, True]


def test_a_dry_run_agrees_to_nothing(trusting: Gateway, number: str) -> None:
    me = trusting.customer(number)
    assert ask(me, number, vendor="QITAI", dry_run=True).data["consentGrant"]["consent"]["givenBy"] == "INSURED"
    assert listed(me, number) == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("vendor", {"vendor": None}),
        ("vendor", {"vendor": "NOBODY"}),
        ("vendor", {"kind": "SENSITIVE_DATA", "vendor": "QITAI"}),
        ("recipient", {"kind": "THIRD_PARTY_SHARING"}),
        ("textSha256", {"vendor": "QITAI", "textSha256": "abc"}),
        ("textVersion", {"vendor": "QITAI", "textVersion": " "}),
        ("purpose", {"vendor": "QITAI", "purpose": ""}),
        ("insured", {"vendor": "QITAI", "person": "nonsense"}),
    ],
)
def test_an_incomplete_consent_is_none(trusting: Gateway, number: str, field: str, changes: dict[str, Any]) -> None:
    answer = ask(trusting.customer(number), number, **changes)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", field])


def test_sending_data_abroad_says_to_whom_and_how(trusting: Gateway, number: str) -> None:
    me = trusting.customer(number)
    abroad = {"kind": "CROSS_BORDER", "recipient": "Example Hospital"}
    assert ask(me, number, **abroad).code == "BAD_USER_INPUT"
    assert give(me, number, **abroad, recipientContact="privacy@example.org", method="encrypted")


# For whom


def test_a_child_consents_through_a_guardian(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    child = insured(owner, number, 1)
    parent, _ = given_to(owner, number, "GUARDIAN", insured=child)
    agent, _ = given_to(owner, number, "AGENT", validUntil=in_days(9), papers=mandate(owner, number))
    for client in (owner, sign_in(trusting, parent), sign_in(trusting, agent)):
        found = ask(client, number, person=child, vendor="QITAI").data["consentGrant"]["consent"]
        assert found["givenBy"] == "GUARDIAN"


def test_an_adult_consents_alone_or_by_an_agent(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    adult = insured(owner, number)
    alone, _ = given_to(owner, number, "INSURED", insured=adult)
    agent, _ = given_to(owner, number, "AGENT", validUntil=in_days(9), papers=mandate(owner, number))
    assert ask(owner, number, person=adult, vendor="QITAI").code == "FORBIDDEN"
    givers = [
        ask(sign_in(trusting, subject), number, person=adult, vendor="QITAI").data["consentGrant"]["consent"]["givenBy"]
        for subject in (alone, agent)
    ]
    assert givers == ["INSURED", "AGENT"]


def test_a_holder_who_is_insured_too_consents_as_the_insured(trusting: Gateway) -> None:
    myself = person(name="演示本人")
    number = register(trusting, "ZAWX", holder=myself, insured=[myself])
    found = ask(holder(trusting, number), number, vendor="QITAI").data["consentGrant"]["consent"]
    assert found["givenBy"] == "INSURED"


def test_nobody_withdraws_what_is_anothers(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    adult = insured(owner, number)
    alone, _ = given_to(owner, number, "INSURED", insured=adult)
    consent = give(sign_in(trusting, alone), number, person=adult, vendor="QITAI")
    assert withdraw(owner, consent).code == "FORBIDDEN"
    stranger = trusting.customer(register(trusting))
    absent = ids.encode("cons", *ids.decode_as("cons", consent, 2)[::-1])
    assert withdraw(stranger, consent).error["message"] == withdraw(stranger, absent).error["message"]
    assert withdraw(trusting.staff(), consent).code == "FORBIDDEN"


@pytest.mark.parametrize(
    ("age", "roles", "giver"),
    [
        (13, {"INSURED"}, None),
        (13, {"HOLDER"}, "GUARDIAN"),
        (13, {"GUARDIAN"}, "GUARDIAN"),
        (13, {"AGENT"}, "GUARDIAN"),
        (14, {"INSURED"}, "INSURED"),
        (14, {"GUARDIAN"}, "GUARDIAN"),
        (14, {"HOLDER"}, "GUARDIAN"),
        (17, {"GUARDIAN", "INSURED"}, "INSURED"),
        (18, {"GUARDIAN"}, None),
        (18, {"HOLDER"}, None),
        (18, {"AGENT"}, "AGENT"),
        (18, set(), None),
    ],
    ids=lambda value: "+".join(sorted(value)) or "nobody" if isinstance(value, set) else str(value),
)
def test_who_consents_depends_on_age_and_role(age: int, roles: set[str], giver: str | None) -> None:
    """One is of an age from the very birthday until the day before the next."""
    birthday = dt.date(2026, 3, 9)
    born_on = birthday.replace(year=birthday.year - age)
    last = birthday.replace(year=birthday.year + 1) - dt.timedelta(days=1)
    found = {consent_is_given_by(frozenset(roles), born_on, day, is_holder=False) for day in (birthday, last)}
    assert found == {giver}


@pytest.mark.parametrize(
    ("born_on", "until"),
    [
        (dt.date(2010, 5, 5), dt.datetime(2028, 5, 5, tzinfo=SHANGHAI)),
        (dt.date(2012, 2, 29), dt.datetime(2030, 2, 28, tzinfo=SHANGHAI)),
    ],
    ids=["a common day", "29 February"],
)
def test_a_guardian_is_one_until_the_18th_birthday_begins(born_on: dt.date, until: dt.datetime) -> None:
    assert guardian_until(born_on) == until


# What it is asked for


def test_who_uploads_before_agreeing_is_told_that_the_vendor_will_not_see_it(trusting: Gateway, number: str) -> None:
    me = trusting.customer(number)
    before = papers.create(me, number).data["uploadTicketCreate"]
    assert [(each["rule"]["code"], each["status"]) for each in before["verdicts"]] == [("ZAWX-DRUG-27", "WARNED")]
    assert "consentGrant" in before["verdicts"][0]["remedy"]
    consent = give(me, number, vendor="QITAI")
    after = papers.create(me, number).data["uploadTicketCreate"]
    assert [each["status"] for each in after["verdicts"]] == ["PASSED"]
    withdraw(me, consent)
    assert papers.create(me, number).data["uploadTicketCreate"]["verdicts"][0]["status"] == "WARNED"


def test_a_product_whose_handbook_asks_for_none_asks_for_none(trusting: Gateway) -> None:
    number = register(trusting, "ZYB")
    assert papers.create(trusting.customer(number), number).data["uploadTicketCreate"]["verdicts"] == []
