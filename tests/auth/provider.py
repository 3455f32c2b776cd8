"""An identity provider of our own: keys of every kind, the document that publishes them, and what it signs."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

ISSUER = "https://id.example"
AUDIENCE = "gateway-customers"
SUBJECT = "user-4711"

ED25519 = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())

ALGORITHMS: dict[str, Any] = {
    "EdDSA": jwt.algorithms.OKPAlgorithm,
    "RS256": jwt.algorithms.RSAAlgorithm,
    "ES256": jwt.algorithms.ECAlgorithm,
    "ES384": jwt.algorithms.ECAlgorithm,
}
KEYS: dict[str, Any] = {"EdDSA": ED25519, "RS256": RSA, "ES256": P256}


def published(key: Any, kid: str, algorithm: str, **changes: Any) -> dict[str, Any]:
    """A key as a provider publishes it."""
    public = json.loads(ALGORITHMS[algorithm].to_jwk(key.public_key()))
    return {"kid": kid, "use": "sig", "alg": algorithm, **public} | changes


def document(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(keys)}).encode()


def pem(key: Any) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "iat": now, "exp": now + 600}
    return {name: value for name, value in (good | changes).items() if value is not None}


def signed(key: Any = ED25519, algorithm: str = "EdDSA", kid: str = "one", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": kid})


def made_up(header: dict[str, Any], body: Any, signature: bytes = b"") -> str:
    """A token as an attacker writes it, past every library."""
    return ".".join(_encoded(part) for part in (json.dumps(header).encode(), json.dumps(body).encode(), signature))


def signed_bytes(header: dict[str, Any], body: Any) -> bytes:
    return f"{_encoded(json.dumps(header).encode())}.{_encoded(json.dumps(body).encode())}".encode()


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


LONGEST = 60
"""Seconds in which a test has ended."""


@dataclass
class Published:
    """What the provider's address answers, and how often it was asked."""

    url: str = ""
    body: bytes = document(published(ED25519, "one", "EdDSA"))
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    may_answer: threading.Event = field(default_factory=threading.Event)
    asked: int = 0


@contextmanager
def serving() -> Iterator[Published]:
    published_here = Published()
    published_here.may_answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            published_here.asked += 1
            published_here.may_answer.wait(LONGEST)
            self.send_response(published_here.status)
            for name, value in published_here.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(published_here.body)))
            self.end_headers()
            self.wfile.write(published_here.body)

        def log_message(self, *details: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    published_here.url = f"http://127.0.0.1:{server.server_port}/jwks.json"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield published_here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
