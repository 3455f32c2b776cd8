"""Looking behind the gateway's back, often and cheaply; timers over the same database; and how much is tried."""

import asyncio
import datetime as dt
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from gateway.app import services_of
from gateway.context import Services
from gateway.jobs.clockwork import run_timers
from gateway.jobs.house import House
from gateway.postgres.pool import connection, open_pool
from gateway.settings import Settings

UNTOLD = ("rate_buckets",)
"""Tables in which a request may leave a trace whatever becomes of it."""


def bounds(examples: int, steps: int) -> settings:
    """The same runs each time, unless somebody asks for more than the usual number; only then what fails is shrunk,
    which takes minutes."""
    asked = "STATEFUL_EXAMPLES" in os.environ
    return settings(
        max_examples=int(os.environ.get("STATEFUL_EXAMPLES", examples)),
        stateful_step_count=int(os.environ.get("STATEFUL_STEPS", steps)),
        derandomize=not asked,
        phases=(Phase.generate, Phase.shrink) if asked else (Phase.generate,),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


SEEDS = st.integers(0, 2**32 - 1)


@dataclass
class Eyes:
    """One connection of the owner and the services of the jobs, in a loop that lives as long as the tests."""

    loop: asyncio.Runner
    owner: Any
    services: Services
    tables: tuple[str, ...] = ()

    @classmethod
    @contextmanager
    def open(cls, owner: str, gateway: str, folder: Path) -> Generator["Eyes"]:
        with asyncio.Runner() as loop:
            opened = connection(owner)
            connected = loop.run(opened.__aenter__())
            pool = loop.run(open_pool(gateway, size=2, statement_cache=100))
            try:
                services = loop.run(
                    services_of(Settings(mode="development", database_url=gateway, folder=folder), pool)
                )
                yield cls(loop, connected, services)
            finally:
                pool.terminate()
                loop.run(opened.__aexit__(None, None, None))

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self.loop.run(self.owner.fetch(sql, *values))]

    def traces(self) -> Mapping[str, Any]:
        """Of every table how many rows it has, and the sum of who wrote them: any insert, change or removal shows."""
        if not self.tables:
            found = self.rows("select tablename from pg_tables where schemaname = 'public' order by tablename")
            self.tables = tuple(row["tablename"] for row in found if row["tablename"] not in UNTOLD)
        each = (
            f"(select row(count(*), coalesce(sum(xmin::text::bigint), 0))::text from {table}) as {table}"
            for table in self.tables
        )
        return self.rows(f"select {', '.join(each)}")[0]

    def tick(self, now: dt.datetime) -> None:
        """Every timer that changes cases, once, as if it were `now`."""
        self.loop.run(run_timers(House(self.services, now, with_rehearsals=True)))


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [table for table in before if before[table] != after[table]]
