"""The `gateway` command in processes of its own, as people run it."""

import contextlib
import fcntl
import gc
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from gateway.cli import main
from tests.support.client import Client, Gateway

COMMAND = Path(sys.executable).with_name("gateway")
READY_SECONDS = 120
# The last one would have every process of a test compile the whole code anew.
NOT_OURS = ("GATEWAY_", "DATABASE_", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line that a failed command says."""
        assert self.code == 1, self
        assert self.err.startswith("gateway: "), self.err
        assert self.err.count("\n") == 1, self.err
        assert self.out == ""
        return self.err.removeprefix("gateway: ").strip()


@dataclass(frozen=True)
class Serving:
    """`gateway serve` in a process group of its own."""

    process: subprocess.Popen[bytes]
    home: Path
    http: httpx.Client

    @property
    def out(self) -> str:
        return (self.home / "out").read_text()

    @property
    def err(self) -> str:
        return (self.home / "err").read_text()

    @property
    def address(self) -> str:
        return announced(self.out)

    @property
    def tokens(self) -> dict[str, str]:
        """`staff adjuster` … → the token on the line below it."""
        return {label: token for label, token in pairwise(self.out.splitlines()) if token.startswith("eyJ")}

    @property
    def workers(self) -> set[int]:
        """Processes that answer requests."""
        return {pid for pid, command in left_of(self.home).items() if "spawn_main" in command}

    def gateway(self) -> Gateway:
        return Gateway(self.address, self.home / "state", owner_dsn="", http=self.http)

    def client(self, token: str | None = None, now: str | None = None) -> Client:
        return Client(self.address, token, now, http=self.http)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """On a connection of its own, so that any worker may answer."""
        return httpx.get(f"{self.address}{path}", headers=headers, timeout=READY_SECONDS)

    def ends_with(self, ending: signal.Signals, *, to_group: bool = False) -> int:
        """Exit code after a signal to it, or to its whole process group as a terminal sends it."""
        (os.killpg if to_group else os.kill)(self.process.pid, ending)
        return self.process.wait(timeout=READY_SECONDS)


def environment(home: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    return inherited | {"GATEWAY_FOLDER": str(home / "state"), "GATEWAY_PORT": "0"} | more


def gateway(home: Path, *arguments: str, **more: str) -> Said:
    """A command that ends by itself."""
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=home,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=READY_SECONDS,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def gateway_here(home: Path, *arguments: str, **more: str) -> Said:
    """The same without a process of its own, where that is not the point: nothing is loaded anew."""
    with pytest.MonkeyPatch.context() as patch, _heard() as (out, err):
        for name in os.environ.keys() - environment(home).keys():
            patch.delenv(name)
        for name, value in environment(home, **more).items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["gateway", *arguments])
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            gc.enable()  # a command that is over soon lets it rest
    return Said(int(code), out.getvalue(), err.getvalue())


@contextlib.contextmanager
def _heard() -> Generator[tuple[io.StringIO, io.StringIO]]:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        yield out, err


@contextlib.contextmanager
def serving(home: Path, *flags: str, **more: str) -> Generator[Serving]:
    """`gateway serve`, ready; in development unless told otherwise."""
    with starting(home, *flags, **{"GATEWAY_MODE": "development"} | more) as process:
        assert eventually(lambda: process.poll() is not None or _is_ready(home), READY_SECONDS)
        assert process.poll() is None, (home / "err").read_text()
        with httpx.Client(timeout=READY_SECONDS) as http:
            yield Serving(process, home, http)


@contextlib.contextmanager
def starting(home: Path, *flags: str, **more: str) -> Generator[subprocess.Popen[bytes]]:
    with (home / "out").open("w") as out, (home / "err").open("w") as err:
        process = subprocess.Popen(
            [COMMAND, "serve", *flags],
            cwd=home,
            env=environment(home, **more),
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
    with process:
        try:
            yield process
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=READY_SECONDS)
            process.kill()


def _is_ready(home: Path) -> bool:
    with contextlib.suppress(ValueError, httpx.HTTPError):
        return httpx.get(f"{announced((home / 'out').read_text())}/readyz", timeout=10).is_success
    return False


def announced(said: str) -> str:
    found = re.search(r"^GraphQL +(http://[^/]+)/graphql$", said, re.MULTILINE)
    if not found:
        raise ValueError("nothing is announced yet")
    return found[1]


def eventually(true: Callable[[], bool], within: float = 60.0) -> bool:
    deadline = time.monotonic() + within
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def left_of(home: Path) -> dict[int, str]:
    """Processes that still live on a home: the gateway's know it by their environment, the server's lie in it."""
    found: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            ours = os.fsencode(f"GATEWAY_FOLDER={home / 'state'}") in (entry / "environ").read_bytes()
            if ours or (entry / "cwd").resolve().is_relative_to(home):
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
    return found


@contextlib.contextmanager
def open_folder() -> Generator[Path]:
    """A folder that any user may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="serving-")).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def copied(home: Path, target: Path) -> Path:
    """A stopped gateway's state in another home."""
    subprocess.run(["cp", "-a", home / "state", target / "state"], check=True)
    return target


# Fixtures: a folder's conftest imports those that its tests need


@pytest.fixture
def empty() -> Generator[Path]:
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def seeded(folder: Path) -> Path:
    """A home that `gateway seed --demo` filled from nothing, once for all pytest workers. Tests work on copies."""
    home = folder / "seeded"
    with (folder / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            home.mkdir()
            said = gateway(home, "seed", "--demo")
            assert said.code == 0, said.err
            (home / "said").write_text(said.err)
    return home


@pytest.fixture(scope="module")
def home(seeded: Path) -> Generator[Path]:
    """A seeded home of a module; nothing runs there when a test begins."""
    with open_folder() as folder:
        yield copied(seeded, folder)
