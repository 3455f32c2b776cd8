"""A child's health record: what stays in it, what is added, and what people think of how the child grows."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.faults import bad_input
from gateway.repositories import health_records as rows
from gateway.repositories import writes
from gateway.repositories.consultations import has_vendor_consent
from gateway.resolvers import inputs, retractions
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import (
    asked_for,
    check_service,
    document_key,
    link_papers,
    named_insured,
    no_such_policy,
    papers_of,
    paths_of,
)
from gateway.resolvers.retractions import ASSESSMENT, ENTRY, MEASUREMENT, Wrong
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict
from models.base import new_id

PREFIX = "hrec"
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")
TEAM = {
    "pediatrician": "pediatrician",
    "health_manager": "healthManager",
    "nutritionist": "nutritionist",
    "rehabilitation_therapist": "rehabilitationTherapist",
}
"""Column → field of the input, for each of those who assess together."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The record that a request is about, and what the rules look at."""

    transaction: Transaction
    asked: Mapping[str, Any]
    insured_id: uuid.UUID
    facts: Facts

    @property
    def subject(self) -> Subject:
        return Subject(self.asked["policy_id"], self.insured_id)

    @property
    def owned(self) -> dict[str, Any]:
        """What every row of the record says of itself."""
        return {
            "policy_id": self.asked["policy_id"],
            "insured_id": self.insured_id,
            "product_code": self.asked["product_code"],
            "vendor_code": self.asked["vendor_code"],
            "recorded_by": self.transaction.context.viewer.principal,
            "at": self.transaction.context.now,
        }

    def day(self, given: dt.date, *path: str) -> dt.date:
        """A day of the child's life until today."""
        born_on = next(born for person, _, _, born in self.asked["insured"] if person == self.insured_id)
        if not born_on <= given <= civil_day(self.transaction.context.now):
            raise bad_input("Expected a day between the birth of the insured and today.", *path)
        return given

    async def keep(self, **points: Sequence[str] | None) -> None:
        """The record itself, with what stays in it."""
        asked, context = self.asked, self.transaction.context
        await rows.keep(
            self.transaction.writes,
            self.subject.policy_id,
            self.insured_id,
            product=asked["product_code"],
            vendor=asked["vendor_code"],
            by=context.viewer.principal,
            now=context.now,
            **points,
        )

    async def add(self, table: str, row: Mapping[str, Any]) -> Subject:
        """A row of the record, which is begun where there is none."""
        subject = Subject(self.asked["policy_id"], new_id())
        await self.keep()
        await writes.insert(self.transaction.writes, table, {"id": subject.id, **self.owned, **row})
        return subject


async def begin(
    transaction: Transaction, operation: str, *, service: str, policy_number: str, insured: str | None
) -> Keeping:
    """Of vendors, only the one that keeps the records of the product puts something into them."""
    context = transaction.context
    context.viewer.require_cover(service=service)
    asked = await asked_for(
        context, transaction.connection, number=policy_number, service=service, hospital=None, department=None
    )
    check_service(context, asked, operation, service)
    vendor = asked["vendor_code"]
    if context.viewer.kind is ViewerKind.VENDOR and vendor != context.viewer.vendor:
        raise no_such_policy()
    person = named_insured(asked, insured)
    found = Facts(
        operation,
        context.now,
        asked["product_code"],
        service,
        vendor=vendor,
        has_vendor_consent=await has_vendor_consent(transaction.connection, asked["policy_id"], person, vendor),
        paths=paths_of("policyNumber"),
    )
    return Keeping(transaction, asked, person, found)


# What stays


async def update(
    transaction: Transaction,
    operation: str,
    *,
    policy_number: str,
    insured: str | None,
    points: Mapping[str, Sequence[str] | None],
) -> Work:
    """`points`: field of the input → all of it anew; None leaves it as it stands."""
    keeping = await begin(transaction, operation, service="HEALTH_RECORD", policy_number=policy_number, insured=insured)
    basics, history, habits = (_points(points[field], field) for field in ("basics", "familyHistory", "habits"))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await keeping.keep(basics=basics, family_history=history, habits=habits)
        return keeping.subject

    return Work(keeping.facts, write)


