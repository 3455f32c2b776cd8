"""Agreeing to one use of personal data, by the text that was shown, and taking it back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Code, Fault, bad_input
from gateway.postgres.pool import Record
from gateway.repositories import consents, grants, vendors
from gateway.resolvers import inputs
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import policy_to_act_for
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.guardians import consent_is_given_by
from gateway.validation.verdict import Verdict
from models.base import new_id

PREFIX = "cons"
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
LONGEST_LIST = 50


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    policy_number: str
    insured: str
    kind: str
    vendor: str | None
    recipient: str | None
    recipient_contact: str | None
    purpose: str
    method: str | None
    data_kinds: tuple[str, ...]
    text_version: str
    text_sha256: str


async def grant(transaction: Transaction, operation: str, request: ConsentRequest) -> Work:
    context, connection = transaction.context, transaction.connection
    policy = await policy_to_act_for(context, connection, request.policy_number)
    insured = await insured_of(connection, context, policy["policy_id"], request.insured)
    described = await _described(connection, request)
    row: dict[str, Any] = {
        "policy_id": policy["policy_id"],
        "id": new_id(),
        "insured_id": insured["id"],
        **described,
        "given_by": _giver(context, policy["policy_id"], insured),
        "principal": context.viewer.principal,
        "language": context.language,
        "granted_at": context.wall_clock,
    }

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await consents.replace(connection, row)
        return Subject(row["policy_id"], row["id"])

    return Work(Facts(operation, context.now, policy["product_code"], ""), write)


async def withdraw(transaction: Transaction, operation: str, *, consent: str) -> Work:
    """From now on; what was done under it stays done."""
    context, connection = transaction.context, transaction.connection
    policy_id, consent_id = ids.decode_as(PREFIX, consent, 2, "input", "consent")
    row = await consents.lock(connection, policy_id, consent_id)
    if row is None or not context.viewer.reaches(policy_id, row["insured_id"]):
        raise ids.not_an_id(PREFIX, "input", "consent")
    insured = await grants.insured(connection, policy_id, row["insured_id"])
    _giver(context, policy_id, insured)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await consents.withdraw(connection, row, actor=context.viewer.principal, now=context.wall_clock)
        return Subject(policy_id, consent_id)

    return Work(Facts(operation, context.now, "", ""), write)


async def insured_of(connection: Any, context: Context, policy_id: Any, person: str) -> Record:
    """The insured of an id, if the viewer reaches them; any other id is answered alike."""
    policy, member = ids.decode_as("person", person, 2, "input", "insured")
    found = await grants.insured(connection, policy_id, member) if policy == policy_id else None
    if found is None or not (context.viewer.role or context.viewer.reaches(policy_id, member)):
        raise ids.not_an_id("person", "input", "insured")
    return found


def _giver(context: Context, policy_id: Any, insured: Record | None) -> str:
    if insured is None:
        raise ids.not_an_id("person", "input", "insured")
    roles = context.viewer.roles_on(policy_id, insured["id"])
    giver = consent_is_given_by(roles, insured["birth_on"], civil_day(context.now), is_holder=insured["is_holder"])
    if giver is None:
        raise Fault(
            Code.FORBIDDEN,
            "This consent is not yours to give: the insured gives it, an agent with papers, or for a minor a guardian.",
            missingScopes=[],
        )
    return giver


async def _described(connection: Any, request: ConsentRequest) -> dict[str, Any]:
    if not SHA256.fullmatch(request.text_sha256.lower()):
        raise bad_input("Expected SHA-256 of the text that was shown, as 64 hexadecimal digits.", "input", "textSha256")
    if len(request.data_kinds) > LONGEST_LIST:
        raise bad_input(f"Expected 0 to {LONGEST_LIST} items.", "input", "dataKinds")
    contact = inputs.text(request.recipient_contact, "input", "recipientContact")
    method = inputs.text(request.method, "input", "method")
    if request.kind == "CROSS_BORDER" and (contact is None or method is None):
        raise bad_input("Sending data abroad needs the recipient's contact and the method.", "input")
    return {
        "kind": request.kind,
        "recipient": await _recipient(connection, request),
        "recipient_contact": contact,
        "purpose": inputs.required(inputs.name(request.purpose, "input", "purpose"), "input", "purpose"),
        "method": method,
        "data_kinds": [
            inputs.required(inputs.name(kind, "input", "dataKinds"), "input", "dataKinds")
            for kind in request.data_kinds
        ],
        "text_version": inputs.required(
            inputs.name(request.text_version, "input", "textVersion"), "input", "textVersion"
        ),
        "text_sha256": request.text_sha256.lower(),
    }


async def _recipient(connection: Any, request: ConsentRequest) -> str:
    """A vendor by its code; anybody else by name; nobody where the data goes nowhere."""
    if request.kind == "VENDOR_SHARING":
        if request.vendor not in await vendors.names(connection):
            raise bad_input("Expected the code of a vendor.", "input", "vendor")
        return request.vendor or ""
    if request.vendor is not None:
        raise bad_input("Only VENDOR_SHARING names a vendor: leave the field out.", "input", "vendor")
    recipient = inputs.name(request.recipient, "input", "recipient")
    if recipient is None and request.kind in ("THIRD_PARTY_SHARING", "CROSS_BORDER"):
        raise bad_input("Sharing needs the name of the recipient.", "input", "recipient")
    return recipient or ""
