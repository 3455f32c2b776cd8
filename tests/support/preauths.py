"""Pre-authorizations as clients, hospitals and staff send them: a good request, and the steps that follow."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import VENDOR_LIMIT, Viewer, ViewerKind
from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, VERDICT, change, look, person, register
from tests.support.mutations import input_of

HOSPITAL = "DEMO-SH-001"
"""A public demo hospital with direct billing, in the networks of CY23 STANDARD and of CY26 NATIONAL."""

WITHOUT_DIRECT = "DEMO-SH-002"
PRIVATE = "DEMO-SH-005"
TREATMENT = "2026-03-26"
LATEST = "2026-03-19"
"""Five working days before: 20, 23, 24 and 25 March lie between."""

FLAGS = ("is_emergency", "has_surgery", "third_party_settled", "is_preauth_missing", "is_demo")
CHILD = {"name": "演示孩子", "gender": "MALE", "birthOn": "2018-05-05"}
STAY: dict[str, Any] = {"category": "INPATIENT", "name": "住院三天", "perTreatment": "8000.00"}
VISIT: dict[str, Any] = {"category": "OTHER", "name": "门诊复查", "unitPrice": "300.00"}

SHOWN = {
    "preAuth": """preAuth { id number status channel treatmentOn validUntil
        items { name category decision approvedAmount { amount } matchedRules reason }
        inquiries { question answer } emergencyNotices { id status }
        guaranteeLetters { id number status ceiling { amount } drawn { amount } startsOn endsOn }
        timeline { command fromStatus status role reason } }""",
    "letter": "letter { id number status ceiling { amount } drawn { amount } deliveredAt endedAt }",
    "notice": "notice { id status reason }",
}

REQUIREMENT = (
    """query R($input: PreAuthRequirementInput!) { preAuthRequirement(input: $input) {
      isRequired latestOn isEstimated matches { position rule { code } } verdicts { ...V } } }"""
    + VERDICT
)
CHECK = """query C($number: String!, $code: String!) { guaranteeLetterCheck(number: $number, code: $code) {
  number status isUsable hospital { code } patientName ceiling remaining startsOn endsOn } }"""


def policy(gateway: Gateway, product: str = "CY26", **changes: Any) -> str:
    plan = {"CY26": "NATIONAL", "CY23": "STANDARD"}[product]
    return register(gateway, product, **{"plan": plan, "waitingDays": 30, "insured": [person(**CHILD)]} | changes)


def request(number: str, **changes: Any) -> dict[str, Any]:
    """A request that CY23 and CY26 accept."""
    good: dict[str, Any] = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "hospital": HOSPITAL,
        "treatmentOn": TREATMENT,
        "items": [STAY],
        "diagnosis": "腺样体肥大",
    }
    return good | changes


def emergency(number: str, **changes: Any) -> dict[str, Any]:
    good = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "hospital": HOSPITAL,
        "emergencyAt": "2026-03-08T20:00:00+08:00",
        "diagnosis": "高热惊厥",
    }
    return good | changes


def send_raw(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> Answer:
    """Any of these mutations, with what its payload can show."""
    return client.ask(document(mutation), input=given, dryRun=dry_run)


def document(mutation: str) -> str:
    if mutation.startswith("guaranteeLetter") and mutation != "guaranteeLetterIssue":
        shown = SHOWN["letter"]
    elif mutation == "emergencyNoticeDecide":
        shown = SHOWN["notice"]
    else:
        shown = SHOWN["preAuth"]
    if mutation in ("preAuthDecide", "preAuthApprove", "guaranteeLetterIssue"):
        shown += " letterCode"
    if mutation == "preAuthEmergencyNotify":
        shown += SHOWN["notice"]
    return (
        f"mutation M($input: {input_of(mutation).name}!, $dryRun: Boolean! = false) "
        f"{{ {mutation}(input: $input, dryRun: $dryRun) {{ isReplay isDryRun verdicts {{ ...V }} refusals {{ ...V }} "
        f"{shown} }} }}" + VERDICT
    )


def send(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
    return send_raw(client, mutation, given, dry_run=dry_run).data[mutation]


def requirement(client: Client, number: str, **changes: Any) -> dict[str, Any]:
    given = {"policyNumber": number, "treatmentOn": TREATMENT, "items": [VISIT]} | changes
    return client.ask(REQUIREMENT, input=given).data["preAuthRequirement"]


def codes(found: Mapping[str, Any]) -> set[str]:
    return {match["rule"]["code"] for match in found["matches"]}


def hospital(gateway: Gateway, vendor: str = "WINDSTONE", *hospitals: str) -> Client:
    """A vendor's token that is bound to hospitals."""
    viewer = Viewer(
        ViewerKind.VENDOR,
        f"vendor:{vendor}",
        vendor,
        frozenset(VENDOR_LIMIT),
        vendor=vendor,
        hospitals=hospitals or (HOSPITAL,),
    )
    return gateway.client(viewer).at(NOW)


