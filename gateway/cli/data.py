"""`gateway seed` and `gateway import`."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.database import connected, prepared
from gateway.cli.speech import say, show
from gateway.mendable import Mendable
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.imports.lines import Report

imports = typer.Typer(
    no_args_is_help=True, help="Load files: hospitals, policies, calendar, experts, schedules, pharmacies, illnesses."
)

Heard = Callable[[int], None]
KeepGood = Annotated[bool, typer.Option("--keep-good", help="Write the good lines although others are bad.")]


def seed(demo: Annotated[bool, typer.Option(help="Also load demo data, marked as such.")] = False) -> None:
    """Bring the database up to date with the tables and the handbook data."""
    with prepared(Settings.load(), demo=demo):
        say("seeded")


@imports.command("hospitals")
def import_hospitals(file: Path, keep_good: KeepGood = False) -> None:
    """Hospitals from CSV or XLSX; by code, new ones are added and known ones updated."""
    from gateway.imports import hospitals

    async def load(connection: Any, heard: Heard) -> "Report":
        return await hospitals.import_hospitals(connection, file, keep_good=keep_good, progress=heard)

    _import(file, load)


@imports.command("policies")
def import_policies(file: Path, keep_good: KeepGood = False) -> None:
    """Policies from CSV or XLSX, one line for each insured."""
    from gateway.auth.personal import PersonalVault
    from gateway.imports import policies

    vault = PersonalVault.load(Settings.load().personal_key)

    async def load(connection: Any, heard: Heard) -> "Report":
        return await policies.import_policies(
            connection,
            file,
            vault=vault,
            actor="cli:import",
            now=dt.datetime.now(dt.UTC),
            keep_good=keep_good,
            progress=heard,
        )

    _import(file, load)


@imports.command("calendar")
def import_calendar(file: Path) -> None:
    """Working days of a published notice; they become official."""
    from gateway.imports import calendar

    async def load(connection: Any, heard: Heard) -> "Report":
        return await calendar.import_calendar(connection, file, progress=heard)

    _import(file, load)


@imports.command("experts")
def import_experts(file: Path) -> None:
    """Experts who can be called; by code, new ones are added and known ones updated."""
    from gateway.imports import experts

    async def load(connection: Any, heard: Heard) -> "Report":
        return await experts.import_experts(connection, file, progress=heard)

    _import(file, load)


@imports.command("schedules")
def import_schedules(file: Path) -> None:
    """Times of experts, the whole day of each; times that clients have taken stay."""
    from gateway.imports import experts

    async def load(connection: Any, heard: Heard) -> "Report":
        return await experts.import_schedules(connection, file, progress=heard)

    _import(file, load)


@imports.command("pharmacies")
def import_pharmacies(file: Path) -> None:
    """Designated pharmacies; by code, new ones are added and known ones updated."""
    from gateway.imports import pharmacies

    async def load(connection: Any, heard: Heard) -> "Report":
        return await pharmacies.import_pharmacies(connection, file, progress=heard)

    _import(file, load)


@imports.command("illnesses")
def import_illnesses(file: Path) -> None:
    """Critical illnesses, the whole list of each product in the file."""
    from gateway.imports import illnesses

    async def load(connection: Any, heard: Heard) -> "Report":
        return await illnesses.import_illnesses(connection, file, progress=heard)

    _import(file, load)


def _import(file: Path, load: "Callable[[Any, Heard], Awaitable[Report]]") -> None:
    if not file.is_file():
        raise Mendable(f"{file}: there is no such file")
    with prepared(Settings.load()) as place:
        report = asyncio.run(connected(place, lambda connection: _with_progress(connection, load)))
    for problem in report.problems:
        say(f"{file.name}, {problem}")
    for warning in report.warnings:
        say(f"{file.name}, warning: {warning}")
    show(f"{report.read} lines read, {report.written} written, {len(report.problems)} problems")
    if report.problems:
        raise typer.Exit(1)


async def _with_progress(connection: Any, load: "Callable[[Any, Heard], Awaitable[Report]]") -> "Report":
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} lines"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        return await load(connection, lambda read: bar.update(task, completed=read))
