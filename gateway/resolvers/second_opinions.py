"""Asking for a second opinion from abroad."""

from collections.abc import Sequence

from gateway.repositories import writes
from gateway.resolvers import critical_care
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.critical_care import CareRequest
from gateway.resolvers.requests import link_papers
from gateway.validation.verdict import Verdict

SERVICE = "SECOND_OPINION"
MACHINE = "SECOND_OPINION"


async def request(transaction: Transaction, operation: str, request: CareRequest) -> Work:
    placing = await critical_care.begin(transaction, operation, request, service=SERVICE, machine=MACHINE, prefix="SOP")

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await placing.write(verdicts)
        row = critical_care.columns(request, placing, subject, verdicts)
        await writes.insert(
            transaction.writes,
            "second_opinion_details",
            row | {"questions": [], "not_applicable": {}, "needs_scan": False},
        )
        await link_papers(transaction, subject, [paper.document for paper in request.documents])
        return subject

    return Work(placing.facts, write)