@dataclass(frozen=True)
class Case:
    """One request, and those who have to do with it."""

    gateway: Gateway
    number: str
    id: str

    def who(self, role: str, now: str = NOW) -> Client:
        if role == "customer":
            return self.gateway.customer(self.number).at(now)
        return self.gateway.staff(role).at(now)

    def send(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> dict[str, Any]:
        return self.send_raw(role, mutation, now, **fields).data[mutation]

    def send_raw(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> Answer:
        given = {"idempotencyKey": new_key(), "preAuth": self.id} | fields
        return send_raw(self.who(role, now), mutation, given)

    def approve(self, amount: str = "8000.00", until: str = "2026-04-30") -> dict[str, Any]:
        """An adjuster grants the one item."""
        decisions = [{"position": 1, "decision": "APPROVED", "approvedAmount": amount}]
        return self.send("adjuster", "preAuthDecide", decisions=decisions, validUntil=until)

    def letter(self) -> dict[str, Any]:
        found = self.who("supervisor").ask(
            "query Q($id: ID!) { node(id: $id) { ... on PreAuth { " + SHOWN["preAuth"][10:-1] + "} } }", id=self.id
        )
        return found.data["node"]["guaranteeLetters"][-1]

    def claim(self, kind: str = "DIRECT_INPATIENT", **changes: Any) -> str:
        """A direct claim of the hospital under this request, as its own mutations will make it."""
        policy, preauth = ids.decode_as("preauth", self.id, 2)
        (row,) = look(self.gateway, "select * from preauths where policy_id = $1 and id = $2", policy, preauth)
        claim = uuid.uuid4()
        is_direct = kind.startswith("DIRECT_")
        card = self._card(policy, row["insured_id"]) if is_direct else None
        made: dict[str, Any] = {
            "policy_id": policy,
            "id": claim,
            "number": f"CL-{claim.hex[:8]}",
            "product_code": row["product_code"],
            "kind": kind,
            "machine": "CLAIM",
            "state": "SUBMITTED",
            "state_seq": 1,
            "insured_id": row["insured_id"],
            "hospital_code": row["hospital_code"],
            "preauth_id": preauth,
            "asked_amount": Decimal("8000.00"),
            **dict.fromkeys(FLAGS, False),
            "revision": 0,
            "card_id": card,
            "shown_id_type": "PASSPORT" if is_direct else None,
            "created_at": dt.datetime.now(dt.UTC),
            "updated_at": dt.datetime.now(dt.UTC),
        } | changes
        columns = ", ".join(made)
        places = ", ".join(f"${at}" for at in range(1, len(made) + 1))
        change(self.gateway, f"insert into claims ({columns}) values ({places})", *made.values())
        return ids.encode("claim", policy, claim)

    def _card(self, policy: uuid.UUID, insured: uuid.UUID) -> uuid.UUID:
        change(
            self.gateway,
            """
            insert into cards (policy_id, id, number, insured_id, machine, state, state_seq, is_demo, created_at,
              updated_at)
            values ($1, gen_random_uuid(), 'C', $2, 'CARD', 'ISSUED', 1, false, now(), now())
            on conflict (policy_id, insured_id) do nothing
            """,
            policy,
            insured,
        )
        return look(self.gateway, "select id from cards where policy_id = $1", policy)[0]["id"]


def begin(gateway: Gateway, product: str = "CY26", *, number: str | None = None, **changes: Any) -> Case:
    number = number or policy(gateway, product)
    made = send(gateway.customer(number).at(NOW), "preAuthSubmit", request(number, **changes))
    assert made["refusals"] == []
    return Case(gateway, number, made["preAuth"]["id"])


def rows_of(gateway: Gateway, table: str, number: str) -> list[dict[str, Any]]:
    return look(gateway, f"select * from {table} where policy_id = $1", policy_id(number))


def itemize(gateway: Gateway, claim: str) -> None:
    """One visit and one line over all that a claim of `Case.claim` asks, so that it can be decided."""
    change(
        gateway,
        """with visit as (
             insert into claim_visits (policy_id, id, claim_id, position, hospital_code, visited_on, amount)
             select policy_id, gen_random_uuid(), id, 1, hospital_code, '2026-03-20', asked_amount from claims
             where policy_id = $1 and id = $2 returning policy_id, id, claim_id, amount)
           insert into claim_lines (policy_id, id, claim_id, visit_id, position, category, name, asked)
           select policy_id, gen_random_uuid(), claim_id, id, 1, 'TREATMENT', '住院', amount from visit""",
        *ids.decode_as("claim", claim, 2),
    )
