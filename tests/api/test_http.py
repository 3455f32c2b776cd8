"""GraphQL over HTTP: methods, media types, status codes, and requests that are none."""

import gzip
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.client import Gateway

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
GOOD = "{ viewer { kind } }"
ANSWER = {"viewer": {"kind": "ANONYMOUS"}}
MUTATION = 'mutation { bookingAccept(input: {idempotencyKey: "a", booking: "b"}) { isReplay } }'


def send(gateway: Gateway, body: Any = None, **headers: str) -> httpx.Response:
    """A POST of JSON, or of bytes as they are."""
    content = body if isinstance(body, (bytes, Iterator)) else json.dumps(body or {"query": GOOD}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return gateway.http.post(f"{gateway.address}/graphql", content=content, headers={"content-type": JSON, **named})


def get(gateway: Gateway, headers: dict[str, str] | None = None, **parameters: str) -> httpx.Response:
    return gateway.http.get(f"{gateway.address}/graphql", params=parameters, headers=headers)


def error(response: httpx.Response) -> dict[str, Any]:
    """The one error of a refusal, which is always told in the same form."""
    body = response.json()
    assert "data" not in body
    (only,) = body["errors"]
    assert only["extensions"]["requestId"] == response.headers["x-request-id"]
    return only


# Media types


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{GRAPHQL_JSON}, {JSON}", GRAPHQL_JSON),
        (f"{JSON}, {GRAPHQL_JSON}", JSON),
        (f"{JSON};q=0.5, {GRAPHQL_JSON};q=0.9", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};charset=utf-8, {JSON};q=0.9", GRAPHQL_JSON),
        (f"text/html, {GRAPHQL_JSON.upper()}", GRAPHQL_JSON),
        (f"{JSON};q=0, */*", GRAPHQL_JSON),
    ],
)
def test_the_answer_has_the_type_that_the_client_wants_most(gateway: Gateway, accept: str, kind: str) -> None:
    response = send(gateway, accept=accept)
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"
    assert response.json()["data"] == ANSWER


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", f"{JSON};q=0", "x", ";;,,q=1"])
def test_a_type_that_cannot_be_given_is_refused(gateway: Gateway, accept: str) -> None:
    response = send(gateway, accept=accept)
    assert response.status_code == 406
    assert GRAPHQL_JSON in error(response)["message"]


def test_without_a_wish_it_is_plain_json(gateway: Gateway) -> None:
    request = gateway.http.build_request(
        "POST", f"{gateway.address}/graphql", content=json.dumps({"query": GOOD}), headers={"content-type": JSON}
    )
    del request.headers["accept"]
    assert gateway.http.send(request).headers["content-type"] == f"{JSON}; charset=utf-8"


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json-patch+json",
        "application/jsonx",
        "",
        "application/json; charset=latin-1",
        "application/json; a=b; charset=utf-16",
    ],
)
def test_a_body_of_another_type_is_refused(gateway: Gateway, kind: str) -> None:
    response = send(gateway, content_type=kind)
    assert response.status_code == 415
    assert error(response)["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "kind",
    ["application/json", "APPLICATION/JSON", "application/json;charset=UTF-8", 'application/json; charset="utf-8"'],
)
def test_json_in_utf8_is_taken_however_it_is_written(gateway: Gateway, kind: str) -> None:
    assert send(gateway, content_type=kind).json()["data"] == ANSWER


def test_a_compressed_body_is_refused(gateway: Gateway) -> None:
    body = gzip.compress(json.dumps({"query": GOOD}).encode())
    assert send(gateway, body, content_encoding="gzip").status_code == 415


# Status codes


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer {", "GRAPHQL_PARSE_FAILED"),
        ("{ viewer }", "GRAPHQL_VALIDATION_FAILED"),
        ("query Q($a: Nope) { viewer { kind } }", "GRAPHQL_VALIDATION_FAILED"),
        ("type A { b: Int }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { a }", "GRAPHQL_VALIDATION_FAILED"),
        ("#", "GRAPHQL_PARSE_FAILED"),
        ("query Q($a: Int!) { products(first: $a) { totalCount } }", "BAD_USER_INPUT"),
    ],
)
def test_a_request_that_cannot_be_run_is_400_or_200_by_type(gateway: Gateway, query: str, code: str) -> None:
    strict, legacy = (send(gateway, {"query": query}, accept=kind) for kind in (GRAPHQL_JSON, JSON))
    assert (strict.status_code, legacy.status_code) == (400, 200)
    for response in (strict, legacy):
        assert "data" not in response.json()
        assert response.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("kind", [JSON, GRAPHQL_JSON])
