"""Whom a token of an identity provider lets in, and everything that it does not."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.auth.issuers import Issuers
from gateway.auth.jwks import PACE, Pace, fetch, parse
from gateway.auth.remembered import Remembered
from gateway.auth.viewer import CUSTOMER_SCOPES
from gateway.faults import Fault
from gateway.partners import Issuer
from tests.auth import provider
from tests.auth.provider import AUDIENCE, ED25519, ISSUER, KEYS, P256, P384, RSA, SUBJECT, Published, signed

ALL_KEYS = provider.document(*(provider.published(key, name, name) for name, key in KEYS.items()))
IMPATIENT = Pace(patience=1.0, cool_down=0.0)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "jwks.json"
    file.write_bytes(provider.document(provider.published(ED25519, "one", "EdDSA")))
    return file


@pytest.fixture
def address() -> Iterator[Published]:
    with provider.serving() as published:
        yield published


@asynccontextmanager
async def issuers(source: Path | str, pace: Pace = IMPATIENT, **changes: Any) -> AsyncIterator[Issuers]:
    where: dict[str, Any] = {"jwks_file": source} if isinstance(source, Path) else {"jwks_url": source}
    found = Issuers([Issuer(ISSUER, AUDIENCE, **where, **changes)], pace)
    try:
        yield found
    finally:
        await found.close()


async def refused(found: Issuers, token: str) -> str:
    with pytest.raises(Fault) as fault:
        await found.verify(token)
    return (fault.value.extensions or {})["code"]


async def lets_in(found: Issuers, token: str) -> bool:
    try:
        return await found.verify(token) is not None
    except Fault:
        return False


@pytest.mark.anyio
@pytest.mark.parametrize("algorithm", KEYS)
async def test_each_allowed_algorithm_lets_in(keys: Path, algorithm: str) -> None:
    keys.write_bytes(ALL_KEYS)
    async with issuers(keys) as found:
        customer = await found.verify(signed(KEYS[algorithm], algorithm, algorithm))
    assert customer is not None
    assert (customer.issuer, customer.subject) == (ISSUER, SUBJECT)
    assert customer.scopes == frozenset(CUSTOMER_SCOPES)


@pytest.mark.anyio
async def test_an_issuer_that_nobody_configured_is_not_ours_to_judge(keys: Path) -> None:
    async with issuers(keys) as found:
        assert await found.verify(signed(iss="https://other.example")) is None
        assert await found.verify("no token at all") is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1_600_000_000},
        {"nbf": 4_000_000_000},
        {"iat": 4_000_000_000},
        {"aud": "another-gateway"},
        {"aud": None},
        {"aud": ["another-gateway"]},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": "two\nlines"},
        {"scope": ["bookings:read"]},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_claim_is_refused(keys: Path, changes: dict[str, Any]) -> None:
    async with issuers(keys) as found:
        assert await refused(found, signed(**changes)) == "UNAUTHENTICATED"


@pytest.mark.anyio
@pytest.mark.parametrize(("claim", "seconds"), [("exp", -40), ("nbf", 40), ("iat", 40)])
async def test_clocks_may_differ_by_a_minute_and_no_more(keys: Path, claim: str, seconds: int) -> None:
    now = int(time.time())
    async with issuers(keys) as found:
        assert await found.verify(signed(**{claim: now + seconds})) is not None
        assert await refused(found, signed(**{claim: now + 2 * seconds})) == "UNAUTHENTICATED"


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", ""])
async def test_no_signature_is_no_signature_however_it_is_spelled(keys: Path, name: str) -> None:
    async with issuers(keys) as found:
        token = provider.made_up({"alg": name, "kid": "one"}, provider.claims())
        assert await refused(found, token) == "UNAUTHENTICATED"


@pytest.mark.anyio
@pytest.mark.parametrize("key", [RSA, P256, ED25519])
async def test_a_public_key_is_no_password(keys: Path, key: Any) -> None:
    """HS256 over the published key: what a verifier that believes the header would accept."""
    keys.write_bytes(ALL_KEYS)
    kid = next(name for name, held in KEYS.items() if held is key)
    header, body = {"alg": "HS256", "kid": kid, "typ": "JWT"}, provider.claims()
    signature = hmac.digest(provider.pem(key), provider.signed_bytes(header, body), hashlib.sha256)
    async with issuers(keys) as found:
        assert await refused(found, provider.made_up(header, body, signature)) == "UNAUTHENTICATED"


@pytest.mark.anyio
@pytest.mark.parametrize(("kid", "algorithm"), [("EdDSA", "RS256"), ("RS256", "ES256"), ("ES256", "EdDSA")])
async def test_the_key_decides_about_the_algorithm(keys: Path, kid: str, algorithm: str) -> None:
    keys.write_bytes(ALL_KEYS)
    async with issuers(keys) as found:
        assert await refused(found, signed(KEYS[algorithm], algorithm, kid)) == "UNAUTHENTICATED"


@pytest.mark.anyio
@pytest.mark.parametrize("algorithm", ["RS512", "PS256"])
async def test_other_algorithms_of_an_allowed_key_are_refused(keys: Path, algorithm: str) -> None:
    keys.write_bytes(ALL_KEYS)
    async with issuers(keys) as found:
        assert await refused(found, signed(RSA, algorithm, "RS256")) == "UNAUTHENTICATED"


@pytest.mark.anyio
@pytest.mark.parametrize("header", [{"jwk": provider.published(P256, "one", "ES256")}, {"jku": "http://127.0.0.1:1/"}])
async def test_a_key_that_the_token_brings_along_is_not_looked_at(keys: Path, header: dict[str, Any]) -> None:
    import jwt

    token = jwt.encode(provider.claims(), P256, algorithm="ES256", headers={"kid": "one", **header})
    async with issuers(keys) as found:
        assert await refused(found, token) == "UNAUTHENTICATED"


@pytest.mark.anyio
async def test_a_token_without_the_name_of_a_key_is_refused(keys: Path) -> None:
    import jwt

    async with issuers(keys) as found:
        assert await refused(found, jwt.encode(provider.claims(), ED25519, algorithm="EdDSA")) == "UNAUTHENTICATED"


@pytest.mark.anyio
@pytest.mark.parametrize("end", [1, 2, 3, 4, 20, 60, 86, 87, 120])
async def test_a_truncated_token_lets_nobody_in(keys: Path, end: int) -> None:
    """It is refused here, or is not even a token, which the gateway's own key refuses."""
    async with issuers(keys) as found:
        assert not await lets_in(found, signed()[:-end])


