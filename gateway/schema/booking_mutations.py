"""Mutations of bookings: what clients, vendors and staff may do with one."""

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.resolvers import booking_steps as steps
from gateway.resolvers import escorts
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.booking_enums import DeductionDecision
from gateway.schema.booking_inputs import (
    BookingAcceptInput,
    BookingAssignInput,
    BookingCancelInput,
    BookingCheckInInput,
    BookingCheckOutInput,
    BookingConfirmInput,
    BookingDeclineInput,
    BookingDeductionDecideInput,
    BookingDeductionProposeInput,
    BookingFollowUpRecordInput,
    BookingNoShowRecordInput,
    BookingRateInput,
    BookingRescheduleInput,
    EscortBookInput,
)
from gateway.schema.booking_outcomes import VENDORS, VENDORS_AND_STAFF, payload
from gateway.schema.booking_requests import admission, change, checklist, request
from gateway.schema.doctors import doctor
from gateway.schema.mutations import mutation


async def _escort_book(transaction: Transaction, operation: str, input: EscortBookInput) -> Work:
    return await escorts.book(transaction, operation, request(input))


async def _booking_accept(transaction: Transaction, operation: str, input: BookingAcceptInput) -> Work:
    return await steps.accept(
        transaction, operation, booking=input.booking, note=input.note, voucher=input.voucher_code
    )


async def _booking_decline(transaction: Transaction, operation: str, input: BookingDeclineInput) -> Work:
    return await steps.decline(transaction, operation, booking=input.booking, reason=input.reason)


async def _booking_assign(transaction: Transaction, operation: str, input: BookingAssignInput) -> Work:
    return await steps.assign(
        transaction,
        operation,
        booking=input.booking,
        assignment=steps.Assignment(
            input.escort,
            input.escort_name,
            input.meeting_place,
            input.materials,
            doctor(input.doctor),
            input.vendor,
            input.visit_at,
        ),
    )


async def _booking_confirm(transaction: Transaction, operation: str, input: BookingConfirmInput) -> Work:
    return await steps.confirm(
        transaction,
        operation,
        booking=input.booking,
        is_client_confirming=input.is_client_confirming,
        checklist=checklist(input.checklist),
        admission=admission(input.admission),
    )


async def _booking_reschedule(transaction: Transaction, operation: str, input: BookingRescheduleInput) -> Work:
    return await steps.reschedule(transaction, operation, booking=input.booking, change=change(input))


async def _booking_cancel(transaction: Transaction, operation: str, input: BookingCancelInput) -> Work:
    return await steps.cancel(
        transaction,
        operation,
        booking=input.booking,
        reason=input.reason,
        accept_deduction=input.accept_deduction,
    )


async def _booking_rate(transaction: Transaction, operation: str, input: BookingRateInput) -> Work:
    return await steps.rate(transaction, operation, booking=input.booking, score=input.score, comment=input.comment)


async def _booking_check_in(transaction: Transaction, operation: str, input: BookingCheckInInput) -> Work:
    return await steps.check_in(
        transaction,
        operation,
        booking=input.booking,
        client_is_late=input.client_is_late,
        client_expected_at=input.client_expected_at,
    )


async def _booking_check_out(transaction: Transaction, operation: str, input: BookingCheckOutInput) -> Work:
    return await steps.check_out(transaction, operation, booking=input.booking, is_accompanied=input.is_accompanied)


async def _booking_follow_up_record(
    transaction: Transaction, operation: str, input: BookingFollowUpRecordInput
) -> Work:
    return await steps.follow_up(transaction, operation, booking=input.booking, note=input.note)


async def _booking_no_show_record(transaction: Transaction, operation: str, input: BookingNoShowRecordInput) -> Work:
    restriction = input.restriction.value if input.restriction else None
    return await steps.no_show(
        transaction,
        operation,
        booking=input.booking,
        cause=input.cause.value,
        note=input.note,
        strikes=steps.Consequences(input.fee, restriction),
    )


async def _booking_deduction_propose(
    transaction: Transaction, operation: str, input: BookingDeductionProposeInput
) -> Work:
    return await steps.propose_deduction(
        transaction,
        operation,
        booking=input.booking,
        reason=input.reason,
        evidence=input.evidence,
        cost_incurred=input.cost_incurred,
    )


