"""Tokens: whatever is wrong with one, nobody gets in and nobody is told more than how to mend it."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import uuid
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.auth.tokens import AUDIENCE, ISSUER, TokenKey
from gateway.auth.viewer import Viewer, ViewerKind
from gateway.faults import Fault
from tests.support.client import Client, Gateway

POLICY = uuid.UUID(int=7)
CUSTOMER = Viewer(
    ViewerKind.CUSTOMER,
    "customer:T-1",
    "a customer",
    frozenset({"catalogue:read", "policies:read"}),
    policies=(POLICY,),
)
VENDOR = Viewer(
    ViewerKind.VENDOR,
    "vendor:HUANQIU",
    "a vendor",
    frozenset({"catalogue:read", "bookings:read"}),
    vendor="HUANQIU",
    products=("ZYB",),
)
STAFF = Viewer(ViewerKind.STAFF, "staff:hotline", "staff", frozenset({"catalogue:read"}), role="hotline")
HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "token.pem"


@pytest.fixture(scope="module")
def key(path: Path) -> TokenKey:
    return TokenKey.load(path)


@pytest.fixture(scope="module")
def private(key: TokenKey, path: Path) -> Ed25519PrivateKey:
    found = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(found, Ed25519PrivateKey)
    return found


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims of a customer; a change to `...` leaves one out."""
    now = int(dt.datetime.now(dt.UTC).timestamp())
    good: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "customer:T-1",
        "iat": now,
        "exp": now + 600,
        "kind": "CUSTOMER",
        "name": "a customer",
        "scope": "policies:read",
        "policies": [POLICY.hex],
    }
    return {name: value for name, value in (good | changes).items() if value is not ...}


def refused(key: TokenKey, token: str) -> Fault:
    with pytest.raises(Fault) as caught:
        key.verify(token)
    assert caught.value.extensions == {"code": "UNAUTHENTICATED"}
    return caught.value


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def by_hand(header: Any, body: Any, signature: bytes = b"") -> str:
    return f"{part(header)}.{part(body)}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


@pytest.mark.parametrize("viewer", [CUSTOMER, VENDOR, STAFF], ids=lambda viewer: viewer.kind.value)
def test_a_token_leads_back_to_its_viewer(key: TokenKey, viewer: Viewer) -> None:
    assert key.verify(key.issue(viewer, lifetime=HOUR)) == viewer


def test_the_key_stays_the_same_and_is_its_owners_alone(key: TokenKey, path: Path) -> None:
    token = key.issue(CUSTOMER, lifetime=HOUR)
    assert TokenKey.load(path).verify(token) == CUSTOMER
    assert path.stat().st_mode & 0o077 == 0


def test_everybody_has_the_catalogue(key: TokenKey, private: Ed25519PrivateKey) -> None:
    assert key.verify(jwt.encode(claims(scope=""), private, "EdDSA")).scopes == {"catalogue:read"}


def test_scopes_are_taken_as_they_are_written(key: TokenKey, private: Ed25519PrivateKey) -> None:
    viewer = key.verify(jwt.encode(claims(scope="POLICIES:READ Bookings:read"), private, "EdDSA"))
    with pytest.raises(Fault):
        viewer.require("policies:read")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
def test_a_token_without_a_signature_is_refused(key: TokenKey, algorithm: str) -> None:
    refused(key, by_hand({"alg": algorithm, "typ": "JWT"}, claims()))


@pytest.mark.parametrize("form", ["Raw", "PEM", "DER"])
def test_the_public_key_is_no_secret_to_sign_with(key: TokenKey, private: Ed25519PrivateKey, form: str) -> None:
    kind = "Raw" if form == "Raw" else "SubjectPublicKeyInfo"
    encoding, shape = getattr(serialization.Encoding, form), getattr(serialization.PublicFormat, kind)
    public = private.public_key().public_bytes(encoding, shape)
    header = {"alg": "HS256", "typ": "JWT"}
    signed = f"{part(header)}.{part(claims())}".encode()
    refused(key, by_hand(header, claims(), hmac.digest(public, signed, hashlib.sha256)))


def test_a_token_of_another_key_is_refused(key: TokenKey) -> None:
    refused(key, jwt.encode(claims(), Ed25519PrivateKey.generate(), "EdDSA"))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256"},
        {"alg": "ES256"},
        {"alg": ""},
        {"alg": None},
        {"alg": ["EdDSA"]},
        {"typ": "JWT"},
        {},
        {"alg": "EdDSA", "crit": ["nope"]},
        {"alg": "EdDSA", "b64": False, "crit": ["b64"]},
    ],
)
def test_a_strange_header_is_refused(key: TokenKey, private: Ed25519PrivateKey, header: dict[str, Any]) -> None:
    signed = f"{part(header)}.{part(claims())}".encode()
    refused(key, by_hand(header, claims(), private.sign(signed)))


