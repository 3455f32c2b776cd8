"""Publishing an announcement."""

import datetime as dt

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import notices
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.enums import ProductCode, ServiceKind
from gateway.schema.mutations import KEY, mutation, of_subject
from gateway.schema.notices import Notice
from gateway.schema.verdicts import Outcome


@strawberry.input(description=T("发布公告。", "An announcement to be published."))
class NoticePublishInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    product: ProductCode | None = strawberry.field(
        default=None, description=T("所涉产品；不填则涉及全部。", "The product concerned; left out: all of them.")
    )
    service: ServiceKind | None = strawberry.field(
        default=None,
        description=T(
            "所属的服务，如健康讲座、健康资讯；须同时指明有此服务的产品。",
            "The service that it belongs to, such as lectures or health tips; of a product that has it.",
        ),
    )
    title_zh: str = strawberry.field(description=T("中文标题。", "Title in Chinese."))
    title_en: str = strawberry.field(description=T("英文标题。", "Title in English."))
    body_zh: str = strawberry.field(description=T("中文内容。", "Text in Chinese."))
    body_en: str = strawberry.field(description=T("英文内容。", "Text in English."))
    url: str | None = strawberry.field(
        default=None, description=T("官方链接，https。", "Where it stands officially, by https.")
    )
    effective_on: dt.date = strawberry.field(description=T("生效日。", "First day on which it holds."))


@strawberry.type(description=T("发布公告的结果。", "Answer to publishing an announcement."))
class NoticePublishPayload(Outcome):
    notice: Notice | None = of_subject("Notice", T("所发布的公告。", "The announcement."), "id")


async def _publish(transaction: Transaction, operation: str, input: NoticePublishInput) -> Work:
    return await notices.publish(
        transaction,
        operation,
        product=input.product.value if input.product else None,
        service=input.service.value if input.service else None,
        title=(input.title_zh, input.title_en),
        body=(input.body_zh, input.body_en),
        url=input.url,
        effective_on=input.effective_on,
    )


@strawberry.type
class NoticeMutations:
    notice_publish = mutation(
        NoticePublishInput,
        NoticePublishPayload,
        _publish,
        "发布公告，人人可见；公告本身不改变任何规则。",
        "Publish an announcement for everybody; it changes no rule by itself.",
        scopes=("policies:write",),
        kinds=(ViewerKind.STAFF,),
    )
