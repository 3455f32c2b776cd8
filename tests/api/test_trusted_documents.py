"""Trusted documents: what each lane may send, by which names, and what becomes of unknown and retired ones."""

import asyncio
import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from gateway.auth.lanes import LaneBook
from gateway.auth.viewer import Viewer, ViewerKind
from gateway.bounds import LANES
from gateway.execution.documents import Documents
from gateway.http.trusted_documents import Sent
from gateway.postgres.place import ROLE
from gateway.postgres.pool import connection
from gateway.repositories import trusted_documents
from gateway.resolvers.trusted_documents import registration
from gateway.schema import schema
from gateway.settings import Settings
from tests.conftest import dsn
from tests.support.client import Answer, Client, Gateway
from tests.support.server import running_gateway

APP = "mini-program"
PRODUCTS = "query Products($n: Int = 2) { products(first: $n) { nodes { code } } }"
MUTATION = 'mutation Accept { bookingAccept(input: {idempotencyKey: "a", booking: "b"}) { isReplay } }'
FREE = "query Free { cities(first: 1) { nodes { code } } }"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def store(where: str, *texts: str) -> None:
    documents = Documents(schema._schema)
    async with connection(where) as opened:
        for text in texts:
            item = registration(documents, text)
            now = dt.datetime.now(dt.UTC)
            await trusted_documents.register(opened, item, app=APP, schema_sha256="0" * 64, actor="t", now=now)


async def drop(where: str, text: str) -> None:
    async with connection(where) as opened:
        await trusted_documents.retire(opened, digest(text), APP, actor="t", now=dt.datetime.now(dt.UTC))


@dataclass(frozen=True)
class Callers:
    """Callers as production has them: nobody's in production itself, and the others each in a gateway whose only lane
    is theirs, since production takes no token that a test could sign."""

    production: Gateway
    apps: Gateway
    partners: Gateway
    desks: Gateway

    @property
    def address(self) -> str:
        return self.production.address

    @property
    def http(self) -> httpx.Client:
        return self.production.http

    def anyone(self) -> Client:
        return self.production.anyone()

    def customer(self, number: str) -> Client:
        return self.apps.customer(number)

    def vendor(self, code: str) -> Client:
        return self.partners.vendor(code)

    def staff(self) -> Client:
        return self.desks.staff()


@pytest.fixture(scope="module")
def closed(gateway: Gateway, database: str) -> Iterator[Callers]:
    asyncio.run(store(dsn(database), PRODUCTS, MUTATION))
    with ExitStack() as stack:

        def running(**settings: Any) -> Gateway:
            address = stack.enter_context(running_gateway(dsn(database, ROLE), gateway.folder, **settings))
            return Gateway(address, gateway.folder, gateway.owner_dsn, gateway.http)

        alone = [replace(LANES, developer=lane) for lane in (LANES.customer, LANES.vendor, LANES.staff)]
        yield Callers(running(mode="production"), *(running(lanes=lanes) for lanes in alone))


@pytest.mark.parametrize("kind", ["ANONYMOUS", "CUSTOMER", "VENDOR", "STAFF"])
def test_production_is_closed_unless_settings_open_it(kind: str) -> None:
    lane = LaneBook(Settings()).of(Viewer(ViewerKind(kind), "a", "b"))
    assert (lane.may_ask_freely, lane.may_introspect) == (kind in ("VENDOR", "STAFF"), False)


def send(client: Client, body: dict[str, Any]) -> Answer:
    response = client.http.post(f"{client.address}/graphql", json=body, headers=client.all_headers)
    return Answer(response, response.json())


