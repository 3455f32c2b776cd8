"""Papers of a claim after it was filed: asked for in one go while deadlines rest, and handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import claims as rows
from gateway.repositories import writes
from gateway.resolvers import cases, claim_cases, claim_papers, inputs
from gateway.resolvers.claim_cases import step_facts, subject_of
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import HandedIn
from gateway.validation.verdict import Verdict
from models.base import new_id

MOST_KINDS = 30


async def add_documents(transaction: Transaction, operation: str, *, claim: str, papers: Sequence[HandedIn]) -> Work:
    """Papers that come later; once all that were asked for are there, the claim goes on."""
    context = transaction.context
    row = await claim_cases.locked(transaction, claim)
    if not papers:
        raise bad_input("Expected at least one document.", "input", "documents")
    given, copies = await claim_papers.handed_in(transaction.connection, row["policy_id"], papers)
    filed = replace(claim_cases.as_filed(context, row, [paper.kind for paper in papers]), copies=copies)
    is_answer = row["supplement"] is not None and set(row["supplement"][1]) <= _answered(row, papers)
    command = "supplement" if is_answer else "addDocuments"
    found = step_facts(context, operation, row, command, claim=filed)
    needed = claim_cases.papers_of(context, row["product_code"], filed)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = subject_of(row)
        kinds = [paper.kind for paper in needed if paper.is_among(filed.papers)]
        await rows.clear_missing(
            transaction.writes, subject.policy_id, subject.id, [*kinds, *(paper.kind for paper in papers)]
        )
        await claim_papers.write_papers(transaction, subject, given, needed)
        changes: dict[str, Any] = {}
        if _is_complete(row, filed.papers, needed, is_answer=is_answer):
            changes["documents_complete_at"] = context.now
        if is_answer:
            await _answer(transaction, row, is_complete=bool(changes))
        elif changes:
            await claim_cases.start_clocks(transaction, row, claim_cases.COMPLETE)
        to_state = _after(row, command)
        await cases.move(transaction, cases.CLAIM, row, command, to_state, **changes)
        await claim_cases.tell(transaction, row, "claim.documents_added", "STAFF")
        return subject

    return Work(found, write)


def _answered(row: Mapping[str, Any], papers: Sequence[HandedIn]) -> set[str]:
    """Kinds that are there. What is asked for never was there at that time."""
    return set(row["papers"]) | {paper.kind for paper in papers}


def _is_complete(row: Mapping[str, Any], papers: frozenset[str], needed: Sequence[Any], *, is_answer: bool) -> bool:
    """Whether this is the moment at which nothing is lacking any more."""
    if row["documents_complete_at"] is not None or (row["supplement"] is not None and not is_answer):
        return False
    has_originals = row["channel"] != "MAIL_ORIGINALS" or row["originals_received_at"] is not None
    return has_originals and all(paper.is_among(papers) for paper in needed if paper.is_required)


def _after(row: Mapping[str, Any], command: str) -> str:
    if command != "supplement":
        return row["state"]
    waits = row["channel"] == "MAIL_ORIGINALS" and row["originals_received_at"] is None
    return "AWAITING_ORIGINALS" if waits else "UNDER_REVIEW"


async def _answer(transaction: Transaction, row: Mapping[str, Any], *, is_complete: bool) -> None:
    """The question is closed. Deadlines that ran go on where they rested; else they begin with complete papers."""
    _, _, asked_at = row["supplement"]
    await rows.close_supplement(
        transaction.writes, row["policy_id"], row["supplement"][0], "ANSWERED", transaction.context.now
    )
    if not await claim_cases.resume_clocks(transaction, row, asked_at) and is_complete:
        await claim_cases.start_clocks(transaction, row, claim_cases.COMPLETE)


async def request_supplement(
    transaction: Transaction,
    operation: str,
    *,
    claim: str,
    kinds: Sequence[str],
    rejected: Sequence[str],
    note: str | None,
) -> Work:
    """All that is lacking, in one go, while the deadlines rest. What was handed in and does not serve is rejected with
    the note as its reason; what was rejected before, and has not come again, is asked for as well."""
    context = transaction.context
    said = inputs.text(note, "input", "note")
    row = await claim_cases.locked(transaction, claim)
    named = [*_kinds(kinds, "kinds"), *_kinds(rejected, "rejected")]
    asked = list(dict.fromkeys([*named, *row["rejected_papers"]]))
    if not 1 <= len(asked) <= MOST_KINDS:
        raise bad_input(f"Expected 1 to {MOST_KINDS} kinds of papers.", "input", "kinds")
    _check_rejected(row, kinds, rejected)
    reason = inputs.required(said, "input", "note") if rejected else said
    found = step_facts(context, operation, row, "requestSupplement")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = subject_of(row)
        supplement = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "claim_id": subject.id,
            "kinds": asked,
            "note": said,
            "state": "OPEN",
            "requested_by": context.viewer.principal,
            "requested_at": context.now,
        }
        await writes.insert(transaction.writes, "claim_supplements", supplement)
        if rejected:
            await rows.judge_papers(
                transaction.writes,
                subject.policy_id,
                subject.id,
                kinds=rejected,
                state="REJECTED",
                reason=reason,
                actor=context.viewer.principal,
                now=context.now,
            )
        await rows.want_papers(transaction.writes, subject.policy_id, subject.id, dict.fromkeys(asked))
        await claim_cases.rest_clocks(transaction, row)
        await cases.move(
            transaction,
            cases.CLAIM,
            row,
            "requestSupplement",
            "SUPPLEMENT_REQUESTED",
            reason=said,
            details={"kinds": asked},
            documents_complete_at=None,
        )
        await claim_cases.tell(transaction, row, "claim.supplement_requested")
        return subject

    return Work(found, write)


def _check_rejected(row: Mapping[str, Any], kinds: Sequence[str], rejected: Sequence[str]) -> None:
    unknown = set(rejected) - set(row["papers"])
    if unknown:
        raise bad_input(f"Nothing of this kind was handed in: {', '.join(sorted(unknown))}.", "input", "rejected")
    there = (set(kinds) - set(rejected)) & set(row["papers"])
    if there:
        raise bad_input(
            f"Handed in already, to be rejected if it does not serve: {', '.join(sorted(there))}.", "input", "kinds"
        )


def _kinds(given: Sequence[str], field: str) -> list[str]:
    for kind in given:
        if not claim_papers.PAPER_KIND.match(kind):
            raise bad_input("Expected kinds in capital letters, such as INVOICE.", "input", field)
    return list(given)
