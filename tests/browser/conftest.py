"""A gateway that serves the page, and a real browser in front of it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from gateway.postgres.place import ROLE
from tests.conftest import dsn
from tests.support.client import Gateway
from tests.support.server import running_gateway

INSTALLED = Path(__file__).parents[2] / "node_modules"
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
REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A running gateway, and the folder where it looks for the files of its page."""

    gateway: Gateway
    assets: Path

    @property
    def address(self) -> str:
        return self.gateway.address

    @property
    def page(self) -> str:
        return f"{self.gateway.address}/graphql"


@pytest.fixture(scope="module")
def site(database: str, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    assets = tmp_path_factory.mktemp("page") / "assets"
    with running_gateway(dsn(database, ROLE), folder, graphiql_folder=assets) as address:
        gateway = Gateway(address, folder, owner_dsn=dsn(database))
        yield Site(gateway, assets)
        gateway.http.close()


@pytest.fixture
def installed(site: Site) -> Iterator[None]:
    """The files of the page are where the gateway looks for them."""
    if not (INSTALLED / "graphiql").is_dir():
        _cannot_run("the files of GraphiQL are not installed: `make node_modules` installs them")
    site.assets.symlink_to(INSTALLED)
    yield
    site.assets.unlink()


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """Ends with its module: while it lives, its thread can run no other event loop."""
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
    """What the browser prefers."""
    return "en-US"


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: errors, breaches of the page's policy, requests to other hosts."""
    return []


@pytest.fixture
def page(browser: Browser, language: str, site: Site, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(locale=language, viewport={"width": 1400, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.add_init_script(REPORT_BREACHES)
    _listen(page, site.address, complaints)
    yield page
    context.close()


def _listen(page: Page, address: str, complaints: list[str]) -> None:
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if _is_ours(asked.url, address) else complaints.append(asked.url))


def _is_ours(url: str, address: str) -> bool:
    return url.startswith((f"{address}/", "data:"))
