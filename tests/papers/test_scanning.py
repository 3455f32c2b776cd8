"""The scanner: clamd as its protocol is written, and what happens to papers while it is away."""

import asyncio
import datetime as dt
import socketserver
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.execution import ids
from gateway.files.papers import Papers
from gateway.files.scanning import Clamd, ScannerFault, scanner_at
from gateway.jobs import papers as jobs
from gateway.jobs.house import House
from gateway.postgres.pool import open_pool
from gateway.resolvers.papers import RECHECKED_AFTER
from gateway.settings import Settings
from tests.conftest import ROLE, dsn
from tests.support.client import Gateway
from tests.support.escorts import change, look, register
from tests.support.papers import EICAR, download, paper, picture, put, ticket, upload
from tests.support.server import running_gateway

PICTURE = picture(size=(60, 80))
NOBODY = "clamd://127.0.0.1:9"
A_MINUTE = dt.timedelta(minutes=1)


class _Answering(socketserver.StreamRequestHandler):
    """INSTREAM as clamd speaks it."""

    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := int.from_bytes(self.rfile.read(4)):
            content += self.rfile.read(length)
        if len(content) > 1_000_000:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@contextmanager
def clamd() -> Generator[str]:
    """The address of a scanner in a thread of its own."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"clamd://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.anyio
async def test_clamd_says_what_is_in_a_file(tmp_path: Path) -> None:
    clean, infected, large = (tmp_path / name for name in ("clean", "infected", "large"))
    clean.write_bytes(b"x" * 200_000)
    infected.write_bytes(b"x" * 100_000 + EICAR)
    large.write_bytes(bytes(1_000_001))
    with clamd() as address:
        scanner = Clamd(address)
        assert await scanner.finds(clean) is None
        assert await scanner.finds(infected) == "Eicar-Test-Signature"
        with pytest.raises(ScannerFault):
            await scanner.finds(large)
    with pytest.raises(ScannerFault):
        await scanner.finds(clean)


@pytest.mark.anyio
async def test_clamd_is_reached_by_a_socket_too(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(EICAR)
    with socketserver.ThreadingUnixStreamServer(str(tmp_path / "clamd.sock"), _Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert await Clamd(f"clamd://{tmp_path}/clamd.sock").finds(file) == "Eicar-Test-Signature"
        server.shutdown()


def test_in_production_nothing_is_called_clean_that_nobody_scans() -> None:
    assert scanner_at("", is_development=False) is None
    assert scanner_at("", is_development=True) is not None


# Papers that were left on their way


def job(gateway: Gateway, database: str, work: Callable[[Any], Awaitable[int]], **changes: Any) -> int:
    """What a job does, with what it holds."""

    async def run() -> int:
        settings = Settings(mode="development", folder=gateway.folder, **changes)
        pool = await open_pool(dsn(database, ROLE), size=2, statement_cache=0)
        try:
            rulebook = SimpleNamespace(version="test")
            return await work(SimpleNamespace(pool=pool, papers=Papers.of(settings), rulebook=rulebook))
        finally:
            await pool.close()

    return asyncio.run(run())


@contextmanager
def with_scanner(gateway: Gateway, database: str, address: str) -> Generator[Gateway]:
    with running_gateway(dsn(database, ROLE), gateway.folder, scanner=address) as running:
        yield Gateway(running, gateway.folder, owner_dsn=gateway.owner_dsn, http=gateway.http)


def key_of(document: str) -> Any:
    return ids.decode_as("doc", document, 2)[1]


def age(gateway: Gateway, document: str, days: int) -> None:
    change(
        gateway,
        """
        update documents set uploaded_at = uploaded_at - make_interval(days => $2),
          keep_until = keep_until - make_interval(days => $2) where id = $1
        """,
        key_of(document),
        days,
    )


def test_a_paper_stays_unread_until_the_scanner_is_back(gateway: Gateway, database: str) -> None:
    with with_scanner(gateway, database, NOBODY) as running:
        number = register(running)
        me = running.customer(number)
        document = upload(me, number, PICTURE)
        assert paper(me, document)["status"] == "CHECKING"
        assert download(me, document).status_code == 409
    me, now = gateway.customer(number), dt.datetime.now(dt.UTC)
    with clamd() as address:
        job(gateway, database, lambda held: jobs.recheck(House(held, now)), scanner=address)
        assert paper(me, document)["status"] == "CHECKING"
        later = now + RECHECKED_AFTER + A_MINUTE
        assert job(gateway, database, lambda held: jobs.recheck(House(held, later)), scanner=address) >= 1
    assert paper(me, document)["status"] == "CLEAN"
    assert download(me, document).content == PICTURE


def test_clamd_judges_what_is_uploaded(gateway: Gateway, database: str) -> None:
    with clamd() as address, with_scanner(gateway, database, address) as running:
        number = register(running)
        me = running.customer(number)
        assert paper(me, upload(me, number, PICTURE))["status"] == "CLEAN"
        assert paper(me, upload(me, number, PICTURE + EICAR))["status"] == "INFECTED"


def forget(held: Any) -> Awaitable[int]:
    return jobs.expire(House(held, dt.datetime.now(dt.UTC)))


def test_what_time_cannot_end_keeps_nothing_else_from_being_forgotten(gateway: Gateway, database: str) -> None:
    number = register(gateway)
    me = gateway.customer(number)
    removed, old = upload(me, number, PICTURE), upload(me, number, PICTURE)
    change(gateway, "update documents set state = 'REMOVED' where id = $1", key_of(removed))
    age(gateway, removed, 32)
    age(gateway, old, 31)
    job(gateway, database, forget)
    assert (paper(me, removed)["status"], paper(me, old)["status"]) == ("REMOVED", "EXPIRED")


def test_what_no_case_has_taken_in_its_time_is_forgotten(gateway: Gateway, database: str) -> None:
    number = register(gateway)
    me = gateway.customer(number)
    old, young, attached, unfit, never = (
        upload(me, number, PICTURE),
        upload(me, number, PICTURE),
        upload(me, number, PICTURE),
        upload(me, number, b"words"),
        ticket(me, number, PICTURE),
    )
    for document in (old, attached, unfit, never.document):
        age(gateway, document, 31)
    change(gateway, "update documents set subject_id = gen_random_uuid() where id = $1", key_of(attached))
    assert job(gateway, database, forget) >= 3
    assert job(gateway, database, forget) == 0
    states = {name: paper(me, document) for name, document in (("old", old), ("young", young), ("attached", attached))}
    assert {name: seen["status"] for name, seen in states.items()} == {
        "old": "EXPIRED",
        "young": "CLEAN",
        "attached": "CLEAN",
    }
    assert states["old"]["fileName"] is None
    assert paper(me, unfit)["status"] == paper(me, never.document)["status"] == "EXPIRED"
    assert download(me, old).status_code == 409
    assert download(me, attached).content == PICTURE
    assert put(me, never, PICTURE).status_code == 404
    left = [file.name for file in (gateway.folder / "documents").rglob("*") if key_of(old).hex in str(file)]
    assert left == []
    (entry,) = look(
        gateway,
        "select actor_kind, actor from audit_entries where subject_id = $1 and operation = 'documentExpire'",
        key_of(old),
    )
    assert tuple(entry.values()) == ("SYSTEM", "system:uploads")


def test_a_paper_that_anything_refers_to_is_kept(gateway: Gateway, database: str) -> None:
    """Also where nobody has attached it: a row of a health record names it."""
    number = register(gateway)
    document = upload(gateway.customer(number), number, PICTURE)
    age(gateway, document, 31)
    policy = ids.decode_as("doc", document, 2)[0]
    change(
        gateway,
        """
        with record as (
          insert into health_records (policy_id, insured_id, product_code, basics, family_history, habits, updated_by,
            created_at, updated_at)
          select policy_id, id, 'CY26', '{}', '{}', '{}', 'x', now(), now() from policy_members
          where policy_id = $1 and role = 'INSURED' returning policy_id, insured_id)
        insert into health_record_entries (policy_id, id, insured_id, product_code, kind, "on", title, document_id,
          recorded_by, at)
        select policy_id, gen_random_uuid(), insured_id, 'CY26', 'CHECKUP_REPORT', now(), 'x', $2, 'x', now()
        from record
        """,
        policy,
        key_of(document),
    )
    job(gateway, database, forget)
    assert paper(gateway.customer(number), document)["status"] == "CLEAN"


@pytest.mark.parametrize(
    ("state", "to_state", "role"),
    [("RESERVED", "CLEAN", "SYSTEM"), ("INFECTED", "CLEAN", "SYSTEM"), ("CHECKING", "CLEAN", "CUSTOMER")],
)
def test_the_database_refuses_a_step_that_is_none(gateway: Gateway, state: str, to_state: str, role: str) -> None:
    number = register(gateway)
    document = upload(gateway.customer(number), number, PICTURE)
    with pytest.raises(Exception, match="transition"):
        change(
            gateway,
            """
            insert into document_events (policy_id, document_id, seq, machine, from_state, command, role, to_state,
              actor, details, at)
            select policy_id, id, 99, 'DOCUMENT', $2, 'judge', $3, $4, 'x', '{}', now() from documents where id = $1
            """,
            key_of(document),
            state,
            role,
            to_state,
        )
