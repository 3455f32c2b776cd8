"""Orders of listed drugs as clients send them: a good request, what a test changes in it, and the steps that follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from gateway.repositories import pharmacies
from gateway.repositories.readings import search_columns
from tests.support import escorts
from tests.support.client import Answer, Client, Gateway, new_key, new_number
from tests.support.consultations import send
from tests.support.escorts import ADULT, NOW, add_paper, as_owner, change, entitlement, look, person, register

DISEASE = "右肺腺癌 IV 期"
DISCLOSED = ["ZAWX-DRUG-16"]
PHARMACY = "T-PH-1"
FOREIGN_PHARMACY = "T-PH-2"
ADDRESS = "上海市徐汇区演示路 11 号 502 室"

BOOKING = """
query Booking($id: ID!) {
  node(id: $id) {
    ... on Booking {
      number service status availableActions vendor { code }
      timeline { command fromStatus status role reason }
      slaClocks { rule { code } status startedAt dueAt stoppedAt excuse }
      rating { score }
      details { ... on DrugOrderDetails {
        drug { seq brand } diagnosis prescription { id kind } isUnavailableInHospital applicant
        reviewOutcome reviewedAt reviewReason voucherCode voucherIssuedAt
        fulfillment pharmacy { code name city { name } } pharmacyName phone inspectedAt deliveredAt
        damages { cause status description reportedAt decidedAt reDispatchedAt }
      } }
    }
  }
}
"""

Step = tuple[str, str, dict[str, Any]]
PICKUP: dict[str, Any] = {"fulfillment": "PICKUP", "pharmacy": PHARMACY}
DELIVERY: dict[str, Any] = {"fulfillment": "DELIVERY", "address": ADDRESS, "phone": "13912345678"}
WAY: dict[str, Step] = {
    "ACCEPTED": ("vendor", "bookingAccept", {}),
    "PRESCRIPTION_APPROVED": ("vendor", "drugPrescriptionReview", {"outcome": "APPROVED"}),
    "VOUCHER_ISSUED": ("vendor", "drugVoucherIssue", {}),
    "SHIPPING": ("customer", "drugFulfillmentChoose", DELIVERY),
    "COMPLETED": ("customer", "drugDeliveryConfirm", {"isInspected": True}),
}
"""The way of an order that is brought home, when nothing goes wrong."""


def new_policy(gateway: Gateway, **changes: Any) -> str:
    return register(gateway, "ZAWX", **changes)


def insured_number() -> str:
    return f"P{new_number()[-8:]}"


def drug(gateway: Gateway, seq: int = 1) -> str:
    """The id of a drug by its place on the list."""
    answer = gateway.anyone().ask("{ drugs(first: 100) { nodes { id seq } pageInfo { endCursor } } }")
    found = answer.data["drugs"]
    if seq > len(found["nodes"]):
        text = "query Q($a: String!) { drugs(first: 100, after: $a) { nodes { id seq } } }"
        found = gateway.anyone().ask(text, a=found["pageInfo"]["endCursor"]).data["drugs"]
    return next(row["id"] for row in found["nodes"] if row["seq"] == seq)


def request(gateway: Gateway, number: str, **changes: Any) -> dict[str, Any]:
    """A request that is agreed to."""
    good: dict[str, Any] = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "drug": changes.get("drug") or drug(gateway),
        "diagnosis": DISEASE,
        "prescription": changes.get("prescription") or add_paper(gateway, number, "PRESCRIPTION", "2026-03-01"),
        "isUnavailableInHospital": True,
        "acknowledged": DISCLOSED,
    }
    return good | changes


def ask(
    gateway: Gateway,
    number: str,
    now: str = NOW,
    *,
    client: Client | None = None,
    dry_run: bool = False,
    **changes: Any,
) -> Answer:
    sender = client or gateway.customer(number)
    return send(sender.at(now), "drugPurchaseRequest", dry_run=dry_run, **request(gateway, number, **changes))


def tried(gateway: Gateway, number: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    """The answer to a request that is only tried."""
    return ask(gateway, number, now, dry_run=True, **changes).data["drugPurchaseRequest"]


def handed(gateway: Gateway, number: str, *kinds: str) -> list[dict[str, str]]:
    """Papers, each uploaded and handed in as what it is."""
    return [{"kind": kind, "document": add_paper(gateway, number, kind, None)} for kind in kinds]


@dataclass(frozen=True)
class Order(escorts.Journey):
    """One order, and those who have to do with it."""

    def who(self, role: str, now: str = NOW) -> Client:
        return self.gateway.vendor("QITAI").at(now) if role == "vendor" else super().who(role, now)

    def go_to(self, state: str) -> "Order":
        for reached, (role, mutation, fields) in WAY.items():
            answer = self.take(role, mutation, **fields)
            assert answer["refusals"] == [], answer["refusals"]
            assert answer["booking"]["status"] == reached
            if reached == state:
                return self
        raise AssertionError(f"{state} does not lie on the way")

    def seen_by(self, role: str, now: str = NOW) -> dict[str, Any]:
        return self.who(role, now).ask(BOOKING, id=self.booking).data["node"]

    def account(self) -> dict[str, Any]:
        return entitlement(self.who("customer"), self.number, "ONCOLOGY_DRUG")

    def clock(self, code: str, now: str = NOW) -> dict[str, Any]:
        (found,) = [item for item in self.seen_by("customer", now)["slaClocks"] if item["rule"]["code"] == code]
        return found

    def topics(self) -> list[tuple[str, str]]:
        rows = look(
            self.gateway,
            "select topic, audience from outbox_messages where payload->>'booking' = $1 order by created_at, id",
            self.booking,
        )
        return [(row["topic"], row["audience"]) for row in rows]


def begin(gateway: Gateway, number: str | None = None, *, now: str = NOW, **changes: Any) -> Order:
    """An order that was asked for, on a new policy unless one is named."""
    number = number or new_policy(gateway)
    asked = ask(gateway, number, now, **changes).data["drugPurchaseRequest"]
    assert asked["refusals"] == [], asked["refusals"]
    return Order(gateway, number, "ZAWX", asked["booking"]["id"])


def child(**changes: Any) -> dict[str, Any]:
    return person(**{**ADULT, "name": "演示孩子", "birthOn": "2010-03-09", **changes})


# Pharmacies -----------------------------------------------------------------------------------------------------


def add_pharmacies(gateway: Gateway) -> None:
    """One of the vendor, and one of another."""
    listed = ((PHARMACY, "QITAI", "上海", PHARMACY), (FOREIGN_PHARMACY, "HUANQIU", "上海", FOREIGN_PHARMACY))
    list_pharmacies(gateway, *listed)


def list_pharmacies(gateway: Gateway, *listed: tuple[str, str, str, str]) -> None:
    """Each by its code, vendor, city and name."""

    async def write(owner: Any) -> None:
        cities = {name: code for (_, name), code in (await pharmacies.cities(owner)).items()}
        rows = [
            {"code": code, "vendor": vendor, "city": cities[city], "name": name, "address": None, "phone": None}
            | asdict(search_columns(name))
            for code, vendor, city, name in listed
        ]
        await pharmacies.upsert(owner, rows, is_demo=True)

    as_owner(gateway, write)


@contextmanager
def without_list(gateway: Gateway) -> Iterator[None]:
    """As it is as long as nobody has loaded the vendor's pharmacies."""
    move = "update pharmacies set vendor_code = $1 where vendor_code = $2 and code <> $3"
    change(gateway, move, "HUANQIU", "QITAI", FOREIGN_PHARMACY)
    try:
        yield
    finally:
        change(gateway, move, "QITAI", "HUANQIU", FOREIGN_PHARMACY)
