"""Customers of an identity provider at a running gateway: their grants decide which policies they see."""

import datetime as dt
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from gateway.auth.tokens import TokenKey
from gateway.auth.viewer import Viewer, ViewerKind
from gateway.faults import Fault
from gateway.partners import Issuer
from gateway.repositories.policies import policy_id
from tests.auth import provider
from tests.auth.provider import AUDIENCE, ED25519, ISSUER, P256, signed
from tests.conftest import ROLE, dsn
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, book, register
from tests.support.server import running_gateway
from tests.support.tokens import VIEWER

POLICIES = "{ policies(first: 100) { nodes { number } } }"
POLICY = "query P($number: String!) { policy(number: $number) { number } }"


@pytest.fixture(scope="module")
def jwks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("provider") / "jwks.json"
    file.write_bytes(provider.document(provider.published(ED25519, "one", "EdDSA")))
    return file


@pytest.fixture(scope="module")
def trusting(gateway: Gateway, database: str, folder: Path, jwks: Path) -> Iterator[Gateway]:
    """A gateway that trusts two providers with one key: only the issuer tells their people apart."""
    settings = tuple(Issuer(name, AUDIENCE, jwks_file=jwks) for name in (ISSUER, f"{ISSUER}/other"))
    with running_gateway(dsn(database, ROLE), folder, issuers=settings) as address:
        running = Gateway(address, folder, owner_dsn=gateway.owner_dsn)
        yield running
        running.http.close()


def signed_in(gateway: Gateway, **changes: Any) -> Client:
    return Client(gateway.address, signed(**changes), http=gateway.http)


async def grant(owner: Any, number: str, subject: str, *, issuer: str = ISSUER, hours: float | None = None) -> None:
    now = dt.datetime.now(dt.UTC)
    await owner.execute(
        "insert into policy_grants (policy_id, id, issuer, subject, role, valid_until, granted_by, created_at) "
        "values ($1, gen_random_uuid(), $2, $3, 'HOLDER', $4, 'test', $5)",
        policy_id(number),
        issuer,
        subject,
        None if hours is None else now + dt.timedelta(hours=hours),
        now - dt.timedelta(days=1),
    )


def numbers(client: Client) -> set[str]:
    return {node["number"] for node in client.ask(POLICIES).data["policies"]["nodes"]}


def someone() -> str:
    return f"user-{uuid.uuid4().hex}"


@pytest.mark.anyio
async def test_a_customer_sees_the_policies_of_the_grants(trusting: Gateway, owner: Any) -> None:
    mine, foreign, subject = register(trusting), register(trusting), someone()
    await grant(owner, mine, subject)
    await grant(owner, foreign, someone())
    customer = signed_in(trusting, sub=subject)
    assert numbers(customer) == {mine}
    assert customer.ask(POLICY, number=foreign).data["policy"] is None
    assert book(customer.at(NOW), mine)["refusals"] == []


@pytest.mark.anyio
async def test_a_grant_ends_and_belongs_to_its_issuer(trusting: Gateway, owner: Any) -> None:
    past, other, subject = register(trusting), register(trusting), someone()
    await grant(owner, past, subject, hours=-1)
    await grant(owner, other, subject, issuer=f"{ISSUER}/other", hours=1)
    assert numbers(signed_in(trusting, sub=subject)) == set()
    assert numbers(signed_in(trusting, sub=subject, iss=f"{ISSUER}/other")) == {other}


def test_a_customer_without_grants_sees_nothing(trusting: Gateway) -> None:
    customer = signed_in(trusting, sub=someone())
    assert numbers(customer) == set()
    assert customer.ask(VIEWER).data["viewer"]["kind"] == "CUSTOMER"


def test_a_provider_makes_nobody_a_vendor_or_staff(trusting: Gateway) -> None:
    claims = {"kind": "STAFF", "role": "supervisor", "scope": "policies:write tokens:admin", "policies": ["0" * 32]}
    viewer = signed_in(trusting, sub=someone(), **claims).ask(VIEWER).data["viewer"]
    assert (viewer["kind"], viewer["vendor"], viewer["scopes"]) == ("CUSTOMER", None, ["catalogue:read"])


@pytest.mark.parametrize(
    "changes",
    [{"exp": 1_600_000_000}, {"aud": "other"}, {"iss": "https://elsewhere.example"}, {"kid": "unknown"}, {"key": P256}],
    ids=["expired", "another audience", "another issuer", "an unknown key", "a key of another kind"],
)
def test_what_is_wrong_with_a_token_is_answered_with_401(trusting: Gateway, changes: dict[str, Any]) -> None:
    if "key" in changes:
        changes = changes | {"algorithm": "ES256"}
    answer = signed_in(trusting, **changes).ask(VIEWER)
    assert (answer.response.status_code, answer.code) == (401, "UNAUTHENTICATED")
    assert "invalid_token" in answer.response.headers["www-authenticate"]


def test_a_token_of_a_provider_means_nothing_where_it_is_not_configured(gateway: Gateway) -> None:
    assert signed_in(gateway).ask(VIEWER).response.status_code == 401


# The gateway's own tokens


@pytest.mark.parametrize("name", ["none", "NONE", "HS256"])
def test_our_own_key_takes_no_other_algorithm(gateway: Gateway, name: str) -> None:
    token = gateway.staff("supervisor").token or ""
    claims = jwt.decode(token, options={"verify_signature": False})
    forged = provider.made_up({"alg": name, "typ": "JWT"}, claims, b"\0" * 32 if name == "HS256" else b"")
    assert Client(gateway.address, forged, http=gateway.http).ask(VIEWER).response.status_code == 401


def test_claims_of_another_token_do_not_fit_under_its_signature(gateway: Gateway) -> None:
    vendor, staff = (caller.token or "" for caller in (gateway.vendor("HUANQIU"), gateway.staff("supervisor")))
    mixed = ".".join([*staff.split(".")[:2], vendor.split(".")[2]])
    assert Client(gateway.address, mixed, http=gateway.http).ask(VIEWER).response.status_code == 401


def test_a_token_that_has_been_seen_ends_all_the_same(gateway: Gateway) -> None:
    key = TokenKey.load(gateway.folder / "token.pem")
    viewer = Viewer(ViewerKind.VENDOR, "vendor:HUANQIU", "x", vendor="HUANQIU", products=(), hospitals=("H",))
    token = key.issue(viewer, lifetime=dt.timedelta(seconds=3))  # less the fraction that it lacks of a whole second
    assert key.verify(token) == key.verify(token) == viewer
    time.sleep(3.1)
    with pytest.raises(Fault, match="expired"):
        key.verify(token)
