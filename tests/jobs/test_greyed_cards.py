"""A card that turns grey, from the visit to the payment that gives it back, through the mutations alone: it ends direct
billing, and nothing else."""

from typing import Any

import pytest

from tests.jobs.house import tick
from tests.support import bills, claims, consultations, direct_claims, preauths, visits
from tests.support.client import Gateway
from tests.support.direct_claims import Visit
from tests.support.escorts import refused

RULES = {"CY23": "CY23-PAY-06", "CY26": "CY26-BILL-03"}
CARD = "{ policies { nodes { cards { status displayOn } } } }"
LATER = "2026-04-28T10:00:00+08:00"
PATIENT = {"patient": visits.PATIENT, "visitAt": "2026-05-14T10:00:00+08:00"}


def card(visit: Visit, now: str) -> dict[str, Any]:
    (policy,) = visit.gateway.customer(visit.number).at(now).ask(CARD).data["policies"]["nodes"]
    return policy["cards"][0]


def billed(visit: Visit) -> str:
    """A hospital opens the visit with its own token, has it signed, and bills what the client owes."""
    claim = visit.create()["id"]
    assert visit.sign(claim)["refusals"] == []
    made = bills.send(visit.at_hospital(), "billIssue", {"claim": claim, "amount": "60.00"})
    assert made["refusals"] == []
    return made["bill"]["id"]


def left_unpaid(visit: Visit, bill: str) -> None:
    """Until the last moment before the handbook greys the card, which is still in use then; and a minute more."""
    before, after = "2026-04-25T23:59:00+08:00", "2026-04-26T00:01:00+08:00"
    if visit.product == "CY26":
        for day in ("2026-04-01", "2026-04-02", "2026-04-03"):
            told = {"bill": bill, "channel": "PHONE"}
            sent = bills.send(visit.gateway.staff("hotline").at(f"{day}T10:00:00+08:00"), "billReminderRecord", told)
            assert sent["refusals"] == []
        before, after = "2026-04-04T23:59:00+08:00", "2026-04-05T00:01:00+08:00"
    tick(visit.gateway, before)
    assert card(visit, before)["status"] == "ACTIVE"
    tick(visit.gateway, after)
    assert card(visit, after) == {"status": "GREYED", "displayOn": after[:10]}


def direct_billing(visit: Visit) -> list[dict[str, Any]]:
    return [
        visit.tried(now=LATER, visitedOn="2026-04-28", booking=None),
        visits.tried(visit.gateway, visit.number, now=LATER, **PATIENT),
    ]


def everything_else(visit: Visit) -> dict[str, dict[str, Any]]:
    gateway, number, product = visit.gateway, visit.number, visit.product
    client = gateway.customer(number).at(LATER)
    authorization = preauths.request(number, treatmentOn="2026-05-20", hospital=visits.PUBLIC)
    return {
        "claim": claims.send(client, "claimSubmit", claims.request(gateway, number, product), dry_run=True),
        "preAuth": preauths.send(client, "preAuthSubmit", authorization, dry_run=True),
        "consultation": consultations.try_question(gateway, product, number, now=LATER),
    }


@pytest.mark.parametrize("product", ["CY23", "CY26"])
def test_an_unpaid_bill_ends_direct_billing_and_nothing_else_until_it_is_paid(gateway: Gateway, product: str) -> None:
    visit = direct_claims.begin(gateway, product)
    bill = billed(visit)
    left_unpaid(visit, bill)
    for tried in direct_billing(visit):
        assert RULES[product] in refused(tried)
    for name, tried in everything_else(visit).items():
        assert tried["refusals"] == [], name
    paid = bills.send(gateway.staff("adjuster").at(LATER), "billPay", {"bill": bill, "reference": f"R-{visit.number}"})
    assert paid["bill"]["status"] == "PAID"
    assert card(visit, LATER)["status"] == "ACTIVE"
    for tried in direct_billing(visit):
        assert RULES[product] not in refused(tried)
