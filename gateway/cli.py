"""The `gateway` command. Heavy modules are imported by the commands that need them."""

import asyncio
import datetime as dt
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from gateway.settings import Settings, SettingsError

if TYPE_CHECKING:
    from gateway.auth.viewer import Viewer
    from gateway.imports.lines import Report
    from gateway.postgres.place import Place

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
imports = typer.Typer(no_args_is_help=True, help="Load files: hospitals, policies, calendar.")
app.add_typer(imports, name="import")

TOKEN_DAYS = 30
KeepGood = Annotated[bool, typer.Option("--keep-good", help="Write the good lines although others are bad.")]


def main() -> None:
    """Errors that a person can mend are told in one line; anything else is a bug and shows itself."""
    from gateway.faults import Fault
    from gateway.postgres.embedded import EmbeddedError
    from gateway.postgres.migrate import MigrationError
    from gateway.serving import AddressInUse

    try:
        app()
    except (SettingsError, EmbeddedError, MigrationError, AddressInUse) as error:
        fail(str(error))
    except Fault as fault:
        fail(fault.message)


def fail(message: str) -> NoReturn:
    typer.echo(f"gateway: {message}", err=True)
    raise SystemExit(1)


def say(message: str) -> None:
    typer.echo(message, err=True)


# Serving --------------------------------------------------------------------------------------------------------


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes; all share one database.")] = None,
    demo: Annotated[bool, typer.Option(help="Load demo data and print a token for each role.")] = False,
) -> None:
    """Start the database, bring it up to date, and serve."""
    from gateway.serving import listen
    from gateway.serving import serve as run

    settings = _with_flags(Settings.load(), host, port, workers)
    listener = listen(settings)
    with _prepared(settings, demo=demo) as place:
        settings = replace(settings, database_url=place.dsn)
        os.environ["DATABASE_URL"] = place.dsn
        _announce(settings, place, demo=demo)
        run(settings, listener)
    say("gateway: stopped")


def _with_flags(settings: Settings, host: str | None, port: int | None, workers: int | None) -> Settings:
    given = {"host": host, "port": port, "workers": workers}
    for name, value in given.items():
        if value is not None:
            os.environ[f"GATEWAY_{name.upper()}"] = str(value)
    return Settings.load() if any(value is not None for value in given.values()) else settings


@contextmanager
def _prepared(settings: Settings, *, demo: bool) -> "Iterator[Place]":
    """The database, migrated and seeded."""
    from gateway.logs import configure
    from gateway.postgres.place import place as open_place

    configure()
    with open_place(settings) as place:
        asyncio.run(_prepare(settings, place, demo=demo))
        yield place


async def _prepare(settings: Settings, place: "Place", *, demo: bool) -> None:
    from gateway.postgres.migrate import grant, migrate
    from seeds.load import seed

    if await migrate(place.owner_dsn):
        say("gateway: tables brought up to date")
    if place.is_embedded:
        await grant(place.owner_dsn)
    async with _connection(place.owner_dsn) as connection:
        if await seed(connection):
            say("gateway: handbook data loaded")
        if demo:
            await _load_demo(settings, connection)


async def _load_demo(settings: Settings, connection: Any) -> None:
    from gateway.app import PERSONAL_KEY
    from gateway.auth.personal import PersonalVault
    from seeds.demo import load_demo

    if await load_demo(connection, PersonalVault.load(settings.folder / PERSONAL_KEY)):
        say("gateway: demo data loaded")


def _announce(settings: Settings, place: "Place", *, demo: bool) -> None:
    address = f"http://{settings.host}:{settings.port}"
    typer.echo(f"GraphQL   {address}/graphql")
    if settings.is_development:
        typer.echo(f"GraphiQL  {address}/graphql in a browser")
        typer.echo("Mode      development: x-dev-now and GraphiQL are open. Never expose this to a network.")
    typer.echo(f"Database  {'embedded, in ' + str(settings.folder / 'postgres') if place.is_embedded else 'external'}")
    if demo:
        for label, viewer in asyncio.run(_demo_viewers(place)):
            typer.echo(f"\n{label}\n{_sign(settings, viewer)}")
    sys.stdout.flush()


