"""Tokens of vendors, and the mutations of the administrator who hands them out."""

import datetime as dt
from typing import Any

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution.declare import SqlType, column, enum_list_column, from_python, global_id, sql_type
from gateway.language import T
from gateway.resolvers import tokens
from gateway.resolvers.commands import Reference, Transaction, Work
from gateway.resolvers.tokens import ID_PREFIX, OVERLAP_HOURS, TokenRequest
from gateway.schema.enums import ProductCode, ServiceKind
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.nodes import Node
from gateway.schema.verdicts import Outcome
from models.tokens import VendorToken as TokenRows

SCOPES = ("tokens:admin",)
EXPIRES_AT = T(
    "到期时刻，至多 731 天后；缺省为 365 天后。", "When it ends, at most 731 days from now; by default in 365 days."
)


@sql_type(
    TokenRows,
    T("服务商的令牌。密文只在签发时显示一次。", "A vendor's token. Its secret is shown once, when it is issued."),
    prefix=ID_PREFIX,
    scope=SCOPES[0],
)
class VendorToken(SqlType, Node):
    id: strawberry.ID = global_id(ID_PREFIX)
    name: str = column("name", T("名称，供人辨认。", "Name, for people to tell it by."))
    prefix: str = column(
        "prefix", T("密文开头，可公开显示。", "How the secret begins; the part of it that may be shown.")
    )
    vendor: str = column("vendor_code", T("服务商代码。", "Code of the vendor."))
    scopes: list[str] = column("scopes", T("权限。", "Scopes that it carries."))
    products: list[ProductCode] = enum_list_column(
        "products", ProductCode, T("适用的产品。", "Products that it covers.")
    )
    services: list[ServiceKind] = enum_list_column(
        "services",
        ServiceKind,
        T("适用的服务；空为服务商承担的全部。", "Services that it covers; empty: all that the vendor delivers."),
    )
    hospitals: list[str] = column(
        "hospital_codes",
        T("适用的医院代码；空为不限。", "Codes of the hospitals that it is bound to; empty: not bound."),
    )
    created_at: dt.datetime = column("created_at", T("签发时刻。", "When it was issued."))
    expires_at: dt.datetime = column("expires_at", T("到期时刻。", "When it ends."))
    last_used_at: dt.datetime | None = column(
        "last_used_at", T("最近使用时刻，精确到一分钟。", "When it was last used, to the minute.")
    )
    revoked_at: dt.datetime | None = column("revoked_at", T("撤销时刻。", "When it was revoked."))


@strawberry.input(description=T("签发服务商令牌。", "A token to be issued to a vendor."))
class VendorTokenIssueInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    vendor: str = strawberry.field(description=T("服务商代码。", "Code of the vendor."))
    name: str = strawberry.field(description=T("名称，供人辨认。", "Name, for people to tell it by."))
    scopes: list[str] = strawberry.field(
        description=T("权限，区分大小写。", "Scopes that it carries; letter case counts.")
    )
    products: list[ProductCode] = strawberry.field(
        description=T(
            "适用的产品，须在合同内。", "Products that it covers, of those that the vendor has contracts for."
        )
    )
    services: list[ServiceKind] = strawberry.field(
        default_factory=list,
        description=T("适用的服务；空为服务商承担的全部。", "Services that it covers; empty: all that it delivers."),
    )
    hospitals: list[str] = strawberry.field(
        default_factory=list,
        description=T("适用的医院代码；空为不限。", "Codes of hospitals that it is bound to; empty: not bound."),
    )
    expires_at: dt.datetime | None = strawberry.field(default=None, description=EXPIRES_AT)


@strawberry.input(description=T("轮换服务商令牌。", "A token to be rotated."))
class VendorTokenRotateInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    token: strawberry.ID = strawberry.field(description=T("旧令牌。", "The old token."))
    overlap_hours: int = strawberry.field(
        default=OVERLAP_HOURS,
        description=T(
            "新旧令牌同时有效的小时数，0–168。", "Hours in which both work, 0 to 168; then the old one ends."
        ),
    )
    expires_at: dt.datetime | None = strawberry.field(default=None, description=EXPIRES_AT)


@strawberry.input(description=T("撤销服务商令牌。", "A token to be revoked."))
class VendorTokenRevokeInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    token: strawberry.ID = strawberry.field(description=T("令牌。", "The token."))


def _secret(payload: Any, _context: Context) -> str | None:
    """That of a dry run would open nothing."""
    subject = payload.result.subject
    return subject.secret if isinstance(subject, Reference) and not payload.result.is_dry_run else None


SECRET = T(
    "密文，仅显示这一次；重放或试运行时为 null。",
    "The secret, shown this once; null in a replay and in a dry run.",
)
NEW = T("新令牌。", "The new token.")


@strawberry.type(description=T("签发令牌的结果。", "Answer to issuing a token."))
class VendorTokenIssuePayload(Outcome):
    token: VendorToken | None = of_subject("VendorToken", NEW, "id")
    secret: str | None = from_python(_secret, SECRET)


@strawberry.type(description=T("轮换令牌的结果。", "Answer to rotating a token."))
class VendorTokenRotatePayload(Outcome):
    token: VendorToken | None = of_subject("VendorToken", NEW, "id")
    secret: str | None = from_python(_secret, SECRET)


@strawberry.type(description=T("撤销令牌的结果。", "Answer to revoking a token."))
class VendorTokenRevokePayload(Outcome):
    token: VendorToken | None = of_subject("VendorToken", T("被撤销的令牌。", "The revoked token."), "id")


async def _issue(transaction: Transaction, operation: str, input: VendorTokenIssueInput) -> Work:
    request = TokenRequest(
        vendor=input.vendor,
        name=input.name,
        scopes=tuple(input.scopes),
        products=tuple(product.value for product in input.products),
        services=tuple(service.value for service in input.services),
        hospitals=tuple(input.hospitals),
        expires_at=input.expires_at,
    )
    return await tokens.issue(transaction, operation, request)


async def _rotate(transaction: Transaction, operation: str, input: VendorTokenRotateInput) -> Work:
    return await tokens.rotate(
        transaction,
        operation,
        token=input.token,
        overlap_hours=input.overlap_hours,
        expires_at=input.expires_at,
    )


async def _revoke(transaction: Transaction, operation: str, input: VendorTokenRevokeInput) -> Work:
    return await tokens.revoke(transaction, operation, token=input.token)


@strawberry.type
class TokenMutations:
    vendor_token_issue = mutation(
        VendorTokenIssueInput,
        VendorTokenIssuePayload,
        _issue,
        "为服务商签发令牌。",
        "Issue a token to a vendor.",
        scopes=SCOPES,
        kinds=(ViewerKind.STAFF,),
    )
    vendor_token_rotate = mutation(
        VendorTokenRotateInput,
        VendorTokenRotatePayload,
        _rotate,
        "以新令牌接替旧令牌，旧令牌在重叠期后失效。",
        "Replace a token by a new one that covers the same; the old one ends after the overlap.",
        scopes=SCOPES,
        kinds=(ViewerKind.STAFF,),
    )
    vendor_token_revoke = mutation(
        VendorTokenRevokeInput,
        VendorTokenRevokePayload,
        _revoke,
        "撤销令牌，立即生效。",
        "Revoke a token; it opens nothing from the next request on.",
        scopes=SCOPES,
        kinds=(ViewerKind.STAFF,),
    )
