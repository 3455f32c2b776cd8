"""A decision looked at again, by somebody who had no part in it; what is changed becomes a new revision."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Code, Fault, bad_input
from gateway.repositories import appeals as rows
from gateway.repositories import bookings as paper_rows
from gateway.repositories import writes
from gateway.resolvers import cases, claim_cases, claim_decisions, claim_rulings, inputs
from gateway.resolvers.bookings import only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict
from models.base import new_id


async def submit(
    transaction: Transaction, operation: str, *, claim: str, grounds: str, documents: Sequence[str]
) -> Work:
    """Against the decision in force; one appeal is open at a time."""
    context = transaction.context
    said = inputs.required(inputs.text(grounds, "input", "grounds"), "input", "grounds")
    row = await claim_cases.locked(transaction, claim)
    cited = await cases.papers(transaction.connection, row["policy_id"], documents)
    if any(appeal[2] != "DECIDED" for appeal in row["appeals"]):
        raise bad_input("An appeal against this claim's decision is open already.", "input", "claim")
    is_decided = row["state"] in claim_cases.DECIDED_STATES
    service = claim_cases.service_of(row["kind"])
    paths = {"claim": ("input", "claim")}
    found = Facts(operation, context.now, row["product_code"], service, paths=paths, is_decided=is_decided)
    if not is_decided and not context.services.rulebook.governing(operation, row["product_code"], service):
        raise claim_cases.no_such_step()

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        decision = claim_decisions.in_force(row)
        appeal: dict[str, Any] = {
            "policy_id": row["policy_id"],
            "id": new_id(),
            "number": new_number("AP", context.now),
            "claim_id": row["id"],
            "decision_id": decision[0],
            "decider": decision[2],
            "level": 1 + sum(known[1] == decision[0] for known in row["appeals"]),
            "state": "FILED",
            "grounds": said,
            "created_at": context.now,
            "updated_at": context.now,
        }
        await cases.begin(transaction, cases.APPEAL, appeal, "file")
        await paper_rows.link_papers(transaction.writes, row["policy_id"], cited, appeal["id"])
        await _tell(transaction, appeal, 1, "appeal.filed", "STAFF")
        return Subject(appeal["policy_id"], appeal["id"])

    return Work(found, write)


async def review(transaction: Transaction, operation: str, *, appeal: str) -> Work:
    """Somebody takes it, so that two do not work on it; a supervisor takes it over from another."""
    context = transaction.context
    row, case = await _locked(transaction, appeal)
    _require_no_part(context, row)
    step = cases.step_of(context, case, "review")
    if not step.leads_to:
        raise _decided_already()
    if case["reviewer"] == context.viewer.principal:
        raise bad_input("You have taken this appeal already.", "input", "appeal")
    if context.viewer.role != "supervisor":
        _require_free(context, case)
    found = Facts(operation, context.now, row["product_code"], claim_cases.service_of(row["kind"]), step=step)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        to_state, reviewer = only_state(found), context.viewer.principal
        await cases.move(transaction, cases.APPEAL, case, "review", to_state, reviewer=reviewer)
        return Subject(case["policy_id"], case["id"])

    return Work(found, write)


async def extend(transaction: Transaction, operation: str, *, appeal: str, answer_by: dt.date, reason: str) -> Work:
    """More time, once. No handbook sets a term, so the day that the client is promised is one that people name."""
    context = transaction.context
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    row, case = await _locked(transaction, appeal)
    _require_no_part(context, row)
    step = cases.step_of(context, case, "extend")
    if not step.leads_to or case["extended_at"] is not None:
        raise bad_input("An open appeal is extended once.", "input", "appeal")
    if answer_by <= civil_day(context.now):
        raise bad_input("Expected a day after today.", "input", "answerBy")
    service = claim_cases.service_of(row["kind"])
    found = Facts(operation, context.now, row["product_code"], service, step=step)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await cases.move(
            transaction,
            cases.APPEAL,
            case,
            "extend",
            only_state(found),
            reason=why,
            details={"answerBy": answer_by.isoformat()},
            extended_by=context.viewer.principal,
            extended_at=context.now,
            answer_by=answer_by,
        )
        await _tell(transaction, case, case["state_seq"] + 1, "appeal.extended", "CUSTOMER")
        return Subject(case["policy_id"], case["id"])

    return Work(found, write)


async def decide(
    transaction: Transaction,
    operation: str,
    *,
    appeal: str,
    outcome: str,
    reason: str,
    rulings: Sequence[claim_rulings.Ruling],
    rules: Sequence[str],
) -> Work:
    """It stands, or a new decision takes its place."""
    context = transaction.context
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    row, case = await _locked(transaction, appeal)
    _require_no_part(context, row)
    step = cases.step_of(context, case, "decide")
    if not step.leads_to:
        raise _decided_already()
    _require_free(context, case)
    changed = await _changed(transaction, row, outcome, why, rulings, rules)
    service = claim_cases.service_of(row["kind"])
    found = Facts(operation, context.now, row["product_code"], service, step=step)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        made = None
        if changed is not None:
            signed = claim_decisions.signed(context, found, verdicts)
            made = await claim_decisions.conclude(transaction, row, "revise", changed, signed)
        await _write_outcome(transaction, case, outcome, why, made)
        await _tell(transaction, case, case["state_seq"] + 1, "appeal.decided", "CUSTOMER")
        return Subject(case["policy_id"], case["id"])

    return Work(found, write)


async def _write_outcome(
    transaction: Transaction, case: Mapping[str, Any], outcome: str, why: str, made: uuid.UUID | None
) -> None:
    """The step with its event. The reason stands in the appeal as well, beside its outcome."""
    context, sequence = transaction.context, case["state_seq"] + 1
    await writes.update(
        transaction.writes,
        "appeals",
        {"policy_id": case["policy_id"], "id": case["id"], "state_seq": case["state_seq"]},
        {
            "state": "DECIDED",
            "state_seq": sequence,
            "outcome": outcome,
            "reason": why,
            "new_decision_id": made,
            "reviewer": context.viewer.principal,
            "decided_at": context.now,
            "updated_at": context.now,
        },
    )
    subject = Subject(case["policy_id"], case["id"])
    await cases.write_event(
        transaction, cases.APPEAL, subject, sequence, case["state"], "decide", "DECIDED", reason=why
    )


async def _changed(
    transaction: Transaction,
    row: Mapping[str, Any],
    outcome: str,
    why: str,
    rulings: Sequence[claim_rulings.Ruling],
    rules: Sequence[str],
) -> claim_rulings.Decision | None:
    """The decision that takes the place of the one appealed against."""
    if outcome == "UPHELD":
        if rulings:
            raise bad_input("A decision that stands needs no new lines.", "input", "lines")
        return None
    if any(payment[3] == "ORDERED" for payment in row["payments"]):
        raise bad_input("A payment is under way: record first how it ended.", "input", "appeal")
    decision = await claim_rulings.ruled(transaction, row, rulings, why, rules)
    if decision.sums.paid < claim_decisions.in_force(row)[4]:
        raise bad_input("An appeal does not leave the client with less than before.", "input", "lines")
    claim_decisions.require_authority(transaction.context, decision.sums.paid)
    return decision


async def _locked(transaction: Transaction, appeal: str) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The claim first, then the appeal: the same order as everywhere."""
    policy_id, appeal_id = ids.decode_as("appeal", appeal, 2, "input", "appeal")
    known = await rows.claim_of(transaction.connection, policy_id, appeal_id)
    if known is None:
        raise ids.not_an_id("appeal", "input", "appeal")
    claim = ids.encode("claim", policy_id, known["claim_id"])
    row = await claim_cases.locked(transaction, claim, "input", "appeal")
    return row, await rows.lock(transaction.connection, policy_id, appeal_id)


def _decided_already() -> Fault:
    return bad_input("This appeal has been decided.", "input", "appeal")


def _require_free(context: Context, case: Mapping[str, Any]) -> None:
    if case["reviewer"] not in (None, context.viewer.principal):
        raise bad_input("Somebody else has taken this appeal; a supervisor may take it over.", "input", "appeal")


def _require_no_part(context: Context, row: Mapping[str, Any]) -> None:
    if context.viewer.principal in _deciders(row):
        raise Fault(Code.FORBIDDEN, "Whoever had a part in the decision cannot judge the appeal.", missingScopes=[])


def _deciders(row: Mapping[str, Any]) -> set[str]:
    """Everybody who has decided or approved any revision."""
    return {person for decision in row["decisions"] for person in decision[2:4] if person is not None}


async def _tell(transaction: Transaction, appeal: Mapping[str, Any], sequence: int, topic: str, audience: str) -> None:
    payload = {"appeal": ids.encode("appeal", appeal["policy_id"], appeal["id"])}
    subject = Subject(appeal["policy_id"], appeal["id"])
    await cases.tell(transaction, topic, audience, subject, sequence, payload)
