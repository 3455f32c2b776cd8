"""`gateway token --as …`, and the viewers that tokens are for."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.database import connected, opened
from gateway.cli.speech import say, show
from gateway.mendable import Mendable
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.auth.viewer import Viewer

DAYS = 30

group = typer.Typer(invoke_without_command=True)


@group.callback()
def token(
    context: typer.Context,
    as_: Annotated[str | None, typer.Option("--as", help="customer, vendor or staff")] = None,
    policy: Annotated[str | None, typer.Option(help="Policy number, for a customer.")] = None,
    vendor: Annotated[str | None, typer.Option(help="Vendor code, for a vendor.")] = None,
    role: Annotated[str | None, typer.Option(help="adjuster, supervisor, hotline or administrator.")] = None,
    scopes: Annotated[str | None, typer.Option(help="Scopes separated by blanks; by default the kind's.")] = None,
    days: Annotated[int, typer.Option(help="Days until it expires.", min=1, max=365)] = DAYS,
) -> None:
    """Print one signed token for development on standard output; or manage the tokens of vendors.

    A gateway in production takes no token that is signed here: customers and staff come by identity providers
    (GATEWAY_ISSUERS), vendors by tokens of their own (`gateway token issue`).
    """
    if context.invoked_subcommand is not None:
        return
    if as_ is None:
        context.fail("Missing option '--as'.")
    settings = Settings.load()
    cut = None if scopes is None else _known(scopes)
    viewer = _viewer(settings, as_, policy=policy, vendor=vendor, role=role)
    say("for development: a gateway in production refuses this token")
    show(sign(settings, viewer if cut is None else replace(viewer, scopes=cut), days=days))


def _viewer(settings: Settings, kind: str, *, policy: str | None, vendor: str | None, role: str | None) -> "Viewer":
    match kind:
        case "staff":
            return _staff(_needed(role, "--role"))
        case "customer":
            number = _needed(policy, "--policy")
            return _looked_up(settings, lambda connection: _customer(connection, number))
        case "vendor":
            code = _needed(vendor, "--vendor")
            return _looked_up(settings, lambda connection: _vendor(connection, code))
        case _:
            raise Mendable(f"--as {kind}: it may be customer, vendor or staff")


def _needed(value: str | None, option: str) -> str:
    if not value:
        raise Mendable(f"{option} is needed for this kind of token")
    return value


def _known(given: str) -> frozenset[str]:
    from gateway.auth.viewer import SCOPES

    wanted = given.replace(",", " ").split()
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown:
        raise Mendable(f"--scopes: there is no {' '.join(unknown)}; there are {' '.join(SCOPES)}")
    return frozenset(wanted)


def _looked_up(settings: Settings, find: "Callable[[Any], Awaitable[Viewer]]") -> "Viewer":
    with opened(settings) as place:
        return asyncio.run(connected(place, find))


async def _customer(connection: Any, number: str) -> "Viewer":
    from gateway.auth.viewer import CUSTOMER_SCOPES, Viewer, ViewerKind
    from gateway.repositories.policies import find

    policy = await find(connection, number)
    if policy is None:
        raise Mendable(f"--policy {number}: there is no such policy")
    return Viewer(
        ViewerKind.CUSTOMER,
        f"customer:{policy['holder_id'].hex}",
        f"holder of {number}",
        frozenset(CUSTOMER_SCOPES),
        policies=(policy["policy_id"],),
    )


async def _vendor(connection: Any, code: str) -> "Viewer":
    from gateway.auth.viewer import VENDOR_SCOPES, Viewer, ViewerKind
    from gateway.repositories.vendors import names

    known = await names(connection)
    if code not in known:
        raise Mendable(f"--vendor {code}: there is no such vendor; there are {', '.join(known)}")
    return Viewer(ViewerKind.VENDOR, f"vendor:{code}", known[code], frozenset(VENDOR_SCOPES), vendor=code)


def _staff(role: str) -> "Viewer":
    from gateway.auth.viewer import STAFF_ROLES, Viewer, ViewerKind

    if role not in STAFF_ROLES:
        raise Mendable(f"--role {role}: it may be {', '.join(STAFF_ROLES)}")
    return Viewer(ViewerKind.STAFF, f"staff:{role}", role, frozenset(STAFF_ROLES[role]), role=role)


def sign(settings: Settings, viewer: "Viewer", *, days: int = DAYS) -> str:
    from gateway.auth.tokens import TokenKey

    return TokenKey.load(settings.token_key).issue(viewer, lifetime=dt.timedelta(days=days))


async def demo_viewers(connection: Any) -> "list[tuple[str, Viewer]]":
    """A viewer of each kind over the demo data, with the label to show it under."""
    customers = ("DEMO-ZYB-001", "DEMO-VAS-001", "DEMO-CY26-001")
    vendors = {"HUANQIU": "escort of ZYB", "VAS-SERVICE": "escort of VAS"}
    return [
        *[(f"customer {number}", await _customer(connection, number)) for number in customers],
        *[(f"vendor {code} ({work})", await _vendor(connection, code)) for code, work in vendors.items()],
        *[(f"staff {role}", _staff(role)) for role in ("adjuster", "supervisor", "hotline", "administrator")],
    ]
