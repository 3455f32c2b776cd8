"""The clinic brand that a series stays with: bound by the first visit, and moved by the insurer once it has closed."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import hospital_visits as rows
from gateway.repositories import outbox, writes
from gateway.resolvers import inputs
from gateway.resolvers.bookings import Case
from gateway.resolvers.commands import RefusedByDatabase, Subject, Transaction, Work
from gateway.resolvers.requests import policy_to_act_for
from gateway.validation.facts import Facts
from gateway.validation.facts.visits import Transfer
from gateway.validation.verdict import Status, Verdict

VACCINE = "VACCINE"
SERVICE = "VACCINATION"


async def keep_to_brand(case: Case, found: Facts, verdicts: Sequence[Verdict]) -> None:
    """A visit that begins is an actual one."""
    insured, booking = case.row["insured_id"], case.booking_id
    await bind_to_brand(case.transaction, case.policy_id, insured, booking, found, verdicts)


async def bind_to_brand(
    transaction: Transaction,
    policy_id: uuid.UUID,
    insured_id: uuid.UUID,
    booking_id: uuid.UUID | None,
    found: Facts,
    verdicts: Sequence[Verdict],
) -> None:
    """An actual visit binds the series; the database decides which of two first visits at once is the first."""
    billing, context = found.billing, transaction.context
    rule = next((verdict for verdict in verdicts if verdict.check == "same_brand"), None)
    if billing is None or billing.brand is None or rule is None:
        return
    if billing.liability not in context.services.rulebook.rules[rule.rule].parameters["liabilities"]:
        return
    bound = await rows.lock_brand(
        transaction.connection,
        policy_id=policy_id,
        insured_id=insured_id,
        liability=billing.liability,
        brand=billing.brand,
        booking_id=booking_id,
        now=context.now,
    )
    if bound != billing.brand:
        raise RefusedByDatabase(
            replace(rule, status=Status.REFUSED, values={"locked_brand": bound, "brand": billing.brand})
        )


async def request_transfer(
    transaction: Transaction, operation: str, *, policy_number: str, insured: str | None, reason: str | None
) -> Work:
    """The brand has closed: the client asks the insurer for another one."""
    context, connection = transaction.context, transaction.connection
    policy = await policy_to_act_for(context, connection, policy_number)
    lock = await _lock(connection, policy["policy_id"], insured)
    why = inputs.text(reason, "input", "reason")
    found = Facts(
        operation,
        context.now,
        policy["product_code"],
        SERVICE,
        transfer=Transfer(lock["brand_code"], lock["closed_on"]),
        paths={"policyNumber": ("input", "policyNumber")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        made = await rows.ask_transfer(
            connection,
            policy_id=lock["policy_id"],
            lock_id=lock["id"],
            reason=why,
            by=context.viewer.principal,
            now=context.now,
        )
        if made is None:
            raise bad_input("A transfer of this series waits for its decision already.", "input", "policyNumber")
        await _tell(transaction, lock["policy_id"], made, "brand_transfer.requested", "STAFF")
        return Subject(lock["policy_id"], made)

    return Work(found, write)


async def _lock(connection: Any, policy_id: uuid.UUID, insured: str | None) -> Mapping[str, Any]:
    """The series that is meant: the named person's, or the only one of the policy."""
    live = await rows.live_locks(connection, policy_id, VACCINE)
    if insured is not None:
        _, person = ids.decode_as("person", insured, 2, "input", "insured")
        live = [lock for lock in live if lock["insured_id"] == person]
    if not live:
        raise bad_input("No series of this policy is bound to a brand: there is nothing to move.", "input", "insured")
    if len(live) > 1:
        raise bad_input("Several people of this policy have a series: name one of them.", "input", "insured")
    return live[0]


async def decide_transfer(
    transaction: Transaction, operation: str, *, transfer: str, approve: bool, brand: str | None, reason: str | None
) -> Work:
    """Staff names the brand to go to, or gives a reason against it. Approved, the bond moves in the same instant."""
    context, connection = transaction.context, transaction.connection
    policy_id, transfer_id = ids.decode_as("btrf", transfer, 2, "input", "transfer")
    asked = await rows.open_transfer(connection, policy_id, transfer_id)
    if asked is None:
        raise ids.not_an_id("btrf", "input", "transfer")
    if asked["state"] != "REQUESTED":
        raise bad_input("This transfer has been decided already.", "input", "transfer")
    why = inputs.text(reason, "input", "reason")
    if not approve:
        inputs.required(why, "input", "reason")
    code, closed_on = await _designated(connection, brand) if approve else (None, None)
    found = Facts(
        operation,
        context.now,
        asked["product_code"],
        SERVICE,
        transfer=Transfer(
            asked["brand_code"],
            asked["closed_on"],
            approve,
            code,
            closed_on,
        ),
        paths={"brand": ("input", "brand")},
    )

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        if code is not None:
            await _move_lock(transaction, asked, code)
        await writes.update(
            transaction.writes,
            "brand_transfer_requests",
            {"policy_id": policy_id, "id": transfer_id},
            {
                "state": "APPROVED" if approve else "REJECTED",
                "designated_brand_code": code,
                "decided_by": context.viewer.principal,
                "decided_at": context.now,
                "decision_reason": why,
            },
        )
        await _tell(transaction, policy_id, transfer_id, "brand_transfer.decided", "CUSTOMER")
        return Subject(policy_id, transfer_id)

    return Work(found, write)


async def _designated(connection: Any, brand: str | None) -> tuple[str | None, dt.date | None]:
    """The brand of a code, and when it closes. Where none is named, the rule refuses that."""
    code = inputs.name(brand, "input", "brand")
    if code is None:
        return None, None
    found = await rows.brand(connection, code)
    if found is None:
        raise bad_input("No such brand: expected the code of a chain of clinics.", "input", "brand")
    return found["code"], found["closed_on"]


async def _move_lock(transaction: Transaction, asked: Mapping[str, Any], brand: str) -> None:
    connection, now = transaction.connection, transaction.context.now
    await rows.release_lock(connection, asked["policy_id"], asked["lock_id"], now)
    await rows.lock_brand(
        connection,
        policy_id=asked["policy_id"],
        insured_id=asked["insured_id"],
        liability=asked["liability"],
        brand=brand,
        booking_id=None,
        now=now,
    )


async def _tell(transaction: Transaction, policy_id: uuid.UUID, transfer: uuid.UUID, topic: str, audience: str) -> None:
    await outbox.post(
        transaction.writes,
        policy_id=policy_id,
        subject_id=transfer,
        topic=topic,
        audience=audience,
        dedupe_key=f"{topic}:{transfer.hex}",
        now=transaction.context.now,
        payload={"transfer": ids.encode("btrf", policy_id, transfer)},
    )
