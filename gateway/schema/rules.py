"""The rulebook: handbook rules, their clauses, disclosures, and the verdicts of requests."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import func, literal, or_
from sqlalchemy.sql import any_
from sqlalchemy.types import Text
from strawberry.scalars import JSON
from strawberry.types import Info

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    SqlType,
    column,
    computed,
    embedded,
    enum_column,
    from_python,
    global_id,
    localized,
    lookup,
    sql_type,
    to_one,
)
from gateway.execution.filters import equals, matches, operators
from gateway.execution.forms import Narrowed, declared
from gateway.execution.keyset import Key
from gateway.execution.sources import SOURCES, Row
from gateway.language import T
from gateway.postgres.given import Given
from gateway.postgres.patterns import containing
from gateway.schema.enums import ProductCode, RuleEnforcement, RuleKind, ServiceKind, VerdictStatus
from gateway.schema.nodes import Node
from gateway.schema.operators import TextCondition
from models.rules import Rule as Rows

if TYPE_CHECKING:
    from gateway.schema.products import Product


@sql_type(description=T("手册条款的出处。", "Where in a handbook a rule stands."))
class Clause(SqlType):
    handbook: str = column("product_code", T("手册所属产品代码。", "Code of the product whose handbook it is."))
    section: str = localized("section", T("章节标题。", "Heading of the section."))
    item: str | None = column("item", T("条目编号，如 ③。", "Printed number of the item, such as ③."))
    lines: str = column("lines", T("手册文本的行号。", "Lines of the handbook's text."))


@sql_type(Rows, T("一条手册规则。", "A rule of a handbook."), prefix="rule", is_fixed=True)
class Rule(SqlType, Node):
    id: strawberry.ID = global_id("rule")
    code: str = column("code", T("规则编号，如 ZYB-ESC-26。", "The catalogue's id, such as ZYB-ESC-26."))
    kind: RuleKind = enum_column("kind", RuleKind, T("性质。", "What kind of rule it is."))
    enforcement: RuleEnforcement = enum_column(
        "account", RuleEnforcement, T("网关如何落实。", "How the gateway accounts for it.")
    )
    enforcement_note: str | None = localized(
        "account_note", T("无法由软件落实的理由。", "The reason where software can do nothing.")
    )
    product: Annotated["Product", strawberry.lazy("gateway.schema.products")] = to_one(
        "Product", T("所属产品。", "Its product."), code="product_code"
    )
    service: ServiceKind | None = enum_column(
        "service",
        ServiceKind,
        T("所属服务；为空则适用于整个产品。", "Its service; null when it governs the whole product."),
    )
    statement: str = localized("statement", T("规则的内容（本网关的表述）。", "What it says, in our own words."))
    clause: Clause = embedded("Clause", T("出处。", "Where it stands."))
    parameters: JSON = column("parameters", T("该产品的数值。", "The numbers of this product."))
    reading: str | None = localized("reading", T("对歧义的理解及理由。", "How an ambiguity was read, and why."))
    operations: list[str] = column(
        "operations", T("所约束的查询与变更。", "The mutations and queries that it governs.")
    )
    same_as: list[str] = column("same_as", T("表述同一规则的其他编号。", "Other ids that state the same rule."))


ACKNOWLEDGED = "disclosure_acknowledged"
"""The check that refuses an operation whose disclosure was not acknowledged."""


def _is_required(root: Any) -> bool:
    return ACKNOWLEDGED in root["checks"]


@sql_type(description=T("须向客户告知的内容。", "Something that a client must be told."))
class Disclosure(SqlType):
    id: strawberry.ID = column(
        "code", T("在输入的 `acknowledged` 中引用此编号。", "Name this id in `acknowledged` of the input.")
    )
    statement: str = localized("statement", T("告知内容。", "What the client is told."))
    is_required: bool = computed(
        _is_required,
        T("不确认则该操作被拒绝。", "Whether the operation is refused without it."),
        sql=lambda row, _scope: literal(ACKNOWLEDGED, Text) == any_(row.checks),
    )
    rule: Annotated["Rule", strawberry.lazy("gateway.schema.rules")] = to_one(
        "Rule", T("对应规则。", "The rule behind it."), code="code"
    )


def _message(verdict: Any, context: Any) -> str:
    return context.services.texts.message(verdict, context.language)


def _remedy(verdict: Any, context: Any) -> str | None:
    return context.services.texts.remedy(verdict, context.language)


@strawberry.type(description=T("一条规则对请求的判定。", "What one rule says of a request."))
class Verdict:
    """Its value is the verdict of the rule itself (`gateway.validation.verdict`)."""

    status: VerdictStatus = from_python(
        lambda verdict, _context: VerdictStatus(verdict.status.value), T("判定。", "The answer.")
    )
    message: str = from_python(
        _message, T("给客户看的说明，含实际数值。", "What the client reads, with the actual values in it.")
    )
    input_path: list[str] = strawberry.field(
        description=T(
            '有问题的输入字段，如 ["input", "visitAt"]；针对整个请求时为空。',
            'The input field at fault, such as ["input", "visitAt"]; empty for the whole request.',
        )
    )
    passes_from: dt.datetime | None = strawberry.field(
        description=T(
            "仅凭等待即可通过时，同一请求最早可通过的时刻。",
            "The earliest instant at which the same request would pass this rule, where time alone cures it.",
        )
    )
    remedy: str | None = from_python(
        _remedy,
        T("客户可以怎样做。", "What the client can do: a field to change, a paper to bring, whom to call."),
    )
    is_estimated: bool = strawberry.field(
        description=T(
            "是否依据尚未公布的工作日历。", "Whether it rests on a working-day calendar that is not published yet."
        )
    )
    rule: Rule = to_one("Rule", T("作出判定的规则。", "The rule that judged."), code="rule")


def _governs(row: Any, operation: Given) -> Any:
    return operation.bind(Text) == any_(row.operations)


def _keyword(row: Any, given: Given) -> Any:
    columns = (row.code, row.statement_zh, row.statement_en, row.section_zh, row.section_en)
    pattern = given.bind(Text, lambda text: containing(text.lower()))
    return or_(*(func.lower(item).like(pattern) for item in columns))


@strawberry.input(description=T("规则的筛选条件。", "Filter of rules."))
class RuleFilter:
    code: TextCondition | None = operators("code", T("规则编号。", "Its catalogue id."))
    product: ProductCode | None = equals("product_code", T("所属产品。", "Its product."))
    kind: RuleKind | None = equals("kind", T("性质。", "Its kind."))
    service: ServiceKind | None = equals("service", T("所属服务。", "Its service."))
    operation: str | None = matches(
        _governs, T("所约束的操作名，如 escortBook。", "An operation that it governs, such as escortBook.")
    )
    enforcement: RuleEnforcement | None = equals("account", T("落实方式。", "How it is accounted for."))
    keyword: str | None = matches(_keyword, T("编号、内容或章节中的文字。", "Text in its id, statement or section."))


HANDBOOK_ORDER = (Key("position"), Key("id"))


async def _disclosures(info: Info, operation: str, product: Any) -> list[Row]:
    rows = await info.context.unit.many(
        SOURCES["Rule"], ("product_code", "kind"), (product.value, "DISCLOSURE"), ("position",)
    )
    governing = [row for row in rows if operation in row["operations"]]
    return [{**row, "__typename": "Disclosure"} for row in governing]


def _disclosing(row: Any, given: Mapping[str, Given]) -> list[Any]:
    return [
        row.kind == "DISCLOSURE",
        row.product_code == given["product"].bind(Text),
        _governs(row, given["operation"]),
    ]


@strawberry.type
class RuleQueries:
    rules: Connection[Rule] = connection(
        "Rule",
        T("手册规则，按手册次序。", "Rules in handbook order."),
        of=Rule,
        orders=HANDBOOK_ORDER,
        where=RuleFilter,
    )
    rule: Rule | None = lookup(
        "Rule",
        T("按编号查规则。", "A rule by its catalogue id."),
        code=("code", str, T("规则编号，如 ZYB-ESC-26。", "Catalogue id, such as ZYB-ESC-26.")),
    )

    @strawberry.field(
        description=T("办理某操作前须告知客户的内容。", "What a client must be told before an operation on a product."),
        metadata=declared(Narrowed("Rule", ("position",), _disclosing, shown_as="Disclosure")),
    )
    async def disclosures(
        self,
        info: Info,
        operation: Annotated[
            str,
            strawberry.argument(description=T("操作名，如 escortBook。", "Name of the operation, such as escortBook.")),
        ],
        product: Annotated[ProductCode, strawberry.argument(description=T("产品。", "The product."))],
    ) -> list[Disclosure]:
        return await _disclosures(info, operation, product)