@pytest.mark.anyio
async def test_another_claim_can_name_the_subject(keys: Path) -> None:
    async with issuers(keys, subject_claim="customer_no") as found:
        customer = await found.verify(signed(customer_no="C-1"))
        assert customer is not None
        assert customer.subject == "C-1"
        assert await refused(found, signed(customer_no=17)) == "UNAUTHENTICATED"


@pytest.mark.anyio
async def test_scopes_are_cut_to_those_named_and_letter_case_counts(keys: Path) -> None:
    async with issuers(keys) as found:
        customer = await found.verify(signed(scope="bookings:read POLICIES:READ tokens:admin openid"))
    assert customer is not None
    assert customer.scopes == {"bookings:read", "catalogue:read"}


# Keys: rotation, readings, and a provider in trouble


@pytest.mark.anyio
async def test_old_and_new_key_work_while_both_are_published(keys: Path) -> None:
    old, new = provider.published(ED25519, "one", "EdDSA"), provider.published(P256, "two", "ES256")
    async with issuers(keys) as found:
        assert await found.verify(signed()) is not None
        keys.write_bytes(provider.document(old, new))
        assert await found.verify(signed(P256, "ES256", "two")) is not None
        assert await found.verify(signed()) is not None


@pytest.mark.anyio
async def test_a_withdrawn_key_ends_what_was_verified_with_it(keys: Path) -> None:
    async with issuers(keys) as found:
        token = signed()
        assert await found.verify(token) is not None
        keys.write_bytes(provider.document(provider.published(P256, "two", "ES256")))
        assert await found.verify(signed(P256, "ES256", "two")) is not None
        assert await refused(found, token) == "UNAUTHENTICATED"


@pytest.mark.anyio
async def test_unknown_keys_cause_one_reading_however_many_ask(address: Published) -> None:
    async with issuers(address.url, PACE) as found:
        assert await found.verify(signed()) is not None
        answers = await asyncio.gather(*(refused(found, signed(kid=f"unknown-{n}")) for n in range(50)))
        assert set(answers) == {"UNAUTHENTICATED"}
    assert address.asked == 1


