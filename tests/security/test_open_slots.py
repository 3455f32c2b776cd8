"""Times of experts are for everybody, and are kept in rows that also say whose they are: no way leads to that."""

import json
import re
from dataclasses import replace

import graphql
import pytest
from graphql import GraphQLObjectType

from gateway.schema import schema
from tests.support.client import Gateway
from tests.support.escorts import NOW as EARLIER
from tests.support.expert_calls import DEPARTMENT, NOW, book, expert_with, policy

SLOTS = """
query Slots($department: String!) {
  expertSchedules(department: $department) { startsAt endsAt isFree isVisitHours expert { code } __typename }
}
"""
COLUMNS = re.compile(r"\b(?:policy_id|booking_id|is_waiting)\b[^,)]{0,20}")


def api() -> graphql.GraphQLSchema:
    return graphql.build_schema(schema.as_str())


def test_the_type_has_no_field_of_whose_a_time_is() -> None:
    slot = api().type_map["ExpertSlot"]
    assert isinstance(slot, GraphQLObjectType)
    assert set(slot.fields) == {"expert", "startsAt", "endsAt", "isVisitHours", "isFree"}
    assert not slot.interfaces  # so that no `node` finds one


def test_one_query_alone_leads_to_it_and_filters_and_orders_by_nothing_hidden() -> None:
    objects = [kind for kind in api().type_map.values() if isinstance(kind, GraphQLObjectType)]
    ways = {
        (kind.name, name): set(field.args)
        for kind in objects
        for name, field in kind.fields.items()
        if graphql.get_named_type(field.type).name == "ExpertSlot"
    }
    assert ways == {("Query", "expertSchedules"): {"department", "on"}}


def test_its_statement_asks_of_a_booking_only_whether_there_is_one(gateway: Gateway) -> None:
    client = replace(gateway.anyone().at(NOW), headers={"x-dev-plan": "1"})
    plan = json.dumps(client.ask(SLOTS, department=DEPARTMENT).body["extensions"]["plan"])
    assert "expert_slots" in plan
    assert {found.strip() for found in COLUMNS.findall(plan)} == {"booking_id IS NULL"}


@pytest.mark.parametrize("now", [NOW, EARLIER], ids=["then", "earlier"])
def test_everybody_reads_the_same_of_a_time_that_somebody_took(gateway: Gateway, now: str) -> None:
    expert = expert_with(gateway, "2026-03-12 15:00", "2026-03-12 15:15")
    mine, anothers = policy(gateway), policy(gateway)
    assert book(gateway.customer(mine).at(NOW), mine, expert, "2026-03-12 15:00")["booking"]
    who = [
        gateway.customer(mine),
        gateway.customer(anothers),
        gateway.vendor("VAS-SERVICE"),
        gateway.vendor("QITAI"),
        gateway.staff(),
        gateway.anyone(),
    ]
    told = [client.at(now).ask(SLOTS, department=DEPARTMENT).data["expertSchedules"] for client in who]
    assert all(found == told[0] for found in told)
    ours = [(slot["startsAt"], slot["isFree"]) for slot in told[0] if slot["expert"]["code"] == expert]
    assert [is_free for _, is_free in ours] == [False, True]
    assert [(slot["startsAt"], slot["expert"]["code"]) for slot in told[0]] == sorted(
        (slot["startsAt"], slot["expert"]["code"]) for slot in told[0]
    )


def test_what_is_hidden_is_no_field_no_argument_and_no_variable(gateway: Gateway) -> None:
    for asked in (
        f'{{ expertSchedules(department: "{DEPARTMENT}") {{ booking {{ id }} }} }}',
        f'{{ expertSchedules(department: "{DEPARTMENT}") {{ bookingId }} }}',
        f'{{ expertSchedules(department: "{DEPARTMENT}") {{ policyId }} }}',
        f'{{ expertSchedules(department: "{DEPARTMENT}", where: {{ booking: "x" }}) {{ isFree }} }}',
        f'{{ expertSchedules(department: "{DEPARTMENT}", orderBy: BOOKING) {{ isFree }} }}',
    ):
        assert gateway.staff("supervisor").ask(asked).code == "GRAPHQL_VALIDATION_FAILED"


def test_who_wants_a_taken_time_does_not_hear_whose_it_is(gateway: Gateway) -> None:
    expert = expert_with(gateway, "2026-03-12 15:00", "2026-03-12 15:15")
    mine, anothers = policy(gateway), policy(gateway)
    taken = book(gateway.customer(mine).at(NOW), mine, expert, "2026-03-12 15:00")["booking"]
    wants = gateway.customer(anothers).at(NOW)
    (refusal,) = book(wants, anothers, expert, "2026-03-12 15:00", dry_run=True)["refusals"]
    (never,) = book(wants, anothers, expert, "2026-03-12 15:30", dry_run=True)["refusals"]
    assert refusal["message"] == "The expert has no free time at 2026-03-12 15:00."
    assert refusal | {"message": ""} == never | {"message": ""}
    assert taken["id"] not in json.dumps(refusal)
