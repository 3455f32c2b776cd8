"""Services that are answered rather than visited, as clients and vendors use them."""

from dataclasses import dataclass
from typing import Any

from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import VERDICT, at, entitlement, look, register, step

OPEN = at("2026-03-09 10:00")
"""A Monday morning at which every service answers."""

LATER = at("2026-03-09 10:10")
NIGHT = at("2026-03-09 22:30")
PHONE = "13800138000"

DOCTOR = {
    "name": "王医生",
    "title": "ATTENDING",
    "clinicalYears": 11,
    "hospital": "市第一医院",
    "employment": "IN_SERVICE_AT_HOSPITAL",
    "isLicensed": True,
    "isOfTopHospital": True,
}
"""A doctor whom every handbook accepts."""

PLANS = {"CY23": "STANDARD", "CY26": "NATIONAL"}
VENDORS = {"ZYB": "HUANQIU", "ZAWX": "QITAI", "VAS": "VAS-SERVICE", "CY26": "JDHEALTH"}
MODES = {"ZYB": "TEXT", "ZAWX": "TEXT", "CY23": "PHONE", "VAS": "FAMILY_DOCTOR", "CY26": "FAMILY_DOCTOR"}
DISCLOSED = {"ZYB": ["ZYB-CON-07"], "ZAWX": ["ZAWX-CON-11"]}

BOOKING = """
query Booking($id: ID!) {
  node(id: $id) {
    ... on Booking {
      number service status visitAt availableActions vendor { code } hospital { code }
      timeline { command role status reason }
      slaClocks { rule { code } status startedAt dueAt isEstimated }
      rating { score comment }
      details {
        __typename
        ... on ConsultationDetails {
          mode topic question phone isByPhone isAfterHours doctorName doctorTitle doctorYears doctorHospital
          doctorEmployment firstRepliedAt callStartedAt callEndedAt summary summarySentAt
          messages { author content at }
        }
        ... on DrugQuestionDetails { category asked: question phone loggedAt calledBackAt answer drug { brand } }
        ... on CheckupPlanDetails { ageYears gender familyHistory habits suggestions advice suggestedAt }
      }
    }
  }
}
"""


def send(
    client: Client, mutation: str, *, dry_run: bool = False, shows: str = "booking { id number status }", **given: Any
) -> Answer:
    """Any mutation of these services."""
    name = mutation[0].upper() + mutation[1:]
    document = (
        f"mutation Send($input: {name}Input!, $dryRun: Boolean!) {{ {mutation}(input: $input, dryRun: $dryRun) "
        f"{{ isDryRun isReplay refusals {{ ...V }} verdicts {{ ...V }} {shows} }} }}" + VERDICT
    )
    return client.ask(document, input={"idempotencyKey": new_key()} | given, dryRun=dry_run)


def new_policy(gateway: Gateway, product: str, **changes: Any) -> str:
    plan = {"plan": PLANS[product]} if product in PLANS else {}
    return register(gateway, product, **plan | changes)


def question(product: str, number: str, **changes: Any) -> dict[str, Any]:
    """A question that the product's doctors take."""
    good: dict[str, Any] = {
        "policyNumber": number,
        "mode": MODES[product],
        "topic": "DISEASE",
        "question": "咳嗽三天，要不要去医院？",
        "phone": PHONE,
        "acknowledged": DISCLOSED.get(product, []),
    }
    return good | changes


@dataclass(frozen=True)
class Consultation:
    """One booking of such a service, and those who have to do with it."""

    gateway: Gateway
    product: str
    number: str
    booking: str

    def who(self, role: str, now: str = OPEN) -> Client:
        if role == "customer":
            return self.gateway.customer(self.number).at(now)
        if role == "vendor" and self.product in VENDORS:
            return self.gateway.vendor(VENDORS[self.product]).at(now)
        return self.gateway.staff().at(now)

    def send(self, role: str, mutation: str, now: str = OPEN, **given: Any) -> Answer:
        return step(self.who(role, now), mutation, self.booking, **given)

    def take(self, role: str, mutation: str, now: str = OPEN, **given: Any) -> dict[str, Any]:
        return self.send(role, mutation, now, **given).data[mutation]

    def reply(self, now: str = LATER, **given: Any) -> dict[str, Any]:
        return self.take("vendor", "consultationReply", now, **{"content": "先观察两天。", "doctor": DOCTOR} | given)

    def close(self, now: str = LATER, summary: str | None = "多喝水，两天不退烧就诊。") -> dict[str, Any]:
        return self.take("vendor", "consultationClose", now, summary=summary)

    def seen_by(self, role: str, now: str = OPEN) -> dict[str, Any]:
        return self.who(role, now).ask(BOOKING, id=self.booking).data["node"]

    def clock(self, code: str, now: str = OPEN) -> dict[str, Any]:
        (found,) = [item for item in self.seen_by("customer", now)["slaClocks"] if item["rule"]["code"] == code]
        return found

    def uses(self) -> tuple[int, int]:
        """Reserved and used."""
        account = entitlement(self.who("customer"), self.number, self.seen_by("customer")["service"])
        return account["reserved"], account["used"]

    def topics(self) -> list[tuple[str, str]]:
        """Messages that this booking has sent: topic and audience, oldest first."""
        rows = look(
            self.gateway,
            "select topic, audience from outbox_messages where payload->>'booking' = $1 order by created_at, id",
            self.booking,
        )
        return [(row["topic"], row["audience"]) for row in rows]


def try_question(gateway: Gateway, product: str, number: str, now: str = OPEN, **changes: Any) -> dict[str, Any]:
    """The answer to a question that is only tried."""
    customer = gateway.customer(number).at(now)
    given = question(product, number, **changes)
    return send(customer, "consultationStart", dry_run=True, **given).data["consultationStart"]


def begin(
    gateway: Gateway, product: str, *, now: str = OPEN, number: str | None = None, **changes: Any
) -> Consultation:
    """A consultation that was asked for, on a new policy unless one is named."""
    number = number or new_policy(gateway, product)
    started = send(gateway.customer(number).at(now), "consultationStart", **question(product, number, **changes))
    payload = started.data["consultationStart"]
    assert payload["refusals"] == []
    return Consultation(gateway, product, number, payload["booking"]["id"])
