"""The floor: Starlette routes written by hand over asyncpg, each with the best SQL that we know, and nothing else.

No GraphQL, no authentication, no limits, no rules: what any gateway on this stack could reach at most.
"""

import contextlib
import datetime as dt
import os
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SQL = {path.stem: path.read_text() for path in (Path(__file__).parents[1] / "sql").glob("[mq][0-9]*.sql")}
START = (9_000_000_000_000_000, "ffffffff-ffff-ffff-ffff-ffffffffffff")
"""A cursor that everything comes after."""


async def open_pool() -> "asyncpg.Pool[Any]":
    size = int(os.environ["BENCH_POOL"])
    return await asyncpg.create_pool(
        os.environ["BENCH_DSN"], min_size=min(2, size), max_size=size, init=keep_bytes, reset=_keep_session
    )


async def keep_bytes(connection: Any) -> None:
    """JSON comes as the bytes that Postgres sent: they go to the socket as they are."""
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


async def _keep_session(connection: Any) -> None:
    """No reset query on release, as in the gateway: it costs a round trip."""


@contextlib.asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None]:
    app.state.pool = await open_pool()
    yield
    app.state.pool.terminate()


async def policy(request: Request) -> Response:
    given = orjson.loads(await request.body())
    return await _fetched(request, "q1", given["number"])


async def hospitals(request: Request) -> Response:
    given = orjson.loads(await request.body())
    return await _fetched(request, "q2", given["city"], given["department"])


async def policy_bookings(request: Request) -> Response:
    given = orjson.loads(await request.body())
    return await _fetched(request, "q3", given["number"])


async def drugs(request: Request) -> Response:
    given = orjson.loads(await request.body())
    return await _fetched(request, "q4", *drug_cursor(given["after"]))


async def bookings(request: Request) -> Response:
    given = orjson.loads(await request.body())
    return await _fetched(request, "q5", request.headers["x-vendor"], *cursor(given.get("after")), given["first"])


async def drug_page(request: Request) -> Response:
    """Only for the preparation: where the second page of drugs begins."""
    row = await request.app.state.pool.fetchrow("select seq, id from drugs order by seq, id offset 50 limit 1")
    page = {"pageInfo": {"endCursor": f"{row['seq']}:{row['id']}"}}
    return Response(orjson.dumps({"data": {"drugs": page}}), media_type="application/json")


async def escort_book(request: Request) -> Response:
    """Lock, insert, decrement: no rule, no ledger, no history, no message, no key."""
    given = orjson.loads(await request.body())["input"]
    return _json(await book(request.app.state.pool, given))


async def book(pool: Any, given: dict[str, Any]) -> bytes:
    async with pool.acquire() as connection, connection.transaction():
        account = await connection.fetchrow(SQL["m1_lock"], given["policyNumber"])
        answer = await connection.fetchval(
            SQL["m1_insert"],
            account["policy_id"],
            account["product_code"],
            account["insured_id"],
            account["vendor_code"],
            given["hospital"],
            given["department"],
            dt.datetime.fromisoformat(given["visitAt"]),
        )
        done = await connection.execute(SQL["m1_decrement"], account["policy_id"], account["id"])
        if done != "UPDATE 1":
            raise RuntimeError("no use is left")
    return answer


def cursor(text: str | None) -> tuple[int, str]:
    if text is None:
        return START
    micros, _, key = text.partition(":")
    return int(micros), key


def drug_cursor(text: str) -> tuple[int, str]:
    seq, _, key = text.partition(":")
    return int(seq), key


async def _fetched(request: Request, name: str, *arguments: Any) -> Response:
    return _json(await request.app.state.pool.fetchval(SQL[name], *arguments))


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


HANDLERS: Sequence[tuple[str, Any]] = (
    ("/q1", policy),
    ("/q2", hospitals),
    ("/q3", policy_bookings),
    ("/q4", drugs),
    ("/q5", bookings),
    ("/m1", escort_book),
    ("/", drug_page),
)


def app() -> Starlette:
    routes = [Route(path, handler, methods=["POST"]) for path, handler in HANDLERS]
    return Starlette(routes=routes, lifespan=lifespan)
