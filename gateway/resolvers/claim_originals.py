"""Originals that come by mail: the parcel is announced, and it arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.context import Context
from gateway.faults import bad_input
from gateway.repositories import claims as rows
from gateway.repositories import writes
from gateway.resolvers import cases, claim_cases, inputs
from gateway.resolvers.claim_cases import step_facts, subject_of
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts, Parcel
from gateway.validation.verdict import Verdict
from models.base import new_id

LONGEST_TRACKING = 40
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
