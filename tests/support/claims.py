"""Claims as clients, hospitals and staff send them: a good claim of each product, and the steps that follow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.auth.viewer import VENDOR_LIMIT, Viewer, ViewerKind
from gateway.repositories.policies import policy_id
from tests.support.client import Answer, Client, Gateway, new_key, new_number
from tests.support.escorts import NOW, VERDICT, add_paper, look, person, register
from tests.support.mutations import input_of

PUBLIC = "DEMO-SH-002"
"""A public demo hospital."""

PRIVATE = "DEMO-SH-005"
"""A private one, in the networks of CY23 PLUS and CY26 NATIONAL."""

VISITED = "2026-03-02"
ACCOUNT = {"bankName": "演示银行", "holder": "演示成人", "number": "6222020200112233445"}
CHILD = {"name": "演示孩子", "gender": "MALE", "birthOn": "2018-05-05"}

PAPERS: Mapping[str, tuple[str, ...]] = {
    "CY23": ("CLAIM_FORM", "MEDICAL_RECORDS", "IDENTITY_DOCUMENT", "E_CARD", "ITEMIZED_BILL", "INVOICE"),
    "CY26": ("CLAIM_FORM", "INSURED_ID_FRONT", "INSURED_ID_BACK", "INVOICE", "ITEMIZED_BILL", "OUTPATIENT_RECORD"),
}
"""What an adult's outpatient claim needs."""

SHOWN = """{ id number kind channel status askedAmount { amount } documentsCompleteAt originalsReceivedAt
  bankAccount { bankName holder number }
  documents { kind isRequired status reason rule { code } }
  lines { position category name asked { amount } }
  visits { visitedOn amount { amount } invoices { code number isMarked releasedAt } }
  shipments { trackingNumber contactName contactPhone receivedAt }
  supplements { kinds note status closedAt }
  decision { revision outcome asked { amount } allowed { amount } deductible { amount } copay { amount }
    excluded { amount } other { amount } paid { amount } reason ruleCodes }
  payments { payee account amount { amount } status failure reference }
  appeals { id level status outcome }
  slaClocks { rule { code } startedAt dueAt status }
  timeline { command fromStatus status role reason } }"""
APPEAL = """{ id number level status grounds outcome reason decision { revision }
  answerBy extendedAt newDecision { revision paid { amount } } claim { status } }"""

CHECKLIST = (
    """query C($input: ClaimChecklistInput!) { claimChecklist(input: $input) {
      channel documents { kind isRequired alternatives rule { code } } verdicts { ...V } } }"""
    + VERDICT
)


def policy(gateway: Gateway, product: str = "CY26", **changes: Any) -> str:
    plan = {"CY26": "NATIONAL", "CY23": "STANDARD"}[product]
    return register(gateway, product, **{"plan": plan, "waitingDays": 30, "insured": [person()]} | changes)


def visit(**changes: Any) -> dict[str, Any]:
    good = {
        "hospital": PUBLIC,
        "departmentClass": "GENERAL",
        "visitedOn": VISITED,
        "amount": "860.00",
        "invoiceNumber": new_number("F").replace("_", "-").upper(),
        "isInvoiceMarked": True,
    }
    return good | changes


def papers(gateway: Gateway, number: str, kinds: Iterable[str]) -> list[dict[str, str]]:
    return [{"kind": kind, "document": add_paper(gateway, number, kind, None)} for kind in kinds]


def request(gateway: Gateway, number: str, product: str = "CY26", **changes: Any) -> dict[str, Any]:
    """A claim that the product's handbook accepts. `without` and `more` change its papers."""
    without, more = changes.pop("without", ()), changes.pop("more", ())
    kinds = [kind for kind in (*PAPERS[product], *more) if kind not in without]
    good: dict[str, Any] = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "kind": "PUBLIC_OUTPATIENT",
        "visits": [visit()],
        "bankAccount": ACCOUNT,
    }
    if "documents" not in changes:
        good["documents"] = papers(gateway, number, kinds)
    return good | changes


