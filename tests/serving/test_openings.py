"""What development opens is announced where nobody can miss it, and is what is open: no more and no less."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.client import Answer, Client
from tests.support.processes import Serving, gateway, serving

WARNING = "WARNING: development mode; never expose it to a network. Open to anybody:"

OF_PRODUCTION = ["vendor: any document within its budget", "staff: any document within its budget"]


@dataclass(frozen=True)
class Tried:
    """One and the same caller at a gateway; the token was signed by the one in development."""

    at: Serving
    token: str

    def ask(self, document: str, token: str | None = None, **headers: str) -> Answer:
        return Client(self.at.address, token, headers=headers, http=self.at.http).ask(document)


ITEMS: Mapping[str, Callable[[Tried], bool]] = {
    "documents that nobody registered": lambda tried: "data" in tried.ask("{ viewer { kind } }").body,
    "the schema": lambda tried: "data" in tried.ask("{ __schema { queryType { name } } }").body,
    "suggestions of names": lambda tried: "Did you mean" in tried.ask("{ viewr { kind } }").error["message"],
    "GraphiQL": lambda tried: "GraphiQL" in tried.at.get("/graphql", accept="text/html").text,
    "x-dev-now": lambda tried: (
        tried.ask("{ __typename }", **{"x-dev-now": "2026-03-09T09:00:00+08:00"}).response.status_code == 200
    ),
    "x-dev-plan": lambda tried: "plan" in tried.ask("{ __typename }", **{"x-dev-plan": "1"}).body.get("extensions", {}),
    "tokens that are signed here": lambda tried: tried.ask("{ __typename }", tried.token).response.status_code != 401,
    "the checkout of the payment sandbox": lambda tried: (
        tried.at.get("/payments/sandbox/checkout").status_code not in (404, 405)
    ),
}
"""What is announced → whether it is so."""


@pytest.fixture(scope="module")
def development(home: Path) -> Generator[Serving]:
    with serving(home, "--demo") as started:
        yield started


@pytest.fixture(scope="module")
def token(development: Serving) -> str:
    return next(iter(development.tokens.values()))


@pytest.fixture(scope="module")
def production(development: Serving) -> Generator[Serving]:
    other = development.home / "other"
    other.mkdir()
    state = str(development.home / "state")
    with serving(other, GATEWAY_MODE="production", GATEWAY_FOLDER=state) as started:
        yield started


def announced(said: str, mark: str) -> list[str]:
    return [line.removeprefix(mark).strip() for line in said.splitlines() if line.startswith(mark)]


def test_serving_in_development_says_first_what_it_opens(development: Serving) -> None:
    lines = announced(development.out, "Open")
    assert lines == [WARNING, *(f"- {item}" for item in ITEMS)]
    assert development.out.index(WARNING) < development.out.index("eyJ")  # before the tokens, which fill the screen


def test_the_doctor_says_the_same_of_development(development: Serving) -> None:
    said = gateway(development.home, "doctor", GATEWAY_MODE="development")
    assert announced(said.out, "open") == announced(development.out, "Open")


@pytest.mark.parametrize("item", ITEMS)
def test_what_development_announces_is_open(development: Serving, token: str, item: str) -> None:
    assert ITEMS[item](Tried(development, token))


@pytest.mark.parametrize("item", ITEMS)
def test_in_production_it_is_closed(production: Serving, token: str, item: str) -> None:
    assert not ITEMS[item](Tried(production, token))


def test_production_announces_what_partners_and_staff_may_and_nothing_of_development(production: Serving) -> None:
    assert announced(production.out, "Open") == OF_PRODUCTION
    said = gateway(production.home, "doctor", GATEWAY_MODE="production", GATEWAY_FOLDER=str(production.home / "state"))
    assert announced(said.out, "open") == OF_PRODUCTION


def test_what_a_setting_opens_in_production_is_announced_too(development: Serving, tmp_path: Path) -> None:
    lanes = '{"customer": {"mayAskFreely": true}, "vendor": {"mayIntrospect": true}}'
    state = str(development.home / "state")
    more = {"GATEWAY_MODE": "production", "GATEWAY_FOLDER": state, "GATEWAY_LANES": lanes}
    with serving(tmp_path, **more, GATEWAY_ORIGINS="https://app.example") as started:
        assert announced(started.out, "Open") == [
            "customer: any document within its budget",
            "vendor: any document within its budget and the schema",
            "staff: any document within its budget",
            "pages of https://app.example",
        ]
