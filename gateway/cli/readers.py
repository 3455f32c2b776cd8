"""`gateway personal readers`: who has read what of the people of a policy, for the answer to whoever asks it."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gateway.cli.database import connected, opened
from gateway.cli.personal import note
from gateway.cli.speech import say, show
from gateway.mendable import Mendable
from gateway.settings import Settings

HEAD = "at\tkind\tactor\twhat\tcase\tfields\tpurpose\ton behalf of\trequest"


def readers(number: Annotated[str, typer.Argument(help="Number of the policy.")]) -> None:
    """List who was shown diagnoses, papers, statements or numbers in full, and why. No value is told.

    One line a case and reading, with tabs between. The list itself is noted in the audit trail.
    """

    async def work(connection: Any) -> list[str]:
        return await _told(connection, number)

    with opened(Settings.load()) as place:
        lines = asyncio.run(connected(place, work))
    show("\n".join([HEAD, *lines]))


async def _told(connection: Any, number: str) -> list[str]:
    from gateway.repositories import audit
    from gateway.repositories.policies import policy_id

    key = policy_id(number)
    if not await connection.fetchval("select exists (select from policies where policy_id = $1)", key):
        raise Mendable(f"No policy has the number {number}.")
    if archived := await audit.archived_reads(connection):
        say(f"earlier readings are in the archive: {', '.join(archived)}")
    rows = await audit.reads(connection, key)
    await note(connection, "readersTold", {"lines": len(rows)}, policy_id=key)
    return [_line(row) for row in rows]


def _line(row: Mapping[str, Any]) -> str:
    """Fields of a reading, or the kind of a paper."""
    details = row["details"]
    told = (
        row["at"].isoformat(timespec="seconds"),
        row["actor_kind"],
        row["actor"],
        row["operation"],
        row["subject_id"].hex,
        ", ".join(details.get("fields", ())) or details.get("kind", ""),
        row["purpose"],
        row["on_behalf_of"],
        row["request_id"],
    )
    return "\t".join(str(word or "-") for word in told)
