"""More papers for a booking that is under way."""

from collections.abc import Sequence
from dataclasses import replace

from gateway.faults import bad_input
from gateway.resolvers.booking_moves import move, other_side, tell
from gateway.resolvers.bookings import case_facts, locked, only_state
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.requests import HandedIn, handed_in, link_papers, paths_of
from gateway.validation.verdict import Verdict

MOST_PAPERS = 50


async def attach(transaction: Transaction, operation: str, *, booking: str, papers: Sequence[HandedIn]) -> Work:
    """The papers belong to the case from now on; one that belongs to another case stays there."""
    if not 1 <= len(papers) <= MOST_PAPERS:
        raise bad_input(f"Expected 1 to {MOST_PAPERS} papers.", "input", "documents")
    case = await locked(transaction, booking, "attach")
    given = await handed_in(transaction.connection, case.policy_id, papers)
    found = replace(case_facts(case, operation), papers=given, paths=paths_of("documents", "visitAt"))

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        await link_papers(transaction, case.subject, [paper.document for paper in papers])
        await move(case, only_state(found), details={"kinds": sorted({paper.kind for paper in given})})
        await tell(case, "booking.documents_attached", other_side(case))
        return case.subject

    return Work(found, write)
