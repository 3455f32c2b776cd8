"""Money in random lives of claims, bills and advances: whatever is decided, paid, failed, repeated, appealed or owed
back, every cent that somebody asked for or paid is found again, in one place only."""

import datetime as dt
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from gateway.repositories import decisions
from gateway.validation.calendar import WorkCalendar
from gateway.validation.replay import differences
from tests.stateful.balances import MONEY
from tests.stateful.looking import SEEDS, Eyes, bounds
from tests.stateful.money_world import JUDGES, PAPERS, Treasury, amount
from tests.stateful.sending import Life
from tests.support import advances, bills, direct_claims
from tests.support.claims import ACCOUNT
from tests.support.client import Client, Gateway, new_key

ACTS = (
    *("work_on_an_advance",) * 8,
    *("work_on_a_claim",) * 8,
    "begin_something",
    *("work_on_a_bill",) * 4,
    *("the_provider_speaks",) * 2,
    *("work_on_a_letter",) * 4,
    *("decide_an_appeal", "decide_an_appeal", "pay_back", "pay_back", "pay_back", "send_again", "timers_run"),
)
ADVANCES = ("VAS", "ZAWX")
Row = dict[str, Any]


class Money(Life):
    """One life of some policies."""

    truths = MONEY

    @initialize()
    def set_out(self) -> None:
        self.begin(dt.datetime.fromisoformat(direct_claims.ON_THE_DAY))
        self.world = Treasury(self.gateway, self.eyes)
        self.said: list[tuple[bytes, int]] = []  # what the provider of payments has told us, and how it was answered
        for kind in ("claim", "direct"):
            self.ask_for(kind, self.dice(0))
        self.bill_a_visit()
        self.world.paid_advance("VAS", self.dice(0))
        self.world.settled_advance("VAS", self.dice(0))
        for at in range(2):
            self.world.claim_on_letter(self.dice(at))
        self.look_again()

    @rule(act=st.sampled_from(ACTS), seed=SEEDS)
    def act(self, act: str, seed: int) -> None:
        getattr(self, act)(self.dice(seed))

    @invariant()
    def every_cent_is_there(self) -> None:
        self.agrees()

    def teardown(self) -> None:
        """Every decision comes out as it did, from what it was shown."""

        async def otherwise() -> list[list[str]]:
            none = WorkCalendar({})
            found = [
                row async for row in decisions.of_claims(self.eyes.owner) if row["policy_id"] in self.world.policies
            ]
            return [told for row in found if (told := differences(row, none))]

        assert self.eyes.loop.run(otherwise()) == []

    def begin_something(self, dice: random.Random) -> None:
        self.ask_for(dice.choice(("claim", "claim", "direct", *ADVANCES)), dice)

    def ask_for(self, kind: str, dice: random.Random) -> None:
        if kind == "claim":
            given, operation = self.world.claim(dice), "claimSubmit"
        elif kind == "direct":
            given, operation = self.world.direct_claim(dice), "directClaimCreate"
        else:
            given, operation = self.world.advance(kind, dice), "advanceRequest"
        self.look_again()  # registering and uploading were not what is looked at
        self.send(self.world.judge("supervisor"), operation, given)

    def bill_a_visit(self) -> None:
        """So that there is something to pay from the beginning."""
        (row,) = [claim for claim in self.world.rows("claims") if claim["card_id"]]
        judge, dice = self.world.judge("adjuster"), random.Random(0)
        self.on(judge, "directClaimSign", "claim", row, direct_claims.SIGNED["CY23"], dice)
        self.on(judge, "billIssue", "claim", row, {"amount": amount(self.dice(0), row["asked_amount"])}, dice)

    def work_on_a_claim(self, dice: random.Random) -> None:
        row = self.pick("claims", dice, CLAIM_WAY)
        if row is None:
            return
        judge = self.world.judge(dice.choice(JUDGES))
        steps: dict[str, tuple[Client, Row]] = {
            "claimAdjudicate": (judge, self.world.rulings(row, dice)),
            "claimApprove": (judge, {"isApproved": dice.random() < 0.8, "reason": "seen"}),
            "claimPay": (judge, dice.choice(({"result": "ORDERED"}, {"result": "PAID"}, FAILED))),
            "appealSubmit": (self.world.customer(row), {"grounds": "it was needed"}),
            "claimWithdraw": (self.world.customer(row), {}),
            "claimAccountChange": (self.world.customer(row), {"bankAccount": ACCOUNT}),
            "claimOriginalsReceive": (judge, {}),
            "directClaimSign": (judge, direct_claims.SIGNED["CY23"]),
            "billIssue": (judge, {"amount": amount(dice, Decimal(200))}),
        }
        wanted = CLAIM_WAY.get(row["state"], ()) if dice.random() < 0.85 else tuple(steps)
        likely = [name for name in wanted if name != "billIssue" or row["card_id"]]
        if not likely:
            return
        name = dice.choice(likely)
        client, given = steps[name]
        self.on(client, name, "claim", row, given, dice)

    def decide_an_appeal(self, dice: random.Random) -> None:
        row = self.pick("appeals", dice)
        if row is None:
            return
        (claim,) = [claim for claim in self.world.rows("claims") if claim["id"] == row["claim_id"]]
        outcome = dice.choice(("UPHELD", "PARTIALLY_OVERTURNED", "OVERTURNED"))
        given = self.world.rulings(claim, dice) if outcome != "UPHELD" else {"lines": []}
        given |= {"outcome": outcome, "reason": "looked at again"}
        self.on(self.world.judge(dice.choice(JUDGES)), "appealDecide", "appeal", row, given, dice)

    def work_on_an_advance(self, dice: random.Random) -> None:
        row = self.pick("advances", dice, WAY)
        if row is None:
            return
        vendor, customer = self.world.vendor(row), self.world.customer(row)
        judge = self.world.judge(dice.choice(JUDGES))
        product = row["product_code"]
        review: Row = {"outcome": "APPROVED", "findings": advances.FOUND}
        if dice.random() < 0.3:
            review["approvedAmount"] = amount(dice, row["requested_amount"])
        signature = {"acknowledged": advances.AGREED[product]}
        stay = {"dischargedOn": "2026-03-20", "invoiceNumber": new_key(), "amount": amount(dice, Decimal(60_000))}
        steps: dict[str, tuple[Client, Row, tuple[str, ...]]] = {
            "advanceContactRecord": (vendor, {"isConfirmed": True}, ()),
            "advanceDocumentsSubmit": (customer, {}, PAPERS),
            "advanceReview": (vendor, review, ()),
            "advanceAuthorize": (judge, {"outcome": "APPROVED"}, ()),
            "advanceSign": (customer, signature, (advances.SIGNED[product],)),
            "advancePay": (vendor, {"reference": new_key()}, ()),
            "advanceTopUp": (customer, {"amount": amount(dice, Decimal(20_000))}, ()),
            "advanceClaimFile": (vendor, stay, advances.FOR_CLAIM),
            "advanceSettle": (judge, {"isCovered": dice.random() < 0.9, "reason": "as decided"}, ()),
            "advanceCancel": (customer, {}, ()),
        }
        wanted = self.way_of(row) if dice.random() < 0.9 else tuple(steps)
        name = dice.choice(wanted)
        client, given, kinds = steps[name]
        papers = {"documents": [self.world.paper(row, kind) for kind in kinds]} if kinds else {}
        self.look_again()
        self.on(client, name, "advance", row, given | papers, dice)

    def way_of(self, row: Row) -> tuple[str, ...]:
        """What may bring an advance forth."""
        if row["state"] not in ("PAID", "DISCHARGE_NOTIFIED"):
            return WAY.get(row["state"], ("advanceSettle", "advanceTopUp"))
        (found,) = self.eyes.rows(AROUND, row["policy_id"], row["id"])
        if found["is_open"]:
            return ("advanceReview", "advanceAuthorize", "advancePay")
        if found["revision"] is None:
            return ("advanceTopUp", "advanceClaimFile", "advanceClaimFile")
        return ("advanceTopUp", *("advanceSettle",) * 4) if found["revision"] else ("advanceTopUp",)

    def work_on_a_bill(self, dice: random.Random) -> None:
        row = self.pick("bills", dice)
        if row is None:
            return
        part = {"amount": amount(dice, max(row["outstanding_amount"], Decimal(1)))}
        judge = self.world.judge(dice.choice(JUDGES))
        steps: dict[str, tuple[Client, Row]] = {
            "billPay": (self.world.customer(row), part),
            "billWaive": (judge, part | {"reason": "hardship"}),
            "billReminderRecord": (judge, {"channel": "PHONE", "isDelivered": True}),
            "billDispute": (dice.choice((judge, self.world.customer(row))), {"grounds": "not what was done"}),
            "billDisputeWithdraw": (self.world.customer(row), {}),
            "billDisputeDecide": (judge, _outcome(part, dice)),
        }
        name = dice.choice((*BILL_WAY, *DISPUTED[row["disputed_at"] is not None]))
        if name == "at the counter":
            self.on(judge, "billPay", "bill", row, part | {"reference": new_key()}, dice)
        else:
            self.on(steps[name][0], name, "bill", row, steps[name][1], dice)

    def work_on_a_letter(self, dice: random.Random) -> None:
        """Claims draw on it, give back, and end; it is taken back and issued anew."""
        letter = self.world.rows("guarantee_letters")[-1]
        claims = [row for row in self.world.rows("claims") if row["preauth_id"] == letter["preauth_id"]]
        claim, judge = dice.choice(claims), self.world.judge(dice.choice(JUDGES))
        part = {"claim": claim["gid"], "amount": amount(dice, claim["asked_amount"])}
        issuing = {"preAuth": self.world.authorization().id}
        steps: dict[str, tuple[Client, Row]] = {
            "guaranteeLetterDraw": (judge, part | {"letter": letter["gid"]}),
            "guaranteeLetterReturn": (judge, part | {"letter": letter["gid"], "reason": "settled for less"}),
            "guaranteeLetterRevoke": (judge, {"letter": letter["gid"], "reason": "lost"}),
            "guaranteeLetterIssue": (judge, issuing),
            "claimWithdraw": (self.world.customer(claim), {"claim": claim["gid"]}),
        }
        if dice.random() < 0.1:
            self.world.claim_on_letter(dice)
            self.look_again()
        name = dice.choice((*("guaranteeLetterDraw",) * 5, *steps))
        name = "guaranteeLetterIssue" if letter["state"] == "REVOKED" and dice.random() < 0.5 else name
        client, given = steps[name]
        self.send(client, name, {"idempotencyKey": new_key()} | given, dry=dice.random() < 0.1)

    def the_provider_speaks(self, dice: random.Random) -> None:
        """Of a payment that is under way or over, something new, or the same again: which changes nothing."""
        if self.said and dice.random() < 0.3:
            body, status = dice.choice(self.said)
            assert bills.call(self.gateway, body).status_code == status
            self.leaves_no_trace("the same word of the provider")
            return
        payments = self.eyes.rows(
            "select * from bill_payments where policy_id = any($1) and provider = 'sandbox' order by id",
            self.world.policies,
        )
        if payments:
            body = bills.event(dice.choice(payments), dice.choice(("PAID", "PAID", "FAILED")))
            answer = bills.call(self.gateway, body)
            assert answer.status_code < 500, answer.text
            self.said.append((body, answer.status_code))
            self.look_again()

    def pay_back(self, dice: random.Random) -> None:
        row = self.pick("repayments", dice)
        if row is None:
            return
        part = {"amount": amount(dice, max(row["outstanding_amount"], Decimal(1)))}
        judge = self.world.judge(dice.choice(JUDGES))
        if dice.random() < 0.7:
            self.on(judge, "repaymentRecord", "repayment", row, part | {"reference": new_key()}, dice)
        else:
            self.on(judge, "repaymentWaive", "repayment", row, part | {"reason": "hardship"}, dice)

    def on(self, client: Client, mutation: str, name: str, row: Row, given: Row, dice: random.Random) -> None:
        sent = {"idempotencyKey": new_key(), name: row["gid"]} | given
        self.send(client, mutation, sent, dry=dice.random() < 0.1)

    def pick(self, table: str, dice: random.Random, way: Mapping[str, object] | None = None) -> Row | None:
        """Seldom one that has come to its end; often a claim that an advance hangs on."""
        rows = self.world.rows(table)
        live = rows if way is None else [row for row in rows if row["state"] in way]
        tied = [row for row in live if row.get("advance_id")]
        if live and dice.random() < 0.9:
            return dice.choice(tied if tied and dice.random() < 0.5 else live)
        return dice.choice(rows) if rows else None


