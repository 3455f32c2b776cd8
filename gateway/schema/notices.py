"""Announcements: what changes of a handbook, and what a service of information has to tell."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry
from sqlalchemy import Text

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, enum_column, global_id, localized, sql_type, to_one
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.schema.enums import ProductCode, ServiceKind
from gateway.schema.nodes import Node
from models.notices import Notice as Rows

if TYPE_CHECKING:
    from gateway.schema.products import Product


@sql_type(
    Rows,
    T(
        "公告：服务范围的变更，自生效日起优先于手册；或某项服务的讲座、资讯。",
        "An announcement: what changes, which from its first day goes before the handbook, or a lecture or tip of a "
        "service.",
    ),
    prefix="note",
)
class Notice(SqlType, Node):
    id: strawberry.ID = global_id("note")
    product: Annotated["Product", strawberry.lazy("gateway.schema.products")] | None = to_one(
        "Product", T("所涉产品；为空则涉及全部。", "The product concerned; null: all."), code="product_code"
    )
    service: ServiceKind | None = enum_column(
        "service", ServiceKind, T("所属的服务；一般公告为空。", "The service that it belongs to; null for the others.")
    )
    title: str = localized("title", T("标题。", "Title."))
    body: str = localized("body", T("内容。", "Text."))
    url: str | None = column("url", T("官方链接。", "Where it was published."))
    effective_on: dt.date = column("effective_on", T("生效日。", "First day on which it holds."))
    published_at: dt.datetime = column("published_at", T("发布时刻。", "When it was published."))
    is_demo: bool = column("is_demo", T("是否演示数据。", "Whether it is demo data."))


@strawberry.type
class NoticeQueries:
    notices: Connection[Notice] = connection(
        "Notice",
        T("公告，新的在前。", "Announcements, newest first."),
        of=Notice,
        orders=(Key("published_at", descending=True), Key("id", descending=True)),
        arguments={
            "product": (
                ProductCode,
                T(
                    "所涉产品；涉及全部产品的公告总在其中。",
                    "Of this product; those that concern all products are always among them.",
                ),
                lambda row, given: (row.product_code == given.bind(Text)) | row.product_code.is_(None),
            ),
            "service": (
                ServiceKind,
                T(
                    "所属服务，如健康讲座、健康资讯、疫苗接种知识。",
                    "Of this service, such as lectures, health tips or knowledge of vaccinations.",
                ),
                lambda row, given: row.service == given.bind(Text),
            ),
        },
    )
