"""Papers that come with a claim, as lines of its checklist."""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import bookings as paper_rows
from gateway.repositories import writes
from gateway.resolvers import cases
from gateway.resolvers.claim_filings import path_to
from gateway.resolvers.commands import Subject, Transaction
from gateway.resolvers.requests import HandedIn
from gateway.validation.facts.claims import Copy
from gateway.validation.reimbursement import Needed
from models.base import new_id

MOST_PAPERS = 50
PAPER_KIND = re.compile(r"^[A-Z][A-Z0-9_]{0,59}$", re.ASCII)


async def handed_in(
    connection: Any, policy_id: uuid.UUID, papers: Sequence[HandedIn]
) -> tuple[dict[tuple[str, str], uuid.UUID], tuple[Copy, ...]]:
    """Papers by kind and id, with their keys; and what their bytes tell."""
    if len(papers) > MOST_PAPERS:
        raise bad_input(f"At most {MOST_PAPERS} documents.", *path_to("documents"))
    for place, paper in enumerate(papers):
        if not PAPER_KIND.match(paper.kind):
            wrong = "Expected a kind in capital letters, such as INVOICE."
            raise bad_input(wrong, *path_to("documents", str(place), "kind"))
    found = await cases.papers_found(connection, policy_id, [paper.document for paper in papers])
    known = {row["id"]: row for row in found}
    decoded = {paper: ids.decode_as("doc", paper.document, 2, *path_to("documents"))[1] for paper in papers}
    copies = tuple(_copy(paper.kind, known[key]) for paper, key in decoded.items())
    return {(paper.kind, paper.document): key for paper, key in decoded.items()}, copies


def _copy(kind: str, row: Mapping[str, Any]) -> Copy:
    return Copy(kind, row["has_color"], row["shorter_side"], row["dots_per_inch"])


async def write_papers(
    transaction: Transaction,
    subject: Subject,
    papers: Mapping[tuple[str, str], uuid.UUID],
    needed: Sequence[Needed],
) -> None:
    """What was handed in, as lines of the checklist, with the rules that ask for it."""
    rules = {kind: paper for paper in needed for kind in (paper.kind, *paper.alternatives)}
    lines: list[dict[str, Any]] = []
    for (kind, _), document in papers.items():
        rule = rules.get(kind)
        row = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "claim_id": subject.id,
            "kind": kind,
            "is_required": rule is not None and rule.is_required,
            "rule_code": rule and rule.rule,
            "document_id": document,
            "state": "PROVIDED",
        }
        lines.append(row)
    await writes.insert_all(transaction.writes, "claim_documents", lines)
    await paper_rows.link_papers(transaction.writes, subject.policy_id, list(set(papers.values())), subject.id)
