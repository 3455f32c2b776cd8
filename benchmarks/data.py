"""A database of the real size: made by the database itself, the same at every building, and kept between runs."""

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from gateway.auth.row_security import row_policies
from gateway.postgres.migrate import FOLDER as MIGRATIONS
from gateway.postgres.migrate import grant, migrate
from gateway.postgres.place import ROLE
from gateway.postgres.pool import connection
from gateway.postgres.protect import protect
from gateway.repositories.hospital_entries import HospitalEntry, upsert_hospitals
from gateway.repositories.policies import policy_id
from seeds.load import seed

VERSION = 1
"""Raise it when what is built here changes, so that kept databases are built anew."""

SQL = Path(__file__).parent / "sql"
MORE_HOSPITALS = 10
LARGE_CITIES = 20
FIRST_DAY = dt.date(2025, 1, 1)
PRODUCTS = ["ZYB"] * 9 + ["VAS"] * 4 + ["ZAWX"] * 3 + ["CY23"] * 2 + ["CY26"] * 2
COUNTED = (
    "policies", "policy_members", "entitlement_accounts", "entitlement_entries", "bookings", "booking_events", "claims",
    "claim_lines", "claim_documents", "documents", "hospitals", "hospital_departments", "drugs",
)  # fmt: skip

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sizes:
    policies: int = 200_000
    insured: int = 300_000
    bookings: int = 500_000
    claims: int = 300_000
    hospitals: int = 5_000
    busy: int = 1_000
    """Policies with forty bookings and forty claims each; the rest is spread over all others."""

    @classmethod
    def of(cls, scale: float) -> "Sizes":
        """A part of the whole, but never so little that a query would find too few rows."""
        least = cls(policies=400, insured=600, bookings=800, claims=400, hospitals=600, busy=10)
        whole = cls()
        return cls(*(max(round(getattr(whole, f.name) * scale), getattr(least, f.name)) for f in fields(cls)))


def database_name(scale: float) -> str:
    return f"{_version()}_{str(scale).replace('.', '_')}"


