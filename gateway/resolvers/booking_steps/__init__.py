"""Steps of a booking after it was asked for: by the client, by the vendor's people and by staff."""

from gateway.resolvers.booking_steps.admitting import Admission
from gateway.resolvers.booking_steps.advising import COMMANDS as STAGE_COMMANDS
from gateway.resolvers.booking_steps.advising import Papers, Proposal, Stage, advance, propose, select, submit
from gateway.resolvers.booking_steps.answering import Answer, Call, Doctor, close, reply
from gateway.resolvers.booking_steps.arranging import Assignment, accept, assign, decline
from gateway.resolvers.booking_steps.attaching import attach
from gateway.resolvers.booking_steps.calling import CallAttempt, attempt_call
from gateway.resolvers.booking_steps.cancelling import Quote, cancel, cancellation_quote
from gateway.resolvers.booking_steps.confirming import confirm, rate
from gateway.resolvers.booking_steps.deducting import decide_deduction, propose_deduction
from gateway.resolvers.booking_steps.ending import complete, terminate
from gateway.resolvers.booking_steps.excusing import excuse
from gateway.resolvers.booking_steps.rescheduling import Change, reschedule
from gateway.resolvers.booking_steps.reviewing import review
from gateway.resolvers.booking_steps.strikes import Consequences
from gateway.resolvers.booking_steps.visiting import check_in, check_out, follow_up, no_show

__all__ = [
    "STAGE_COMMANDS",
    "Admission",
    "Answer",
    "Assignment",
    "Call",
    "CallAttempt",
    "Change",
    "Consequences",
    "Doctor",
    "Papers",
    "Proposal",
    "Quote",
    "Stage",
    "accept",
    "advance",
    "assign",
    "attach",
    "attempt_call",
    "cancel",
    "cancellation_quote",
    "check_in",
    "check_out",
    "close",
    "complete",
    "confirm",
    "decide_deduction",
    "decline",
    "excuse",
    "follow_up",
    "no_show",
    "propose",
    "propose_deduction",
    "rate",
    "reply",
    "reschedule",
    "review",
    "select",
    "submit",
    "terminate",
]