def _points(given: Sequence[str] | None, field: str) -> list[str] | None:
    return None if given is None else inputs.points(given, "input", field)


# What is added


@dataclass(frozen=True, slots=True)
class Entry:
    kind: str
    on: dt.date
    title: str | None
    height_cm: Decimal | None
    weight_kg: Decimal | None
    note: str | None
    document: str | None


async def add_entry(
    transaction: Transaction,
    operation: str,
    *,
    policy_number: str,
    insured: str | None,
    entry: Entry,
    corrects: Wrong | None = None,
) -> Work:
    keeping = await begin(transaction, operation, service="HEALTH_RECORD", policy_number=policy_number, insured=insured)
    row = _entry(keeping, entry) | {"document_id": await _paper(keeping, entry.document)}
    record = keeping.subject
    wrong = corrects and await retractions.wrong_entry(transaction, record.policy_id, record.id, corrects)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await keeping.add(ENTRY.table, row)
        await link_papers(transaction, subject, [entry.document] if entry.document else [])
        if wrong is not None:
            await retractions.replace(transaction, wrong, subject.id)
        return subject

    return Work(keeping.facts, write)


def _entry(keeping: Keeping, entry: Entry) -> dict[str, Any]:
    height = _measure(entry.height_cm, TENTH, "heightCm")
    weight = _measure(entry.weight_kg, HUNDREDTH, "weightKg")
    title = inputs.name(entry.title, "input", "title")
    if entry.kind == MEASUREMENT:
        if height is None and weight is None:
            raise bad_input("A measurement has a height or a weight.", "input", "heightCm")
        if title is not None:
            raise bad_input("A measurement needs no title: leave it out, or write a note.", "input", "title")
    elif height is not None or weight is not None:
        raise bad_input("Height and weight make an entry of their own: GROWTH_MEASUREMENT.", "input", "kind")
    else:
        inputs.required(title, "input", "title")
    return {
        "kind": entry.kind,
        "on": keeping.day(entry.on, "input", "on"),
        "title": title,
        "height_cm": height,
        "weight_kg": weight,
        "note": inputs.text(entry.note, "input", "note"),
    }


def _measure(value: Decimal | None, step: Decimal, field: str) -> Decimal | None:
    if value is not None and (not 0 < value < 1000 or value != value.quantize(step)):
        raise bad_input(f"Expected more than 0 and less than 1000, in steps of {step}.", "input", field)
    return value


async def _paper(keeping: Keeping, document: str | None) -> uuid.UUID | None:
    if document is None:
        return None
    path = ("input", "document")
    await papers_of(keeping.transaction.connection, keeping.asked["policy_id"], [document], *path)
    return document_key(document, *path)


# What people think of how the child grows


@dataclass(frozen=True, slots=True)
class Assessment:
    assessed_on: dt.date
    mode: str
    team: Mapping[str, str | None]  # column → name
    assessment: str
    diet_plan: str | None


async def assess(
    transaction: Transaction, operation: str, *, policy_number: str, insured: str | None, given: Assessment
) -> Work:
    keeping = await begin(
        transaction, operation, service="GROWTH_ASSESSMENT", policy_number=policy_number, insured=insured
    )
    team = {column: inputs.name(given.team[column], "input", "team", field) for column, field in TEAM.items()}
    diet_plan = inputs.text(given.diet_plan, "input", "dietPlan")
    row = {
        "assessed_on": keeping.day(given.assessed_on, "input", "assessedOn"),
        "mode": given.mode,
        "assessment": inputs.required(inputs.text(given.assessment, "input", "assessment"), "input", "assessment"),
        "diet_plan": diet_plan,
        **team,
    }
    fields = {field: ("input", "team", field) for field in TEAM.values()}
    found = replace(
        keeping.facts,
        form={"dietPlan": diet_plan, **{field: team[column] for column, field in TEAM.items()}},
        paths={**keeping.facts.paths, **paths_of("dietPlan"), **fields},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        return await keeping.add(ASSESSMENT.table, row)

    return Work(found, write)
