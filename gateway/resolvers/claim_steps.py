"""Steps of a claim before its decision: papers, parcels, review, questions, another account, and its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.context import Context
from gateway.faults import bad_input
from gateway.repositories import claims as rows
from gateway.repositories import writes
from gateway.resolvers import cases, claim_cases, claim_filings, claim_papers, guarantee_draws, inputs
from gateway.resolvers.claim_cases import step_facts, subject_of
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import HandedIn
from gateway.validation.facts import Facts, Parcel
from gateway.validation.verdict import Verdict
from models.base import new_id

MOST_KINDS = 30
LONGEST_TRACKING = 40
ENDED = {"withdraw": "the claim was withdrawn", "closeIncomplete": "the claim was closed without its papers"}
PLACES = {"id_number": "claim_shipments.id_number", "phone": "claim_shipments.phone"}
MEMBER = {"id_number": "policy_members.id_number", "phone": "policy_members.phone"}


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel as its sender tells of it."""

    tracking_number: str | None
    carrier: str | None
    is_prepaid: bool
    insured_name: str | None
    id_number: str | None
    phone: str | None


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


# Parcels


async def register_shipment(transaction: Transaction, operation: str, *, claim: str, shipment: Shipment) -> Work:
    """A parcel of originals is on its way. Where the handbook leaves it open whose data go with it, the policy's do."""
    context = transaction.context
    sent = _clean(shipment)
    row = await claim_cases.locked(transaction, claim)
    told = {
        "trackingNumber": sent.tracking_number,
        "insuredName": sent.insured_name,
        "idNumber": sent.id_number,
        "phone": sent.phone,
    }
    parcel = Parcel(sent.is_prepaid, tuple(field for field, value in told.items() if value is None))
    found = step_facts(context, operation, row, "ship", parcel=parcel)
    _require(context, found, sent)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = subject_of(row)
        parcel = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "claim_id": subject.id,
            "carrier": sent.carrier,
            "tracking_number": sent.tracking_number,
            "is_prepaid": sent.is_prepaid,
            "contact_name": sent.insured_name or row["insured_name"],
            "registered_at": context.now,
            **_sealed(context, row, sent),
        }
        await writes.insert(transaction.writes, "claim_shipments", parcel)
        await cases.move(transaction, cases.CLAIM, row, "ship", row["state"])
        await claim_cases.tell(transaction, row, "claim.shipped", "STAFF")
        return subject

    return Work(found, write)


def _clean(shipment: Shipment) -> Shipment:
    tracking = inputs.name(shipment.tracking_number, "input", "trackingNumber")
    if tracking is not None and len(tracking) > LONGEST_TRACKING:
        raise bad_input(f"At most {LONGEST_TRACKING} characters.", "input", "trackingNumber")
    number = shipment.id_number
    return Shipment(
        tracking_number=tracking,
        carrier=inputs.name(shipment.carrier, "input", "carrier"),
        is_prepaid=shipment.is_prepaid,
        insured_name=inputs.name(shipment.insured_name, "input", "insuredName"),
        id_number=inputs.id_number("OTHER", number, "input", "idNumber") if number and number.strip() else None,
        phone=inputs.phone(shipment.phone, "input", "phone"),
    )


def _require(context: Context, found: Facts, sent: Shipment) -> None:
    """What no clause of the product asks for and nobody can do without."""
    governing = context.services.rulebook.governing(found.operation, found.product, found.service)
    asked = {check.__name__ for _, check in governing}
    if "parcel_told" not in asked:
        inputs.required(sent.tracking_number, "input", "trackingNumber")
    if "parcel_prepaid" not in asked and not sent.is_prepaid:
        raise bad_input("Only a parcel that is paid for can be registered.", "input", "isPrepaid")


def _sealed(context: Context, row: Mapping[str, Any], sent: Shipment) -> dict[str, Any]:
    vault = context.services.vault
    number = sent.id_number or vault.open(row["id_number_encrypted"], MEMBER["id_number"])
    phone = sent.phone or (row["phone_encrypted"] and vault.open(row["phone_encrypted"], MEMBER["phone"]))
    if phone is None:
        raise bad_input("The policy knows no phone of the insured: say whom to call.", "input", "phone")
    return {
        "id_number_encrypted": vault.seal(number, PLACES["id_number"]),
        "id_number_hash": vault.fingerprint("ID_NUMBER", number),
        "id_number_last4": number[-4:],
        "phone_encrypted": vault.seal(phone, PLACES["phone"]),
        "phone_last4": phone[-4:],
    }


