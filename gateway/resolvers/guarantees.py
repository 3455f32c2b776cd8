"""Letters of guarantee: issued to a hospital, handed over, drawn on, taken back, and verified by their code."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg

from gateway.auth.sight import settings_of
from gateway.auth.viewer import SYSTEM, ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.postgres import session
from gateway.repositories import guarantees as letter_rows
from gateway.repositories import preauths as rows
from gateway.resolvers import cases, inputs
from gateway.resolvers.bookings import only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import NUMBER_LETTERS, new_number
from gateway.resolvers.personal import masked_name
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict
from models.base import new_id

CODE_LETTERS = 16
A_DAY = dt.timedelta(days=1)
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Check:
    """What a hospital learns of a letter whose code it holds."""

    number: str
    status: str
    hospital_code: str
    patient_name: str
    ceiling: Decimal
    remaining: Decimal
    starts_on: dt.date
    ends_on: dt.date
    is_usable: bool


async def issue(transaction: Transaction, operation: str, *, preauth: str) -> Work:
    """Another letter for what was approved, after the first was taken back or its code was lost."""
    row = await cases.locked(transaction, preauth)
    live = await letter_rows.lock_letters(transaction.connection, row["policy_id"], row["id"])
    _require_issuable(row, live)
    granted = sum((item[5] or Decimal(0) for item in row["items"]), Decimal(0))
    carried = await letter_rows.drawn_so_far(transaction.connection, row["policy_id"], row["id"])
    if granted <= carried:
        raise bad_input("All that was granted has been drawn.", "input", "preAuth")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        code = await write_letter(transaction, row, granted, carried)
        return Subject(row["policy_id"], row["id"], {"letterCode": code})

    return Work(Facts(operation, transaction.context.now, row["product_code"], ""), write)


def _require_issuable(row: Mapping[str, Any], live: Sequence[Any]) -> None:
    if row["state"] not in ("APPROVED", "PARTIALLY_APPROVED"):
        raise bad_input("Only what was approved is guaranteed.", "input", "preAuth")
    if not is_billing_directly(row):
        raise bad_input("This hospital does not bill directly: there is no letter for it.", "input", "preAuth")
    if live:
        raise bad_input("A letter for this hospital is live: take it back first.", "input", "preAuth")


def is_billing_directly(row: Mapping[str, Any]) -> bool:
    """Whether the hospital is in the plan's network on the day of the treatment and, if public, marked."""
    day = row["treatment_on"]
    in_network = any(
        (begins is None or begins <= day) and (ends is None or day < ends) for begins, ends in row["memberships"]
    )
    return in_network and (row["is_direct_billing"] or row["ownership"] == "PRIVATE")


async def write_letter(
    transaction: Transaction, row: Mapping[str, Any], ceiling: Decimal, carried: Decimal = NOTHING
) -> str:
    """The letter, and the code that proves it, of which only a hash is kept. What was drawn on earlier letters is taken
    from its ceiling at once."""
    context = transaction.context
    code = "".join(secrets.choice(NUMBER_LETTERS) for _ in range(CODE_LETTERS))
    letter: dict[str, Any] = {
        "policy_id": row["policy_id"],
        "id": new_id(),
        "preauth_id": row["id"],
        "number": new_number("GL", context.now),
        "hospital_code": row["hospital_code"],
        "plan_code": row["plan_code"],
        "state": "ISSUED",
        "ceiling": ceiling,
        "drawn": carried,
        "carried": carried,
        "period": asyncpg.Range(row["treatment_on"], row["valid_until"] + A_DAY),
        "code_hash": hashed(code),
        "issued_by": context.viewer.principal,
        "issued_at": context.now,
    }
    await cases.begin(transaction, cases.LETTER, letter, "issue")
    payload = {"guaranteeLetter": ids.encode("letter", letter["policy_id"], letter["id"])}
    subject = Subject(letter["policy_id"], letter["id"])
    await cases.tell(
        transaction, "guarantee_letter.issued", "VENDOR" if row["vendor_code"] else "STAFF", subject, 1, payload
    )
    return code