def test_a_field_that_fails_leaves_200_and_data(gateway: Gateway, kind: str) -> None:
    document = "{ viewer { kind policies { totalCount } } }"
    response = send(gateway, {"query": document}, accept=kind)
    assert response.status_code == 200
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "data" in response.json()


@pytest.mark.parametrize("kind", [JSON, GRAPHQL_JSON])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nope",
        b"null",
        b"[]",
        b'"{ viewer { kind } }"',
        b"42",
        b'[{"query": "{ viewer { kind } }"}]',
        b"{}",
        b'{"query": null}',
        b'{"query": 1}',
        b'{"query": ""}',
        b'{"query": " \\n "}',
        b'{"query": {}}',
        b'{"query": "{ viewer { kind } }", "variables": []}',
        b'{"query": "{ viewer { kind } }", "variables": "{}"}',
        b'{"query": "{ viewer { kind } }", "variables": 0}',
        b'{"query": "{ viewer { kind } }", "operationName": 3}',
        b'{"query": "{ viewer { kind } }", "operationName": {}}',
        b'{"query": "{ viewer { kind } }", "extensions": "x"}',
        b'{"query": "{ viewer { kind } }", "extensions": []}',
        b'{"query": "{ viewer { kind } }", "variables": {"a": NaN}}',
        b'{"query": "{ viewer { kind } }", "variables": {"a": 1e400}}',
        b'{"query": "{ viewer { kind } }", "variables": {"a": "\\ud800"}}',
        b'{"query": "\xff"}',
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        json.dumps({"query": GOOD}).encode("utf-16"),
        b'{"query": "{ viewer { kind } }", "variables": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    ],
)
def test_a_body_that_is_no_request_is_400(gateway: Gateway, body: bytes, kind: str) -> None:
    response = send(gateway, body, accept=kind)
    assert response.status_code == 400
    assert error(response)["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("name", ["variables", "operationName", "extensions"])
def test_null_is_the_same_as_nothing(gateway: Gateway, name: str) -> None:
    assert send(gateway, {"query": GOOD, name: None}).json()["data"] == ANSWER


def test_what_we_do_not_know_is_passed_over(gateway: Gateway) -> None:
    assert send(gateway, {"query": GOOD, "extensions": {"a": 1}, "nope": 1}).json()["data"] == ANSWER


def test_a_document_may_begin_with_a_byte_order_mark(gateway: Gateway) -> None:
    assert send(gateway, {"query": "\ufeff" + GOOD}).json()["data"] == ANSWER


# Operations

SEVERAL = "query A { viewer { kind } } query B { products { totalCount } }"


def test_the_named_operation_is_run(gateway: Gateway) -> None:
    assert send(gateway, {"query": SEVERAL, "operationName": "A"}).json()["data"] == ANSWER


@pytest.mark.parametrize("name", ["C", "a", "", None])
def test_an_operation_that_is_not_there_is_refused(gateway: Gateway, name: str | None) -> None:
    response = send(gateway, {"query": SEVERAL, "operationName": name}, accept=GRAPHQL_JSON)
    assert response.status_code == 400
    assert error(response)["extensions"]["code"] == "BAD_USER_INPUT"


# GET


def test_a_query_may_come_by_get(gateway: Gateway) -> None:
    document = "query Q($first: Int) { products(first: $first) { nodes { code } } }"
    response = get(gateway, query=document, variables='{"first": 1}', operationName="Q")
    assert response.json()["data"] == {"products": {"nodes": [{"code": "ZYB"}]}}


@pytest.mark.parametrize("extra", [{}, {"operationName": "M"}])
def test_a_mutation_never_comes_by_get(gateway: Gateway, extra: dict[str, str]) -> None:
    named = MUTATION.replace("mutation", "mutation M")
    response = get(gateway, query=named, **extra)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert error(response)["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_query_beside_a_mutation_may_come_by_get(gateway: Gateway) -> None:
    both = f"query Q {GOOD} {MUTATION.replace('mutation', 'mutation M')}"
    assert get(gateway, query=both, operationName="Q").json()["data"] == ANSWER
    assert get(gateway, query=both, operationName="M").status_code == 405


@pytest.mark.parametrize("variables", ["{", '"x"', "[]", "1", "%", "\x00"])
def test_variables_by_get_are_a_json_object(gateway: Gateway, variables: str) -> None:
    response = get(gateway, query=GOOD, variables=variables)
    assert response.status_code == 400
    assert error(response)["extensions"]["code"] == "BAD_USER_INPUT"


def test_get_without_a_query_is_refused(gateway: Gateway) -> None:
    assert get(gateway).status_code == 400


def test_a_browser_gets_the_page(gateway: Gateway) -> None:
    response = get(gateway, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_other_methods_are_refused_and_told_which_there_are(gateway: Gateway, method: str) -> None:
    response = gateway.http.request(method, f"{gateway.address}/graphql")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


# Sizes


def large(size: int) -> bytes:
    return b'{"query": "{ viewer { kind } }", "extensions": {"a": "' + b"x" * size + b'"}}'


def test_a_body_may_be_large_and_not_larger(gateway: Gateway) -> None:
    assert send(gateway, large(900_000)).json()["data"] == ANSWER
    response = send(gateway, large(1_000_000))
    assert (response.status_code, error(response)["extensions"]["code"]) == (413, "LIMIT_EXCEEDED")


def test_bytes_are_counted_where_no_length_is_stated(gateway: Gateway) -> None:
    body = large(2_000_000)
    chunks = (body[at : at + 60_000] for at in range(0, len(body), 60_000))
    response = send(gateway, chunks)
    assert (response.status_code, error(response)["extensions"]["code"]) == (413, "LIMIT_EXCEEDED")


def test_a_client_that_leaves_in_the_middle_harms_nobody(gateway: Gateway) -> None:
    place = urlsplit(gateway.address)
    with socket.create_connection((place.hostname, place.port)) as opened:
        opened.sendall(
            b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"
        )
    assert send(gateway).json()["data"] == ANSWER


# Headers


@pytest.mark.parametrize("given", ["abcdefgh", "a-request.of_mine-1", "x" * 64])
def test_a_sane_request_id_comes_back(gateway: Gateway, given: str) -> None:
    assert send(gateway, x_request_id=given).headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "with space in it", "<script>alert(1)</script>", "'; drop table--", ""]
)
def test_a_strange_request_id_is_replaced(gateway: Gateway, given: str) -> None:
    shown = send(gateway, x_request_id=given).headers["x-request-id"]
    assert shown != given
    assert len(shown) == 32


def test_every_fault_carries_the_request_id(gateway: Gateway) -> None:
    body = send(gateway, {"query": "{ a b c }"}, x_request_id="of-this-request").json()
    assert {item["extensions"]["requestId"] for item in body["errors"]} == {"of-this-request"}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Basic YTpi",
        "Bearer\tx",
        "Bearer x",
        "bearer a.b.c",
        "Bearer a b c",
        "Bearer ' or '1'='1",
        "x" * 9_000,
        "Bearer \xff\xfe",
        "Bearer " + "a" * 20_000,
        "Bearer eyJhbGciOiJub25lIn0.e30.",
    ],
)
def test_a_token_that_is_none_is_401_and_never_anonymous(gateway: Gateway, given: str) -> None:
    response = gateway.http.post(
        f"{gateway.address}/graphql",
        content=json.dumps({"query": GOOD}),
        headers=[(b"content-type", JSON.encode()), (b"authorization", given.encode("latin-1"))],
    )
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert error(response)["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "given", ["", "now", "2026-03-09", "2026-03-09T09:00:00", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00Z"]
)
def test_a_clock_that_tells_no_time_is_400(gateway: Gateway, given: str) -> None:
    response = send(gateway, x_dev_now=given)
    assert response.status_code == 400
    assert "x-dev-now" in error(response)["message"]


def test_the_clock_of_a_request_is_the_one_it_names(gateway: Gateway) -> None:
    document = {"query": "{ viewer { now } }"}
    response = send(gateway, document, x_dev_now="2026-03-09T09:00:00+08:00")
    assert response.json()["data"]["viewer"]["now"] == "2026-03-09T01:00:00Z"


def test_answers_to_a_token_are_kept_by_nobody(gateway: Gateway) -> None:
    client = gateway.customer("DEMO-ZYB-001")
    assert client.ask(GOOD).response.headers["cache-control"] == "private, no-store"


def test_no_answer_opens_itself_to_other_origins(gateway: Gateway) -> None:
    response = send(gateway, origin="https://evil.example")
    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_the_same_key_twice_in_a_body_counts_once(gateway: Gateway) -> None:
    body = b'{"query": "{ nope }", "query": "{ viewer { kind } }"}'
    assert send(gateway, body).json()["data"] == ANSWER
