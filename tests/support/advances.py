"""Advances as clients, vendors and staff send them: good requests of three products, and the steps that follow."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import VENDOR_LIMIT
from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, VERDICT, add_paper, change, look, person, register
from tests.support.mutations import input_of

VENDORS = {"ZAWX": "QITAI", "VAS": "VAS-SERVICE", "CY26": "CY26-ADVANCE"}
VENDOR_SCOPES = VENDOR_LIMIT
HOSPITAL = "DEMO-SH-002"
"""A public demo hospital of level 3 without direct billing, on the demo lists of VAS and CY26 for advances."""

ADMITTED = "2026-03-05"
LIMIT = "50000.00"
INSURED = {"name": "演示被保险人", "gender": "MALE", "birthOn": "1988-05-05"}
AGREED = {"ZAWX": ["ZAWX-ADV-19", "ZAWX-ADV-22"], "VAS": [], "CY26": ["CY26-ADV-23"]}
"""What the client agrees to when it signs."""

READ = {"ZAWX": ["ZAWX-ADV-23"], "VAS": [], "CY26": ["CY26-ADV-16"]}
SIGNED = {"ZAWX": "ADVANCE_MANDATE", "VAS": "ADVANCE_AGREEMENT", "CY26": "ADVANCE_MANDATE"}
FOR_REVIEW = ("ADMISSION_RECORD", "OUTPATIENT_RECORD", "EXAM_REPORT", "DIAGNOSIS_PROOF")
FOR_CLAIM = ("INVOICE", "DISCHARGE_SUMMARY", "INPATIENT_RECORD", "COST_LIST")
FOUND = dict.fromkeys(
    ("isCovered", "isConditionDisclosed", "isDeductibleReached", "isSumInsuredLeft", "isHospitalAccepted"), True
)

ADVANCE = """advance { id number status paidAmount { amount } approvedAmount { amount } authorizedLimit { amount }
  adjudicatedAmount { amount } coveredAmount { amount } repayableAmount { amount } dischargedOn confirmedAt signedAt
  documentsCompleteAt investigatedFrom settledAt vendor { code }
  payments { seq kind status requestedAmount { amount } approvedAmount { amount } reviews { stage outcome reason } }
  documents { kind } claims { id status kind } repayments { id status cause payee outstandingAmount { amount } }
  timeline { command fromStatus status role reason } slaClocks { rule { code } status dueAt } }"""


def policy(gateway: Gateway, product: str, **changes: Any) -> str:
    terms: dict[str, Any] = {"insured": [person(**INSURED)]}
    if product == "CY26":
        terms |= {"plan": "NATIONAL"}
    if product == "VAS":
        terms |= {"waitingDays": 30, "advanceLimit": LIMIT}
    return register(gateway, product, **terms | changes)


def request(gateway: Gateway, number: str, product: str, **changes: Any) -> dict[str, Any]:
    """A request that the product accepts."""
    good: dict[str, Any] = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "hospital": HOSPITAL,
        "admittedOn": ADMITTED,
        "cause": "DISEASE",
        "diagnosis": "肺恶性肿瘤",
        "requestedAmount": "30000.00",
        "costType": "INPATIENT_TREATMENT",
        "acknowledged": READ[product],
    }
    if product == "ZAWX":
        good |= {
            "criticalIllness": "恶性肿瘤",
            "firstDiagnosedOn": "2026-03-01",
            "documents": [paper(gateway, number, "IMAGING_REPORT")],
        }
    return good | changes


def paper(gateway: Gateway, number: str, kind: str) -> dict[str, Any]:
    return {"kind": kind, "document": add_paper(gateway, number, kind, None)}


def document(mutation: str) -> str:
    return (
        f"mutation M($input: {input_of(mutation).name}!, $dryRun: Boolean! = false) "
        f"{{ {mutation}(input: $input, dryRun: $dryRun) {{ isReplay isDryRun verdicts {{ ...V }} refusals {{ ...V }} "
        f"{ADVANCE} }} }}" + VERDICT
    )


def send_raw(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> Answer:
    return client.ask(document(mutation), input=given, dryRun=dry_run)


def send(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
    return send_raw(client, mutation, given, dry_run=dry_run).data[mutation]


@dataclass(frozen=True)
class Case:
    """One advance, and those who have to do with it."""

    gateway: Gateway
    product: str
    number: str
    id: str

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID]:
        policy, advance = ids.decode_as("adv", self.id, 2)
        return policy, advance

    def who(self, role: str, now: str = NOW) -> Client:
        if role == "customer":
            return self.gateway.customer(self.number).at(now)
        if role == "vendor":
            return self.gateway.vendor(VENDORS[self.product], *VENDOR_SCOPES).at(now)
        return self.gateway.staff(role).at(now)

    def send_raw(self, role: str, mutation: str, now: str = NOW, *, dry_run: bool = False, **fields: Any) -> Answer:
        given = {"idempotencyKey": new_key(), "advance": self.id} | fields
        return send_raw(self.who(role, now), mutation, given, dry_run=dry_run)

    def send(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> dict[str, Any]:
        return self.send_raw(role, mutation, now, **fields).data[mutation]

    def take(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> dict[str, Any]:
        """A step that must be agreed to; the advance after it."""
        made = self.send(role, mutation, now, **fields)
        assert made["refusals"] == [], made["refusals"]
        return made["advance"]

    def paper(self, kind: str) -> dict[str, Any]:
        return paper(self.gateway, self.number, kind)

    def papers(self, *kinds: str) -> list[dict[str, Any]]:
        return [self.paper(kind) for kind in kinds]

    # The way to a payment, in steps that a test may take by itself

    def contact(self, **fields: Any) -> dict[str, Any]:
        return self.take("vendor", "advanceContactRecord", **{"isConfirmed": True} | fields)

    def hand_in(self, *kinds: str) -> dict[str, Any]:
        return self.take("customer", "advanceDocumentsSubmit", documents=self.papers(*kinds or FOR_REVIEW))

    def review(self, outcome: str = "APPROVED", now: str = NOW, **fields: Any) -> dict[str, Any]:
        return self.take("vendor", "advanceReview", now, **{"outcome": outcome, "findings": FOUND} | fields)

    def authorize(self, outcome: str = "APPROVED", **fields: Any) -> dict[str, Any]:
        return self.take("adjuster", "advanceAuthorize", outcome=outcome, **fields)

    def sign(self, **fields: Any) -> dict[str, Any]:
        given = {"documents": [self.paper(SIGNED[self.product])], "acknowledged": AGREED[self.product]}
        return self.take("customer", "advanceSign", **given | fields)

    def pay(self, now: str = NOW) -> dict[str, Any]:
        return self.take("vendor", "advancePay", now, reference=new_key())

    def go_to(self, state: str) -> "Case":
        """The steps up to a state, each of which must be agreed to."""
        way = [("REQUESTED", self.contact), ("UNDER_REVIEW", self.hand_in)]
        if self.product == "VAS":
            way += [("REVIEWED", self.review), ("AUTHORIZED", self.authorize)]
        else:
            way += [("AUTHORIZED", self.review)]
        way += [("SIGNED", self.sign), ("PAID", self.pay)]
        for reached, step in way:
            assert step()["status"] == reached
            if reached == state:
                return self
        raise AssertionError(f"{state} does not lie on the way")

    def top_up(self, amount: str, **fields: Any) -> dict[str, Any]:
        return self.send("customer", "advanceTopUp", amount=amount, **fields)

    def discharge(self, day: str = "2026-03-20", now: str = NOW) -> dict[str, Any]:
        return self.take("customer", "advanceDischargeNotify", now, dischargeOn=day)

    def file(self, amount: str = "41200.00", now: str = "2026-03-20T10:00:00+08:00", **fields: Any) -> dict[str, Any]:
        given = {
            "dischargedOn": "2026-03-20",
            "amount": amount,
            "invoiceNumber": new_key(),
            "documents": self.papers(*FOR_CLAIM),
        }
        return self.take("vendor", "advanceClaimFile", now, **given | fields)

    def decide(self, paid: str, asked: str = "41200.00") -> None:
        """The insurer's decision on the claim, as its own mutations will make it."""
        policy, advance = self.key
        given, total = Decimal(paid), Decimal(asked)
        row: dict[str, Any] = {
            "policy_id": policy,
            "id": uuid.uuid4(),
            "claim_id": look(
                self.gateway, "select id from claims where policy_id = $1 and advance_id = $2", policy, advance
            )[0]["id"],
            "revision": 1,
            "outcome": "REFUSED" if not given else "PARTIALLY_APPROVED",
            "asked": total,
            "allowed": given,
            **dict.fromkeys(("deductible", "copay", "other"), Decimal(0)),
            "excluded": total - given,
            "paid": given,
            "reason": "部分费用不在保障范围",
            "rule_codes": [],
            "facts": "{}",
            "rulebook": "test",
            "decided_by": "staff:adjuster",
            "decided_at": dt.datetime.now(dt.UTC),
        }
        columns, places = ", ".join(row), ", ".join(f"${at}" for at in range(1, len(row) + 1))
        change(self.gateway, f"insert into claim_decisions ({columns}) values ({places})", *row.values())
        change(self.gateway, "update claims set revision = 1 where policy_id = $1 and advance_id = $2", policy, advance)

    def uses(self) -> tuple[int, int]:
        """Reserved and spent uses of the policy year."""
        sql = "select held, used from entitlement_accounts where policy_id = $1 and service = 'ADVANCE_PAYMENT'"
        (found,) = look(self.gateway, sql, policy_id(self.number))
        return found["held"], found["used"]


def begin(gateway: Gateway, product: str = "ZAWX", *, number: str | None = None, **changes: Any) -> Case:
    number = number or policy(gateway, product)
    made = send(gateway.customer(number).at(NOW), "advanceRequest", request(gateway, number, product, **changes))
    assert made["refusals"] == [], made["refusals"]
    return Case(gateway, product, number, made["advance"]["id"])


def clocks(found: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Status and end of each deadline, the newest of a rule."""
    return {clock["rule"]["code"]: (clock["status"], clock["dueAt"]) for clock in found["slaClocks"]}


def rows_of(gateway: Gateway, table: str, number: str) -> list[dict[str, Any]]:
    return look(gateway, f"select * from {table} where policy_id = $1", policy_id(number))
