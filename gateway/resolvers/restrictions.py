"""Restrictions after missed visits end as they began: people decide it, with a reason."""

from collections.abc import Sequence

from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import hospital_visits as rows
from gateway.repositories import outbox, writes
from gateway.resolvers import inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict

PREFIX = "restr"


async def lift(transaction: Transaction, operation: str, *, restriction: str, reason: str) -> Work:
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    path = ("input", "restriction")
    row = await rows.lock_restriction(transaction.connection, *ids.decode_as(PREFIX, restriction, 2, *path))
    if row is None:
        raise ids.not_an_id(PREFIX, *path)
    if row["lifted_at"] is not None:
        raise bad_input("It has been lifted already.", *path)
    context = transaction.context
    subject = Subject(row["policy_id"], row["id"])

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await writes.update(
            transaction.writes,
            "visit_restrictions",
            {"policy_id": subject.policy_id, "id": subject.id},
            {"lifted_by": context.viewer.principal, "lifted_at": context.now, "lift_reason": why},
        )
        await outbox.post(
            transaction.writes,
            policy_id=subject.policy_id,
            subject_id=subject.id,
            topic="restriction.lifted",
            audience="CUSTOMER",
            dedupe_key=f"restriction.lifted:{subject.id.hex}",
            now=context.now,
            payload={"restriction": ids.encode(PREFIX, subject.policy_id, subject.id)},
        )
        return subject

    return Work(Facts(operation, context.now, row["product_code"], ""), write)
