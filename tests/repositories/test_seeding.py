"""Seeding: once, twice, and again after a change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from seeds import load, state
from seeds.rows import all_parts
from seeds.rows.part import Row
from tests.support.seeding import Work, rows, run, value


def test_seeding_twice_changes_nothing(dsn: str) -> None:
    async def again(connection: Any) -> tuple[bool, bool]:
        before = await connection.fetch("select xmin, code from rules")
        changed = await load.seed(connection)
        return changed, before == await connection.fetch("select xmin, code from rules")

    assert run(dsn, again) == (False, True)


def test_an_unchanged_seed_is_seen_at_once(dsn: str) -> None:
    """It is the work that counts, here and in the database; no busy neighbor makes it more."""

    async def spent(connection: Any) -> tuple[float, list[str]]:
        asked: list[str] = []
        begun = time.thread_time()
        with connection.query_logger(lambda record: asked.append(record.query)):
            await load.seed(connection)
        return time.thread_time() - begun, asked

    found = [run(dsn, spent) for _ in range(5)]
    assert min(seconds for seconds, _ in found) < 0.05
    assert {len(asked) for _, asked in found} == {1}


def test_of_two_that_seed_at_once_one_waits(dsn: str) -> None:
    async def both() -> list[bool]:
        connections = [await asyncpg.connect(dsn) for _ in range(2)]
        await connections[0].execute("delete from seed_states")
        try:
            return list(await asyncio.gather(*map(load.seed, connections)))
        finally:
            for connection in connections:
                await connection.close()

    assert sorted(asyncio.run(both())) == [False, True]


def test_the_versions_of_seeds_and_rulebook_are_noted(dsn: str) -> None:
    noted = dict(rows(dsn, "select name, sha256 from seed_states"))
    assert noted == {"seeds": state.seeds_digest(), "rulebook": state.rulebook_digest()}


def test_the_rulebook_has_a_new_version_when_a_text_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state.rulebook_digest()
    for path in state.HERE.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(state, "HERE", tmp_path)
    assert state.rulebook_digest() == before
    (tmp_path / "cities.yaml").write_text("")
    assert state.rulebook_digest() == before
    (tmp_path / "texts.yaml").write_text("")
    assert state.rulebook_digest() != before


def changed(monkeypatch: pytest.MonkeyPatch, table: str, change: Callable[[list[Row]], list[Row]]) -> None:
    """The next seeding finds other files: the rows of one table went through `change`."""
    parts = [
        replace(part, rows=change([dict(row) for row in part.rows])) if part.table.name == table else part
        for part in all_parts()
    ]
    monkeypatch.setattr(load, "all_parts", lambda: parts)
    monkeypatch.setattr(state, "seeds_digest", lambda: "another")


def seeded(*before: str, then: str) -> Work:
    async def work(connection: Any) -> Any:
        for statement in before:
            await connection.execute(statement)
        assert await load.seed(connection)
        return [tuple(row) for row in await connection.fetch(then)]

    return work


def test_a_changed_row_is_updated_in_place(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = value(dsn, "select id from rules where code = 'ZYB-ESC-26'")
    changed(monkeypatch, "rules", lambda rules: [row | {"statement_en": "Now otherwise."} for row in rules])
    answer = run(dsn, seeded(then="select id, statement_en from rules where code = 'ZYB-ESC-26'"))
    assert answer == [(identity, "Now otherwise.")]


def test_rules_may_change_places(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    last = len(rows(dsn, "select from rules")) + 1
    changed(monkeypatch, "rules", lambda rules: [row | {"position": last - row["position"]} for row in rules])
    answer = run(dsn, seeded(then="select code from rules order by position limit 1"))
    assert answer == rows(dsn, "select code from rules order by position desc limit 1")


def test_what_vanished_is_deleted(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(monkeypatch, "contact_channels", lambda contacts: contacts[1:])
    (count,) = run(dsn, seeded(then="select count(*) from contact_channels"))
    assert count == (value(dsn, "select count(*) from contact_channels") - 1,)


def test_what_vanished_but_is_referred_to_stays_at_the_end(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(monkeypatch, "rules", lambda rules: rules[2:])
    suspension = """
        set local session_replication_role = replica;  -- the card behind it is of no matter here
        insert into card_suspensions (policy_id, id, card_id, cause_type, cause_id, rule_code, suspended_at)
        select a, a, a, 'BILL', a, 'ZYB-GEN-01', now() from gen_random_uuid() a;
        set local session_replication_role = origin
    """
    answer = run(dsn, seeded(suspension, then="select code, position > 0 from rules order by position"))
    assert answer[0] == ("ZYB-GEN-03", True)
    assert answer[-1] == ("ZYB-GEN-01", True)
    assert len(answer) == 512


def test_every_foreign_key_keeps_its_row(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A city with an imported hospital stays, though the files have lost it; one without goes."""
    changed(monkeypatch, "cities", lambda cities: [row for row in cities if row["code"] not in ("deyang", "ningde")])
    hospital = """
        insert into hospitals select (jsonb_populate_record(h,
          '{"code": "X", "id": "00000000-0000-0000-0000-000000000001", "source": "IMPORTED", "city_code": "deyang"}')).*
        from hospitals h limit 1
    """
    answer = run(dsn, seeded(hospital, then="select code from cities where code in ('deyang', 'ningde')"))
    assert answer == [("deyang",)]


@pytest.mark.parametrize(
    ("theirs", "then"),
    [
        (
            "update calendar_days set is_workday = false, source = 'imported' where \"on\" = '2027-03-01'",
            "select from calendar_days where \"on\" = '2027-03-01' and not is_workday",
        ),
        (
            "insert into calendar_days values ('2036-01-01', false, 'OFFICIAL', 'imported', null)",
            "select from calendar_days where \"on\" = '2029-01-01'",
        ),
        (
            "update hospitals set source = 'IMPORTED', name = 'theirs' where code = 'SH-SCMC'",
            "select from hospitals where name = 'theirs'",
        ),
        (
            "update hospitals set level = 3 where code = 'SH-SCMC'",
            "select from hospitals where level = 3",
        ),
        (
            """
            insert into vendors values ('DEMO', gen_random_uuid(), '演示', 'Demo', true);
            insert into product_vendors values ('ZYB', 'DEMO', 'SERVICE_VENDOR', '{}')
            """,
            "select from vendors join product_vendors on vendor_code = code where is_demo",
        ),
    ],
)
def test_what_people_brought_is_left_alone(dsn: str, monkeypatch: pytest.MonkeyPatch, theirs: str, then: str) -> None:
    changed(monkeypatch, "hospitals", lambda hospitals: [row | {"name": "ours"} for row in hospitals])
    assert len(run(dsn, seeded(theirs, then=then))) == 1


def test_seeding_fails_as_a_whole(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(monkeypatch, "calendar_days", lambda days: [row | {"status": "GUESSED"} for row in days])

    async def failing(connection: Any) -> Any:
        await connection.execute("delete from contact_channels")
        with pytest.raises(asyncpg.CheckViolationError):
            await load.seed(connection)
        return await connection.fetchval("select count(*) from contact_channels")

    assert run(dsn, failing) == 0
