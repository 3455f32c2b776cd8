"""`gateway papers hold|release|holds`: policies of which no paper is removed, though its time be over."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer

from gateway.cli.database import opened
from gateway.cli.speech import say, show
from gateway.mendable import Mendable
from gateway.settings import Settings

ACTOR = "cli:papers"
group = typer.Typer(no_args_is_help=True, help=__doc__)


@group.command()
def hold(
    number: Annotated[str, typer.Argument(help="Number of the policy.")],
    reason: Annotated[str, typer.Option(help="Why, such as the lawsuit: it stands in the audit trail.")],
) -> None:
    """Keep every paper of a policy until the hold is released."""
    if not reason.strip():
        raise Mendable("--reason: say why.")
    with opened(Settings.load()) as place:
        show(asyncio.run(_held(place.dsn, number.strip(), reason.strip())))


@group.command()
def release(hold: Annotated[str, typer.Argument(help="Id of the hold, as `holds` lists it.")]) -> None:
    """End a hold. Other holds of the same policy stand."""
    with opened(Settings.load()) as place:
        asyncio.run(_released(place.dsn, hold.strip()))
    say("released")


@group.command()
def holds() -> None:
    """Holds that stand."""
    with opened(Settings.load()) as place:
        for line in asyncio.run(_standing(place.dsn)):
            show(line)


async def _held(dsn: str, number: str, reason: str) -> str:
    from gateway.repositories import policies, retention

    policy = policies.policy_id(number)
    async with _transaction(dsn) as connection:
        if not await connection.fetchval("select true from policies where policy_id = $1", policy):
            raise Mendable(f"There is no policy {number}.")
        made = await retention.place_hold(connection, policy, reason=reason, actor=ACTOR, at=dt.datetime.now(dt.UTC))
        await _note(connection, "retentionHoldPlace", policy, made, reason)
    return str(made)


async def _released(dsn: str, hold: str) -> None:
    from gateway.repositories import retention

    try:
        key = uuid.UUID(hold)
    except ValueError:
        raise Mendable(f"{hold!r} is no id of a hold: see `gateway papers holds`.") from None
    async with _transaction(dsn) as connection:
        policy = await retention.lift_hold(connection, key, actor=ACTOR, at=dt.datetime.now(dt.UTC))
        if policy is None:
            raise Mendable(f"No hold {hold} stands: see `gateway papers holds`.")
        await _note(connection, "retentionHoldLift", policy, key, None)


async def _standing(dsn: str) -> list[str]:
    from gateway.repositories import retention

    async with _transaction(dsn) as connection:
        rows = await retention.standing(connection)
    return [f"{row['id']}  {row['number']}  {row['placed_at']:%Y-%m-%d %H:%M}  {row['reason']}" for row in rows]


@asynccontextmanager
async def _transaction(dsn: str) -> AsyncGenerator[Any]:
    from gateway.auth.sight import settings_of
    from gateway.auth.viewer import SYSTEM
    from gateway.postgres import session
    from gateway.postgres.pool import open_pool

    pool = await open_pool(dsn, size=1, statement_cache=0)
    try:
        async with session.transaction(pool, settings_of(SYSTEM)) as connection:
            yield connection
    finally:
        pool.terminate()


async def _note(connection: Any, operation: str, policy: uuid.UUID, hold: uuid.UUID, reason: str | None) -> None:
    from gateway.repositories import audit
    from gateway.repositories.audit import Why

    await audit.append(
        connection,
        actor_kind="SYSTEM",
        actor=ACTOR,
        operation=operation,
        policy_id=policy,
        subject_id=hold,
        request_id="cli",
        rulebook="",
        at=dt.datetime.now(dt.UTC),
        why=Why(purpose=reason),
    )
