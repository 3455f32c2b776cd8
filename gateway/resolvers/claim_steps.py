"""Steps of a claim that need no papers: review, another account, and its end."""

from collections.abc import Sequence

from gateway.faults import bad_input
from gateway.repositories import claims as rows
from gateway.resolvers import cases, claim_cases, claim_filings, guarantee_draws, inputs
from gateway.resolvers.claim_cases import step_facts, subject_of
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.verdict import Verdict

ENDED = {"withdraw": "the claim was withdrawn", "closeIncomplete": "the claim was closed without its papers"}


async def review(transaction: Transaction, operation: str, *, claim: str) -> Work:
    row = await claim_cases.locked(transaction, claim)
    found = step_facts(transaction.context, operation, row, "review")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await cases.move(transaction, cases.CLAIM, row, "review", "UNDER_REVIEW")
        return subject_of(row)

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
