"""Cards that are given up: by who holds one, or by staff for everybody, as when a phone is lost."""

from collections.abc import Sequence

from gateway.auth.viewer import ViewerKind
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import card_bindings as rows
from gateway.resolvers import cases, inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict


async def unbind(transaction: Transaction, operation: str, *, card: str, reason: str | None) -> Work:
    """A client gives up the card for itself alone; staff take it out of every hand, and say why."""
    context, viewer = transaction.context, transaction.context.viewer
    is_own = viewer.kind is ViewerKind.CUSTOMER
    said = inputs.text(reason, "input", "reason")
    why = said if is_own else inputs.required(said, "input", "reason")
    policy_id, card_id = ids.decode_as("card", card, 2, "input", "card")
    row = await rows.lock(transaction.connection, policy_id, card_id)
    if row is None or (is_own and not viewer.reaches(policy_id, row["insured_id"])):
        raise ids.not_an_id("card", "input", "card")
    holders = await rows.holders(transaction.connection, policy_id, card_id)
    released = {viewer.principal} & holders if is_own else holders
    if not released:
        raise bad_input("You do not hold this card." if is_own else "Nobody holds this card.", "input", "card")
    step = cases.step_of(context, row, "unbind")
    if not step.leads_to:
        raise bad_input("This step is not possible while the card is in its present state.", "input", "card")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(policy_id, card_id)
        await rows.release(transaction.writes, policy_id, card_id, released, context.now)
        to_state = "BOUND" if holders - released else "ISSUED"
        await cases.move(transaction, cases.CARD, row, "unbind", to_state, reason=why)
        if not is_own:
            told = {"card": ids.encode("card", policy_id, card_id)}
            await cases.tell(transaction, "card.unbound", "CUSTOMER", subject, row["state_seq"] + 1, told)
        return subject

    return Work(Facts(operation, context.now, row["product_code"], "", step=step), write)
