"""The real gateway in its own process, and a real browser in front of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / "node_modules"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway: its address, the tokens it printed, and the folder where it looks for the page's files."""

    address: str
    tokens: dict[str, str]
    assets: Path

    @property
    def page(self) -> str:
        return f"{self.address}/graphql"


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GATEWAY_", "DATABASE_"))},
        "GATEWAY_MODE": "development",
        "GATEWAY_FOLDER": str(folder / "state"),
        "GATEWAY_GRAPHIQL": str(folder / "assets"),
        "GATEWAY_PORT": str(port),
    }
    said = folder / "said"
    command = [sys.executable, "-m", "gateway.cli", "serve", "--demo"]
    with said.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/livez", process, said)
        yield Gateway(f"http://127.0.0.1:{port}", _tokens(said.read_text()), folder / "assets")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(address, timeout=2).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"the gateway did not start:\n{said.read_text()}")


def _tokens(said: str) -> dict[str, str]:
    """`customer DEMO-ZYB-001`, `staff adjuster` … → the token on the line after it."""
    lines = said.splitlines()
    return {label: token for label, token in pairwise(lines) if token.startswith("eyJ")}


@pytest.fixture
def installed(gateway: Gateway) -> Iterator[None]:
    """The page's files are where the gateway looks for them."""
    if not (INSTALLED / "graphiql").is_dir():
        _cannot_run("the files of GraphiQL are not installed: `make graphiql` installs them")
    gateway.assets.symlink_to(INSTALLED)
    yield
    gateway.assets.unlink()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        _cannot_run(f"no browser here: looked for {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(OPTIONS))
        yield browser
        browser.close()


def _cannot_run(reason: str) -> NoReturn:
    """Where everything ought to be installed, a test that cannot run is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def language() -> str:
    return "en-US"


@pytest.fixture
def context(browser: Browser, language: str) -> Iterator[BrowserContext]:
    context = browser.new_context(locale=language, viewport={"width": 1400, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: errors, breaches of the page's policy, requests to other hosts."""
    return []


REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@pytest.fixture
def page(context: BrowserContext, gateway: Gateway, complaints: list[str]) -> Page:
    page = context.new_page()
    page.add_init_script(REPORT_BREACHES)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((gateway.address, "data:")) else complaints.append(request.url),
    )
    return page
