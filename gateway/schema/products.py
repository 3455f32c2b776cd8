"""Products with their plans, riders, vendors, services, handbook and contact channels."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from sqlalchemy import Text, func, or_

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    SqlType,
    column,
    embedded,
    enum_column,
    enum_list_column,
    global_id,
    listing,
    localized,
    lookup,
    sql_type,
    to_many,
    to_one,
)
from gateway.execution.filters import equals, matches
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.postgres.given import Given
from gateway.postgres.patterns import containing
from gateway.schema.enums import ContactKind, ContactPurpose, ProductCode, ServiceKind
from gateway.schema.nodes import Node
from gateway.schema.rules import HANDBOOK_ORDER, Rule, RuleFilter
from gateway.schema.vendors import ProductVendor, Vendor
from models.products import ContactChannel as ContactRows
from models.products import Plan as PlanRows
from models.products import Product as ProductRows
from models.products import ProductService as ServiceRows
from models.products import Rider as RiderRows


@sql_type(PlanRows, T("计划。", "A plan of a product."))
class Plan(SqlType):
    code: str = column("code", T("代码，如 NATIONAL。", "Code, such as NATIONAL."))
    name: str = localized("name", T("名称。", "Name."))


@sql_type(RiderRows, T("可选附加责任。", "An optional rider."))
class Rider(SqlType):
    code: str = column("code", T("代码，如 VACCINE。", "Code, such as VACCINE."))
    name: str = localized("name", T("名称。", "Name."))


@sql_type(description=T("服务手册。", "The service handbook of a product."))
class Handbook(SqlType):
    title: str = localized("handbook_title", T("标题。", "Title."))
    edition: str | None = column(
        "handbook_edition", T("封面所印版次；未印则为空。", "Edition on the cover; null where none is printed.")
    )
    source: str = column(
        "handbook_file", T("条款行号所指的文本。", "The text that the clauses' line numbers refer to.")
    )


@sql_type(description=T("服务时间。", "Hours of a service."))
class ServiceHours(SqlType):
    opens_at: dt.time = column("opens_at", T("开始（含），上海时间。", "Opens at, included; Shanghai time."))
    closes_at: dt.time = column("closes_at", T("结束（不含），上海时间。", "Closes at, excluded; Shanghai time."))
    after_hours: str | None = column(
        "after_hours", T("时间外：MESSAGE 留言，REJECT 不受理。", "Outside: MESSAGE takes a message, REJECT refuses.")
    )


@sql_type(ServiceRows, T("产品所含的一项服务及其条件。", "A service of a product and its terms."))
class Service(SqlType):
    kind: ServiceKind = enum_column("kind", ServiceKind, T("种类。", "Its kind."))
    name: str = localized("name", T("名称。", "Name."))
    summary: str = localized("summary", T("简介。", "What it is."))
    quota: int | None = column(
        "quota", T("每保单年度次数；为空表示不限或未载明。", "Uses in a policy year; null: unlimited, or not stated.")
    )
    is_quota_stated: bool = column(
        "is_quota_stated", T("手册是否载明次数。", "Whether the handbook states the number of uses.")
    )
    monthly_cap: int | None = column("monthly_cap", T("每自然月上限。", "Most uses in a calendar month."))
    waiting_days: int | None = column(
        "waiting_days",
        T("等待期（天）；0 为无，空为以保单为准。", "Waiting period in days; 0: none, null: the policy's own."),
    )
    verification: str | None = column(
        "verification",
        T(
            "核验方式：POLICY_NUMBER、PERSON_INFO 或 INSURER_LIST。",
            "Verified by POLICY_NUMBER, PERSON_INFO or INSURER_LIST.",
        ),
    )
    hours: ServiceHours | None = embedded(
        "ServiceHours",
        T("服务时间；全天或未载明则为空。", "Service hours; null: round the clock, or not stated."),
        unless_null="opens_at",
    )
    first_response_minutes: Decimal | None = column(
        "first_response_minutes", T("首次响应时限（分钟）。", "First reply within so many minutes.")
    )
    vendor: Vendor | None = to_one("Vendor", T("服务商。", "The vendor that delivers it."), code="vendor_code")
    rider: Rider | None = to_one(
        "Rider", T("须投保的附加责任。", "The rider that it needs."), product_code="product_code", code="rider_code"
    )
    rule_codes: list[str] = column("rule_codes", T("载明这些条件的规则。", "Ids of the rules that state these terms."))


@sql_type(ContactRows, T("手册所印的联系渠道。", "A contact channel that a handbook prints."))
class ContactChannel(SqlType):
    purpose: ContactPurpose = enum_column("purpose", ContactPurpose, T("用途。", "What it is for."))
    kind: ContactKind = enum_column("kind", ContactKind, T("方式。", "Kind of channel."))
    value: str = column("value", T("号码、地址或名称。", "Number, address or name."))
    note: str | None = localized("note", T("说明。", "Note."))
    hours: str | None = column("hours", T("服务时间；未印则为空。", "Hours; null where none are printed."))
    services: list[ServiceKind] = enum_list_column(
        "services", ServiceKind, T("限于这些服务；为空则不限。", "Only for these services; empty: for all.")
    )
    product: Annotated["Product", strawberry.lazy("gateway.schema.products")] = to_one(
        "Product", T("所属产品。", "Its product."), code="product_code"
    )


@sql_type(description=T("承保公司。", "The insurer."))
class Insurer(SqlType):
    name: str = localized("insurer", T("名称。", "Name."))


@sql_type(ProductRows, T("保险产品或服务包。", "An insurance product, or a package of services."), prefix="prod")
class Product(SqlType, Node):
    id: strawberry.ID = global_id("prod")
    code: ProductCode = enum_column("code", ProductCode, T("代码。", "Code."))
    name: str = localized("name", T("名称。", "Name."))
    insurer: Insurer | None = embedded(
        "Insurer",
        T("承保公司；手册未具名则为空。", "The insurer; null where the handbook names none."),
        unless_null="insurer_zh",
    )
    handbook: Handbook = embedded("Handbook", T("服务手册。", "Its handbook."))
    plans: list[Plan] = to_many("Plan", ["position"], T("计划。", "Its plans."), product_code="code")
    riders: list[Rider] = to_many("Rider", ["position"], T("可选附加责任。", "Its riders."), product_code="code")
    services: list[Service] = to_many("Service", ["position"], T("服务。", "Its services."), product_code="code")
    vendors: list[ProductVendor] = to_many(
        "ProductVendor", ["vendor_code"], T("服务商及其角色。", "Its vendors and their roles."), product_code="code"
    )
    contact_channels: list[ContactChannel] = to_many(
        "ContactChannel", ["position"], T("联系渠道。", "Its contact channels."), product_code="code"
    )
    rules: Connection[Rule] = connection(
        "Rule",
        T("规则，按手册次序。", "Its rules, in handbook order."),
        of=Rule,
        orders=HANDBOOK_ORDER,
        where=RuleFilter,
        within={"product_code": "code"},
    )


def _keyword(row: Any, given: Given) -> Any:
    pattern = given.bind(Text, containing)
    return or_(row.name_zh.like(pattern), func.lower(row.name_en).like(func.lower(pattern)))


@strawberry.input(description=T("产品的筛选条件。", "Filter of products."))
class ProductFilter:
    code: ProductCode | None = equals("code", T("代码。", "Its code."))
    keyword: str | None = matches(_keyword, T("名称中的文字。", "Text in its name."))


@strawberry.type
class ProductQueries:
    products: Connection[Product] = connection(
        "Product",
        T("全部产品。", "All products."),
        of=Product,
        orders=(Key("position"), Key("id")),
        where=ProductFilter,
    )
    product: Product | None = lookup(
        "Product",
        T("按代码查产品。", "A product by its code."),
        code=("code", ProductCode, T("产品代码。", "Its code.")),
    )
    contact_channels: list[ContactChannel] = listing(
        "ContactChannel",
        ["product_code", "position"],
        T("手册所印的联系渠道。", "Contact channels that the handbooks print."),
        product=("product_code", ProductCode, T("产品。", "Of this product.")),
        purpose=("purpose", ContactPurpose, T("用途。", "For this purpose.")),
    )
