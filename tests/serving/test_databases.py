"""A database of one's own: any Postgres that is new enough, by its address."""

import asyncio
import os
import socket
import struct
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gateway.postgres import embedded
from gateway.postgres.embedded import Server
from tests.support.escorts import begin
from tests.support.processes import gateway, open_folder, serving

DEBIAN = Path("/usr/lib/postgresql/15/bin")
OWNER_SECRET = "s3cr3t/of:the@owner"
CLERK_SECRET = "s3cr3t-of-the-clerk"


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    """Another server than the gateway's own, of the oldest version if that is here, which asks for passwords."""
    with open_folder() as folder, pytest.MonkeyPatch.context() as patch:
        if DEBIAN.is_dir():
            patch.setenv("GATEWAY_POSTGRES_BIN", str(DEBIAN))
        server = embedded.start(folder / "theirs", settings={"fsync": "off"})
        run(
            server.dsn(),
            f"create role shop login password '{OWNER_SECRET}'",
            f"create role clerk login password '{CLERK_SECRET}'",
            "create database shop owner shop",
            "create database poor",
        )
        rules = server.data_dir / "pg_hba.conf"
        rules.write_text("local shop,poor,missing all scram-sha-256\n" + rules.read_text())
        run(server.dsn(), "select pg_reload_conf()")
        yield server
        server.stop()


def run(dsn: str, *statements: str) -> None:
    async def execute() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(execute())


def url(server: Server, user: str = "shop", secret: str = OWNER_SECRET, database: str = "shop") -> str:
    coded = "".join(f"%{ord(sign):02X}" if sign in "/:@" else sign for sign in secret)
    return f"postgresql://{user}:{coded}@/{database}?host={server.socket_dir}&port={server.port}"


def test_its_owner_suffices_and_nothing_embedded_is_made(server: Server, empty: Path) -> None:
    with serving(empty, "--demo", DATABASE_URL=url(server)) as started:
        assert "Database  the one that DATABASE_URL names" in started.out
        assert OWNER_SECRET not in started.out + started.err
        assert begin(started.gateway()).account()["reserved"] == 1
        customer = started.client(started.tokens["customer DEMO-ZYB-001"])
        assert customer.ask("{ viewer { kind } }").data == {"viewer": {"kind": "CUSTOMER"}}
    assert not (empty / "state" / "postgres").exists()
    assert "WARNING" in gateway(empty, "doctor", DATABASE_URL=url(server)).out


def test_a_role_that_owns_nothing_is_given_its_rights_by_the_owner(server: Server, empty: Path) -> None:
    clerk = url(server, "clerk", CLERK_SECRET)
    with serving(empty, "--workers", "2", DATABASE_URL=clerk, DATABASE_OWNER_URL=url(server)) as started:
        assert begin(started.gateway()).account()["reserved"] == 1


def test_an_owner_who_may_not_make_tables_is_told(server: Server, empty: Path) -> None:
    complaint = gateway(empty, "serve", DATABASE_URL=url(server, database="poor")).complaint
    assert "may not make tables" in complaint
    assert "DATABASE_OWNER_URL" in complaint


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"secret": "s3cr3t-mistyped"}, 'authentication failed for user "shop"'),
        ({"database": "missing"}, 'database "missing" does not exist'),
        ("postgresql://shop:s3cr3t@/shop?host=/no/such/folder", "No such file or directory"),
        ("postgresql://shop:s3cr3t@no.such.host.invalid/shop", "cannot connect"),
        ("mysql://shop:s3cr3t@localhost/shop", "postgresql://user:password@host"),
        ("postgresql://shop:s3cr/3t@localhost/shop", "%-codes"),
    ],
    ids=["password", "database", "folder", "host", "scheme", "uncoded"],
)
def test_an_address_that_does_not_work_is_told_without_its_password(
    server: Server, empty: Path, wrong: str | dict[str, str], expected: str
) -> None:
    address = wrong if isinstance(wrong, str) else url(server, **wrong)
    complaint = gateway(empty, "serve", DATABASE_URL=address).complaint
    assert expected in complaint
    assert "DATABASE_URL" in complaint
    assert "s3cr" not in complaint
    assert not (empty / "state").exists()


def test_a_server_that_refuses_connections_is_told(empty: Path) -> None:
    with socket.socket() as bound:  # and does not listen
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        complaint = gateway(empty, "serve", DATABASE_URL=f"postgresql://shop:s3cr3t@127.0.0.1:{port}/shop").complaint
    assert str(port) in complaint
    assert "s3cr3t" not in complaint


def test_the_owners_address_is_named_where_that_one_is_wrong(server: Server, empty: Path) -> None:
    wrong = url(server, secret="s3cr3t-mistyped")
    complaint = gateway(empty, "serve", DATABASE_URL=url(server), DATABASE_OWNER_URL=wrong).complaint
    assert complaint.startswith("DATABASE_OWNER_URL: cannot connect")


def test_a_server_that_is_too_old_is_refused(empty: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=be_postgres, args=(listener, "14.9"))
        thread.start()
        address = f"postgresql://shop@127.0.0.1:{listener.getsockname()[1]}/shop?sslmode=disable"
        complaint = gateway(empty, "serve", DATABASE_URL=address).complaint
        thread.join()
    assert "DATABASE_URL leads to PostgreSQL 14; 15 or newer is needed" in complaint


def be_postgres(listener: socket.socket, version: str) -> None:
    """Lets one client in, as a server of that version does."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!I", 4 + len(body)) + body

    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        said: list[Any] = [
            message(b"R", struct.pack("!I", 0)),
            message(b"S", f"server_version\0{version}\0".encode()),
            message(b"S", b"client_encoding\0UTF8\0"),
            message(b"K", struct.pack("!II", os.getpid(), 1)),
            message(b"Z", b"I"),
        ]
        connection.sendall(b"".join(said))
        connection.recv(4096)
