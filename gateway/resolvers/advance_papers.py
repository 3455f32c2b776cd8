"""Papers that are handed in for an advance."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import advances as rows
from gateway.repositories import bookings as paper_rows
from gateway.resolvers.commands import Subject, Transaction
from gateway.resolvers.uploads import KIND
from gateway.validation.facts.cases import Paper


@dataclass(frozen=True, slots=True)
class Handed:
    """A paper that is handed in, and as what."""

    kind: str
    document: str


async def papers_given(
    connection: Any, policy_id: uuid.UUID, handed: Sequence[Handed]
) -> tuple[list[tuple[uuid.UUID, str]], tuple[Paper, ...]]:
    """Uploaded papers with what they are handed in as; one of another policy is answered like one that is not there."""
    wanted = {ids.decode_as("doc", paper.document, 2, "input", "documents"): _kind(paper) for paper in handed}
    if not wanted:
        return [], ()
    own = {document: kind for (policy, document), kind in wanted.items() if policy == policy_id}
    found = await paper_rows.papers(connection, policy_id, list(own))
    if len(found) != len(wanted):
        raise ids.not_an_id("doc", "input", "documents")
    known = [(row["id"], own[row["id"]], row["issued_on"]) for row in found]
    return [item[:2] for item in known], tuple(Paper(kind, issued_on) for _, kind, issued_on in known)


def _kind(paper: Handed) -> str:
    if not KIND.fullmatch(paper.kind):
        raise bad_input("Expected a kind of paper in capital letters, such as ADMISSION_RECORD.", "input", "documents")
    return paper.kind


async def link_papers(transaction: Transaction, subject: Subject, handed: Sequence[tuple[uuid.UUID, str]]) -> None:
    await rows.link_papers(transaction.writes, subject.policy_id, handed, subject.id)
