"""`gateway decisions replay`: stored decisions are judged once more, from what they were shown."""

import asyncio
from typing import Annotated, Any

import typer

from gateway.cli.database import connected, opened
from gateway.cli.speech import show
from gateway.settings import Settings

group = typer.Typer(no_args_is_help=True, help="Stored decisions.")


@group.callback()
def decisions() -> None:
    """Stored decisions."""


@group.command()
def replay(
    present: Annotated[
        bool, typer.Option("--present", help="By the rulebook in force, not by the one of the decision.")
    ] = False,
) -> None:
    """Judge every decision on a claim once more, and tell those that come out otherwise.

    By their own rules none may: it would mean that the gateway itself judges otherwise than it did.
    """

    async def work(connection: Any) -> tuple[int, int, list[str]]:
        return await _judged_again(connection, present=present)

    with opened(Settings.load()) as place:
        same, without, others = asyncio.run(connected(place, work))
    for line in others:
        show(line)
    show(f"{same} come out the same, {len(others)} otherwise; {without} were not made here")
    if others:
        raise typer.Exit(1)


async def _judged_again(connection: Any, *, present: bool) -> tuple[int, int, list[str]]:
    from gateway.repositories import decisions as rows
    from gateway.resolvers import knowledge
    from gateway.validation.replay import differences, is_kept

    known = await knowledge.load(connection)
    same, without, others = 0, 0, list[str]()
    async for decision in rows.of_claims(connection):
        if not is_kept(decision):
            without += 1
            continue
        found = differences(decision, known.calendar, known.rulebook if present else None)
        if found:
            others.append(f"{decision['number']} revision {decision['revision']}: {'; '.join(found)}")
        else:
            same += 1
    return same, without, others