def _version() -> str:
    """Carries all that a database was built from, so that another version is another database."""
    files = [*sorted(MIGRATIONS.glob("versions/*.py")), SQL / "keys.sql", SQL / "fill.sql"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    return f"bench_v{VERSION}_{digest[:8]}"


async def prepare(server: Callable[[str], str], scale: float, say: Say) -> tuple[str, str]:
    """The database, and its twin with ten times the hospitals; built where they are missing.

    `server` gives the owner's address of a database by its name.
    """
    name = database_name(scale)
    await _drop_outdated(server("postgres"))
    await _once(server, name, lambda dsn: build(dsn, Sizes.of(scale), say), say)
    large = f"{name}_hospitals"
    await _once(server, large, lambda dsn: _add_hospitals(dsn, Sizes.of(scale), say), say, template=name)
    for built in (name, large):
        await _shape(server(built))
    return name, large


async def _once(server: Callable[[str], str], name: str, fill: Any, say: Say, template: str = "template1") -> None:
    """Built under another name first, so that what was interrupted is never taken for whole."""
    maintenance = server("postgres")
    if await _value(maintenance, "select exists (select from pg_database where datname = $1)", name):
        return
    say(f"building {name}")
    began = time.monotonic()
    await _execute(maintenance, f"drop database if exists {name}_new with (force)")
    await _execute(maintenance, f"create database {name}_new template {template} strategy file_copy")
    await fill(server(f"{name}_new"))
    await _execute(maintenance, f"alter database {name}_new rename to {name}")
    say(f"built {name} in {time.monotonic() - began:.0f} s")


async def _drop_outdated(maintenance: str) -> None:
    """Databases of an earlier version; other scales of this one stay."""
    rows = await _rows(maintenance, "select datname from pg_database where starts_with(datname, 'bench_')")
    for name in (row["datname"] for row in rows):
        if not name.startswith(f"{_version()}_"):
            await _execute(maintenance, f"drop database {name} with (force)")


async def build(dsn: str, sizes: Sizes, say: Say) -> None:
    """Tables, handbooks and all rows, into an empty database."""
    await migrate(dsn)
    await grant(dsn)
    await protect(dsn, row_policies())
    async with connection(dsn) as opened:
        await seed(opened)
        await fill(opened, sizes, say)


async def fill(opened: Any, sizes: Sizes, say: Say) -> None:
    """All rows, into a database that has the handbooks. Rows are made in order, so foreign keys need no looking up."""
    await opened.execute("set session_replication_role = replica")
    await opened.execute("set statement_timeout = 0")
    say("hospitals")
    await _write_hospitals(opened, range(1, sizes.hospitals + 1), large_cities=True)
    await opened.execute((SQL / "keys.sql").read_text())
    await opened.copy_records_to_table("keys", schema_name="bench", records=_keys(sizes))
    text = (SQL / "fill.sql").read_text().format(**{f.name: getattr(sizes, f.name) for f in fields(sizes)})
    for step in text.split("-- step: ")[1:]:
        title, _, statements = step.partition("\n")
        began = time.monotonic()
        await opened.execute(statements)
        say(f"{title}: {time.monotonic() - began:.1f} s")
    await opened.execute("set session_replication_role = origin")
    await opened.execute("vacuum analyze")
    await opened.execute(f"grant usage on schema bench to {ROLE}; grant select on all tables in schema bench to {ROLE}")


def _keys(sizes: Sizes) -> Iterator[tuple[Any, ...]]:
    """The last tenth is kept for the mutation, whose rows are forgotten after a run."""
    first_written = sizes.policies - sizes.policies // 10
    for n in range(1, sizes.policies + 1):
        is_written = n > first_written
        number = f"BENCH-{n:07d}"
        product = "ZYB" if is_written else PRODUCTS[n % len(PRODUCTS)]
        yield n, number, policy_id(number), product, FIRST_DAY + dt.timedelta(days=n % 300), is_written


async def _add_hospitals(dsn: str, sizes: Sizes, say: Say) -> None:
    """More hospitals in all cities but the large ones, which are those that are asked for."""
    say("more hospitals")
    async with connection(dsn) as opened:
        await opened.execute("set statement_timeout = 0")
        numbers = range(sizes.hospitals + 1, sizes.hospitals * MORE_HOSPITALS + 1)
        await _write_hospitals(opened, numbers, large_cities=False)
        await opened.execute("vacuum analyze")


async def _write_hospitals(opened: Any, numbers: range, *, large_cities: bool) -> None:
    cities = await _cities(opened)
    departments = [row["code"] for row in await opened.fetch("select code from departments order by position")]
    places = cities[:LARGE_CITIES], cities[LARGE_CITIES:]
    entries = [_hospital(n, places, departments, large_cities=large_cities) for n in numbers]
    for start in range(0, len(entries), 5_000):
        async with opened.transaction():
            await upsert_hospitals(opened, entries[start : start + 5_000])


async def _cities(opened: Any) -> list[tuple[str, str]]:
    """Cities that the escort of ZYB reaches come first, so that a booking in a large one is agreed to."""
    rows = await opened.fetch(
        """
        select c.code, c.name from cities c
        left join service_cities s
          on s.city_code = c.code and s.product_code = 'ZYB' and s.service = 'OUTPATIENT_ESCORT'
        order by s.seq nulls last, c.code
        """
    )
    return [(row["code"], row["name"]) for row in rows]


def _hospital(
    n: int, places: tuple[list[Any], list[Any]], departments: list[str], *, large_cities: bool
) -> HospitalEntry:
    """Six of ten stand in a large city, where any are to stand there; a quarter of all departments each."""
    large, small = places
    code, city = large[n // 10 % len(large)] if large_cities and n % 10 < 6 else small[n * 7 % len(small)]
    return HospitalEntry(
        code=f"B{n:06d}",
        name=f"{city}第{n}医院",
        city_code=code,
        ownership="PUBLIC" if n % 4 else "PRIVATE",
        level=3 if n % 4 else None,
        source="IMPORTED",
        departments={
            department: position % 5 == 0
            for position, department in enumerate(departments)
            if (n + position * 3) % 4 == 0
        },
    )


async def _shape(dsn: str) -> None:
    """The views for PostGraphile: made anew each time, since they hold nothing."""
    await _execute(dsn, (SQL / "shape.sql").read_text())


async def forget_bookings(dsn: str) -> None:
    """Bring the database back to what it was before the mutation was measured."""
    async with connection(dsn) as opened:
        await opened.execute("set statement_timeout = 0")
        await opened.execute("set session_replication_role = replica")
        await opened.execute((SQL / "forget.sql").read_text())
        await opened.execute("set session_replication_role = origin")
        await opened.execute("vacuum analyze bookings, entitlement_accounts, entitlement_holds, entitlement_entries")


async def counts(dsn: str) -> dict[str, int]:
    async with connection(dsn) as opened:
        return {table: await opened.fetchval(f"select count(*) from {table}") for table in COUNTED}


def with_database(dsn: str, name: str) -> str:
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


async def _execute(dsn: str, statement: str) -> None:
    async with connection(dsn) as opened:
        await opened.execute(statement, timeout=None)


async def _value(dsn: str, statement: str, *arguments: Any) -> Any:
    async with connection(dsn) as opened:
        return await opened.fetchval(statement, *arguments)


async def _rows(dsn: str, statement: str) -> Any:
    async with connection(dsn) as opened:
        return await opened.fetch(statement)
