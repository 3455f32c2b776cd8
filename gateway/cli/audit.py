"""`gateway audit archive` and `verify`: lines of the audit trail whose time in the database is over."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli import archives
from gateway.cli.database import connected, opened
from gateway.cli.personal import note
from gateway.cli.speech import say, show
from gateway.mendable import Mendable
from gateway.postgres import trail
from gateway.settings import Settings
from models.audit import ARCHIVED

LATEST = dt.timedelta(days=1)
"""After a month has ended: until then somebody may still be writing a line of it."""

group = typer.Typer(no_args_is_help=True, help=__doc__)


@group.command()
def archive(
    to: Annotated[Path, typer.Option(help="Folder of the archive; it is made where it is missing.")],
    before: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Months that ended by this day, and no later ones."),
    ] = None,
) -> None:
    """Bring months out of the database that have been there for as long as GATEWAY_KEEP_TRAIL says.

    Each is written, read once more, and then leaves the database at once, which the audit trail says itself.
    """
    settings = Settings.load()
    if not settings.keep_trail:
        raise Mendable('Every line stays for good: GATEWAY_KEEP_TRAIL says otherwise, such as {"reads": 1095}.')
    to.mkdir(parents=True, exist_ok=True)
    today = dt.datetime.now(dt.UTC).date()

    async def work(connection: Any) -> int:
        await trail.prepare(connection, today)
        parts = await trail.parts(connection)
        chosen = [(part, due(part, settings.keep_trail, today)) for part in parts if part.end <= _day(before, today)]
        return sum([await leave(connection, to, part, kind) for part, kind in chosen if kind is not None])

    with opened(settings) as place:
        count = asyncio.run(connected(place, work))
    show(f"{count} lines archived")


@group.command()
def verify(folder: Annotated[Path, typer.Argument(help="Folder of the archive.")]) -> None:
    """Tell whether an archive is whole and unchanged."""
    entries = archives.check(folder)
    if not entries:
        raise Mendable(f"{folder} holds no archive.")
    show(f"{len(entries)} files with {sum(entry.lines for entry in entries)} lines are what was archived")
    show(f"chain {entries[-1].digest()}")


def due(part: trail.Part, keep: Mapping[str, int], today: dt.date) -> str | None:
    """Which lines of a month have had their time. Those about writes stay at least as long as those about reads."""
    over = [kind for kind in ("reads", "writes") if kind in keep and _is_over(part, keep[kind], today)]
    if "reads" not in over:
        return None
    if "writes" in over:
        return "all" if part.is_whole else "writes"
    return "reads" if part.is_whole else None


def _is_over(part: trail.Part, days: int, today: dt.date) -> bool:
    return part.end + max(dt.timedelta(days=days), LATEST) <= today


def _day(given: dt.datetime | None, today: dt.date) -> dt.date:
    return given.date() if given else today


async def leave(connection: Any, folder: Path, part: trail.Part, chosen: str) -> int:
    """How many lines left: in one transaction. Nothing joins a month while it is written, and what is written goes."""
    name = f"audit-{part.month:%Y-%m}-{chosen}.jsonl.gz"
    try:
        async with connection.transaction():
            await trail.close(connection, part)
            entry = await archives.add(folder, name, trail.lines(connection, part, chosen))
            details = {"chosen": chosen, **asdict(entry), "chain": entry.digest()}
            await note(connection, ARCHIVED, details, actor="cli:audit")
            await trail.remove(connection, part, chosen)
    except trail.Busy:
        raise Mendable(f"{part.month:%Y-%m} could not leave, since the trail was in use: run it again.") from None
    say(f"{name}: {entry.lines} lines")
    return entry.lines
