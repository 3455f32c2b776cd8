"""Bookings: the one that a command has locked, and what the rules see of it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Fault, bad_input
from gateway.repositories import bookings as rows
from gateway.repositories.entitlements import Ledger
from gateway.resolvers.commands import Subject, Transaction
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Account, Cover, Hospital, Patient, Step, Visit

ROLES = {kind: kind.value for kind in ViewerKind if kind is not ViewerKind.ANONYMOUS}


@dataclass(frozen=True, slots=True)
class Case:
    """A booking that this command has locked, with its account, and the step that is asked of it."""

    transaction: Transaction
    row: Mapping[str, Any]
    account: Mapping[str, Any] | None
    command: str

    @property
    def context(self) -> Context:
        return self.transaction.context

    @property
    def policy_id(self) -> uuid.UUID:
        return self.row["policy_id"]

    @property
    def booking_id(self) -> uuid.UUID:
        return self.row["id"]

    @property
    def subject(self) -> Subject:
        return Subject(self.policy_id, self.booking_id)

    @property
    def booked(self) -> Visit | None:
        at, minutes = self.row["visit_at"], self.row["planned_minutes"]
        return None if at is None else Visit(at, minutes or 0)

    @property
    def step(self) -> Step:
        return step(self.context, self.row["machine"], self.row["state"], self.command)

    @property
    def ledger(self) -> Ledger | None:
        if self.account is None:
            return None
        return Ledger(
            self.transaction.writes,
            self.policy_id,
            self.account["id"],
            self.context.viewer.principal,
            self.context.now,
        )


async def locked(
    transaction: Transaction,
    booking: str,
    command: str,
    *,
    path: tuple[str, ...] = ("input", "booking"),
    locking: bool = True,
    is_step: bool = True,
) -> Case:
    """The booking of an id, locked after its account. One that is foreign is answered like one that is not there.

    A command that is no step is asked of a booking in whatever state.
    """
    policy_id, booking_id = ids.decode_as("book", booking, 2, *path)
    found = await rows.find(transaction.connection, policy_id, booking_id)
    if found is None or not _may_touch(transaction.context, found):
        raise ids.not_an_id("book", *path)
    if is_step and not transaction.context.services.lifecycles.knows(found["machine"], command):
        raise bad_input("There is no such step for a booking of this service.", *path)
    account = await rows.account_of(transaction.connection, policy_id, booking_id, locking=locking)
    row = await rows.load(transaction.connection, policy_id, booking_id, locking=locking)
    if row is None:
        raise ids.not_an_id("book", *path)
    return Case(transaction, row, account, command)


def _may_touch(context: Context, row: Mapping[str, Any]) -> bool:
    viewer = context.viewer
    if viewer.kind in (ViewerKind.STAFF, ViewerKind.SYSTEM):
        return True
    if viewer.kind is ViewerKind.CUSTOMER:
        return viewer.reaches(row["policy_id"], row["insured_id"])
    if viewer.vendor is None or row["vendor_code"] != viewer.vendor:
        return False
    return viewer.covers(product=row["product_code"], service=row["service"], hospital=row["hospital_code"] or "")


def case_facts(case: Case, operation: str) -> Facts:
    """What every command on an existing booking knows."""
    row = case.row
    return Facts(
        operation=operation,
        now=case.context.now,
        product=row["product_code"],
        service=row["service"],
        cover=cover(row["effective_at"], row["cover"]),
        account=account_facts(case.account),
        hospital=_hospital_facts(row),
        patient=Patient(
            name="",
            gender=None,
            birth_on=row["patient_birth_on"] or row["insured_birth_on"],
            is_insured=True,
            companion=row["companion_relation"],
        ),
        visit=case.booked,
        booked=case.booked,
        booked_since=row["created_at"],
        step=case.step,
        is_confirmed=row["confirmed_at"] is not None,
        vendor=row["vendor_code"],
        acting_vendor=case.context.viewer.vendor,
        calendar=case.context.services.calendar,
        is_by_client=case.context.viewer.kind is ViewerKind.CUSTOMER,
        overrides=set_aside(row["overrides"], row["insured_id"], row["visit_on"]),
    )


def set_aside(rows: Sequence[Any], insured: uuid.UUID, *days: dt.date | None) -> dict[str, uuid.UUID]:
    """Rule → what the hotline gave to set it aside, for this insured and one of these days."""
    return {code: override for code, override, person, day in rows if person == insured and day in days}


def step(context: Context, machine: str, state: str, command: str) -> Step:
    role = ROLES[context.viewer.kind]
    return Step(state, command, context.services.lifecycles.leads_to(machine, state, command, role))


def cover(effective_at: dt.datetime, period: Any) -> Cover:
    return Cover(effective_at, period.lower, period.upper - dt.timedelta(days=1))


def account_facts(row: Mapping[str, Any] | None) -> Account | None:
    if row is None:
        return None
    return Account(row["granted"], row["held"], row["used"], row["cancellations"], row["usable_from"])


def hospital_facts(row: Mapping[str, Any]) -> Hospital:
    return Hospital(
        row["code"],
        row["name"],
        row["city"],
        row["province"],
        row["level"],
        row["ownership"],
        row["is_city_served"],
        row.get("has_onsite_service", False),
    )


def _hospital_facts(row: Mapping[str, Any]) -> Hospital | None:
    if row["hospital_code"] is None:
        return None
    return Hospital(
        row["hospital_code"],
        row["hospital_name"],
        row["city_name"],
        row["city_province"],
        row["hospital_level"],
        row["hospital_ownership"],
        row["is_city_served"],
    )


def only_state(case_facts: Facts, *, otherwise: str | None = None) -> str:
    """The state that an agreed step leads to; with several outcomes the caller names one of them."""
    leads_to = case_facts.step.leads_to if case_facts.step else frozenset[str]()
    if otherwise is not None and otherwise in leads_to:
        return otherwise
    if not leads_to:  # a step that no clause speaks of, and that the lifecycle lacks all the same
        raise no_such_step()
    (state,) = leads_to
    return state


def no_such_step() -> Fault:
    says = (
        "This step is not possible while the booking is in its present state; `availableActions` names those that are."
    )
    return bad_input(says, "input", "booking")
