"""A provider changes its keys while its customers go on asking: none of them notices."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest

from gateway import app
from gateway.auth.issuers import Issuers
from gateway.auth.jwks import Pace
from gateway.partners import Issuer
from tests.auth import provider
from tests.auth.provider import AUDIENCE, ED25519, ISSUER, P256, RSA, Published, published, signed
from tests.conftest import ROLE, dsn
from tests.security.pressure import eventually
from tests.support.client import Client, Gateway
from tests.support.server import running_gateway
from tests.support.tokens import VIEWER

OLD = published(ED25519, "one", "EdDSA")
NEW = published(P256, "two", "ES256")
NEWEST = published(RSA, "three", "RS256")
COOL_DOWN = 0.3
ASKING = range(4)


@pytest.fixture
def address() -> Iterator[Published]:
    with provider.serving() as found:
        yield found


@pytest.fixture
def workers(
    gateway: Gateway, database: str, address: Published, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """Two, which know nothing of each other and trust the provider. They may look for keys more often than usual."""
    monkeypatch.setattr(app, "Issuers", partial(Issuers, pace=Pace(cool_down=COOL_DOWN, patience=60)))
    trusted = (Issuer(ISSUER, AUDIENCE, jwks_url=address.url),)
    with ExitStack() as stack:
        made = [running_gateway(dsn(database, ROLE), gateway.folder, issuers=trusted) for _ in range(2)]
        yield [stack.enter_context(one) for one in made]


class Signing:
    """What the provider signs with now."""

    def __init__(self) -> None:
        self.with_(ED25519, "EdDSA", "one")

    def with_(self, key: Any, algorithm: str, kid: str) -> None:
        self._made: Callable[[int], str] = lambda at: signed(key, algorithm, kid, sub=f"user-{at}")

    def token(self, at: int) -> str:
        return self._made(at)


def test_customers_notice_nothing_while_keys_change(gateway: Gateway, address: Published, workers: list[str]) -> None:
    signing, done = Signing(), threading.Event()
    rounds = Counter[int]()

    def asking(at: int) -> list[int]:
        """Old tokens and new ones, each many times."""
        found, tokens = [], [signing.token(0)]
        while not done.wait(0.01):
            tokens = [*tokens[-5:], signing.token(len(found))]
            clients = [Client(workers[at % 2], token, http=gateway.http) for token in tokens]
            found += [client.ask(VIEWER).response.status_code for client in clients]
            rounds[at] += 1
        return found

    def rested() -> None:
        """Everybody has asked with the newest tokens, and the workers may look for keys again."""
        before = rounds.copy()
        eventually(lambda: all(rounds[at] > before[at] + 1 for at in ASKING))
        time.sleep(2 * COOL_DOWN)

    with ThreadPoolExecutor(len(ASKING)) as threads:
        asked = [threads.submit(asking, at) for at in ASKING]
        try:
            for keys, then in (
                ((OLD, NEW), (P256, "ES256", "two")),
                ((OLD, NEW, NEWEST), (RSA, "RS256", "three")),
            ):
                rested()
                address.body = provider.document(*keys)  # published first, and used then
                signing.with_(*then)
            rested()
        finally:
            done.set()
        statuses = [status for one in asked for status in one.result()]
    assert len(statuses) > 30
    assert set(statuses) == {200}
    assert address.asked <= 2 * 4  # one look at the beginning and one for each unknown key, per worker


def test_nobody_gets_in_by_a_key_that_is_not_published_yet(
    gateway: Gateway, address: Published, workers: list[str]
) -> None:
    early = Client(workers[0], signed(P256, "ES256", "two"), http=gateway.http)
    assert early.ask(VIEWER).response.status_code == 401
    assert Client(workers[0], signed(), http=gateway.http).ask(VIEWER).response.status_code == 200
