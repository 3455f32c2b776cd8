from dataclasses import FrozenInstanceError

import pytest

from gateway.validation.lifecycles import Lifecycles

LIFECYCLES = Lifecycles(
    [
        ("ESCORT", "", "request", "CUSTOMER", "REQUESTED"),
        ("ESCORT", "REQUESTED", "reschedule", "CUSTOMER", "REQUESTED"),
        ("ESCORT", "REQUESTED", "cancel", "CUSTOMER", "CANCELLED_FREE"),
        ("ESCORT", "REQUESTED", "cancel", "CUSTOMER", "CANCELLED_LATE"),
        ("ESCORT", "REQUESTED", "accept", "VENDOR", "COMPLETED"),
        ("ESCORT", "HELD", "expire", "SYSTEM", "EXPIRED"),
        ("ESCORT", "COMPLETED", "rate", "CUSTOMER", "COMPLETED"),
        ("OTHER", "COMPLETED", "reopen", "CUSTOMER", "REQUESTED"),
    ]
)


@pytest.mark.parametrize(
    ("state", "command", "role", "states"),
    [
        ("", "request", "CUSTOMER", {"REQUESTED"}),
        ("REQUESTED", "cancel", "CUSTOMER", {"CANCELLED_FREE", "CANCELLED_LATE"}),
        ("REQUESTED", "cancel", "VENDOR", set[str]()),
        ("COMPLETED", "cancel", "CUSTOMER", set[str]()),
        ("NO_SUCH", "cancel", "CUSTOMER", set[str]()),
    ],
    ids=["a beginning", "two outcomes", "not for this role", "not from this state", "no such state"],
)
def test_a_command_leads_to_the_states_of_its_rows(state: str, command: str, role: str, states: set[str]) -> None:
    assert LIFECYCLES.leads_to("ESCORT", state, command, role) == states


def test_commands_come_once_each_in_the_order_of_the_table() -> None:
    assert LIFECYCLES.commands("ESCORT", "REQUESTED", "CUSTOMER") == ("reschedule", "cancel")


def test_a_role_without_steps_has_no_commands() -> None:
    assert LIFECYCLES.commands("ESCORT", "COMPLETED", "VENDOR") == ()


@pytest.mark.parametrize(
    ("machine", "state", "is_terminal"),
    [
        ("ESCORT", "REQUESTED", False),
        ("ESCORT", "HELD", False),
        ("ESCORT", "CANCELLED_FREE", True),
        ("ESCORT", "COMPLETED", True),
        ("OTHER", "COMPLETED", False),
    ],
    ids=["under way", "only the clock can end it", "nothing leaves it", "only rating is left", "of another machine"],
)
def test_a_case_has_ended_where_nothing_but_a_rating_is_left(machine: str, state: str, is_terminal: bool) -> None:
    assert LIFECYCLES.is_terminal(machine, state) is is_terminal


@pytest.mark.parametrize("name", ["_leads_to", "_commands", "_under_way"])
def test_lifecycles_do_not_change(name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(LIFECYCLES, name, {})


@pytest.mark.parametrize(
    ("machine", "command", "is_known"),
    [("ESCORT", "accept", True), ("ESCORT", "reopen", False), ("OTHER", "reopen", True), ("NONE", "accept", False)],
)
def test_a_machine_knows_its_own_commands(machine: str, command: str, is_known: bool) -> None:
    assert LIFECYCLES.knows(machine, command) is is_known
