"""Keys of personal data: the newest seals, all open, and a rotation may be cut off anywhere."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from gateway.auth.personal import KEY_BYTES, PersonalVault, add_key, keep_keys
from gateway.auth.viewer import STAFF_ROLES, Viewer, ViewerKind
from gateway.repositories import personal
from gateway.repositories.policies import ID_NUMBER, PHONE, policy_id
from models import metadata
from tests.conftest import ROLE, TEMPLATE, dsn
from tests.personal.test_unmasking import ask, values
from tests.support import advances
from tests.support.client import Client, Gateway, new_key
from tests.support.consents import insured
from tests.support.escorts import NOW, book, person, register, verdict_of
from tests.support.processes import Said, gateway_here
from tests.support.processes import gateway as command
from tests.support.server import running_gateway

NUMBER = "110101199003070011"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "personal.key"


def test_every_key_opens_and_the_newest_seals(path: Path) -> None:
    vault = PersonalVault.load(path)
    old = vault.seal(NUMBER, ID_NUMBER)
    add_key(path)
    new = vault.seal(NUMBER, ID_NUMBER)
    assert old[:4] != new[:4]
    assert (new[:4], vault.mark) == (vault.all_marks[-1], vault.all_marks[-1])
    assert {vault.open(each, ID_NUMBER) for each in (old, new)} == {NUMBER}
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 2 * KEY_BYTES


def test_a_value_opens_only_where_it_was_sealed_and_unchanged(path: Path) -> None:
    vault = PersonalVault.load(path)
    sealed = vault.seal(NUMBER, ID_NUMBER)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for value, place in ((sealed, PHONE), (changed, ID_NUMBER), (b"\0" * 4 + sealed[4:], ID_NUMBER), (b"", ID_NUMBER)):
        with pytest.raises(InvalidTag):
            vault.open(value, place)


def test_while_keys_change_a_number_is_searched_under_each(path: Path) -> None:
    vault = PersonalVault.load(path)
    old = vault.fingerprint("ID_CARD", NUMBER)
    add_key(path)
    assert vault.fingerprints("ID_CARD", NUMBER) == [old, vault.fingerprint("ID_CARD", NUMBER)]
    assert vault.fingerprint("ID_CARD", NUMBER) != old


def test_a_key_that_seals_something_is_not_forgotten(path: Path) -> None:
    vault = PersonalVault.load(path)
    first = vault.mark
    for _ in range(2):
        add_key(path)
    newest = vault.mark
    assert keep_keys(path, frozenset({first})) == 1
    assert vault.all_marks == (first, newest)
    assert keep_keys(path, frozenset()) == 1
    assert vault.all_marks == (newest,)


def test_a_key_file_that_is_cut_off_is_told(path: Path) -> None:
    path.write_bytes(bytes(KEY_BYTES + 1))
    with pytest.raises(ValueError, match="64 bytes"):
        PersonalVault.load(path)


def test_every_sealed_column_is_rotated() -> None:
    """Whatever table gets one later is found by its name."""
    sealed = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_encrypted")
    }
    assert {f"{place.text}_encrypted" for place in personal.places()} == sealed
    assert {"policy_members.phone", "policy_members.id_number", "claims.account"} <= {
        place.text for place in personal.places()
    }


# The command, over a database of its own


@pytest.fixture
def own(gateway: Gateway, database: str, tmp_path: Path) -> Generator[Gateway]:
    """A gateway whose keys and data nobody else uses."""
    name = f"keys_{tmp_path.name.replace('-', '_')}"
    asyncio.run(_run(dsn("postgres"), f'create database "{name}" template {TEMPLATE}'))
    folder = tmp_path / "state"
    folder.mkdir()
    for key in ("personal.key", "token.pem", "cursor.key", "vendor-tokens.key"):
        shutil.copy(gateway.folder / key, folder / key)
    with running_gateway(dsn(name, ROLE), folder) as address:
        running = Gateway(address, folder, owner_dsn=dsn(name))
        yield running
        running.http.close()
    asyncio.run(_run(dsn("postgres"), f'drop database "{name}" with (force)'))


async def _run(where: str, statement: str) -> None:
    connection = await asyncpg.connect(where)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def run(own: Gateway, *arguments: str) -> Said:
    return gateway_here(own.folder.parent, "personal", *arguments, DATABASE_URL=own.owner_dsn)


def run_beside(own: Gateway, *arguments: str) -> Said:
    """In a process of its own, which shares the key file with the running gateway and nothing else."""
    return command(own.folder.parent, "personal", *arguments, DATABASE_URL=own.owner_dsn)


def supervisor(own: Gateway) -> Client:
    return own.staff("supervisor")


def marks(own: Gateway) -> dict[str, set[bytes]]:
    """Column → the keys that have sealed something in it."""

    async def read() -> dict[str, set[bytes]]:
        connection = await asyncpg.connect(own.owner_dsn)
        try:
            return {place.text: await personal.marks(connection, place, 4) for place in personal.places()}
        finally:
            await connection.close()

    return {text: found for text, found in asyncio.run(read()).items() if found}


def test_a_rotation_seals_all_anew_under_a_running_gateway(own: Gateway) -> None:
    number = register(own, insured=[person(phone="13912345678", idType="ID_CARD", idNumber=NUMBER)])
    companion = {"relation": "RELATIVE", "name": "演示", "phone": "13700001111"}
    booking = book(own.customer(number).at(NOW), number, companion=companion)["booking"]["id"]
    somebody = insured(own.customer(number), number)
    before = marks(own)
    assert {"policy_members.phone", "policy_members.id_number", "escort_details.patient_phone"} <= set(before)
    said = run_beside(own, "rotate", "--batch", "7")
    assert said.code == 0, said.err
    assert "back it up" in said.err
    after = marks(own)
    assert set(after) == set(before)
    newest = PersonalVault.load(own.folder / "personal.key").mark
    assert all(found == {newest} for found in after.values())
    assert values(ask(supervisor(own), somebody, "ID_NUMBER", "PHONE")) == {
        "ID_NUMBER": NUMBER,
        "PHONE": "13912345678",
    }
    assert values(ask(supervisor(own), booking, "COMPANION_PHONE")) == {"COMPANION_PHONE": "13700001111"}
    assert register(own)
    assert set.union(*marks(own).values()) == {newest}
    assert run_beside(own, "retire").out == "1 keys forgotten\n"
    assert values(ask(supervisor(own), somebody)) == {"ID_NUMBER": NUMBER}
    assert len((own.folder / "personal.key").read_bytes()) == KEY_BYTES


def test_hashes_follow_their_numbers(own: Gateway) -> None:
    """Else a number that is on the policy already could not be told any more."""
    register(own, insured=[person(idType="ID_CARD", idNumber=NUMBER)])
    assert run(own, "rotate").code == 0
    wanted = PersonalVault.load(own.folder / "personal.key").fingerprint("ID_CARD", NUMBER)

    async def found() -> Any:
        connection = await asyncpg.connect(own.owner_dsn)
        try:
            return await connection.fetchval("select count(*) from policy_members where id_number_hash = $1", wanted)
        finally:
            await connection.close()

    assert asyncio.run(found()) == 1


def test_a_rotation_that_was_cut_off_is_finished_with_the_same_key(own: Gateway) -> None:
    assert run(own, "rotate", "--key-only").code == 0
    number = register(own)
    mixed = marks(own)["policy_members.id_number"]
    assert len(mixed) == 2
    assert "not finished" in run(own, "rotate", "--key-only").complaint
    said = run(own, "rotate")
    assert "earlier rotation" in said.err
    assert marks(own)["policy_members.id_number"] == {PersonalVault.load(own.folder / "personal.key").mark}
    assert len((own.folder / "personal.key").read_bytes()) == 2 * KEY_BYTES
    assert values(ask(supervisor(own), insured(own.customer(number), number)))


def test_a_key_in_use_survives_retiring(own: Gateway) -> None:
    assert run(own, "rotate", "--key-only").code == 0
    assert run(own, "retire").out == "0 keys forgotten\n"
    assert len((own.folder / "personal.key").read_bytes()) == 2 * KEY_BYTES


# While requests run


def test_requests_notice_nothing_of_a_rotation(own: Gateway) -> None:
    """People are added, shown and verified by their numbers all the time: before it, while it runs, and after it."""
    who = person(name="演示被保险人", birthOn="1988-05-05", idType="ID_CARD", idNumber=NUMBER)
    number = advances.policy(own, "ZAWX", insured=[who])
    for _ in range(10):
        register(own)
    client, somebody = own.customer(number).at(NOW), insured(own.customer(number), number)
    known = {name: who[name] for name in ("name", "idType", "idNumber")}
    asked = advances.request(own, number, "ZAWX", person=known)
    rotated = threading.Event()

    def working(work: Callable[[], Any]) -> list[Any]:
        """At least once after the end."""
        found = [work()]
        while not rotated.wait(0.05):
            found.append(work())
        return [*found, work()]

    def verified() -> Any:
        return verdict_of(advances.send(client, "advanceRequest", asked, dry_run=True), "ZAWX-ADV-05")["status"]

    def shown() -> Any:
        return values(ask(another_supervisor(own), somebody))

    with ThreadPoolExecutor(4) as threads:
        added, seen, told = (threads.submit(working, work) for work in (lambda: register(own), shown, verified))
        try:
            codes = [run_beside(own, *words).code for words in (("rotate", "--batch", "5"), ("retire",))]
        finally:
            rotated.set()
    assert codes == [0, 0]
    assert len(set(added.result())) == len(added.result()) > 2
    assert {repr(item) for item in seen.result()} == {repr({"ID_NUMBER": NUMBER})}
    assert set(told.result()) == {"PASSED"}
    assert set.union(*marks(own).values()) == {PersonalVault.load(own.folder / "personal.key").mark}


def another_supervisor(own: Gateway) -> Client:
    """One person may look into a few only."""
    scopes = frozenset(STAFF_ROLES["supervisor"])
    return own.client(Viewer(ViewerKind.STAFF, f"staff:{new_key()}", "x", scopes, role="supervisor"))


@pytest.mark.anyio
@pytest.mark.parametrize("ending", ["commit", "rollback"])
async def test_what_an_open_transaction_has_sealed_keeps_its_key(
    own: Gateway, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sealed before the key was added and is not committed yet: neither command passes it by."""
    looks, look = [], personal.under_way

    async def noted(connection: Any) -> set[str]:
        looks.append(await look(connection))
        return looks[-1]

    monkeypatch.setattr(personal, "under_way", noted)
    number = await asyncio.to_thread(register, own)
    vault = PersonalVault.load(own.folder / "personal.key")
    sealed_by = vault.mark
    connection = await asyncpg.connect(own.owner_dsn)
    await connection.execute("select set_config('app.kind', 'SYSTEM', false)")
    writing = connection.transaction()
    await writing.start()
    sealed = "update policy_members set phone_encrypted = $1 where policy_id = $2"
    await connection.execute(sealed, vault.seal("13900000000", PHONE), policy_id(number))
    rotating = asyncio.create_task(asyncio.to_thread(run, own, "rotate"))
    while len(looks) < 4 and not rotating.done():  # it looks again and again
        await asyncio.sleep(0.05)
    assert not rotating.done()
    await (writing.commit() if ending == "commit" else writing.rollback())
    await connection.close()
    assert (await rotating).code == 0
    newest = PersonalVault.load(own.folder / "personal.key").mark
    assert newest != sealed_by
    assert set.union(*(await asyncio.to_thread(marks, own)).values()) == {newest}


def test_rows_of_a_policy_change_their_key_together(own: Gateway) -> None:
    """Whether the holder is the insured is told by equal hashes."""
    who = person(idType="ID_CARD", idNumber=NUMBER)
    number = register(own, holder=who, insured=[who])
    same = "select count(distinct id_number_hash) as hashes from policy_members where policy_id = $1"
    assert run(own, "rotate", "--key-only").code == 0

    async def in_steps() -> set[int]:
        vault = PersonalVault.load(own.folder / "personal.key")
        (place,) = [place for place in personal.places() if place.text == "policy_members.id_number"]
        connection = await asyncpg.connect(own.owner_dsn)
        found: set[int] = set()
        while await personal.reseal(connection, place, vault, 1):
            found.add(await connection.fetchval(same, policy_id(number)))
        await connection.close()
        return found

    assert asyncio.run(in_steps()) == {1}
