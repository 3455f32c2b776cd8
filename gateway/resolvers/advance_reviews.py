"""Who says yes to an advance, and the payment: the vendor reviews, the insurer authorizes, the vendor pays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.context import Context
from gateway.faults import Fault, bad_input
from gateway.repositories import advances as rows
from gateway.repositories import writes
from gateway.resolvers import advance_cases as stays
from gateway.resolvers import inputs
from gateway.resolvers.advance_cases import Case, Payment
from gateway.resolvers.advance_steps import drop, end_payment
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.verdict import Verdict
from models.base import new_id

AUTHORIZE = "advanceAuthorize"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reviewer says of the open payment. An approval without an amount means what was asked for."""

    advance: str
    outcome: str
    approved_amount: Decimal | None
    reason: str | None
    findings: Mapping[str, bool | None]
    authorized_limit: Decimal | None = None

    @property
    def is_approval(self) -> bool:
        return self.outcome == "APPROVED"


async def review(transaction: Transaction, operation: str, opinion: Opinion) -> Work:
    case, payment, command = await _opened(transaction, opinion, "review")
    if opinion.is_approval and "VENDOR" in case.approvals:
        raise bad_input("This payment has been passed already: it waits for the insurer.", "input", "advance")
    amount = _amount(opinion, payment.requested)
    why = _reason(opinion)
    found = stays.step_facts(case, operation, command, **_said(case, opinion, amount, why))
    is_last_word = not needs_authorization(case.context, case.row["product_code"])

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        passed = "AUTHORIZED" if is_last_word else "REVIEWED"
        state = stays.state_after(found, _state(opinion, payment, passed))
        await _note(case, payment, "VENDOR", opinion, amount, why)
        changes = await _conclude(case, payment, opinion, amount, is_last_word=is_last_word)
        await stays.move(case, found, state, reason=why, details=_findings(opinion), **changes)
        if not is_last_word and opinion.is_approval:
            await stays.tell(case, "advance.reviewed", "STAFF")
        return case.subject

    return Work(found, write)


async def authorize(transaction: Transaction, operation: str, opinion: Opinion) -> Work:
    """The insurer's word on what the vendor has passed, by somebody else; it may grant less, and set a limit."""
    case, payment, command = await _opened(transaction, opinion, "authorize")
    if opinion.is_approval and "INSURER" in case.approvals:
        raise bad_input("This payment has been authorized already: it waits to be paid.", "input", "advance")
    passed = next((amount for stage, _, amount in case.row["approvals"] if stage == "VENDOR"), payment.requested)
    amount = _amount(opinion, passed)
    if amount is not None and amount > passed:
        raise bad_input(f"The vendor has passed {passed}: expected no more.", "input", "approvedAmount")
    limit = inputs.amount(opinion.authorized_limit, "input", "authorizedLimit")
    why = _reason(opinion)
    said = _said(case, opinion, amount, why)
    if limit is not None:
        said["authorized_limit"] = limit
    found = stays.step_facts(case, operation, command, **said)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        state = stays.state_after(found, _state(opinion, payment, "AUTHORIZED"))
        await _note(case, payment, "INSURER", opinion, amount, why)
        changes = await _conclude(case, payment, opinion, amount, is_last_word=True)
        if limit is not None:
            changes["authorized_limit"] = limit
        await stays.move(case, found, state, reason=why, **changes)
        return case.subject

    return Work(found, write)


async def pay(transaction: Transaction, operation: str, *, advance: str, reference: str) -> Work:
    """The open payment, as it was approved. The first one of a stay spends its use."""
    known_as = inputs.required(inputs.name(reference, "input", "reference"), "input", "reference")
    case = await stays.locked(transaction, advance, with_account=True)
    found = stays.step_facts(case, operation, "pay")
    if await rows.is_reference_used(transaction.connection, case.row["policy_id"], known_as):
        raise bad_input("Another payment has this reference already.", "input", "reference")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        payment, state = case.payment, stays.state_after(found)
        if payment is None or payment.approved is None:
            raise bad_input("Nothing is approved that is still to be paid.", "input", "advance")
        key = {"policy_id": case.row["policy_id"], "id": payment.id, "state": "APPROVED"}
        paid = {"state": "PAID", "reference": known_as, "paid_at": case.context.now}
        await writes.update(transaction.writes, "advance_payments", key, paid)
        if payment.is_first and case.ledger is not None:
            await case.ledger.consume(rows.SUBJECT, case.row["id"], reason="paid")
        await stays.move(
            case,
            found,
            state,
            details={"amount": str(payment.approved)},
            paid_amount=case.row["paid_amount"] + payment.approved,
        )
        await stays.tell(case, "advance.paid", "CUSTOMER")
        return case.subject

    return Work(found, write)


