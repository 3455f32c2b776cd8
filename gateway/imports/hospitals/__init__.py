"""Hospitals from a file: one a line, written by code, all or nothing unless the good ones are to be kept."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from gateway.imports.hospitals import cells
from gateway.imports.hospitals.cells import OWNERSHIPS
from gateway.imports.hospitals.words import Known, known_words
from gateway.imports.lines import Line, Problem, Report, either, quoted, read_lines, word
from gateway.imports.loading import batches, load
from gateway.repositories.hospital_entries import HospitalEntry, upsert_hospitals

HEADER = (
    "code,name,province,city,ownership,level,departments,departmentClasses,networks,directBilling,popular,"
    "onsiteService,brand,address,latitude,longitude,openTime,closeTime,phone,introduction"
)
COLUMNS = HEADER.split(",")
BATCH = 2_000


@dataclass(slots=True)
class Tally:
    """What has been found so far; `first_lines` tells a code that stands twice."""

    read: int = 0
    written: int = 0
    problems: list[Problem] = field(default_factory=list)
    first_lines: dict[str, int] = field(default_factory=dict)


async def import_hospitals(
    connection: Any,
    path: Path,
    *,
    keep_good: bool,
    progress: Callable[[int], None],
    source: str = "IMPORTED",
    is_demo: bool = False,
) -> Report:
    """Reads the whole file in any case, so that every bad line is told. `progress` hears the lines read so far.

    With a problem anywhere nothing is written, unless `keep_good` is set: then the good lines are.
    """
    known = await known_words(connection)
    done = Tally()

    async def write(batch: list[HospitalEntry], may_write: bool) -> None:
        if may_write:
            await upsert_hospitals(connection, batch)
            done.written += len(batch)

    entries = _entries(read_lines(path, COLUMNS), known, done, source, is_demo)
    await load(connection, batches(entries, BATCH), write, done, keep_good=keep_good, progress=progress)
    return Report(done.read, done.written, done.problems)


def _entries(
    lines: Iterable[Line | Problem], known: Known, done: Tally, source: str, is_demo: bool
) -> Iterator[HospitalEntry]:
    """The good lines; the others leave their problems behind."""
    for line in lines:
        if isinstance(line, Problem):
            done.problems.append(line)
            continue
        done.read += 1
        entry = _entry(line, known, source, is_demo)
        _check_first(line, done.first_lines)
        done.problems += line.problems
        if not line.problems:
            yield entry


def _check_first(line: Line, first_lines: dict[str, int]) -> None:
    code = line.cells["code"]
    first = first_lines.setdefault(code, line.number)
    if code and first != line.number:
        line.refuse("code", f"{code} stands in line {first} already")


def _entry(line: Line, known: Known, source: str, is_demo: bool) -> HospitalEntry:
    """A hospital as the line describes it. It is whole only where the line is left without problems."""
    take: Callable[..., Any] = line.take
    latitude = take("latitude", partial(cells.degrees, most=90))
    longitude = take("longitude", partial(cells.degrees, most=180))
    opens_at, closes_at = take("openTime", cells.opening), take("closeTime", cells.closing)
    _check_whole(line, "latitude", "longitude")
    _check_whole(line, "openTime", "closeTime")
    return HospitalEntry(
        code=take("code", cells.code),
        name=take("name", partial(cells.required, most=200)),
        city_code=_city(line, known),
        ownership=take("ownership", partial(word, words=OWNERSHIPS)),
        level=take("level", cells.level),
        departments=take("departments", partial(cells.departments, known=known)),
        department_classes=take("departmentClasses", cells.classes),
        networks=take("networks", partial(cells.networks, plans=known.plans)),
        is_direct_billing=take("directBilling", cells.yes_or_no),
        is_popular=take("popular", cells.yes_no_or_unknown),
        has_onsite_service=take("onsiteService", cells.yes_or_no),
        brand=take("brand", partial(cells.brand, known=known)),
        address=take("address", partial(cells.optional, most=300)),
        latitude=latitude,
        longitude=longitude,
        opens_at=opens_at,
        closes_at=closes_at,
        phone=take("phone", partial(cells.optional, most=50)),
        introduction=take("introduction", partial(cells.optional, most=5_000)),
        source=source,
        is_demo=is_demo,
    )


def _check_whole(line: Line, first: str, second: str) -> None:
    for column, other in ((first, second), (second, first)):
        if line.cells[other] and not line.cells[column]:
            line.refuse(column, f"it is empty, but {other} is not; expected are both or none")


def _city(line: Line, known: Known) -> str:
    """Province and city together name a city: names alone are shared between provinces."""
    province, city = line.cells["province"], line.cells["city"]
    cities = known.cities.get(province)
    if cities is None:
        line.refuse("province", f"{quoted(province)}; expected is {either(sorted(known.cities))}")
    elif city not in cities:
        there = ", ".join(known.city_names[province])
        line.refuse(
            "city",
            f"{quoted(city)} is not among the cities of {province}: {there}. "
            "To add it, put it on the list `other` of seeds/cities.yaml and seed again",
        )
    return (cities or {}).get(city, "")
