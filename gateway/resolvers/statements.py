"""What is noted of a statement before it is given out."""

import datetime as dt
import uuid
from collections.abc import Sequence

from gateway.context import Context
from gateway.repositories import audit
from gateway.repositories.audit import Why
from gateway.resolvers import papers


async def note(context: Context, key: Sequence[uuid.UUID], kind: str) -> None:
    """A page with a diagnosis and sums leaves the house: who took it, of which case. A key begins with the policy."""
    services, viewer = context.services, context.viewer
    async with papers.transaction(services) as connection:
        await audit.append(
            connection,
            actor_kind=viewer.kind.value,
            actor=viewer.principal,
            operation="statementRead",
            policy_id=key[0],
            subject_id=key[-1],
            request_id=context.request_id,
            rulebook=services.rulebook.version,
            at=dt.datetime.now(dt.UTC),
            why=Why(details={"kind": kind}),
        )
