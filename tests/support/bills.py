"""Bills as hospitals, staff and clients handle them, and a provider of payments that says what has come."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from gateway.app import payments_of
from gateway.auth.payments import SignedProvider
from gateway.execution import ids
from gateway.repositories.policies import policy_id
from gateway.settings import Settings
from tests.support import preauths
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, VERDICT, change, look
from tests.support.mutations import input_of

BILL = """bill { id number status visitType amount { amount } paidAmount { amount } waivedAmount { amount }
  outstandingAmount { amount } reminderCount dueOn settledAt claim { id } booking { id }
  payments { amount { amount } status } reminders { seq channel deliveredAt } waivers { amount { amount } reason }
  timeline { command fromStatus status role } }"""


def document(mutation: str) -> str:
    more = " checkoutUrl" if mutation == "billPay" else ""
    for_hotlines = BILL.replace("claim { id } booking { id }", "")
    shown = for_hotlines if mutation == "billReminderRecord" else BILL
    return (
        f"mutation M($input: {input_of(mutation).name}!, $dryRun: Boolean! = false) "
        f"{{ {mutation}(input: $input, dryRun: $dryRun) {{ isReplay isDryRun verdicts {{ ...V }} refusals {{ ...V }} "
        f"{shown}{more} }} }}" + VERDICT
    )


def send_raw(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> Answer:
    return client.ask(document(mutation), input={"idempotencyKey": new_key()} | dict(given), dryRun=dry_run)


def send(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
    return send_raw(client, mutation, given, dry_run=dry_run).data[mutation]


def sandbox(gateway: Gateway) -> SignedProvider:
    """The provider, with the secret that the gateway shares with it."""
    (provider,) = payments_of(Settings(mode="development", folder=gateway.folder)).providers
    assert isinstance(provider, SignedProvider)
    return provider


@dataclass(frozen=True)
class Billed:
    """One visit's claim with its bill, and those who have to do with it."""

    gateway: Gateway
    number: str
    claim: str
    id: str

    def who(self, role: str, now: str = NOW) -> Client:
        if role == "customer":
            return self.gateway.customer(self.number).at(now)
        return self.gateway.staff(role).at(now)

    def send(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> dict[str, Any]:
        return self.send_raw(role, mutation, now, **fields).data[mutation]

    def send_raw(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> Answer:
        return send_raw(self.who(role, now), mutation, {"bill": self.id} | fields)

    def row(self) -> dict[str, Any]:
        (found,) = look(self.gateway, "select * from bills where policy_id = $1 and id = $2", *self.key)
        return found

    def payments(self) -> list[dict[str, Any]]:
        sql = "select * from bill_payments where policy_id = $1 and bill_id = $2 order by created_at, id"
        return look(self.gateway, sql, *self.key)

    def begin(self, **fields: Any) -> dict[str, Any]:
        """The client goes to pay; the attempt as it is kept."""
        answer = self.send("customer", "billPay", **fields)
        assert answer["refusals"] == [], answer["refusals"]
        assert answer["checkoutUrl"]
        return self.payments()[-1]

    def grey(self) -> None:
        """What the timer does when the bill is overdue."""
        change(
            self.gateway,
            """
            insert into card_suspensions (policy_id, id, card_id, cause_type, cause_id, suspended_at)
            select $1, gen_random_uuid(), c.id, 'BILL', $2, now() from cards c where c.policy_id = $1
            """,
            *self.key,
        )

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID]:
        policy, bill = ids.decode_as("bill", self.id, 2)
        return policy, bill


def visit(gateway: Gateway, product: str = "CY23", kind: str = "DIRECT_OUTPATIENT", **changes: Any) -> tuple[str, str]:
    """A policy and the direct claim of a visit; the card is in somebody's hands."""
    case = preauths.begin(gateway, product)
    claim = case.claim(kind, **changes)
    change(gateway, "update cards set state = 'BOUND' where policy_id = $1", policy_id(case.number))
    return case.number, claim


def begin(
    gateway: Gateway, product: str = "CY23", *, amount: str = "100.00", by: str = "adjuster", **claim: Any
) -> Billed:
    number, made = visit(gateway, product, **claim)
    answer = send(gateway.staff(by).at(NOW), "billIssue", {"claim": made, "amount": amount})
    assert answer["refusals"] == [], answer
    return Billed(gateway, number, made, answer["bill"]["id"])


# What the provider says


def event(payment: Mapping[str, Any], outcome: str = "PAID", **changes: Any) -> bytes:
    said = {
        "id": uuid.uuid4().hex,
        "reference": payment["reference"],
        "outcome": outcome,
        "amount": str(payment["amount"]),
        "currency": "CNY",
    }
    return orjson.dumps(said | changes)


def call(gateway: Gateway, body: bytes, *, at: int | None = None, signature: str | None = None, **more: Any) -> Any:
    """The provider's callback, signed unless the test brings a signature of its own."""
    signed = sandbox(gateway).sign(body, int(time.time()) if at is None else at)
    http: httpx.Client = more.get("http", gateway.http)
    return http.post(
        f"{gateway.address}/payments/{more.get('provider', 'sandbox')}/events",
        content=body,
        headers={"x-payment-signature": signed if signature is None else signature},
    )