@pytest.mark.anyio
async def test_keys_that_are_no_longer_fresh_are_read_beside_the_request(address: Published) -> None:
    async with issuers(address.url, Pace(cool_down=0.0, fresh=0.0, patience=provider.LONGEST)) as found:
        assert await found.verify(signed()) is not None
        address.may_answer.clear()
        async with asyncio.timeout(provider.LONGEST / 2):
            assert await found.verify(signed()) is not None
        address.may_answer.set()


@pytest.mark.anyio
async def test_a_slow_provider_holds_no_request_for_long(address: Published) -> None:
    address.may_answer.clear()
    async with issuers(address.url, Pace(patience=0.1)) as found:
        async with asyncio.timeout(provider.LONGEST / 2):
            assert await refused(found, signed()) == "UNAVAILABLE"
        address.may_answer.set()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"keys": 1}'), (200, b"x" * 300_000)]
)
async def test_a_provider_in_trouble_keeps_its_old_keys(address: Published, status: int, body: bytes) -> None:
    async with issuers(address.url) as found:
        assert await found.verify(signed()) is not None
        address.status, address.body = status, body
        assert await refused(found, signed(kid="two")) == "UNAUTHENTICATED"
        assert await found.verify(signed()) is not None


@pytest.mark.anyio
async def test_keys_that_could_not_be_read_for_too_long_are_not_trusted(address: Published) -> None:
    async with issuers(address.url, Pace(patience=30.0, cool_down=0.0, trusted=0.2)) as found:
        assert await found.verify(signed()) is not None
        address.status = 500
        await asyncio.sleep(0.3)
        assert await refused(found, signed(jti="another")) == "UNAVAILABLE"


def test_a_redirect_is_not_followed(address: Published) -> None:
    address.status, address.headers = 302, {"location": "file:///etc/hostname"}
    with pytest.raises(OSError):
        fetch(address.url)


def test_only_strong_public_keys_for_signatures_are_used() -> None:
    import json

    from cryptography.hazmat.primitives.asymmetric import rsa
    from jwt.algorithms import RSAAlgorithm

    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    private = {"kid": "private", **json.loads(RSAAlgorithm.to_jwk(RSA))}
    wrong = [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "oct"},
        provider.published(short, "short", "RS256"),
        provider.published(P384, "p384", "ES384"),
        provider.published(RSA, "encryption", "RS256", use="enc"),
        provider.published(RSA, "other", "RS256", alg="RS512"),
        provider.published(ED25519, "broken", "EdDSA", x="!"),
        {"kty": "RSA", "kid": "empty"},
        private,
        "not a key",
        {"kty": "EC"},
    ]
    assert parse(json.dumps({"keys": wrong}).encode()) == {}


# Whatever somebody writes


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_a_token_lets_in_and_none_breaks_anything(data: st.DataObject) -> None:
    token = signed()
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters(codec="latin-1"))
    changed = token[:place] + sign + token[place + 1 :]

    async def attempt() -> bool:
        async with issuers(KEY_FILE) as found:
            return await lets_in(found, changed)

    assert asyncio.run(attempt()) == (changed == token)


KEY_FILE = Path(__file__).with_name("unused")


@pytest.fixture(autouse=True)
def _key_file(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.KEY_FILE", keys)


@pytest.mark.anyio
@pytest.mark.parametrize("body", [[], "text", 7, None, {"iss": []}, {"iss": ISSUER, "exp": "soon"}, {"iss": {"a": 1}}])
async def test_claims_of_another_shape_are_refused_or_nobodys(keys: Path, body: Any) -> None:
    async with issuers(keys) as found:
        assert not await lets_in(found, provider.made_up({"alg": "EdDSA", "kid": "one"}, body))


def test_memory_of_tokens_is_bounded_and_ends() -> None:
    kept: Remembered[int] = Remembered(2)
    for number in range(5):
        kept.put(number, number, until=time.time() + 60)
    kept.put("past", 1, until=time.time() - 1)
    assert len(kept) == 2
    assert (kept.get(3), kept.get(4), kept.get("past")) == (None, 4, None)
