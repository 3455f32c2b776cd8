"""The audit trail by months: old ones leave the database, once they stand in files, and nothing is lost on the way."""

import asyncio
import datetime as dt
import gzip
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gateway.cli import archives, audit
from gateway.mendable import Mendable
from gateway.postgres import pool, trail
from gateway.postgres.session import speak_for_gateway
from gateway.settings import Settings
from gateway.variables import SettingsError
from models.audit import FIELDS_READ, NO_POLICY
from tests.conftest import ROLE, TEMPLATE, dsn
from tests.support.processes import Said
from tests.support.processes import gateway as command

FIRST = dt.date(2026, 1, 1)
JANUARY, FEBRUARY = (dt.date(2026, month, 1) for month in (1, 2))
POLICY = uuid.UUID(int=7)
ADD = """
insert into audit_entries (policy_id, id, actor_kind, actor, operation, request_id, rulebook, at, details)
values ($1, $2, 'SYSTEM', $3, $4, 'r', '', now(), '{"fields": ["咳嗽"]}')
"""


@pytest.fixture
async def name(database: str) -> AsyncIterator[str]:
    """A database of its own, whose months begin in January 2026."""
    made, server = f"{database}_trail", await asyncpg.connect(dsn("postgres"))
    await server.execute(f"drop database if exists {made} with (force)")
    await server.execute(f"create database {made} template {TEMPLATE}")
    async with pool.connection(dsn(made)) as line:
        await trail.prepare(line, FIRST)
    yield made
    await server.execute(f"drop database {made} with (force)")
    await server.close()


@pytest.fixture
async def owner(name: str) -> AsyncIterator[Any]:
    async with pool.connection(dsn(name)) as line:
        await speak_for_gateway(line)
        yield line


def id_of(month: dt.date, at: int) -> uuid.UUID:
    return uuid.UUID(int=trail.Part(month).ids[0].int + at)


async def fill(line: Any, month: dt.date = JANUARY, count: int = 3) -> None:
    """As many lines about reads as about writes."""
    for at in range(count):
        for operation, place in ((FIELDS_READ, 2 * at), ("claimSubmit", 2 * at + 1)):
            await line.execute(ADD, POLICY, id_of(month, place), f"somebody {place}", operation)


async def left(line: Any, month: dt.date = JANUARY) -> list[uuid.UUID]:
    found = "select id from audit_entries where id >= $1 and id < $2 order by id"
    return [row["id"] for row in await line.fetch(found, *trail.Part(month).ids)]


def told(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("*.gz"))
    return [json.loads(line) for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]


async def leave(line: Any, folder: Path, chosen: str = "all", month: dt.date = JANUARY) -> int:
    return await audit.leave(line, folder, trail.Part(month, is_whole=chosen != "writes"), chosen)


# What leaves, and when


@pytest.mark.parametrize(
    ("is_whole", "keep", "today", "chosen"),
    [
        (True, {}, "2040-01-01", None),
        (True, {"writes": 0}, "2040-01-01", None),
        (True, {"reads": 30}, "2026-03-02", None),
        (True, {"reads": 30}, "2026-03-03", "reads"),
        (True, {"reads": 0}, "2026-02-01", None),
        (True, {"reads": 0}, "2026-02-02", "reads"),
        (False, {"reads": 30}, "2040-01-01", None),
        (False, {"reads": 30, "writes": 60}, "2026-04-02", "writes"),
        (True, {"reads": 30, "writes": 60}, "2026-04-02", "all"),
        (True, {"reads": 90, "writes": 60}, "2026-04-02", None),
    ],
)
def test_a_line_stays_as_long_as_is_said(is_whole: bool, keep: dict[str, int], today: str, chosen: str | None) -> None:
    assert audit.due(trail.Part(JANUARY, is_whole), keep, dt.date.fromisoformat(today)) == chosen


@pytest.mark.anyio
async def test_a_month_leaves_and_others_stay(owner: Any, tmp_path: Path) -> None:
    await fill(owner)
    await fill(owner, FEBRUARY)
    assert await leave(owner, tmp_path) == 6
    assert (await left(owner), len(await left(owner, FEBRUARY))) == ([], 6)
    assert [line["actor"] for line in told(tmp_path)] == [f"somebody {at}" for at in range(6)]
    assert (tmp_path / "audit-2026-01-all.jsonl.gz").is_file()


