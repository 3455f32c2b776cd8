"""`gateway token issue|rotate|revoke|list`: tokens of vendors, for whoever runs the gateway."""

import asyncio
import datetime as dt
import getpass
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from gateway.cli.database import connected, opened
from gateway.cli.speech import say, show
from gateway.mendable import Mendable
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.auth.vendor_tokens import Minted
    from gateway.resolvers.tokens import TokenRequest

T = TypeVar("T")
Days = Annotated[int, typer.Option(help="Days until it ends.", min=1, max=731)]
TokenId = Annotated[str, typer.Argument(help="Its id, vtok_…, as `gateway token list` shows it.")]


def join(group: typer.Typer) -> None:
    for name, command in {"issue": issue, "rotate": rotate, "revoke": revoke, "list": list_}.items():
        group.command(name)(command)


def issue(
    vendor: Annotated[str, typer.Option(help="Vendor code.")],
    name: Annotated[str, typer.Option(help="Name, for people to tell it by.")],
    scopes: Annotated[str | None, typer.Option(help="Scopes separated by blanks; by default a vendor's.")] = None,
    products: Annotated[str | None, typer.Option(help="Products; by default all that it has contracts for.")] = None,
    services: Annotated[str | None, typer.Option(help="Services; by default all that it delivers.")] = None,
    hospitals: Annotated[str | None, typer.Option(help="Hospital codes; by default not bound to any.")] = None,
    days: Days = 365,
) -> None:
    """Issue a token to a vendor. The secret is printed this once; only its keyed hash is kept."""
    from gateway.auth.viewer import VENDOR_SCOPES
    from gateway.repositories.tokens import contract
    from gateway.resolvers.tokens import TokenRequest

    async def work(connection: Any, settings: Settings) -> None:
        covered = await contract(connection, vendor)
        request = TokenRequest(
            vendor=vendor,
            name=name,
            scopes=_words(scopes) or VENDOR_SCOPES,
            products=_words(products) or tuple(sorted(covered.products if covered else ())),
            services=_words(services),
            hospitals=_words(hospitals),
            expires_at=_in_days(days),
        )
        _tell(*await _issue(connection, settings, request))

    _run(work)


def rotate(
    token: TokenId,
    overlap: Annotated[int, typer.Option(help="Hours in which both work.", min=0, max=168)] = 24,
    days: Days = 365,
) -> None:
    """Replace a token by a new one that covers the same; the old one ends after the overlap."""

    async def work(connection: Any, settings: Settings) -> None:
        _tell(*await _rotate(connection, settings, _key(token), overlap=dt.timedelta(hours=overlap), days=days))

    _run(work, takes_away=True)


def revoke(token: TokenId) -> None:
    """Revoke a token: it opens nothing from the next request on."""
    from gateway.repositories import tokens

    async def work(connection: Any, settings: Settings) -> None:
        key = _key(token)
        await _locked(connection, key)
        await tokens.revoke(connection, key, actor=actor(), now=_now())
        await _record(connection, "vendorTokenRevoke", key)
        say("revoked")

    _run(work, takes_away=True)


def list_(vendor: Annotated[str | None, typer.Option(help="Only this vendor's.")] = None) -> None:
    """List tokens, newest first. Secrets are kept nowhere, so none is shown."""
    from gateway.repositories import tokens

    async def work(connection: Any, settings: Settings) -> None:
        for row in await tokens.listed(connection, vendor):
            show(_line(row))

    _run(work)


def _run(work: Callable[[Any, Settings], Awaitable[None]], *, takes_away: bool = False) -> None:
    """In one transaction on the owner's connection. What a caller of the API reads as a fault, a person reads here.

    Where access may have been taken away, workers are told to look at who is connected, as after a mutation.
    """
    from gateway.faults import Fault
    from gateway.repositories import changes

    settings = Settings.load()

    async def within(connection: Any) -> None:
        async with connection.transaction():
            await work(connection, settings)
        if takes_away:
            await changes.hint(connection, changes.PEOPLE)

    try:
        with opened(settings) as place:
            asyncio.run(connected(place, within))
    except Fault as fault:
        raise Mendable(_told(fault)) from None


