"""Deciding on a claim, and correcting it; the supervisor's word above the limit."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from gateway.context import Context
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import claims as rows
from gateway.repositories import writes
from gateway.resolvers import advance_debts, cases, claim_cases, guarantee_draws, inputs
from gateway.resolvers.claim_cases import step_facts, subject_of
from gateway.resolvers.claim_rulings import Decision, Ruling, proposed, ruled, told_of
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.validation import replay
from gateway.validation.adjudication import NOTHING
from gateway.validation.facts import Facts
from gateway.validation.retelling import told
from gateway.validation.verdict import Verdict
from models.base import new_id


@dataclass(frozen=True, slots=True)
class Signed:
    """Who stands for a decision, and what the rules were shown and answered when it was made."""

    judgement: Mapping[str, Any]
    decided_by: str
    approved_by: str | None = None


async def adjudicate(
    transaction: Transaction,
    operation: str,
    *,
    claim: str,
    rulings: Sequence[Ruling],
    reason: str | None,
    rules: Sequence[str],
) -> Work:
    """A first decision, or a correction of one. Above the limit of one person, a first one waits for a supervisor."""
    context = transaction.context
    row = await claim_cases.locked(transaction, claim)
    decision = await ruled(transaction, row, rulings, reason, rules)
    is_correction = row["state"] in claim_cases.DECIDED_STATES
    if is_correction:
        require_correctable(row)
        require_authority(context, decision.sums.paid)
        inputs.required(decision.reason, "input", "reason")
    command = "revise" if is_correction else "decide"
    filed = claim_cases.as_filed(context, row)
    found = step_facts(context, operation, row, command, claim=filed, overpaid=_overpaid(row, decision.sums.paid))
    is_above = not is_correction and decision.sums.paid > context.services.authority_limit

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if is_above:
            await cases.move(
                transaction,
                cases.CLAIM,
                row,
                command,
                "AWAITING_APPROVAL",
                reason=decision.reason,
                details=told_of(decision) | {"judgement": replay.kept(context.services.rulebook, found, verdicts)},
            )
            await claim_cases.tell(transaction, row, "claim.awaiting_approval", "STAFF")
            return subject_of(row)
        await conclude(transaction, row, command, decision, signed(context, found, verdicts))
        return subject_of(row)

    return Work(found, write)


async def approve(
    transaction: Transaction, operation: str, *, claim: str, is_approved: bool, reason: str | None
) -> Work:
    """A supervisor, who is somebody else, lets a decision above the limit stand or sends it back."""
    context = transaction.context
    why = inputs.text(reason, "input", "reason")
    if not is_approved:
        why = inputs.required(why, "input", "reason")
    row = await claim_cases.locked(transaction, claim)
    found = step_facts(context, operation, row, "approve")
    proposal = await rows.proposal(transaction.connection, row["policy_id"], row["id"])
    if proposal["actor"] == context.viewer.principal:
        raise Fault(Code.FORBIDDEN, "Whoever decided cannot approve it: somebody else must.", missingScopes=[])

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if not is_approved:
            await cases.move(transaction, cases.CLAIM, row, "approve", "UNDER_REVIEW", reason=why)
            return subject_of(row)
        decision = proposed(proposal["details"], proposal["reason"])
        both = Signed(proposal["details"]["judgement"], proposal["actor"], context.viewer.principal)
        await conclude(transaction, row, "approve", decision, both)
        return subject_of(row)

    return Work(found, write)


def signed(context: Context, facts: Facts, verdicts: Sequence[Verdict]) -> Signed:
    return Signed(replay.kept(context.services.rulebook, facts, verdicts), context.viewer.principal)


def require_correctable(row: Mapping[str, Any]) -> None:
    """Not while somebody else looks at the decision, nor while money is on its way."""
    if any(appeal[2] != "DECIDED" for appeal in row["appeals"]):
        raise bad_input("An appeal is open: it is decided by appealDecide.", "input", "claim")
    if any(payment[3] == "ORDERED" for payment in row["payments"]):
        raise bad_input("A payment is under way: record first how it ended.", "input", "claim")


def require_authority(context: Context, paid: Decimal) -> None:
    if paid > context.services.authority_limit and context.viewer.role != "supervisor":
        raise Fault(Code.FORBIDDEN, "Only a supervisor decides on this amount.", missingScopes=[])


def _overpaid(row: Mapping[str, Any], paid: Decimal) -> Decimal:
    return max(claim_cases.paid_so_far(row) - paid, NOTHING)


async def conclude(
    transaction: Transaction,
    row: Mapping[str, Any],
    command: str,
    decision: Decision,
    by: Signed,
) -> uuid.UUID:
    """The decision comes into force as a revision of its own; what was paid beyond it is asked back."""
    context, sums = transaction.context, decision.sums
    revision = row["revision"] + 1
    made = new_id()
    await _write_decision(transaction, row, made, revision, decision, by)
    await rows.judge_papers(
        transaction.writes,
        row["policy_id"],
        row["id"],
        state="ACCEPTED",
        reason=None,
        actor=context.viewer.principal,
        now=context.now,
    )
    await _ask_back(transaction, row, revision, sums.paid)
    await claim_cases.stop_clocks(transaction, row, claim_cases.DECIDED)
    if sums.paid > claim_cases.paid_so_far(row):
        await claim_cases.start_clocks(transaction, row, claim_cases.DECIDED)
    await cases.move(
        transaction,
        cases.CLAIM,
        row,
        command,
        "DECIDED",
        reason=decision.reason,
        details={"outcome": sums.outcome, "paid": str(sums.paid), "rules": list(decision.rules)},
        revision=revision,
    )
    if sums.paid == NOTHING:
        await guarantee_draws.return_all(transaction, row, "nothing of the claim is covered")
    await advance_debts.follow(transaction, row, revision, sums, decision.reason)
    await claim_cases.tell(transaction, row, "claim.decided")
    if sums.paid < sums.asked and row["product_code"] in _told_of_own_part(context):
        await claim_cases.tell(transaction, row, "claim.own_part", "STAFF")
    return made


def _told_of_own_part(context: Context) -> set[str]:
    """Products whose handbook has the client told, by telephone or mail, of what is left to pay."""
    rules = context.services.rulebook.rules.values()
    return {rule.product for rule in rules if rule.parameters.get("tellsOwnPart")}


async def _write_decision(
    transaction: Transaction,
    row: Mapping[str, Any],
    made: uuid.UUID,
    revision: int,
    decision: Decision,
    by: Signed,
) -> None:
    context, policy_id = transaction.context, row["policy_id"]
    head = {
        "policy_id": policy_id,
        "id": made,
        "claim_id": row["id"],
        "revision": revision,
        "outcome": decision.sums.outcome,
        **asdict(decision.sums),
        "reason": decision.reason,
        "rule_codes": list(decision.rules),
        "facts": {**by.judgement, "cuts": {str(line.line): told(line.cut) for line in decision.lines}},
        "rulebook": context.services.rulebook.version,
        "decided_by": by.decided_by,
        "approved_by": by.approved_by,
        "decided_at": context.now,
    }
    await writes.insert(transaction.writes, "claim_decisions", head)
    parts = [
        {
            "policy_id": policy_id,
            "decision_id": made,
            "line_id": line.line,
            **asdict(line.sums),
            "reason": line.reason,
            "rule_codes": list(line.rules),
        }
        for line in decision.lines
    ]
    await writes.insert_all(transaction.writes, "claim_decision_lines", parts)


async def _ask_back(transaction: Transaction, row: Mapping[str, Any], revision: int, paid: Decimal) -> None:
    overpaid = _overpaid(row, paid)
    if overpaid <= 0:
        return
    now = transaction.context.now
    repayment = {
        "policy_id": row["policy_id"],
        "id": new_id(),
        "number": new_number("RP", now),
        "insured_id": row["insured_id"],
        "claim_id": row["id"],
        "revision": revision,
        "cause": "REVISED" if row["card_id"] is None else "NOT_COVERED",
        "payee": "INSURER",
        "state": "OPEN",
        "amount": overpaid,
        "paid_amount": NOTHING,
        "waived_amount": NOTHING,
        "is_demo": row["is_demo"],
        "created_at": now,
        "updated_at": now,
    }
    await writes.insert(transaction.writes, "repayments", repayment)
    await claim_cases.tell(transaction, row, "claim.repayment_due")


def in_force(row: Mapping[str, Any]) -> Any:
    return next(decision for decision in row["decisions"] if decision[1] == row["revision"])
