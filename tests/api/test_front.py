"""The front door as ASGI: what goes where, and what becomes of an exception that nobody foresaw."""

from typing import Any

import orjson
import pytest

from gateway.execution.documents import Documents
from gateway.execution.plan import Plans
from gateway.http.admission.gate import Gate
from gateway.http.admission.rates import MemoryRates
from gateway.http.graphql import GraphQLEndpoint
from gateway.http.introspection import Introspections
from gateway.schema import schema
from gateway.settings import Settings
from tests.support.client import Gateway

CORE = schema._schema
GATE = Gate.of(Settings(), MemoryRates())


def scope(**headers: str) -> dict[str, Any]:
    named = {"content-type": "application/json"} | headers
    return {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }


async def replied(receive: Any, **headers: str) -> tuple[int, bytes]:
    """Status and body of an endpoint whose server hands it requests by `receive`."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    endpoint = GraphQLEndpoint(
        CORE, Documents(CORE), Plans(CORE), None, None, Introspections(CORE), GATE, is_development=False
    )  # type: ignore[arg-type]
    await endpoint(scope(**headers), receive, send)
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.anyio
async def test_what_nobody_foresaw_is_masked_and_leads_to_the_log() -> None:
    async def receive() -> Any:
        raise RuntimeError("the secret of 13800138000")

    status, body = await replied(receive, **{"x-request-id": "of-this-request"})
    assert status == 500
    assert b"secret" not in body
    assert orjson.loads(body)["errors"][0]["extensions"] == {"code": "INTERNAL", "requestId": "of-this-request"}


@pytest.mark.anyio
async def test_a_body_that_breaks_off_is_refused() -> None:
    messages = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> Any:
        return messages.pop(0)

    assert (await replied(receive))[0] == 400


def test_a_slash_too_many_is_the_endpoint_as_well(gateway: Gateway) -> None:
    body = {"query": "{ viewer { kind } }"}
    response = gateway.http.post(f"{gateway.address}/graphql/", json=body, follow_redirects=False)
    assert response.json()["data"] == {"viewer": {"kind": "ANONYMOUS"}}


def test_other_addresses_are_starlettes(gateway: Gateway) -> None:
    assert gateway.http.get(f"{gateway.address}/livez").text == "ok"
    assert gateway.http.get(f"{gateway.address}/graphqlx").status_code == 404
