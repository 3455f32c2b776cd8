"""Both ways of answering over one database: by a plan, and by the plain executor."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from gateway.auth.viewer import (
    ANONYMOUS,
    CUSTOMER_SCOPES,
    STAFF_ROLES,
    VENDOR_SCOPES,
    Viewer,
    ViewerKind,
)
from gateway.context import Context, Services
from gateway.execution import plain, planned
from gateway.execution.documents import Documents
from gateway.execution.keyset import CursorSigner
from gateway.execution.plan import Plan, Plans
from gateway.execution.planned import Answer
from gateway.execution.unit import unit_over
from gateway.postgres.pool import open_pool
from gateway.repositories.policies import policy_id
from gateway.resolvers import knowledge
from gateway.schema import schema

CORE = schema._schema
CLOCK = dt.datetime(2026, 3, 12, 4, 0, 0, 120_000, tzinfo=dt.UTC)


def customer(*numbers: str) -> Viewer:
    policies = tuple(policy_id(number) for number in numbers)
    return Viewer(ViewerKind.CUSTOMER, "customer:twin", "a customer", frozenset(CUSTOMER_SCOPES), policies=policies)


def vendor(code: str, *products: str) -> Viewer:
    scopes = frozenset(VENDOR_SCOPES)
    return Viewer(ViewerKind.VENDOR, f"vendor:{code}", code, scopes, vendor=code, products=products or None)


def bound(code: str, **cuts: tuple[str, ...]) -> Viewer:
    """A vendor whose token is cut to services or hospitals."""
    return replace(vendor(code), **cuts)  # type: ignore[arg-type]


def staff(role: str = "adjuster") -> Viewer:
    return Viewer(ViewerKind.STAFF, f"staff:{role}", role, frozenset(STAFF_ROLES[role]), role=role)


@dataclass
class Twins:
    """Answers documents by one way or the other; every call is a request of its own."""

    pool: Any
    services: Services
    runner: asyncio.Runner
    documents: Documents = field(default_factory=lambda: Documents(CORE))
    plans: Plans = field(default_factory=lambda: Plans(CORE))

    def context(self, viewer: Viewer, language: str) -> Context:
        unit = unit_over(self.pool, viewer)
        return Context(self.services, viewer, CLOCK, CLOCK, language, "twin", unit)

    def planned(
        self, text: str, variables: Mapping[str, Any] | None = None, viewer: Viewer = ANONYMOUS, language: str = "en"
    ) -> bytes | None:
        """The JSON of a plan's answer; none where there is no plan."""
        document = self.documents.get(text)
        found = self.runner.run(
            planned.run(
                self.plans,
                document,
                document.operation(None),
                variables=variables or {},
                context=self.context(viewer, language),
            )
        )
        if found is None:
            return None
        assert isinstance(found, Answer), (found.errors, text, variables)
        return found.json

    def plain(
        self, text: str, variables: Mapping[str, Any] | None = None, viewer: Viewer = ANONYMOUS, language: str = "en"
    ) -> Any:
        return self.runner.run(
            plain.run(
                CORE,
                self.documents.get(text),
                operation_name=None,
                variables=variables or {},
                context=self.context(viewer, language),
                hide_suggestions=False,
            )
        )

    def plan(self, text: str, variables: Mapping[str, Any] | None = None, viewer: Viewer = ANONYMOUS) -> Plan | None:
        document = self.documents.get(text)
        bound = self.plans.find(document, document.operation(None), variables or {}, self.context(viewer, "en"))
        return None if bound is None else bound.plan

    def same(
        self, text: str, variables: Mapping[str, Any] | None = None, viewer: Viewer = ANONYMOUS, language: str = "en"
    ) -> Any:
        """The answer, which both ways must give alike, keys in the same order."""
        ours = self.planned(text, variables, viewer, language)
        assert ours is not None, "not planned"
        theirs = self.plain(text, variables, viewer, language)
        assert not theirs.errors, theirs.errors
        assert orjson.dumps(orjson.loads(ours)) == orjson.dumps(theirs.data)
        return theirs.data


@contextmanager
def twins_over(dsn: str) -> Iterator[Twins]:
    with asyncio.Runner() as runner:
        pool = runner.run(open_pool(dsn, size=8, statement_cache=100))
        try:
            yield Twins(pool, runner.run(_services(pool)), runner)
        finally:
            runner.run(pool.close())


async def _services(pool: Any) -> Services:
    async with pool.acquire() as connection:
        known = await knowledge.load(connection)
    return Services(
        pool=pool,
        vault=None,  # type: ignore[arg-type]  # nothing here opens what it keeps, or issues tokens
        vendor_key=None,  # type: ignore[arg-type]
        cursors=CursorSigner(b"of the twins"),
        rulebook=known.rulebook,
        lifecycles=known.lifecycles,
        calendar=known.calendar,
        texts=known.texts,
    )
