"""Attacks by token: each is sent to a gateway that trusts an identity provider and signs tokens itself."""

import base64
import hashlib
import hmac
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import jwt

from gateway.auth.tokens import AUDIENCE as OUR_AUDIENCE
from gateway.auth.tokens import ISSUER as OURSELVES
from tests.auth.provider import ED25519, P256, RSA, claims, made_up, pem, signed, signed_bytes
from tests.security.attacks.target import Attack, Target

NOBODY = {"iss": OURSELVES, "aud": OUR_AUDIENCE, "sub": "customer:x", "kind": "STAFF", "role": "supervisor"}
LATER = {"exp": 4_000_000_000}
DEEP = "[" * 5_000 + "]" * 5_000


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def by_password(key: bytes, **header: Any) -> str:
    """HS256 with what everybody knows."""
    signing = signed_bytes({"alg": "HS256", "kid": "one", **header}, claims())
    return f"{signing.decode()}.{encoded(hmac.digest(key, signing, hashlib.sha256))}"


def large(size: int) -> str:
    return signed(claims_of_its_own="x" * size)


def packed() -> str:
    """A token that says that it is compressed."""
    body = encoded(zlib.compress(b" " * 20_000_000))
    return f"{encoded(json.dumps({'alg': 'EdDSA', 'kid': 'one', 'zip': 'DEF'}).encode())}.{body}.AAAA"


TOKENS_SENT: dict[str, Callable[[], str]] = {
    **{
        f"no signature, as {name}": lambda name=name: made_up({"alg": name, "kid": "one"}, claims())
        for name in ("none", "None", "NONE", "nOnE", "")
    },
    "no signature, as ourselves": lambda: made_up({"alg": "none"}, {**NOBODY, **LATER}),
    "a public key as a password": lambda: by_password(pem(ED25519)),
    "a public key of RSA as a password": lambda: by_password(pem(RSA), kid="two"),
    "an empty password": lambda: by_password(b""),
    "a key that the token brings along": lambda: jwt.encode(
        claims(),
        P256,
        "ES256",
        headers={"kid": "one", "jwk": json.loads(jwt.algorithms.ECAlgorithm.to_jwk(P256.public_key()))},
    ),
    "a key at an address": lambda: jwt.encode(
        claims(), P256, "ES256", headers={"kid": "x", "jku": "https://evil.example"}
    ),
    "certificates at an address": lambda: jwt.encode(claims(), P256, "ES256", headers={"x5u": "https://evil.example"}),
    "the key of another": lambda: signed(P256, "ES256"),
    "an algorithm that the key is not for": lambda: signed(RSA, "PS256", kid="two"),
    "a signature of zeros": lambda: made_up({"alg": "ES256", "kid": "three"}, claims(), bytes(64)),
    "half a signature": lambda: signed()[:-40],
    "a signature too many": lambda: f"{signed()}.AAAA",
    "a critical header": lambda: jwt.encode(claims(), ED25519, "EdDSA", headers={"kid": "one", "crit": ["exp"]}),
    "a token that has ended": lambda: signed(exp=int(time.time()) - 3_600),
    "a token that has not begun": lambda: signed(nbf=int(time.time()) + 3_600),
    "a token without an end": lambda: signed(exp=None),
    "an end beyond all numbers": lambda: signed(exp=10**400),
    "another issuer": lambda: signed(iss="https://evil.example"),
    "issuers in a list": lambda: made_up({"alg": "EdDSA", "kid": "one"}, claims(iss=["https://id.example"])),
    "another audience": lambda: signed(aud="elsewhere"),
    "a key that nobody knows": lambda: signed(kid=f"unknown-{time.time_ns()}"),
    "a key by a path": lambda: signed(kid="../../../../dev/null"),
    "a key by SQL": lambda: signed(kid="x' union select 'a'--"),
    "a key that is a list": lambda: made_up({"alg": "EdDSA", "kid": ["one"]}, claims()),
    "claims that are a list": lambda: made_up({"alg": "EdDSA", "kid": "one"}, [1]),
    "claims within each other": lambda: f"{encoded(b'{}')}.{encoded(DEEP.encode())}.AAAA",
    "a header within itself": lambda: f"{encoded(DEEP.encode())}.{encoded(b'{}')}.AAAA",
    "claims side by side": lambda: f"{encoded(b'{}')}.{encoded(b'[' + b'[],' * 3_900 + b'1]')}.AAAA",
    "a token of ten thousand letters": lambda: large(10_000)[:-9] + "AAAAAAAAA",
    "a token that is too long": lambda: large(40_000),
    "a token that is compressed": packed,
    "a token of dots": lambda: "." * 16_000,
    "a token of the wrong letters": lambda: "\xff" * 2_000,
    "a number of four thousand digits": lambda: f"{encoded(b'{}')}.{encoded(b'9' * 12_000)}.AAAA",
    "a vendor's token with a slip": lambda: "hgv_" + "a" * 60,
    "a vendor's token without end": lambda: "hgv_" + "a" * 16_000,
    "SQL for a token": lambda: "hgv_' or 1=1; --",
}
HEADERS: dict[str, list[tuple[str, str]]] = {
    "a password instead of a token": [("authorization", "Basic YTpi")],
    "a name without a token": [("authorization", "Bearer")],
    "spaces without end": [("authorization", "Bearer" + " " * 60_000 + "x")],
    "two tokens": [("authorization", "Bearer a.b.c"), ("authorization", "Bearer d.e.f")],
}


def sending(headers: Callable[[], list[tuple[str, str]]]) -> Attack:
    def attack(target: Target) -> None:
        sent = [(name, value.encode("latin-1")) for name, value in headers()]
        answer = target.gateway.http.post(
            f"{target.gateway.address}/graphql",
            json={"query": "{ viewer { kind } }"},
            headers=sent,  # type: ignore[arg-type]
        )
        assert answer.status_code == 401, answer.text
        assert answer.headers["www-authenticate"].startswith("Bearer")
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
        assert "data" not in answer.json()

    return attack


TOKENS: dict[str, Attack] = {
    **{name: sending(lambda make=make: [("authorization", f"Bearer {make()}")]) for name, make in TOKENS_SENT.items()},
    **{name: sending(lambda given=given: given) for name, given in HEADERS.items()},
}