async def _booking_deduction_decide(
    transaction: Transaction, operation: str, input: BookingDeductionDecideInput
) -> Work:
    return await steps.decide_deduction(
        transaction,
        operation,
        booking=input.booking,
        approve=input.decision is DeductionDecision.APPROVE,
        reason=input.reason,
    )


@strawberry.type
class BookingMutations:
    escort_book = mutation(EscortBookInput, payload("escortBook"), _escort_book, "预约陪诊。", "Book an escort.")
    booking_accept = mutation(
        BookingAcceptInput,
        payload("bookingAccept"),
        _booking_accept,
        "受理预约。",
        "Take a booking.",
        kinds=VENDORS_AND_STAFF,
    )
    booking_decline = mutation(
        BookingDeclineInput,
        payload("bookingDecline"),
        _booking_decline,
        "不受理或取消预约，权益退回客户。",
        "Decline or call off a booking; the use goes back to the client.",
        kinds=VENDORS_AND_STAFF,
    )
    booking_assign = mutation(
        BookingAssignInput,
        payload("bookingAssign"),
        _booking_assign,
        "安排服务人员；产品未指定服务商的，由员工指定服务商。",
        "Assign someone to a booking; staff name the vendor where the product names none.",
        kinds=VENDORS_AND_STAFF,
    )
    booking_confirm = mutation(
        BookingConfirmInput,
        payload("bookingConfirm"),
        _booking_confirm,
        "客户确认时间、地点与材料；服务商可记录电话中的确认。",
        "The client agrees to time, place and papers; a vendor may record what was said on the phone.",
    )
    booking_reschedule = mutation(
        BookingRescheduleInput,
        payload("bookingReschedule"),
        _booking_reschedule,
        "改期或改医院；全部规则按新的安排重新校验。",
        "Change time or place; every rule is asked again for the new visit.",
    )
    booking_cancel = mutation(
        BookingCancelInput, payload("bookingCancel"), _booking_cancel, "取消预约。", "Cancel a booking."
    )
    booking_rate = mutation(
        BookingRateInput,
        payload("bookingRate"),
        _booking_rate,
        "评价已完成的服务。",
        "Rate a completed service.",
        kinds=(ViewerKind.CUSTOMER,),
    )
    booking_check_in = mutation(
        BookingCheckInInput,
        payload("bookingCheckIn"),
        _booking_check_in,
        "到达并签到：陪诊人员、客户或采样人员。",
        "Arrival: of the escort, of the client at the hospital, or of who takes the sample.",
        kinds=VENDORS_AND_STAFF,
    )
    booking_check_out = mutation(
        BookingCheckOutInput,
        payload("bookingCheckOut"),
        _booking_check_out,
        "服务结束并签退。",
        "The service is over, and the escort checks out.",
        kinds=VENDORS,
    )
    booking_follow_up_record = mutation(
        BookingFollowUpRecordInput,
        payload("bookingFollowUpRecord"),
        _booking_follow_up_record,
        "记录回访，完成服务。",
        "Record the follow-up, which completes the service.",
        kinds=VENDORS_AND_STAFF,
    )
    booking_no_show_record = mutation(
        BookingNoShowRecordInput,
        payload("bookingNoShowRecord"),
        _booking_no_show_record,
        "记录未能成行及其原因。",
        "Record that the visit did not happen, and why.",
        kinds=VENDORS_AND_STAFF,
    )
    booking_deduction_propose = mutation(
        BookingDeductionProposeInput,
        payload("bookingDeductionPropose"),
        _booking_deduction_propose,
        "因客户当日变更，申请扣减次数；由保险公司决定。",
        "Ask that a change on the day count as used; the insurer decides.",
        kinds=VENDORS,
    )
    booking_deduction_decide = mutation(
        BookingDeductionDecideInput,
        payload("bookingDeductionDecide"),
        _booking_deduction_decide,
        "决定是否扣减次数。",
        "Decide a proposed deduction.",
        kinds=(ViewerKind.STAFF,),
    )
