"""The client's signature at the hospital, which hands a direct claim to the insurer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import direct_claims as rows
from gateway.repositories import entitlements, writes
from gateway.repositories.entitlements import Ledger
from gateway.resolvers import cases
from gateway.resolvers.bookings import account_facts
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.direct_openings import KINDS, PATHS, Kind
from gateway.resolvers.placing import late_refusal
from gateway.validation.facts import Facts
from gateway.validation.facts.direct_claims import DirectClaim
from gateway.validation.verdict import Verdict

SUBJECT = "CLAIM"


@dataclass(frozen=True, slots=True)
class Signing:
    claim: str
    papers: tuple[str, ...]
    confirmations: tuple[str, ...]


async def sign(transaction: Transaction, operation: str, signing: Signing) -> Work:
    """The client has signed, at the hospital; with all that the handbook has signed, the claim is the insurer's."""
    context, connection = transaction.context, transaction.connection
    policy_id, claim_id = ids.decode_as("claim", signing.claim, 2, "input", "claim")
    row = await rows.lock(connection, policy_id, claim_id)
    if row is None or not cases.may_touch(context, row):
        raise ids.not_an_id("claim", "input", "claim")
    if not cases.step_of(context, row, "sign").leads_to:
        raise bad_input("This claim does not wait for a signature.", "input", "claim")
    terms, before = KINDS[row["kind"]], await rows.signatures(connection, policy_id, claim_id)
    account = await _account(connection, row, terms)
    direct = DirectClaim(
        liability=terms.liability,
        amount=row["asked_amount"],
        signatures=before | set(signing.papers),
        confirmations=frozenset(signing.confirmations),
    )
    found = Facts(
        operation,
        context.now,
        row["product_code"],
        terms.service,
        account=account_facts(account),
        step=cases.step_of(context, row, "sign"),
        paths=PATHS,
        direct=direct,
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(policy_id, claim_id)
        if account is not None:
            await _spend(transaction, account, subject, verdicts)
        for paper in sorted(direct.signatures - before):
            signed = {"paper": paper, "signed_by": context.viewer.principal, "signed_at": context.now}
            of_claim = {"policy_id": policy_id, "claim_id": claim_id}
            await writes.insert(transaction.writes, "claim_signatures", of_claim | signed)
        details = {"papers": sorted(direct.signatures), "confirmations": sorted(direct.confirmations)}
        await cases.move(
            transaction, cases.CLAIM, row, "sign", "SUBMITTED", details=details, documents_complete_at=context.now
        )
        await cases.tell(
            transaction,
            "claim.signed",
            "STAFF",
            subject,
            row["state_seq"] + 1,
            {"claim": ids.encode("claim", policy_id, claim_id)},
        )
        return subject

    return Work(found, write)


async def _account(connection: Any, row: Mapping[str, Any], terms: Kind) -> Mapping[str, Any] | None:
    """Of care that is counted by claims; a visit or a vaccination is counted by its booking."""
    if terms.service != "HEALTH_CHECK":
        return None
    return await entitlements.lock_account(
        connection, row["policy_id"], row["insured_id"], terms.service, row["visited_on"]
    )


async def _spend(
    transaction: Transaction, account: Mapping[str, Any], subject: Subject, verdicts: Sequence[Verdict]
) -> None:
    """One use, set aside and spent at once: with the signature the care is done."""
    context = transaction.context
    quota = next((verdict for verdict in verdicts if verdict.check == "within_quota"), None)
    ledger = Ledger(transaction.writes, subject.policy_id, account["id"], context.viewer.principal, context.now)
    await ledger.reserve(SUBJECT, subject.id, rule=quota and quota.rule, refusal=late_refusal(quota))
    await transaction.writes.flush()
    await ledger.consume(SUBJECT, subject.id, reason="signed")
    await transaction.writes.flush()
