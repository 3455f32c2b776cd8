"""Cards in people's hands: bound by the product's own proof, and put back into use by staff."""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.personal import normal
from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Code, Fault, bad_input
from gateway.postgres import session
from gateway.repositories import card_bindings as rows
from gateway.repositories import outbox, policies, writes
from gateway.resolvers import cases, inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.resolvers.requests import no_such_policy
from gateway.resolvers.telling import told_by
from gateway.validation.facts import Facts
from gateway.validation.facts.cards import Binding
from gateway.validation.verdict import Verdict
from models.base import new_id

CODE_DIGITS = 6
CODE_LIVES = dt.timedelta(minutes=5)
ATTEMPTS = 5
CODES_AN_HOUR = 5
HOUR = dt.timedelta(hours=1)
SEALED = "outbox_messages.card_code"
FIELDS = ("policyNumber", "name", "phone", "code", "relation", "idType", "idNumber", "birthOn", "gender")
PATHS = {field: ("input", field) for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who somebody says the insured is."""

    policy_number: str
    name: str
    phone: str | None = None
    code: str | None = None
    relation: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    birth_on: dt.date | None = None
    gender: str | None = None


async def send_code(transaction: Transaction, operation: str, claimed: Claimed) -> Work:
    """A code to the phone that was given in the application; it serves this person once."""
    context, connection = transaction.context, transaction.connection
    if claimed.phone is None:
        raise bad_input("Expected the phone that was given in the application.", "input", "phone")
    policy, claimed = await _asked_for(transaction, operation, claimed)
    insured = _named(policy, claimed.name)
    card = None if insured is None else await _card(transaction, policy, insured[0])
    principal, sent_at = context.viewer.principal, context.wall_clock
    if card is not None and await _sent_lately(connection, card, principal, sent_at) >= CODES_AN_HOUR:
        raise Fault(Code.THROTTLED, "So many codes were sent within the hour.", retryAfterMs=3_600_000)
    found = _facts(context, operation, policy, claimed, insured, None)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        assert card is not None
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        sent = new_id()
        row = {
            "policy_id": card["policy_id"],
            "id": sent,
            "card_id": card["id"],
            "principal": principal,
            "phone_hash": context.services.vault.fingerprint("PHONE", claimed.phone or ""),
            "code_hash": _hashed(card["id"], code),
            "attempts": 0,
            "sent_at": sent_at,
            "expires_at": sent_at + CODE_LIVES,
        }
        await writes.insert(transaction.writes, "card_codes", row)
        sealed = context.services.vault.seal(f"{claimed.phone}:{code}", SEALED)
        await outbox.post(
            transaction.writes,
            policy_id=card["policy_id"],
            subject_id=card["id"],
            topic="card.code",
            audience="CUSTOMER",
            dedupe_key=f"card.code:{sent.hex}",
            now=context.now,
            payload={"sealed": base64.b64encode(sealed).decode()},
        )
        return Subject(card["policy_id"], card["id"])

    return Work(found, write)


async def count_attempt(context: Context, policy_number: str) -> None:
    """Before the request is looked at, and in a transaction of its own: a refusal must not undo it."""
    policy_id = policies.policy_id(policy_number.strip())
    if context.viewer.reaches(policy_id):
        told = told_by(context.viewer, policy_id)
        async with session.transaction(context.services.pool, told) as connection:
            await rows.count_attempt(connection, policy_id, context.viewer.principal, context.wall_clock)


async def bind(transaction: Transaction, operation: str, claimed: Claimed) -> Work:
    """A card for whoever proves to be of the family: by name and phone, or by name and paper, as the product says."""
    context = transaction.context
    policy, claimed = await _asked_for(transaction, operation, claimed)
    insured = _named(policy, claimed.name)
    card = None if insured is None else await _card(transaction, policy, insured[0])
    principal = context.viewer.principal
    code = None
    if card is not None and claimed.code is not None:
        code = await rows.code_of(transaction.connection, card["policy_id"], card["id"], principal, context.wall_clock)
    found = _facts(context, operation, policy, claimed, insured, _is_right(context, claimed, card, code))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        assert card is not None
        subject = Subject(card["policy_id"], card["id"])
        if code is not None:
            key = {"policy_id": subject.policy_id, "id": code["id"]}
            await writes.update(transaction.writes, "card_codes", key, {"used_at": context.wall_clock})
        if card["is_held"]:  # it is theirs already, and stays so
            return subject
        binding = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "card_id": subject.id,
            "principal": principal,
            "relation": claimed.relation,
            "proof": "PHONE_CODE" if code is not None else "IDENTITY",
            "bound_at": context.now,
        }
        await writes.insert(transaction.writes, "card_bindings", binding)
        await cases.move(transaction, cases.CARD, card, "bind", "BOUND")
        return subject

    return Work(found, write)


async def reinstate(transaction: Transaction, operation: str, *, card: str, reason: str) -> Work:
    """Staff lift what suspends a card; the same bill does not suspend it again, another one does."""
    context = transaction.context
    why = inputs.required(inputs.text(reason, "input", "reason"), "input", "reason")
    policy_id, card_id = ids.decode_as("card", card, 2, "input", "card")
    row = await rows.lock(transaction.connection, policy_id, card_id)
    if row is None:
        raise ids.not_an_id("card", "input", "card")
    live = await rows.live_suspensions(transaction.connection, policy_id, card_id)
    if not live:
        raise bad_input("Nothing suspends this card.", "input", "card")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        lifted = [suspension["id"] for suspension in live]
        await rows.lift(transaction.writes, policy_id, lifted, by=context.viewer.principal, reason=why, now=context.now)
        subject = Subject(policy_id, card_id)
        await outbox.post(
            transaction.writes,
            policy_id=policy_id,
            subject_id=card_id,
            topic="card.reinstated",
            audience="CUSTOMER",
            dedupe_key=f"card.reinstated:{lifted[-1].hex}",
            now=context.now,
            payload={"card": ids.encode("card", policy_id, card_id)},
        )
        return subject

    return Work(Facts(operation, context.now, row["product_code"], ""), write)


async def _asked_for(transaction: Transaction, operation: str, claimed: Claimed) -> tuple[Mapping[str, Any], Claimed]:
    context = transaction.context
    policy = await rows.asked_for(transaction.connection, policies.policy_id(claimed.policy_number.strip()))
    if policy is None or not _may_act(context, policy):
        raise no_such_policy()
    if not context.services.rulebook.governing(operation, policy["product_code"], ""):
        raise bad_input("This policy's product has no card that is bound in this way.", "input", "policyNumber")
    id_number = claimed.id_number
    if id_number is not None and id_number.strip():
        id_number = inputs.id_number(claimed.id_type or "OTHER", id_number, "input", "idNumber")
    cleaned = Claimed(
        policy_number=claimed.policy_number,
        name=inputs.name(claimed.name, "input", "name") or "",
        phone=inputs.phone(claimed.phone, "input", "phone"),
        code=inputs.name(claimed.code, "input", "code"),
        relation=claimed.relation,
        id_type=claimed.id_type,
        id_number=id_number or None,
        birth_on=claimed.birth_on,
        gender=claimed.gender,
    )
    return policy, cleaned


def _may_act(context: Context, policy: Mapping[str, Any]) -> bool:
    return context.viewer.kind is ViewerKind.CUSTOMER and context.viewer.reaches(policy["policy_id"])


def _named(policy: Mapping[str, Any], name: str) -> Any:
    """The insured of exactly this name, but for blanks and full-width signs."""
    return next((person for person in policy["insured"] if normal(person[1]) == normal(name)), None)


async def _card(transaction: Transaction, policy: Mapping[str, Any], insured: uuid.UUID) -> Mapping[str, Any]:
    """The insured's card, locked; the first who asks for it has it made."""
    context, connection = transaction.context, transaction.connection
    principal = context.viewer.principal
    card = await rows.lock_of(connection, policy["policy_id"], insured, principal)
    if card is None:
        await rows.issue(
            connection,
            policy_id=policy["policy_id"],
            insured_id=insured,
            number=new_number("CARD", context.now),
            is_demo=policy["is_demo"],
            rulebook=context.services.rulebook.version,
            now=context.now,
        )
        card = await rows.lock_of(connection, policy["policy_id"], insured, principal)
    assert card is not None
    return card


async def _sent_lately(connection: Any, card: Mapping[str, Any], principal: str, now: dt.datetime) -> int:
    return await rows.codes_since(connection, card["policy_id"], card["id"], principal, now - HOUR)


def _is_right(context: Context, claimed: Claimed, card: Any, code: Any) -> bool:
    """Of a code that works: it was sent to this very phone, and was not tried too often."""
    if card is None or code is None or claimed.code is None or claimed.phone is None:
        return False
    same_phone = code["phone_hash"] in context.services.vault.fingerprints("PHONE", claimed.phone)
    same_code = hmac.compare_digest(code["code_hash"], _hashed(card["id"], claimed.code))
    return same_phone and same_code and code["attempts"] <= ATTEMPTS


def _hashed(card: uuid.UUID, code: str) -> bytes:
    return hashlib.sha256(card.bytes + code.strip().encode()).digest()


def _facts(
    context: Context,
    operation: str,
    policy: Mapping[str, Any],
    claimed: Claimed,
    insured: Any,
    is_code_right: bool | None,
) -> Facts:
    vault = context.services.vault
    phones = set() if claimed.phone is None else set(vault.fingerprints("PHONE", claimed.phone))
    is_phone = not phones.isdisjoint(policy["phones"])
    papers: set[tuple[str, bytes]] = set()
    if claimed.id_type is not None and claimed.id_number is not None:
        papers = {(claimed.id_type, mark) for mark in vault.fingerprints(claimed.id_type, claimed.id_number)}
    meant = insured or next((person for person in policy["insured"] if person[2:4] in papers), None)
    is_paper = meant is not None and meant[2:4] in papers
    is_person = meant is not None and meant[4:6] == (claimed.birth_on, claimed.gender)
    return Facts(
        operation=operation,
        now=context.now,
        product=policy["product_code"],
        service="",
        form={
            "relation": claimed.relation,
            "name": claimed.name,
            "idType": claimed.id_type,
            "idNumber": claimed.id_number,
            "birthOn": claimed.birth_on,
            "gender": claimed.gender,
        },
        paths=PATHS,
        binding=Binding(
            sold_by=policy["channel"],
            effective_at=policy["effective_at"],
            is_name_as_applied=insured is not None,
            is_phone_as_applied=is_phone,
            is_code_right=is_code_right,
            is_paper_as_applied=is_paper,
            is_person_as_applied=is_person,
        ),
    )
