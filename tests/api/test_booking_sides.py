"""What may be done with any booking on the side: more papers, and deadlines that nobody could have met."""

from typing import Any

import pytest

from gateway.execution import ids
from tests.support import consultations, escorts, green_channels, second_opinions
from tests.support.client import Client, Gateway, new_key
from tests.support.consultations import send
from tests.support.drugs import Order, begin, handed, new_policy
from tests.support.escorts import NOW, add_paper, at


@pytest.fixture(scope="module")
def order(gateway: Gateway) -> Order:
    """An order that nothing here leads any further."""
    return begin(gateway)


def asked(gateway: Gateway) -> consultations.Consultation:
    return consultations.begin(gateway, "ZAWX")


@pytest.mark.parametrize(
    "begun",
    [begin, escorts.begin, green_channels.begin_inpatient, second_opinions.begin, asked],
    ids=["drug", "escort", "bed", "second opinion", "question"],
)
def test_more_papers_can_be_handed_in_while_it_is_under_way(gateway: Gateway, begun: Any) -> None:
    booked = begun(gateway)
    papers = handed(gateway, booked.number, "LAB_REPORT", "OTHER")
    assert booked.take("customer", "bookingDocumentsAttach", documents=papers)["booking"]["status"] == "REQUESTED"
    found = escorts.look(
        gateway,
        "select kind from documents where (policy_id, subject_id) = ($1, $2)",
        *ids.decode_as("book", booked.booking, 2),
    )
    assert {row["kind"] for row in found} >= {"LAB_REPORT", "OTHER"}


def test_papers_of_an_escort_are_judged_as_at_the_booking(gateway: Gateway) -> None:
    journey = escorts.begin(gateway)
    old = {"kind": "LAB_REPORT", "document": add_paper(gateway, journey.number, "LAB_REPORT", "2025-01-01")}
    attached = journey.take("customer", "bookingDocumentsAttach", documents=[old])
    assert escorts.warned(attached) == {"ZYB-ESC-32"}


@pytest.mark.parametrize("count", [0, 51])
def test_as_many_papers_as_are_allowed(gateway: Gateway, order: Order, count: int) -> None:
    (paper,) = handed(gateway, order.number, "OTHER")
    answer = order.send("customer", "bookingDocumentsAttach", documents=[paper] * count)
    assert answer.error["extensions"]["inputPath"] == ["input", "documents"]


def test_a_paper_of_another_policy_is_not_attached(gateway: Gateway, order: Order) -> None:
    papers = handed(gateway, new_policy(gateway), "OTHER")
    answer = order.send("customer", "bookingDocumentsAttach", documents=papers)
    assert answer.error["extensions"]["inputPath"] == ["input", "documents"]


def test_a_deadline_is_excused_once_even_after_it_was_missed(gateway: Gateway) -> None:
    order = begin(gateway).go_to("ACCEPTED")
    late = at("2026-03-20 10:00")
    order.take("vendor", "drugPrescriptionReview", late, outcome="APPROVED")
    assert order.clock("ZAWX-DRUG-02", late)["status"] == "MISSED"
    given = {"rule": "ZAWX-DRUG-02", "reason": "暴雨停电"}
    order.take("staff", "bookingDeadlineExcuse", late, **given)
    assert order.clock("ZAWX-DRUG-02", late)["status"] == "EXCUSED"
    again = order.send("staff", "bookingDeadlineExcuse", late, **given)
    assert again.error["extensions"]["inputPath"] == ["input", "rule"]


def test_a_handbook_that_excuses_nothing_lets_nobody_excuse(gateway: Gateway) -> None:
    journey = escorts.begin(gateway)
    answer = journey.send("staff", "bookingDeadlineExcuse", rule="ZYB-ESC-07", reason="x")
    assert answer.error["extensions"]["inputPath"] == ["input", "booking"]


def test_nobody_but_deciding_staff_excuses(order: Order) -> None:
    clients: list[Client] = [
        order.who("customer"),
        order.who("vendor"),
        order.gateway.staff("hotline").at(NOW),
    ]
    given = {"booking": order.booking, "rule": "ZAWX-DRUG-02", "reason": "x", "idempotencyKey": new_key()}
    assert {send(client, "bookingDeadlineExcuse", **given).code for client in clients} == {"FORBIDDEN"}
