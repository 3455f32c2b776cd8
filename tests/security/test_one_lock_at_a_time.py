"""Over HTTP, with the gateway's own predicates switched off, and with row security switched off: either lock holds."""

import importlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.auth.viewer import CUSTOMER_SCOPES, Viewer, ViewerKind
from gateway.postgres.migrate import ROLE
from gateway.repositories.policies import policy_id
from tests.conftest import dsn
from tests.support import escorts
from tests.support.cases import NAME, Case, absent, new_case, words
from tests.support.client import Client, Gateway
from tests.support.mutations import of_bookings, sample, send
from tests.support.server import running_gateway

SCALARS = "{ id number status }"
INSIDE = """{ number holder { id } insured { id name } riders { code } bookings { totalCount nodes { id } }
  entitlements { id used ledger { kind } insured { id } } }"""
DOCUMENTS = {
    "node": "query Q($booking: ID!) { node(id: $booking) { id ... on Booking { number policy { number } } } }",
    "nodes": "query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
    "policy": f"query Q($number: String!) {{ policy(number: $number) {INSIDE} }}",
    "entitlements": "query Q($policy: ID!) { entitlements(policy: $policy) { id remaining ledger { kind at } } }",
    "filter": f"""query Q($number: String!) {{
      bookings(where: {{ policyNumber: {{ eq: $number }} }}) {{ totalCount nodes {SCALARS} }} }}""",
    "filter by a hidden field": f"""query Q($bookingNumber: String!) {{
      bookings(where: {{ number: {{ eq: $bookingNumber }} }}) {{ totalCount nodes {SCALARS} }} }}""",
    "filter of policies": f"""query Q($number: String!) {{
      policies(where: {{ number: $number }}) {{ totalCount nodes {INSIDE} }} }}""",
    "quote": "query Q($booking: ID!) { cancellationQuote(booking: $booking) { outcome } }",
}
LISTS = {
    "newest": f"{{ bookings(first: 100) {{ totalCount nodes {SCALARS} }} }}",
    "by number": f"{{ bookings(first: 100, orderBy: NUMBER_ASC) {{ totalCount nodes {SCALARS} }} }}",
    "from the end": f"{{ bookings(last: 2) {{ pageInfo {{ hasPreviousPage }} nodes {SCALARS} }} }}",
    "policies": f"{{ policies(first: 100) {{ totalCount nodes {INSIDE} }} }}",
    "viewer": f"{{ viewer {{ policies(first: 100) {{ totalCount nodes {INSIDE} }} }} }}",
    "around": """{ bookings { nodes { id policy { number bookings { nodes { id insured { id } timeline { command }
      slaClocks { dueAt } rating { score } deduction { status } details { __typename } } } } } } }""",
}


@pytest.fixture(scope="module")
def mine(gateway: Gateway) -> Case:
    return new_case(gateway, "ZYB")


@pytest.fixture(scope="module")
def theirs(gateway: Gateway) -> Case:
    return new_case(gateway, "VAS")


GUARDS = {
    "gateway.execution.planner.visible": None,
    "gateway.execution.unit.visible": None,
    "gateway.resolvers.bookings._may_touch": True,
    "gateway.resolvers.requests._may_act": True,
    "gateway.resolvers.requests._may_act_for": True,
    "gateway.resolvers.cases.may_touch": True,
}
"""Where the gateway itself looks who asks, and what lets everybody through."""


def _off_in(threads: set[int | None], answer: Any, place: str) -> Callable[..., Any]:
    """Switched off for the gateway that runs in these threads; the whole one, in another, goes on as it is."""
    module, _, name = place.rpartition(".")
    real = getattr(importlib.import_module(module), name)
    return lambda *given: answer if threading.get_ident() in threads else real(*given)


@pytest.fixture(scope="module", params=["policies of Postgres alone", "predicates alone"])
def half(request: pytest.FixtureRequest, database: str, folder: Path) -> Iterator[Gateway]:
    """A gateway with one lock: as the owner, whom row security does not hold back, or without its own predicates."""
    is_database_alone = request.param == "policies of Postgres alone"
    before = set(threading.enumerate())
    with running_gateway(dsn(database, ROLE if is_database_alone else "postgres"), folder) as address:
        own = {thread.ident for thread in set(threading.enumerate()) - before}
        with pytest.MonkeyPatch.context() as patched:
            for place, open_ in GUARDS.items() if is_database_alone else ():
                patched.setattr(place, _off_in(own, open_, place))
            running = Gateway(address, folder, owner_dsn=dsn(database))
            yield running
            running.http.close()


def callers(case: Case) -> dict[str, Callable[[Gateway], Client]]:
    cut = Viewer(ViewerKind.VENDOR, "vendor:HUANQIU", "x", frozenset(CUSTOMER_SCOPES), vendor="HUANQIU")
    return {
        "customer": lambda gateway: gateway.customer(case.number),
        "customer of none": lambda gateway: gateway.client(
            Viewer(ViewerKind.CUSTOMER, "customer:none", "x", frozenset(CUSTOMER_SCOPES))
        ),
        "vendor": lambda gateway: gateway.vendor("HUANQIU"),
        "vendor cut away": lambda gateway: gateway.client(replace(cut, products=("VAS",))),
        "vendor cut to a hospital": lambda gateway: gateway.client(replace(cut, hospitals=(escorts.HOSPITAL,))),
        "vendor without bookings": lambda gateway: gateway.vendor("QITAI"),
        "anyone": lambda gateway: gateway.anyone(),
    }


