"""What can be done next with a booking."""

from typing import Any

from sqlalchemy import Text, case, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from strawberry.types import Info

from gateway.execution.forms import Scope
from gateway.repositories import lifecycles as lifecycle_sql
from gateway.resolvers import booking_steps
from gateway.resolvers.bookings import ROLES

MUTATIONS = {
    "accept": "bookingAccept",
    "decline": "bookingDecline",
    "assign": "bookingAssign",
    "confirm": "bookingConfirm",
    "reschedule": "bookingReschedule",
    "cancel": "bookingCancel",
    "checkIn": "bookingCheckIn",
    "checkOut": "bookingCheckOut",
    "followUp": "bookingFollowUpRecord",
    "noShow": "bookingNoShowRecord",
    "rate": "bookingRate",
    "proposeDeduction": "bookingDeductionPropose",
    "decideDeduction": "bookingDeductionDecide",
    "reply": "consultationReply",
    "ask": "consultationReply",
    "close": "consultationClose",
    # visits that are billed directly, and tests at home
    "complete": "bookingComplete",
    "terminate": "bookingTerminate",
    "share": "testReportShare",
    # calls with an expert
    "attemptCall": "bookingCallAttemptRecord",
    # green channels
    "review": "bookingReview",
    "contact": "bookingFollowUpRecord",
    # second opinions
    "proposeHospitals": "secondOpinionHospitalsPropose",
    "selectHospital": "secondOpinionHospitalSelect",
    "submitDocuments": "secondOpinionDocumentsSubmit",
    **dict.fromkeys(booking_steps.STAGE_COMMANDS, "secondOpinionStageAdvance"),
    # listed drugs
    "reviewPrescription": "drugPrescriptionReview",
    "issueVoucher": "drugVoucherIssue",
    "chooseFulfillment": "drugFulfillmentChoose",
    "confirmDelivery": "drugDeliveryConfirm",
    "reportDamage": "drugDamageReport",
    "decideDamage": "drugDamageDecide",
    "attach": "bookingDocumentsAttach",
}
"""Command of the lifecycle → the mutation that sends it."""


def actions(root: Any, info: Info) -> list[str]:
    role = ROLES.get(info.context.viewer.kind)
    if role is None:
        return []
    commands = info.context.services.lifecycles.commands(root["machine"], root["state"], role)
    return [MUTATIONS[command] for command in commands]


def actions_sql(row: Any, scope: Scope) -> Any:
    role = ROLES.get(scope.sight.kind)
    commands = lifecycle_sql.commands(row, role or "").subquery()
    return func.array(select(case(MUTATIONS, value=commands.c.command)).scalar_subquery(), type_=ARRAY(Text))
