"""GATEWAY_ISSUERS: who may come in is never guessed."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.partners import Issuer
from gateway.settings import Settings
from gateway.variables import SettingsError

GOOD = {"issuer": "https://id.example", "audience": "gateway", "jwksUrl": "https://id.example/jwks.json"}


def load(value: Any) -> tuple[Issuer, ...]:
    text = value if isinstance(value, str) else json.dumps(value)
    return Settings.load({"GATEWAY_ISSUERS": text}).issuers


def test_nothing_configured_trusts_nobody() -> None:
    assert Settings.load({}).issuers == load("") == load([]) == ()


def test_an_address_or_a_file() -> None:
    in_file = {"issuer": "local", "audience": "a", "jwksFile": "/etc/jwks.json", "subjectClaim": "customer_no"}
    assert load([GOOD, in_file]) == (
        Issuer("https://id.example", "gateway", jwks_url="https://id.example/jwks.json"),
        Issuer("local", "a", jwks_file=Path("/etc/jwks.json"), subject_claim="customer_no"),
    )


def test_this_machine_needs_no_tls() -> None:
    (issuer,) = load([GOOD | {"jwksUrl": "http://127.0.0.1:9000/jwks"}])
    assert issuer.jwks_url == "http://127.0.0.1:9000/jwks"


@pytest.mark.parametrize(
    "value",
    [
        "{",
        GOOD,
        ["https://id.example"],
        [GOOD, GOOD],
        [GOOD | {"algorithms": "none"}],
        [GOOD | {"jwksFile": "/etc/jwks.json"}],
        [GOOD | {"audience": ""}],
        [GOOD | {"audience": ["a"]}],
        [{"issuer": "a", "audience": "b"}],
        [{"audience": "b", "jwksFile": "c"}],
        [GOOD | {"jwksUrl": "http://id.example/jwks.json"}],
        [GOOD | {"jwksUrl": "file:///etc/jwks.json"}],
        [GOOD | {"jwksUrl": "https://"}],
        [GOOD | {"jwksUrl": "http://[::1"}],
        [GOOD | {"jwksUrl": "http://localhost.example/jwks"}],
    ],
    ids=str,
)
def test_a_slip_stops_the_start(value: Any) -> None:
    with pytest.raises(SettingsError, match="GATEWAY_ISSUERS"):
        load(value)
