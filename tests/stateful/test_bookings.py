"""Clients, vendors, staff and time play against the API; after every step the accounts, locks and histories must agree.

Commands are drawn at random, by anybody, in any order: many are refused. Whatever is refused, and whatever was only
tried, must leave no trace in any table.
"""

import datetime as dt
import random

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from tests.stateful.booking_world import COMMANDS, OPERATIONS, OWN, ROLES, SERVICES, START, World
from tests.stateful.invariants import BOOKINGS
from tests.stateful.looking import SEEDS, Eyes, bounds
from tests.stateful.sending import Life
from tests.support.client import Gateway

EDGES = """
select t.command, t.role from transitions t join bookings b on b.machine = t.machine and b.state = t.from_state
where b.policy_id = $1 and b.id = $2 and t.role <> 'SYSTEM' group by 1, 2 order by 1, 2
"""
WAYS_OUT = ("cancel", "decline", "noShow", "rate", "reschedule", "share", "terminate")
ACTS = (
    ("ask_for",) * 3
    + ("go_on",) * 10
    + ("try_anything",) * 3
    + ("send_again",)
    + ("time_passes",) * 2
    + ("timers_run",)
)
HOURS = (1, 1, 5, 24, 24, 72, 24 * 9)
BOOKED = "booking { id }"


class Bookings(Life):
    """One life of some policies."""

    truths = BOOKINGS

    @initialize()
    def set_out(self) -> None:
        self.begin(START)
        self.world = World(self.gateway, self.eyes)
        self.bookings: list[tuple[str, str]] = []  # id, policy number

    @rule(act=st.sampled_from(ACTS), seed=SEEDS)
    def act(self, act: str, seed: int) -> None:
        getattr(self, act if self.bookings else "ask_for")(self.dice(seed))

    @invariant()
    def everything_agrees(self) -> None:
        self.agrees()

    def ask_for(self, dice: random.Random) -> None:
        service = dice.choice(SERVICES)
        given = self.world.request(service, self.now, dice)
        role = OWN if dice.random() < 0.8 else dice.choice(ROLES)
        self.look_again()  # registering and uploading were not what is looked at
        client = self.world.caller(role, given["policyNumber"])
        made = self.send(client, OPERATIONS[service], given, dry=dice.random() < 0.2, shows=BOOKED)
        if made is not None:
            self.bookings.append((made["booking"]["id"], given["policyNumber"]))

    def go_on(self, dice: random.Random) -> None:
        """A step that the booking may take now, by whom it is for; seldom a way out of it."""
        booking, number = dice.choice(self.bookings[-4:])
        row = self.world.row(booking)
        found = [tuple(edge.values()) for edge in self.eyes.rows(EDGES, row["policy_id"], row["id"])]
        edges = [edge for edge in found if edge[0] in COMMANDS and (edge[1] != "VENDOR" or row["vendor_code"])]
        forth = [edge for edge in edges if edge[0] not in WAYS_OUT]
        if not edges:
            return
        command, role = dice.choice(forth if forth and dice.random() < 0.85 else edges)
        client, mutation = self.world.caller(role.lower(), number, row["vendor_code"]), COMMANDS[command]
        self.send(client, mutation, self.world.step(mutation, booking, self.now, dice), dry=dice.random() < 0.15)

    def try_anything(self, dice: random.Random) -> None:
        """Any step by anybody."""
        booking, number = dice.choice(self.bookings)
        mutation = dice.choice(sorted(COMMANDS.values()))
        client = self.world.caller(dice.choice(ROLES), number, self.world.row(booking)["vendor_code"])
        self.send(client, mutation, self.world.step(mutation, booking, self.now, dice))

    def time_passes(self, dice: random.Random) -> None:
        """Often to the hour of a visit, where much is decided."""
        visit_at = self.world.row(dice.choice(self.bookings)[0])["visit_at"]
        if visit_at is None or visit_at < self.now or dice.random() < 0.4:
            visit_at = self.now + dt.timedelta(hours=dice.choice(HOURS))
        self.now = visit_at


@pytest.mark.slow
def test_nobody_brings_bookings_and_uses_out_of_step(gateway: Gateway, eyes: Eyes) -> None:
    Life.gateway, Life.eyes = gateway, eyes
    run_state_machine_as_test(Bookings, settings=bounds(14, 45))
