"""Who is let in as an agent or a guardian alone asks for a drug as that, whatever the request says."""

from typing import Any

import pytest

from tests.personal.conftest import sign_in
from tests.personal.test_access import CHILD, given_to, holder, in_days, mandate
from tests.support.client import Client, Gateway
from tests.support.consents import insured
from tests.support.consultations import send
from tests.support.drugs import new_policy, request
from tests.support.escorts import NOW, person, refused


@pytest.fixture
def number(trusting: Gateway) -> str:
    return new_policy(trusting, insured=[person(), CHILD])


def tried(gateway: Gateway, client: Client, number: str, **changes: Any) -> set[str]:
    given = request(gateway, number, **changes)
    return refused(send(client.at(NOW), "drugPurchaseRequest", dry_run=True, **given).data["drugPurchaseRequest"])


def test_an_agent_who_says_insured_shows_papers_all_the_same(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    adult = insured(owner, number, 0)
    subject, _ = given_to(owner, number, "AGENT", validUntil=in_days(30), papers=mandate(owner, number))
    assert tried(trusting, sign_in(trusting, subject), number, insured=adult) == {"ZAWX-DRUG-20"}
    assert tried(trusting, owner, number, insured=adult) == set()


def test_a_guardian_need_not_say_so(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    child = insured(owner, number, 1)
    subject, _ = given_to(owner, number, "GUARDIAN", insured=child)
    assert tried(trusting, sign_in(trusting, subject), number, insured=child) == {"ZAWX-DRUG-22"}