async def _demo_viewers(place: "Place") -> "list[tuple[str, Viewer]]":
    async with _connection(place.owner_dsn) as connection:
        customers = ["DEMO-ZYB-001", "DEMO-VAS-001", "DEMO-CY26-001"]
        return [
            *[(f"customer {number}", await _customer(connection, number)) for number in customers],
            ("vendor HUANQIU (escort of ZYB)", await _vendor(connection, "HUANQIU", None)),
            ("vendor VAS-SERVICE (escort of VAS)", await _vendor(connection, "VAS-SERVICE", None)),
            *[(f"staff {role}", _staff(role)) for role in ("adjuster", "supervisor", "hotline")],
        ]


# Tokens ---------------------------------------------------------------------------------------------------------


@app.command()
def token(
    as_: Annotated[str, typer.Option("--as", help="customer, vendor or staff")],
    policy: Annotated[str | None, typer.Option(help="Policy number, for a customer.")] = None,
    vendor: Annotated[str | None, typer.Option(help="Vendor code, for a vendor.")] = None,
    scopes: Annotated[str | None, typer.Option(help="Scopes separated by blanks; by default the role's.")] = None,
    role: Annotated[str | None, typer.Option(help="adjuster, supervisor or hotline, for staff.")] = None,
    days: Annotated[int, typer.Option(help="Days until it expires.", min=1, max=365)] = TOKEN_DAYS,
) -> None:
    """Print one signed token on standard output."""
    settings = Settings.load()
    if as_ == "staff":
        viewer = _staff(_needed(role, "--role"))
    elif as_ == "customer":
        number = _needed(policy, "--policy")
        viewer = _with_connection(settings, lambda connection: _customer(connection, number))
    elif as_ == "vendor":
        code = _needed(vendor, "--vendor")
        viewer = _with_connection(settings, lambda connection: _vendor(connection, code, scopes))
    else:
        fail(f"--as {as_}: expected customer, vendor or staff")
    if scopes is not None:
        viewer = replace(viewer, scopes=_scopes(scopes))
    typer.echo(_sign(settings, viewer, days=days))


def _needed(value: str | None, option: str) -> str:
    if not value:
        fail(f"{option} is needed for this kind of token")
    return value


def _scopes(given: str) -> frozenset[str]:
    from gateway.auth.viewer import SCOPES

    wanted = given.replace(",", " ").split()
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown:
        fail(f"unknown scopes: {' '.join(unknown)}; there are {' '.join(SCOPES)}")
    return frozenset(wanted) | {"catalogue:read"}


async def _customer(connection: Any, number: str) -> "Viewer":
    from gateway.auth.viewer import CUSTOMER_SCOPES, Viewer, ViewerKind
    from gateway.repositories.policies import find

    policy = await find(connection, number)
    if policy is None:
        fail(f"--policy {number}: there is no such policy")
    return Viewer(
        ViewerKind.CUSTOMER,
        f"customer:{policy['holder_id'].hex}",
        f"holder of {number}",
        frozenset(CUSTOMER_SCOPES),
        policies=(policy["policy_id"],),
    )


async def _vendor(connection: Any, code: str, scopes: str | None) -> "Viewer":
    from gateway.auth.viewer import VENDOR_SCOPES, Viewer, ViewerKind

    name = await connection.fetchval("select name_en from vendors where code = $1", code)
    if name is None:
        known = await connection.fetchval("select string_agg(code, ', ' order by code) from vendors")
        fail(f"--vendor {code}: there is no such vendor; there are {known}")
    granted = _scopes(scopes) if scopes is not None else frozenset(VENDOR_SCOPES)
    return Viewer(ViewerKind.VENDOR, f"vendor:{code}", name, granted, vendor=code)


def _staff(role: str) -> "Viewer":
    from gateway.auth.viewer import STAFF_ROLES, Viewer, ViewerKind

    if role not in STAFF_ROLES:
        fail(f"--role {role}: expected {', '.join(STAFF_ROLES)}")
    return Viewer(ViewerKind.STAFF, f"staff:{role}", role, frozenset(STAFF_ROLES[role]), role=role)


def _sign(settings: Settings, viewer: "Viewer", *, days: int = TOKEN_DAYS) -> str:
    from gateway.app import TOKEN_KEY
    from gateway.auth.tokens import TokenKey

    return TokenKey.load(settings.folder / TOKEN_KEY).issue(viewer, lifetime=dt.timedelta(days=days))


# Data -----------------------------------------------------------------------------------------------------------


@app.command()
def seed(demo: Annotated[bool, typer.Option(help="Also load demo data, marked as such.")] = False) -> None:
    """Bring the database up to date with the tables and the handbook data."""
    with _prepared(Settings.load(), demo=demo):
        say("gateway: seeded")


