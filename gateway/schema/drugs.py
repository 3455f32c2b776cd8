"""The drug catalogue (formulary). Brand, generic name and maker together are a drug's identity."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from sqlalchemy import Text

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, global_id, sql_type, to_one
from gateway.execution.filters import equals, matches
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.repositories.search import keyword
from gateway.schema.enums import DrugOrder, ProductCode
from gateway.schema.nodes import Node
from models.drugs import Drug as Rows

if TYPE_CHECKING:
    from gateway.schema.products import Product


@sql_type(Rows, T("清单内药品。", "A drug on a product's list."), prefix="drug")
class Drug(SqlType, Node):
    id: strawberry.ID = global_id("drug")
    seq: int = column("seq", T("清单序号。", "Its number in the list."))
    brand: str = column("brand", T("商品名；不唯一。", "Brand; not unique."))
    generic: str = column("generic", T("药品名（通用名）。", "Generic name."))
    manufacturer: str = column("manufacturer", T("厂商，依印刷原文。", "Maker, as printed."))
    manufacturer_normalized: str = column(
        "manufacturer_normalized", T("厂商的统一写法。", "Maker, in one spelling for all its drugs.")
    )
    product: Annotated["Product", strawberry.lazy("gateway.schema.products")] = to_one(
        "Product", T("所属产品。", "The product whose list it is on."), code="product_code"
    )


@strawberry.input(description=T("药品的筛选条件。", "Filter of drugs."))
class DrugFilter:
    keyword: str | None = matches(
        keyword, T("商品名、通用名、厂商、拼音或首字母。", "Brand, generic name, maker, pinyin or initials.")
    )
    brand: str | None = equals("brand", T("商品名，完全一致。", "Brand, exactly."))
    generic: str | None = equals("generic", T("通用名，完全一致。", "Generic name, exactly."))
    manufacturer: str | None = matches(
        lambda row, given: given.bind(Text).in_([row.manufacturer, row.manufacturer_normalized]),
        T("厂商，印刷或统一写法，完全一致。", "Maker, as printed or normalized, exactly."),
    )
    product: ProductCode | None = equals("product_code", T("所属产品。", "The product whose list it is on."))


ORDERS = {
    DrugOrder.SEQ_ASC: (Key("seq"), Key("id")),
    DrugOrder.BRAND_ASC: (Key("sort_key"), Key("id")),
}


@strawberry.type
class DrugQueries:
    drugs: Connection[Drug] = connection(
        "Drug",
        T("药品目录，缺省按清单序号。", "The drug catalogue, by default in list order."),
        of=Drug,
        orders=(DrugOrder, ORDERS),
        where=DrugFilter,
    )
