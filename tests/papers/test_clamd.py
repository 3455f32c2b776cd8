"""ClamAV's own daemon, with one signature of ours, so that nothing has to be fetched for it."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.files.scanning import Clamd, ScannerFault
from gateway.postgres.place import ROLE
from tests.conftest import dsn
from tests.support.client import Gateway
from tests.support.escorts import register
from tests.support.papers import EICAR, archive_of, download, paper, picture, upload
from tests.support.server import running_gateway

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
pytestmark = pytest.mark.skipif(CLAMD is None, reason="clamd is not installed")

PICTURE = picture(size=(60, 80))
CONFIGURATION = """Foreground yes
DatabaseDirectory {home}
LocalSocket {home}/clamd.sock
LogFile {home}/log
StreamMaxLength 1M
TCPAddr 127.0.0.1
TCPSocket {port}
"""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Short enough for the address of a socket."""
    made = Path(tempfile.mkdtemp(prefix="clamd-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "ours.ndb").write_text(f"Gateway-Test:0:*:{EICAR.hex()}\n")
    (home / "clamd.conf").write_text(CONFIGURATION.format(home=home, port=port))
    process = subprocess.Popen(
        [str(CLAMD), "-c", str(home / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, home / "clamd.sock")
        yield f"clamd://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: "subprocess.Popen[bytes]", opened: Path) -> None:
    deadline = time.monotonic() + 30
    while not opened.is_socket():
        assert process.poll() is None, "clamd ended"
        assert time.monotonic() < deadline, "clamd did not start"
        time.sleep(0.05)


@pytest.mark.anyio
@pytest.mark.parametrize("way", ["port", "socket"])
async def test_it_tells_clean_from_infected_and_judges_nothing_that_is_too_large(
    address: str, home: Path, tmp_path: Path, way: str
) -> None:
    scanner = Clamd(address if way == "port" else f"clamd://{home}/clamd.sock")
    file = tmp_path / "file"
    file.write_bytes(b"x" * 200_000)
    assert await scanner.finds(file) is None
    file.write_bytes(b"x" * 100_000 + EICAR)
    assert await scanner.finds(file) == "Gateway-Test.UNOFFICIAL"
    file.write_bytes(bytes(3_000_000))
    with pytest.raises(ScannerFault):
        await scanner.finds(file)


@pytest.mark.anyio
async def test_it_looks_into_archives(address: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(archive_of(EICAR))
    assert await Clamd(address).finds(file) == "Gateway-Test.UNOFFICIAL"


def test_papers_are_judged_by_it(gateway: Gateway, database: str, address: str) -> None:
    with running_gateway(dsn(database, ROLE), gateway.folder, mode="development", scanner=address) as served:
        running = Gateway(served, gateway.folder, gateway.owner_dsn)
        number = register(running)
        me = running.customer(number)
        clean, infected = (upload(me, number, content) for content in (PICTURE, PICTURE + EICAR))
        assert [paper(me, document)["status"] for document in (clean, infected)] == ["CLEAN", "INFECTED"]
        assert [download(me, document).status_code for document in (clean, infected)] == [200, 409]
        running.http.close()