@imports.command("hospitals")
def import_hospitals(file: Path, keep_good: KeepGood = False) -> None:
    """Hospitals from CSV or XLSX; by code, new ones are added and known ones updated."""
    from gateway.imports import hospitals

    _import(
        file,
        lambda connection, progress: hospitals.import_hospitals(
            connection, file, keep_good=keep_good, progress=progress
        ),
    )


@imports.command("policies")
def import_policies(file: Path, keep_good: KeepGood = False) -> None:
    """Policies from CSV or XLSX, one line for each insured."""
    from gateway.app import PERSONAL_KEY
    from gateway.auth.personal import PersonalVault
    from gateway.imports import policies

    vault = PersonalVault.load(Settings.load().folder / PERSONAL_KEY)
    _import(
        file,
        lambda connection, progress: policies.import_policies(
            connection,
            file,
            vault=vault,
            actor="cli:import",
            now=dt.datetime.now(dt.UTC),
            keep_good=keep_good,
            progress=progress,
        ),
    )


@imports.command("calendar")
def import_calendar(file: Path) -> None:
    """Working days of a published notice; they become official."""
    from gateway.imports import calendar

    _import(file, lambda connection, progress: calendar.import_calendar(connection, file, progress=progress))


def _import(file: Path, load: "Callable[[Any, Callable[[int], None]], Awaitable[Report]]") -> None:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    if not file.is_file():
        fail(f"{file}: there is no such file")
    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} lines"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        report = _with_connection(
            Settings.load(), lambda connection: load(connection, lambda read: bar.update(task, completed=read))
        )
    for problem in report.problems:
        typer.echo(str(problem), err=True)
    for warning in report.warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(f"{report.read} lines read, {report.written} written, {len(report.problems)} problems")
    if report.problems:
        raise typer.Exit(1)


# For developers -------------------------------------------------------------------------------------------------


@app.command()
def schema(
    check: Annotated[Path | None, typer.Option(help="Compare with this file instead of printing.")] = None,
) -> None:
    """Print the schema in SDL, or tell whether a file still has it."""
    from gateway.schema import sdl

    if check is None:
        typer.echo(sdl(), nl=False)
    elif not check.is_file() or check.read_text() != sdl():
        fail(f"{check} is not the schema of the code: run `gateway schema > {check}`")


@app.command()
def rules(
    product: Annotated[str | None, typer.Option(help="Only this product.")] = None,
    account: Annotated[str | None, typer.Option(help="Only rules that are accounted for this way.")] = None,
) -> None:
    """List the rulebook, and how each rule is accounted for."""
    from seeds.format import product_files

    for file in product_files():
        for rule in file.rules:
            if product in (None, file.product.code) and account in (None, rule.account.value):
                typer.echo(f"{rule.id:<14}{rule.kind.value:<13}{rule.account.value:<17}{rule.statement.en}")


@app.command()
def doctor() -> None:
    """Tell whether this installation is sound: settings, database, tables, data."""
    from gateway.postgres.migrate import drift
    from gateway.postgres.place import place as open_place

    settings = Settings.load()
    typer.echo(f"mode       {settings.mode}")
    with open_place(settings) as place:
        version = _run(place, lambda connection: connection.fetchval("show server_version"))
        typer.echo(f"database   PostgreSQL {version}, {'embedded' if place.is_embedded else 'external'}")
        if place.owner_dsn == place.dsn:
            typer.echo("role       WARNING: the gateway works as the owner of the tables; set DATABASE_OWNER_URL too")
        differences = asyncio.run(drift(place.owner_dsn))
    for difference in differences:
        typer.echo(f"tables     {difference}")
    if differences:
        fail("the tables are not those of this release: `gateway seed` brings them up to date")
    typer.echo("tables     up to date")


# Connections ----------------------------------------------------------------------------------------------------


def _with_connection(settings: Settings, work: Callable[[Any], Awaitable[Any]]) -> Any:
    with _prepared(settings, demo=False) as place:
        return _run(place, work)


def _run(place: "Place", work: Callable[[Any], Awaitable[Any]]) -> Any:
    async def connected() -> Any:
        async with _connection(place.owner_dsn) as connection:
            return await work(connection)

    return asyncio.run(connected())


def _connection(dsn: str) -> Any:
    from gateway.postgres.pool import connection

    return connection(dsn)


if __name__ == "__main__":
    main()
