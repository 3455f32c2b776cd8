"""From the outbox to whoever waits for it: once, in order, signed, and never lost."""

import asyncio
import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.jobs import senders
from gateway.jobs.clockwork import Clockwork
from gateway.postgres.migrate import ROLE
from tests.conftest import dsn
from tests.jobs.house import Receiver, hook, tick, with_clockwork
from tests.support.client import Gateway
from tests.support.escorts import NOW, Journey, at, begin, change, look

REMINDED = at("2026-03-11 09:00")  # ZYB-ESC-08: the day before the visit
SECONDS = 120.0  # for processes that start while others are busy


@pytest.fixture(autouse=True)
def nothing_from_others_is_waiting(gateway: Gateway) -> None:
    change(gateway, "update outbox_messages set cancelled_at = now() where sent_at is null and cancelled_at is null")
    change(gateway, "delete from jobs.pgqueuer")


def state(journey: Journey) -> list[dict[str, Any]]:
    return journey.look(
        "select topic, audience, attempts, sent_at is not null as is_sent from outbox_messages "
        "where policy_id = $1 and subject_id = $2 and cancelled_at is null order by available_at, id"
    )


def sent(journey: Journey) -> list[str]:
    return [row["topic"] for row in state(journey) if row["is_sent"]]


def to_the_client(journey: Journey) -> list[dict[str, Any]]:
    return [row for row in state(journey) if row["audience"] == "CUSTOMER"]


def test_a_reminder_waits_for_its_hour(gateway: Gateway, receiver: Receiver) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    customer = hook(receiver, gateway.folder, "CUSTOMER")
    tick(gateway, at("2026-03-11 08:59"), customer)
    assert "booking.reminder" not in receiver.topics()
    tick(gateway, REMINDED, customer)
    assert "booking.reminder" in receiver.topics()
    assert "booking.reminder" in sent(journey)


def test_a_message_names_its_case_by_id_and_nobody_by_name(gateway: Gateway, receiver: Receiver) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    tick(gateway, REMINDED, hook(receiver, gateway.folder, "CUSTOMER"))
    (reminder,) = [message for message in receiver.arrived if message["topic"] == "booking.reminder"]
    assert reminder["payload"] == {"booking": journey.booking}
    assert set(reminder) == {"id", "topic", "audience", "rule", "createdAt", "payload"}


def test_two_workers_at_once_send_each_message_once(gateway: Gateway, receiver: Receiver) -> None:
    journeys = [begin(gateway).go_to("CONFIRMED") for _ in range(5)]
    instant = dt.datetime.fromisoformat(REMINDED)

    async def both(works: Clockwork) -> None:
        await asyncio.gather(*(works.once(instant, with_rehearsals=True) for _ in range(3)))

    with_clockwork(gateway, both, hook(receiver, gateway.folder, "CUSTOMER"))
    ids = [message["id"] for message in receiver.arrived]
    assert len(ids) == len(set(ids))
    assert all("booking.reminder" in sent(journey) for journey in journeys)


def test_a_reminder_of_a_cancelled_visit_is_not_sent(gateway: Gateway, receiver: Receiver) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingCancel", NOW)
    tick(gateway, REMINDED, hook(receiver, gateway.folder, "CUSTOMER"))
    assert "booking.reminder" not in receiver.topics()


def test_what_is_meant_for_a_vendor_goes_to_the_vendor_of_the_case_alone(gateway: Gateway, receiver: Receiver) -> None:
    journey = begin(gateway)
    with Receiver.listening() as another:
        tick(
            gateway,
            NOW,
            hook(receiver, gateway.folder, "VENDOR", "HUANQIU"),
            hook(another, gateway.folder, "VENDOR", "VAS-SERVICE"),
        )
        assert another.arrived == []
    assert {message["audience"] for message in receiver.arrived} == {"VENDOR"}
    assert {message["payload"]["booking"] for message in receiver.arrived} == {journey.booking}


def test_a_receiver_that_is_down_gets_the_message_later(gateway: Gateway, receiver: Receiver) -> None:
    journey = begin(gateway)
    receiver.answers = [503]
    tick(gateway, NOW, hook(receiver, gateway.folder, "VENDOR", "HUANQIU"))
    assert [row["attempts"] for row in state(journey) if row["is_sent"]] == [2]
    assert len(receiver.arrived) == 1


def test_a_message_that_fails_again_and_again_is_held_for_a_person(gateway: Gateway, receiver: Receiver) -> None:
    journey = begin(gateway)
    journey.change("update outbox_messages set attempts = 7 where policy_id = $1 and subject_id = $2")
    receiver.answers = [500]
    tick(gateway, NOW, hook(receiver, gateway.folder, "VENDOR", "HUANQIU"))
    assert sent(journey) == []
    assert [row["status"] for row in look(gateway, "select status::text from jobs.pgqueuer")] == ["failed"]


def test_messages_of_one_case_keep_their_order_when_the_first_fails(gateway: Gateway, receiver: Receiver) -> None:
    journey = begin(gateway)
    journey.take("customer", "bookingCancel", NOW)
    topics = [row["topic"] for row in state(journey) if row["audience"] == "VENDOR"]
    assert len(topics) == 2
    receiver.answers = [503]
    tick(gateway, NOW, hook(receiver, gateway.folder, "VENDOR", "HUANQIU"))
    assert receiver.topics() == topics


def test_a_signature_covers_body_and_time() -> None:
    made = senders.signature(b"k", b"{}", 1)
    assert made.startswith("t=1,v1=")
    assert len({made, *(senders.signature(*other) for other in [(b"q", b"{}", 1), (b"k", b"[]", 1)])}) == 3


# Workers that are killed


@contextmanager
def worker(gateway: Gateway, receiver: Receiver) -> Iterator["subprocess.Popen[bytes]"]:
    hook(receiver, gateway.folder, "CUSTOMER")
    where = dsn(gateway.owner_dsn.split("@/")[1].split("?")[0], ROLE)
    command = [sys.executable, "-m", "tests.jobs.worker", where, str(gateway.folder), receiver.url]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def eventually(check: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS
    while not check():
        assert time.monotonic() < ends, "it has not come about"
        time.sleep(0.1)


@pytest.mark.slow
def test_a_worker_killed_between_sending_and_marking_loses_nothing_and_doubles_nothing(
    gateway: Gateway, receiver: Receiver
) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    receiver.may_answer.clear()
    with worker(gateway, receiver) as first:
        assert receiver.reached.wait(SECONDS)  # it has arrived, and the sender does not know yet
        first.kill()
        first.wait()
    assert not any(row["is_sent"] for row in to_the_client(journey))
    receiver.may_answer.set()
    with worker(gateway, receiver):
        eventually(lambda: all(row["is_sent"] for row in to_the_client(journey)))
    topics = [row["topic"] for row in to_the_client(journey)]
    assert sorted(receiver.topics()) == sorted(topics)
    assert len(receiver.arrived) == len(topics) + 1  # one came twice, under the same id


@pytest.mark.slow
def test_a_worker_killed_between_claiming_and_sending_loses_nothing(gateway: Gateway, receiver: Receiver) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    journey.change(
        "update outbox_messages set claimed_until = now() - interval '1 minute' "
        "where policy_id = $1 and subject_id = $2"
    )  # lent to a queue that has forgotten them
    with worker(gateway, receiver):
        eventually(lambda: all(row["is_sent"] for row in to_the_client(journey)))
    assert len(receiver.arrived) == len(receiver.distinct)
