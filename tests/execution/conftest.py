"""Policies and bookings of every kind that both ways of answering shall agree on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROLE, dsn
from tests.execution.twins import Twins, twins_over
from tests.support import consultations
from tests.support.client import Gateway
from tests.support.escorts import ADULT, begin, person, register


@dataclass(frozen=True)
class People:
    """Numbers of policies, and ids of what hangs on them."""

    zyb: str
    vas: str
    idle: str
    bookings: tuple[str, ...]


@pytest.fixture(scope="session")
def people(gateway: Gateway) -> People:
    family = [person(), person(name="Ann Lee", gender="FEMALE", phone=None)]
    zyb, vas = register(gateway, insured=family, waitingDays=30), register(gateway, "VAS")
    # the first is done, the second waits; a third was cancelled
    done = begin(gateway, number=zyb).go_to("COMPLETED")
    done.take("customer", "bookingRate", "2026-03-14T10:00:00+08:00", score=5, comment='很好 "quoted" \\ \n next')
    waiting = begin(gateway, "VAS", number=vas)
    cancelled = begin(gateway, number=register(gateway)).go_to("ACCEPTED")
    cancelled.take("customer", "bookingCancel", reason="改期")
    under_way = begin(gateway, number=register(gateway)).go_to("CONFIRMED")
    answered = consultations.begin(gateway, "ZYB", number=zyb, patient=ADULT)
    answered.reply()
    answered.take("customer", "consultationReply", content='"why"? \\ \n')
    asked = consultations.begin(gateway, "VAS", number=vas)
    found = tuple(item.booking for item in (done, waiting, cancelled, under_way, answered, asked))
    return People(zyb, vas, register(gateway, "CY26", plan="NATIONAL"), found)


@pytest.fixture(scope="session")
def twins(database: str, folder: Path, people: People) -> Iterator[Twins]:
    with twins_over(dsn(database, ROLE), folder) as made:
        yield made