@pytest.mark.anyio
async def test_lines_about_reads_leave_alone_and_the_others_follow(owner: Any, tmp_path: Path) -> None:
    await fill(owner)
    assert await leave(owner, tmp_path, "reads") == 3
    assert await left(owner) == [id_of(JANUARY, at) for at in (1, 3, 5)]
    assert trail.Part(JANUARY, is_whole=False) in await trail.parts(owner)
    assert await leave(owner, tmp_path, "writes") == 3
    assert await left(owner) == []
    assert len(told(tmp_path)) == 6


@pytest.mark.anyio
async def test_a_leaving_month_is_a_line_itself(owner: Any, tmp_path: Path) -> None:
    await fill(owner)
    await leave(owner, tmp_path)
    (line,) = await owner.fetch("select * from audit_entries where policy_id = $1", NO_POLICY)
    (entry,) = archives.check(tmp_path)
    assert (line["actor"], line["operation"]) == ("cli:audit", "auditArchive")
    assert line["details"] == {
        "chosen": "all",
        "file": entry.file,
        "lines": 6,
        "sha256": entry.sha256,
        "previous": "",
        "chain": entry.digest(),
    }


@pytest.mark.anyio
async def test_a_line_that_comes_after_its_month_has_left_is_kept(owner: Any, tmp_path: Path) -> None:
    await leave(owner, tmp_path)
    await fill(owner, count=1)
    assert len(await left(owner)) == 2


@pytest.mark.anyio
async def test_months_are_made_ahead_once_and_take_what_came_before_them(owner: Any) -> None:
    later = dt.date(2027, 5, 1)
    await fill(owner, later)
    for _ in range(2):
        await trail.prepare(owner, dt.date(2026, 6, 17))
    parts = await trail.parts(owner)
    assert [parts[0].month, parts[-1].month, len(parts)] == [FIRST, dt.date(2027, 6, 1), 18]
    assert await owner.fetchval(f"select count(*) from {trail.Part(later).table}") == 6
    assert len(await left(owner, later)) == 6


# What stays, whatever happens


