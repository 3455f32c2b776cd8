"""Who else may act on a policy: given by staff or by the policyholder, and taken back at once.

Grants live by the real clock, as tokens do.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.auth.viewer import Viewer, ViewerKind
from gateway.execution import ids
from gateway.faults import Code, Fault, bad_input
from gateway.postgres.pool import Record
from gateway.repositories import documents, grants
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.consents import insured_of
from gateway.resolvers.requests import policy_to_act_for
from gateway.validation.calendar import completed_years
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.guardians import OF_AGE, guardian_until
from gateway.validation.verdict import Verdict
from models.base import new_id

PREFIX = "acc"
LONGEST_SUBJECT = 255
LONGEST_PAPERS = 20
AGENT_PAPERS = frozenset({"AGENT_ID", "POWER_OF_ATTORNEY"})
"""What somebody shows who acts for another: who they are, and that they may."""


@dataclass(frozen=True, slots=True)
class AccessRequest:
    policy_number: str
    issuer: str
    subject: str
    role: str
    insured: str | None
    valid_until: dt.datetime | None
    papers: tuple[str, ...]


async def grant(transaction: Transaction, operation: str, request: AccessRequest) -> Work:
    context, connection = transaction.context, transaction.connection
    policy = await policy_to_act_for(context, connection, request.policy_number)
    policy_id: uuid.UUID = policy["policy_id"]
    _require_right(context.viewer, policy_id, request.role)
    insured = None
    if request.insured is not None:
        insured = await insured_of(connection, context, policy_id, request.insured)
    until = _until(request, insured, context.wall_clock)
    papers = await _papers(connection, policy_id, request)
    subject = Subject(policy_id, new_id())

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        is_new = await grants.add(
            connection,
            policy_id=policy_id,
            grant=subject.id,
            issuer=_login(request.issuer, "issuer"),
            subject=_login(request.subject, "subject"),
            role=request.role,
            insured_id=None if insured is None else insured["id"],
            valid_until=until,
            actor=context.viewer.principal,
            now=context.wall_clock,
        )
        if not is_new:
            raise bad_input("This person is that already: revoke the old access first.", "input", "subject")
        if papers and await documents.attach(connection, policy_id, papers, subject.id) < len(papers):
            raise ids.not_an_id("doc", "input", "papers")
        return subject

    return Work(Facts(operation, context.now, policy["product_code"], ""), write)


async def revoke(transaction: Transaction, operation: str, *, access: str) -> Work:
    """From the next request on, by every worker."""
    context, connection = transaction.context, transaction.connection
    policy_id, grant_id = ids.decode_as(PREFIX, access, 2, "input", "access")
    row = await grants.lock(connection, policy_id, grant_id)
    if row is None or not (_is_staff(context.viewer) or context.viewer.reaches(policy_id)):
        raise ids.not_an_id(PREFIX, "input", "access")
    _require_right(context.viewer, policy_id, row["role"])

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await grants.revoke(connection, policy_id, grant_id, actor=context.viewer.principal, now=context.wall_clock)
        return Subject(policy_id, grant_id)

    return Work(Facts(operation, context.now, "", ""), write)


def _is_staff(viewer: Viewer) -> bool:
    return viewer.kind is ViewerKind.STAFF


def _require_right(viewer: Viewer, policy_id: uuid.UUID, role: str) -> None:
    """Staff give any access; a policyholder all but that of a policyholder."""
    if _is_staff(viewer):
        return
    if "HOLDER" not in viewer.roles_on(policy_id) or role == "HOLDER":
        raise Fault(
            Code.FORBIDDEN,
            "Only the policyholder gives and takes back access, and that of a policyholder only staff.",
            missingScopes=[],
        )


def _until(request: AccessRequest, insured: Record | None, now: dt.datetime) -> dt.datetime | None:
    """When it ends: as asked for, and for a guardian at the child's 18th birthday at the latest."""
    until = request.valid_until
    if insured is None and request.role in ("INSURED", "GUARDIAN"):
        raise bad_input("This role is about one insured: say whom.", "input", "insured")
    if request.role == "HOLDER" and insured is not None:
        raise bad_input("A policyholder's access is to the whole policy: leave the field out.", "input", "insured")
    if insured is not None:
        until = _for_insured(request.role, insured, until, now)
    if request.role == "AGENT" and until is None:
        raise bad_input("An agent's access ends some day: say when.", "input", "validUntil")
    if until is not None and until <= now:
        raise bad_input("Expected an instant to come.", "input", "validUntil")
    return until


def _for_insured(role: str, insured: Record, until: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    is_adult = completed_years(insured["birth_on"], civil_day(now)) >= OF_AGE
    if role == "INSURED" and not is_adult:
        raise bad_input("This insured is a minor: give a guardian access.", "input", "insured")
    if role != "GUARDIAN":
        return until
    if is_adult:
        raise bad_input("This insured is of age and needs no guardian.", "input", "insured")
    ending = guardian_until(insured["birth_on"])
    return ending if until is None else min(until, ending)


async def _papers(connection: Any, policy_id: uuid.UUID, request: AccessRequest) -> list[uuid.UUID]:
    """Clean papers of this policy that no case has yet; an agent brings those that show the right to act."""
    if len(request.papers) > LONGEST_PAPERS:
        raise bad_input(f"Expected 0 to {LONGEST_PAPERS} items.", "input", "papers")
    wanted = {ids.decode_as("doc", paper, 2, "input", "papers") for paper in request.papers}
    keys = [document for policy, document in wanted if policy == policy_id]
    found = await documents.kinds(connection, policy_id, keys)
    if len(found) < len(wanted):
        raise ids.not_an_id("doc", "input", "papers")
    missing = AGENT_PAPERS - {row["kind"] for row in found}
    if request.role == "AGENT" and missing:
        raise bad_input(f"An agent brings papers; missing: {', '.join(sorted(missing))}.", "input", "papers")
    return keys


def _login(value: str, field: str) -> str:
    if not 0 < len(value) <= LONGEST_SUBJECT or not value.isprintable() or value != value.strip():
        raise bad_input("Expected it as the identity provider writes it.", "input", field)
    return value
