"""What waits for a vendor and for the insurer's people: whose it is, in which order, and how pressing."""

import datetime as dt
from typing import Any

import pytest

from tests.api.test_deductions import proposed
from tests.conftest import ROLE, dsn
from tests.execution.test_indexes import VIEWERS, large, scans  # noqa: F401
from tests.execution.twins import Twins, bound, customer, staff, twins_over, vendor
from tests.support import consultations
from tests.support.client import Client, Gateway
from tests.support.escorts import NOW, Journey, at, begin, step

QUEUE = """
query Queue($first: Int, $after: String, $where: WorkFilter) {
  viewer { workQueue(first: $first, after: $after, where: $where) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { service dueAt status availableActions booking { id status slaClocks { status dueAt } } }
  } }
}
"""


def queue(client: Client, **variables: Any) -> dict[str, Any]:
    return client.ask(QUEUE, **variables).data["viewer"]["workQueue"]


def every(client: Client, **variables: Any) -> list[dict[str, Any]]:
    found, after = [], None
    while True:
        page = queue(client, first=50, after=after, **variables)
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


def item(client: Client, booking: str) -> dict[str, Any] | None:
    return next((each for each in every(client) if each["booking"]["id"] == booking), None)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.fixture
def journey(gateway: Gateway) -> Journey:
    return begin(gateway)


def test_a_new_booking_waits_for_its_vendor_until_it_is_done(gateway: Gateway, journey: Journey) -> None:
    vendor_ = journey.who("vendor")
    found = item(vendor_, journey.booking)
    assert found is not None
    assert "bookingAccept" in found["availableActions"]
    assert found["service"] == "OUTPATIENT_ESCORT"
    journey.go_to("COMPLETED")
    assert item(vendor_, journey.booking) is None


def test_it_is_due_when_the_first_of_its_running_deadlines_ends(journey: Journey) -> None:
    for reached in ("", "ACCEPTED", "ASSIGNED", "CONFIRMED"):
        if reached:
            role, mutation = {"ACCEPTED": ("vendor", "bookingAccept"), "ASSIGNED": ("vendor", "bookingAssign")}.get(
                reached, ("customer", "bookingConfirm")
            )
            journey.take(role, mutation)
        found = item(journey.who("vendor"), journey.booking)
        assert found is not None
        running = [
            clock["dueAt"] for clock in found["booking"]["slaClocks"] if clock["status"] in ("RUNNING", "OVERDUE")
        ]
        assert found["dueAt"] == min(running, default=None)


def test_a_booking_that_is_moved_is_due_anew(journey: Journey) -> None:
    journey.go_to("ACCEPTED")
    later = at("2026-03-10 09:00")
    journey.take("customer", "bookingReschedule", later, visitAt=at("2026-03-16 09:30"))
    found = item(journey.who("vendor", later), journey.booking)
    assert found is not None
    running = [clock["dueAt"] for clock in found["booking"]["slaClocks"] if clock["status"] == "RUNNING"]
    assert found["dueAt"] == min(running)
    assert moment(found["dueAt"]) > moment(later)


def test_it_is_on_time_then_amber_then_overdue(journey: Journey) -> None:
    found = item(journey.who("vendor"), journey.booking)
    assert found is not None
    began, due = moment(NOW), moment(found["dueAt"])
    seen = [
        item(journey.who("vendor", (began + (due - began) * share).isoformat()), journey.booking)
        for share in (0.7, 0.8, 1.1)
    ]
    assert [each and each["status"] for each in seen] == ["ON_TIME", "AMBER", "OVERDUE"]


def test_what_ends_first_comes_first_and_what_has_no_deadline_last(gateway: Gateway) -> None:
    for _ in range(3):
        begin(gateway)
    begin(gateway).go_to("CONFIRMED")
    due = [each["dueAt"] for each in every(gateway.vendor("HUANQIU").at(NOW))]
    dated = [each for each in due if each is not None]
    assert dated == sorted(dated)
    assert due == dated + [None] * (len(due) - len(dated))


