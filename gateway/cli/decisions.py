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
    """Judge every decision once more, and tell those that come out otherwise.

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
    from gateway.validation.replay import differences, is_kept, other_judgement

    known = await knowledge.load(connection)
    by = (known.calendar, known.rulebook if present else None)
    without, judged = 0, list[tuple[str, list[str]]]()
    async for decision in rows.of_claims(connection):
        if is_kept(decision):
            judged.append((f"{decision['number']} revision {decision['revision']}", differences(decision, *by)))
        else:
            without += 1
    async for case in rows.of_other_cases(connection):
        judged.append((f"{case['operation']} {case['subject_id']}", other_judgement(case["facts"], *by)))
    others = [f"{name}: {'; '.join(found)}" for name, found in judged if found]
    return len(judged) - len(others), without, others
