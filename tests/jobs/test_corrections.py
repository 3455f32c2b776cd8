"""A working calendar that is corrected while cases run: deadlines come nearer, none is put off, and clients keep what
the calendar promised them."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.imports.calendar import import_calendar
from gateway.repositories import corrections
from gateway.resolvers import calendars, knowledge
from gateway.validation.calendar import WorkCalendar
from tests.jobs.house import tick
from tests.support import consultations, visits
from tests.support.client import Gateway
from tests.support.escorts import as_owner, at, change, look, person
from tests.support.visits import Trip

FRIDAY = at("2026-03-13 10:00")
FILE = "on,isWorkday,name\n"


@pytest.fixture(scope="module", autouse=True)
def soon() -> Iterator[None]:
    """Workers look at the calendar all the time, instead of every ten seconds."""
    before, calendars.SECONDS = calendars.SECONDS, 0.05
    yield
    calendars.SECONDS = before


@pytest.fixture
def correct(gateway: Gateway, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """A notice for 2026 that says otherwise of some days; in the end the year is as it was."""
    usual = {row["on"]: row["is_workday"] for row in look(gateway, DAYS)}

    def load(days: dict[dt.date, bool]) -> None:
        file = tmp_path / "notice.csv"
        file.write_text(FILE + "".join(f"{on},{str(works).lower()},\n" for on, works in days.items()), "utf-8")
        report = as_owner(gateway, lambda owner: import_calendar(owner, file))
        assert report.problems == []

    def change_days(**days: bool) -> None:
        load(usual | {dt.date(2026, int(day[1:3]), int(day[3:])): works for day, works in days.items()})

    yield change_days
    load(usual)
    tick(gateway, FRIDAY)
    change(gateway, "delete from calendar_corrections")


DAYS = 'select "on", is_workday from calendar_days where extract(year from "on") = 2026'


def clock_of(trip: Trip) -> dict[str, Any]:
    """The two working days in which a CY23 visit is to be arranged."""
    (found,) = trip.look(
        "select due_at, is_estimated, corrected_at, working_days from sla_clocks where policy_id = $1 "
        "and subject_id = $2 and rule_code = 'CY23-OPD-09'"
    )
    return found


def booked_on_friday(gateway: Gateway) -> Trip:
    return visits.begin(gateway, product="CY23", now=FRIDAY)


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(at(text))


def test_a_deadline_comes_nearer_when_a_weekend_is_worked(gateway: Gateway, correct: Callable[..., None]) -> None:
    trip = booked_on_friday(gateway)
    assert (clock_of(trip)["due_at"], clock_of(trip)["working_days"]) == (instant("2026-03-18 00:00"), 2)
    correct(d0314=True)
    assert tick(gateway, FRIDAY)["correct deadlines"] == 1
    clock = clock_of(trip)
    assert (clock["due_at"], clock["corrected_at"]) == (instant("2026-03-17 00:00"), instant("2026-03-13 10:00"))
    assert trip.look("select due_at from bookings where policy_id = $1 and id = $2") == [
        {"due_at": instant("2026-03-17 00:00")}
    ]
    assert tick(gateway, FRIDAY)["correct deadlines"] == 0  # once is enough, however often the clockwork looks


def test_a_deadline_is_never_put_off_by_a_new_holiday(gateway: Gateway, correct: Callable[..., None]) -> None:
    trip = booked_on_friday(gateway)
    correct(d0316=False)
    assert tick(gateway, FRIDAY)["correct deadlines"] == 0
    assert (clock_of(trip)["due_at"], clock_of(trip)["corrected_at"]) == (instant("2026-03-18 00:00"), None)


def test_a_deadline_that_was_met_stays_as_it_was(gateway: Gateway, correct: Callable[..., None]) -> None:
    trip = booked_on_friday(gateway).take_all(("staff", "bookingConfirm", FRIDAY))
    correct(d0314=True)
    tick(gateway, FRIDAY)
    assert clock_of(trip)["due_at"] == instant("2026-03-18 00:00")


def test_a_deadline_that_rested_on_an_estimate_rests_on_the_notice(
    gateway: Gateway, correct: Callable[..., None]
) -> None:
    change(gateway, "update calendar_days set status = 'ESTIMATED' where \"on\" = '2026-03-16'")
    trip = booked_on_friday(gateway)
    trip.change("update sla_clocks set is_estimated = true where policy_id = $1 and subject_id = $2")
    correct()
    tick(gateway, FRIDAY)
    clock = clock_of(trip)
    assert (clock["is_estimated"], clock["corrected_at"]) == (False, None)


def test_the_reminder_of_a_deadline_comes_nearer_with_it(gateway: Gateway, correct: Callable[..., None]) -> None:
    number = consultations.new_policy(gateway, "ZAWX", insured=[person(idNumber="P1234567")])
    answer = consultations.send(
        gateway.customer(number).at(FRIDAY),
        "drugQuestionAsk",
        policyNumber=number,
        category="INDICATION",
        question="饭前吃还是饭后吃？",
        phone=consultations.PHONE,
        person={"name": "演示成人", "idType": "PASSPORT", "idNumber": "P1234567"},
        acknowledged=["ZAWX-DRUG-06"],
    )
    asked = answer.data["drugQuestionAsk"]["booking"]["id"]
    reminder = "select available_at from outbox_messages where topic = 'booking.reminder' and payload->>'booking' = $1"
    assert look(gateway, reminder, asked) == [{"available_at": instant("2026-03-17 00:00")}]
    correct(d0314=True)
    tick(gateway, FRIDAY)
    assert look(gateway, reminder, asked) == [{"available_at": instant("2026-03-15 00:00")}]


def test_a_worker_of_the_gateway_follows_the_calendar(gateway: Gateway, correct: Callable[..., None]) -> None:
    correct(d0314=True)
    due = await_value(lambda: clock_of(booked_on_friday(gateway))["due_at"], instant("2026-03-17 00:00"))
    assert due == instant("2026-03-17 00:00")


@pytest.mark.parametrize("read", [1, 2])
def test_a_calendar_that_is_corrected_while_it_is_read_is_whole_or_read_again(
    gateway: Gateway, correct: Callable[..., None], read: int
) -> None:
    async def both(owner: Any) -> tuple[WorkCalendar, Any]:
        return await knowledge.calendar(Amid(owner, read, lambda: correct(d0314=True))), await corrections.latest(owner)

    calendar, latest = as_owner(gateway, both)
    known = max((correction.replaced_at for correction in calendar.corrections), default=None)
    assert known != latest or calendar.is_workday(dt.date(2026, 3, 14))


class Amid:
    """A connection on which something happens after so many reads."""

    def __init__(self, connection: Any, reads: int, happen: Callable[[], None]) -> None:
        self.connection, self.reads, self.happen = connection, reads, happen

    async def fetch(self, *given: Any) -> Any:
        found = await self.connection.fetch(*given)
        self.reads -= 1
        if self.reads == 0:
            await asyncio.to_thread(self.happen)
        return found


def test_who_booked_before_a_new_holiday_may_call_off_as_long_as_before(
    gateway: Gateway, correct: Callable[..., None]
) -> None:
    before = visits.begin(gateway)
    assert before.quote(FRIDAY)["freeUntil"] == "2026-03-25T06:00:00Z"
    correct(d0325=False)
    after = visits.begin(gateway)  # under `x-dev-now`, so as if it had been booked before as well
    after.change("update bookings set created_at = now() + interval '1 hour' where policy_id = $1 and id = $2")
    assert await_value(lambda: after.quote(FRIDAY)["freeUntil"], "2026-03-24T06:00:00Z") == "2026-03-24T06:00:00Z"
    assert before.quote(FRIDAY)["freeUntil"] == "2026-03-25T06:00:00Z"
    late = at("2026-03-25 13:59")
    assert refused_by(after, late) == {"CY26-BKG-12"}
    assert before.take("customer", "bookingCancel", late)["booking"]["status"] == "CANCELLED_FREE"


def test_who_booked_before_a_weekend_was_to_be_worked_gains_by_it(
    gateway: Gateway, correct: Callable[..., None]
) -> None:
    trip = visits.begin(gateway, visitAt=at("2026-03-30 09:30"))
    assert trip.quote(FRIDAY)["freeUntil"] == "2026-03-27T06:00:00Z"
    correct(d0328=True)
    assert await_value(lambda: trip.quote(FRIDAY)["freeUntil"], "2026-03-28T06:00:00Z") == "2026-03-28T06:00:00Z"


def refused_by(trip: Trip, now: str) -> set[str]:
    return {verdict["rule"]["code"] for verdict in trip.take("customer", "bookingCancel", now)["refusals"]}


def await_value(read: Callable[[], Any], wanted: Any) -> Any:
    """What is read in the end: a worker looks at the calendar in its own time."""
    until = time.monotonic() + 60
    while (found := read()) != wanted and time.monotonic() < until:
        time.sleep(0.05)
    return found