def test_pages_give_each_booking_once(gateway: Gateway, journey: Journey) -> None:
    client = journey.who("vendor")
    found, after = [], None
    while True:
        page = queue(client, first=3, after=after)
        found += [each["booking"]["id"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(found) == len(set(found)) == page["totalCount"]


def test_a_vendor_sees_nothing_of_another_ones(gateway: Gateway, journey: Journey) -> None:
    assert item(gateway.vendor("VAS-SERVICE").at(NOW), journey.booking) is None


def test_a_client_has_no_queue(journey: Journey) -> None:
    assert queue(journey.who("customer"))["totalCount"] == 0


def test_the_queue_asks_for_the_scope_of_bookings(gateway: Gateway) -> None:
    answer = gateway.vendor("HUANQIU", "catalogue:read").ask(QUEUE)
    assert answer.error["extensions"]["missingScopes"] == ["bookings:read"]


def test_filters_narrow_by_service_and_by_what_is_due(gateway: Gateway, journey: Journey) -> None:
    consultations.begin(gateway, "ZYB")
    client = gateway.vendor("HUANQIU").at(NOW)
    services = {each["service"] for each in every(client, where={"service": {"eq": "TEXT_CONSULTATION"}})}
    assert services == {"TEXT_CONSULTATION"}
    found = item(client, journey.booking)
    assert found is not None
    limit = found["dueAt"]
    assert all(each["dueAt"] <= limit for each in every(client, where={"dueAt": {"lte": limit}}))


def test_a_proposed_deduction_waits_for_staff_until_it_is_decided(gateway: Gateway) -> None:
    journey = proposed(gateway)
    assert item(journey.who("staff"), journey.booking) is not None
    journey.take("staff", "bookingDeductionDecide", decision="REJECT", reason="no proof")
    assert item(journey.who("staff"), journey.booking) is None
    assert item(journey.who("vendor"), journey.booking) is not None


def test_it_waits_for_staff_after_the_client_has_cancelled_too(gateway: Gateway) -> None:
    journey = proposed(gateway)
    journey.take("customer", "bookingCancel")
    assert item(journey.who("staff"), journey.booking) is not None


NODES = "dueAt status service availableActions booking { id status }"
TWINS = f"viewer {{ workQueue(first: 100) {{ totalCount nodes {{ {NODES} }} }} }}"


@pytest.mark.parametrize(
    "viewer",
    [vendor("HUANQIU"), bound("HUANQIU", services=("TEXT_CONSULTATION",)), staff(), customer("DEMO-ZYB-001")],
    ids=["a vendor", "a cut token", "staff", "a client"],
)
def test_both_ways_of_answering_agree(gateway: Gateway, journey: Journey, database: str, viewer: Any) -> None:
    with twins_over(dsn(database, ROLE), gateway.folder) as twins:
        assert twins.same(f"{{ {TWINS} }}", viewer=viewer)["viewer"]["workQueue"] is not None


@pytest.mark.slow
@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name != "anyone"])
def test_no_page_of_it_reads_a_whole_table_or_sorts_one(large: Twins, viewer: str) -> None:  # noqa: F811
    for where in (
        "",
        ", where: {service: {eq: OUTPATIENT_ESCORT}}",
        ', where: {dueAt: {lte: "2026-03-20T09:00:00+08:00"}}',
    ):
        document = f"{{ viewer {{ workQueue(first: 20{where}) {{ nodes {{ booking {{ id }} }} }} }} }}"
        assert scans(large, document, VIEWERS[viewer]) == []


def test_what_no_vendor_serves_waits_for_staff(gateway: Gateway) -> None:
    asked = consultations.begin(gateway, "CY23")
    assert item(gateway.staff().at(consultations.OPEN), asked.booking) is not None
    step(gateway.customer(asked.number).at(consultations.OPEN), "bookingCancel", asked.booking)
    assert item(gateway.staff().at(consultations.OPEN), asked.booking) is None


@pytest.mark.anyio
async def test_every_booking_knows_which_of_its_deadlines_ends_first(gateway: Gateway, owner: Any) -> None:
    """Whatever was done to any of them by the tests of this database."""
    begin(gateway).go_to("COMPLETED")
    consultations.begin(gateway, "CY26").reply()
    wrong = await owner.fetch(
        """
        select b.number, b.due_at, c.first from bookings b cross join lateral (
          select coalesce(min(due_at), '9999-12-31T00:00:00Z') as first from sla_clocks c
          where c.policy_id = b.policy_id and c.subject_id = b.id and stopped_at is null and cancelled_at is null) c
        where b.due_at <> c.first
        """
    )
    assert [dict(row) for row in wrong] == []
