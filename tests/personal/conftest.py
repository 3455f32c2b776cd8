"""A gateway that trusts two identity providers: one of customers, one of staff."""

from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.bounds import LANES
from gateway.partners import Issuer
from tests.auth import provider
from tests.auth.provider import AUDIENCE, ED25519, ISSUER, signed
from tests.conftest import ROLE, dsn
from tests.support.client import Client, Gateway
from tests.support.processes import home, seeded
from tests.support.server import running_gateway

__all__ = ["home", "seeded"]

STAFF_ISSUER = f"{ISSUER}/staff"
SignIn = Callable[..., Client]


@pytest.fixture(scope="session")
def issuers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Issuer, ...]:
    file: Path = tmp_path_factory.mktemp("provider") / "jwks.json"
    file.write_bytes(provider.document(provider.published(ED25519, "one", "EdDSA")))
    return (
        Issuer(ISSUER, AUDIENCE, jwks_file=file),
        Issuer(STAFF_ISSUER, AUDIENCE, jwks_file=file, people="staff"),
    )


@pytest.fixture(scope="module")
def trusting(gateway: Gateway, database: str, folder: Path, issuers: tuple[Issuer, ...]) -> Generator[Gateway]:
    with running_gateway(dsn(database, ROLE), folder, issuers=issuers) as address:
        running = Gateway(address, folder, owner_dsn=gateway.owner_dsn)
        yield running
        running.http.close()


@pytest.fixture(scope="module")
def production(gateway: Gateway, database: str, folder: Path, issuers: tuple[Issuer, ...]) -> Generator[Gateway]:
    lanes = replace(LANES, customer=replace(LANES.customer, may_ask_freely=True))
    with running_gateway(dsn(database, ROLE), folder, mode="production", issuers=issuers, lanes=lanes) as address:
        running = Gateway(address, folder, owner_dsn=gateway.owner_dsn)
        yield running
        running.http.close()


def sign_in(gateway: Gateway, subject: str, **claims: Any) -> Client:
    return Client(gateway.address, signed(sub=subject, **claims), http=gateway.http)


def staff(gateway: Gateway, role: str, subject: str = "colleague-1") -> Client:
    return sign_in(gateway, subject, iss=STAFF_ISSUER, role=role)
