"""A second opinion on its way, stage by stage: doctors, hospitals abroad, papers, the report and what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import second_opinions as rows
from gateway.repositories import writes
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.booking_steps.uses import consume, details, key
from gateway.resolvers.bookings import Case, case_facts, locked, only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import HandedIn, document_key, handed_in, link_papers, papers_of, paths_of
from gateway.validation.facts import Facts
from gateway.validation.facts.illnesses import Opinion
from gateway.validation.verdict import Verdict

PATHS = paths_of("questions", "document", "hospitals", "hospital", "documents")
MOST_QUESTIONS = 50
MOST_PAPERS = 200
STEPS: Mapping[str, tuple[str, int]] = {
    "CONSULT": ("consult", 1),
    "ASSESSMENT": ("assess", 2),
    "RECORD_TRANSLATION": ("translateRecords", 3),
    "SENDING": ("send", 0),
    "CONSULTATION": ("consultAbroad", 7),
    "RESULT_TRANSLATION": ("translateResult", 8),
    "INTERPRETATION": ("interpret", 9),
    "FOLLOW_UP": ("follow", 10),
}
"""What the vendor does → its command, and the stage that it completes; sending completes none by itself."""

COMMANDS = tuple(command for command, _ in STEPS.values())


# The vendor's stages


@dataclass(frozen=True, slots=True)
class Stage:
    step: str
    note: str | None
    questions: tuple[str, ...]
    document: str | None


async def advance(transaction: Transaction, operation: str, *, booking: str, stage: Stage) -> Work:
    """The next stage is done. The last one completes the service, and the use is spent."""
    note = inputs.text(stage.note, "input", "note")
    questions = _questions(stage.questions)
    case = await locked(transaction, booking, STEPS[stage.step][0])
    paper = await _paper(case, stage.document)
    brings = {name for name, value in (("questions", questions), ("document", paper)) if value}
    opinion = Opinion(stage=stage.step, brings=frozenset(brings))
    consent = None
    if stage.step == "SENDING":
        recipient = await _recipient(case)
        consent = await rows.consent(transaction.connection, case.policy_id, case.row["insured_id"], recipient)
        opinion = replace(opinion, recipient=recipient, has_consent=consent is not None)
    found = _facts(case, operation, opinion)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = only_state(found)
        changes = _changes(case, stage.step, questions=questions, paper=paper, consent=consent)
        if changes:
            await details(case, **changes)
        if stage.step != "SENDING":
            await _done(case, STEPS[stage.step][1], stage.step, note, paper)
        if stage.document is not None:
            await link_papers(transaction, case.subject, [stage.document])
        if stage.step == "FOLLOW_UP":
            await consume(case, "service completed")
        await move(case, state, reason=note)
        await tell(case, "second_opinion.advanced", "CUSTOMER")
        return case.subject

    return Work(found, write)


def _questions(given: Sequence[str]) -> list[str]:
    if len(given) > MOST_QUESTIONS:
        raise bad_input(f"At most {MOST_QUESTIONS} questions.", "input", "questions")
    return [said for said in (inputs.text(text, "input", "questions") for text in given) if said]


async def _paper(case: Case, document: str | None) -> Any:
    if document is None:
        return None
    await papers_of(case.transaction.connection, case.policy_id, [document], "input", "document")
    return document_key(document, "input", "document")


async def _recipient(case: Case) -> str:
    found = await rows.hospitals(case.transaction.connection, case.policy_id, case.booking_id)
    return next((row["name"] for row in found if row["selected_at"] is not None), "")


def _changes(case: Case, step: str, *, questions: list[str], paper: Any, consent: Any) -> dict[str, Any]:
    now = case.context.now
    if step == "ASSESSMENT":
        return {"questions": questions}
    if step == "SENDING":
        return {"sent_abroad_at": now, "consent_id": consent}
    return {"report_id": paper, "report_issued_at": now} if step == "CONSULTATION" else {}


# The hospital


@dataclass(frozen=True, slots=True)
class Proposal:
    name: str
    country: str
    expert: str | None


async def propose(transaction: Transaction, operation: str, *, booking: str, hospitals: Sequence[Proposal]) -> Work:
    cleaned = [_cleaned(each, "input", "hospitals", str(place)) for place, each in enumerate(hospitals)]
    if len({each.name for each in cleaned}) < len(cleaned):
        raise bad_input("A hospital is named twice.", "input", "hospitals")
    case = await locked(transaction, booking, "proposeHospitals")
    found = _facts(case, operation, Opinion(stage="HOSPITALS_PROPOSED", proposed=len(cleaned)))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = only_state(found)
        for position, each in enumerate(cleaned, 1):
            row = {"position": position, "name": each.name, "country": each.country, "expert": each.expert}
            proposed = {**key(case), **row, "proposed_at": case.context.now}
            await writes.insert(case.transaction.writes, "second_opinion_hospitals", proposed)
        await _done(case, 4, "HOSPITAL_MATCH")
        await move(case, state)
        await tell(case, "second_opinion.hospitals_proposed", "CUSTOMER")
        return case.subject

    return Work(found, write)


def _cleaned(given: Proposal, *path: str) -> Proposal:
    return Proposal(
        inputs.required(inputs.name(given.name, *path, "name"), *path, "name"),
        inputs.required(inputs.name(given.country, *path, "country"), *path, "country"),
        inputs.name(given.expert, *path, "expert"),
    )


async def select(transaction: Transaction, operation: str, *, booking: str, position: int) -> Work:
    case = await locked(transaction, booking, "selectHospital")
    proposed = await rows.hospitals(transaction.connection, case.policy_id, case.booking_id)
    is_among = position in {row["position"] for row in proposed}
    found = _facts(case, operation, Opinion(stage="HOSPITAL_SELECTED", is_among_proposed=is_among))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = only_state(found)
        await rows.select(case.transaction.writes, case.policy_id, case.booking_id, position, case.context.now)
        await _done(case, 5, "HOSPITAL_SELECTION")
        await move(case, state, details={"position": position})
        await tell(case, "second_opinion.hospital_selected", "VENDOR")
        return case.subject

    return Work(found, write)


# The papers


@dataclass(frozen=True, slots=True)
class Papers:
    documents: tuple[HandedIn, ...]
    not_applicable: Mapping[str, str]  # kind → why the patient has none
    needs_scan: bool


async def submit(transaction: Transaction, operation: str, *, booking: str, papers: Papers) -> Work:
    """All papers for the expert. What was missing is handed in with the rest, and the review looks at it anew."""
    if len(papers.documents) > MOST_PAPERS:
        raise bad_input(f"At most {MOST_PAPERS} papers.", "input", "documents")
    reasons = {kind: inputs.text(why, "input", "notApplicable") for kind, why in papers.not_applicable.items()}
    case = await locked(transaction, booking, "submitDocuments")
    given = await handed_in(transaction.connection, case.policy_id, papers.documents)
    opinion = Opinion(stage="DOCS_SUBMITTED", not_applicable=frozenset(reasons), needs_scan=papers.needs_scan)
    found = replace(_facts(case, operation, opinion), papers=given)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = only_state(found)
        await details(case, not_applicable=reasons, needs_scan=papers.needs_scan)
        await link_papers(transaction, case.subject, [paper.document for paper in papers.documents])
        await _done(case, 6, "DOCUMENTS")
        await move(case, state, details={"kinds": sorted({paper.kind for paper in given})})
        await tell(case, "second_opinion.documents_submitted", "VENDOR")
        return case.subject

    return Work(found, write)


def _facts(case: Case, operation: str, opinion: Opinion) -> Facts:
    return replace(case_facts(case, operation), opinion=opinion, paths=PATHS)


async def _done(case: Case, position: int, stage: str, note: str | None = None, paper: Any = None) -> None:
    await rows.note_stage(
        case.transaction.writes,
        **key(case),
        position=position,
        stage=stage,
        note=note,
        document_id=paper,
        actor=case.context.viewer.principal,
        now=case.context.now,
    )
