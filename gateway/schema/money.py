"""Amounts of money."""

from decimal import Decimal
from enum import Enum

import strawberry

from gateway.execution.declare import SqlType, column, enum_column, sql_type
from gateway.language import T
from gateway.schema.enums import word


@strawberry.enum(description=T("币种（ISO 4217）。", "Currency (ISO 4217)."))
class CurrencyCode(Enum):
    CNY = word("CNY", "人民币。", "Renminbi.")


@sql_type(description=T("金额。", "An amount of money."))
class Money(SqlType):
    amount: Decimal = column(
        "amount", T("数额，两位小数，以字符串表示。", "The amount with two decimals, as a string.")
    )
    currency: CurrencyCode = enum_column("currency", CurrencyCode, T("币种。", "Its currency."))
