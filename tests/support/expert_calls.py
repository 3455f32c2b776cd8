"""Calls with experts as clients ask for them: an expert with times of a day, and the steps that follow."""

import datetime as dt
from typing import Any

from tests.support.client import Client, Gateway, new_key
from tests.support.consultations import send
from tests.support.escorts import at, change, register
from tests.support.special_services import Order

NOW = at("2026-03-09 10:10")
"""A Monday morning: the expert's duty began at ten."""

DEPARTMENT = "PEDIATRICS"
PHONE = "13800138000"
BOOKED = "booking { id status visitAt department { code } vendor { code } }"


def add_expert(gateway: Gateway, **changes: Any) -> str:
    """A new expert; the code."""
    row: dict[str, Any] = {
        "code": f"X-{new_key()[:8]}",
        "department_code": DEPARTMENT,
        "title": "CHIEF",
        "hospital_rank": 12,
        "is_in_service": True,
    } | changes
    change(
        gateway,
        """
        insert into experts (code, id, vendor_code, department_code, name, title, hospital, hospital_rank,
          is_in_service, is_demo)
        values ($1, gen_random_uuid(), 'VAS-SERVICE', $2, '演示专家', $3, '演示医院', $4, $5, true)
        """,
        *row.values(),
    )
    return row["code"]


def add_slots(gateway: Gateway, expert: str, *starts: str, minutes: int = 15, is_visit_hours: bool = False) -> None:
    for start in starts:
        begins = dt.datetime.fromisoformat(at(start))
        change(
            gateway,
            "insert into expert_slots (expert_code, starts_at, ends_at, is_visit_hours) values ($1, $2, $3, $4)",
            expert,
            begins,
            begins + dt.timedelta(minutes=minutes),
            is_visit_hours,
        )


def expert_with(gateway: Gateway, *starts: str, is_visit_hours: bool = False, **changes: Any) -> str:
    expert = add_expert(gateway, **changes)
    add_slots(gateway, expert, *starts, is_visit_hours=is_visit_hours)
    return expert


def policy(gateway: Gateway) -> str:
    return register(gateway, "VAS")


def wanted(number: str, expert: str, **changes: Any) -> dict[str, Any]:
    return {"policyNumber": number, "expert": expert, "phone": PHONE} | changes


def book(
    client: Client, number: str, expert: str, starts: str, *, dry_run: bool = False, **changes: Any
) -> dict[str, Any]:
    given = wanted(number, expert, startsAt=at(starts), **changes)
    return send(client, "expertCallBook", dry_run=dry_run, shows=BOOKED, **given).data["expertCallBook"]


def call_now(client: Client, number: str, expert: str, *, dry_run: bool = False, **changes: Any) -> dict[str, Any]:
    given = wanted(number, expert, **changes)
    return send(client, "expertCallNow", dry_run=dry_run, shows=BOOKED, **given).data["expertCallNow"]


def booked(gateway: Gateway, starts: str = "2026-03-12 15:00", now: str = NOW) -> Order:
    """A call by appointment, on a new policy with a new expert."""
    number, expert = policy(gateway), expert_with(gateway, starts)
    made = book(gateway.customer(number).at(now), number, expert, starts)
    assert made["refusals"] == []
    return Order(gateway, "VAS", number, made["booking"]["id"], NOW)


def ordered(gateway: Gateway, expert: str | None = None, now: str = NOW) -> Order:
    """A direct call."""
    number = policy(gateway)
    expert = expert or expert_with(gateway, "2026-03-09 10:00", "2026-03-09 10:15", is_visit_hours=True)
    made = call_now(gateway.customer(number).at(now), number, expert)
    assert made["refusals"] == []
    return Order(gateway, "VAS", number, made["booking"]["id"], NOW)


def attempt(order: Order, caller: str = "EXPERT", *, answered: bool = False, now: str = NOW) -> dict[str, Any]:
    given = {"caller": caller, "isAnswered": answered, "callReference": new_key()}
    return order.take("vendor", "bookingCallAttemptRecord", now, **given)
