"""The composition root: the only place where things are built."""

import contextlib
import os
from collections.abc import AsyncGenerator

from starlette.applications import Starlette
from starlette.routing import Route

from gateway.auth.issuers import Issuers
from gateway.auth.personal import PersonalVault
from gateway.auth.tokens import TokenKey
from gateway.auth.vendor_tokens import VendorKey
from gateway.context import Services
from gateway.execution.documents import Documents
from gateway.execution.keyset import CursorSigner
from gateway.execution.plan import Plans
from gateway.files.papers import Papers
from gateway.http.files import get_document, put_upload
from gateway.http.graphiql import GraphiQL
from gateway.http.graphql import GraphQLEndpoint
from gateway.http.probes import Probes
from gateway.http.router import GraphQLRoute
from gateway.logs import configure
from gateway.postgres.pool import open_pool
from gateway.processes import die_with_parent
from gateway.resolvers import knowledge
from gateway.resolvers.identities import Identities
from gateway.schema import schema
from gateway.settings import Settings


def build(settings: Settings) -> Starlette:
    """One worker's application, over the database that the settings name."""
    if settings.database_url is None:
        raise RuntimeError("the database is chosen before a worker is built: `gateway serve` does")
    dsn = settings.database_url

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        pool = await open_pool(dsn, size=settings.pool_size, statement_cache=settings.statement_cache)
        try:
            app.state.services = await _services(settings, pool)
            async with _identities(settings, app.state.services) as identities:
                app.state.endpoint = _endpoint(settings, app.state.services, identities)
                app.state.identities = identities
                yield
                await app.state.services.papers.close()
        finally:
            pool.terminate() if settings.is_development else await pool.close()

    page = GraphiQL(settings)
    probes = Probes(settings)
    return Starlette(
        routes=[
            Route("/graphql", GraphQLRoute(page)),
            Route("/uploads/{ticket}", put_upload, methods=["PUT"]),
            Route("/documents/{id}", get_document, methods=["GET"]),
            *page.routes(),
            *probes.routes(),
        ],
        lifespan=lifespan,
    )


async def _services(settings: Settings, pool: object) -> Services:
    async with pool.acquire() as connection:  # type: ignore[attr-defined]
        known = await knowledge.load(connection)
    return Services(
        pool=pool,
        vault=PersonalVault.load(settings.personal_key),
        vendor_key=VendorKey.load(settings.vendor_key),
        papers=Papers.of(settings),
        unmask_per_day=settings.unmask_per_day,
        cursors=CursorSigner.load(settings.cursor_key),
        rulebook=known.rulebook,
        lifecycles=known.lifecycles,
        calendar=known.calendar,
        texts=known.texts,
    )


@contextlib.asynccontextmanager
async def _identities(settings: Settings, services: Services) -> AsyncGenerator[Identities]:
    issuers = Issuers(settings.issuers)
    own = TokenKey.load(settings.token_key) if settings.is_development else None
    identities = Identities(services.pool, own=own, issuers=issuers, vendors=services.vendor_key)
    issuers.begin()
    try:
        yield identities
    finally:
        await identities.close()


def _endpoint(settings: Settings, services: Services, identities: Identities) -> GraphQLEndpoint:
    core = schema._schema  # pyright: ignore[reportPrivateUsage]
    return GraphQLEndpoint(
        schema=core,
        documents=Documents(core),
        plans=Plans(core),
        services=services,
        identities=identities,
        is_development=settings.is_development,
    )


def worker() -> Starlette:
    """What uvicorn calls in each of several worker processes."""
    die_with_parent(int(os.environ["GATEWAY_PARENT"]))
    configure()
    return build(Settings.load())