def needs_authorization(context: Context, product: str) -> bool:
    """Whether the handbook has the insurer say yes as well."""
    governing = context.services.rulebook.governing(AUTHORIZE, product, stays.SERVICE)
    return any(check.__name__ == "reviewed_by_another" for _, check in governing)


async def _opened(transaction: Transaction, opinion: Opinion, command: str) -> tuple[Case, Payment, str]:
    case = await stays.locked(transaction, opinion.advance, with_account=True)
    if case.payment is None:
        raise _nothing_open()
    return case, case.payment, "investigate" if opinion.outcome == "INVESTIGATE" else command


def _said(case: Case, opinion: Opinion, amount: Decimal | None, why: str | None) -> dict[str, Any]:
    return {
        "outcome": opinion.outcome,
        "reason": why,
        "findings": dict(opinion.findings),
        "total": None if amount is None else case.row["paid_amount"] + amount,
    }


def _amount(opinion: Opinion, asked: Decimal) -> Decimal | None:
    if not opinion.is_approval:
        return None
    given = inputs.amount(opinion.approved_amount, "input", "approvedAmount")
    return stays.positive(asked if given is None else given, "input", "approvedAmount")


def _reason(opinion: Opinion) -> str | None:
    """Why. That a refusal says so is a rule's demand; that an investigation does is ours."""
    why = inputs.text(opinion.reason, "input", "reason")
    return inputs.required(why, "input", "reason") if opinion.outcome == "INVESTIGATE" else why


def _state(opinion: Opinion, payment: Payment, passed: str) -> str | None:
    """Of the first payment the word is one on the case; a top-up leaves the case where it is."""
    if not payment.is_first or opinion.outcome == "INVESTIGATE":
        return None
    return passed if opinion.is_approval else "REFUSED"


async def _note(
    case: Case, payment: Payment, stage: str, opinion: Opinion, amount: Decimal | None, why: str | None
) -> None:
    row = {
        "policy_id": case.row["policy_id"],
        "id": new_id(),
        "advance_id": case.row["id"],
        "payment_id": payment.id,
        "stage": stage,
        "outcome": opinion.outcome,
        "approved_amount": amount,
        "reviewer": case.context.viewer.principal,
        "reason": why,
        "at": case.context.now,
    }
    await writes.insert(case.transaction.writes, "advance_reviews", row)


async def _conclude(
    case: Case, payment: Payment, opinion: Opinion, amount: Decimal | None, *, is_last_word: bool
) -> dict[str, Any]:
    """What becomes of the payment, and with the first one of the use; the changes of the case itself."""
    now = case.context.now
    if opinion.outcome == "INVESTIGATE":
        return {"investigated_from": case.row["investigated_from"] or now}
    if amount is None:
        await stays.tell(case, "advance.refused", "CUSTOMER")
        if not payment.is_first:
            await end_payment(case, "REFUSED")
            return {}
        await drop(case, "REFUSED", "refused")
        return {"released_at": now}
    if not is_last_word:
        return {}
    key = {"policy_id": case.row["policy_id"], "id": payment.id}
    approved = {"state": "APPROVED", "approved_amount": amount}
    await writes.update(case.transaction.writes, "advance_payments", key, approved)
    await stays.tell(case, "advance.authorized", "CUSTOMER")
    return {"approved_amount": case.row["paid_amount"] + amount}


def _findings(opinion: Opinion) -> dict[str, Any]:
    return {"findings": {word: found for word, found in opinion.findings.items() if found is not None}}


def _nothing_open() -> Fault:
    return bad_input("Nothing of this advance waits for a word: ask for a top-up first.", "input", "advance")
