"""Requests that meet: calls that start at the same moment, and what must hold for all accounts afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx

from tests.support.client import PATIENCE, Client, Gateway
from tests.support.escorts import look

Call = Callable[[httpx.Client], dict[str, Any]]


def all_agrees(gateway: Gateway) -> None:
    """Counters agree with the ledger, no subject has two live holds, no booking stands where its history does not."""
    assert look(gateway, ACCOUNTS_THAT_DISAGREE) == []
    assert look(gateway, SUBJECTS_WITH_TWO_LIVE_HOLDS) == []
    assert look(gateway, BOOKINGS_WHOSE_HISTORY_DISAGREES) == []


ACCOUNTS_THAT_DISAGREE = """
select a.id from entitlement_accounts a
left join lateral (select sum(held_change) as held, sum(used_change) as used, sum(granted_change) as granted
  from entitlement_entries e where e.policy_id = a.policy_id and e.account_id = a.id) lines on true
left join lateral (
  select count(*) filter (where state = 'HELD') as held, count(*) filter (where state = 'CONSUMED') as used
  from entitlement_holds h where h.policy_id = a.policy_id and h.account_id = a.id) holds on true
where (a.held, a.used) <> (lines.held, lines.used) or (a.held, a.used) <> (holds.held, holds.used)
   or a.granted <> lines.granted
"""

SUBJECTS_WITH_TWO_LIVE_HOLDS = """
select subject_id from entitlement_holds where state in ('HELD', 'CONSUMED')
group by policy_id, subject_type, subject_id having count(*) > 1
"""

BOOKINGS_WHOSE_HISTORY_DISAGREES = """
select b.number, b.state, e.to_state, b.machine from bookings b
join booking_events e on e.policy_id = b.policy_id and e.booking_id = b.id and e.seq = b.state_seq
where e.to_state <> b.state
  or b.state_seq <> (select count(*) from booking_events c where c.policy_id = b.policy_id and c.booking_id = b.id)
"""


def together(*calls: Call) -> list[dict[str, Any]]:
    """The answers to calls that start at the same moment, each over a connection of its own."""
    gate = Barrier(len(calls))

    def run(call: Call) -> dict[str, Any]:
        with httpx.Client(timeout=PATIENCE) as http:
            gate.wait()
            return call(http)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def ask(client: Client, document: str, given: dict[str, Any]) -> Call:
    body = {"query": document, "variables": {"input": given}}

    def call(http: httpx.Client) -> dict[str, Any]:
        return http.post(f"{client.address}/graphql", json=body, headers=client.all_headers).json()

    return call


def payload(answer: dict[str, Any]) -> dict[str, Any]:
    assert "errors" not in answer, answer["errors"]
    (found,) = answer["data"].values()
    return found
