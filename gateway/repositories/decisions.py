"""Stored decisions with their lines, for whoever looks at them once more."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

from gateway.postgres.pool import Record

NONE = uuid.UUID(int=0)
AT_ONCE = 500


async def of_claims(connection: Any) -> AsyncIterator[Record]:
    """Decisions on claims, all of them, a part at a time."""
    async for row in _paged(connection, OF_CLAIMS):
        yield row


async def of_other_cases(connection: Any) -> AsyncIterator[Record]:
    """What was decided on everything else."""
    async for row in _paged(connection, OF_OTHER_CASES):
        yield row


async def _paged(connection: Any, page_of: str) -> AsyncIterator[Record]:
    place = (NONE, NONE)
    while page := await connection.fetch(page_of, *place, AT_ONCE):
        for row in page:
            yield row
        place = (page[-1]["policy_id"], page[-1]["id"])


OF_CLAIMS = """
select d.policy_id, d.id, c.number, d.revision, d.outcome, d.facts, d.rulebook,
       array(select (l.line_id, l.asked, l.allowed, l.deductible, l.copay, l.excluded, l.other, l.paid)
             from claim_decision_lines l where l.policy_id = d.policy_id and l.decision_id = d.id
             order by l.line_id) as lines,
       (d.asked, d.allowed, d.deductible, d.copay, d.excluded, d.other, d.paid) as sums
from claim_decisions d join claims c on c.policy_id = d.policy_id and c.id = d.claim_id
where (d.policy_id, d.id) > ($1, $2) order by d.policy_id, d.id limit $3
"""
OF_OTHER_CASES = """
select j.policy_id, j.id, j.subject_id, j.operation, j.facts, j.rulebook from judgements j
where (j.policy_id, j.id) > ($1, $2) order by j.policy_id, j.id limit $3
"""
