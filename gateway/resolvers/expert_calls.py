"""Asking for a call with an expert: at a time of the schedule, or at once while the expert is on duty."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import expert_calls as rows
from gateway.repositories import writes
from gateway.resolvers import asking, inputs
from gateway.resolvers.asking import Ask
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.resolvers.placing import Placing
from gateway.resolvers.requests import Patient, paths_of
from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts.calls import Duty, Expert, Slot
from gateway.validation.facts.cases import Visit
from gateway.validation.verdict import Status, Verdict

SERVICE = "EXPERT_CALL"
MACHINE = "EXPERT_CALL"
PHONE = "expert_call_details.phone"
PATHS = asking.PATHS | paths_of("expert", "startsAt")


@dataclass(frozen=True, slots=True)
class CallRequest:
    policy_number: str
    expert: str
    phone: str | None
    patient: Patient | None
    topic: str | None
    question: str | None
    acknowledged: tuple[str, ...]


async def book(transaction: Transaction, operation: str, request: CallRequest, *, starts_at: dt.datetime) -> Work:
    """By appointment. The time is free when the rules look at it; who has it in the end, the database decides."""
    wish = await _wish(transaction, request)
    slot = await rows.slot(transaction.connection, wish.expert["code"], starts_at)
    length = 0 if slot is None else int((slot["ends_at"] - slot["starts_at"]).total_seconds()) // 60
    placing = await asking.begin(
        transaction,
        operation,
        wish.ask("book"),
        **wish.facts,
        visit=Visit(starts_at, length),
        slot=slot and Slot(slot["is_free"]),
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await placing.write(verdicts, state="CONFIRMED", planned_minutes=length, **wish.columns)
        if not await rows.take(
            transaction.connection,
            expert=wish.expert["code"],
            starts_at=starts_at,
            policy_id=subject.policy_id,
            booking_id=subject.id,
        ):
            raise _too_late(verdicts, "slot_on_schedule", "startsAt")
        await wish.write_details(placing, subject, mode="SCHEDULED", slot_starts_at=starts_at)
        return subject

    return Work(placing.facts, write)


async def call_now(transaction: Transaction, operation: str, request: CallRequest) -> Work:
    """At once: the order draws on the times of the expert's duty, and waits for those that came before."""
    connection, now = transaction.connection, transaction.context.now
    wish = await _wish(transaction, request)
    until = start_of(civil_day(now) + dt.timedelta(days=1))
    placing = await asking.begin(transaction, operation, wish.ask("call"), **wish.facts)
    waiting = await rows.lock_queue(connection, wish.expert["code"])
    duty = await rows.duty(connection, wish.expert["code"], now, until)
    placing = asking.knowing(placing, duty=Duty(duty["is_now"], duty["has_room"], duty["next_at"]))
    placing = replace(placing, command="queue" if waiting else "call")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await placing.write(verdicts, **wish.columns)
        taken = await rows.take_next(
            connection,
            expert=wish.expert["code"],
            now=now,
            until=until,
            policy_id=subject.policy_id,
            booking_id=subject.id,
        )
        if taken is None:
            raise _too_late(verdicts, "on_duty_with_room", "expert")
        await wish.write_details(placing, subject, mode="DIRECT", slot_starts_at=taken, queue_length=waiting)
        return subject

    return Work(placing.facts, write)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What both ways of asking share, cleaned."""

    request: CallRequest
    expert: Mapping[str, Any]
    phone: str | None
    question: str | None

    def ask(self, command: str) -> Ask:
        return Ask(
            service=SERVICE,
            machine=MACHINE,
            prefix="EXP",
            policy_number=self.request.policy_number,
            patient=self.request.patient,
            command=command,
            acknowledged=self.request.acknowledged,
        )

    @property
    def facts(self) -> dict[str, Any]:
        expert = self.expert
        return {
            "form": {"phone": self.phone},
            "paths": PATHS,
            "topic": self.request.topic,
            "expert": Expert(expert["title"], expert["hospital_rank"], expert["is_in_service"]),
        }

    @property
    def columns(self) -> dict[str, Any]:
        return {"department_code": self.expert["department_code"]}

    async def write_details(self, placing: Placing, subject: Subject, **known: Any) -> None:
        context, phone = placing.transaction.context, self.phone or ""
        await writes.insert(
            placing.transaction.writes,
            "expert_call_details",
            {
                "policy_id": subject.policy_id,
                "booking_id": subject.id,
                "expert_code": self.expert["code"],
                "topic": self.request.topic,
                "question": self.question,
                "phone_encrypted": context.services.vault.seal(phone, PHONE),
                "phone_last4": phone[-4:],
                "ordered_at": context.now,
                **known,
            },
        )


async def _wish(transaction: Transaction, request: CallRequest) -> _Wish:
    phone = inputs.phone(request.phone, "input", "phone")
    question = inputs.text(request.question, "input", "question")
    expert = await rows.expert(transaction.connection, request.expert.strip())
    if expert is None:
        raise bad_input("No such expert: expected a code from `expertSchedules`.", "input", "expert")
    return _Wish(request, expert, phone, question)


def _too_late(verdicts: Sequence[Verdict], check: str, field: str) -> Exception:
    """Somebody was faster: the same verdict, as the database's no."""
    verdict = next((verdict for verdict in verdicts if verdict.check == check), None)
    if verdict is None:
        return RuntimeError("a time was taken that no rule gives out")
    return RefusedByDatabase(replace(verdict, status=Status.REFUSED, input_path=("input", field)))
