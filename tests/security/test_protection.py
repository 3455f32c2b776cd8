"""Row security is brought about, mended and told of."""

import asyncio
import datetime as dt
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import gateway as gateway_package
from gateway.auth.open_rows import OPEN
from gateway.auth.personal import PersonalVault
from gateway.auth.row_security import row_policies
from gateway.auth.tokens import TokenKey
from gateway.auth.viewer import SYSTEM
from gateway.auth.visibility import PRIVATE
from gateway.postgres import embedded
from gateway.postgres import protect as protecting
from gateway.postgres.embedded import Server
from gateway.postgres.migrate import ROLE, _drop_policies, drift, grant, migrate, on_owner
from gateway.postgres.pool import connection
from gateway.postgres.protect import differing, exemption, keep_protected, protect
from gateway.postgres.session import speak_for_gateway
from seeds.demo import load_demo
from seeds.load import seed
from tests.conftest import TEMPLATE, dsn
from tests.support.client import Gateway
from tests.support.server import running_gateway

GATEWAY = Path(gateway_package.__file__).parent
POLICIES = row_policies()
NAME = f"protected_{os.getpid()}"


@pytest.fixture(scope="module")
def protected() -> str:
    """A database of its own, in which row security is as it should be at first."""
    run(dsn("postgres"), lambda opened: opened.execute(f"create database {NAME} template {TEMPLATE}"))
    return dsn(NAME)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="owned-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        made = embedded.start(Path(folder) / "state", settings={"fsync": "off", "shared_buffers": "32MB"})
        yield made
        made.stop()


