"""Mutations of green channels."""

import strawberry

from gateway.resolvers import booking_steps as steps
from gateway.resolvers import green_channels
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.booking_outcomes import VENDORS, payload
from gateway.schema.booking_requests import patient
from gateway.schema.green_channel_inputs import (
    BookingReviewInput,
    InpatientGreenChannelRequestInput,
    OutpatientGreenChannelRequestInput,
    care_request,
)
from gateway.schema.mutations import mutation


async def _outpatient_request(
    transaction: Transaction, operation: str, input: OutpatientGreenChannelRequestInput
) -> Work:
    request = green_channels.OutpatientRequest(
        policy_number=input.policy_number,
        hospital=input.hospital,
        department=input.department,
        visit_at=input.visit_at,
        patient=patient(input.patient),
        is_diagnosed=input.is_diagnosed,
        symptom=input.symptom,
        need=input.need,
        acknowledged=tuple(input.acknowledged),
    )
    return await green_channels.request_outpatient(transaction, operation, request)


async def _inpatient_request(
    transaction: Transaction, operation: str, input: InpatientGreenChannelRequestInput
) -> Work:
    return await green_channels.request_inpatient(transaction, operation, care_request(input))


async def _review(transaction: Transaction, operation: str, input: BookingReviewInput) -> Work:
    return await steps.review(
        transaction, operation, booking=input.booking, outcome=input.outcome.value, reason=input.reason
    )


@strawberry.type
class GreenChannelMutations:
    outpatient_green_channel_request = mutation(
        OutpatientGreenChannelRequestInput,
        payload("outpatientGreenChannelRequest"),
        _outpatient_request,
        "申请少儿门诊绿通。",
        "Ask for the children's outpatient green channel.",
    )
    inpatient_green_channel_request = mutation(
        InpatientGreenChannelRequestInput,
        payload("inpatientGreenChannelRequest"),
        _inpatient_request,
        "申请重疾住院绿通。",
        "Ask for the inpatient green channel.",
    )
    booking_review = mutation(
        BookingReviewInput,
        payload("bookingReview"),
        _review,
        "审核客户提交的内容。",
        "Review what the client has handed in.",
        kinds=VENDORS,
    )
