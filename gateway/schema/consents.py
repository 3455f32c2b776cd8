"""Consents: what somebody has agreed to, by the text that was shown."""

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.execution.declare import SqlType, column, enum_column, global_id, sql_type, to_one
from gateway.language import T
from gateway.resolvers import consents
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.consents import ConsentRequest
from gateway.schema.enums import word
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.nodes import Node
from gateway.schema.vendors import Vendor
from gateway.schema.verdicts import Outcome
from models.consents import Consent as ConsentRows

if TYPE_CHECKING:
    from gateway.schema.people import Person

SCOPES = ("documents:write",)


@strawberry.enum(description=T("同意的事项。", "What is agreed to."))
class ConsentKind(Enum):
    SENSITIVE_DATA = word("SENSITIVE_DATA", "处理敏感个人信息。", "Handling of sensitive personal data.")
    VENDOR_SHARING = word("VENDOR_SHARING", "向某服务商提供。", "Sharing with one vendor.")
    THIRD_PARTY_SHARING = word("THIRD_PARTY_SHARING", "向其他第三方提供。", "Sharing with another third party.")
    REPORT_SHARING = word("REPORT_SHARING", "共享检测报告。", "Sharing of test reports.")
    CROSS_BORDER = word("CROSS_BORDER", "向境外提供。", "Sending data abroad.")


@strawberry.enum(description=T("由谁表示同意。", "Who agreed."))
class ConsentGiver(Enum):
    INSURED = word("INSURED", "被保险人本人。", "The insured.")
    GUARDIAN = word("GUARDIAN", "监护人。", "A guardian.")
    AGENT = word("AGENT", "受托人。", "An agent with papers.")


@sql_type(
    ConsentRows,
    T("对一项个人信息用途的同意。", "Agreement to one use of personal data."),
    prefix=consents.PREFIX,
    id_columns=("policy_id", "id"),
    scope="policies:read",
)
class Consent(SqlType, Node):
    id: strawberry.ID = global_id(consents.PREFIX, "policy_id", "id")
    kind: ConsentKind = enum_column("kind", ConsentKind, T("事项。", "What is agreed to."))
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("所涉被保险人。", "The insured whose data it is."), policy_id="policy_id", id="insured_id"
    )
    recipient: str = column(
        "recipient",
        T(
            "接收方：服务商代码或名称；没有则为空。",
            "Who receives it: a vendor's code, or a name; empty where nobody does.",
        ),
    )
    vendor: Vendor | None = to_one("Vendor", T("接收的服务商。", "The vendor that receives it."), code="recipient")
    recipient_contact: str | None = column("recipient_contact", T("接收方联系方式。", "Contact of the recipient."))
    purpose: str = column("purpose", T("用途。", "What for."), sensitive=True)
    method: str | None = column("method", T("处理方式。", "In which way."), sensitive=True)
    data_kinds: list[str] = column("data_kinds", T("信息种类。", "Kinds of data."), sensitive=True)
    given_by: ConsentGiver = enum_column("given_by", ConsentGiver, T("由谁同意。", "Who agreed."))
    text_version: str = column("text_version", T("所示文本的版本。", "Version of the text that was shown."))
    text_sha256: str = column("text_sha256", T("所示文本的 SHA-256。", "SHA-256 of the text that was shown."))
    granted_at: dt.datetime = column("granted_at", T("同意时刻。", "When it was given."))
    withdrawn_at: dt.datetime | None = column(
        "withdrawn_at", T("撤回时刻；未撤回为空。", "When it was withdrawn; null while it stands.")
    )


@strawberry.input(description=T("表示同意。", "A consent to be given."))
class ConsentGrantInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=T("保单号。", "Policy number."))
    insured: strawberry.ID = strawberry.field(
        description=T(
            "所涉被保险人（`Policy.insured` 的 id）。", "The insured whose data it is, by the id in `Policy.insured`."
        )
    )
    kind: ConsentKind = strawberry.field(description=T("事项。", "What is agreed to."))
    vendor: str | None = strawberry.field(
        default=None,
        description=T(
            "接收的服务商代码；VENDOR_SHARING 必填。", "Code of the vendor that receives it; VENDOR_SHARING needs it."
        ),
    )
    recipient: str | None = strawberry.field(
        default=None, description=T("其他接收方的名称。", "Name of another recipient.")
    )
    recipient_contact: str | None = strawberry.field(
        default=None,
        description=T("接收方联系方式；出境必填。", "Contact of the recipient; data sent abroad needs it."),
    )
    purpose: str = strawberry.field(description=T("用途，1–60 字。", "What for, in 1 to 60 characters."))
    method: str | None = strawberry.field(
        default=None, description=T("处理方式；出境必填。", "In which way; data sent abroad needs it.")
    )
    data_kinds: list[str] = strawberry.field(default_factory=list, description=T("信息种类。", "Kinds of data."))
    text_version: str = strawberry.field(description=T("所示文本的版本。", "Version of the text that was shown."))
    text_sha256: str = strawberry.field(
        description=T("所示文本（UTF-8）的 SHA-256。", "SHA-256 of the text that was shown, in UTF-8.")
    )


@strawberry.input(description=T("撤回同意。", "A consent to be withdrawn."))
class ConsentWithdrawInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    consent: strawberry.ID = strawberry.field(description=T("要撤回的同意。", "The consent."))


@strawberry.type(description=T("表示同意的结果。", "Answer to giving a consent."))
class ConsentGrantPayload(Outcome):
    consent: Consent | None = of_subject("Consent", T("所作的同意。", "The consent."), "policy_id", "id")


@strawberry.type(description=T("撤回同意的结果。", "Answer to withdrawing a consent."))
class ConsentWithdrawPayload(Outcome):
    consent: Consent | None = of_subject("Consent", T("所撤回的同意。", "The consent."), "policy_id", "id")


async def _grant(transaction: Transaction, operation: str, input: ConsentGrantInput) -> Work:
    request = ConsentRequest(
        policy_number=input.policy_number,
        insured=input.insured,
        kind=input.kind.value,
        vendor=input.vendor,
        recipient=input.recipient,
        recipient_contact=input.recipient_contact,
        purpose=input.purpose,
        method=input.method,
        data_kinds=tuple(input.data_kinds),
        text_version=input.text_version,
        text_sha256=input.text_sha256,
    )
    return await consents.grant(transaction, operation, request)


async def _withdraw(transaction: Transaction, operation: str, input: ConsentWithdrawInput) -> Work:
    return await consents.withdraw(transaction, operation, consent=input.consent)


@strawberry.type
class ConsentMutations:
    consent_grant = mutation(
        ConsentGrantInput,
        ConsentGrantPayload,
        _grant,
        "同意一项个人信息用途；对同一事项再次同意即替换前一次。十四周岁以下由监护人同意。",
        "Agree to one use of personal data, in place of an earlier time. A guardian agrees for children under 14.",
        scopes=SCOPES,
        kinds=(ViewerKind.CUSTOMER,),
    )
    consent_withdraw = mutation(
        ConsentWithdrawInput,
        ConsentWithdrawPayload,
        _withdraw,
        "撤回同意，立即生效；此前依其所作的处理不受影响。",
        "Withdraw a consent, at once; what was done under it before stays done.",
        scopes=SCOPES,
        kinds=(ViewerKind.CUSTOMER,),
    )