def document(mutation: str) -> str:
    shown = f"appeal {APPEAL}" if mutation.startswith("appeal") else f"claim {SHOWN}"
    return (
        f"mutation M($input: {input_of(mutation).name}!, $dryRun: Boolean! = false) "
        f"{{ {mutation}(input: $input, dryRun: $dryRun) {{ isReplay isDryRun verdicts {{ ...V }} refusals {{ ...V }} "
        f"{shown} }} }}" + VERDICT
    )


def send_raw(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> Answer:
    return client.ask(document(mutation), input=given, dryRun=dry_run)


def send(client: Client, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
    return send_raw(client, mutation, given, dry_run=dry_run).data[mutation]


def checklist(client: Client, number: str, **changes: Any) -> dict[str, Any]:
    given = {
        "policyNumber": number,
        "kind": "PUBLIC_OUTPATIENT",
        "visits": [{"hospital": PUBLIC, "visitedOn": VISITED, "amount": "860.00"}],
    }
    return client.ask(CHECKLIST, input=given | changes).data["claimChecklist"]


def required(found: Mapping[str, Any]) -> set[str]:
    return {paper["kind"] for paper in found["documents"] if paper["isRequired"]}


def administrator(gateway: Gateway, vendor: str = "WINDSTONE") -> Client:
    """A vendor's token with every scope that vendors may have."""
    viewer = Viewer(ViewerKind.VENDOR, f"vendor:{vendor}", vendor, frozenset(VENDOR_LIMIT), vendor=vendor)
    return gateway.client(viewer).at(NOW)


@dataclass(frozen=True)
class Case:
    """One claim, and those who have to do with it."""

    gateway: Gateway
    number: str
    id: str

    def who(self, role: str, now: str = NOW) -> Client:
        if role == "customer":
            return self.gateway.customer(self.number).at(now)
        if role == "vendor":
            return administrator(self.gateway).at(now)
        return self.gateway.staff(role).at(now)

    def send(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> dict[str, Any]:
        return self.send_raw(role, mutation, now, **fields).data[mutation]

    def send_raw(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> Answer:
        given = {"idempotencyKey": new_key(), "claim": self.id} | fields
        return send_raw(self.who(role, now), mutation, given)

    def add(self, *kinds: str, now: str = NOW) -> dict[str, Any]:
        given = papers(self.gateway, self.number, kinds)
        return self.send("customer", "claimDocumentsAdd", now, documents=given)

    def decide(self, role: str = "adjuster", now: str = NOW, **ruling: Any) -> dict[str, Any]:
        """The one line of the claim, with its ruling."""
        more = {name: ruling.pop(name) for name in ("reason", "rules") if name in ruling}
        if "excluded" in ruling or "other" in ruling:
            ruling["reason"] = "not covered"
            more.setdefault("reason", "not covered")
        return self.send(role, "claimAdjudicate", now, lines=[{"position": 1, **ruling}], **more)

    def appeal(self, now: str = NOW) -> str:
        made = self.send("customer", "appealSubmit", now, grounds="the bed was needed")
        return made["appeal"]["id"]


def begin(gateway: Gateway, product: str = "CY26", *, number: str | None = None, **changes: Any) -> Case:
    number = number or policy(gateway, product)
    made = send(gateway.customer(number).at(NOW), "claimSubmit", request(gateway, number, product, **changes))
    assert made["refusals"] == [], made["refusals"]
    return Case(gateway, number, made["claim"]["id"])


def stay(**changes: Any) -> dict[str, Any]:
    """What makes a claim one of a stay in hospital."""
    return {
        "kind": "PUBLIC_INPATIENT",
        "visits": [visit(amount="9500.00", dischargedOn="2026-03-05")],
        "more": ("DISCHARGE_SUMMARY",),
    } | changes


def rows_of(gateway: Gateway, table: str, number: str) -> list[dict[str, Any]]:
    return look(gateway, f"select * from {table} where policy_id = $1", policy_id(number))
