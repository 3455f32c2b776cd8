"""Both ways of answering over one database: by a plan, and by the plain executor."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from graphql import ExecutionResult, GraphQLSchema

from gateway.auth.personal import PersonalVault
from gateway.auth.vendor_tokens import KEY_BYTES as VENDOR_KEY_BYTES
from gateway.auth.vendor_tokens import VendorKey
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
from gateway.execution.plan import Bound, Plan, Plans
from gateway.execution.planned import Answer
from gateway.execution.unit import unit_over
from gateway.faults import Fault
from gateway.files.papers import Papers
from gateway.postgres.pool import open_pool
from gateway.repositories.policies import policy_id
from gateway.resolvers import knowledge
from gateway.schema import schema
from gateway.settings import Settings

CORE = schema._schema
OF_THE_DRIVER = ("typeinfo_tree", "current_setting('jit')")  # what asyncpg asks once on a connection
CLOCK = dt.datetime(2026, 3, 12, 4, 0, 0, 120_000, tzinfo=dt.UTC)


def customer(*numbers: str) -> Viewer:
    policies = tuple(policy_id(number) for number in numbers)
    return Viewer(ViewerKind.CUSTOMER, "customer:twin", "a customer", frozenset(CUSTOMER_SCOPES), policies=policies)


def vendor(code: str, *products: str, scopes: Sequence[str] = VENDOR_SCOPES) -> Viewer:
    return Viewer(ViewerKind.VENDOR, f"vendor:{code}", code, frozenset(scopes), vendor=code, products=products or None)


def bound(code: str, *, scopes: Sequence[str] = VENDOR_SCOPES, **cuts: tuple[str, ...]) -> Viewer:
    """A vendor whose token is cut to products, services or hospitals."""
    return replace(vendor(code, scopes=scopes), **cuts)  # type: ignore[arg-type]


def staff(role: str = "adjuster") -> Viewer:
    return Viewer(ViewerKind.STAFF, f"staff:{role}", role, frozenset(STAFF_ROLES[role]), role=role)


@dataclass
class Twins:
    """Answers documents by one way or the other; every call is a request of its own."""

    pool: Any
    services: Services
    runner: asyncio.Runner
    core: GraphQLSchema = CORE
    documents: Documents = field(default_factory=lambda: Documents(CORE))
    plans: Plans = field(default_factory=lambda: Plans(CORE))

    def context(self, viewer: Viewer, language: str) -> Context:
        unit = unit_over(self.pool, viewer)
        return Context(self.services, viewer, CLOCK, CLOCK, language, "twin", unit)

    def takes(self, text: str) -> bool:
        """Whether a document is valid and within all bounds."""
        try:
            self.documents.get(text)
        except Fault:
            return False
        return True

    def planned(
        self, text: str, variables: Mapping[str, Any] | None = None, viewer: Viewer = ANONYMOUS, language: str = "en"
    ) -> bytes | None:
        """The JSON of a plan's answer; none where there is no plan."""
        found = self.by_plan(text, variables, viewer, language)
        if found is None:
            return None
        assert isinstance(found, Answer), (found.errors, text, variables)
        return found.json

    def done(self, text: str, variables: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        """The payload of a mutation that has a plan."""
        made = self.planned(text, variables, viewer)
        assert made is not None, "not planned"
        (payload,) = orjson.loads(made).values()
        return payload

    def by_plan(
        self, text: str, variables: Mapping[str, Any] | None = None, viewer: Viewer = ANONYMOUS, language: str = "en"
    ) -> Answer | ExecutionResult | None:
        document = self.documents.get(text)
        return self.runner.run(
            planned.run(
                self.plans,
                document,
                document.operation(None),
                variables=variables or {},
                context=self.context(viewer, language),
            )
        )

    def plain(
        self, text: str, variables: Mapping[str, Any] | None = None, viewer: Viewer = ANONYMOUS, language: str = "en"
    ) -> Any:
        return self.runner.run(
            plain.run(
                self.core,
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
        assert bound is None or isinstance(bound, Bound)
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

    def unlike(
        self,
        ours: Answer | ExecutionResult,
        text: str,
        variables: Mapping[str, Any] | None = None,
        viewer: Viewer = ANONYMOUS,
        language: str = "en",
    ) -> str | None:
        """What the plain executor says otherwise than a plan has said, in data or errors."""
        theirs = self.plain(text, variables, viewer, language)
        left = orjson.loads(ours.json) if isinstance(ours, Answer) else ours.data
        same = (orjson.dumps(left), _errors(ours)) == (orjson.dumps(theirs.data), _errors(theirs))
        return None if same else f"{left} {_errors(ours)}\nis not\n{theirs.data} {_errors(theirs)}"


@contextmanager
def heard(twins: Twins) -> Iterator[list[str]]:
    """What is sent to the database within the block, over all connections of the pool."""
    seen: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        if not any(part in record.query for part in OF_THE_DRIVER):
            seen.append(record.query)

    async def listen(add: bool) -> None:
        held: list[Any] = [await twins.pool.acquire() for _ in range(twins.pool.size)]
        for connection in held:
            (connection.add_query_logger if add else connection.remove_query_logger)(note)
        for connection in held:
            await twins.pool.release(connection)

    twins.runner.run(listen(add=True))
    try:
        yield seen
    finally:
        twins.runner.run(listen(add=False))


def _errors(found: Answer | ExecutionResult) -> list[Any]:
    return [] if isinstance(found, Answer) else [error.formatted for error in found.errors or ()]


@contextmanager
def twins_over(dsn: str, folder: Path) -> Iterator[Twins]:
    with asyncio.Runner() as runner:
        pool = runner.run(open_pool(dsn, size=8, statement_cache=100))
        try:
            yield Twins(pool, runner.run(_services(pool, folder)), runner)
        finally:
            runner.run(pool.close())


async def _services(pool: Any, folder: Path) -> Services:
    async with pool.acquire() as connection:
        known = await knowledge.load(connection)
    return Services(
        pool=pool,
        vault=PersonalVault.load(folder / "personal.key"),
        vendor_key=VendorKey(bytes(VENDOR_KEY_BYTES)),
        papers=Papers.of(Settings(mode="development", folder=folder)),
        unmask_per_day=100,
        cursors=CursorSigner(b"of the twins"),
        rulebook=known.rulebook,
        lifecycles=known.lifecycles,
        calendar=known.calendar,
        texts=known.texts,
    )
