"""What the bench installs for itself, inside its own folder: the contenders under Node, and wrk."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = HERE / "contenders" / "node"
NODE = HERE / ".node"
TOOLS = HERE / ".tools"
OLDEST_NODE = 22  # PostGraphile 5 needs it
WRK_PACKAGES = ("wrk", "libluajit-5.1-2", "libluajit-5.1-common")
PATIENCE = 600

Say = Callable[[str], None]


def contenders(say: Say) -> Path | None:
    """The folder of the contenders under Node, installed where anything has changed; None where that fails."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        say("skipped: the contenders under Node, since npm is missing")
        return None
    wanted = _package()
    stamp = NODE / "installed"
    digest = hashlib.sha256(wanted.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        say("installing the contenders under Node")
        if not _npm_install(wanted):
            say("skipped: the contenders under Node, since npm cannot reach its registry")
            return None
        stamp.write_text(digest)
    for source in SOURCES.glob("*.mjs"):
        shutil.copy(source, NODE)
    return NODE


def _package() -> str:
    """Their packages, with a Node of their own where the one at hand is too old."""
    package = json.loads((SOURCES / "package.json").read_text())
    version, platform = _said(
        "node", "-p", "process.versions.node + ' ' + process.platform + '-' + process.arch"
    ).split()
    if int(version.split(".")[0]) < OLDEST_NODE:
        package["dependencies"][f"node-{platform}"] = str(OLDEST_NODE)
    return json.dumps(package, indent=2)


def _npm_install(package: str) -> bool:
    shutil.rmtree(NODE, ignore_errors=True)
    (NODE / "bin").mkdir(parents=True)
    (NODE / "package.json").write_text(package)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    patience = ["--fetch-retries", "1", "--fetch-timeout", "30000"]
    if not _runs("npm", "install", *quiet, *patience, cwd=NODE):
        return False
    own = next(NODE.glob("node_modules/node-*-*/bin/node"), None)
    (NODE / "bin" / "node").symlink_to(own or str(shutil.which("node")))
    return True


def wrk(say: Say) -> tuple[Path | None, Path | None]:
    """wrk and the folder of its libraries: the system's, else Debian's packages laid open here, else none."""
    at_hand = shutil.which("wrk")
    if at_hand is not None:
        return Path(at_hand), None
    program = TOOLS / "usr" / "bin" / "wrk"
    if not program.exists() and not _lay_open():
        say("wrk is not here and Debian's package cannot be fetched: a slower client of our own sends the requests")
        return None, None
    return program, next(TOOLS.glob("usr/lib/*/libluajit-5.1.so.2")).parent


def _lay_open() -> bool:
    """Packages are only unpacked: nothing of the system changes, and nobody has to be root."""
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        return False
    TOOLS.mkdir(exist_ok=True)
    if not _runs("apt-get", "download", *WRK_PACKAGES, cwd=TOOLS):
        return False
    return all(_runs("dpkg", "-x", str(package), str(TOOLS), cwd=TOOLS) for package in TOOLS.glob("*.deb"))


def _runs(*command: str, cwd: Path) -> bool:
    try:
        return subprocess.run(command, cwd=cwd, capture_output=True, timeout=PATIENCE, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout
