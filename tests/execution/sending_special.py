"""Green channels, second opinions and calls with experts, for the count of their statements."""

from collections.abc import Mapping

from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, customer, vendor
from tests.support import expert_calls
from tests.support.client import Gateway, new_key
from tests.support.mutations import sample


def _expert_book(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number, expert = expert_calls.policy(gateway), expert_calls.expert_with(gateway, "2026-03-13 15:00")
    return Sent(
        customer(number),
        sample(
            mutation, policyNumber=number, expert=expert, phone=expert_calls.PHONE, startsAt="2026-03-13T15:00:00+08:00"
        ),
    )


def _expert_now(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number, expert = (
        expert_calls.policy(gateway),
        expert_calls.expert_with(gateway, "2026-03-12 12:00", is_visit_hours=True),
    )
    return Sent(customer(number), sample(mutation, policyNumber=number, expert=expert, phone=expert_calls.PHONE))


def _attempt(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    order = expert_calls.booked(gateway)
    return Sent(vendor("VAS-SERVICE"), sample(mutation, booking=order.booking, callReference=new_key()))


SPECIAL: Mapping[str, tuple[int, Make]] = {
    # the account locked, the expert and the time looked up, the time taken
    "expertCallBook": (10, _expert_book),
    "expertCallNow": (12, _expert_now),
    "bookingCallAttemptRecord": (10, _attempt),
}