def persisted(text: str, *, with_text: bool = False, version: Any = 1) -> dict[str, Any]:
    named = {"extensions": {"persistedQuery": {"version": version, "sha256Hash": digest(text)}}}
    return {**named, "query": text} if with_text else named


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": digest(PRODUCTS)},
        {"documentId": f"sha256:{digest(PRODUCTS)}"},
        {"documentId": digest(PRODUCTS).upper()},
        {"query": PRODUCTS},
        {"query": None, "documentId": digest(PRODUCTS)},
        {"query": "", "documentId": digest(PRODUCTS)},
        persisted(PRODUCTS),
        persisted(PRODUCTS, with_text=True),
        {**persisted(PRODUCTS), "documentId": digest(PRODUCTS)},
    ],
    ids=["id", "prefixed", "upper case", "text", "null", "empty", "apollo", "apollo with text", "both"],
)
def test_a_registered_document_is_run_however_it_is_named(closed: Callers, body: dict[str, Any]) -> None:
    for client in (closed.anyone(), closed.customer("DEMO-ZYB-001"), closed.vendor("HUANQIU")):
        assert len(send(client, body).data["products"]["nodes"]) == 2


def test_it_takes_variables_and_a_name_like_any_other(closed: Callers) -> None:
    body = {"documentId": digest(PRODUCTS), "variables": {"n": 1}, "operationName": "Products"}
    assert len(send(closed.anyone(), body).data["products"]["nodes"]) == 1


@pytest.mark.parametrize("named", ["documentId", "extensions"])
def test_it_may_come_by_get_and_be_kept(closed: Callers, named: str) -> None:
    parameters = (
        {"documentId": digest(PRODUCTS)}
        if named == "documentId"
        else {"extensions": json.dumps(persisted(PRODUCTS)["extensions"])}
    )
    response = closed.http.get(f"{closed.address}/graphql", params={**parameters, "variables": '{"n": 1}'})
    assert len(response.json()["data"]["products"]["nodes"]) == 1
    assert response.headers["cache-control"] == "public, max-age=60"


def test_a_registered_mutation_never_comes_by_get(closed: Callers) -> None:
    response = closed.http.get(f"{closed.address}/graphql", params={"documentId": digest(MUTATION)})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("who", ["anyone", "customer"])
@pytest.mark.parametrize("body", [{"query": FREE}, persisted(FREE, with_text=True)], ids=["text", "apollo"])
def test_our_own_apps_may_send_no_other_document(closed: Callers, who: str, body: dict[str, Any]) -> None:
    client = closed.anyone() if who == "anyone" else closed.customer("DEMO-ZYB-001")
    assert send(client, body).code == "DOCUMENT_REQUIRED"


@pytest.mark.parametrize("who", ["vendor", "staff"])
def test_partners_and_staff_may_within_their_budget(closed: Callers, who: str) -> None:
    client = closed.vendor("HUANQIU") if who == "vendor" else closed.staff()
    assert send(client, {"query": FREE}).data
    dear = "policies(first: 100) { nodes { bookings(first: 100) { nodes { number } } } }"
    assert send(client, {"query": f"{{ a: {dear} b: {dear} }}"}).code == "COST_EXCEEDED"


@pytest.mark.parametrize("who", ["anyone", "customer", "vendor", "staff"])
def test_nobody_reads_the_schema_in_production(closed: Callers, who: str) -> None:
    client = {
        "anyone": closed.anyone,
        "customer": lambda: closed.customer("DEMO-ZYB-001"),
        "vendor": lambda: closed.vendor("HUANQIU"),
        "staff": closed.staff,
    }[who]()
    answer = send(client, {"query": "{ __schema { queryType { name } } }"})
    assert answer.code in ("FORBIDDEN", "DOCUMENT_REQUIRED")
    assert "data" not in answer.body


def test_an_unknown_id_tells_its_client_so(closed: Callers) -> None:
    answer = send(closed.vendor("HUANQIU"), {"documentId": digest("none such")})
    assert answer.code == "DOCUMENT_UNKNOWN"
    assert "data" not in answer.body


def test_an_apollo_client_falls_back_once_and_then_hits(closed: Callers) -> None:
    client = closed.vendor("HUANQIU")
    first = send(client, persisted(FREE))
    assert (first.error["message"], first.code) == ("PersistedQueryNotFound", "DOCUMENT_UNKNOWN")
    assert send(client, persisted(FREE, with_text=True)).data
    assert send(client, persisted(FREE)).data


