"""Where papers lie: on the disk or in a bucket, alike; and what happens when there is no room."""

import asyncio
import io
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from PIL import Image

from gateway.files.storage import Bucket, Disk, Storage, StorageFault
from gateway.mendable import Mendable
from gateway.settings import Settings
from gateway.variables import SettingsError
from tests.conftest import ROLE, dsn
from tests.support.client import Gateway
from tests.support.escorts import register
from tests.support.papers import download, paper, picture, put, ticket, upload
from tests.support.server import running_gateway

BUCKET = "papers"
LARGE = os.urandom(12_000_000)
"""More than one part of an upload to a bucket."""


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3, in a process of its own, with one bucket."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            httpx.put(f"{address}/{BUCKET}").raise_for_status()
            yield address
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the S3 server did not start")


@pytest.fixture
def keys(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a bucket asks of the environment."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=["disk", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "disk":
        return Disk(tmp_path / "kept")
    request.getfixturevalue("keys")
    return Bucket(f"s3://{BUCKET}/{tmp_path.name}")


async def read(storage: Storage, name: str) -> bytes:
    return b"".join([part async for part in storage.read(name)])


def written(folder: Path, content: bytes) -> Path:
    file = folder / "arrived"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("content", [b"x", LARGE], ids=["small", "large"])
@pytest.mark.anyio
async def test_what_is_kept_is_read_and_stays(storage: Storage, tmp_path: Path, content: bytes) -> None:
    file = written(tmp_path, content)
    await storage.keep("p/d/one", file)
    await storage.keep("p/d/one", file)
    assert await read(storage, "p/d/one") == content
    assert file.read_bytes() == content


@pytest.mark.anyio
async def test_what_is_deleted_is_gone_and_may_be_deleted_again(storage: Storage, tmp_path: Path) -> None:
    await storage.keep("p/d/one", written(tmp_path, b"x"))
    for _ in range(2):
        await storage.delete("p/d/one")
    with pytest.raises(StorageFault):
        await read(storage, "p/d/one")


@pytest.mark.anyio
async def test_clearing_takes_all_of_one_and_nothing_of_another(storage: Storage, tmp_path: Path) -> None:
    for name in ("p/d/one", "p/d/two", "p/d2/one"):
        await storage.keep(name, written(tmp_path, name.encode()))
    await storage.clear("p/d")
    await storage.clear("p/none")
    assert await read(storage, "p/d2/one") == b"p/d2/one"
    with pytest.raises(StorageFault):
        await read(storage, "p/d/two")


@pytest.mark.anyio
async def test_a_bucket_that_is_away_is_a_fault(keys: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StorageFault):
        await Bucket("s3://no-such-bucket").keep("p/d/one", written(tmp_path, b"x"))


def test_papers_lie_in_the_bucket_that_the_setting_names(
    gateway: Gateway, database: str, tmp_path: Path, folder: Path, keys: None
) -> None:
    content = picture()
    with running_gateway(dsn(database, ROLE), folder, storage_url=f"s3://{BUCKET}/whole") as address:
        running = Gateway(address, folder, owner_dsn=gateway.owner_dsn)
        number = register(running)
        me = running.customer(number)
        document = upload(me, number, content)
        assert paper(me, document)["status"] == "CLEAN"
        assert download(me, document).content == content
        running.http.close()
    assert len(asyncio.run(_listed("whole"))) == 1


async def _listed(prefix: str) -> list[str]:
    from obstore.store import S3Store

    store = S3Store.from_url(f"s3://{BUCKET}", client_options={"allow_http": True})
    return [each["path"] for each in await store.list(f"{prefix}/").collect_async()]


def test_the_setting_names_a_bucket_and_nothing_else() -> None:
    assert Settings.load({"GATEWAY_STORAGE": "s3://bucket/prefix"}).storage_url == "s3://bucket/prefix"
    with pytest.raises(SettingsError, match="GATEWAY_STORAGE"):
        Settings.load({"GATEWAY_STORAGE": "/a/folder"})


def test_a_bucket_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(Mendable, match=r"\[s3\]"):
        Bucket("s3://bucket")


@contextmanager
def no_room() -> Generator[None]:
    """No file of this process grows beyond a megabyte: the system says no in the middle of a write, as a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_and_leaves_nothing(gateway: Gateway, database: str, folder: Path) -> None:
    noise = io.BytesIO()
    Image.effect_noise((1600, 1600), 100).save(noise, "PNG")
    content = noise.getvalue()
    assert len(content) > 1_500_000
    with running_gateway(dsn(database, ROLE), folder) as address:
        running = Gateway(address, folder, owner_dsn=gateway.owner_dsn)
        number = register(running)
        me = running.customer(number)
        given = ticket(me, number, content)
        with no_room():
            answer = put(me, given, content)
        assert answer.status_code == 503
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert "stored" in answer.json()["errors"][0]["message"]
        assert paper(me, given.document)["status"] == "RESERVED"
        assert list((folder / "incoming").iterdir()) == []
        assert put(me, given, content).status_code == 201
        running.http.close()
