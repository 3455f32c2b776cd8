"""What clients were told and agreed to."""

import hashlib
from collections.abc import Sequence

from gateway.repositories import writes
from gateway.resolvers.commands import Subject, Transaction
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

ACKNOWLEDGING = frozenset({"disclosure_acknowledged", "client_agreed"})


async def keep_acknowledgements(
    transaction: Transaction, operation: str, subject: Subject, verdicts: Sequence[Verdict]
) -> None:
    """What the client was told and agreed to, by the hash of the text in the language of the request."""
    context = transaction.context
    for verdict in verdicts:
        if verdict.check not in ACKNOWLEDGING or verdict.status is not Status.PASSED:
            continue
        shown = context.services.texts.rules[verdict.rule].statement[context.language]
        await writes.insert(
            transaction.writes,
            "disclosure_acknowledgements",
            {
                "policy_id": subject.policy_id,
                "id": new_id(),
                "rule_code": verdict.rule,
                "operation": operation,
                "subject_id": subject.id,
                "principal": context.viewer.principal,
                "text_sha256": hashlib.sha256(shown.encode()).hexdigest(),
                "language": context.language,
                "at": context.now,
            },
        )
