"""What clients do with an advance, and the vendor who speaks with them: contact, papers, signature, top-up, discharge,
and calling it off."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import advances as rows
from gateway.repositories import grants, writes
from gateway.resolvers import advance_cases as stays
from gateway.resolvers import advance_papers, inputs
from gateway.resolvers.acknowledgements import keep_acknowledgements
from gateway.resolvers.advance_cases import Case
from gateway.resolvers.advance_papers import Handed
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.civil_time import civil_day
from gateway.validation.guardians import consent_is_given_by
from gateway.validation.verdict import Status, Verdict

DOCTOR_CONTACT = "advances.doctor_contact"
SUBMITTING = {"REQUESTED": "submitDocuments", "PAID": "collect", "DISCHARGE_NOTIFIED": "collect"}
"""Papers for the review, papers for the claim; in between they are added to what is being reviewed."""


@dataclass(frozen=True, slots=True)
class Papers:
    advance: str
    documents: tuple[Handed, ...]
    is_complete: bool
    is_force_majeure: bool
    attending_doctor_contact: str | None


@dataclass(frozen=True, slots=True)
class Signature:
    advance: str
    documents: tuple[Handed, ...]
    is_confirmed: bool
    acknowledged: tuple[str, ...]


async def record_contact(
    transaction: Transaction,
    operation: str,
    *,
    advance: str,
    is_confirmed: bool,
    visit_on: dt.date | None,
    note: str | None,
) -> Work:
    """Somebody has spoken with the client: who it is, the illness, and whether and when a visit is wanted."""
    said = inputs.text(note, "input", "note")
    if visit_on is not None:
        stays.near(visit_on, civil_day(transaction.context.now), "input", "visitOn")
    case = await stays.locked(transaction, advance)
    found = stays.step_facts(case, operation, "contact")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        changes: dict[str, Any] = {"confirmed_at": case.row["confirmed_at"] or case.context.now} if is_confirmed else {}
        await stays.move(case, found, stays.state_after(found), reason=said, day=visit_on, **changes)
        return case.subject

    return Work(found, write)


async def submit_documents(transaction: Transaction, operation: str, papers: Papers) -> Work:
    """Papers are taken whatever is missing still; once they are complete, the review begins."""
    contact = inputs.text(papers.attending_doctor_contact, "input", "attendingDoctorContact")
    if not papers.documents and contact is None and not papers.is_force_majeure:
        raise bad_input("Name at least one paper.", "input", "documents")
    case = await stays.locked(transaction, papers.advance)
    row = case.row
    handed, given = await advance_papers.papers_given(transaction.connection, row["policy_id"], papers.documents)
    command = SUBMITTING.get(row["state"], "addDocuments")
    has_contact = contact is not None or row["doctor_contact_encrypted"] is not None
    found = stays.step_facts(
        case,
        operation,
        command,
        papers=given,
        is_force_majeure=papers.is_force_majeure,
        has_doctor_contact=has_contact,
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        is_short = any(item.check == "papers_complete" and item.status is Status.WARNED for item in verdicts)
        is_complete = papers.is_complete and not is_short and bool(found.papers)
        state = stays.state_after(found, "UNDER_REVIEW" if is_complete else "REQUESTED")
        changes: dict[str, Any] = {}
        if contact is not None:
            changes["doctor_contact_encrypted"] = case.context.services.vault.seal(contact, DOCTOR_CONTACT)
        if command == "submitDocuments" and is_complete:
            changes["documents_complete_at"] = case.context.now
        await advance_papers.link_papers(transaction, case.subject, handed)
        is_timed = is_complete and command != "addDocuments"
        await stays.move(case, found, state, is_timed=is_timed, **changes)
        if is_complete:
            await stays.tell(case, "advance.documents", "VENDOR")
        return case.subject

    return Work(found, write)


async def sign(transaction: Transaction, operation: str, signature: Signature) -> Work:
    """The client entrusts the vendor. Who signs for it is of age, or speaks for the insured."""
    case = await stays.locked(transaction, signature.advance)
    await _check_signer(case)
    handed, given = await advance_papers.papers_given(
        transaction.connection, case.row["policy_id"], signature.documents
    )
    is_confirming = signature.is_confirmed or transaction.context.viewer.kind is ViewerKind.CUSTOMER
    found = stays.step_facts(
        case,
        operation,
        "sign",
        acknowledged=signature.acknowledged,
        papers=given,
        is_confirming=is_confirming,
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        now = case.context.now
        await advance_papers.link_papers(transaction, case.subject, handed)
        await _keep_agreements(case, operation, verdicts)
        confirmed_at = case.row["confirmed_at"] or (now if is_confirming else None)
        await stays.move(case, found, stays.state_after(found), signed_at=now, confirmed_at=confirmed_at)
        await stays.tell(case, "advance.signed", "VENDOR")
        return case.subject

    return Work(found, write)


async def top_up(transaction: Transaction, operation: str, *, advance: str, amount: Decimal) -> Work:
    """More for the same stay; it takes no further use. One payment of a stay is open at a time."""
    more = stays.positive(inputs.amount(amount, "input", "amount"), "input", "amount")
    case = await stays.locked(transaction, advance)
    found = stays.step_facts(case, operation, "topUp", total=case.row["paid_amount"] + more)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = stays.state_after(found)
        if case.payment is not None:
            raise bad_input("A payment of this stay is still open: wait until it has been made.", "input", "advance")
        row = stays.payment_row(case.row, case.context.now, seq=case.row["last_seq"] + 1, kind="TOP_UP", amount=more)
        await writes.insert(transaction.writes, "advance_payments", row)
        await stays.move(case, found, state)
        await stays.tell(case, "advance.top_up", "VENDOR")
        return case.subject

    return Work(found, write)


async def notify_discharge(
    transaction: Transaction, operation: str, *, advance: str, discharge_on: dt.date, acknowledged: tuple[str, ...]
) -> Work:
    """The day on which the insured leaves. A late notice has no deadline on the day itself to keep."""
    stays.near(discharge_on, civil_day(transaction.context.now), "input", "dischargeOn")
    case = await stays.locked(transaction, advance)
    if discharge_on < case.row["admitted_on"]:
        raise bad_input(f"Expected a day from {case.row['admitted_on']} on.", "input", "dischargeOn")
    found = stays.step_facts(case, operation, "notifyDischarge", acknowledged=acknowledged, discharge_on=discharge_on)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        is_late = any(item.check == "told_before_discharge" and item.status is Status.WARNED for item in verdicts)
        await _keep_agreements(case, operation, verdicts)
        await stays.move(
            case,
            found,
            stays.state_after(found),
            details={"late": is_late},
            is_timed=not is_late,
            day=discharge_on,
            discharged_on=discharge_on,
            discharge_notified_at=case.context.now,
        )
        await stays.tell(case, "advance.discharge", "VENDOR")
        return case.subject

    return Work(found, write)


async def cancel(transaction: Transaction, operation: str, *, advance: str, reason: str | None) -> Work:
    """Before any money has flowed the use goes back, and the stay may be asked for again. The vendor calls."""
    why = inputs.text(reason, "input", "reason")
    case = await stays.locked(transaction, advance, with_account=True)
    found = stays.step_facts(case, operation, "cancel")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = stays.state_after(found)
        await drop(case, "CANCELLED", "cancelled")
        await stays.move(case, found, state, reason=why, released_at=case.context.now)
        await stays.tell(case, "advance.cancelled", "VENDOR")
        return case.subject

    return Work(found, write)


async def drop(case: Case, payment_state: str, why: str) -> None:
    """What was still to be paid is not, and the use of the stay goes back."""
    await end_payment(case, payment_state)
    if case.ledger is not None:
        await case.ledger.release(rows.SUBJECT, case.row["id"], reason=why)


async def end_payment(case: Case, state: str) -> None:
    if case.payment is not None:
        key = {"policy_id": case.row["policy_id"], "id": case.payment.id}
        await writes.update(case.transaction.writes, "advance_payments", key, {"state": state})


async def _keep_agreements(case: Case, operation: str, verdicts: Sequence[Verdict]) -> None:
    """What the client agrees to in this step; what it agreed to before is kept already."""
    new = [verdict for verdict in verdicts if verdict.rule not in case.row["acknowledged"]]
    await keep_acknowledgements(case.transaction, operation, case.subject, new)


async def _check_signer(case: Case) -> None:
    viewer, row = case.context.viewer, case.row
    if viewer.kind is not ViewerKind.CUSTOMER:
        return
    insured = await grants.insured(case.transaction.connection, row["policy_id"], row["insured_id"])
    roles = viewer.roles_on(row["policy_id"], row["insured_id"])
    today = civil_day(case.context.now)
    if (
        insured is None
        or consent_is_given_by(roles, insured["birth_on"], today, is_holder=insured["is_holder"]) is None
    ):
        raise Fault(
            Code.FORBIDDEN,
            "This is not yours to sign: the insured signs it, an agent with papers, or for a minor a guardian.",
            missingScopes=[],
        )
