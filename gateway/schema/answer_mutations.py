"""Mutations by which customer service answers messages and complaints, and lifts restrictions."""

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import answers, restrictions
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.messages import Complaint, Message
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.restrictions import Restriction
from gateway.schema.verdicts import Outcome

STAFF = (ViewerKind.STAFF,)
ANSWER = T("答复的内容。", "The answer.")


@strawberry.input(description=T("答复留言。", "An answer to a message."))
class MessageAnswerInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    message: strawberry.ID = strawberry.field(description=T("留言的编号。", "Id of the message."))
    content: str = strawberry.field(description=ANSWER)


@strawberry.input(description=T("答复投诉。", "An answer to a complaint."))
class ComplaintAnswerInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    complaint: strawberry.ID = strawberry.field(description=T("投诉的编号。", "Id of the complaint."))
    content: str = strawberry.field(description=ANSWER)
    is_final: bool = strawberry.field(
        default=True,
        description=T("是否最终答复；否则仍在处理中。", "Whether it is the last word; else it stays in review."),
    )


@strawberry.input(description=T("解除失约后的限制。", "A restriction to be lifted."))
class VisitRestrictionLiftInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    restriction: strawberry.ID = strawberry.field(
        description=T("限制的编号，见 `Policy.restrictions`。", "Its id; see `Policy.restrictions`.")
    )
    reason: str = strawberry.field(description=T("理由。", "Why."))


@strawberry.type(description=T("messageAnswer 的回答。", "Answer of messageAnswer."))
class MessageAnswerPayload(Outcome):
    message: Message | None = of_subject("Message", T("留言。", "The message."), "policy_id", "id")


@strawberry.type(description=T("complaintAnswer 的回答。", "Answer of complaintAnswer."))
class ComplaintAnswerPayload(Outcome):
    complaint: Complaint | None = of_subject("Complaint", T("投诉。", "The complaint."), "policy_id", "id")


@strawberry.type(description=T("visitRestrictionLift 的回答。", "Answer of visitRestrictionLift."))
class VisitRestrictionLiftPayload(Outcome):
    restriction: Restriction | None = of_subject("Restriction", T("限制。", "The restriction."), "policy_id", "id")


async def _answer(transaction: Transaction, operation: str, input: MessageAnswerInput) -> Work:
    return await answers.answer_message(transaction, operation, message=input.message, content=input.content)


async def _answer_complaint(transaction: Transaction, operation: str, input: ComplaintAnswerInput) -> Work:
    return await answers.answer_complaint(
        transaction, operation, complaint=input.complaint, content=input.content, is_final=input.is_final
    )


async def _lift(transaction: Transaction, operation: str, input: VisitRestrictionLiftInput) -> Work:
    return await restrictions.lift(transaction, operation, restriction=input.restriction, reason=input.reason)


@strawberry.type
class AnswerMutations:
    message_answer = mutation(
        MessageAnswerInput, MessageAnswerPayload, _answer, "答复客户的留言。", "Answer a client's message.", kinds=STAFF
    )
    complaint_answer = mutation(
        ComplaintAnswerInput,
        ComplaintAnswerPayload,
        _answer_complaint,
        "答复投诉；在所涉预约中经手过的人不得答复。",
        "Answer a complaint; not for somebody who took a step in the booking that it is about.",
        kinds=STAFF,
    )
    visit_restriction_lift = mutation(
        VisitRestrictionLiftInput,
        VisitRestrictionLiftPayload,
        _lift,
        "解除失约后的限制；医院自己的限制，凭医院的意思解除。",
        "Lift what a client was shut out from; a hospital's own decision, at the hospital's word.",
        kinds=STAFF,
    )