def hashed(code: str) -> bytes:
    """The code is long and random, so that a plain hash gives nothing away."""
    return hashlib.sha256(code.replace("-", "").replace(" ", "").upper().encode()).digest()


async def deliver(transaction: Transaction, operation: str, *, letter: str) -> Work:
    """The hospital has it in hand."""
    row, found = await step_on(transaction, operation, letter, "deliver")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        delivered_at = transaction.context.now
        await cases.move(transaction, cases.LETTER, row, "deliver", only_state(found), delivered_at=delivered_at)
        return Subject(row["policy_id"], row["id"])

    return Work(found, write)


async def revoke(transaction: Transaction, operation: str, *, letter: str, reason: str) -> Work:
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    row, found = await step_on(transaction, operation, letter, "revoke")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await end(transaction, row, "revoke", only_state(found), why)
        subject = Subject(row["policy_id"], row["id"])
        payload = {"guaranteeLetter": ids.encode("letter", *subject.key)}
        await cases.tell(transaction, "guarantee_letter.revoked", "STAFF", subject, row["state_seq"] + 1, payload)
        return subject

    return Work(found, write)


async def supersede(transaction: Transaction, row: Mapping[str, Any]) -> None:
    """Another letter takes its place; the hospital is told which of them is good for nothing now."""
    await end(transaction, row, "supersede", "SUPERSEDED", "a revision was approved")
    subject = Subject(row["policy_id"], row["id"])
    payload = {"guaranteeLetter": ids.encode("letter", *subject.key)}
    await cases.tell(transaction, "guarantee_letter.superseded", "STAFF", subject, row["state_seq"] + 1, payload)


async def end(transaction: Transaction, row: Mapping[str, Any], command: str, state: str, reason: str) -> None:
    await cases.move(transaction, cases.LETTER, row, command, state, reason=reason, ended_at=transaction.context.now)


async def step_on(
    transaction: Transaction, operation: str, letter: str, command: str
) -> tuple[Mapping[str, Any], Facts]:
    """The letter of an id, locked after its request. One that is foreign is answered like one that is not there."""
    policy_id, letter_id = ids.decode_as("letter", letter, 2, "input", "letter")
    connection, context = transaction.connection, transaction.context
    preauth = await letter_rows.preauth_of_letter(connection, policy_id, letter_id)
    request = None if preauth is None else await rows.lock(connection, policy_id, preauth)
    if request is None or not cases.may_touch(context, request):
        raise ids.not_an_id("letter", "input", "letter")
    row = await letter_rows.lock_letter(connection, policy_id, letter_id)
    if row is None:
        raise ids.not_an_id("letter", "input", "letter")
    step = cases.step_of(context, row, command)
    return row, Facts(operation, context.now, request["product_code"], "", step=step)


async def verify(context: Context, number: str, code: str) -> Check | None:
    """What a number and its code stand for today. A wrong code is answered like a letter that is not there."""
    opened = session.Telling(context.services.pool, settings_of(SYSTEM))  # it is the code that opens the letter
    row = await letter_rows.letter_of_code(opened, number.strip(), hashed(code))
    viewer = context.viewer
    if row is None or viewer.kind not in (ViewerKind.VENDOR, ViewerKind.STAFF):
        return None
    if not viewer.covers(product=row["product_code"], hospital=row["hospital_code"]):
        return None
    today, ends_on = civil_day(context.now), row["period"].upper - A_DAY
    is_over = row["ended_at"] is None and today > ends_on
    remaining = NOTHING if is_over or row["ended_at"] is not None else row["ceiling"] - row["drawn"]
    return Check(
        number=row["number"],
        status="EXPIRED" if is_over else row["state"],
        hospital_code=row["hospital_code"],
        patient_name=masked_name(row["name"]),
        ceiling=row["ceiling"],
        remaining=remaining,
        starts_on=row["period"].lower,
        ends_on=ends_on,
        is_usable=remaining > 0 and row["period"].lower <= today,
    )
