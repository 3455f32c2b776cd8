"""Who asks, and the policies that they may see."""

import datetime as dt

import strawberry
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from strawberry.types import Info

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    lookup,
)
from gateway.execution.forms import Embedded, declared, told
from gateway.language import Language, T
from gateway.schema.enums import ViewerKind as ViewerKindWord
from gateway.schema.policies import CREATED, Policy, PolicyFilter
from gateway.schema.tellings import constant, now
from gateway.schema.work_queue import WorkItem, work_queue


@strawberry.type(description=T("请求者。", "The one who asks."))
class Viewer:
    @strawberry.field(
        description=T("身份。", "What kind of viewer."),
        metadata=told(lambda _row, scope: constant(scope.sight.kind.value)),
    )
    def kind(self, info: Info) -> ViewerKindWord:
        return ViewerKindWord(info.context.viewer.kind.value)

    @strawberry.field(
        description=T("名称。", "Name."),
        metadata=told(lambda _row, scope: scope.bind(Text, lambda context: context.viewer.name)),
    )
    def name(self, info: Info) -> str:
        return info.context.viewer.name

    @strawberry.field(
        description=T("令牌所含的权限。", "Scopes that the token carries."),
        metadata=told(lambda _row, scope: scope.bind(ARRAY(Text), lambda context: sorted(context.viewer.scopes))),
    )
    def scopes(self, info: Info) -> list[str]:
        return sorted(info.context.viewer.scopes)

    @strawberry.field(
        description=T("本次请求的语言。", "Language of this request."),
        metadata=told(lambda _row, scope: constant(Language(scope.language).name)),
    )
    def language(self, info: Info) -> Language:
        return Language(info.context.language)

    @strawberry.field(
        description=T("本次请求的时钟。", "Clock of this request."), metadata=told(lambda _row, scope: now(scope))
    )
    def now(self, info: Info) -> dt.datetime:
        return info.context.now

    @strawberry.field(
        description=T("服务商代码。", "Code of the vendor, for a vendor."),
        metadata=told(lambda _row, scope: scope.bind(Text, lambda context: context.viewer.vendor)),
    )
    def vendor(self, info: Info) -> str | None:
        return info.context.viewer.vendor

    policies: Connection[Policy] | None = connection(
        "Policy",
        T("可见的保单，新的在前。", "Policies that the viewer may see, newest first."),
        of=Policy,
        orders=CREATED,
        where=PolicyFilter,
        scope="policies:read",
    )
    work_queue: Connection[WorkItem] | None = work_queue()


@strawberry.type
class PolicyQueries:
    @strawberry.field(
        description=T("请求者是谁、能看什么。", "Who asks, and what the token allows."),
        metadata=declared(Embedded("Viewer")),
    )
    def viewer(self, info: Info) -> Viewer:
        return Viewer()

    policies: Connection[Policy] = connection(
        "Policy",
        T("可见的保单，新的在前。", "Policies that the viewer may see, newest first."),
        of=Policy,
        orders=CREATED,
        where=PolicyFilter,
        scope="policies:read",
    )
    policy: Policy | None = lookup(
        "Policy",
        T(
            "按保单号查保单；不存在或无权查看时均为 null。",
            "A policy by its number. Null both when there is none and when it is not yours.",
        ),
        scope="policies:read",
        number=("number", str, T("保单号。", "Policy number.")),
    )