def test_what_one_caller_sent_opens_nothing_for_another(closed: Callers) -> None:
    text = "query Mine { cities(first: 3) { nodes { code } } }"
    assert send(closed.vendor("HUANQIU"), persisted(text, with_text=True)).data
    for other in (closed.staff(), closed.anyone(), closed.customer("DEMO-ZYB-001")):
        assert send(other, persisted(text)).code == "DOCUMENT_UNKNOWN"


def test_an_id_must_be_that_of_the_document_beside_it(closed: Callers) -> None:
    body = {**persisted(PRODUCTS), "query": FREE}
    assert send(closed.vendor("HUANQIU"), body).code == "BAD_USER_INPUT"
    assert send(closed.anyone(), {"query": FREE, "documentId": digest(PRODUCTS)}).code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": 1},
        {"documentId": ""},
        {"documentId": "x" * 64},
        {"documentId": digest(PRODUCTS)[:-1]},
        {"documentId": digest(PRODUCTS) + "\n"},
        {"documentId": "' or 1=1 --"},
        persisted(PRODUCTS, version=2),
        persisted(PRODUCTS, version=None),
        {"extensions": {"persistedQuery": "x"}},
        {"extensions": {"persistedQuery": {"version": 1}}},
        {"extensions": {"persistedQuery": {}}},
        {**persisted(FREE), "documentId": digest(PRODUCTS)},
        {"documentId": []},
    ],
    ids=str,
)
def test_a_name_that_is_none_is_refused_with_what_was_expected(closed: Callers, body: dict[str, Any]) -> None:
    answer = send(closed.anyone(), body)
    assert (answer.response.status_code, answer.code) == (400, "BAD_USER_INPUT")
    assert "Expected" in answer.error["message"] or "different" in answer.error["message"]


def test_a_retired_document_is_gone(closed: Callers, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.http.trusted_documents.FRESH_SECONDS", 0)
    text = "query Gone { cities(first: 2) { nodes { code } } }"
    asyncio.run(store(dsn(database), text))
    assert send(closed.anyone(), {"documentId": digest(text)}).data
    asyncio.run(drop(dsn(database), text))
    assert send(closed.anyone(), {"documentId": digest(text)}).code == "DOCUMENT_UNKNOWN"
    assert send(closed.anyone(), {"query": text}).code == "DOCUMENT_REQUIRED"


def test_a_registered_document_pays_like_any_other(gateway: Gateway, database: str) -> None:
    asyncio.run(store(dsn(database), PRODUCTS))
    lanes = replace(LANES, anonymous=replace(LANES.anonymous, budget=3))
    with running_gateway(dsn(database, ROLE), gateway.folder, mode="production", lanes=lanes) as address:
        anyone = replace(gateway.anyone(), address=address)
        body = {"documentId": digest(PRODUCTS)}
        assert send(anyone, {**body, "variables": {"n": 2}}).data
        assert send(anyone, {**body, "variables": {"n": 3}}).code == "COST_EXCEEDED"


def test_figures_name_registered_operations_and_no_others(closed: Callers) -> None:
    send(closed.anyone(), {"documentId": digest(PRODUCTS)})
    send(closed.staff(), {"query": "query NobodysName { cities(first: 1) { nodes { code } } }"})
    figures = closed.http.get(f"{closed.address}/metrics").text
    assert f'gateway_operation_seconds_count{{app="{APP}",operation="Products"}}' in figures
    assert "NobodysName" not in figures


# What callers sent before


def test_nobody_crowds_out_what_another_caller_sent() -> None:
    sent = Sent(each=2, callers=2)
    sent.keep("a", "1", "x")
    for at in range(10):
        sent.keep("b", str(at), "y")
    assert sent.find("a", "1") == "x"
    assert [sent.find("b", str(at)) for at in (7, 8, 9)] == [None, "y", "y"]


def test_what_is_kept_of_all_callers_has_a_bound() -> None:
    sent = Sent(callers=100, characters=1_000)
    for at in range(50):
        sent.keep(f"caller {at}", "1", "z" * 100)
    assert [sent.find(f"caller {at}", "1") is None for at in (0, 39, 40, 49)] == [True, True, False, False]
