"""The composition root: the only place where things are built."""

import contextlib
import datetime as dt
import os
from collections.abc import AsyncGenerator

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from gateway.auth.issuers import Issuers
from gateway.auth.payments import Payments, SignedProvider, sandbox
from gateway.auth.personal import PersonalVault
from gateway.auth.tokens import TokenKey
from gateway.auth.vendor_tokens import VendorKey
from gateway.context import Services
from gateway.execution.documents import Documents
from gateway.execution.keyset import CursorSigner
from gateway.execution.plan import Plans
from gateway.files.papers import Papers
from gateway.http.admission.gate import Gate
from gateway.http.admission.rates import MemoryRates, SharedRates
from gateway.http.departure import Departure, Safe
from gateway.http.events import Events
from gateway.http.files import get_document, put_upload
from gateway.http.graphiql import GraphiQL
from gateway.http.graphql import GraphQLEndpoint
from gateway.http.introspection import Introspections
from gateway.http.payments import payment_routes
from gateway.http.probes import Probes
from gateway.http.router import Front
from gateway.http.sockets import Sockets
from gateway.http.statements import Statements, get_statement
from gateway.http.streams import Streams
from gateway.http.trusted_documents import TrustedDocuments
from gateway.logs import configure
from gateway.postgres.connections import Connections
from gateway.postgres.pool import open_pool
from gateway.processes import die_with_parent, settle, when_told_to_end
from gateway.resolvers import calendars, knowledge
from gateway.resolvers.changes import Changes
from gateway.resolvers.identities import Identities
from gateway.schema import schema
from gateway.settings import Settings


def build(settings: Settings) -> ASGIApp:
    """One worker's application, over the database that the settings name."""
    if settings.database_url is None:
        raise RuntimeError("the database is chosen before a worker is built: `gateway serve` does")
    dsn = settings.database_url

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        pool = await open_pool(dsn, size=settings.pool_size, statement_cache=settings.statement_cache)
        try:
            services = app.state.services = await services_of(settings, pool)
            streams = Streams(settings.live)
            changes = services.changes = Changes(
                pool, dsn if settings.listen == "on" else None, settings.live.poll_ms / 1000
            )
            async with (
                _identities(settings, services) as identities,
                _jobs(settings, services),
                changes.running(),
                calendars.following(services),
            ):
                endpoint = front.endpoint = _endpoint(settings, services, identities)
                app.state.statements = Statements.of(endpoint)
                front.sockets = Sockets(endpoint, streams, settings.origins)
                front.events = Events(endpoint, streams)
                app.state.identities = identities
                app.state.gate = endpoint.gate
                with when_told_to_end(streams.ending.set):
                    yield
                await app.state.services.papers.close()
        finally:
            pool.terminate() if settings.is_development else await pool.close()

    page = GraphiQL(settings)
    probes = Probes(settings)
    front = Front(page)
    routes = [
        Route("/uploads/{ticket}", put_upload, methods=["PUT"]),
        Route("/documents/{id}", get_document, methods=["GET"]),
        Route("/statements/{id}", get_statement, methods=["GET"]),
        *payment_routes(settings.is_development),
        *page.routes(),
        *probes.routes(),
    ]
    rest = Starlette(routes=routes, lifespan=lifespan)
    rest.router.redirect_slashes = False  # which would repeat a Host that the caller made up
    front.rest = Safe(rest, Departure.of(settings))
    return front


async def services_of(settings: Settings, pool: Connections) -> Services:
    async with pool.acquire() as connection:
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
        authority_limit=settings.authority_limit,
        payments=payments_of(settings),
        payment_life=dt.timedelta(minutes=settings.payment_minutes),
    )


def payments_of(settings: Settings) -> Payments:
    """Those that are configured; in development, and only there, the sandbox stands in for them."""
    configured = [
        SignedProvider(provider.name, provider.checkout_url, provider.secret_file.read_bytes().strip())
        for provider in settings.payments
    ]
    if settings.is_development:
        configured.append(sandbox(settings.sandbox_secret, settings.public_url))
    return Payments(tuple(configured))


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


@contextlib.asynccontextmanager
async def _jobs(settings: Settings, services: Services) -> AsyncGenerator[None]:
    """Every worker may run them: each tick and each message is taken by one."""
    if settings.jobs == "off" or settings.database_url is None:
        yield
        return
    from gateway.jobs.clockwork import clockwork  # it loads slowly, and only who runs it needs it
    from gateway.jobs.senders import Routes

    async with clockwork(settings.database_url, services, Routes.of(settings.webhooks)) as works, works.running():
        yield


def _endpoint(settings: Settings, services: Services, identities: Identities) -> GraphQLEndpoint:
    core = schema._schema  # pyright: ignore[reportPrivateUsage]
    rates = SharedRates(services.pool) if settings.rate_limits == "postgres" else MemoryRates()
    return GraphQLEndpoint(
        schema=core,
        documents=Documents(core, settings.bounds, hide_suggestions=not settings.is_development),
        plans=Plans(core),
        services=services,
        identities=identities,
        introspections=Introspections(core),
        gate=Gate.of(settings, rates),
        is_development=settings.is_development,
        departure=Departure.of(settings),
        trusted=TrustedDocuments(services.pool),
    )


def worker() -> ASGIApp:
    """What uvicorn calls in each of several worker processes."""
    die_with_parent(int(os.environ["GATEWAY_PARENT"]))
    configure()
    app = build(Settings.load())
    settle()
    return app
