"""A deduction for a change on the day: proposed by the vendor, decided by staff."""

import asyncpg
import pytest

from tests.support.client import Gateway
from tests.support.escorts import VISIT, Journey, at, begin

NEW_VISIT = at("2026-03-16 09:30")


CLAIM = {"reason": "the escort was on the way", "costIncurred": True, "evidence": "receipt 17"}


def proposed(gateway: Gateway) -> Journey:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=NEW_VISIT)
    journey.take("vendor", "bookingDeductionPropose", VISIT, **CLAIM)
    return journey


def test_a_proposal_alone_deducts_nothing(gateway: Gateway) -> None:
    journey = proposed(gateway)
    assert journey.uses() == (1, 0)
    assert journey.seen_by("customer")["deduction"]["status"] == "PROPOSED"


def test_an_approved_deduction_spends_the_use_and_ends_the_booking(gateway: Gateway) -> None:
    journey = proposed(gateway)
    decided = journey.take("staff", "bookingDeductionDecide", decision="APPROVE", reason="receipts were shown")
    assert decided["booking"]["status"] == "DEDUCTED"
    assert journey.uses() == (0, 1)
    assert journey.seen_by("customer")["deduction"]["decisionReason"] == "receipts were shown"


def test_a_rejected_deduction_leaves_everything_as_it_was(gateway: Gateway) -> None:
    journey = proposed(gateway)
    decided = journey.take("staff", "bookingDeductionDecide", decision="REJECT", reason="no proof")
    assert decided["booking"]["status"] == "REQUESTED"
    assert journey.uses() == (1, 0)
    assert journey.seen_by("customer")["deduction"]["status"] == "REJECTED"


def test_a_deduction_is_proposed_once(gateway: Gateway) -> None:
    assert proposed(gateway).send("vendor", "bookingDeductionPropose", VISIT, **CLAIM).code == "BAD_USER_INPUT"


def test_a_deduction_is_decided_once(gateway: Gateway) -> None:
    journey = proposed(gateway)
    decision = {"decision": "REJECT", "reason": "no proof"}
    journey.take("staff", "bookingDeductionDecide", **decision)
    assert journey.send("staff", "bookingDeductionDecide", **decision).code == "BAD_USER_INPUT"


def test_a_cancellation_leaves_the_proposal_to_be_decided(gateway: Gateway) -> None:
    journey = proposed(gateway)
    assert journey.take("customer", "bookingCancel")["booking"]["status"] == "DEDUCTION_PENDING"
    assert journey.uses() == (1, 0)
    assert journey.seen_by("staff")["availableActions"] == ["bookingDeductionDecide"]


@pytest.mark.parametrize(
    ("decision", "status", "uses"), [("APPROVE", "DEDUCTED", (0, 1)), ("REJECT", "CANCELLED_FREE", (0, 0))]
)
def test_the_decision_says_what_the_cancellation_has_cost(
    gateway: Gateway, decision: str, status: str, uses: tuple[int, int]
) -> None:
    journey = proposed(gateway)
    journey.take("customer", "bookingCancel")
    decided = journey.take("staff", "bookingDeductionDecide", decision=decision, reason="looked into")
    assert (decided["booking"]["status"], journey.uses()) == (status, uses)


def test_the_quote_says_that_people_decide_what_a_cancellation_costs(gateway: Gateway) -> None:
    journey = proposed(gateway)
    quote = "query Q($b: ID!) { cancellationQuote(booking: $b) { outcome freeUntil } }"
    answer = journey.who("customer").ask(quote, b=journey.booking)
    assert answer.data["cancellationQuote"] == {"outcome": "DISCRETIONARY", "freeUntil": None}


def test_a_proposal_that_was_rejected_keeps_no_cancellation_waiting(gateway: Gateway) -> None:
    journey = proposed(gateway)
    journey.take("staff", "bookingDeductionDecide", decision="REJECT", reason="no proof")
    assert journey.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"


@pytest.mark.parametrize("role", ["vendor", "customer"])
def test_nobody_but_staff_decides(gateway: Gateway, role: str) -> None:
    answer = proposed(gateway).send(role, "bookingDeductionDecide", decision="APPROVE", reason="we say so")
    assert answer.code == "FORBIDDEN"


def test_who_proposed_cannot_decide_in_the_database_either(gateway: Gateway) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="two_people"):
        proposed(gateway).change(
            "update booking_deductions set state = 'APPROVED', decided_by = proposed_by, decided_at = now() "
            "where policy_id = $1 and booking_id = $2"
        )
