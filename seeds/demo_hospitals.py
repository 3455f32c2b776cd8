"""Hospitals that do not exist, for trying things out: every name, address and number is invented."""

from typing import Any

from gateway.imports.hospitals import import_hospitals
from gateway.imports.lines import Report, unheard
from seeds.state import HERE

FILE = HERE / "demo_hospitals.csv"


async def load_demo_hospitals(connection: Any) -> Report:
    """Writes them by their codes, as any other import; loading them twice changes nothing."""
    report = await import_hospitals(connection, FILE, keep_good=False, progress=unheard, source="DEMO", is_demo=True)
    if report.problems:
        raise ValueError("\n".join(map(str, [f"{FILE.name} is bad:", *report.problems])))
    return report
