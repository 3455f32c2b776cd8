"""For operators: is it alive, is it ready, which version, and its figures."""

import asyncio
import contextlib
import datetime as dt
from importlib.metadata import version
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gateway.auth.sight import settings_of
from gateway.auth.viewer import SYSTEM
from gateway.postgres import protect
from gateway.postgres.migrate import revisions
from gateway.postgres.session import Telling
from gateway.repositories.timed import queue_figures
from gateway.settings import Settings

QUEUE = {
    "queued": Gauge("gateway_jobs_queued", "Deliveries that wait or are under way."),
    "failed": Gauge("gateway_jobs_failed", "Deliveries that were given up and are held for a person."),
    "stuck": Gauge("gateway_jobs_stuck", "Rows that a timer could not move and tries again later."),
    "oldest_seconds": Gauge("gateway_jobs_oldest_due_seconds", "For how long the oldest due message has waited."),
}
PACKAGE = "health-insurance-gateway"
PATIENCE = 2.0  # seconds for the database to answer


class Probes:
    def __init__(self, settings: Settings) -> None:
        self._mode = settings.mode

    def routes(self) -> list[Route]:
        return [
            Route("/livez", self.livez),
            Route("/readyz", self.readyz),
            Route("/version", self.version),
            Route("/metrics", self.metrics),
        ]

    async def livez(self, request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(self, request: Request) -> Response:
        """Ready when the pool answers, the tables are those of this release, and a rulebook is loaded.

        Beside that it tells whether the database holds its rows back from the gateway's role.
        """
        services = request.app.state.services
        try:
            async with asyncio.timeout(PATIENCE):
                revision = await services.pool.fetchval("select version_num from alembic_version")
                stored = await services.pool.fetchval("select sha256 from seed_states where name = 'rulebook'")
                exemption = await protect.exemption(services.pool)
        except Exception:  # whatever keeps the database from answering, the answer here is the same
            return JSONResponse({"status": "unavailable", "database": False}, 503)
        checks = {
            "database": True,
            "migrations": revision == revisions()[-1],
            "rulebook": stored == services.rulebook.version,
        }
        is_ready = all(checks.values())
        body = {"status": "ready" if is_ready else "unready", **checks, "rulebookVersion": services.rulebook.version}
        body["rowSecurity"] = exemption is None
        return JSONResponse(body, 200 if is_ready else 503)

    async def version(self, request: Request) -> Response:
        return JSONResponse({"name": PACKAGE, "version": version(PACKAGE), "mode": self._mode})

    async def metrics(self, request: Request) -> Response:
        await self._look_at_queue(request.app.state.services)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def _look_at_queue(self, services: Any) -> None:
        """A database that does not answer now leaves the last figures standing: `/readyz` tells of it."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(PATIENCE):
                found = await queue_figures(Telling(services.pool, settings_of(SYSTEM)), dt.datetime.now(dt.UTC))
            for name, gauge in QUEUE.items():
                gauge.set(found[name])
