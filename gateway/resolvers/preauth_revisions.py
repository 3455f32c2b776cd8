"""Revisions of requests for authorization: an extension or a change is a new request in the place of the earlier one.

Nobody has decided on the earlier one: the new request takes its place at once. It was approved: it stays in force until
something is granted on the new one; then both change places in one transaction, letters of guarantee included, and the
new letter carries what hospitals have drawn already.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import guarantees as letter_rows
from gateway.repositories import preauths as rows
from gateway.resolvers import cases, guarantees
from gateway.resolvers.commands import Subject, Transaction

APPROVED = frozenset({"APPROVED", "PARTIALLY_APPROVED"})
SUPERSEDE, SUPERSEDED = "supersede", "SUPERSEDED"
PATH = ("input", "supersedes")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a granted revision takes the place of: a request that is still in force, and its live letters."""

    earlier: Mapping[str, Any] | None = None
    letters: Sequence[Mapping[str, Any]] = ()
    carried: Decimal = guarantees.NOTHING


async def earlier(
    transaction: Transaction, asked: Mapping[str, Any], insured: uuid.UUID, given: str | None
) -> Mapping[str, Any] | None:
    """The request that is revised, locked: of the same insured at the same hospital, and not revised yet."""
    if given is None:
        return None
    row = await cases.locked(transaction, given, *PATH)
    await _require_revisable(transaction.context, transaction.connection, row, asked, insured)
    return row


async def looked_up(
    context: Context, connection: Any, asked: Mapping[str, Any], insured: uuid.UUID, given: str | None
) -> Mapping[str, Any] | None:
    """The same for a question, which locks nothing and may leave the hospital open."""
    if given is None:
        return None
    row = await rows.look(connection, *ids.decode_as("preauth", given, 2, *PATH))
    if row is None or not cases.may_touch(context, row):
        raise ids.not_an_id("preauth", *PATH)
    await _require_revisable(context, connection, row, asked, insured)
    return row


async def _require_revisable(
    context: Context, connection: Any, row: Mapping[str, Any], asked: Mapping[str, Any], insured: uuid.UUID
) -> None:
    if row["policy_id"] != asked["policy_id"] or row["insured_id"] != insured:
        raise ids.not_an_id("preauth", *PATH)
    if asked["code"] not in (None, row["hospital_code"]):
        raise bad_input("A revision stays with its hospital: treatment elsewhere is a request of its own.", *PATH)
    if SUPERSEDED not in cases.step_of(context, row, SUPERSEDE).leads_to:
        raise bad_input("Expected a request that is approved, or that waits for its decision.", *PATH)
    revision = await rows.live_revision(connection, row["policy_id"], row["id"])
    if revision is not None:
        raise bad_input(f"Its revision {revision} is live: revise or withdraw that one.", *PATH)


def goes_on(row: Mapping[str, Any] | None, treatment_on: dt.date) -> bool:
    """Whether treatment that was approved, and asked for in time, is changed or goes on without a gap."""
    if row is None or row["state"] not in APPROVED:
        return False
    return row["treatment_on"] <= treatment_on <= row["valid_until"] + guarantees.A_DAY


async def replace_undecided(transaction: Transaction, row: Mapping[str, Any] | None, revision: Subject) -> None:
    if row is None or row["state"] in APPROVED:
        return
    await _supersede(transaction, row, revision)


async def standing(transaction: Transaction, row: Mapping[str, Any], granted: Decimal, *path: str) -> Standing:
    """What a decision that grants would replace. What was drawn is drawn: no less than that can be granted."""
    if row["supersedes_id"] is None:
        return Standing()
    connection, policy_id = transaction.connection, row["policy_id"]
    before = await rows.lock(connection, policy_id, row["supersedes_id"])
    letters = await letter_rows.lock_letters(connection, policy_id, row["supersedes_id"])
    carried = await letter_rows.drawn_so_far(connection, policy_id, row["id"])
    if granted < carried:
        raise bad_input(f"The hospital has drawn {carried} already: a revision grants no less.", *path)
    is_standing = before is not None and before["state"] in APPROVED
    return Standing(before if is_standing else None, letters, carried)


async def change_places(transaction: Transaction, place: Standing, revision: Subject) -> None:
    for letter in place.letters:
        await guarantees.supersede(transaction, letter)
    if place.earlier is not None:
        await _supersede(transaction, place.earlier, revision)


async def _supersede(transaction: Transaction, row: Mapping[str, Any], revision: Subject) -> None:
    details = {"revision": ids.encode("preauth", *revision.key)}
    await cases.move(transaction, cases.PREAUTH, row, SUPERSEDE, SUPERSEDED, details=details)
