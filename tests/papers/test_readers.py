"""Who reads a paper: those on the policy, staff, and a vendor whose booking it was handed in for."""

import pytest

from gateway.auth.viewer import VENDOR_SCOPES
from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.support.client import Client, Gateway
from tests.support.consents import give, withdraw
from tests.support.escorts import NOW, book, change, register
from tests.support.papers import download, paper, picture, upload

PICTURE = picture(size=(60, 80))


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    return register(gateway)


@pytest.fixture(scope="module")
def attached(gateway: Gateway, number: str) -> str:
    """A paper that was handed in with a booking of HUANQIU."""
    me = gateway.customer(number).at(NOW)
    document = upload(me, number, PICTURE)
    assert book(me, number, documents=[document])["refusals"] == []
    return document


@pytest.fixture(scope="module")
def loose(gateway: Gateway, number: str) -> str:
    """A paper that no case has yet."""
    return upload(gateway.customer(number), number, PICTURE)


def reads(client: Client, document: str) -> bool:
    """Both ways agree: what is shown of it, and its bytes."""
    answer = download(client, document)
    assert answer.status_code in (200, 404)
    assert (paper(client, document) is not None) == (answer.status_code == 200)
    return answer.status_code == 200


def test_those_on_the_policy_read_it(gateway: Gateway, number: str, attached: str, loose: str) -> None:
    assert reads(gateway.customer(number), attached)
    assert reads(gateway.customer(number), loose)


@pytest.mark.parametrize("role", ["adjuster", "supervisor", "hotline"])
def test_staff_read_it(gateway: Gateway, attached: str, role: str) -> None:
    assert reads(gateway.staff(role), attached)


def test_the_vendor_of_its_booking_reads_it_and_nothing_else(gateway: Gateway, attached: str, loose: str) -> None:
    assert reads(gateway.vendor("HUANQIU"), attached)
    assert not reads(gateway.vendor("HUANQIU"), loose)
    assert not reads(gateway.vendor("VAS-SERVICE"), attached)


def test_a_foreign_paper_is_answered_like_none(gateway: Gateway, attached: str) -> None:
    stranger = gateway.customer(register(gateway))
    known = ids.decode_as("doc", attached, 2)
    absent = [
        ids.encode("doc", *known[::-1]),
        ids.encode("pol", known[0]),
        "nonsense",
        "doc_",
    ]
    answers = [download(stranger, document) for document in (attached, *absent)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["errors"][0]["message"] for answer in answers}) == 1


def test_without_a_token_or_the_scope_nothing_is_read(gateway: Gateway, attached: str) -> None:
    assert download(gateway.anyone(), attached).status_code == 401
    scopes = [scope for scope in VENDOR_SCOPES if scope != "documents:read"]
    assert download(gateway.vendor("HUANQIU", *scopes), attached).status_code == 403
    assert download(gateway.staff("administrator"), attached).status_code == 403
    wrong = Client(gateway.address, "nonsense", http=gateway.http)
    assert download(wrong, attached).status_code == 401


# Where the handbook asks the client first


@pytest.fixture
def shared(gateway: Gateway) -> tuple[str, str]:
    """A policy of ZAWX and a paper of a booking that is routed to QITAI."""
    number = register(gateway, "ZAWX")
    document = upload(gateway.customer(number), number, PICTURE)
    template = register(gateway)
    book(gateway.customer(template).at(NOW), template)
    change(
        gateway,
        """
        insert into bookings (policy_id, id, number, product_code, service, machine, state, state_seq, insured_id,
          vendor_code, planned_minutes, is_demo, created_at, updated_at)
        select $1, gen_random_uuid(), 'X-ZAWX', 'ZAWX', 'ONCOLOGY_DRUG', machine, state, state_seq,
          (select id from policy_members where policy_id = $1 and role = 'INSURED'), 'QITAI', planned_minutes, false,
          created_at, updated_at from bookings where policy_id = $2
        """,
        policy_id(number),
        policy_id(template),
    )
    change(
        gateway,
        """
        insert into booking_events (policy_id, booking_id, seq, machine, from_state, command, role, to_state, actor,
          details, rulebook, at)
        select b.policy_id, b.id, e.seq, e.machine, e.from_state, e.command, e.role, e.to_state, e.actor, e.details,
          e.rulebook, e.at from bookings b, booking_events e where b.policy_id = $1 and e.policy_id = $2
        """,
        policy_id(number),
        policy_id(template),
    )
    change(
        gateway,
        "update documents set subject_id = (select id from bookings where policy_id = $1) where id = $2",
        policy_id(number),
        ids.decode_as("doc", document, 2)[1],
    )
    return number, document


def test_a_vendor_reads_it_while_the_client_agrees(gateway: Gateway, shared: tuple[str, str]) -> None:
    number, document = shared
    me, vendor = gateway.customer(number), gateway.vendor("QITAI")
    assert not reads(vendor, document)
    other = give(me, number, vendor="HUANQIU")
    assert not reads(vendor, document)
    consent = give(me, number, vendor="QITAI")
    assert reads(vendor, document)
    withdraw(me, other)
    assert reads(vendor, document)
    withdraw(me, consent)
    assert not reads(vendor, document)
