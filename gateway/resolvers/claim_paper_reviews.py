"""Papers of a claim that somebody looks at, one by one: each serves, or is rejected with a reason."""

from collections.abc import Sequence

from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import claims as rows
from gateway.resolvers import cases, claim_cases, inputs
from gateway.resolvers.claim_cases import subject_of
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict


async def review(
    transaction: Transaction, operation: str, *, claim: str, document: str, is_accepted: bool, reason: str | None
) -> Work:
    """As long as papers may be handed in. What is rejected is asked for with all that is lacking, in one go."""
    context = transaction.context
    said = inputs.text(reason, "input", "reason")
    why = said if is_accepted else inputs.required(said, "input", "reason")
    row = await claim_cases.locked(transaction, claim)
    policy_id, paper = ids.decode_as("doc", document, 2, "input", "document")
    judged = await rows.judged_as(transaction.connection, row["policy_id"], row["id"], paper)
    if policy_id != row["policy_id"] or not judged:
        raise ids.not_an_id("doc", "input", "document")
    if not cases.step_of(context, row, "addDocuments").leads_to:
        raise claim_cases.no_such_step()
    state = "ACCEPTED" if is_accepted else "REJECTED"
    if judged == {state}:
        raise bad_input(f"This paper is {state.lower()} already.", "input", "document")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await rows.judge_papers(
            transaction.writes,
            row["policy_id"],
            row["id"],
            document=paper,
            state=state,
            reason=why,
            actor=context.viewer.principal,
            now=context.now,
        )
        return subject_of(row)

    return Work(Facts(operation, context.now, row["product_code"], claim_cases.service_of(row["kind"])), write)
