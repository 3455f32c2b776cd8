"""One order of a green channel, a second opinion or a call with an expert, and those who have to do with it."""

import uuid
from dataclasses import dataclass
from typing import Any

from gateway.execution import ids
from tests.support.client import Answer, Client, Gateway
from tests.support.escorts import QUOTE, entitlement, look, step

VENDORS = {"ZAWX": "QITAI", "VAS": "VAS-SERVICE"}
BOOKING = """
query Booking($id: ID!) { node(id: $id) { ... on Booking {
  number service status visitAt availableActions vendor { code } hospital { code } department { code }
  timeline { command fromStatus status role reason }
  slaClocks { rule { code } part status startedAt dueAt isEstimated }
  details { __typename %s }
} } }
"""
EXPERT_CALL = """... on ExpertCallDetails {
  mode topic question phone queueLength slotStartsAt callStartedAt callEndedAt expert { code }
  attempts { caller isAnswered } }"""
OUTPATIENT = """... on OutpatientGreenChannelDetails {
  patientName patientPhone symptom need needConfirmedAt doctorName doctorTitle followUpNote openRules }"""
INPATIENT = """... on InpatientGreenChannelDetails {
  diagnosis criticalIllness firstDiagnosedOn diagnosedAt { code } doctorName doctorContact admittedOn dischargedOn
  openRules contacts { kind note } }"""
OPINION = """... on SecondOpinionDetails {
  diagnosis questions needsScan materialsApprovedAt sentAbroadAt reportIssuedAt openRules
  stages { stage note } hospitals { position name country expert selectedAt } }"""
DETAILS = [EXPERT_CALL, OUTPATIENT, INPATIENT, OPINION]


@dataclass(frozen=True)
class Order:
    gateway: Gateway
    product: str
    number: str
    booking: str
    now: str

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID]:
        policy, booking = ids.decode_as("book", self.booking, 2)
        return policy, booking

    def who(self, role: str, now: str | None = None) -> Client:
        callers = {
            "customer": lambda: self.gateway.customer(self.number),
            "vendor": lambda: self.gateway.vendor(VENDORS[self.product]),
            "staff": self.gateway.staff,
        }
        return callers[role]().at(now or self.now)

    def send(self, role: str, mutation: str, now: str | None = None, **given: Any) -> Answer:
        return step(self.who(role, now), mutation, self.booking, **given)

    def take(self, role: str, mutation: str, now: str | None = None, **given: Any) -> dict[str, Any]:
        return self.send(role, mutation, now, **given).data[mutation]

    def seen_by(self, role: str = "customer", now: str | None = None) -> dict[str, Any]:
        return self.who(role, now).ask(BOOKING % " ".join(DETAILS), id=self.booking).data["node"]

    def details(self, role: str = "customer", now: str | None = None) -> dict[str, Any]:
        return self.seen_by(role, now)["details"]

    def clock(self, code: str, part: str | None = None, now: str | None = None) -> dict[str, Any]:
        clocks = self.seen_by("customer", now)["slaClocks"]
        (found,) = [item for item in clocks if (item["rule"]["code"], item["part"]) == (code, part)]
        return found

    def quote(self, now: str | None = None) -> str:
        return self.who("customer", now).ask(QUOTE, id=self.booking).data["cancellationQuote"]["outcome"]

    def uses(self) -> tuple[int, int]:
        """Reserved and used."""
        account = entitlement(self.who("customer"), self.number, self.seen_by("customer")["service"])
        return account["reserved"], account["used"]

    def messages(self, rule: str | None = None) -> list[tuple[str, str, str]]:
        """Topic, audience and when it goes out (Shanghai), of messages that this booking has sent."""
        rows = look(
            self.gateway,
            """
            select topic, audience, to_char(available_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') as due
            from outbox_messages where payload->>'booking' = $1 and ($2::text is null or rule_code = $2)
              and cancelled_at is null
            order by created_at, id
            """,
            self.booking,
            rule,
        )
        return [(row["topic"], row["audience"], row["due"]) for row in rows]
