"""Mutations of cards: a code to the phone, binding, the family, and reinstatement by staff."""

import datetime as dt
from enum import Enum

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.language import T
from gateway.resolvers import card_bindings, card_unbinding
from gateway.resolvers.card_bindings import Claimed
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.cards import Card
from gateway.schema.enums import Gender, IdType, word
from gateway.schema.mutations import KEY, mutation, of_subject, payload
from gateway.schema.verdicts import Outcome

POLICY = T("保单号。", "Policy number.")
NAME = T("被保险人姓名，与投保时一致。", "Name of the insured, as in the application.")
PHONE = T("投保时登记的手机号。", "Phone that was given in the application.")
ID_TYPE = T("证件类型，与投保时一致。", "Kind of identity paper, as in the application.")
ID_NUMBER = T("证件号码；只核对，不保存。", "Number of the paper; compared, not kept.")
BIRTH_ON = T("出生日期；身份证以外的证件须填。", "Birthday; needed with a paper other than an identity card.")
GENDER = T("性别；身份证以外的证件须填。", "Gender; needed with a paper other than an identity card.")


@strawberry.enum(description=T("被保险人与持卡人的关系。", "What the insured is to whoever holds the card."))
class FamilyRelation(Enum):
    SELF = word("SELF", "本人。", "The holder.")
    CHILD = word("CHILD", "子女。", "A child.")
    SPOUSE = word("SPOUSE", "配偶。", "The spouse.")
    PARENT = word("PARENT", "父母。", "A parent.")
    OTHER = word("OTHER", "其他家人。", "Another member of the family.")


@strawberry.input(description=T("向投保手机号发送绑卡验证码。", "Send a code to the phone of the application."))
class CardCodeSendInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY)
    name: str = strawberry.field(description=NAME)
    phone: str = strawberry.field(description=PHONE)


@strawberry.input(
    description=T(
        "绑卡：成长优享2023凭姓名、手机号与验证码，2026凭姓名与证件。",
        "Bind a card: under CY23 by name, phone and code, under CY26 by name and identity paper.",
    )
)
class CardBindInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY)
    name: str = strawberry.field(description=NAME)
    phone: str | None = strawberry.field(default=None, description=PHONE)
    code: str | None = strawberry.field(default=None, description=T("收到的验证码。", "The code that arrived."))
    id_type: IdType | None = strawberry.field(default=None, description=ID_TYPE)
    id_number: str | None = strawberry.field(default=None, description=ID_NUMBER)
    birth_on: dt.date | None = strawberry.field(default=None, description=BIRTH_ON)
    gender: Gender | None = strawberry.field(default=None, description=GENDER)


@strawberry.input(description=T("添加家庭成员并绑定其卡。", "Add a member of the family, and so bind the card."))
class FamilyMemberAddInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=POLICY)
    relation: FamilyRelation | None = strawberry.field(
        default=None, description=T("与本人的关系。", "What the insured is to you.")
    )
    name: str = strawberry.field(description=NAME)
    id_type: IdType | None = strawberry.field(default=None, description=ID_TYPE)
    id_number: str | None = strawberry.field(default=None, description=ID_NUMBER)
    birth_on: dt.date | None = strawberry.field(default=None, description=BIRTH_ON)
    gender: Gender | None = strawberry.field(default=None, description=GENDER)


@strawberry.input(description=T("恢复被停用的卡。", "Put a suspended card back into use."))
class CardReinstateInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    card: strawberry.ID = strawberry.field(description=T("卡的编号。", "Id of the card."))
    reason: str = strawberry.field(description=T("缘由。", "Why."))


@strawberry.input(description=T("解除绑定。", "Give a card up."))
class CardUnbindInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    card: strawberry.ID = strawberry.field(description=T("卡的编号。", "Id of the card."))
    reason: str | None = strawberry.field(default=None, description=T("缘由；员工必填。", "Why; staff have to say it."))


@strawberry.interface(description=T("关于一张卡的回答。", "Answer of a mutation about a card."))
class CardOutcome(Outcome):
    card: Card | None = of_subject(
        "Card", T("卡；被拒绝时为 null。", "The card; null when the request was refused."), "policy_id", "id"
    )


async def _send(transaction: Transaction, operation: str, input: CardCodeSendInput) -> Work:
    claimed = Claimed(input.policy_number, input.name, phone=input.phone)
    return await card_bindings.send_code(transaction, operation, claimed)


async def _bind(transaction: Transaction, operation: str, input: CardBindInput) -> Work:
    claimed = Claimed(
        input.policy_number,
        input.name,
        phone=input.phone,
        code=input.code,
        id_type=input.id_type.value if input.id_type else None,
        id_number=input.id_number,
        birth_on=input.birth_on,
        gender=input.gender.value if input.gender else None,
    )
    return await card_bindings.bind(transaction, operation, claimed)


async def _count(context: Context, input: CardBindInput) -> None:
    if input.code is not None:
        await card_bindings.count_attempt(context, input.policy_number)


async def _add(transaction: Transaction, operation: str, input: FamilyMemberAddInput) -> Work:
    claimed = Claimed(
        input.policy_number,
        input.name,
        relation=input.relation.value if input.relation else None,
        id_type=input.id_type.value if input.id_type else None,
        id_number=input.id_number,
        birth_on=input.birth_on,
        gender=input.gender.value if input.gender else None,
    )
    return await card_bindings.bind(transaction, operation, claimed)


async def _reinstate(transaction: Transaction, operation: str, input: CardReinstateInput) -> Work:
    return await card_bindings.reinstate(transaction, operation, card=input.card, reason=input.reason)


async def _unbind(transaction: Transaction, operation: str, input: CardUnbindInput) -> Work:
    return await card_unbinding.unbind(transaction, operation, card=input.card, reason=input.reason)


CUSTOMERS = (ViewerKind.CUSTOMER,)


@strawberry.type
class CardMutations:
    card_code_send = mutation(
        CardCodeSendInput,
        payload("cardCodeSend", CardOutcome),
        _send,
        "向投保时登记的手机号发送绑卡验证码。",
        "Send a code for binding to the phone that was given in the application.",
        scopes=("policies:read",),
        kinds=CUSTOMERS,
    )
    card_bind = mutation(
        CardBindInput,
        payload("cardBind", CardOutcome),
        _bind,
        "绑定被保险人的电子保险卡。",
        "Bind the card of an insured.",
        scopes=("policies:read",),
        kinds=CUSTOMERS,
        before=_count,
    )
    family_member_add = mutation(
        FamilyMemberAddInput,
        payload("familyMemberAdd", CardOutcome),
        _add,
        "添加家庭成员并绑定其卡。",
        "Add a member of the family, and so bind the card.",
        scopes=("policies:read",),
        kinds=CUSTOMERS,
    )
    card_unbind = mutation(
        CardUnbindInput,
        payload("cardUnbind", CardOutcome),
        _unbind,
        "解除绑定：客户只解除自己的，员工解除所有人的。",
        "Give a card up: clients for themselves, staff for everybody who holds it.",
        scopes=("policies:read",),
        kinds=(ViewerKind.CUSTOMER, ViewerKind.STAFF),
    )
    card_reinstate = mutation(
        CardReinstateInput,
        payload("cardReinstate", CardOutcome),
        _reinstate,
        "恢复被停用的卡。",
        "Put a suspended card back into use.",
        scopes=("bills:write",),
        kinds=(ViewerKind.STAFF,),
    )