def run(where: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
    async def opened() -> Any:
        async with connection(where) as made:
            return await work(made)

    return asyncio.run(opened())


def test_what_is_as_it_should_be_is_left_alone(protected: str) -> None:
    assert asyncio.run(protect(protected, POLICIES)) == []


def test_adding_a_row_prepares_no_sub_select_for_a_setting() -> None:
    """Preparing one costs more than reading the setting for a row, and a booking adds rows to ten tables."""
    adding = {table: POLICIES[table][f"{table}_insert"][-1] for table in PRIVATE}
    assert [table for table, made in adding.items() if "SELECT CAST(nullif(current_setting" in made] == []


@pytest.mark.parametrize(
    "harm",
    [
        "alter table bookings disable row level security",
        "alter table bookings no force row level security",
        "drop policy bookings_update on bookings",
        "create policy leak on bookings for select using (true)",
        "drop policy bookings_select on bookings; create policy bookings_select on bookings using (true)",
    ],
)
def test_what_was_loosened_by_hand_is_told_and_mended(protected: str, harm: str) -> None:
    run(protected, lambda opened: opened.execute(harm))
    assert run(protected, lambda opened: differing(opened, POLICIES)) == ["bookings"]
    assert asyncio.run(protect(protected, POLICIES)) == ["bookings"]
    assert asyncio.run(protect(protected, POLICIES)) == []


def test_two_at_once_mend_once(protected: str) -> None:
    run(protected, lambda opened: opened.execute("alter table claims disable row level security"))

    async def both() -> list[list[str]]:
        return list(await asyncio.gather(protect(protected, POLICIES), protect(protected, POLICIES)))

    assert sorted(asyncio.run(both())) == [[], ["claims"]]


def never() -> Any:
    raise AssertionError("the policies are made again")


def kept(where: str, make: Callable[[], Any]) -> list[str]:
    return asyncio.run(keep_protected(where, list(POLICIES), make))


def test_policies_are_not_made_again_where_the_same_release_finds_them_as_it_left_them(protected: str) -> None:
    kept(protected, lambda: POLICIES)
    assert kept(protected, never) == []


def test_policies_are_made_again_where_one_is_missing(protected: str) -> None:
    kept(protected, lambda: POLICIES)
    run(protected, lambda opened: opened.execute("drop policy bookings_update on bookings"))
    assert kept(protected, lambda: POLICIES) == ["bookings"]


def test_another_release_makes_its_own_policies(protected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(protected, lambda: POLICIES)
    monkeypatch.setattr(protecting, "release", lambda: "another")
    with pytest.raises(AssertionError):
        kept(protected, never)


def test_a_release_is_another_one_with_every_change_of_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protecting, "CODE", (tmp_path,))
    (tmp_path / "rule.py").write_text("a = 1")
    before = protecting.release()
    (tmp_path / "rule.py").write_text("a = 2")
    assert protecting.release() != before


def test_policies_make_no_difference_between_tables_and_models(protected: str) -> None:
    assert asyncio.run(drift(protected)) == []


def test_migrating_drops_policies_and_leaves_tables_closed(protected: str) -> None:
    """A column that a policy speaks of could not be changed otherwise."""
    asyncio.run(on_owner(protected, _drop_policies))
    left = run(protected, lambda opened: opened.fetchval("select count(*) from pg_policy"))
    closed = "select count(*) from pg_class where relrowsecurity and relforcerowsecurity"
    assert (left, run(protected, lambda opened: opened.fetchval(closed))) == (0, len(PRIVATE) + len(OPEN))
    assert sorted(asyncio.run(protect(protected, POLICIES))) == sorted([*PRIVATE, *OPEN])


def test_an_owner_who_is_no_superuser_fills_the_database_in_the_gateways_name(server: Server, folder: Path) -> None:
    """Row security is forced, so that it holds for the owner of the tables too."""
    for statement in ("create role owner login", "create database owned owner owner", "create role gateway login"):
        run(server.dsn(), lambda opened, statement=statement: opened.execute(statement))
    owner = server.dsn("owned", user="owner")
    asyncio.run(migrate(owner))
    asyncio.run(grant(owner))
    asyncio.run(protect(owner, POLICIES))

    async def fill(opened: Any) -> Any:
        assert await opened.fetchval("select count(*) from policies") == 0
        await speak_for_gateway(opened)
        await seed(opened)
        await load_demo(opened, PersonalVault.load(folder / "personal.key"))
        return await opened.fetchval("select count(*) from policies")

    assert run(owner, fill) > 0
    assert run(owner, lambda opened: opened.fetchval("select count(*) from policies")) == 0
    assert run(owner, exemption) == "owns tables"
    assert run(server.dsn("owned", user="gateway"), exemption) is None
    assert run(server.dsn("owned"), exemption) == "is a superuser or bypasses row security"


def test_readiness_tells_whether_rows_are_held_back(gateway: Gateway, database: str, folder: Path) -> None:
    assert gateway.http.get(f"{gateway.address}/readyz").json()["rowSecurity"] is True
    with running_gateway(dsn(database), folder) as address:
        assert gateway.http.get(f"{address}/readyz").json()["rowSecurity"] is False


def test_nobody_is_the_gateway_itself_by_a_token(gateway: Gateway) -> None:
    """Not even by one that the gateway's own key has signed."""
    token = TokenKey.load(gateway.folder / "token.pem").issue(SYSTEM, lifetime=dt.timedelta(hours=1))
    answer = gateway.http.post(
        f"{gateway.address}/graphql", json={"query": "{ __typename }"}, headers={"authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 401


def test_no_connection_is_taken_without_saying_who_asks() -> None:
    """A transaction that says nothing sees no private row: `session.transaction` says it in the same round trip."""
    folders = (GATEWAY / name for name in ("resolvers", "schema", "http", "jobs", "repositories", "execution"))
    taking = {file.name for folder in folders for file in folder.rglob("*.py") if "pool.acquire()" in file.read_text()}
    assert taking == {"commands.py", "calendars.py"}  # the working calendar is public


def test_the_gateways_role_cannot_switch_row_security_off(gateway: Gateway, database: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        run(dsn(database, ROLE), lambda opened: opened.execute("alter table bookings disable row level security"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        run(dsn(database, ROLE), lambda opened: _without(opened))


async def _without(opened: Any) -> None:
    await opened.execute("set row_security = off")
    await opened.fetch("select 1 from bookings")
