"""Every state × command × role of every machine, generated from the table, tried on the database itself.

The history of each kind of case takes exactly the steps of its lifecycle, whoever writes them, even from psql.
"""

from typing import Any

import pytest

from seeds.files import lifecycles
from tests.support.client import Gateway
from tests.support.escorts import as_owner, begin, look
from tests.support.papers import picture, upload

ROLES = ("CUSTOMER", "VENDOR", "STAFF", "SYSTEM")
TABLES = {
    "DOCUMENT": "document_events",
    "PREAUTH": "preauth_events",
    "GUARANTEE_LETTER": "guarantee_letter_events",
    "CLAIM": "claim_events",
    "APPEAL": "appeal_events",
    "ADVANCE": "advance_events",
    "BILL": "bill_events",
    "CARD": "card_events",
}
"""Machine → where its steps are written; all others are those of bookings."""
MACHINES = lifecycles()
EDGES = {
    machine: {
        (before, edge.command, role, after)
        for edge in edges
        for before in edge.before
        for role in edge.by
        for after in edge.to
    }
    for machine, edges in MACHINES.items()
}

TRY_ALL = """
do $$
declare
  sample {table};
  edge record;
begin
  create temp table accepted (from_state text, command text, role text, to_state text) on commit drop;
  select * into strict sample from {table} limit 1;
  for edge in
    select f.name as from_state, c.name as command, r.name as role, t.name as to_state
    from unnest('{states}'::text[]) f(name), unnest('{commands}'::text[]) c(name), unnest('{roles}'::text[]) r(name),
         unnest('{states}'::text[]) t(name)
  loop
    begin
      insert into {table} select (jsonb_populate_record(sample, jsonb_build_object(
        'seq', 900, 'machine', '{machine}', 'from_state', edge.from_state, 'command', edge.command,
        'role', edge.role, 'to_state', edge.to_state))).*;
      insert into accepted values (edge.from_state, edge.command, edge.role, edge.to_state);
      delete from {table} where seq = 900;
    exception when foreign_key_violation then
      null;
    end;
  end loop;
end $$
"""


async def accepted(owner: Any, machine: str) -> set[tuple[str, ...]]:
    """Of all steps between any two states by anybody, those that can be written; nothing stays written."""
    edges = EDGES[machine]
    states = sorted({""} | {state for edge in edges for state in (edge[0], edge[3])})
    commands = sorted({edge[1] for edge in edges} | {"request", "cancel", "complete", "somethingElse"})
    whole = owner.transaction()
    await whole.start()
    try:
        await owner.execute(
            TRY_ALL.format(
                table=TABLES.get(machine, "booking_events"),
                machine=machine,
                states=_list(states),
                commands=_list(commands),
                roles=_list(ROLES),
            )
        )
        return {tuple(row) for row in await owner.fetch("select * from accepted")}
    finally:
        await whole.rollback()


def _list(words: Any) -> str:
    return "{" + ",".join(f'"{word}"' for word in words) + "}"


@pytest.fixture(scope="module", autouse=True)
def a_case_of_each_kind(gateway: Gateway) -> None:
    """A booking and a paper; the demo cases have histories of every other kind."""
    number = begin(gateway).number
    upload(gateway.customer(number), number, picture())


@pytest.mark.parametrize("machine", sorted(MACHINES))
def test_the_database_takes_exactly_the_steps_of_the_lifecycle(gateway: Gateway, machine: str) -> None:
    assert as_owner(gateway, lambda owner: accepted(owner, machine)) == EDGES[machine]


def test_every_history_of_cases_is_held_to_its_lifecycle(gateway: Gateway) -> None:
    """Each table that tells of steps has the foreign key, of all five columns, none of which may be missing."""
    found = look(gateway, HELD)
    assert {row["table"] for row in found if row["columns"] == 5 and row["required"]} == {
        "booking_events",
        *TABLES.values(),
    }


HELD = """
select c.conrelid::regclass::text as table, cardinality(c.conkey) as columns,
       (select bool_and(a.attnotnull) from pg_attribute a
        where a.attrelid = c.conrelid and a.attnum = any (c.conkey)) as required
from pg_constraint c
where c.contype = 'f' and c.confrelid = 'transitions'::regclass and c.convalidated and not c.condeferrable
"""
