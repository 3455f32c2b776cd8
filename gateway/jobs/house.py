"""What a timer works with: the services, the hour, and whether rehearsed cases are its business."""

import datetime as dt
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from gateway.auth.sight import settings_of
from gateway.auth.viewer import SYSTEM
from gateway.context import Context, Services
from gateway.execution.unit import unit_over
from gateway.postgres import session
from models.base import new_id


@dataclass(frozen=True, slots=True)
class House:
    services: Services
    now: dt.datetime
    with_rehearsals: bool = False
    """Cases that were made under a clock of their own (`x-dev-now`) belong to who rehearses, not to the real time."""

    timer: str = ""

    def context(self) -> Context:
        return Context(
            services=self.services,
            viewer=SYSTEM,
            now=self.now,
            wall_clock=dt.datetime.now(dt.UTC),
            language="zh",
            request_id=new_id().hex,
            unit=unit_over(self.services.pool, SYSTEM),
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Any]:
        """A connection in a transaction, for statements that no command has a name for."""
        async with session.transaction(self.services.pool, settings_of(SYSTEM)) as connection:
            yield connection
