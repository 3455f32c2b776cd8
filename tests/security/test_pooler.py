"""Behind a real PgBouncer that pools transactions: many callers take turns on two server connections."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from gateway.auth.sight import settings_of
from gateway.auth.viewer import Viewer, ViewerKind
from gateway.postgres import session
from gateway.postgres.embedded.accounts import account_for
from gateway.postgres.migrate import ROLE
from gateway.postgres.session import opened_rows
from gateway.repositories.policies import policy_id
from tests.conftest import FOLDER, SOCKETS
from tests.support import escorts
from tests.support.cases import Case, new_case
from tests.support.client import Client, Gateway
from tests.support.mutations import send
from tests.support.server import running_gateway

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed")

LISTED = "{ bookings(first: 100) { totalCount nodes { id } } policies { totalCount nodes { number } } }"
PLAINLY = "query Q($id: ID!) { cancellationQuote(booking: $id) { outcome } bookings { nodes { id } } }"
CONFIGURATION = """[databases]
{database} = host={host} port=5432 dbname={database} user={role}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
ignore_startup_parameters = statement_timeout, lock_timeout, plan_cache_mode, jit
pidfile = {folder}/pid
logfile = {folder}/log
"""


@pytest.fixture(scope="module")
def pooler(database: str) -> Iterator[str]:
    """Address of the database behind PgBouncer."""
    home = Path(tempfile.mkdtemp(prefix="pooler-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = CONFIGURATION.format(database=database, host=os.environ[SOCKETS], role=ROLE, port=port, folder=home)
    (home / "pgbouncer.ini").write_text(text)
    process = subprocess.Popen([str(PGBOUNCER), *_user(home), str(home / "pgbouncer.ini")], stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"postgresql://{ROLE}@127.0.0.1:{port}/{database}"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(home)


@pytest.fixture(scope="module")
def pooled(gateway: Gateway, pooler: str, folder: Path) -> Iterator[Gateway]:
    with running_gateway(pooler, folder, statement_cache=0, pool_size=8) as running:
        found = Gateway(running, folder, owner_dsn=gateway.owner_dsn)
        yield found
        found.http.close()


def _user(home: Path) -> list[str]:
    """PgBouncer does not run as root either, and has to reach the server's socket: as whoever runs the server."""
    if os.geteuid() != 0:
        return []
    account = account_for(Path(os.environ[FOLDER]) / "postgres" / "data")
    os.chown(home, account.uid, account.gid)
    return ["-u", account.name]


def _wait(port: int) -> None:
    for _ in range(200):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("pgbouncer did not start")


@pytest.fixture(scope="module")
def cases(gateway: Gateway) -> list[Case]:
    return [new_case(gateway, product) for product in ("ZYB", "VAS", "ZYB")]


def test_viewers_who_take_turns_on_few_connections_see_their_own_rows_only(pooled: Gateway, cases: list[Case]) -> None:
    clients = [(case, pooled.customer(case.number).at(escorts.NOW)) for case in cases]

    def look(turn: int) -> None:
        case, client = clients[turn % len(clients)]
        found = client.ask(LISTED).data
        assert [item["id"] for item in found["bookings"]["nodes"]] == [case.booking]
        assert found["policies"] == {"totalCount": 1, "nodes": [{"number": case.number}]}
        assert [item["id"] for item in client.ask(PLAINLY, id=case.booking).data["bookings"]["nodes"]] == [case.booking]

    with ThreadPoolExecutor(8) as together:
        list(together.map(look, range(120)))


def test_who_asks_between_them_without_a_token_sees_nothing(pooled: Gateway, cases: list[Case]) -> None:
    document = "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } products { totalCount } }"
    ids = [id for case in cases for id in case.ids]
    for turn in range(20):
        pooled.customer(cases[turn % 3].number).ask(LISTED)
        found = pooled.anyone().ask(document, ids=ids).data
        assert found["nodes"] == [None] * len(ids)
        assert found["products"]["totalCount"] == 5


def test_settings_end_with_their_statement_and_their_transaction(pooler: str, cases: list[Case]) -> None:
    """Sent without any predicate, so that row security alone decides, on connections that others have used."""
    viewers = [Viewer(ViewerKind.CUSTOMER, "customer:x", "x", policies=(policy_id(case.number),)) for case in cases]

    async def look(connection: asyncpg.Connection, turn: int) -> None:
        case, settings = cases[turn % len(cases)], settings_of(viewers[turn % len(cases)])
        told = opened_rows("select number from bookings", list(settings), 0)
        assert [row["number"] for row in await connection.fetch(told, *settings.values())] == [case.booking_number]
        assert await connection.fetch("select number from bookings") == []
        await session.begin(connection, settings)
        assert await connection.fetchval("select count(*) from bookings") == 1
        await session.end(connection, commits=True)
        assert await connection.fetchval("select count(*) from bookings") == 0

    async def take_turns() -> None:
        opened = [await asyncpg.connect(pooler, statement_cache_size=0) for _ in range(6)]
        for turn in range(10):
            await asyncio.gather(*(look(connection, turn + place) for place, connection in enumerate(opened)))
        for connection in opened:
            await connection.close()

    asyncio.run(take_turns())


def test_commands_keep_to_their_own_side(pooled: Gateway, cases: list[Case]) -> None:
    mine, theirs = cases[:2]
    vendor: Client = pooled.vendor("HUANQIU").at(escorts.NOW)
    given = {"idempotencyKey": os.urandom(8).hex()}
    assert send(vendor, "bookingAccept", {**given, "booking": theirs.booking}).code == "BAD_USER_INPUT"
    accepted = send(vendor, "bookingAccept", {**given, "booking": mine.booking}).data["bookingAccept"]
    assert accepted["refusals"] == []
