"""`gateway documents register|list|retire|check`: what apps may send in production."""

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.database import connected, opened
from gateway.cli.speech import say, show
from gateway.cli.vendor_tokens import actor
from gateway.mendable import Mendable
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.execution.documents import Documents
    from gateway.repositories.trusted_documents import Registration

group = typer.Typer(no_args_is_help=True, help=__doc__)
App = Annotated[str | None, typer.Option(help="Only of this app.")]
APOLLO = "apollo-persisted-query-manifest"


@group.command()
def register(
    files: Annotated[list[Path], typer.Argument(help="Documents (.graphql), or manifests of them (.json).")],
    app: Annotated[str, typer.Option(help="The app that sends them.")] = "app",
    budget: Annotated[
        int | None, typer.Option(help="What one may cost; by default a customer's budget.", min=1)
    ] = None,
) -> None:
    """Register documents: all of them, or none where one is wrong or too dear."""
    from gateway.repositories import trusted_documents

    settings = Settings.load()
    most = budget or settings.lanes.customer.budget
    documents = _documents(settings)
    read = [_read(documents, place, text, most) for path in files for place, text in _texts(path)]
    digest, now = _schema_digest(), dt.datetime.now(dt.UTC)

    async def work(connection: Any) -> None:
        for item in read:
            is_new = await trusted_documents.register(
                connection, item, app=app, schema_sha256=digest, actor=actor(), now=now
            )
            show(f"{item.sha256}  {', '.join(item.operations)}  cost {item.cost}{'' if is_new else '  was there'}")

    _run(settings, work)


@group.command("list")
def list_(
    app: App = None,
    retired: Annotated[bool, typer.Option(help="Those that were retired, too.")] = False,
) -> None:
    """List documents with their cost, their scopes and the tables that they read."""
    from gateway.repositories import trusted_documents

    async def work(connection: Any) -> None:
        for row in await trusted_documents.listed(connection, app, with_retired=retired):
            state = "" if row["retired_at"] is None else f"  retired {row['retired_at']:%Y-%m-%d}"
            show(
                f"{row['sha256']}  {row['app']}  {', '.join(row['operations'])}  cost {row['cost']}"
                f"  {' '.join(row['scopes']) or '-'}  {' '.join(row['tables']) or '-'}{state}"
            )

    _run(Settings.load(), work)


@group.command()
def retire(
    sha256: Annotated[str, typer.Argument(help="Its id, as `gateway documents list` shows it.")], app: App = None
) -> None:
    """Retire a document: within ten seconds no worker takes it any more."""
    from gateway.repositories import trusted_documents

    async def work(connection: Any) -> None:
        now = dt.datetime.now(dt.UTC)
        apps = await trusted_documents.retire(connection, sha256, app, actor=actor(), now=now)
        if not apps:
            raise Mendable("there is no such document in use: `gateway documents list` shows all")
        say(f"retired for {', '.join(apps)}")

    _run(Settings.load(), work)


@group.command()
def check(app: App = None) -> None:
    """Hold every document in use against the schema of this release, and tell which clients it would break."""
    from gateway.repositories import trusted_documents

    settings = Settings.load()
    documents, digest = _documents(settings), _schema_digest()

    async def work(connection: Any) -> None:
        rows = await trusted_documents.listed(connection, app, with_retired=False)
        broken = [line for row in rows for line in _breaks(documents, row)]
        for line in broken:
            show(line)
        if broken:
            raise Mendable(f"{len(broken)} of {len(rows)} documents would break")
        older = sum(row["schema_sha256"] != digest for row in rows)
        say(f"{len(rows)} documents are good, {older} of them registered under another schema")

    _run(settings, work)


def _run(settings: Settings, work: Callable[[Any], Awaitable[None]]) -> None:
    async def within(connection: Any) -> None:
        async with connection.transaction():
            await work(connection)

    with opened(settings) as place:
        asyncio.run(connected(place, within))


def _documents(settings: Settings) -> "Documents":
    from gateway.execution.documents import Documents
    from gateway.schema import schema

    return Documents(schema._schema, settings.bounds)  # pyright: ignore[reportPrivateUsage]


def _schema_digest() -> str:
    from gateway.resolvers.trusted_documents import sha256_of
    from gateway.schema import sdl

    return sha256_of(sdl())


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """(where it stands, the text), exactly as clients send it."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Mendable(f"{path} is not UTF-8") from None
    if path.suffix == ".json":
        yield from _of_manifest(path, text)
    else:
        yield str(path), text


def _of_manifest(path: Path, text: str) -> Iterator[tuple[str, str]]:
    """Apollo's manifest, or Relay's: an object of ids and texts."""
    from gateway.resolvers.trusted_documents import sha256_of

    try:
        given = json.loads(text)
        is_apollo = given.get("format") == APOLLO
        pairs = [(item["id"], item["body"]) for item in given["operations"]] if is_apollo else list(given.items())
        digests = [(name, body, sha256_of(body)) for name, body in pairs]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Mendable(f"{path} is no manifest: an object of ids and documents, or {APOLLO}") from None
    for name, body, digest in digests:
        if name.removeprefix("sha256:") != digest:
            raise Mendable(f"{path}: {name[:80]} is not the SHA-256 of its document, {digest}")
        yield f"{path}: {name}", body


def _read(documents: "Documents", place: str, text: str, most: int) -> "Registration":
    from gateway.faults import Fault
    from gateway.resolvers.trusted_documents import registration

    try:
        found = registration(documents, text)
    except Fault as fault:
        raise Mendable(f"{place}: {fault.message}") from None
    if found.cost > most:
        raise Mendable(
            f"{place}: it may cost {found.cost}, and {most} is the budget: ask for smaller pages or --budget"
        )
    return found


def _breaks(documents: "Documents", row: Any) -> Iterator[str]:
    from gateway.faults import Fault
    from gateway.resolvers.trusted_documents import registration

    try:
        registration(documents, row["text"])
    except Fault as fault:
        yield f"{row['sha256']}  {row['app']}  {', '.join(row['operations'])}  {fault.message}"
