"""Bookings: from what a caller asks to facts, and from agreed verdicts to state, ledger, history and messages."""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Fault, bad_input
from gateway.repositories import bookings as rows
from gateway.repositories import clocks as clock_rows
from gateway.repositories import outbox, writes
from gateway.repositories.entitlements import Ledger
from gateway.resolvers.commands import Subject, Transaction
from gateway.validation import clocks
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Account, Cover, Hospital, Patient, Step, Visit
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

REMINDER = "booking.reminder"
NUMBER_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ACKNOWLEDGING = frozenset({"disclosure_acknowledged", "client_agreed"})
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


async def move(
    case: Case,
    to_state: str,
    *,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Take the step: new state, its event, and the clocks and reminders that it starts and stops."""
    row, context = case.row, case.context
    sequence = row["state_seq"] + 1
    if to_state not in case.step.leads_to:
        raise no_such_step()
    taken, visit = _taken(case, to_state), _visit_after(case, changes)
    vendor = changes.get("vendor_code", row["vendor_code"])
    await rows.step(
        case.transaction.writes,
        {"policy_id": case.policy_id, "id": case.booking_id, "state_seq": row["state_seq"]},
        {
            "state": to_state,
            "state_seq": sequence,
            "updated_at": context.now,
            **turns(context, row["machine"], to_state, vendor=vendor, is_proposed=case.command == "proposeDeduction"),
            **changes,
        },
        ended=None if _ends_all(case, to_state) else _met(case),
        begun=first_due(context, row["product_code"], row["service"], taken, visit, into=to_state),
    )
    await write_event(
        case.transaction,
        policy_id=case.policy_id,
        booking_id=case.booking_id,
        seq=sequence,
        machine=row["machine"],
        from_state=row["state"],
        command=case.command,
        to_state=to_state,
        reason=reason,
        details=details,
    )
    await _keep_time(case, to_state, taken, visit)
    await _tell_by_rules(case, to_state)


async def _tell_by_rules(case: Case, to_state: str) -> None:
    """Messages that a handbook attaches to this step. Nobody is told what he has done himself."""
    rulebook, is_by_staff = case.context.services.rulebook, case.context.viewer.kind is ViewerKind.STAFF
    for rule in clocks.told_at(rulebook.of(case.row["product_code"], case.row["service"]), case.command, to_state):
        message = rule.parameters["message"]
        for audience in heard_by(message):
            if not (is_by_staff and audience == "STAFF"):
                await tell(case, message["topic"], audience, rule=rule.code)


def heard_by(message: Mapping[str, Any]) -> Sequence[str]:
    """Whom a message of a rule is for: one audience, or several."""
    audience: str | list[str] = message["audience"]
    return [audience] if isinstance(audience, str) else audience


async def write_event(
    transaction: Transaction,
    *,
    policy_id: uuid.UUID,
    booking_id: uuid.UUID,
    seq: int,
    machine: str,
    from_state: str,
    command: str,
    to_state: str,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    context = transaction.context
    await writes.insert(
        transaction.writes,
        "booking_events",
        {
            "policy_id": policy_id,
            "booking_id": booking_id,
            "seq": seq,
            "machine": machine,
            "from_state": from_state,
            "command": command,
            "role": ROLES[context.viewer.kind],
            "to_state": to_state,
            "actor": context.viewer.principal,
            "reason": reason,
            "details": dict(details or {}),
            "rulebook": context.services.rulebook.version,
            "at": context.now,
        },
    )


async def keep_acknowledgements(
    transaction: Transaction, operation: str, subject: Subject, verdicts: Sequence[Verdict]
) -> None:
    """What the client was told and agreed to, by the hash of the text in the language of the request."""
    context = transaction.context
    for verdict in verdicts:
        if verdict.check not in ACKNOWLEDGING or verdict.status is not Status.PASSED:
            continue
        shown = context.services.texts.rules[verdict.rule].statement[context.language]
        await writes.insert(
            transaction.writes,
            "disclosure_acknowledgements",
            {
                "policy_id": subject.policy_id,
                "id": new_id(),
                "rule_code": verdict.rule,
                "operation": operation,
                "subject_id": subject.id,
                "principal": context.viewer.principal,
                "text_sha256": hashlib.sha256(shown.encode()).hexdigest(),
                "language": context.language,
                "at": context.now,
            },
        )


async def _keep_time(case: Case, to_state: str, taken: Sequence[str], visit: Visit | None) -> None:
    """Stop what waited for this step; end everything with the case; else start what this step sets running."""
    met = _met(case)
    if met:
        await clock_rows.stop(
            case.transaction.writes,
            policy_id=case.policy_id,
            subject_id=case.booking_id,
            rules=met,
            now=case.context.now,
        )
    if _ends_all(case, to_state):
        await _stop_all(case, met)
    for command in taken:
        await start_clocks(
            case.transaction,
            product=case.row["product_code"],
            service=case.row["service"],
            command=command,
            subject=case.subject,
            visit=visit,
            sequence=case.row["state_seq"] + 1,
            into=to_state,
        )


def _taken(case: Case, to_state: str) -> tuple[str, ...]:
    """The step, and what it says besides: a vendor that assigns somebody to a new request has accepted it, and a
    booking that is moved is asked for anew. Where the case ends, nothing begins.
    """
    if case.command == "reschedule":
        return ("request",)
    if case.context.services.lifecycles.is_terminal(case.row["machine"], to_state):
        return ()
    is_accepting = (case.row["state"], case.command) == ("REQUESTED", "assign")
    return ("accept", "assign") if is_accepting else (case.command,)


def _visit_after(case: Case, changes: Mapping[str, Any]) -> Visit | None:
    """The visit as this step leaves it."""
    if "visit_at" not in changes:
        return case.booked
    return Visit(changes["visit_at"], changes.get("planned_minutes") or 0)


def _ends_all(case: Case, to_state: str) -> bool:
    lifecycles = case.context.services.lifecycles
    return case.command == "reschedule" or lifecycles.is_terminal(case.row["machine"], to_state)


def _met(case: Case) -> list[str]:
    """The rules whose clocks waited for this step."""
    rulebook = case.context.services.rulebook
    ended = clocks.ended_by(rulebook.of(case.row["product_code"], case.row["service"]), case.command)
    return [clocks.name_of(rule) for rule in ended]


def turns(
    context: Context, machine: str, state: str, *, vendor: str | None, is_proposed: bool = False
) -> dict[str, bool]:
    """For whom a booking in this state waits: for its vendor, where there is one that has a step to take, else for
    the insurer's people. What a vendor proposes waits for them besides.
    """
    lifecycles = context.services.lifecycles
    is_vendors = vendor is not None and lifecycles.waits_for(machine, state, "VENDOR")
    is_staffs = is_proposed or (not is_vendors and lifecycles.waits_for(machine, state, "STAFF"))
    return {"waits_for_vendor": is_vendors, "waits_for_staff": is_staffs}


def first_due(
    context: Context,
    product: str,
    service: str,
    commands: Sequence[str],
    visit: Visit | None,
    *,
    into: str,
) -> dt.datetime | None:
    """When the first of the deadlines ends that these commands set running."""
    rules = context.services.rulebook.of(product, service)
    begun = (rule for command in commands for rule in clocks.begun_by(rules, command, into))
    due = (clocks.due_at(rule, start=context.now, visit=visit, calendar=context.services.calendar) for rule in begun)
    return min((instant for instant in due if instant is not None), default=None)


async def _stop_all(case: Case, met: Sequence[str]) -> None:
    waiting, now = case.transaction.writes, case.context.now
    await clock_rows.cancel(waiting, policy_id=case.policy_id, subject_id=case.booking_id, but=met, now=now)
    await outbox.cancel_pending(waiting, policy_id=case.policy_id, subject_id=case.booking_id, topic=REMINDER, now=now)


async def start_clocks(
    transaction: Transaction,
    *,
    product: str,
    service: str,
    command: str,
    subject: Subject,
    visit: Visit | None,
    sequence: int,
    into: str | None = None,
) -> None:
    """Deadlines and reminders that a command sets running, by the rules that state them."""
    context = transaction.context
    calendar = context.services.calendar
    for rule in clocks.begun_by(context.services.rulebook.of(product, service), command, into):
        due = clocks.due_at(rule, start=context.now, visit=visit, calendar=calendar)
        if due is not None:
            await clock_rows.start(
                transaction.writes,
                policy_id=subject.policy_id,
                subject_type="BOOKING",
                subject_id=subject.id,
                rule=rule.code,
                started_at=context.now,
                due_at=due,
                is_estimated=clocks.is_estimated(rule, start=context.now, calendar=calendar),
                part=clocks.part_of(rule),
                working_days=clocks.working_days(rule),
            )
        send = clocks.send_at(rule, now=context.now, visit=visit, calendar=calendar)
        if send is not None:
            await outbox.post(
                transaction.writes,
                policy_id=subject.policy_id,
                subject_id=subject.id,
                topic=REMINDER,
                audience=clocks.reminded(rule),
                dedupe_key=f"{rule.code}:{subject.id.hex}:{sequence}",
                now=context.now,
                available_at=send,
                rule=rule.code,
                payload={"booking": ids.encode("book", subject.policy_id, subject.id)},
            )


async def tell(case: Case, topic: str, audience: str, *, rule: str | None = None) -> None:
    """A message about this step, once."""
    await outbox.post(
        case.transaction.writes,
        policy_id=case.policy_id,
        subject_id=case.booking_id,
        topic=topic,
        audience=audience,
        dedupe_key=f"{topic}:{case.booking_id.hex}:{case.row['state_seq'] + 1}:{audience}",
        now=case.context.now,
        rule=rule,
        payload={"booking": ids.encode("book", case.policy_id, case.booking_id)},
    )


def other_side(case: Case) -> str:
    """Who is told of what somebody did: the client, or whoever serves the client."""
    if case.context.viewer.kind is not ViewerKind.CUSTOMER:
        return "CUSTOMER"
    return "STAFF" if case.row["vendor_code"] is None else "VENDOR"


def new_number(prefix: str, now: dt.datetime) -> str:
    """A number for people: service, day, and letters that cannot be misread on the phone."""
    tail = "".join(secrets.choice(NUMBER_LETTERS) for _ in range(8))
    return f"{prefix}{civil_day(now):%Y%m%d}{tail}"


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
    return bad_input("This step is not possible while the booking is in its present state.", "input", "booking")


def positive_minutes(minutes: int, *path: str) -> int:
    if not 1 <= minutes <= 1440:
        raise bad_input("Expected 1 to 1440 minutes.", *path)
    return minutes
