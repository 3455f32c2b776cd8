"""Policies and people that do not exist, for trying things out: every name, number and phone is invented."""

import datetime as dt
from typing import Any

from gateway.auth.personal import PersonalVault
from gateway.imports.lines import Report, unheard
from gateway.imports.policies import import_policies
from seeds.state import HERE

FILE = HERE / "demo_policies.csv"


async def load_demo_policies(connection: Any, vault: PersonalVault, now: dt.datetime) -> Report:
    """Registers them as any other import; loading them twice changes nothing."""
    report = await import_policies(
        connection,
        FILE,
        vault=vault,
        actor="system:demo",
        now=now,
        keep_good=False,
        progress=unheard,
        is_demo=True,
    )
    if report.problems:
        raise ValueError("\n".join(map(str, [f"{FILE.name} is bad:", *report.problems])))
    return report
