"""Who is measured: how each is started, and how each is asked the same thing."""

import os
import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.processes import Process, start
from benchmarks.queries import Q5, Query, Sample
from gateway.postgres.place import ROLE

ROOT = Path(__file__).parents[2]
POOL = 10
"""Connections to the database, the same for every contender."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the contenders find what they work with. `dsn` is the gateway's own role, `owner_dsn` the tables' owner."""

    dsn: str
    owner_dsn: str
    folder: Path  # keys of the gateway
    node: Path | None = None  # where the contenders under Node are installed, with bin/node

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"BENCH_DSN": self.owner_dsn, "BENCH_POOL": str(POOL), "NODE_ENV": "production"}


@dataclass(frozen=True, slots=True)
class Request:
    """What one HTTP request carries."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def raw(self, port: int) -> bytes:
        """The request as it goes over the wire."""
        lines = [f"POST {self.path} HTTP/1.1", f"host: 127.0.0.1:{port}", f"content-length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class Contender(ABC):
    """A GraphQL server at /graphql, started by a command."""

    name: str
    title: str
    note: str = ""
    ready: str = "/graphql"

    @abstractmethod
    def command(self, place: Place, port: int, workers: int) -> list[str]:
        """The command that serves on a port."""

    def folder(self, place: Place) -> Path:
        return ROOT

    def environment(self, place: Place, port: int) -> dict[str, str]:
        return place.environment | {"BENCH_PORT": str(port)}

    def missing(self, place: Place) -> str | None:
        """Why it cannot take part here."""
        return None

    def start(self, place: Place, *, workers: int = 1) -> Process:
        port = free_port()
        return start(
            self.name,
            self.command(place, port, workers),
            self.environment(place, port),
            cwd=self.folder(place),
            port=port,
            log=place.folder / f"{self.name}.log",
            ready=self.ready,
        )

    def document(self, query: Query) -> str:
        return query.document

    def variables(self, query: Query, sample: Sample) -> Mapping[str, Any]:
        return sample.variables

    def request(self, query: Query, sample: Sample) -> Request:
        body = {"query": self.document(query), "variables": self.variables(query, sample)}
        return Request("/graphql", headers(sample), orjson.dumps(body))


LANES = ("anonymous", "customer", "vendor", "staff")
ENDLESS = {"perSecond": 10**9, "burst": 10**9}
"""Buckets are counted as ever and never empty: one caller here asks as often as thousands."""


class Ours(Contender):
    name = "ours"
    title = "this gateway"
    note = "with authentication, limits, row predicates and, in M1, all rules"
    ready = "/readyz"

    def command(self, place: Place, port: int, workers: int) -> list[str]:
        return [sys.executable, "-m", "gateway.cli", "serve", "--port", str(port), "--workers", str(workers)]

    def environment(self, place: Place, port: int) -> dict[str, str]:
        return place.environment | {
            "DATABASE_URL": place.dsn,
            "DATABASE_OWNER_URL": place.owner_dsn,
            "GATEWAY_MODE": "development",  # which takes the tokens that the benchmark signs
            "GATEWAY_FOLDER": str(place.folder),
            "GATEWAY_POOL_SIZE": str(POOL),
            "GATEWAY_JOBS": "off",  # timers and deliveries are the affair of `gateway jobs run`
            "GATEWAY_LANES": orjson.dumps(dict.fromkeys(LANES, ENDLESS)).decode(),
        }


class Python(Contender):
    """An ASGI application of this package under uvicorn with uvloop and httptools."""

    module: str

    def command(self, place: Place, port: int, workers: int) -> list[str]:
        served = [
            "--factory",
            f"benchmarks.contenders.{self.module}:app",
            "--port",
            str(port),
            "--workers",
            str(workers),
        ]
        tuned = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
        return [sys.executable, "-m", "uvicorn", *served, *tuned, "--no-server-header"]


class Floor(Python):
    name = "floor"
    title = "hand-written Starlette + asyncpg"
    note = "a route for each question with the best SQL; no GraphQL, no authentication"
    module = "floor"
    ready = "/"

    def request(self, query: Query, sample: Sample) -> Request:
        return Request(f"/{query.key.lower()}", headers(sample), orjson.dumps(self.variables(query, sample)))


class Vanilla(Python):
    name = "vanilla"
    title = "Strawberry + SQLAlchemy + DataLoader"
    note = "as tutorials do it; no authentication"
    module = "vanilla"


class Node(Contender):
    script: str

    def command(self, place: Place, port: int, workers: int) -> list[str]:
        return [str(self.folder(place) / "bin" / "node"), self.script]

    def folder(self, place: Place) -> Path:
        if place.node is None:
            raise RuntimeError("the contenders under Node are not installed")
        return place.node

    def missing(self, place: Place) -> str | None:
        return "npm is missing or cannot be reached" if place.node is None else None


class Mercurius(Node):
    name = "mercurius"
    title = "Mercurius with JIT + pg"
    note = "batching loaders, prepared statements; no authentication"
    script = "mercurius.mjs"


class PostGraphile(Node):
    name = "postgraphile"
    title = "PostGraphile 5"
    note = "over views, Amber preset; no authentication"
    script = "postgraphile.mjs"

    def document(self, query: Query) -> str:
        return query.postgraphile

    def variables(self, query: Query, sample: Sample) -> Mapping[str, Any]:
        if query.is_write:
            given = sample.variables["input"]
            return {"input": {name: given[name] for name in ("policyNumber", "hospital", "department", "visitAt")}}
        return {**sample.variables, "vendor": sample.vendor} if query is Q5 else sample.variables


FLOOR, OURS, VANILLA, MERCURIUS, POSTGRAPHILE = Floor(), Ours(), Vanilla(), Mercurius(), PostGraphile()
ALL: tuple[Contender, ...] = (FLOOR, OURS, VANILLA, MERCURIUS, POSTGRAPHILE)


def headers(sample: Sample) -> dict[str, str]:
    """The same for all: who knows no tokens reads the vendor from a header, and skips what it does not know."""
    shown = {"content-type": "application/json", "accept": "application/json", "accept-language": "en"}
    return shown | {"authorization": f"Bearer {sample.token}", "x-vendor": sample.vendor}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def gateway_dsn(owner_dsn: str) -> str:
    return owner_dsn.replace("://postgres@", f"://{ROLE}@")
