"""`gateway schema`, `access`, `rules` and `doctor`: what the code, the rulebook and the installation are."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.database import connected
from gateway.cli.openings import openings
from gateway.cli.speech import show
from gateway.mendable import Mendable
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.postgres.place import Place

SHOWN_DIFFERENCES = 10


def schema(
    check: Annotated[Path | None, typer.Option(help="Compare with this file instead of printing.")] = None,
) -> None:
    """Print the schema in SDL, or tell whether a file still has it."""
    from gateway.schema import sdl

    if check is None:
        typer.echo(sdl(), nl=False)
    elif not check.is_file() or check.read_text(encoding="utf-8") != sdl():
        raise Mendable(f"{check} is not the schema of the code: run `gateway schema > {check}`")


def access(
    check: Annotated[Path | None, typer.Option(help="Compare with this file instead of printing.")] = None,
) -> None:
    """Print who sees and does what, or tell whether a file still says so."""
    from gateway.schema.access_page import access_page

    if check is None:
        typer.echo(access_page(), nl=False)
    elif not check.is_file() or check.read_text(encoding="utf-8") != access_page():
        raise Mendable(f"{check} is not what the code says: run `gateway access > {check}`")


def rules(
    product: Annotated[str | None, typer.Option(help="Only this product.")] = None,
    account: Annotated[str | None, typer.Option(help="Only rules that are accounted for this way.")] = None,
) -> None:
    """List the rulebook, and how each rule is accounted for."""
    from seeds.files import product_files

    rows = [(file.product.code, rule) for file in product_files() for rule in file.rules]
    _check("--product", product, {code for code, _ in rows})
    _check("--account", account, {rule.account.value for _, rule in rows})
    for code, rule in rows:
        if product in (None, code) and account in (None, rule.account.value):
            show(f"{rule.id:<14}{rule.kind.value:<13}{rule.account.value:<17}{rule.statement.en}")


def _check(option: str, given: str | None, known: set[str]) -> None:
    if given is not None and given not in known:
        raise Mendable(f"{option} {given}: it may be {', '.join(sorted(known))}")


def doctor() -> None:
    """Tell whether this installation is sound: settings, database, tables, data."""
    from gateway.postgres.place import place

    settings = Settings.load()
    show(f"mode       {settings.mode}")
    for line in openings(settings):
        show(f"open       {line}")
    with place(settings) as found:
        asyncio.run(_examine(found))


async def _examine(place: "Place") -> None:
    from gateway.postgres.migrate import drift

    version = await connected(place, _version)
    show(f"database   PostgreSQL {version}, {'embedded' if place.is_embedded else 'external'}")
    await _examine_role(place)
    differences = await drift(place.owner_dsn)
    for difference in differences[:SHOWN_DIFFERENCES]:
        show(f"tables     {difference}")
    if differences:
        more = len(differences) - SHOWN_DIFFERENCES
        if more > 0:
            show(f"tables     and {more} more differences")
        raise Mendable("the tables are not those of this release: `gateway seed` brings them up to date")
    show("tables     up to date")
    unprotected = await connected(place, _unprotected)
    if unprotected:
        raise Mendable(f"row security is not that of this release on {', '.join(unprotected)}: run `gateway seed`")
    show("rows       row security is on")
    show(f"data       {await connected(place, _data)}")


async def _examine_role(place: "Place") -> None:
    """The gateway's own role is to be one that row security holds back."""
    from gateway.postgres.protect import exemption

    why = await connected(place, lambda connection: exemption(connection, place.role))
    if why is not None:
        show(f"role       WARNING: the role that the gateway works as {why}; set DATABASE_URL to one that")
        show("           owns nothing, and DATABASE_OWNER_URL to the owner")


async def _unprotected(connection: Any) -> list[str]:
    from gateway.auth.row_security import row_policies
    from gateway.postgres.protect import differing

    return await differing(connection, row_policies())


async def _version(connection: Any) -> str:
    return await connection.fetchval("show server_version")


async def _data(connection: Any) -> str:
    """Whether the handbook data is that of this release."""
    from seeds.state import seeds_digest

    applied = await connection.fetchval("select sha256 from seed_states where name = 'seeds'")
    if applied != seeds_digest():
        raise Mendable("the handbook data is not that of this release: `gateway seed` brings it up to date")
    return "up to date"
