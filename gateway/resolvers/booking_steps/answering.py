"""Services that are answered rather than visited: who answers, the answers, and the end."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.faults import bad_input
from gateway.repositories import consultations as rows
from gateway.repositories import writes
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move, other_side, tell
from gateway.resolvers.booking_steps.uses import consume, key
from gateway.resolvers.bookings import Case, case_facts, locked, only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.facts.calls import Call as CallFacts
from gateway.validation.facts.calls import Doctor as DoctorFacts
from gateway.validation.verdict import Verdict

CONSULTATION = "CONSULTATION"
DRUG_QUESTION = "DRUG_QUESTION"
CHECKUP_PLAN = "CHECKUP_PLAN"

MOST_SUGGESTIONS = 50
PATHS = {
    "summary": ("input", "summary"),
    "call": ("input", "call"),
    "doctorTitle": ("input", "doctor", "title"),
    "doctorYears": ("input", "doctor", "clinicalYears"),
    "doctorEmployment": ("input", "doctor", "employment"),
    "doctorLicensed": ("input", "doctor", "isLicensed"),
    "doctorOfTopHospital": ("input", "doctor", "isOfTopHospital"),
}


@dataclass(frozen=True, slots=True)
class Doctor:
    """Who answers, as the vendor states it."""

    name: str | None = None
    title: str | None = None
    clinical_years: int | None = None
    hospital: str | None = None
    employment: str | None = None
    is_licensed: bool | None = None
    is_of_top_hospital: bool | None = None


@dataclass(frozen=True, slots=True)
class Call:
    started_at: dt.datetime
    ended_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Answer:
    content: str
    doctor: Doctor | None
    call: Call | None
    suggestions: tuple[str, ...]


# Who answers


def take_on(case: Case, operation: str, doctor: Doctor | None) -> Work:
    """The vendor's side names the doctor; the client cannot choose one."""
    found = case_facts(case, operation)
    stated = _stated(doctor)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if stated:
            await writes.update(case.transaction.writes, "consultation_details", key(case), stated)
        await move(case, only_state(found))
        await tell(case, "booking.assigned", "CUSTOMER")
        return case.subject

    return Work(found, write)


async def log(case: Case) -> None:
    """A question about a drug is logged by whoever takes it, before anybody calls back."""
    if case.row["machine"] == DRUG_QUESTION:
        logged = {"logged_by": case.context.viewer.principal, "logged_at": case.context.now}
        await writes.update(case.transaction.writes, "drug_question_details", key(case), logged)


# Answers


async def reply(transaction: Transaction, operation: str, *, booking: str, answer: Answer) -> Work:
    """A doctor's answer; what a client sends is added to the question, and is no answer that somebody waits for."""
    is_client = transaction.context.viewer.kind is ViewerKind.CUSTOMER
    content = inputs.required(inputs.text(answer.content, "input", "content"), "input", "content")
    case = await locked(transaction, booking, "ask" if is_client else "reply")
    write = REPLIES.get(case.row["machine"])
    if write is None:
        raise bad_input("This booking is no consultation.", "input", "booking")
    found, details = await _judged(case, operation, answer, is_client=is_client)

    async def written(verdicts: Sequence[Verdict]) -> Subject:
        state = only_state(found)
        await write(case, replace(answer, content=content), details)
        await move(case, state)
        await tell(case, "consultation.asked" if is_client else "consultation.replied", other_side(case))
        return case.subject

    return Work(found, written)


async def _judged(
    case: Case, operation: str, answer: Answer, *, is_client: bool
) -> tuple[Facts, Mapping[str, Any] | None]:
    """What the rules of an answer look at, and the details as they stand."""
    found = replace(case_facts(case, operation), paths=PATHS)
    if case.row["machine"] != CONSULTATION:
        return found, None
    details = await rows.details(case.transaction.connection, case.policy_id, case.booking_id)
    if is_client:
        return found, details
    call = answer.call and _call(answer.call, case.context.now, details)
    return replace(found, doctor=_doctor({**details, **_stated(answer.doctor)}), call=call), details


