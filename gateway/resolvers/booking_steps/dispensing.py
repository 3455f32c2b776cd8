"""A listed drug on its way to the client: the review of the prescription, the voucher, the choice, the delivery."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.faults import bad_input
from gateway.repositories import drug_orders as rows
from gateway.repositories import writes
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move, other_side, tell
from gateway.resolvers.booking_steps.uses import consume, key, release
from gateway.resolvers.bookings import Case, case_facts, locked, only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import NUMBER_LETTERS
from gateway.resolvers.requests import paths_of
from gateway.validation.facts import Facts
from gateway.validation.facts.drugs import DrugOrder, Fulfillment
from gateway.validation.verdict import Verdict

MACHINE = "DRUG_ORDER"
PHONE = "drug_order_details.phone"
ADDRESS = "drug_order_details.address"
VOUCHER_LETTERS = 12
PATHS = paths_of("booking", "fulfillment", "pharmacy", "address", "isInspected", "cause", "isPaid")

Details = Mapping[str, Any]


async def ordered(transaction: Transaction, booking: str, command: str) -> tuple[Case, Details]:
    """An order, locked, with its details."""
    case = await locked(transaction, booking, command)
    return case, await rows.details(transaction.connection, case.policy_id, case.booking_id)


async def note(case: Case, **changes: Any) -> None:
    await writes.update(case.transaction.writes, rows.DETAILS, key(case), changes)


# The review and the voucher


async def review(transaction: Transaction, operation: str, *, booking: str, approve: bool, reason: str | None) -> Work:
    """What the vendor finds of the prescription. A rejected one says why, and gives the use back."""
    why = inputs.text(reason, "input", "reason")
    if not approve:
        inputs.required(why, "input", "reason")
    case = await locked(transaction, booking, "reviewPrescription")
    found = replace(case_facts(case, operation), paths=PATHS)
    outcome = "APPROVED" if approve else "REJECTED"

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        context = case.context
        await note(
            case,
            review_outcome=outcome,
            reviewed_by=context.viewer.principal,
            reviewed_at=context.now,
            review_reason=why,
        )
        if not approve:
            await release(case, "prescription rejected")
        await move(case, f"PRESCRIPTION_{outcome}", reason=why)
        await tell(case, f"drug.prescription_{outcome.lower()}", "CUSTOMER")
        if approve:
            await tell(case, "drug.guidance_due", "VENDOR")
        return case.subject

    return Work(found, write)


async def issue_voucher(transaction: Transaction, operation: str, *, booking: str, voucher: str | None) -> Work:
    """The vendor's own code, or one that is made here. It has no end, since no handbook prints one."""
    given = inputs.name(voucher, "input", "voucherCode")
    case, details = await ordered(transaction, booking, "issueVoucher")
    order = DrugOrder(review=details["review_outcome"])
    found = replace(case_facts(case, operation), order=order, paths=PATHS)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await note(case, voucher_code=given or _new_voucher(), voucher_issued_at=case.context.now)
        await move(case, only_state(found))
        await tell(case, "drug.voucher_issued", "CUSTOMER")
        return case.subject

    return Work(found, write)


def _new_voucher() -> str:
    return "".join(secrets.choice(NUMBER_LETTERS) for _ in range(VOUCHER_LETTERS))


# How the client gets it


@dataclass(frozen=True, slots=True)
class Choice:
    way: str  # PICKUP or DELIVERY
    pharmacy: str | None = None
    pharmacy_name: str | None = None
    address: str | None = None
    recipient: str | None = None
    phone: str | None = None


async def choose(transaction: Transaction, operation: str, *, booking: str, choice: Choice) -> Work:
    """A pharmacy or the client's door. Without a pharmacy to name, the voucher waits until the vendor names one."""
    wanted = _cleaned(choice)
    case, details = await ordered(transaction, booking, "chooseFulfillment")
    _check_names(case, wanted)
    place = Fulfillment(
        way=wanted.way,
        number=details["seq"],
        is_placed=wanted.address is not None,
        is_pharmacy_designated=await _is_designated(case, wanted),
    )
    found = replace(case_facts(case, operation), fulfillment=place, paths=PATHS)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await note(case, **_columns(case, wanted))
        await move(case, _next_state(case, found, wanted), details={"fulfillment": wanted.way})
        await tell(case, "drug.fulfillment_chosen", other_side(case))
        return case.subject

    return Work(found, write)


