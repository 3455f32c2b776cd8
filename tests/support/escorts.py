"""Escort bookings as a client sends them: a good request, what a test changes in it, and the steps that follow."""

import csv
import datetime as dt
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.execution import ids
from gateway.imports.hospitals import COLUMNS, import_hospitals
from gateway.repositories.policies import policy_id
from tests.support import owner
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


def register(
    gateway: Gateway, product: str = "ZYB", *, insured: list[dict[str, Any]] | None = None, **changes: Any
) -> str:
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


GRAVITY = ("PASSED", "WARNED", "UNKNOWN", "REFUSED")


def verdict_of(payload: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [verdict for verdict in payload["verdicts"] if verdict["rule"]["code"] == code]
    return found


def gravest_of(payload: dict[str, Any], code: str) -> dict[str, Any]:
    """What a rule of several checks says in the end."""
    found = [verdict for verdict in payload["verdicts"] if verdict["rule"]["code"] == code]
    return max(found, key=lambda verdict: GRAVITY.index(verdict["status"]))


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


def at(text: str) -> str:
    """An instant of Shanghai as a request writes it: `at("2026-03-12 09:30")`."""
    return dt.datetime.fromisoformat(text).isoformat() + "+08:00"


# A booking on its way -------------------------------------------------------------------------------------------

VENDORS = {"ZYB": "HUANQIU", "VAS": "VAS-SERVICE"}

NAMED: dict[str, dict[str, Any]] = {"bookingAssign": {"escortName": "小李"}}
"""What a step has to name, unless a test names something else."""

AFTER_THE_VISIT = at("2026-03-12 13:30")

WAY: tuple[tuple[str, str, str, str], ...] = (
    ("ACCEPTED", "vendor", "bookingAccept", NOW),
    ("ASSIGNED", "vendor", "bookingAssign", NOW),
    ("CONFIRMED", "customer", "bookingConfirm", NOW),
    ("IN_SERVICE", "vendor", "bookingCheckIn", VISIT),
    ("FOLLOW_UP", "vendor", "bookingCheckOut", AFTER_THE_VISIT),
    ("COMPLETED", "vendor", "bookingFollowUpRecord", at("2026-03-13 10:00")),
)
"""The way of an escort when nothing goes wrong: state, by whom, how, when."""

BOOKING = """
query Booking($id: ID!) {
  node(id: $id) {
    ... on Booking {
      status visitAt confirmedAt availableActions hospital { code } department { code }
      timeline { command fromStatus status role reason }
      slaClocks { rule { code } status dueAt stoppedAt }
      details { ... on EscortDetails {
        escortName meetingPlace materials checkedInAt checkedOutAt actualMinutes companionRelation registration } }
      rating { score comment }
      deduction { status reason decisionReason }
    }
  }
}
"""

QUOTE = (
    """
query Quote($id: ID!) { cancellationQuote(booking: $id) { outcome freeUntil verdicts { ...V } } }
"""
    + VERDICT
)


@dataclass(frozen=True)
class Journey:
    """One booking, and those who have to do with it."""

    gateway: Gateway
    number: str
    product: str
    booking: str

    def who(self, role: str, now: str = NOW) -> Client:
        callers = {
            "customer": lambda: self.gateway.customer(self.number),
            "vendor": lambda: self.gateway.vendor(VENDORS[self.product]),
            "staff": self.gateway.staff,
        }
        return callers[role]().at(now)

    def send(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> Answer:
        return step(self.who(role, now), mutation, self.booking, **NAMED.get(mutation, {}) | fields)

    def take(self, role: str, mutation: str, now: str = NOW, **fields: Any) -> dict[str, Any]:
        return self.send(role, mutation, now, **fields).data[mutation]

    def go_to(self, state: str) -> "Journey":
        """The steps up to a state, each of which must be agreed to."""
        for reached, role, mutation, now in WAY:
            assert self.take(role, mutation, now)["booking"]["status"] == reached
            if reached == state:
                return self
        raise AssertionError(f"{state} does not lie on the way")

    def seen_by(self, role: str, now: str = NOW) -> dict[str, Any]:
        return self.who(role, now).ask(BOOKING, id=self.booking).data["node"]

    def details(self) -> dict[str, Any]:
        """What has been recorded of the visit, as the customer sees it."""
        return self.seen_by("customer")["details"]

    def quote(self, now: str, role: str = "customer") -> dict[str, Any]:
        return self.who(role, now).ask(QUOTE, id=self.booking).data["cancellationQuote"]

    def account(self) -> dict[str, Any]:
        return entitlement(self.who("customer"), self.number)

    def uses(self) -> tuple[int, int]:
        """Reserved and used."""
        account = self.account()
        return account["reserved"], account["used"]

    def look(self, sql: str) -> list[dict[str, Any]]:
        """Rows of this booking, behind the gateway's back: $1 is its policy, $2 its own key."""
        return look(self.gateway, sql, *self.key)

    def change(self, sql: str, *values: Any) -> None:
        change(self.gateway, sql, *self.key, *values)

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID]:
        policy, booking = ids.decode_as("book", self.booking, 2)
        return policy, booking


def begin(
    gateway: Gateway, product: str = "ZYB", *, now: str = NOW, number: str | None = None, **changes: Any
) -> Journey:
    """A new booking, on a new policy unless one is named."""
    number = number or register(gateway, product)
    booked = book(gateway.customer(number).at(now), number, **changes)
    assert booked["refusals"] == []
    return Journey(gateway, number, product, booked["booking"]["id"])


# Behind the gateway's back --------------------------------------------------------------------------------------


def look(gateway: Gateway, sql: str, *values: Any) -> list[dict[str, Any]]:
    async def read(line: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await line.fetch(sql, *values)]

    return as_owner(gateway, read)


def change(gateway: Gateway, sql: str, *values: Any) -> None:
    as_owner(gateway, lambda line: line.execute(sql, *values))


def put_back(gateway: Gateway) -> None:
    """Every booking that a test put somewhere by force, to where its history has led it."""
    change(
        gateway,
        "update bookings b set state = e.to_state from booking_events e where e.policy_id = b.policy_id "
        "and e.booking_id = b.id and e.seq = b.state_seq and e.to_state <> b.state",
    )


def as_owner(gateway: Gateway, work: Callable[[Any], Awaitable[Any]]) -> Any:
    return owner.as_owner(gateway.owner_dsn, work)


def row_counts(gateway: Gateway) -> Mapping[str, int]:
    """How many rows every table has: a request that leaves no trace leaves this as it was, but for the note of what
    it was shown."""
    tables = look(gateway, "select tablename from pg_tables where schemaname = 'public' order by tablename")
    notes = {"audit_entries": " where operation <> 'fieldsRead'"}
    counts = ", ".join(
        f"(select count(*) from {name}{notes.get(name, '')}) as {name}" for name in (row["tablename"] for row in tables)
    )
    (found,) = look(gateway, f"select {counts}")
    return found


def add_hospitals(gateway: Gateway, *hospitals: dict[str, str]) -> None:
    """Hospitals that the demonstration lacks, by the import that operators use."""
    usual = dict.fromkeys(COLUMNS, "") | {"ownership": "PUBLIC", "level": "3", "directBilling": "false"}
    usual["onsiteService"] = "false"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hospitals.csv"
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(COLUMNS)
            writer.writerows((usual | hospital).values() for hospital in hospitals)
        report = as_owner(gateway, lambda line: import_hospitals(line, file, keep_good=False, progress=silently))
    assert report.problems == []


def silently(read: int) -> None:
    """Progress that nobody watches."""


def add_paper(gateway: Gateway, number: str, kind: str, issued_on: str | None, state: str = "CLEAN") -> str:
    """An uploaded document of a policy; its id."""
    policy, document = policy_id(number), uuid.uuid4()
    change(
        gateway,
        """
        insert into documents (policy_id, id, kind, state, media_type, size, sha256, issued_on, created_at)
        values ($1, $2, $3, $4, 'application/pdf', 1, 'x', $5, now())
        """,
        policy,
        document,
        kind,
        state,
        None if issued_on is None else dt.date.fromisoformat(issued_on),
    )
    return ids.encode("doc", policy, document)