def _call(call: Call, now: dt.datetime, details: Mapping[str, Any]) -> CallFacts:
    """Begun minutes count in full, so that a second over a quarter of an hour is over it."""
    if not call.started_at <= call.ended_at <= now:
        raise bad_input("A call ends after it began, and not in the future.", "input", "call")
    seconds = int((call.ended_at - call.started_at).total_seconds())
    return CallFacts(-(-seconds // 60), is_another=details["call_started_at"] is not None)


async def _reply_in_consultation(case: Case, answer: Answer, details: Mapping[str, Any] | None) -> None:
    is_client = case.context.viewer.kind is ViewerKind.CUSTOMER
    await rows.add_message(
        case.transaction.writes,
        policy_id=case.policy_id,
        booking_id=case.booking_id,
        author="CUSTOMER" if is_client else "DOCTOR",
        content=answer.content,
        now=case.context.now,
    )
    if is_client or details is None:
        return
    changes = _stated(answer.doctor) | _called(answer.call)
    if details["first_replied_at"] is None:
        changes["first_replied_at"] = case.context.now
    if changes:
        await writes.update(case.transaction.writes, "consultation_details", key(case), changes)


async def _reply_about_drug(case: Case, answer: Answer, details: Mapping[str, Any] | None) -> None:
    await consume(case, "question answered")
    answered = {"answer": answer.content, "called_back_at": case.context.now}
    await writes.update(case.transaction.writes, "drug_question_details", key(case), answered)


async def _reply_with_plan(case: Case, answer: Answer, details: Mapping[str, Any] | None) -> None:
    if len(answer.suggestions) > MOST_SUGGESTIONS:
        raise bad_input(f"At most {MOST_SUGGESTIONS} suggestions.", "input", "suggestions")
    await consume(case, "plan suggested")
    given = [inputs.text(item, "input", "suggestions") for item in answer.suggestions]
    suggested = {"suggestions": [item for item in given if item], "suggested_at": case.context.now}
    await writes.update(case.transaction.writes, "checkup_plans", key(case), {"advice": answer.content, **suggested})


REPLIES = {
    CONSULTATION: _reply_in_consultation,
    DRUG_QUESTION: _reply_about_drug,
    CHECKUP_PLAN: _reply_with_plan,
}
"""Machine → what an answer leaves behind."""


# The end


async def close(transaction: Transaction, operation: str, *, booking: str, summary: str | None) -> Work:
    """The consultation is over: nothing is added to it any more, and its summary goes to the client."""
    said = inputs.text(summary, "input", "summary")
    case = await locked(transaction, booking, "close")
    found = replace(case_facts(case, operation), form={"summary": said}, paths=PATHS)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = only_state(found)
        await consume(case, "consultation closed")
        if said is not None:
            sent = {"summary": said, "summary_sent_at": case.context.now}
            await writes.update(case.transaction.writes, "consultation_details", key(case), sent)
        await move(case, state)
        await tell(case, "consultation.closed" if said is None else "consultation.summarized", "CUSTOMER")
        return case.subject

    return Work(found, write)


# Shapes


def _stated(doctor: Doctor | None) -> dict[str, Any]:
    """Columns of what the vendor states of the doctor; what it leaves out stays as it was."""
    if doctor is None:
        return {}
    if doctor.clinical_years is not None and not 0 <= doctor.clinical_years <= 80:
        raise bad_input("Expected 0 to 80 years.", "input", "doctor", "clinicalYears")
    columns = {
        "doctor_name": inputs.name(doctor.name, "input", "doctor", "name"),
        "doctor_title": doctor.title,
        "doctor_years": doctor.clinical_years,
        "doctor_hospital": inputs.name(doctor.hospital, "input", "doctor", "hospital"),
        "doctor_employment": doctor.employment,
        "is_doctor_licensed": doctor.is_licensed,
        "is_doctor_of_top_hospital": doctor.is_of_top_hospital,
    }
    return {name: value for name, value in columns.items() if value is not None}


def _doctor(row: Mapping[str, Any]) -> DoctorFacts:
    return DoctorFacts(
        row["doctor_title"],
        row["doctor_years"],
        row["doctor_employment"],
        row["is_doctor_licensed"],
        row["is_doctor_of_top_hospital"],
    )


def _called(call: Call | None) -> dict[str, Any]:
    return {} if call is None else {"call_started_at": call.started_at, "call_ended_at": call.ended_at}