def _told(fault: Any) -> str:
    path = (fault.extensions or {}).get("inputPath") or ["input", "token"]
    return f"--{path[-1]}: {fault.message}"


async def _issue(connection: Any, settings: Settings, request: "TokenRequest") -> "tuple[uuid.UUID, Minted]":
    from gateway.auth.vendor_tokens import VendorKey
    from gateway.resolvers.tokens import checked, issued

    draft = await checked(connection, request, _now())
    key = VendorKey.load(settings.vendor_key)
    token, minted = await issued(connection, draft, key, actor=actor(), now=_now())
    await _record(connection, "vendorTokenIssue", token)
    return token, minted


async def _rotate(
    connection: Any, settings: Settings, key: uuid.UUID, *, overlap: dt.timedelta, days: int
) -> "tuple[uuid.UUID, Minted]":
    from gateway.auth.vendor_tokens import VendorKey
    from gateway.repositories import tokens
    from gateway.resolvers.tokens import issued, successor_of

    draft = successor_of(await _locked(connection, key), expires_at=_in_days(days), now=_now())
    new, minted = await issued(connection, draft, VendorKey.load(settings.vendor_key), actor=actor(), now=_now())
    await tokens.succeed(connection, key, new, until=_now() + overlap)
    await _record(connection, "vendorTokenRotate", new)
    return new, minted


async def _locked(connection: Any, key: uuid.UUID) -> Any:
    from gateway.repositories import tokens

    row = await tokens.lock(connection, key)
    if row is None:
        raise Mendable("there is no such token: `gateway token list` shows all")
    return row


async def _record(connection: Any, operation: str, subject: uuid.UUID) -> None:
    from gateway.repositories import audit
    from gateway.repositories.rulebook import version

    await audit.append(
        connection,
        actor_kind="SYSTEM",
        actor=actor(),
        operation=operation,
        policy_id=None,
        subject_id=subject,
        request_id=uuid.uuid4().hex,
        rulebook=await version(connection),
        at=_now(),
    )


def _tell(token: uuid.UUID, minted: "Minted") -> None:
    """The secret alone on standard output, so that it can go straight to where it is kept."""
    from gateway.execution import ids
    from gateway.resolvers.tokens import ID_PREFIX

    say(f"issued {ids.encode(ID_PREFIX, token)}; its secret is shown this once")
    show(minted.text)


def _line(row: Any) -> str:
    from gateway.execution import ids
    from gateway.resolvers.tokens import ID_PREFIX

    used = f"{row['last_used_at']:%Y-%m-%d %H:%M}Z" if row["last_used_at"] else "never"
    return (
        f"{ids.encode(ID_PREFIX, row['id'])}  {row['prefix']}…  {row['vendor_code']:<14}{_state(row):<25}"
        f"used {used:<19}{row['name']}  {' '.join(row['products'])}"
    )


def _state(row: Any) -> str:
    if row["revoked_at"] is not None:
        return "revoked"
    if row["expires_at"] <= _now():
        return "expired"
    return f"until {row['expires_at']:%Y-%m-%d %H:%M}Z"


def _key(token: str) -> uuid.UUID:
    from gateway.execution import ids
    from gateway.resolvers.tokens import ID_PREFIX

    return ids.decode_as(ID_PREFIX, token, 1, "token")[0]


def _words(given: str | None) -> tuple[str, ...]:
    return tuple((given or "").replace(",", " ").split())


def _in_days(days: int) -> dt.datetime:
    return _now() + dt.timedelta(days=days)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def actor() -> str:
    """The account of the machine that the command runs under."""
    try:
        return f"operator:{getpass.getuser()}"
    except (KeyError, OSError):
        return "operator"
