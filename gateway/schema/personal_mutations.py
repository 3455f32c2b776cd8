"""Showing hidden personal data in full, for a purpose that is noted."""

from enum import Enum
from typing import Any

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution.declare import from_python
from gateway.language import T
from gateway.resolvers import unmasking
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.unmasking import UnmaskRequest
from gateway.schema.enums import word
from gateway.schema.mutations import KEY, mutation
from gateway.schema.verdicts import Outcome


@strawberry.enum(description=T("平时隐去的个人信息。", "Personal data that is hidden elsewhere."))
class PersonalField(Enum):
    ID_NUMBER = word("ID_NUMBER", "人员的证件号码。", "Number of a person's identity paper.")
    PHONE = word("PHONE", "人员或留言的电话。", "Phone of a person, or of a message.")
    PATIENT_PHONE = word("PATIENT_PHONE", "预约中就诊人的电话。", "Phone of a booking's patient.")
    COMPANION_PHONE = word("COMPANION_PHONE", "预约中陪同人的电话。", "Phone of a booking's companion.")
    CLIENT_PHONE = word(
        "CLIENT_PHONE", "咨询、点诊、检测预约中客户的电话。", "Phone of a client who is called, or tested at home."
    )
    TEST_ADDRESS = word("TEST_ADDRESS", "上门检测的地址。", "Address of a test at home.")
    DELIVERY_ADDRESS = word("DELIVERY_ADDRESS", "购药单的送药地址。", "Address that a drug is brought to.")
    DELIVERY_PHONE = word("DELIVERY_PHONE", "购药单的电话。", "Phone of an order of a drug.")
    BANK_ACCOUNT = word("BANK_ACCOUNT", "理赔的收款账号。", "Account that a claim is paid to.")


@strawberry.enum(description=T("显示个人信息的目的。", "Why personal data is shown."))
class UnmaskPurpose(Enum):
    IDENTITY_CHECK = word("IDENTITY_CHECK", "核对身份。", "To check who somebody is.")
    CLIENT_CONTACT = word("CLIENT_CONTACT", "联系客户。", "To reach the client.")
    EMERGENCY = word("EMERGENCY", "紧急情况。", "In an emergency.")
    CLAIM_PAYMENT = word("CLAIM_PAYMENT", "支付理赔款。", "To pay a claim.")
    COMPLAINT = word("COMPLAINT", "处理投诉。", "To handle a complaint.")
    LEGAL_ORDER = word("LEGAL_ORDER", "依法提供。", "Because an authority demands it by law.")
    DATA_SUBJECT_REQUEST = word("DATA_SUBJECT_REQUEST", "本人要求。", "Because the person asked for it.")


@strawberry.input(description=T("完整显示个人信息。", "Personal data to be shown in full."))
class PersonalDataUnmaskInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    subject: strawberry.ID = strawberry.field(
        description=T("人员、预约、理赔或留言的 id。", "Id of a person, a booking, a claim or a message.")
    )
    fields: list[PersonalField] = strawberry.field(description=T("要显示的项目。", "What to show."))
    purpose: UnmaskPurpose = strawberry.field(description=T("目的。", "Why."))
    note: str = strawberry.field(
        description=T("说明，写入审计，请勿写入个人信息。", "Note for the audit trail; write no personal data into it.")
    )
    on_behalf_of: str | None = strawberry.field(
        default=None, description=T("代何人提出。", "On whose behalf it is asked.")
    )


@strawberry.type(description=T("一项完整的个人信息。", "One item of personal data, in full."))
class UnmaskedValue:
    field: PersonalField = strawberry.field(description=T("项目。", "Which it is."))
    value: str = strawberry.field(description=T("完整的值。", "The value, in full."))


def _values(payload: Any, _context: Context) -> list[UnmaskedValue]:
    subject = payload.result.subject
    if not isinstance(subject, Subject) or payload.result.is_dry_run:
        return []
    return [UnmaskedValue(field=PersonalField(field), value=value) for field, value in subject.shown.items()]


@strawberry.type(description=T("完整显示个人信息的结果。", "Answer to showing personal data."))
class PersonalDataUnmaskPayload(Outcome):
    values: list[UnmaskedValue] = from_python(
        _values,
        T(
            "完整的值，仅显示这一次；重放或试运行时为空。",
            "The values, shown this once; empty in a replay and in a dry run.",
        ),
    )


@strawberry.input(description=T("服务商查看其预约的联系方式。", "A vendor's look at how to reach its client."))
class BookingContactShowInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    booking: strawberry.ID = strawberry.field(description=T("预约的编号。", "Id of the booking."))
    note: str | None = strawberry.field(
        default=None,
        description=T(
            "说明，写入审计，请勿写入个人信息。", "Note for the audit trail; write no personal data into it."
        ),
    )


@strawberry.type(description=T("bookingContactShow 的回答。", "Answer of bookingContactShow."))
class BookingContactShowPayload(Outcome):
    values: list[UnmaskedValue] = from_python(
        _values,
        T(
            "该预约所留的电话与地址，仅显示这一次；重放或试运行时为空。",
            "Phones and addresses of the booking, shown this once; empty in a replay and in a dry run.",
        ),
    )


async def _show(transaction: Transaction, operation: str, input: BookingContactShowInput) -> Work:
    return await unmasking.show_contact(transaction, operation, booking=input.booking, note=input.note)


async def _unmask(transaction: Transaction, operation: str, input: PersonalDataUnmaskInput) -> Work:
    request = UnmaskRequest(
        subject=input.subject,
        fields=tuple(field.value for field in input.fields),
        purpose=input.purpose.value,
        note=input.note,
        on_behalf_of=input.on_behalf_of,
    )
    return await unmasking.unmask(transaction, operation, request)


@strawberry.type
class PersonalMutations:
    personal_data_unmask = mutation(
        PersonalDataUnmaskInput,
        PersonalDataUnmaskPayload,
        _unmask,
        "完整显示隐去的个人信息；每次都记入审计，每人每日次数有限。",
        "Show hidden personal data in full; each time is noted, and a person may do so only so often a day.",
        scopes=("personal:unmask",),
        kinds=(ViewerKind.STAFF,),
    )
    booking_contact_show = mutation(
        BookingContactShowInput,
        BookingContactShowPayload,
        _show,
        "查看自己正在履行的预约所留的电话与地址，以便联系客户或上门、送药；每次都记入审计，预约结束后不再提供。",
        "Show the phones and addresses of a booking that one is serving, so as to reach the client or bring something; "
        "each time is noted, and none is shown once the booking has ended.",
        kinds=(ViewerKind.VENDOR,),
    )
