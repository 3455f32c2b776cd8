"""Announcements that change what a handbook says."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry
from sqlalchemy import Text

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, global_id, localized, sql_type, to_one
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.schema.enums import ProductCode
from gateway.schema.nodes import Node
from models.notices import Notice as Rows

if TYPE_CHECKING:
    from gateway.schema.products import Product


@sql_type(
    Rows,
    T("服务范围的公告，自生效日起优先于手册。", "An announcement; from its first day it goes before the handbook."),
    prefix="note",
)
class Notice(SqlType, Node):
    id: strawberry.ID = global_id("note")
    product: Annotated["Product", strawberry.lazy("gateway.schema.products")] | None = to_one(
        "Product", T("所涉产品；为空则涉及全部。", "The product concerned; null: all."), code="product_code"
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
            )
        },
    )