CALLERS = ["anyone", "customer", "customer of none", "vendor", "vendor cut away", "vendor cut to a hospital"]
CALLERS += ["vendor without bookings"]


def named(case: Case) -> dict[str, Any]:
    return {
        "booking": case.booking,
        "ids": list(case.ids),
        "number": case.number,
        "bookingNumber": case.booking_number,
        "policy": case.policy,
    }


def absent_names() -> dict[str, Any]:
    booking, policy = absent("book"), absent("pol")
    ids = [policy, booking, absent("person"), absent("ent")]
    return {"booking": booking, "ids": ids, "number": "none", "bookingNumber": "none", "policy": policy}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_foreign_object_is_answered_like_none(half: Gateway, mine: Case, theirs: Case, name: str) -> None:
    client = half.customer(mine.number).at(escorts.NOW)
    assert words(client.ask(DOCUMENTS[name], **named(theirs))) == words(client.ask(DOCUMENTS[name], **absent_names()))


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("caller", CALLERS)
def test_one_lock_answers_as_both_do(
    gateway: Gateway, half: Gateway, mine: Case, theirs: Case, caller: str, name: str
) -> None:
    ask = callers(mine)[caller]
    for case in (mine, theirs):
        expected = words(ask(gateway).at(escorts.NOW).ask(DOCUMENTS[name], **named(case)))
        assert words(ask(half).at(escorts.NOW).ask(DOCUMENTS[name], **named(case))) == expected


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("caller", CALLERS)
def test_one_lock_lists_what_both_do(gateway: Gateway, half: Gateway, mine: Case, caller: str, name: str) -> None:
    ask = callers(mine)[caller]
    assert words(ask(half).at(escorts.NOW).ask(LISTS[name])) == words(ask(gateway).at(escorts.NOW).ask(LISTS[name]))


@pytest.mark.parametrize("name", LISTS)
def test_no_list_shows_a_foreign_row(half: Gateway, mine: Case, theirs: Case, name: str) -> None:
    text = half.customer(mine.number).ask(LISTS[name]).response.text
    found = [secret for secret in (*theirs.ids, theirs.number, theirs.booking_number) if secret in text]
    assert found == []
    assert mine.number in text or mine.booking in text


@pytest.mark.parametrize("mutation", of_bookings())
@pytest.mark.parametrize("caller", ["customer", "vendor"])
def test_a_command_on_a_foreign_booking_is_one_on_none(
    half: Gateway, mine: Case, theirs: Case, caller: str, mutation: str
) -> None:
    client = callers(mine)[caller](half).at(escorts.NOW)
    found = [
        words(send(client, mutation, sample(mutation, booking=booking))) for booking in (theirs.booking, absent("book"))
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("caller", ["customer", "vendor"])
def test_nobody_books_on_a_foreign_policy(half: Gateway, mine: Case, theirs: Case, caller: str) -> None:
    client = callers(mine)[caller](half).at(escorts.NOW)
    answers = [client.ask(escorts.ESCORT_BOOK, input=escorts.request(number)) for number in (theirs.number, "VAS-none")]
    assert words(answers[0]) == words(answers[1])
    assert answers[0].code == "BAD_USER_INPUT"
    assert NAME not in answers[0].response.text


def test_what_a_token_does_not_reach_it_does_not_write(gateway: Gateway) -> None:
    """A booking that is moved to a hospital beyond the token's would be gone from its sight."""
    case = new_case(gateway, "ZYB")
    viewer = Viewer(ViewerKind.VENDOR, "vendor:HUANQIU", "cut", frozenset(CUSTOMER_SCOPES), vendor="HUANQIU")
    client = gateway.client(replace(viewer, hospitals=(escorts.HOSPITAL,))).at(escorts.NOW)
    send(client, "bookingAccept", sample("bookingAccept", booking=case.booking))
    moved = sample("bookingReschedule", booking=case.booking, visitAt=escorts.VISIT, hospital="DEMO-SH-002")
    assert send(client, "bookingReschedule", moved).code == "FORBIDDEN"
    document = "query Q($id: ID!) { node(id: $id) { ... on Booking { status hospital { code } } } }"
    kept = client.ask(document, id=case.booking).data["node"]
    assert kept == {"status": "ACCEPTED", "hospital": {"code": escorts.HOSPITAL}}


def test_the_policies_that_are_tested_are_there(gateway: Gateway, mine: Case, theirs: Case) -> None:
    found = escorts.look(
        gateway,
        "select count(*) as n from policies where policy_id = any($1)",
        [policy_id(mine.number), policy_id(theirs.number)],
    )
    assert found[0]["n"] == 2
