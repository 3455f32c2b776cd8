"""What an agreed request for any service writes: the booking, its use, its deadlines and its messages."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.execution import ids
from gateway.repositories import outbox, writes
from gateway.repositories.entitlements import Ledger
from gateway.resolvers.acknowledgements import keep_acknowledgements
from gateway.resolvers.booking_clocks import first_due, start_clocks
from gateway.resolvers.booking_moves import heard_by, turns, write_event
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction
from gateway.resolvers.numbers import new_number
from gateway.validation import clocks
from gateway.validation.facts import Facts
from gateway.validation.verdict import Status, Verdict
from models.base import new_id
from models.bookings import NO_DEADLINE


@dataclass(frozen=True, slots=True)
class Placing:
    """The use that is set aside and the booking with its history, clocks and messages; details are the service's."""

    transaction: Transaction
    prefix: str  # of the number for people
    machine: str
    asked: Mapping[str, Any]
    insured_id: uuid.UUID
    account: Mapping[str, Any] | None
    facts: Facts
    service_month: dt.date | None = None  # first day of the month, where a monthly cap applies
    command: str = "request"
    is_reviewed: bool = False  # whoever serves it judges what no rule could, before anything is arranged

    async def write(self, verdicts: Sequence[Verdict], *, state: str = "REQUESTED", **columns: Any) -> Subject:
        subject = Subject(self.asked["policy_id"], new_id())
        await self._reserve(subject, verdicts)
        await self._write_booking(subject, {"state": state, **columns})
        await keep_acknowledgements(self.transaction, self.facts.operation, subject, verdicts)
        await write_event(
            self.transaction,
            policy_id=subject.policy_id,
            booking_id=subject.id,
            seq=1,
            machine=self.machine,
            from_state="",
            command=self.command,
            to_state=state,
        )
        await start_clocks(
            self.transaction,
            product=self.facts.product,
            service=self.facts.service,
            command=self.command,
            subject=subject,
            visit=self.facts.visit,
            sequence=1,
            into=state,
        )
        await self._tell(subject, verdicts)
        await self._tell_by_rules(subject, state)
        return subject

    async def _reserve(self, subject: Subject, verdicts: Iterable[Verdict]) -> None:
        """The last word on quota and month is the database's; its no is the verdict of the rule that states it."""
        account, context = self.account, self.transaction.context
        if account is None:
            return
        by_check = {verdict.check: verdict for verdict in verdicts}
        quota, cap = by_check.get("within_quota"), by_check.get("within_monthly_cap")
        ledger = Ledger(
            self.transaction.writes, subject.policy_id, account["id"], context.viewer.principal, context.now
        )
        await ledger.reserve(
            "BOOKING",
            subject.id,
            rule=quota.rule if quota else None,
            refusal=late_refusal(quota),
            month=self.service_month,
            month_refusal=late_refusal(cap),
        )

    async def _write_booking(self, subject: Subject, columns: Mapping[str, Any]) -> None:
        now, visit = self.transaction.context.now, self.facts.visit
        await writes.insert(
            self.transaction.writes,
            "bookings",
            {
                "policy_id": subject.policy_id,
                "id": subject.id,
                "number": new_number(self.prefix, now),
                "product_code": self.facts.product,
                "service": self.facts.service,
                "machine": self.machine,
                "state_seq": 1,
                "insured_id": self.insured_id,
                "vendor_code": self.facts.vendor,
                "visit_at": visit and visit.at,
                "visit_on": visit and visit.on,
                "is_demo": self.asked["is_demo"],
                "created_at": now,
                "updated_at": now,
                **self._queued(columns["state"], {"vendor_code": self.facts.vendor, **columns}["vendor_code"]),
                **columns,
            },
        )

    def _queued(self, state: str, vendor: str | None) -> dict[str, Any]:
        """Whose turn it is, and by when."""
        context, found = self.transaction.context, self.facts
        due = first_due(context, found.product, found.service, (self.command,), found.visit, into=state)
        return {**turns(context, self.machine, state, vendor=vendor), "due_at": due or NO_DEADLINE}

    async def _tell(self, subject: Subject, verdicts: Iterable[Verdict]) -> None:
        """Who serves it is told; what no rule could judge for want of a fact goes to people."""
        await self._post(subject, "booking.requested", "VENDOR" if self.facts.vendor else "STAFF")
        for rule in open_rules(verdicts):
            if self.facts.vendor is None or self.is_reviewed:
                await self._post(
                    subject, "booking.review_needed", "VENDOR" if self.facts.vendor else "STAFF", rule=rule
                )

    async def _tell_by_rules(self, subject: Subject, state: str) -> None:
        rules = self.transaction.context.services.rulebook.of(self.facts.product, self.facts.service)
        for rule in clocks.told_at(rules, self.command, state):
            message = rule.parameters["message"]
            for audience in heard_by(message):
                await self._post(subject, message["topic"], audience, rule=rule.code)

    async def _post(self, subject: Subject, topic: str, audience: str, rule: str | None = None) -> None:
        await outbox.post(
            self.transaction.writes,
            policy_id=subject.policy_id,
            subject_id=subject.id,
            topic=topic,
            audience=audience,
            dedupe_key=":".join(filter(None, (topic, rule, subject.id.hex, "1"))),
            now=self.transaction.context.now,
            rule=rule,
            payload={"booking": ids.encode("book", subject.policy_id, subject.id), "vendor": self.facts.vendor},
        )


def open_rules(verdicts: Iterable[Verdict]) -> list[str]:
    """Rules that people have to judge, since a fact is missing."""
    return sorted({verdict.rule for verdict in verdicts if verdict.status is Status.UNKNOWN})


def late_refusal(verdict: Verdict | None) -> Exception:
    """The same verdict, as the database's no."""
    if verdict is None:
        return RuntimeError("a use was refused that no rule limits")
    return RefusedByDatabase(Verdict(verdict.rule, Status.REFUSED, values=verdict.values, check=verdict.check))
