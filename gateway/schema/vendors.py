"""Partner vendors, and what they do for a product."""

from typing import Annotated, Any

import strawberry
from sqlalchemy import select

from gateway.execution.declare import (
    SqlType,
    column,
    enum_list_column,
    global_id,
    localized,
    localized_expression,
    sql_type,
    to_one,
)
from gateway.language import T
from gateway.schema.enums import ServiceKind
from gateway.schema.nodes import Node
from models.vendors import ProductVendor as ContractRows
from models.vendors import Vendor as VendorRows


def _vendor_name(row: Any, language: str) -> Any:
    name = getattr(VendorRows, f"name_{language}")
    return select(name).where(VendorRows.code == row.vendor_code).scalar_subquery()


@sql_type(VendorRows, T("服务商。", "A partner vendor."), prefix="vend")
class Vendor(SqlType, Node):
    id: strawberry.ID = global_id("vend")
    code: str = column("code", T("代码，用于令牌与授权。", "Code, as tokens and contracts name it."))
    name: str = localized("name", T("名称。", "Name."))
    is_demo: bool = column("is_demo", T("是否演示数据。", "Whether it is demo data."))


@sql_type(ContractRows, T("服务商在某一产品中的角色。", "What a vendor does for a product."))
class ProductVendor(SqlType):
    code: str = column("vendor_code", T("服务商代码。", "Code of the vendor."))
    name: str = localized_expression("name", _vendor_name, T("服务商名称。", "Name of the vendor."))
    role: str = column("role", T("角色，如 SERVICE_VENDOR、TPA。", "Role, such as SERVICE_VENDOR or TPA."))
    services: list[ServiceKind] = enum_list_column(
        "services", ServiceKind, T("所承担的服务。", "Services that it delivers.")
    )
    vendor: Annotated["Vendor", strawberry.lazy("gateway.schema.vendors")] = to_one(
        "Vendor", T("服务商。", "The vendor."), code="vendor_code"
    )
