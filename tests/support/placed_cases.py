"""Cases that end in a payment or a document, made so that they can be put into any state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.execution import ids
from seeds.files import lifecycles
from tests.support import advances, bills, claims, direct_claims, preauths
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, change, look, person

ROLES = ("CUSTOMER", "VENDOR", "STAFF")
MACHINES = lifecycles()
SUPERVISED = {"approve", "extend", "waive", "decideDispute", "appealDecide", "appealReview"}
"""Commands, or mutations, of staff that a supervisor sends."""

Fields = Callable[["Placed"], dict[str, Any]]


@dataclass(frozen=True)
class Placed:
    """A case that can be put into any state, with all that its steps may ask for."""

    gateway: Gateway
    number: str
    id: str
    vendor: str
    more: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def key(self) -> tuple[Any, ...]:
        return ids.decode_as(self.id.partition("_")[0], self.id, 2)

    def who(self, role: str, *commands: str) -> Client:
        if role == "CUSTOMER":
            return self.gateway.customer(self.number).at(NOW)
        if role == "VENDOR":
            return claims.administrator(self.gateway, self.vendor).at(NOW)
        return self.gateway.staff("supervisor" if SUPERVISED & set(commands) else "adjuster").at(NOW)


@dataclass(frozen=True)
class Life:
    machine: str
    table: str
    names: str  # the field of an input that names the case
    make: Callable[[Gateway], Placed]
    calls: Mapping[str, tuple[str, Fields]]

    @property
    def legal(self) -> set[tuple[str, str, str]]:
        return {
            (state, SAME.get((self.machine, edge.command), edge.command), role)
            for edge in MACHINES[self.machine]
            for state in edge.before
            for role in edge.by
        }

    @property
    def states(self) -> list[str]:
        edges = MACHINES[self.machine]
        return sorted({state for edge in edges for state in (*edge.before, *edge.to) if state})

    def knows(self, command: str, role: str) -> bool:
        return any(edge[1:] == (command, role) for edge in self.legal)

    def state_of(self, placed: Placed) -> str:
        sql = f"select state from {self.table} where policy_id = $1 and id = $2"
        return look(placed.gateway, sql, *placed.key)[0]["state"]

    def put(self, placed: Placed, state: str) -> None:
        end = f", ended_at = {'now()' if state in ENDED else 'null'}" if self.machine == "GUARANTEE_LETTER" else ""
        sql = f"update {self.table} set state = $3{end} where policy_id = $1 and id = $2"
        change(placed.gateway, sql, *placed.key, state)


def nothing(_: Placed) -> dict[str, Any]:
    return {}


def said(**fields: Any) -> Fields:
    return lambda _: fields


def handing_in(*kinds: str) -> Fields:
    return lambda placed: {"documents": claims.papers(placed.gateway, placed.number, kinds)}


ENDED = ["EXHAUSTED", "EXPIRED", "REVOKED", "SUPERSEDED"]
LINE = {"lines": [{"position": 1}], "reason": "looked at again"}
SAME = {
    ("CLAIM", "revise"): "decide",
    ("ADVANCE", "addDocuments"): "submitDocuments",
    ("ADVANCE", "collect"): "submitDocuments",
}
"""One mutation sends both, as the state has it."""
GRANTED = {
    "decisions": [{"position": 1, "decision": "APPROVED", "approvedAmount": "8000.00"}],
    "validUntil": "2026-04-30",
}


def a_preauth(gateway: Gateway) -> Placed:
    case = preauths.begin(gateway)
    return Placed(gateway, case.number, case.id, "JDHEALTH")


def a_letter(gateway: Gateway) -> Placed:
    case = preauths.begin(gateway)
    case.approve()
    return Placed(gateway, case.number, case.letter()["id"], "JDHEALTH", more={"claim": case.claim()})


def of_claim(**fields: Any) -> Fields:
    return lambda placed: {"claim": placed.more["claim"], **fields}


def a_questioned_preauth(gateway: Gateway) -> Placed:
    case = preauths.begin(gateway)
    case.send("adjuster", "preAuthInquire", question="since when?")
    return Placed(gateway, case.number, case.id, "JDHEALTH")


def a_large_preauth(gateway: Gateway) -> Placed:
    """Granted by one, above what one may grant."""
    case = preauths.begin(gateway, items=[preauths.STAY | {"perTreatment": "80000.00", "unitPrice": "80000.00"}])
    case.approve(amount="80000.00")
    return Placed(gateway, case.number, case.id, "JDHEALTH")


def a_claim(gateway: Gateway) -> Placed:
    """Decided and not paid yet."""
    case = claims.begin(gateway)
    case.decide()
    return Placed(gateway, case.number, case.id, "JDHEALTH")


def a_claim_without_a_paper(gateway: Gateway) -> Placed:
    case = claims.begin(gateway)
    case.send("adjuster", "claimSupplementRequest", kinds=["LAB_REPORT"])
    return Placed(gateway, case.number, case.id, "JDHEALTH")


def a_large_claim(gateway: Gateway) -> Placed:
    """Decided by one, above what one may decide."""
    case = claims.begin(gateway, visits=[claims.visit(amount="60000.00")], more=["PHOTO_ID_COPY"])
    case.send("adjuster", "claimOriginalsReceive")
    case.decide()
    return Placed(gateway, case.number, case.id, "JDHEALTH")


def a_direct_claim(gateway: Gateway) -> Placed:
    visit = direct_claims.begin(gateway, "CY23")
    return Placed(gateway, visit.number, visit.create()["id"], "WINDSTONE")


def an_appeal(gateway: Gateway) -> Placed:
    case = claims.begin(gateway)
    case.decide(excluded="100.00")
    return Placed(gateway, case.number, case.appeal(), "JDHEALTH")


def an_advance(gateway: Gateway) -> Placed:
    case = advances.begin(gateway, "CY26")
    return Placed(gateway, case.number, case.id, advances.VENDORS["CY26"])


def of_stay(placed: Placed) -> dict[str, Any]:
    papers = claims.papers(placed.gateway, placed.number, advances.FOR_CLAIM)
    return {"dischargedOn": "2026-03-08", "amount": "41200.00", "invoiceNumber": new_key(), "documents": papers}


def a_disputed_bill(gateway: Gateway) -> Placed:
    billed = bills.begin(gateway)
    billed.send("customer", "billDispute", grounds="it is too much")
    return Placed(gateway, billed.number, billed.id, "WINDSTONE")


def a_card(gateway: Gateway) -> Placed:
    child = person(**preauths.CHILD)
    number = preauths.policy(gateway, insured=[child])
    paper = {name: child[name] for name in ("name", "idType", "idNumber", "birthOn", "gender")}
    proof = {"policyNumber": number, "relation": "CHILD"} | paper
    client = gateway.customer(number).at(NOW)
    made = client.ask(BIND, input={"idempotencyKey": new_key()} | proof).data["familyMemberAdd"]
    return Placed(gateway, number, made["card"]["id"], "JDHEALTH", more=proof)


BIND = "mutation M($input: FamilyMemberAddInput!) { familyMemberAdd(input: $input) { card { id } } }"


def a_bill(gateway: Gateway) -> Placed:
    billed = bills.begin(gateway)
    return Placed(gateway, billed.number, billed.id, "WINDSTONE")
