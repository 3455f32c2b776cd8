"""Times of experts are read by everybody; taken and given back by those whose they are, whatever the gateway sends."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import asyncpg
import pytest

from gateway.auth.open_rows import OPEN
from gateway.auth.viewer import ANONYMOUS, SYSTEM, Viewer
from tests.security.rows import NOW, SIDES, THIRD, Rows, id_of, insert, policy_of, row_of
from tests.security.test_row_security import CUSTOMER, STAFF, VENDOR, VIEWERS

FREE = NOW + dt.timedelta(hours=1)
SLOTS = tuple(product(SIDES, ("taken", "free")))
"""Whose expert, and whether the side of the expert has the time."""

TAKE = "update expert_slots set policy_id = $3, booking_id = $4 where expert_code = $1 and starts_at = $2 returning 1"
OWN = {("mine", "taken"), ("mine", "free")}
EVERY = set(SLOTS)
TAKES: dict[str, tuple[Viewer, set[tuple[str, str]], set[tuple[str, str]], set[tuple[str, str]]]] = {
    # the viewer, what it takes for our side, what for the other, and what it gives back
    "customer": (CUSTOMER, EVERY - {("theirs", "taken")}, set(), EVERY - {("theirs", "taken")}),
    "customer of none": (VIEWERS["customer of none"], set(), set(), {("mine", "free"), ("theirs", "free")}),
    "vendor": (VENDOR, OWN, set(), OWN),
    "vendor cut to its product": (VIEWERS["vendor cut to its product"], OWN, set(), OWN),
    "vendor cut to another product": (replace(VENDOR, products=("VAS",)), set(), set(), {("mine", "free")}),
    "vendor without such experts": (replace(VENDOR, vendor=THIRD), set(), set(), set()),
    "vendor of no name": (VIEWERS["vendor of no name"], set(), set(), set()),
    "staff": (STAFF, EVERY, EVERY, EVERY),
    "system": (SYSTEM, EVERY, EVERY, EVERY),
    "anonymous": (ANONYMOUS, set(), set(), set()),
}


@pytest.fixture(autouse=True)
def slots(rows: Rows) -> Iterator[None]:
    """Of each side an expert's time that the side has taken, and a free one."""
    nobody = {"policy_id": None, "booking_id": None, "starts_at": FREE}
    for side in SIDES:
        for changes in ({}, nobody):
            rows.runner.run(insert(rows.owner, "expert_slots", row_of("expert_slots", side) | changes))
    yield
    rows.runner.run(rows.owner.execute("delete from expert_slots"))


def changed(
    rows: Rows, viewer: Viewer, side: str | None, *, booking: str | None = None, named: str | None = None
) -> set[tuple[str, str]]:
    """The times that the viewer makes a side's, or nobody's."""
    key = (None, None) if side is None else (policy_of(side), id_of("bookings", booking or side))
    found: set[tuple[str, str]] = set()
    for expert, state in SLOTS:
        try:
            if rows.run(viewer, TAKE, f"E-{expert}", NOW if state == "taken" else FREE, *key, named=named):
                found.add((expert, state))
        except asyncpg.InsufficientPrivilegeError:
            continue
    return found


@pytest.mark.parametrize("who", TAKES)
def test_each_takes_and_gives_back_what_is_its_own(rows: Rows, who: str) -> None:
    viewer, for_us, for_them, back = TAKES[who]
    assert changed(rows, viewer, "mine") == for_us
    assert changed(rows, viewer, "theirs") == for_them
    assert changed(rows, viewer, None) == back


def test_a_vendor_takes_for_a_policy_that_it_may_name_before_there_is_a_booking(rows: Rows) -> None:
    assert changed(rows, VENDOR, "mine", booking="new") == set()
    assert changed(rows, VENDOR, "mine", booking="new", named="mine") == OWN
    assert changed(rows, VENDOR, "theirs", booking="new", named="theirs") == set()
    assert changed(rows, replace(VENDOR, products=("VAS",)), "mine", booking="new", named="mine") == set()


@pytest.mark.parametrize("table", OPEN)
@pytest.mark.parametrize("who", VIEWERS)
def test_everybody_reads_all_of_it(rows: Rows, who: str, table: str) -> None:
    assert rows.by_database(VIEWERS[who], table) == set(SIDES)


@pytest.mark.parametrize("table", OPEN)
@pytest.mark.parametrize(
    "viewer", [CUSTOMER, VENDOR, STAFF, ANONYMOUS], ids=["customer", "vendor", "staff", "anonymous"]
)
def test_no_command_adds_or_removes_a_row(rows: Rows, viewer: Viewer, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        rows.add(viewer, table, "mine")
    assert rows.run(viewer, f"delete from {table} returning 1") == []


@pytest.mark.parametrize("column", ["expert_code", "starts_at", "ends_at", "is_visit_hours"])
def test_the_schedule_itself_the_gateway_cannot_change(rows: Rows, column: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        rows.run(SYSTEM, f"update expert_slots set {column} = {column}")
