"""A client as our users write one: documents over HTTP, with a token, a language and a clock."""

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from gateway.auth.tokens import TokenKey
from gateway.auth.viewer import CUSTOMER_SCOPES, STAFF_ROLES, VENDOR_SCOPES, Viewer, ViewerKind
from gateway.repositories.policies import policy_id

HOUR = dt.timedelta(hours=1)
COUNTER = itertools.count(1)
PATIENCE = 150
"""Seconds that a client waits: longer than any deadline, so that it is the gateway that says what was late."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer with its JSON."""

    response: httpx.Response
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def error(self) -> dict[str, Any]:
        assert "errors" in self.body, self.body
        return self.body["errors"][0]

    @property
    def code(self) -> str:
        return self.error["extensions"]["code"]


@dataclass(frozen=True)
class Client:
    """One caller. `at` and `in_` give the same caller at another time or in another language."""

    address: str
    token: str | None = None
    now: str | None = None
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE))

    def at(self, now: str) -> "Client":
        return replace(self, now=now)

    def in_(self, language: str) -> "Client":
        return replace(self, language=language)

    def ask(self, document: str, **variables: Any) -> Answer:
        response = self.http.post(
            f"{self.address}/graphql", json={"query": document, "variables": variables}, headers=self.all_headers
        )
        return Answer(response, response.json())

    @property
    def all_headers(self) -> dict[str, str]:
        found = {"accept-language": self.language, **self.headers}
        if self.token is not None:
            found["authorization"] = f"Bearer {self.token}"
        if self.now is not None:
            found["x-dev-now"] = self.now
        return found


@dataclass
class Gateway:
    """A running gateway, and callers of every kind."""

    address: str
    folder: Path
    owner_dsn: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE))

    def anyone(self) -> Client:
        return Client(self.address, http=self.http)

    def customer(self, *numbers: str) -> Client:
        viewer = Viewer(
            ViewerKind.CUSTOMER,
            f"customer:{numbers[0]}",
            "a customer",
            frozenset(CUSTOMER_SCOPES),
            policies=tuple(policy_id(number) for number in numbers),
        )
        return self.client(viewer)

    def vendor(self, code: str, *scopes: str) -> Client:
        return self.client(
            Viewer(ViewerKind.VENDOR, f"vendor:{code}", code, frozenset(scopes or VENDOR_SCOPES), vendor=code)
        )

    def staff(self, role: str = "adjuster") -> Client:
        return self.client(Viewer(ViewerKind.STAFF, f"staff:{role}", role, frozenset(STAFF_ROLES[role]), role=role))

    def client(self, viewer: Viewer) -> Client:
        return Client(self.address, self._key.issue(viewer, lifetime=HOUR), http=self.http)

    @cached_property
    def _key(self) -> TokenKey:
        return TokenKey.load(self.folder / "token.pem")


def new_key() -> str:
    return uuid.uuid4().hex


def new_number(prefix: str = "T") -> str:
    """A policy number that no other test has."""
    return f"{prefix}-{next(COUNTER)}-{uuid.uuid4().hex[:8]}"
