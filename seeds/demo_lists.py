"""Experts with their times, and pharmacies, that do not exist, for trying things out.

No list of critical illnesses is among them: an invented one would refuse people whom the terms do not refuse.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from gateway.imports.experts import import_experts
from gateway.imports.lines import Report
from gateway.imports.pharmacies import import_pharmacies
from gateway.repositories.expert_schedules import replace_slots
from gateway.validation.civil_time import SHANGHAI
from seeds.state import HERE

EXPERTS = HERE / "demo_experts.csv"
PHARMACIES = HERE / "demo_pharmacies.csv"
YEAR = 2026  # of the demo policies
DAYS = {"DEMO-EX-001": (0, 1, 2, 3, 4), "DEMO-EX-002": (1, 3)}
HOURS = {10: True, 15: False}
"""An hour on duty for direct calls, and one for appointments."""
QUARTER = dt.timedelta(minutes=15)


async def load_demo_lists(connection: Any) -> None:
    """Loading them twice changes nothing."""
    _check(EXPERTS.name, await import_experts(connection, EXPERTS, is_demo=True))
    _check(PHARMACIES.name, await import_pharmacies(connection, PHARMACIES, is_demo=True))
    await replace_slots(connection, list(_slots()))


def _check(name: str, report: Report) -> None:
    if report.problems:
        raise ValueError("\n".join(map(str, [f"{name} is bad:", *report.problems])))


def _slots() -> Iterator[dict[str, Any]]:
    day = dt.date(YEAR, 1, 1)
    while day.year == YEAR:
        for expert, weekdays in DAYS.items():
            if day.weekday() in weekdays:
                yield from _slots_of(expert, day)
        day += dt.timedelta(days=1)


def _slots_of(expert: str, day: dt.date) -> Iterator[dict[str, Any]]:
    for hour, is_visit_hours in HOURS.items():
        opens = dt.datetime.combine(day, dt.time(hour), SHANGHAI)
        for place in range(4):
            starts = opens + place * QUARTER
            yield {
                "expert": expert,
                "starts_at": starts,
                "ends_at": starts + QUARTER,
                "is_visit_hours": is_visit_hours,
            }