@pytest.mark.anyio
async def test_what_does_not_read_as_it_was_written_does_not_leave(
    owner: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(owner)
    monkeypatch.setattr(archives, "_read", lambda _: (5, "other"))
    with pytest.raises(Mendable, match="look at the disk"):
        await leave(owner, tmp_path)
    assert len(await left(owner)) == 6
    assert archives.entries(tmp_path) == []


@pytest.mark.anyio
async def test_a_run_that_is_cut_off_is_done_again(owner: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(owner)
    with monkeypatch.context() as patched:
        patched.setattr(trail, "_exchange", lambda *_: asyncio.sleep(0, 1 / 0))
        with pytest.raises(ZeroDivisionError):
            await leave(owner, tmp_path)
    assert len(await left(owner)) == 6
    assert await leave(owner, tmp_path) == 6
    assert (len(archives.check(tmp_path)), len(told(tmp_path))) == (1, 6)


@pytest.mark.anyio
async def test_an_archive_of_other_lines_is_not_written_over(owner: Any, tmp_path: Path) -> None:
    await fill(owner)
    await leave(owner, tmp_path)
    await trail.prepare(owner, FIRST)
    await fill(owner, count=1)
    with pytest.raises(Mendable, match="has other lines than the database"):
        await leave(owner, tmp_path)
    assert (len(await left(owner)), len(told(tmp_path))) == (2, 6)


@pytest.mark.anyio
async def test_nothing_is_lost_between_who_writes_and_who_archives(owner: Any, name: str, tmp_path: Path) -> None:
    await fill(owner)
    acknowledged, is_over = {*await left(owner)}, asyncio.Event()

    async def write(who: int) -> None:
        async with pool.connection(dsn(name, ROLE)) as line:
            await speak_for_gateway(line)
            at = 0
            while at < 5 or not is_over.is_set():
                at += 1
                made = id_of(FEBRUARY, (who << 32) + at)
                await line.execute(ADD, POLICY, made, "writer", FIELDS_READ)
                acknowledged.add(made)

    async def archive() -> None:
        await leave(owner, tmp_path, "reads")
        await leave(owner, tmp_path, "writes")
        is_over.set()

    await asyncio.gather(archive(), *(write(who) for who in range(1, 4)))
    there = [*await left(owner), *await left(owner, FEBRUARY)]
    found = [*there, *(uuid.UUID(line["id"]) for line in told(tmp_path))]
    assert sorted(found) == sorted(acknowledged)


@pytest.mark.anyio
async def test_a_line_that_is_late_for_its_month_holds_it_back(
    owner: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(owner)
    monkeypatch.setattr(trail, "TRIES", 1)
    monkeypatch.setattr(trail, "PAUSE", 0)
    async with pool.connection(dsn(name)) as late:

        async def lines(*given: Any) -> AsyncIterator[str]:
            async for line in written(*given):
                yield line
            writing.append(asyncio.create_task(late.execute(ADD, POLICY, id_of(JANUARY, 9), "late", FIELDS_READ)))
            await waiting(late, owner)

        written, writing = trail.lines, list[asyncio.Task[Any]]()
        monkeypatch.setattr(trail, "lines", lines)
        with pytest.raises(Mendable, match="run it again"):
            await leave(owner, tmp_path)
        await writing[0]
    assert len(await left(owner)) == 7


async def waiting(line: Any, other: Any) -> None:
    """Until a connection waits for a lock."""
    asked = "select exists (select from pg_locks where pid = $1 and not granted)"
    async with asyncio.timeout(60):
        while not await other.fetchval(asked, line.get_server_pid()):
            await asyncio.sleep(0.01)


@pytest.mark.anyio
async def test_a_month_waits_for_who_reads_and_holds_up_nobody_meanwhile(
    owner: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(owner)
    monkeypatch.setattr(trail, "TRIES", 1)
    monkeypatch.setattr(trail, "PAUSE", 0)
    async with pool.connection(dsn(name)) as reader, reader.transaction():
        assert await left(reader)
        with pytest.raises(Mendable, match="run it again"):
            await leave(owner, tmp_path)
        await fill(reader, FEBRUARY, 1)
    assert len(await left(owner)) == 6
    assert await leave(owner, tmp_path) == 6


# Who may, and what is found out


@pytest.mark.anyio
@pytest.mark.parametrize(
    "statement",
    ["select from trail.m2026_01", "delete from trail.rest", "drop table trail.m2026_01", "delete from audit_entries"],
)
async def test_the_gateways_own_role_reaches_no_month(name: str, statement: str) -> None:
    async with pool.connection(dsn(name, ROLE)) as line:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await line.execute(statement)


@pytest.mark.anyio
async def test_an_archive_that_was_changed_is_found_out(owner: Any, tmp_path: Path) -> None:
    for month in (JANUARY, FEBRUARY):
        await fill(owner, month)
        await leave(owner, tmp_path, month=month)
    file = tmp_path / "audit-2026-01-all.jsonl.gz"
    good = gzip.decompress(file.read_bytes())
    file.write_bytes(gzip.compress(good.replace(b"somebody 3", b"somebody 4")))
    with pytest.raises(Mendable, match=r"audit-2026-01-all.jsonl.gz is not what was archived"):
        archives.check(tmp_path)
    file.write_bytes(gzip.compress(good))
    assert len(archives.check(tmp_path)) == 2
    index = tmp_path / archives.INDEX
    index.write_text("".join(index.read_text().splitlines(keepends=True)[1:]))
    with pytest.raises(Mendable, match="line 1: the entry does not follow"):
        archives.check(tmp_path)


# By command


def run(folder: Path, *words: str, **environment: str) -> Said:
    return command(folder, "audit", *words, **environment)


@pytest.mark.parametrize("value", ['{"reads": -1}', '{"Reads": 1}', '{"reads": "1"}', "[]", "30"])
def test_a_period_that_is_none_is_told(value: str) -> None:
    with pytest.raises(SettingsError, match="GATEWAY_KEEP_TRAIL is no JSON object of whole days by reads and writes"):
        Settings.load({"GATEWAY_KEEP_TRAIL": value})


def test_nothing_leaves_unless_the_setting_says_so(gateway: Any, tmp_path: Path) -> None:
    said = run(tmp_path, "archive", "--to", str(tmp_path / "to"), DATABASE_URL=gateway.owner_dsn)
    assert "Every line stays for good" in said.complaint
    assert not (tmp_path / "to").exists()


@pytest.mark.anyio
async def test_a_command_archives_what_is_due_and_another_looks_after_it(owner: Any, name: str, tmp_path: Path) -> None:
    await fill(owner)
    await fill(owner, FEBRUARY)
    place = {"DATABASE_URL": dsn(name), "GATEWAY_KEEP_TRAIL": '{"reads": 0}'}
    words = ("archive", "--before", "2026-02-01", "--to", str(tmp_path / "to"))
    said = await asyncio.to_thread(run, tmp_path, *words, **place)
    assert (said.out.strip(), len(await left(owner)), len(await left(owner, FEBRUARY))) == ("3 lines archived", 3, 6)
    looked = await asyncio.to_thread(run, tmp_path, "verify", str(tmp_path / "to"))
    assert looked.out.startswith("1 files with 3 lines are what was archived")
