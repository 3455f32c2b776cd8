"""Cards that grey when a bill stays unpaid, and work again when it is settled."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from gateway.repositories.policies import policy_id
from tests.jobs.house import tick
from tests.support.client import Gateway
from tests.support.escorts import change, look
from tests.support.preauths import HOSPITAL, begin

CLAIM = "select insured_id, product_code, id as claim_id from claims where policy_id = $1"
DAY = "2026-03-20"
NEXT = "2026-03-21T00:01:00+08:00"


def with_card(gateway: Gateway, product: str) -> str:
    """A policy whose insured has a card in somebody's hands."""
    case = begin(gateway, product)
    case.claim()
    change(gateway, "update cards set state = 'BOUND' where policy_id = $1", policy_id(case.number))
    return case.number


def bill(gateway: Gateway, number: str, **changes: Any) -> uuid.UUID:
    policy = policy_id(number)
    (row,) = look(gateway, CLAIM, policy)
    made: dict[str, Any] = {
        "policy_id": policy,
        "id": uuid.uuid4(),
        "number": f"B-{uuid.uuid4().hex[:8]}",
        "machine": "BILL",
        "state": "ISSUED",
        "state_seq": 1,
        "hospital_code": HOSPITAL,
        "visit_type": "OUTPATIENT",
        "amount": Decimal("100.00"),
        "paid_amount": Decimal(0),
        "waived_amount": Decimal(0),
        "reminder_count": 0,
        "is_demo": False,
        "created_at": dt.datetime.now(dt.UTC),
        "updated_at": dt.datetime.now(dt.UTC),
        **row,
        **changes,
    }
    places = ", ".join(f"${at}" for at in range(1, len(made) + 1))
    change(gateway, f"insert into bills ({', '.join(made)}) values ({places})", *made.values())
    return made["id"]


def remind(gateway: Gateway, number: str, bill: uuid.UUID, *days: str) -> None:
    for seq, day in enumerate(days, 1):
        change(
            gateway,
            """
            insert into bill_reminders (policy_id, bill_id, seq, channel, actor, sent_at, delivered_at)
            values ($1, $2, $3, 'PHONE', 'x', $4, $4)
            """,
            policy_id(number),
            bill,
            seq,
            dt.datetime.fromisoformat(f"{day}T10:00:00+08:00"),
        )


def status(gateway: Gateway, number: str) -> str:
    document = "{ policies { nodes { cards { status } } } }"
    (policy,) = gateway.customer(number).at(NEXT).ask(document).data["policies"]["nodes"]
    return policy["cards"][0]["status"]


def settle(gateway: Gateway, number: str) -> None:
    change(
        gateway,
        "update bills set paid_amount = amount, settled_at = now(), state = 'PAID' where policy_id = $1",
        policy_id(number),
    )


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2026-03-20T23:59:00+08:00", "ACTIVE"), (NEXT, "GREYED")],
    ids=["on its last day", "the day after"],
)
def test_cy23_pay_06_one_unpaid_bill_greys_the_card(gateway: Gateway, now: str, expected: str) -> None:
    number = with_card(gateway, "CY23")
    bill(gateway, number, due_on=dt.date.fromisoformat(DAY))
    tick(gateway, now)
    assert status(gateway, number) == expected


@pytest.mark.parametrize(
    ("count", "now", "expected"),
    [
        (3, "2026-03-21T23:59:00+08:00", "ACTIVE"),
        (3, "2026-03-22T00:01:00+08:00", "GREYED"),
        (2, "2026-03-30T00:01:00+08:00", "ACTIVE"),
    ],
    ids=["in the time of grace", "after it", "two reminders"],
)
def test_cy26_bill_03_three_reminders_grey_the_card(gateway: Gateway, count: int, now: str, expected: str) -> None:
    number = with_card(gateway, "CY26")
    made = bill(gateway, number, reminder_count=count, due_on=dt.date(2026, 3, 1))
    remind(gateway, number, made, *["2026-03-16", "2026-03-18", DAY][:count])
    tick(gateway, now)
    assert status(gateway, number) == expected


def test_a_settled_bill_gives_the_card_back_unless_another_is_left(gateway: Gateway) -> None:
    number = with_card(gateway, "CY23")
    bill(gateway, number, due_on=dt.date.fromisoformat(DAY))
    tick(gateway, NEXT)
    tick(gateway, NEXT)
    assert status(gateway, number) == "GREYED"
    settle(gateway, number)
    second = bill(gateway, number, due_on=dt.date.fromisoformat(DAY))
    tick(gateway, NEXT)
    assert status(gateway, number) == "GREYED"
    settle(gateway, number)
    tick(gateway, NEXT)
    assert status(gateway, number) == "ACTIVE"
    rows = look(gateway, "select cause_id from card_suspensions where policy_id = $1", policy_id(number))
    assert len(rows) == 2
    assert second in [row["cause_id"] for row in rows]


def test_a_disputed_bill_greys_nothing(gateway: Gateway) -> None:
    number = with_card(gateway, "CY23")
    bill(gateway, number, due_on=dt.date.fromisoformat(DAY), disputed_at=dt.datetime.now(dt.UTC))
    tick(gateway, NEXT)
    assert status(gateway, number) == "ACTIVE"


def test_what_staff_reinstated_is_not_greyed_again_by_the_same_bill(gateway: Gateway) -> None:
    number = with_card(gateway, "CY23")
    bill(gateway, number, due_on=dt.date.fromisoformat(DAY))
    tick(gateway, NEXT)
    change(
        gateway,
        "update card_suspensions set lifted_at = now(), lifted_by = 'staff:x' where policy_id = $1",
        policy_id(number),
    )
    tick(gateway, NEXT)
    assert status(gateway, number) == "ACTIVE"
