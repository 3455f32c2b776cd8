"""`gateway serve`."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import typer

from gateway.cli.database import connected, prepared
from gateway.cli.openings import openings
from gateway.cli.speech import say, show
from gateway.cli.tokens import demo_viewers, sign
from gateway.postgres.place import Place
from gateway.settings import Settings

ENDINGS = (signal.SIGINT, signal.SIGTERM)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes any that is free.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes; all share one database.")] = None,
    demo: Annotated[bool, typer.Option(help="Load demo data and print a token for each role.")] = False,
) -> None:
    """Start the database, bring it up to date, and serve."""
    for ending in ENDINGS:  # also while it starts, and also in the background of a shell that has Ctrl-C ignored
        signal.signal(ending, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        _serve(_settings(host=host, port=port, workers=workers), demo=demo)
    say("stopped")


def _settings(**flags: str | int | None) -> Settings:
    """Flags win. They travel in the environment, since that is where workers look."""
    given = {f"GATEWAY_{name.upper()}": str(value) for name, value in flags.items() if value is not None}
    os.environ.update(given)
    os.environ.setdefault("GATEWAY_JOBS", "inside")
    return Settings.load()


def _serve(settings: Settings, *, demo: bool) -> None:
    from gateway.serving import listen, run

    with listen(settings) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        with prepared(settings, demo=demo) as place:
            lines = [*_addresses(settings, place), *(_demo(settings, place) if demo else ())]
            run(replace(settings, database_url=place.dsn), listener, when_ready=lambda: show("\n".join(lines)))


def _addresses(settings: Settings, place: Place) -> Iterator[str]:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}/graphql"
    yield f"GraphQL   {address}"
    if settings.is_development:
        yield f"GraphiQL  {address} in a browser"
    yield from (f"Open      {line}" for line in openings(settings))
    yield f"Database  {_database(settings, place)}"


def _database(settings: Settings, place: Place) -> str:
    if place.server is None:
        return "the one that DATABASE_URL names"
    shared = "" if place.server.pid else "; another process started it, and it is taken over when that one ends"
    return f"embedded, in {settings.folder / 'postgres'}{shared}"


def _demo(settings: Settings, place: Place) -> list[str]:
    if not settings.is_development:
        return ["\nNo tokens: those that are signed here open a gateway in development only."]
    return asyncio.run(_tokens(settings, place))


async def _tokens(settings: Settings, place: Place) -> list[str]:
    viewers = await connected(place, demo_viewers)
    return [f"\n{label}\n{sign(settings, viewer)}" for label, viewer in viewers]
