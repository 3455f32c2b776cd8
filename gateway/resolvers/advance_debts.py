"""What is owed back of an advance: after its settlement, and after each later decision on its claim.

What the insurer has returned to the vendor stays there: where a later decision grants less, the client owes that to the
insurer (see `claim_decisions`), and the vendor only what it has not got.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.repositories import advances as rows
from gateway.repositories import repayments as debts
from gateway.repositories import writes
from gateway.resolvers import advance_cases as stays
from gateway.resolvers import cases, claim_cases
from gateway.resolvers.commands import Subject, Transaction
from gateway.resolvers.numbers import new_number
from gateway.validation.adjudication import NOTHING, Sums
from models.base import new_id


async def owe(
    transaction: Transaction, advance: Mapping[str, Any], amount: Decimal, *, is_refused: bool, revision: int = 0
) -> None:
    now, vendor = transaction.context.now, advance["vendor_code"]
    owed = {
        "policy_id": advance["policy_id"],
        "id": new_id(),
        "number": new_number("RP", now),
        "insured_id": advance["insured_id"],
        "advance_id": advance["id"],
        "revision": revision,
        "cause": "NOT_COVERED" if is_refused else "ADVANCE_EXCESS",
        "payee": "INSURER" if vendor is None else "VENDOR",
        "vendor_code": vendor,
        "state": "OPEN",
        "amount": amount,
        "paid_amount": NOTHING,
        "waived_amount": NOTHING,
        "is_demo": advance["is_demo"],
        "created_at": now,
        "updated_at": now,
    }
    await writes.insert(transaction.writes, "repayments", owed)


async def follow(
    transaction: Transaction, claim: Mapping[str, Any], revision: int, sums: Sums, reason: str | None
) -> None:
    """A settled advance after a new decision on its claim. The claim is locked; its settlement locks the advance alone
    and reads the claim after."""
    if claim["advance_id"] is None:
        return
    policy_id, connection = claim["policy_id"], transaction.connection
    advance = await rows.lock(connection, policy_id, claim["advance_id"])
    assert advance is not None  # a foreign key
    if advance["settled_at"] is None:
        return
    paid: Decimal = advance["paid_amount"]
    covered = min(paid, sums.paid)
    got = max(covered, claim_cases.returned_to_vendor(claim))
    why = reason or f"{claim['number']}/{revision}"
    standing = await debts.lock_all(connection, policy_id, advance["id"])
    more = paid - got - sum((row["amount"] - row["written_off"] for row in standing), NOTHING)
    if more > 0:
        await owe(transaction, advance, more, is_refused=sums.outcome == "REFUSED", revision=revision)
    await _let_go(transaction, standing, -more, why)
    await _settle_anew(transaction, advance, sums.paid, covered, reason)


async def _let_go(transaction: Transaction, standing: Sequence[Mapping[str, Any]], amount: Decimal, why: str) -> None:
    """What is not owed any more, of the newest debt first; what was paid back already the claim's payment returns."""
    left = amount
    for row in standing:
        part = min(left, row["outstanding_amount"])
        if part > 0:
            left -= part
            context = transaction.context
            await debts.lessen(
                transaction.writes,
                row,
                kind="WRITE_OFF",
                amount=part,
                state="PARTIALLY_PAID" if part < row["outstanding_amount"] else "WAIVED",
                reference=None,
                reason=why,
                actor=context.viewer.principal,
                now=context.now,
            )


async def _settle_anew(
    transaction: Transaction, advance: Mapping[str, Any], granted: Decimal, covered: Decimal, reason: str | None
) -> None:
    repayable = advance["paid_amount"] - covered
    await cases.move(
        transaction,
        cases.ADVANCE,
        advance,
        "resettle",
        "SETTLED",
        reason=reason,
        details={"adjudicated": str(granted), "covered": str(covered), "repayable": str(repayable)},
        adjudicated_amount=granted,
        covered_amount=covered,
        repayable_amount=repayable,
    )
    subject = Subject(advance["policy_id"], advance["id"])
    for audience in ("CUSTOMER", "VENDOR"):
        sequence, vendor = advance["state_seq"] + 1, advance["vendor_code"]
        await stays.post(transaction, "advance.settled", audience, subject, sequence, vendor)
