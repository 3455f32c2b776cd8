"""What every step of an advance shares: the locked case, its facts, the move with its clocks, papers and messages."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Fault, bad_input
from gateway.repositories import advances as rows
from gateway.repositories.entitlements import Ledger
from gateway.resolvers import advance_clocks, cases
from gateway.resolvers.bookings import cover
from gateway.resolvers.commands import Subject, Transaction
from gateway.validation import clocks
from gateway.validation.facts import Facts
from gateway.validation.facts.advances import Advancing
from gateway.validation.facts.cases import Hospital, Paper
from models.base import new_id

SERVICE = rows.SERVICE
PREFIX = "adv"
LONGEST_AGO = 3653
"""Days: ten years, so that no typing error makes a deadline that no calendar has."""

FINDINGS = {
    "COVERED": "isCovered",
    "DISCLOSED": "isConditionDisclosed",
    "DEDUCTIBLE_REACHED": "isDeductibleReached",
    "SUM_INSURED_LEFT": "isSumInsuredLeft",
    "HOSPITAL_ACCEPTED": "isHospitalAccepted",
}
"""What a review looks at → the field that states it."""

PATHS = {word: ("input", "findings", field) for word, field in FINDINGS.items()} | {
    field: ("input", field)
    for field in ("acknowledged", "documents", "attendingDoctorContact", "dischargeOn", "amount", "reason")
}


@dataclass(frozen=True, slots=True)
class Payment:
    """The payment of a stay that is still to be made."""

    id: uuid.UUID
    kind: str
    state: str
    requested: Decimal
    approved: Decimal | None

    @property
    def is_first(self) -> bool:
        return self.kind == "FIRST"


@dataclass(frozen=True, slots=True)
class Case:
    """An advance that this command has locked, with all that hangs on it."""

    transaction: Transaction
    row: Mapping[str, Any]
    account: Mapping[str, Any] | None = None

    @property
    def context(self) -> Context:
        return self.transaction.context

    @property
    def subject(self) -> Subject:
        return Subject(self.row["policy_id"], self.row["id"])

    @property
    def payment(self) -> Payment | None:
        return next((Payment(*open_one) for open_one in self.row["payments"]), None)

    @property
    def approvals(self) -> dict[str, str]:
        return {stage: reviewer for stage, reviewer, _ in self.row["approvals"]}

    @property
    def ledger(self) -> Ledger | None:
        if self.account is None:
            return None
        writes, viewer = self.transaction.writes, self.context.viewer
        return Ledger(writes, self.row["policy_id"], self.account["id"], viewer.principal, self.context.now)


async def locked(transaction: Transaction, advance: str, *, with_account: bool = False) -> Case:
    """The advance of an id: its account locked first where its use may change, then itself. One that is foreign is
    answered like one that is not there."""
    path, connection = ("input", "advance"), transaction.connection
    policy_id, advance_id = ids.decode_as(PREFIX, advance, 2, *path)
    account = await rows.account_of(connection, policy_id, advance_id) if with_account else None
    row = await rows.lock(connection, policy_id, advance_id)
    if row is None or not _may_touch(transaction.context, row):
        raise ids.not_an_id(PREFIX, *path)
    return Case(transaction, {**row, **await rows.details(connection, policy_id, advance_id)}, account)


def _may_touch(context: Context, row: Mapping[str, Any]) -> bool:
    viewer = context.viewer
    if viewer.kind in (ViewerKind.STAFF, ViewerKind.SYSTEM):
        return True
    if viewer.kind is ViewerKind.CUSTOMER:
        return viewer.reaches(row["policy_id"], row["insured_id"])
    is_own = viewer.vendor is not None and row["vendor_code"] == viewer.vendor
    return is_own and viewer.covers(product=row["product_code"], service=SERVICE, hospital=row["hospital_code"])


# Facts


def step_facts(
    case: Case,
    operation: str,
    command: str,
    *,
    acknowledged: Iterable[str] = (),
    papers: Sequence[Paper] = (),
    is_confirming: bool = False,
    **known: Any,
) -> Facts:
    """What every step knows of the case; `known` is what this one says of the stay."""
    row, context = case.row, case.context
    stay: dict[str, Any] = {
        "cause": row["cause"],
        "admitted_on": row["admitted_on"],
        "cost_type": row["cost_type"],
        "is_in_network": row["is_in_list"] if row["is_list_loaded"] else None,
        "is_excused": context.viewer.kind is not ViewerKind.CUSTOMER,
        "agreed_limit": row["advance_limit"],
        "authorized_limit": row["authorized_limit"],
        "paid": row["paid_amount"],
        "approvals": case.approvals,
        "reviewer": context.viewer.principal,
        "is_signed": row["signed_at"] is not None,
        "is_confirmed": row["confirmed_at"] is not None,
        "discharge_on": row["discharged_on"],
    }
    handed = [Paper(kind, issued_on) for _, kind, issued_on in row["papers"]]
    return Facts(
        operation=operation,
        now=context.now,
        product=row["product_code"],
        service=SERVICE,
        cover=cover(row["effective_at"], row["cover"]),
        hospital=hospital_facts({**row, "code": row["hospital_code"], "name": row["hospital_name"]}),
        step=cases.step_of(context, row, command),
        paths=PATHS,
        acknowledged=frozenset([*row["acknowledged"], *acknowledged]),
        papers=(*handed, *papers),
        is_confirming_client=is_confirming or row["confirmed_at"] is not None,
        vendor=row["vendor_code"],
        acting_vendor=context.viewer.vendor,
        calendar=context.services.calendar,
        advance=Advancing(**stay | known),
    )


def hospital_facts(row: Mapping[str, Any]) -> Hospital:
    named = (row[name] for name in ("code", "name", "city", "province", "level", "ownership"))
    return Hospital(*named, is_city_served=True)


# The step


def state_after(found: Facts, preferred: str | None = None) -> str:
    """The state that an agreed step leads to; with several outcomes the caller prefers one."""
    leads_to = found.step.leads_to if found.step else frozenset[str]()
    if preferred in leads_to:
        return str(preferred)
    if len(leads_to) != 1:  # a step that no clause speaks of, and that the lifecycle lacks all the same
        raise bad_input("This step is not possible while the advance is in its present state.", "input", "advance")
    (state,) = leads_to
    return state


async def move(
    case: Case,
    found: Facts,
    to_state: str,
    *,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
    is_timed: bool = True,
    day: dt.date | None = None,
    **changes: Any,
) -> None:
    """Take the step: state and event, then the clocks that it stops and starts, and what handbooks have it tell."""
    assert found.step is not None
    command = found.step.command
    await cases.move(
        case.transaction, cases.ADVANCE, case.row, command, to_state, reason=reason, details=details, **changes
    )
    if is_timed:
        await advance_clocks.keep_time(case.transaction, case.row, command, to_state, day)
    await _tell_by_rules(case, command)


async def _tell_by_rules(case: Case, command: str) -> None:
    for rule in clocks.told_at(advance_clocks.rules(case.context, case.row["product_code"]), command):
        message = rule.parameters["message"]
        await tell(case, message["topic"], message["audience"])


async def tell(case: Case, topic: str, audience: str) -> None:
    await post(case.transaction, topic, audience, case.subject, case.row["state_seq"] + 1, case.row["vendor_code"])


async def post(
    transaction: Transaction, topic: str, audience: str, subject: Subject, sequence: int, vendor: str | None
) -> None:
    """A message about a step. Nobody is told what he has done himself."""
    if audience == transaction.context.viewer.kind.value:
        return
    payload = {"advance": ids.encode(PREFIX, subject.policy_id, subject.id), "vendor": vendor}
    await cases.tell(transaction, topic, audience, subject, sequence, payload)


# Days and amounts


def near(day: dt.date, today: dt.date, *path: str) -> dt.date:
    """A day that a stay of our time may have."""
    if abs((day - today).days) > LONGEST_AGO:
        raise bad_input("Expected a day within ten years of today.", *path)
    return day


def positive(amount: Decimal | None, *path: str) -> Decimal:
    if amount is None or amount <= 0:
        raise _no_amount(*path)
    return amount


def _no_amount(*path: str) -> Fault:
    return bad_input("Expected an amount above 0.", *path)


def payment_row(
    case_row: Mapping[str, Any], now: dt.datetime, *, seq: int, kind: str, amount: Decimal
) -> dict[str, Any]:
    return {
        "policy_id": case_row["policy_id"],
        "id": new_id(),
        "advance_id": case_row["id"],
        "seq": seq,
        "kind": kind,
        "state": "REQUESTED",
        "requested_amount": amount,
        "requested_at": now,
    }
