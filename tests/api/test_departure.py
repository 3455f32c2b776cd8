"""How answers leave: what may be kept and by whom, compression, other origins, and the headers of every answer."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import brotli
import httpx
import pytest

from gateway.postgres.place import ROLE
from gateway.settings import Settings
from gateway.variables import SettingsError
from tests.conftest import dsn
from tests.support.client import Gateway
from tests.support.server import running_gateway

PUBLIC = "{ products { nodes { code name services { kind name } } } }"
LONG = "{ hospitals(first: 100) { nodes { id code name level } } }"
OURS = "https://app.example"
PRIVATE = {
    "a viewer": "{ viewer { kind } }",
    "the clock": "{ viewer { now } products { nodes { code } } }",
    "any object": '{ node(id: "prod_0") { id } }',
    "policies": "{ policies { totalCount } }",
    "a field that is refused": "{ products { nodes { code } } viewer { policies { totalCount } } }",
    "a mutation": 'mutation { bookingAccept(input: {idempotencyKey: "a", booking: "b"}) { isReplay } }',
    "the schema": "{ __schema { queryType { name } } }",
    "what is wrong": "{ nope }",
}


def post(gateway: Gateway, query: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return gateway.http.post(f"{gateway.address}/graphql", json={"query": query}, headers=named)


@pytest.fixture(scope="module")
def open_to_ours(gateway: Gateway, database: str) -> Iterator[Gateway]:
    settings: dict[str, Any] = {"origins": (OURS,), "hsts_seconds": 3600, "public_seconds": 7}
    with running_gateway(dsn(database, ROLE), gateway.folder, **settings) as address:
        opened = Gateway(address, gateway.folder, gateway.owner_dsn)
        yield opened
        opened.http.close()


# What may be kept


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_catalogue_may_be_kept_by_everybody(gateway: Gateway, method: str) -> None:
    by_get = method == "GET"
    response = gateway.http.request(
        method,
        f"{gateway.address}/graphql",
        params={"query": PUBLIC} if by_get else None,
        json=None if by_get else {"query": PUBLIC},
    )
    assert response.headers["cache-control"] == "public, max-age=60"
    assert set(response.headers["vary"].split(", ")) == {"accept", "accept-language", "accept-encoding"}
    assert ("remaining" in response.json()["extensions"]["cost"]) is not by_get  # it is the caller's own affair


@pytest.mark.parametrize("query", PRIVATE.values(), ids=PRIVATE)
def test_whatever_may_be_somebodys_own_is_kept_by_nobody(gateway: Gateway, query: str) -> None:
    client = gateway.customer("DEMO-ZYB-001")
    response = client.ask(query).response
    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers


@pytest.mark.parametrize("header", ["x-dev-now", "x-dev-plan"])
def test_what_a_developer_tries_is_kept_by_nobody(gateway: Gateway, header: str) -> None:
    value = "1" if header == "x-dev-plan" else "2026-03-09T09:00:00+08:00"
    response = gateway.http.post(f"{gateway.address}/graphql", json={"query": PUBLIC}, headers={header: value})
    assert response.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("form", ["{}", 'W/"other", {}', "*", "bare"])
def test_a_client_that_has_the_answer_gets_304_without_it(gateway: Gateway, form: str) -> None:
    tag = post(gateway, PUBLIC).headers["etag"]
    known = tag.removeprefix("W/") if form == "bare" else form.replace("{}", tag)
    response = post(gateway, PUBLIC, if_none_match=known)
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == tag
    assert response.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("query", "language"), [(PUBLIC, "zh-CN"), ("{ products { nodes { code } } }", "en")], ids=["language", "document"]
)
def test_another_answer_has_another_tag(gateway: Gateway, query: str, language: str) -> None:
    tag = post(gateway, PUBLIC, accept_language="en").headers["etag"]
    response = post(gateway, query, accept_language=language, if_none_match=tag)
    assert response.status_code == 200
    assert response.headers["etag"] != tag


def test_a_token_changes_nothing_about_what_is_public(gateway: Gateway) -> None:
    anyone = post(gateway, PUBLIC, accept_language="en").headers["etag"]
    assert gateway.customer("DEMO-ZYB-001").ask(PUBLIC).response.headers["etag"] == anyone


# Compression


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("deflate, zstd", None),
        ("gzip;q=0, br;q=0", None),
        ("identity", None),
        ("", None),
        (";;,q=nan", None),
    ],
)
def test_a_long_answer_travels_as_the_client_takes_it(gateway: Gateway, accepted: str, encoding: str | None) -> None:
    body = json.dumps({"query": LONG}).encode()
    headers = {"content-type": "application/json", "accept-encoding": accepted}
    with gateway.http.stream("POST", f"{gateway.address}/graphql", content=body, headers=headers) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers.get("content-encoding") == encoding
    assert int(response.headers["content-length"]) == len(raw)
    unpack: Any = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert len(json.loads(unpack(raw))["data"]["hospitals"]["nodes"]) > 10


def test_a_short_answer_travels_as_it_is(gateway: Gateway) -> None:
    response = post(gateway, "{ viewer { kind } }", accept_encoding="gzip, br")
    assert "content-encoding" not in response.headers


# Other origins


def preflight(gateway: Gateway, origin: str) -> httpx.Response:
    headers = {"origin": origin, "access-control-request-method": "POST"}
    return gateway.http.options(f"{gateway.address}/graphql", headers=headers)


def test_a_page_of_a_named_origin_may_ask_and_read(open_to_ours: Gateway) -> None:
    asked = preflight(open_to_ours, OURS)
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, OURS)
    assert "authorization" in asked.headers["access-control-allow-headers"]
    answer = post(open_to_ours, PUBLIC, origin=OURS)
    assert answer.headers["access-control-allow-origin"] == OURS
    assert "x-request-id" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("query", ["{ nope }", "{ viewer { kind } }"])
def test_a_page_may_also_read_what_went_wrong(open_to_ours: Gateway, query: str) -> None:
    assert post(open_to_ours, query, origin=OURS).headers["access-control-allow-origin"] == OURS


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://app.example.evil.example",
        "http://app.example",
        "https://app.example:444",
        "https://APP.example",
        "null",
        "",
        "*",
    ],
)
def test_any_other_origin_hears_nothing_about_origins(open_to_ours: Gateway, origin: str) -> None:
    asked, answer = preflight(open_to_ours, origin), post(open_to_ours, PUBLIC, origin=origin)
    assert (asked.status_code, answer.status_code) == (405, 200)
    named = [*asked.headers, *answer.headers]
    assert not [name for name in named if name.startswith("access-control-")]


def test_caches_keep_answers_apart_by_origin(open_to_ours: Gateway) -> None:
    assert "origin" in post(open_to_ours, PUBLIC).headers["vary"]


def test_no_origin_is_named_unless_the_settings_do(gateway: Gateway) -> None:
    assert preflight(gateway, OURS).status_code == 405


@pytest.mark.parametrize("given", ["*", "app.example", "https://app.example/", "https://*.example", "null"])
def test_a_slip_in_the_origins_stops_the_start(given: str) -> None:
    with pytest.raises(SettingsError, match="GATEWAY_ORIGINS"):
        Settings.load({"GATEWAY_ORIGINS": given})


# Every answer


@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "/livez", "/version", "/metrics", "/nowhere"])
def test_no_answer_is_ever_a_page_or_in_a_frame(gateway: Gateway, path: str) -> None:
    response = gateway.http.get(f"{gateway.address}{path}", headers={"accept": "application/json"})
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "strict-transport-security" not in response.headers


def test_settings_say_how_long_browsers_insist_on_tls_and_caches_keep(open_to_ours: Gateway) -> None:
    response = post(open_to_ours, PUBLIC)
    assert response.headers["strict-transport-security"] == "max-age=3600; includeSubDomains"
    assert response.headers["cache-control"] == "public, max-age=7"
