"""Green channels, second opinions and calls with experts, for the count of their statements."""

from collections.abc import Mapping
from typing import Any

from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, customer, vendor
from tests.support import expert_calls, green_channels, second_opinions
from tests.support.client import Gateway, new_key
from tests.support.escorts import register
from tests.support.mutations import sample
from tests.support.second_opinions import HOSPITALS


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


def _outpatient(gateway: Gateway, _twins: Twins, _mutation: str) -> Sent:
    number = register(gateway, "VAS")
    wanted = green_channels.outpatient(number, visitAt="2026-03-26T09:30:00+08:00")
    return Sent(customer(number), {"idempotencyKey": new_key()} | wanted)


def _inpatient(gateway: Gateway, _twins: Twins, _mutation: str) -> Sent:
    number, who = green_channels.policy(gateway)
    return Sent(customer(number), {"idempotencyKey": new_key()} | green_channels.care(gateway, number, who))


def _taken(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    order = green_channels.begin_inpatient(gateway)
    order.take("vendor", "bookingAccept")
    return Sent(vendor("QITAI"), sample(mutation, booking=order.booking, outcome="PASSED"))


def _opinion(gateway: Gateway, _twins: Twins, _mutation: str) -> Sent:
    number, who = green_channels.policy(gateway)
    return Sent(customer(number), {"idempotencyKey": new_key()} | green_channels.care(gateway, number, who))


def _opinion_at(state: str, role: str, **fields: Any) -> Make:
    """A second opinion that has come to a state."""

    def make(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
        order = second_opinions.go_to(second_opinions.begin(gateway), state)
        if mutation == "secondOpinionDocumentsSubmit":
            fields["documents"] = second_opinions.papers(order, *second_opinions.GROUP_A)
        viewer = vendor("QITAI") if role == "vendor" else customer(order.number)
        return Sent(viewer, sample(mutation, booking=order.booking, **fields))

    return make


SPECIAL: Mapping[str, tuple[int, Make]] = {
    # the account locked, the expert and the time looked up, the time taken
    "expertCallBook": (10, _expert_book),
    "expertCallNow": (12, _expert_now),
    "bookingCallAttemptRecord": (10, _attempt),
    # the vendor's list of hospitals; the list of illnesses, who it is, and the papers
    "outpatientGreenChannelRequest": (8, _outpatient),
    "inpatientGreenChannelRequest": (10, _inpatient),
    "bookingReview": (8, _taken),
    "secondOpinionRequest": (10, _opinion),
    "secondOpinionHospitalsPropose": (
        8,
        _opinion_at("RECORDS_TRANSLATED", "vendor", hospitals=HOSPITALS),
    ),
    "secondOpinionHospitalSelect": (9, _opinion_at("HOSPITALS_PROPOSED", "customer", hospital=1)),
    "secondOpinionDocumentsSubmit": (9, _opinion_at("HOSPITAL_SELECTED", "customer")),
    "secondOpinionStageAdvance": (8, _opinion_at("ACCEPTED", "vendor", stage="CONSULT")),
}
