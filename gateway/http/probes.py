"""For operators: is it alive, is it ready, which version, and its figures."""

from importlib.metadata import version

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gateway.postgres import protect
from gateway.postgres.migrate import revisions
from gateway.settings import Settings

PACKAGE = "health-insurance-gateway"


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
            revision = await services.pool.fetchval("select version_num from alembic_version", timeout=2)
            stored = await services.pool.fetchval("select sha256 from seed_states where name = 'rulebook'", timeout=2)
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
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
