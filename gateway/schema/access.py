"""Access to policies: who else may act, as the identity provider knows them."""

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.execution.declare import SqlType, column, enum_column, global_id, sql_type, to_many, to_one
from gateway.language import T
from gateway.resolvers import access
from gateway.resolvers.access import AccessRequest
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.documents import Document
from gateway.schema.enums import word
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.nodes import Node
from gateway.schema.verdicts import Outcome
from models.policies import PolicyGrant as GrantRows

if TYPE_CHECKING:
    from gateway.schema.people import Person

SCOPES = ("documents:write",)
KINDS = (ViewerKind.CUSTOMER, ViewerKind.STAFF)


@strawberry.enum(description=T("某人在保单上的身份。", "What somebody is on a policy."))
class AccessRole(Enum):
    HOLDER = word("HOLDER", "投保人。", "The policyholder.")
    INSURED = word("INSURED", "成年被保险人本人。", "An insured who is of age.")
    GUARDIAN = word(
        "GUARDIAN", "未成年被保险人的监护人，至其十八周岁生日止。", "Guardian of a minor, until the 18th birthday."
    )
    AGENT = word("AGENT", "持委托材料的受托人。", "An agent with papers.")


@sql_type(
    GrantRows,
    T("某人对保单的访问权。", "Somebody's access to a policy."),
    prefix=access.PREFIX,
    id_columns=("policy_id", "id"),
    scope="policies:read",
)
class PolicyAccess(SqlType, Node):
    id: strawberry.ID = global_id(access.PREFIX, "policy_id", "id")
    issuer: str = column("issuer", T("身份提供方。", "The identity provider."))
    subject: str = column("subject", T("其在身份提供方的标识。", "Who it is, as the provider says."))
    role: AccessRole = enum_column("role", AccessRole, T("身份。", "What they are."))
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person",
        T("仅及的被保险人；空为整张保单。", "The only insured that it is about; null: the whole policy."),
        policy_id="policy_id",
        id="insured_id",
    )
    papers: list[Document] = to_many(
        "Document",
        ["created_at", "id"],
        T("所凭材料。", "Papers that it rests on."),
        policy_id="policy_id",
        subject_id="id",
    )
    valid_until: dt.datetime | None = column(
        "valid_until", T("有效至；空为直至撤销。", "When it ends; null: once it is revoked.")
    )
    created_at: dt.datetime = column("created_at", T("授予时刻。", "When it was given."))
    revoked_at: dt.datetime | None = column("revoked_at", T("撤销时刻。", "When it was revoked."))


@strawberry.input(description=T("授予访问权。", "An access to be given."))
class AccessGrantInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=T("保单号。", "Policy number."))
    issuer: str = strawberry.field(
        description=T("身份提供方（令牌的 iss）。", "The identity provider, `iss` of its tokens.")
    )
    subject: str = strawberry.field(description=T("其在身份提供方的标识。", "Who it is, as the provider says."))
    role: AccessRole = strawberry.field(description=T("身份。", "What they are."))
    insured: strawberry.ID | None = strawberry.field(
        default=None,
        description=T(
            "所涉被保险人；INSURED、GUARDIAN 必填。",
            "The insured that it is about; INSURED and GUARDIAN need it, an AGENT may have it.",
        ),
    )
    valid_until: dt.datetime | None = strawberry.field(
        default=None, description=T("有效至；AGENT 必填。", "When it ends; an AGENT needs it.")
    )
    papers: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description=T(
            "所凭材料；AGENT 须有受托人身份证明和授权委托书。",
            "Papers that it rests on; an AGENT brings AGENT_ID and POWER_OF_ATTORNEY.",
        ),
    )


@strawberry.input(description=T("撤销访问权。", "An access to be revoked."))
class AccessRevokeInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    access: strawberry.ID = strawberry.field(description=T("要撤销的访问权。", "The access."))


@strawberry.type(description=T("授予访问权的结果。", "Answer to giving access."))
class AccessGrantPayload(Outcome):
    access: PolicyAccess | None = of_subject("PolicyAccess", T("所授予的访问权。", "The access."), "policy_id", "id")


@strawberry.type(description=T("撤销访问权的结果。", "Answer to revoking access."))
class AccessRevokePayload(Outcome):
    access: PolicyAccess | None = of_subject("PolicyAccess", T("所撤销的访问权。", "The access."), "policy_id", "id")


async def _grant(transaction: Transaction, operation: str, input: AccessGrantInput) -> Work:
    request = AccessRequest(
        policy_number=input.policy_number,
        issuer=input.issuer,
        subject=input.subject,
        role=input.role.value,
        insured=input.insured,
        valid_until=input.valid_until,
        papers=tuple(input.papers),
    )
    return await access.grant(transaction, operation, request)


async def _revoke(transaction: Transaction, operation: str, input: AccessRevokeInput) -> Work:
    return await access.revoke(transaction, operation, access=input.access)


@strawberry.type
class AccessMutations:
    access_grant = mutation(
        AccessGrantInput,
        AccessGrantPayload,
        _grant,
        "让某人可以就保单或其中一位被保险人行事，立即生效；客户须为投保人。",
        "Let somebody act on a policy or for one insured of it, at once; a customer must be its holder.",
        scopes=SCOPES,
        kinds=KINDS,
    )
    access_revoke = mutation(
        AccessRevokeInput,
        AccessRevokePayload,
        _revoke,
        "撤销访问权，自下一次请求起失效；客户须为投保人。",
        "Revoke an access, from the next request on; a customer must be the policy's holder.",
        scopes=SCOPES,
        kinds=KINDS,
    )
