"""Cases of several customers, and what is asked about them by whom they concern and whom not."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.execution import ids
from tests.support import escorts
from tests.support.client import Answer, Client, Gateway, new_number

PHONE = "13912345678"
ID_NUMBER = "110101199003070011"
SYMPTOM = "罕见的症状描述"
NAME = "欧阳可见"


@dataclass(frozen=True)
class Case:
    """A policy with one booking, and the ids of all that belongs to it."""

    number: str
    policy: str
    booking: str
    booking_number: str
    person: str
    entitlement: str

    @property
    def ids(self) -> tuple[str, ...]:
        return self.policy, self.booking, self.person, self.entitlement


def new_case(gateway: Gateway, product: str) -> Case:
    patient = {"name": NAME, "gender": "FEMALE", "birthOn": "1990-03-07"}
    insured = escorts.person(**patient, phone=PHONE, idType="ID_CARD", idNumber=ID_NUMBER)
    number = escorts.register(gateway, product, insured=[insured])
    customer = gateway.customer(number).at(escorts.NOW)
    wanted = {"patient": {**patient, "phone": PHONE}, "symptom": SYMPTOM}
    booking = escorts.book(customer, number, **wanted)["booking"]
    policy = customer.ask(
        "query P($n: String!) { policy(number: $n) { id insured { id } entitlements { id service } } }", n=number
    ).data["policy"]
    account = next(item for item in policy["entitlements"] if item["service"] == "OUTPATIENT_ESCORT")
    return Case(number, policy["id"], booking["id"], booking["number"], policy["insured"][0]["id"], account["id"])


def me(gateway: Gateway, case: Case) -> Client:
    return gateway.customer(case.number).at(escorts.NOW)


def absent(prefix: str) -> str:
    return ids.encode(prefix, *([uuid.uuid4()] if prefix == "pol" else [uuid.uuid4(), uuid.uuid4()]))


def words(answer: Answer) -> tuple[int, str]:
    """All that a client can tell two answers apart by."""
    body = json.loads(answer.response.text)
    for error in body.get("errors", ()):
        del error["extensions"]["requestId"]
    body.get("extensions", {}).get("cost", {}).pop("remaining", None)  # which only counts the caller's own requests
    return answer.response.status_code, json.dumps(body, sort_keys=True)


def same(answers: Iterable[Answer]) -> tuple[int, str]:
    first, *others = map(words, answers)
    assert all(other == first for other in others)
    return first


DOCUMENTS = {
    "policy": ("number", "query Q($x: String!) { policy(number: $x) { id number } }"),
    "policies by number": (
        "number",
        "query Q($x: String!) { policies(where: {number: $x}) { totalCount nodes { id } pageInfo { hasNextPage } } }",
    ),
    "policies of the viewer": (
        "number",
        "query Q($x: String!) { viewer { policies(where: {number: $x}) { totalCount nodes { id } } } }",
    ),
    "bookings by policy number": (
        "number",
        "query Q($x: String!) { bookings(where: {policyNumber: {eq: $x}}) { totalCount nodes { id } } }",
    ),
    "bookings by a part of the policy number": (
        "number",
        "query Q($x: String!) { bookings(where: {policyNumber: {contains: $x}}) { totalCount nodes { id } } }",
    ),
    "bookings by number": (
        "booking_number",
        "query Q($x: String!) { bookings(where: {number: {in: [$x]}}) { totalCount edges { cursor } } }",
    ),
    "node of a policy": ("policy", "query Q($x: ID!) { node(id: $x) { id } }"),
    "node of a booking": ("booking", "query Q($x: ID!) { node(id: $x) { id } }"),
    "node of a person": ("person", "query Q($x: ID!) { node(id: $x) { id } }"),
    "node of an entitlement": ("entitlement", "query Q($x: ID!) { node(id: $x) { id } }"),
    "nodes": ("booking", "query Q($x: ID!) { nodes(ids: [$x, $x]) { id } }"),
    "entitlements": ("policy", "query Q($x: ID!) { entitlements(policy: $x) { id } }"),
    "quote": ("booking", "query Q($x: ID!) { cancellationQuote(booking: $x) { outcome freeUntil } }"),
}
ABSENT = {
    "number": lambda: new_number("ZYB"),
    "booking_number": lambda: "ESC20260309ABCDEFGH",
    "policy": lambda: absent("pol"),
    "booking": lambda: absent("book"),
    "person": lambda: absent("person"),
    "entitlement": lambda: absent("ent"),
}
