"""Every attack of one table is refused cleanly, for less than 50 ms of the CPU that serves all others.

Documents have a table of their own (`test_limits.py`). What makes a file dear is found by another process, which has
bounds of its own: half a minute, two gigabytes, and nothing written.
"""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.files import inspecting
from gateway.files.inspecting import Unfit
from gateway.partners import Issuer
from tests.auth import provider
from tests.auth.provider import AUDIENCE, ED25519, ISSUER, P256, RSA
from tests.security.attacks.files import FILES, FIT, UNFIT
from tests.security.attacks.http import HTTP
from tests.security.attacks.objects import OBJECTS
from tests.security.attacks.sockets import SOCKETS
from tests.security.attacks.target import BOUND, Attack, Target
from tests.security.attacks.tokens import TOKENS
from tests.security.pressure import serving
from tests.support.client import Gateway
from tests.support.escorts import NOW, book, register
from tests.support.papers import paper, upload

ATTACKS: dict[str, Attack] = {**HTTP, **SOCKETS, **TOKENS, **OBJECTS, **FILES}
EXAMINERS = 10
"""Seconds of CPU that judging any of these files may take; its process is ended after twice as many."""


@pytest.fixture(scope="module")
def target(gateway: Gateway, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    keys = tmp_path_factory.mktemp("provider") / "jwks.json"
    pairs = (("one", ED25519, "EdDSA"), ("two", RSA, "RS256"), ("three", P256, "ES256"))
    keys.write_bytes(provider.document(*(provider.published(key, kid, name) for kid, key, name in pairs)))
    with serving(gateway, database, issuers=(Issuer(ISSUER, AUDIENCE, jwks_file=keys),)) as attacked:
        number, other = register(gateway), register(gateway)
        foreign = book(gateway.customer(other).at(NOW), other)["booking"]["id"]
        yield Target(attacked, attacked.customer(number), number, foreign)


def test_each_attack_has_a_name_of_its_own() -> None:
    assert len(ATTACKS) == sum(map(len, (HTTP, SOCKETS, TOKENS, OBJECTS, FILES)))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_for_next_to_nothing(target: Target, name: str) -> None:
    assert target.paid(ATTACKS[name]) < BOUND


@pytest.mark.parametrize("name", UNFIT)
def test_a_file_that_is_an_attack_costs_the_loop_next_to_nothing(target: Target, name: str) -> None:
    content = UNFIT[name]()

    def attack(target: Target) -> None:
        document = upload(target.me, target.number, content)
        assert paper(target.me, document)["status"] == "UNSUPPORTED"

    assert target.paid(attack) < BOUND


@pytest.mark.parametrize("name", UNFIT | FIT)
def test_its_examiner_stays_within_its_own_bounds(tmp_path: Path, name: str) -> None:
    file = tmp_path / "file"
    file.write_bytes((UNFIT | FIT)[name]())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    judged = inspecting._look(file)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert isinstance(judged, Unfit) or name in FIT
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < EXAMINERS


def test_after_all_of_it_others_are_served(target: Target) -> None:
    assert target.gateway.anyone().ask("{ viewer { kind } }").data == {"viewer": {"kind": "ANONYMOUS"}}