def _outcome(part: Row, dice: random.Random) -> Row:
    """Of a dispute; mostly something is taken off."""
    stands = {"outcome": "UPHELD", "reason": "as agreed"}
    return {"outcome": "ADJUSTED", "reason": "counted twice"} | part if dice.random() < 0.7 else stands


BILL_WAY = ("billPay", "billPay", "at the counter", "billWaive", "billReminderRecord")
DISPUTED = {False: ("billDispute", "billDispute"), True: (*("billDisputeDecide",) * 3, "billDisputeWithdraw")}
FAILED = {"result": "FAILED", "failure": "the account is closed"}
CLAIM_WAY: dict[str, tuple[str, ...]] = {
    "AWAITING_SIGNATURE": ("directClaimSign",),
    "SUBMITTED": ("claimAdjudicate",),
    "UNDER_REVIEW": ("claimAdjudicate",),
    "AWAITING_ORIGINALS": ("claimOriginalsReceive",),
    "AWAITING_APPROVAL": ("claimApprove",),
    "DECIDED": (*("claimPay",) * 4, "appealSubmit", "claimAdjudicate", "billIssue", "claimAccountChange"),
    "PAYMENT_FAILED": ("claimPay", "claimPay", "claimAccountChange", "claimAdjudicate"),
    "PAID": ("claimPay", "claimPay", "appealSubmit", "claimAdjudicate", "billIssue"),
}
WAY: dict[str, tuple[str, ...]] = {
    "REQUESTED": ("advanceContactRecord", "advanceDocumentsSubmit"),
    "UNDER_REVIEW": ("advanceReview",),
    "REVIEWED": ("advanceAuthorize",),
    "AUTHORIZED": ("advanceSign",),
    "SIGNED": ("advancePay",),
    "PAID": (),
    "DISCHARGE_NOTIFIED": (),
}
"""Of cases that are under way; a payment that was made leads several ways."""

AROUND = """
select exists(select from advance_payments p where p.policy_id = $1 and p.advance_id = $2
                and p.state in ('REQUESTED', 'APPROVED')) as is_open,
       (select c.revision from claims c
        where c.policy_id = $1 and c.advance_id = $2 and c.state <> 'WITHDRAWN') as revision
"""


@pytest.mark.slow
def test_no_cent_is_lost_or_made(gateway: Gateway, eyes: Eyes) -> None:
    Life.gateway, Life.eyes = gateway, eyes
    run_state_machine_as_test(Money, settings=bounds(8, 60))
