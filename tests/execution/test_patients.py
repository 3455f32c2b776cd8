"""A patient's name as a vendor and as the client read it, by a plan and by the plain executor."""

from typing import Any

import pytest

from tests.execution.conftest import People
from tests.execution.twins import Twins, customer, vendor
from tests.support.client import Gateway, new_key
from tests.support.escorts import begin

READ = "{ node(id: $id) { ... on Booking { details { ... on EscortDetails { patientName } } } } }"
ACCEPT = """mutation ($input: BookingAcceptInput!) { bookingAccept(input: $input, dryRun: true) {
  booking { details { ... on EscortDetails { patientName } } } } }"""


@pytest.fixture
def waiting(people: People) -> str:
    """An escort that nobody has accepted yet."""
    return people.bookings[1]


def name_in(data: Any) -> str:
    return data["details"]["patientName"]


@pytest.mark.parametrize("is_planned", [True, False], ids=["planned", "plain"])
def test_a_vendor_reads_the_surname_and_the_client_the_name(
    twins: Twins, people: People, waiting: str, is_planned: bool
) -> None:
    document = f"query ($id: ID!) {READ}"
    names = []
    for viewer in (vendor("VAS-SERVICE"), customer(people.vas)):
        if is_planned:
            names.append(twins.same(document, {"id": waiting}, viewer)["node"])
        else:
            names.append(twins.plain(document, {"id": waiting}, viewer).data["node"])
    of_vendor, of_client = (name_in(found) for found in names)
    assert of_vendor == f"{of_client[0]}**"
    assert len(of_client) > 1
    assert "*" not in of_client


def test_the_answer_to_a_vendors_own_step_shows_no_more(gateway: Gateway, twins: Twins) -> None:
    given = {"input": {"idempotencyKey": new_key(), "booking": begin(gateway, "VAS").booking}}
    planned = twins.done(ACCEPT, given, vendor("VAS-SERVICE"))
    plain = twins.plain(ACCEPT, given, vendor("VAS-SERVICE")).data["bookingAccept"]
    assert planned == plain
    assert name_in(plain["booking"]).endswith("**")