def _cleaned(choice: Choice) -> Choice:
    only_of = {"PICKUP": ("address", "recipient", "phone"), "DELIVERY": ("pharmacy", "pharmacy_name")}
    fields = {"pharmacy_name": "pharmacyName", "recipient": "recipientName"}
    for name in only_of[choice.way]:
        if getattr(choice, name) is not None:
            raise bad_input(
                f"This does not go with {choice.way}: leave the field out.", "input", fields.get(name, name)
            )
    return Choice(
        choice.way,
        pharmacy=inputs.name(choice.pharmacy, "input", "pharmacy"),
        pharmacy_name=inputs.name(choice.pharmacy_name, "input", "pharmacyName"),
        address=inputs.text(choice.address, "input", "address"),
        recipient=inputs.name(choice.recipient, "input", "recipientName"),
        phone=inputs.phone(choice.phone, "input", "phone"),
    )


def _check_names(case: Case, wanted: Choice) -> None:
    """A pharmacy is chosen by its code; by name only the vendor names one, and what it names is designated by that."""
    if wanted.pharmacy_name is None:
        return
    if case.context.viewer.vendor is None:
        raise bad_input(
            "Only the vendor names a pharmacy: give the code of one from `pharmacies`.", "input", "pharmacyName"
        )
    if wanted.pharmacy is not None:
        raise bad_input("Give the code or the name, not both.", "input", "pharmacyName")


async def _is_designated(case: Case, wanted: Choice) -> bool | None:
    if wanted.way != "PICKUP" or wanted.pharmacy_name is not None:
        return wanted.way == "PICKUP"
    found = await rows.pharmacy(case.transaction.connection, case.row["vendor_code"], wanted.pharmacy)
    if wanted.pharmacy is not None and not found["is_known"]:
        raise bad_input(
            "No such pharmacy: expected the code of a designated one from `pharmacies`.", "input", "pharmacy"
        )
    return found["is_designated"] if found["has_list"] or wanted.pharmacy else None


def _next_state(case: Case, found: Facts, wanted: Choice) -> str:
    if wanted.way == "DELIVERY":
        return "SHIPPING"
    is_named = wanted.pharmacy is not None or wanted.pharmacy_name is not None
    return "PICKUP_READY" if is_named else case.row["state"]


def _columns(case: Case, wanted: Choice) -> dict[str, Any]:
    """The last choice takes the place of an earlier one; a number that was given before stays."""
    vault, phone = case.context.services.vault, wanted.phone
    called = {} if phone is None else {"phone_encrypted": vault.seal(phone, PHONE), "phone_last4": phone[-4:]}
    return {
        "fulfillment": wanted.way,
        "pharmacy_code": wanted.pharmacy,
        "pharmacy_name": wanted.pharmacy_name,
        "address_encrypted": wanted.address and vault.seal(wanted.address, ADDRESS),
        "recipient_name": wanted.recipient,
        **called,
    }


async def confirm_delivery(transaction: Transaction, operation: str, *, booking: str, is_inspected: bool) -> Work:
    """The client has the drug and has paid for it: the order is closed and the use is spent."""
    case, details = await ordered(transaction, booking, "confirmDelivery")
    place = Fulfillment(details["fulfillment"] or "", details["seq"])
    found = replace(
        case_facts(case, operation), fulfillment=place, form={"isInspected": is_inspected or None}, paths=PATHS
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        now = case.context.now
        await consume(case, "drug delivered")
        await note(case, inspected_at=now if is_inspected else None, paid_at=now, delivered_at=now)
        await move(case, only_state(found))
        await tell(case, "drug.delivered", other_side(case))
        return case.subject

    return Work(found, write)
