"""Claims after the visit are filed."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.repositories import claims as rows
from gateway.repositories import writes
from gateway.repositories.preauths import lock_cover
from gateway.resolvers import cases, claim_cases
from gateway.resolvers.acknowledgements import keep_acknowledgements
from gateway.resolvers.claim_asking import PATHS, Asked, facts_of, insured_named, looked_up, policy_named
from gateway.resolvers.claim_filings import Filing, Line, account_columns, clean
from gateway.resolvers.claim_papers import handed_in, write_papers
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

CATEGORIES = {
    "PUBLIC_OUTPATIENT": "OUTPATIENT",
    "PUBLIC_INPATIENT": "INPATIENT",
    "INTERNET_PRESCRIPTION": "PRESCRIPTION",
    "VACCINE": "VACCINE",
}


async def submit(transaction: Transaction, operation: str, filing: Filing) -> Work:
    """Look at days and invoices under the lock of the insured's cover, and gather the facts."""
    context, connection = transaction.context, transaction.connection
    policy = await policy_named(context, connection, operation, filing)
    insured = insured_named(context, policy, filing.insured)
    filing = clean(context, filing)
    papers, copies = await handed_in(connection, policy["policy_id"], filing.papers)
    await lock_cover(connection, policy["policy_id"], insured.id)
    asked = await looked_up(context, connection, policy, insured, filing, copies)
    found = facts_of(context, operation, asked)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        return await _write(transaction, operation, asked, papers, verdicts)

    return Work(found, write)


async def _write(
    transaction: Transaction,
    operation: str,
    asked: Asked,
    papers: Mapping[tuple[str, str], uuid.UUID],
    verdicts: Sequence[Verdict],
) -> Subject:
    context, filing, claim = transaction.context, asked.filing, asked.claim
    subject = Subject(asked.policy["policy_id"], new_id())
    waits = claim.channel == "MAIL_ORIGINALS"
    needed = claim_cases.papers_of(context, asked.policy["product_code"], claim)
    is_complete = not waits and all(paper.is_among(claim.papers) for paper in needed if paper.is_required)
    row = {
        "policy_id": subject.policy_id,
        "id": subject.id,
        "number": new_number("CL", context.now),
        "product_code": asked.policy["product_code"],
        "kind": claim.kind,
        "channel": claim.channel,
        "state": "AWAITING_ORIGINALS" if waits else "SUBMITTED",
        "insured_id": asked.insured.id,
        "vendor_code": context.viewer.vendor or (_addressee(context, asked) if waits else None),
        "asked_amount": claim.amount,
        "is_emergency": claim.is_emergency,
        "is_follow_up": claim.is_follow_up,
        "has_surgery": claim.has_surgery,
        "third_party_settled": claim.is_third_party_settled,
        "is_preauth_missing": False,
        "revision": 0,
        "documents_complete_at": context.now if is_complete else None,
        "is_demo": asked.policy["is_demo"],
        "created_at": context.now,
        "updated_at": context.now,
        **account_columns(context, filing.account, asked.insured.name),
    }
    await cases.begin(transaction, cases.CLAIM, row, "submit")
    await _write_visits(transaction, subject, asked, _refusal(verdicts))
    await write_papers(transaction, subject, papers, needed)
    missing = [paper for paper in needed if paper.is_required and not paper.is_among(claim.papers)]
    await rows.want_papers(
        transaction.writes, subject.policy_id, subject.id, {paper.kind: paper.rule for paper in missing}
    )
    await keep_acknowledgements(transaction, operation, subject, verdicts)
    if is_complete:
        await claim_cases.start_clocks(transaction, row, claim_cases.COMPLETE)
    await _tell(transaction, row, verdicts)
    return subject


def _addressee(context: Context, asked: Asked) -> str | None:
    """Whom the handbook has originals sent to, where it is a company of its own."""
    rules = context.services.rulebook.governing(claim_cases.SUBMIT, asked.policy["product_code"], "")
    named = [rule.parameters.get("vendor") for rule, check in rules if check.__name__ == "originals_posted"]
    return next(iter(named), None)


def _refusal(verdicts: Sequence[Verdict]) -> Exception:
    """The no of the database to an invoice that another claim has just taken, as the verdict of its rule."""
    for verdict in verdicts:
        if verdict.check == "invoice_free":
            late = Verdict(verdict.rule, Status.REFUSED, PATHS["visits"], {"invoices": ""}, check=verdict.check)
            return RefusedByDatabase(late)
    return RuntimeError("an invoice was refused that no rule limits")


async def _write_visits(transaction: Transaction, subject: Subject, asked: Asked, refusal: Exception) -> None:
    lines: list[dict[str, Any]] = []
    for place, visit in enumerate(asked.filing.visits, 1):
        key = {"policy_id": subject.policy_id, "claim_id": subject.id}
        visit_id = new_id()
        row = {
            **key,
            "id": visit_id,
            "position": place,
            "hospital_code": visit.hospital,
            "department_class": visit.department_class,
            "visited_on": visit.visited_on,
            "discharged_on": visit.discharged_on,
            "amount": visit.amount,
        }
        await writes.insert(transaction.writes, "claim_visits", row)
        invoice = {
            **key,
            "id": new_id(),
            "visit_id": visit_id,
            "code": visit.invoice_code,
            "number": visit.invoice_number,
            "amount": visit.amount,
            "is_marked": visit.is_invoice_marked,
        }
        await rows.take_invoice(transaction.writes, f"invoice{place}", invoice, refusal=refusal)
        for line in visit.lines or (Line(CATEGORIES[asked.claim.kind], visit.invoice_number or "", visit.amount),):
            made = {
                **key,
                "id": new_id(),
                "visit_id": visit_id,
                "position": len(lines) + 1,
                "category": line.category,
                "name": line.name,
                "asked": line.amount,
            }
            lines.append(made)
    await writes.insert_all(transaction.writes, "claim_lines", lines)


async def _tell(transaction: Transaction, row: Mapping[str, Any], verdicts: Sequence[Verdict]) -> None:
    """The insurer hears of the claim, and of every rule that people must judge."""
    subject = Subject(row["policy_id"], row["id"])
    payload = {"claim": ids.encode("claim", subject.policy_id, subject.id)}
    await cases.tell(transaction, "claim.submitted", "STAFF", subject, 1, payload)
    open_rules = [item.rule for item in verdicts if item.status is Status.UNKNOWN or _is_for_people(item)]
    if open_rules:
        told = {**payload, "rules": list(dict.fromkeys(open_rules))}
        await cases.tell(transaction, "claim.review_needed", "STAFF", subject, 1, told)


def _is_for_people(verdict: Verdict) -> bool:
    return verdict.status is Status.WARNED and verdict.check == "public_hospital"
