"""Direct claims as hospitals open them: a good one of each product, and what stands behind it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.repositories.policies import policy_id
from tests.support import preauths, visits
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, VERDICT, add_paper, at, change, look
from tests.support.mutations import input_of

DAY = "2026-03-26"
ON_THE_DAY = at("2026-03-26 12:00")
VENDORS = {"CY23": "WINDSTONE", "CY26": "JDHEALTH"}
LINE: dict[str, Any] = {"category": "TREATMENT", "name": "门诊诊查", "amount": "300.00"}
SIGNED = {
    "CY23": {"papers": ["BILL"]},
    "CY26": {"papers": ["FORM", "RECEIPT"], "confirmations": ["DIAGNOSIS_OR_RECORD", "INVOICE"]},
}
CLAIM = """claim { id number kind status askedAmount { amount } isPreAuthMissing isEmergency
  visits { visitedOn amount { amount } invoices { number } } lines { position category name asked { amount } }
  documents { kind status } signatures { paper } booking { id } preAuth { id }
  timeline { command fromStatus status role } }"""


def document(mutation: str) -> str:
    return (
        f"mutation M($input: {input_of(mutation).name}!, $dryRun: Boolean! = false) "
        f"{{ {mutation}(input: $input, dryRun: $dryRun) {{ isReplay isDryRun verdicts {{ ...V }} refusals {{ ...V }} "
        f"{CLAIM} }} }}" + VERDICT
    )


def send_raw(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> Answer:
    return client.ask(document(mutation), input={"idempotencyKey": new_key()} | dict(given), dryRun=dry_run)


def send(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
    return send_raw(client, mutation, given, dry_run=dry_run).data[mutation]


def card(gateway: Gateway, number: str, state: str = "BOUND") -> str:
    """A card in the hands of the insured; its number."""
    shown = f"C-{uuid.uuid4().hex[:10]}"
    change(
        gateway,
        """
        insert into cards
          (policy_id, id, number, insured_id, machine, state, state_seq, is_demo, created_at, updated_at)
        select policy_id, gen_random_uuid(), $2, id, 'CARD', $3, 1, false, now(), now() from policy_members
        where policy_id = $1 and role = 'INSURED' order by position limit 1
        """,
        policy_id(number),
        shown,
        state,
    )
    return shown


def grey(gateway: Gateway, number: str) -> None:
    change(
        gateway,
        """
        insert into card_suspensions (policy_id, id, card_id, cause_type, cause_id, suspended_at)
        select policy_id, gen_random_uuid(), id, 'BILL', gen_random_uuid(), now() from cards where policy_id = $1
        """,
        policy_id(number),
    )


@dataclass(frozen=True)
class Visit:
    """A visit at a hospital that bills directly, with all that such a hospital needs."""

    gateway: Gateway
    product: str
    number: str
    card: str
    booking: str | None = None
    form: str | None = None

    def at_hospital(self, *hospitals: str, now: str = ON_THE_DAY) -> Client:
        return preauths.hospital(self.gateway, VENDORS[self.product], *(hospitals or (visits.PUBLIC,))).at(now)

    def request(self, **changes: Any) -> dict[str, Any]:
        good: dict[str, Any] = {
            "policyNumber": self.number,
            "hospital": visits.PUBLIC,
            "kind": "OUTPATIENT",
            "departmentClass": "SPECIAL",
            "visitedOn": DAY,
            "cardNumber": self.card,
            "shownIdType": "PASSPORT",
            "booking": self.booking,
            "lines": [LINE],
            "documents": [self.form] if self.form else [],
        }
        return good | changes

    def tried(self, now: str = ON_THE_DAY, **changes: Any) -> dict[str, Any]:
        """The answer to a claim that is only tried."""
        staff = self.gateway.staff().at(now)
        return send(staff, "directClaimCreate", self.request(**changes), dry_run=True)

    def create(self, **changes: Any) -> dict[str, Any]:
        made = send(self.at_hospital(), "directClaimCreate", self.request(**changes))
        assert made["refusals"] == [], made["refusals"]
        return made["claim"]

    def sign(self, claim: str, **changes: Any) -> dict[str, Any]:
        given = {"claim": claim} | SIGNED[self.product] | changes
        return send(self.at_hospital(), "directClaimSign", given)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return look(self.gateway, f"select * from {table} where policy_id = $1", policy_id(self.number))


def begin(gateway: Gateway, product: str = "CY26", *, card_state: str = "BOUND", **policy: Any) -> Visit:
    """At the public demo hospital: under CY23 with its confirmed booking, under CY26 with its form."""
    number = visits.policy(gateway, product, **policy)
    shown = card(gateway, number, card_state)
    if product == "CY26":
        return Visit(gateway, product, number, shown, form=add_paper(gateway, number, "DIRECT_CLAIM_FORM", None))
    trip = visits.begin(gateway, product=product, number=number).confirmed()
    return Visit(gateway, product, number, shown, trip.booking)


def authorize(visit: Visit, *, treatment_on: str = DAY, category: str = "INPATIENT", asked_at: str = NOW) -> str:
    """A pre-authorization of the visit that was granted; its id."""
    request = preauths.request(
        visit.number,
        treatmentOn=treatment_on,
        items=[{"category": category, "name": "住院三天", "perTreatment": "8000.00"}],
    )
    made = preauths.send(visit.gateway.customer(visit.number).at(asked_at), "preAuthSubmit", request)
    assert made["refusals"] == [], made["refusals"]
    case = preauths.Case(visit.gateway, visit.number, made["preAuth"]["id"])
    case.approve()
    return case.id