async def receive_originals(transaction: Transaction, operation: str, *, claim: str) -> Work:
    """The parcel is there; if nothing else is missing, the deadlines begin."""
    context = transaction.context
    row = await claim_cases.locked(transaction, claim)
    found = step_facts(context, operation, row, "receiveOriginals")
    needed = claim_cases.papers_of(context, row["product_code"], claim_cases.as_filed(context, row))
    is_complete = all(paper.is_among(frozenset(row["papers"])) for paper in needed if paper.is_required)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = subject_of(row)
        await rows.arrived(transaction.writes, subject.policy_id, subject.id, context.now)
        changes: dict[str, Any] = {"documents_complete_at": context.now} if is_complete else {}
        await cases.move(
            transaction,
            cases.CLAIM,
            row,
            "receiveOriginals",
            "UNDER_REVIEW",
            originals_received_at=context.now,
            **changes,
        )
        if is_complete:
            await claim_cases.start_clocks(transaction, row, claim_cases.COMPLETE)
        await claim_cases.tell(transaction, row, "claim.originals_received")
        return subject

    return Work(found, write)


# Review


async def review(transaction: Transaction, operation: str, *, claim: str) -> Work:
    row = await claim_cases.locked(transaction, claim)
    found = step_facts(transaction.context, operation, row, "review")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await cases.move(transaction, cases.CLAIM, row, "review", "UNDER_REVIEW")
        return subject_of(row)

    return Work(found, write)


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
    the note as its reason."""
    context = transaction.context
    said = inputs.text(note, "input", "note")
    row = await claim_cases.locked(transaction, claim)
    asked = list(dict.fromkeys([*_kinds(kinds, "kinds"), *_kinds(rejected, "rejected")]))
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


# Ends, and another account


async def withdraw(transaction: Transaction, operation: str, *, claim: str, reason: str | None) -> Work:
    return await _end(transaction, operation, claim, "withdraw", "WITHDRAWN", inputs.text(reason, "input", "reason"))


async def close(transaction: Transaction, operation: str, *, claim: str, reason: str) -> Work:
    """Papers that were asked for never came. The invoices are free again, for another claim."""
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    return await _end(transaction, operation, claim, "closeIncomplete", "CLOSED_INCOMPLETE", why)


async def _end(
    transaction: Transaction, operation: str, claim: str, command: str, state: str, reason: str | None
) -> Work:
    context = transaction.context
    row = await claim_cases.locked(transaction, claim)
    found = step_facts(context, operation, row, command)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = subject_of(row)
        await rows.release_invoices(transaction.writes, subject.policy_id, subject.id, context.now)
        if row["supplement"] is not None:
            ending = "WITHDRAWN" if command == "withdraw" else "OVERDUE"
            await rows.close_supplement(
                transaction.writes, subject.policy_id, row["supplement"][0], ending, context.now
            )
        await claim_cases.rest_clocks(transaction, row)
        await guarantee_draws.return_all(transaction, row, ENDED[command])
        await cases.move(transaction, cases.CLAIM, row, command, state, reason=reason)
        audience = "STAFF" if command == "withdraw" else "CUSTOMER"
        await claim_cases.tell(transaction, row, f"claim.{state.lower()}", audience)
        return subject

    return Work(found, write)


async def change_account(
    transaction: Transaction, operation: str, *, claim: str, account: claim_filings.Account
) -> Work:
    """Another account to pay to, such as after a payment that failed."""
    context = transaction.context
    given = claim_filings.clean_account(account)
    missing = claim_filings.missing_of(given)
    if missing:
        raise bad_input("This field must not be empty.", "input", "bankAccount", missing[0])
    row = await claim_cases.locked(transaction, claim)
    if row["card_id"] is not None:
        raise bad_input("This claim is not paid to the client.", "input", "claim")
    if any(payment[3] == "ORDERED" for payment in row["payments"]):
        raise bad_input("A payment to the present account is under way.", "input", "claim")
    found = step_facts(context, operation, row, "changeAccount")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        changed = claim_filings.account_columns(context, given, row["insured_name"])
        await cases.move(transaction, cases.CLAIM, row, "changeAccount", row["state"], **changed)
        return subject_of(row)

    return Work(found, write)
