"""`gateway personal rotate` and `retire`: the keys that seal personal numbers."""

import asyncio
import datetime as dt
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.database import connected, opened
from gateway.cli.speech import say, show
from gateway.mendable import Mendable
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.auth.personal import PersonalVault

BATCH = 500
PATIENCE = 60
"""Seconds. No request of the gateway takes a fourth of it."""

group = typer.Typer(no_args_is_help=True, help="Keys of personal data.")


@group.command()
def rotate(
    key_only: Annotated[
        bool, typer.Option("--key-only", help="Add the key and stop, to copy the file to other machines first.")
    ] = False,
    batch: Annotated[int, typer.Option(help="Values per transaction.", min=1, max=10_000)] = BATCH,
) -> None:
    """Seal all personal numbers anew under a new key. It may be interrupted at any time: the next run goes on.

    A new key is added only where nothing is left from an earlier rotation.
    """
    settings = Settings.load()

    async def work(connection: Any) -> int:
        return await _rotated(connection, settings.personal_key, key_only=key_only, batch=batch)

    with opened(settings) as place:
        count = asyncio.run(connected(place, work))
    show(f"{count} values sealed anew")


@group.command()
def retire() -> None:
    """Forget the keys that seal nothing any more."""
    settings = Settings.load()

    async def work(connection: Any) -> int:
        return await _retired(connection, settings.personal_key)

    with opened(settings) as place:
        count = asyncio.run(connected(place, work))
    show(f"{count} keys forgotten")


async def _rotated(connection: Any, path: Path, *, key_only: bool, batch: int) -> int:
    from gateway.auth.personal import PersonalVault, add_key

    vault = PersonalVault.load(path)
    if await _left(connection, vault) == 0:
        add_key(path)
        say(f"a new key is in {path}: back it up")
        if key_only:
            return 0
    elif key_only:
        raise Mendable("An earlier rotation is not finished: run it without --key-only first.")
    else:
        say("an earlier rotation is finished first")
    await _earlier_ended(connection)
    return await _reseal(connection, vault, batch)


async def _left(connection: Any, vault: "PersonalVault") -> int:
    from gateway.repositories import personal

    counts = [await personal.sealed_by_others(connection, place, vault.mark) for place in personal.places()]
    return sum(counts)


async def _reseal(connection: Any, vault: "PersonalVault", batch: int) -> int:
    """In small transactions, so that nobody waits long for a row and nothing is lost when it ends."""
    from cryptography.exceptions import InvalidTag

    from gateway.repositories import personal

    total = 0
    for place in personal.places():
        while True:
            try:
                async with connection.transaction():
                    count = await personal.reseal(connection, place, vault, batch)
            except InvalidTag:
                raise Mendable(
                    f"{place.text} holds values whose key is not in the file: put that key back in front of the others."
                ) from None
            total += count
            if count == 0:
                break
    await note(connection, "personalKeyRotate", {"values": total})
    return total


async def _retired(connection: Any, path: Path) -> int:
    from gateway.auth.personal import MARK_BYTES, PersonalVault, keep_keys
    from gateway.repositories import personal

    PersonalVault.load(path)
    await _earlier_ended(connection)
    used: set[bytes] = set()
    for place in personal.places():
        used |= await personal.marks(connection, place, MARK_BYTES)
    count = keep_keys(path, frozenset(used))
    await note(connection, "personalKeyRetire", {"keys": count})
    return count


async def _earlier_ended(connection: Any) -> None:
    """Whatever has been sealed by an older key and is not committed yet would be missed, and its key forgotten."""
    from gateway.repositories import personal

    earlier = await personal.under_way(connection)
    deadline = time.monotonic() + PATIENCE
    while earlier & await personal.under_way(connection):
        if time.monotonic() > deadline:
            raise Mendable("Transactions that began before this are still open: run it again when they have ended.")
        await asyncio.sleep(0.1)


async def note(
    connection: Any,
    operation: str,
    details: Mapping[str, Any],
    *,
    policy_id: uuid.UUID | None = None,
    actor: str = "cli:personal",
) -> None:
    """What is done by command stands in the audit trail as well."""
    from gateway.repositories import audit
    from gateway.repositories.audit import Why

    await audit.append(
        connection,
        actor_kind="SYSTEM",
        actor=actor,
        operation=operation,
        policy_id=policy_id,
        subject_id=policy_id or uuid.UUID(int=0),
        request_id="cli",
        rulebook="",
        at=dt.datetime.now(dt.UTC),
        why=Why(details=details),
    )
