"""Pharmacies where listed drugs are collected, as their vendors have designated them."""

import strawberry

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, global_id, sql_type, to_one
from gateway.execution.filters import equals, matches
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.repositories import hospitals as hospital_sql
from gateway.repositories import pharmacies as pharmacy_sql
from gateway.repositories.search import keyword
from gateway.schema.enums import PharmacyOrder, ProductCode
from gateway.schema.hospitals import City
from gateway.schema.nodes import Node
from gateway.schema.vendors import Vendor
from models.pharmacies import Pharmacy as Rows


@sql_type(Rows, T("服务商指定的药店。", "A pharmacy that the vendor has designated."), prefix="pharm")
class Pharmacy(SqlType, Node):
    id: strawberry.ID = global_id("pharm")
    code: str = column("code", T("代码，选择取药药店时使用。", "Code, by which it is chosen for collecting a drug."))
    name: str = column("name", T("名称。", "Name."))
    address: str | None = column("address", T("地址。", "Address."))
    phone: str | None = column("phone", T("电话。", "Phone."))
    city: City | None = to_one("City", T("所在城市。", "Its city."), code="city_code")
    vendor: Vendor | None = to_one(
        "Vendor", T("指定它的服务商。", "The vendor that designated it."), code="vendor_code"
    )
    is_demo: bool = column("is_demo", T("是否演示数据。", "Whether it is demo data."))


@strawberry.input(description=T("药店的筛选条件。", "Filter of pharmacies."))
class PharmacyFilter:
    city: str | None = matches(hospital_sql.in_city, T("城市代码或名称。", "City, by code or name."))
    province: str | None = matches(hospital_sql.in_province, T("省级行政区。", "Province-level unit."))
    product: ProductCode | None = matches(
        pharmacy_sql.of_product,
        T("可用于此产品的购药单。", "Good for orders of this product: of the vendors that deliver its drugs."),
    )
    vendor: str | None = equals("vendor_code", T("服务商代码。", "Code of the vendor."))
    keyword: str | None = matches(
        keyword, T("名称、拼音或首字母，一字亦可。", "Name, pinyin or initials; one character is enough.")
    )


ORDERS = {
    PharmacyOrder.NAME_ASC: (Key("sort_key"), Key("id")),
    PharmacyOrder.NAME_DESC: (Key("sort_key", descending=True), Key("id", descending=True)),
}


@strawberry.type
class PharmacyQueries:
    pharmacies: Connection[Pharmacy] = connection(
        "Pharmacy",
        T(
            "指定药店，缺省按名称；库存未载入，不提供。",
            "Designated pharmacies, by default by name. What they have in stock is not known here.",
        ),
        of=Pharmacy,
        orders=(PharmacyOrder, ORDERS),
        where=PharmacyFilter,
    )
