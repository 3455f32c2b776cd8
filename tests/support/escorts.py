"""Escort bookings as a client sends them: a good request, and what a test changes in it."""

from typing import Any

from tests.support.client import Answer, Client, Gateway, new_key, new_number

VERDICT = """
fragment V on Verdict {
  status message inputPath passesFrom remedy isEstimated
  rule { code kind clause { handbook section item } sameAs }
}
"""

ESCORT_BOOK = (
    """
mutation Book($input: EscortBookInput!, $dryRun: Boolean! = false) {
  escortBook(input: $input, dryRun: $dryRun) {
    isDryRun isReplay
    verdicts { ...V }
    refusals { ...V }
    booking { id number status visitAt plannedMinutes hospital { code } insured { name } availableActions }
  }
}
"""
    + VERDICT
)

REGISTER = """
mutation Register($input: PolicyRegisterInput!) {
  policyRegister(input: $input) { refusals { message } policy { id number insured { name birthOn } } }
}
"""

ENTITLEMENTS = """
query Entitlements($policy: ID!) {
  entitlements(policy: $policy) {
    service granted reserved used remaining usableFrom expiresOn cancellationCount
    ledger { kind grantedChange reservedChange usedChange }
  }
}
"""

EFFECTIVE = "2026-01-01"
NOW = "2026-03-09T09:00:00+08:00"
"""Day 68 of a policy that began on 1 January: every waiting period of 30 days is over."""

VISIT = "2026-03-12T09:30:00+08:00"
ADULT = {"name": "演示成人", "gender": "MALE", "birthOn": "1990-05-05"}

HOSPITAL = "DEMO-SH-001"
"""A public demo hospital of level 3 in Shanghai."""

HOSPITAL_OUTSIDE = "DEMO-XZ-001"
"""A public demo hospital of level 3 in Xuzhou, which is not in the annex."""


def person(**changes: Any) -> dict[str, Any]:
    basic = {**ADULT, "phone": "13800138000", "idType": "PASSPORT", "idNumber": f"P{new_number()[-8:]}"}
    return basic | changes


def register(gateway: Gateway, product: str = "ZYB", *, insured: list[dict[str, Any]] | None = None, **changes: Any) -> str:
    """A new policy of a product; its number."""
    number = new_number(product)
    given: dict[str, Any] = {
        "idempotencyKey": new_key(),
        "product": product,
        "number": number,
        "effectiveOn": EFFECTIVE,
        "holder": person(name="演示投保人", birthOn="1980-01-01"),
        "insured": insured or [person()],
    }
    gateway.staff().at(NOW).ask(REGISTER, input=given | changes).data["policyRegister"]["policy"]["number"]
    return number


def request(number: str, **changes: Any) -> dict[str, Any]:
    """A request that ZYB and VAS accept."""
    good: dict[str, Any] = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "hospital": HOSPITAL,
        "department": "PEDIATRICS",
        "visitAt": VISIT,
        "patient": {**ADULT, "phone": "13800138000"},
        "registration": "儿科 上午 12 号",
        "isDiagnosed": False,
        "symptom": "咳嗽",
        "need": "首次就诊，需要引导",
        "acknowledged": ["ZYB-ESC-23"],
    }
    return good | changes


def book(client: Client, number: str, *, dry_run: bool = False, **changes: Any) -> dict[str, Any]:
    return book_raw(client, number, dry_run=dry_run, **changes).data["escortBook"]


def book_raw(client: Client, number: str, *, dry_run: bool = False, **changes: Any) -> Answer:
    return client.ask(ESCORT_BOOK, input=request(number, **changes), dryRun=dry_run)


def refused(payload: dict[str, Any]) -> set[str]:
    return {verdict["rule"]["code"] for verdict in payload["refusals"]}


def warned(payload: dict[str, Any]) -> set[str]:
    return {verdict["rule"]["code"] for verdict in payload["verdicts"] if verdict["status"] == "WARNED"}


def verdict_of(payload: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [verdict for verdict in payload["verdicts"] if verdict["rule"]["code"] == code]
    return found


def step(client: Client, mutation: str, booking: str, **fields: Any) -> Answer:
    """Any booking mutation that takes a booking."""
    name = mutation[0].upper() + mutation[1:]
    document = (
        f"mutation Step($input: {name}Input!) {{ {mutation}(input: $input) {{ isReplay refusals {{ ...V }} "
        f"verdicts {{ ...V }} booking {{ id status visitAt availableActions }} }} }}" + VERDICT
    )
    return client.ask(document, input={"idempotencyKey": new_key(), "booking": booking} | fields)


def entitlement(client: Client, number: str, service: str = "OUTPATIENT_ESCORT") -> dict[str, Any]:
    policy = client.ask("query Q($n: String!) { policy(number: $n) { id } }", n=number).data["policy"]["id"]
    rows = client.ask(ENTITLEMENTS, policy=policy).data["entitlements"]
    return next(row for row in rows if row["service"] == service)
