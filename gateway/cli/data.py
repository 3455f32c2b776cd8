"""`gateway seed` and `gateway import`."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.database import connected, prepared
from gateway.cli.speech import say, show
from gateway.mendable import Mendable
from gateway.processes import settle
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.imports.lines import Report

imports = typer.Typer(
    no_args_is_help=True,
    help="Load files: hospitals, policies, calendar, experts, schedules, pharmacies, brands, illnesses.",
)

Heard = Callable[[int], None]
LISTS = {
    "calendar": (
        "gateway.imports.calendar.import_calendar",
        "Working days of a published notice; they become official.",
    ),
    "experts": (
        "gateway.imports.experts.import_experts",
        "Experts who can be called; by code, new ones are added and known ones updated.",
    ),
    "schedules": (
        "gateway.imports.experts.import_schedules",
        "Times of experts, the whole day of each; times that clients have taken stay.",
    ),
    "pharmacies": (
        "gateway.imports.pharmacies.import_pharmacies",
        "Designated pharmacies; by code, new ones are added and known ones updated.",
    ),
    "brands": (
        "gateway.imports.brands.import_brands",
        "Brands of clinics, and when one closes; by code, new ones are added and known ones updated.",
    ),
    "illnesses": (
        "gateway.imports.illnesses.import_illnesses",
        "Critical illnesses, the whole list of each product in the file.",
    ),
}
"""Lists that are all or nothing: the command, what reads the file, and what the command is for."""

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


def _import_list(place: str, file: Path) -> None:
    module, _, name = place.rpartition(".")
    load = getattr(import_module(module), name)
    _import(file, lambda connection, heard: load(connection, file, progress=heard))


def _offer(name: str, place: str, purpose: str) -> None:
    @imports.command(name, help=purpose)
    def load(file: Path) -> None:  # pyright: ignore[reportUnusedFunction]
        _import_list(place, file)


for name, (place, purpose) in LISTS.items():
    _offer(name, place, purpose)


def _import(file: Path, load: "Callable[[Any, Heard], Awaitable[Report]]") -> None:
    if not file.is_file():
        raise Mendable(f"{file}: there is no such file")
    with prepared(Settings.load()) as place:
        settle()
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