def test_a_key_that_the_token_brings_along_is_not_used(key: TokenKey) -> None:
    own = Ed25519PrivateKey.generate()
    raw = own.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    brought = {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    for extra in ({"jwk": brought}, {"jku": "https://evil.example/keys"}, {"kid": "../../token.pem"}):
        refused(key, jwt.encode(claims(), own, "EdDSA", headers=extra))


def test_an_expired_token_says_so(key: TokenKey, private: Ed25519PrivateKey) -> None:
    past = int(dt.datetime.now(dt.UTC).timestamp()) - 1
    fault = refused(key, jwt.encode(claims(exp=past, iat=past - 10), private, "EdDSA"))
    assert "expired" in fault.message


@pytest.mark.parametrize(
    "changes",
    [
        {"nbf": 4_000_000_000},
        {"iat": 4_000_000_000},
        {"iss": "somebody-else"},
        {"iss": ...},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": ...},
        {"aud": None},
        {"sub": ...},
        {"exp": ...},
        {"iat": ...},
        {"kind": ...},
        {"name": ...},
        {"scope": ...},
        {"sub": 5},
        {"exp": "soon"},
        {"exp": None},
        {"exp": []},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"iat": "now"},
        {"nbf": {}},
        {"kind": "ANONYMOUSLY"},
        {"kind": "customer"},
        {"kind": "ANONYMOUS"},
        {"kind": 5},
        {"kind": None},
        {"kind": ["CUSTOMER"]},
        {"name": 5},
        {"name": None},
        {"scope": 5},
        {"scope": None},
        {"scope": ["policies:read"]},
        {"policies": POLICY.hex},
        {"policies": 5},
        {"policies": None},
        {"policies": [5]},
        {"policies": ["nope"]},
        {"policies": {POLICY.hex: 1}},
        {"products": "ZYB"},
        {"products": [1]},
        {"products": None},
        {"kind": "VENDOR"},
        {"kind": "VENDOR", "vendor": None},
        {"kind": "VENDOR", "vendor": 5},
        {"kind": "VENDOR", "vendor": ["HUANQIU"]},
        {"kind": "STAFF"},
        {"kind": "STAFF", "role": 5},
    ],
    ids=str,
)
def test_claims_that_are_missing_or_of_another_type_are_refused(
    key: TokenKey, private: Ed25519PrivateKey, changes: dict[str, Any]
) -> None:
    header = {"alg": "EdDSA", "typ": "JWT"}
    signed = f"{part(header)}.{part(claims(**changes))}".encode()
    refused(key, by_hand(header, claims(**changes), private.sign(signed)))


def test_every_part_that_is_cut_or_changed_is_refused(key: TokenKey) -> None:
    token = key.issue(CUSTOMER, lifetime=HOUR)
    for at in range(0, len(token), 17):
        refused(key, token[:at])
        refused(key, token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :])


@pytest.mark.parametrize(
    "token", ["", ".", "..", "...", "a", "a.b.c", "e30.e30.e30", "\x00", "漢字", "{}", " ", "a" * 100_000, "a." * 1_000]
)
def test_garbage_is_refused(key: TokenKey, token: str) -> None:
    refused(key, token)


def test_deep_claims_are_refused(key: TokenKey, private: Ed25519PrivateKey) -> None:
    header = part({"alg": "EdDSA"})
    body = base64.urlsafe_b64encode(b"[" * 200_000).decode().rstrip("=")
    signature = base64.urlsafe_b64encode(private.sign(f"{header}.{body}".encode())).decode().rstrip("=")
    refused(key, f"{header}.{body}.{signature}")


def test_a_refusal_holds_nothing_of_the_token(key: TokenKey) -> None:
    token = key.issue(CUSTOMER, lifetime=HOUR)[:-3]
    assert token not in str(refused(key, token))


def test_the_gateway_answers_a_bad_token_with_401_even_for_the_catalogue(gateway: Gateway) -> None:
    client = Client(gateway.address, "a.b.c", http=gateway.http)
    answer = client.ask("{ products { totalCount } }")
    assert (answer.response.status_code, answer.code) == (401, "UNAUTHENTICATED")


def test_the_gateway_lets_an_expired_token_in_no_more(gateway: Gateway) -> None:
    token = TokenKey.load(gateway.folder / "token.pem").issue(CUSTOMER, lifetime=dt.timedelta(seconds=-1))
    answer = Client(gateway.address, token, http=gateway.http).ask("{ viewer { kind } }")
    assert (answer.response.status_code, answer.code) == (401, "UNAUTHENTICATED")


def test_tokens_live_by_the_real_clock(gateway: Gateway) -> None:
    token = TokenKey.load(gateway.folder / "token.pem").issue(CUSTOMER, lifetime=dt.timedelta(seconds=-1))
    back_then = Client(gateway.address, token, now="2020-01-01T00:00:00Z", http=gateway.http)
    assert back_then.ask("{ viewer { kind } }").response.status_code == 401
