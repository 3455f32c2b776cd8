"""The end of an advance: the claim that the vendor files for the client, the settlement, and what is paid back."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import advances as rows
from gateway.repositories import writes
from gateway.resolvers import advance_cases as stays
from gateway.resolvers import advance_papers, cases, inputs
from gateway.resolvers.advance_cases import Case
from gateway.resolvers.advance_debts import owe
from gateway.resolvers.advance_papers import Handed
from gateway.resolvers.advance_steps import end_payment
from gateway.resolvers.claim_filings import invoice_of
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.validation.civil_time import civil_day
from gateway.validation.verdict import Verdict
from models.base import new_id

STAY = "住院费用"
"""What the one line of such a claim is called, until somebody itemizes it."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What the stay has cost, as its invoice says."""

    advance: str
    discharged_on: dt.date
    amount: Decimal
    invoice_number: str
    invoice_code: str | None
    documents: tuple[Handed, ...]


async def file_claim(transaction: Transaction, operation: str, filing: Filing) -> Work:
    """The vendor files the client's claim, which is tied to the advance; the signed mandate entitles it to."""
    amount = stays.positive(inputs.amount(filing.amount, "input", "amount"), "input", "amount")
    number = invoice_of(inputs.required(filing.invoice_number, "input", "invoiceNumber"), "input", "invoiceNumber")
    given = inputs.name(filing.invoice_code, "input", "invoiceCode")
    code = "" if given is None else invoice_of(given, "input", "invoiceCode")
    case = await stays.locked(transaction, filing.advance)
    policy_id, connection = case.row["policy_id"], transaction.connection
    _check_discharge(case, filing.discharged_on)
    handed, given = await advance_papers.papers_given(connection, policy_id, filing.documents)
    found = stays.step_facts(case, operation, "fileClaim", papers=given, discharge_on=filing.discharged_on)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = stays.state_after(found)
        if await rows.claim_of(connection, policy_id, case.row["id"]) is not None:
            raise bad_input("A claim for this stay has been filed already.", "input", "advance")
        if await rows.is_invoice_claimed(connection, policy_id, code, number):
            raise bad_input("This invoice is in another claim already.", "input", "invoiceNumber")
        claim = Subject(policy_id, new_id())
        await cases.begin(transaction, cases.CLAIM, _claim(case, claim, amount), "submit")
        await _write_stay(case, claim, filing, amount, (code, number))
        papers = [(document, kind) for document, kind, _ in case.row["papers"]] + handed
        await _write_papers(case, claim, papers)
        await advance_papers.link_papers(transaction, case.subject, handed)
        await stays.move(case, found, state, discharged_on=filing.discharged_on)
        await stays.tell(case, "advance.claim_filed", "STAFF")
        return case.subject

    return Work(found, write)


async def settle(
    transaction: Transaction, operation: str, *, advance: str, is_covered: bool, reason: str | None
) -> Work:
    """What was paid against what the claim pays, to the cent; the rest is owed back. Where the stay turns out not to be
    covered, that is all of it."""
    why = inputs.text(reason, "input", "reason")
    case = await stays.locked(transaction, advance)
    claim = await rows.claim_of(transaction.connection, case.row["policy_id"], case.row["id"])
    adjudicated = _adjudicated(case, claim, is_covered=is_covered, why=why)
    found = stays.step_facts(case, operation, "settle", adjudicated=adjudicated, is_covered=is_covered)
    paid: Decimal = case.row["paid_amount"]
    covered = min(paid, adjudicated or Decimal(0))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = stays.state_after(found)
        if adjudicated is None:
            raise bad_input("The claim for this stay has not been decided yet.", "input", "advance")
        await end_payment(case, "CANCELLED")
        if paid > covered:
            is_refused = not is_covered or (claim is not None and claim["outcome"] == "REFUSED")
            await owe(transaction, case.row, paid - covered, is_refused=is_refused)
        await stays.move(
            case,
            found,
            state,
            reason=why,
            settled_at=case.context.now,
            adjudicated_amount=adjudicated,
            covered_amount=covered,
            repayable_amount=paid - covered,
        )
        await stays.tell(case, "advance.settled", "CUSTOMER")
        return case.subject

    return Work(found, write)


def _check_discharge(case: Case, day: dt.date) -> None:
    stays.near(day, civil_day(case.context.now), "input", "dischargedOn")
    if day < case.row["admitted_on"]:
        raise bad_input(f"Expected a day from {case.row['admitted_on']} on.", "input", "dischargedOn")


def _adjudicated(case: Case, claim: Mapping[str, Any] | None, *, is_covered: bool, why: str | None) -> Decimal | None:
    """What the claim's decision in force pays; nothing, where the insurer says that the stay is not covered."""
    if is_covered:
        return None if claim is None else claim["paid"]
    if case.context.viewer.kind is not ViewerKind.STAFF:
        raise Fault(Code.FORBIDDEN, "That a stay is not covered is for the insurer to say.", missingScopes=[])
    inputs.required(why, "input", "reason")
    if claim is not None and claim["paid"]:
        raise bad_input(f"The claim's decision grants {claim['paid']}: correct that first.", "input", "isCovered")
    return Decimal(0)


def _claim(case: Case, claim: Subject, amount: Decimal) -> dict[str, Any]:
    row, context = case.row, case.context
    return {
        "policy_id": claim.policy_id,
        "id": claim.id,
        "number": new_number("CLM", context.now),
        "product_code": row["product_code"],
        "kind": "ADVANCE_SETTLEMENT",
        "state": "SUBMITTED",
        "insured_id": row["insured_id"],
        "vendor_code": row["vendor_code"],
        "advance_id": row["id"],
        "asked_amount": amount,
        "is_emergency": False,
        "has_surgery": False,
        "third_party_settled": False,
        "is_preauth_missing": False,
        "documents_complete_at": context.now,
        "revision": 0,
        "is_demo": row["is_demo"],
        "created_at": context.now,
        "updated_at": context.now,
    }


async def _write_stay(case: Case, claim: Subject, filing: Filing, amount: Decimal, invoice: tuple[str, str]) -> None:
    waiting, of_claim = case.transaction.writes, {"policy_id": claim.policy_id, "claim_id": claim.id}
    visit = new_id()
    stay = {
        "id": visit,
        "position": 1,
        "hospital_code": case.row["hospital_code"],
        "visited_on": case.row["admitted_on"],
        "discharged_on": filing.discharged_on,
        "amount": amount,
    }
    code, number = invoice
    paper = {"id": new_id(), "visit_id": visit, "code": code, "number": number, "amount": amount, "is_marked": False}
    line = {"id": new_id(), "visit_id": visit, "position": 1, "category": "INPATIENT", "name": STAY, "asked": amount}
    await writes.insert(waiting, "claim_visits", of_claim | stay)
    await writes.insert(waiting, "claim_invoices", of_claim | paper)
    await writes.insert(waiting, "claim_lines", of_claim | line)


async def _write_papers(case: Case, claim: Subject, papers: Sequence[tuple[uuid.UUID, str]]) -> None:
    for document, kind in papers:
        row = {
            "policy_id": claim.policy_id,
            "id": new_id(),
            "claim_id": claim.id,
            "kind": kind,
            "is_required": False,
            "document_id": document,
            "state": "PROVIDED",
        }
        await writes.insert(case.transaction.writes, "claim_documents", row)
