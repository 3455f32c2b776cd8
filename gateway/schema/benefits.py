"""Benefits: per insured what the policy grants, and what of it is used, held and left."""

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.execution.declare import SqlType, column, enum_column, localized, sql_type, to_one
from gateway.language import T
from gateway.schema.enums import Liability, ServiceKind, word
from models.benefits import Benefit as Rows

if TYPE_CHECKING:
    from gateway.schema.people import Person


@strawberry.enum(description=T("权益的种类。", "What kind of benefit it is."))
class BenefitKind(Enum):
    SERVICE = word("SERVICE", "服务，按次数计。", "A service, counted in uses.")
    COVER = word("COVER", "赔付的费用。", "Costs that are paid.")
    ADVANCE = word("ADVANCE", "住院垫付。", "Costs of a stay that are paid in advance.")


@strawberry.enum(description=T("权益的计量单位。", "What a benefit is counted in."))
class BenefitUnit(Enum):
    USES = word("USES", "次。", "Uses.")
    CNY = word("CNY", "人民币元。", "Renminbi yuan.")


@strawberry.enum(description=T("限额所指的期间。", "What a limit is for."))
class BenefitPeriod(Enum):
    POLICY_TERM = word("POLICY_TERM", "保单年度。", "The policy term.")
    STAY = word("STAY", "单次住院。", "One hospital stay.")


@sql_type(
    Rows,
    T(
        "被保险人的一项权益：限额、已用、占用与剩余。手册与保单均未载明的限额为空，从不推测。",
        "A benefit of an insured: its limit, and what is used, held and left. A limit that neither the handbook's data "
        "nor the policy states is null, never a guess.",
    ),
    scope="policies:read",
)
class Benefit(SqlType):
    kind: BenefitKind = enum_column("kind", BenefitKind, T("种类。", "Its kind."))
    service: ServiceKind | None = enum_column(
        "service", ServiceKind, T("服务；赔付的费用则为空。", "Its service; null for costs that are paid.")
    )
    liability: Liability | None = enum_column(
        "liability", Liability, T("保险责任；服务则为空。", "The cover of costs; null for services.")
    )
    name: str = localized("name", T("名称。", "Its name."))
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("被保险人。", "The insured."), policy_id="policy_id", id="insured_id"
    )
    unit: BenefitUnit = enum_column("unit", BenefitUnit, T("计量单位。", "What its numbers count."))
    period: BenefitPeriod = enum_column("period", BenefitPeriod, T("限额所指的期间。", "What its limit is for."))
    limit: Decimal | None = column(
        "limit_amount",
        T(
            "限额；为空表示不限（见 `isUnlimited`）或未载明。",
            "The limit; null: there is none (see `isUnlimited`), or it is not stated.",
        ),
    )
    is_unlimited: bool = column(
        "is_unlimited", T("手册是否写明不限。", "Whether the handbook says that there is no limit.")
    )
    used: Decimal = column(
        "used",
        T(
            "已用：已消耗的次数、现行决定的赔付额或已垫付额。",
            "What is used: uses spent, what decisions in force pay, or what was paid in advance.",
        ),
    )
    held: Decimal = column(
        "held",
        T(
            "占用：预约占用的次数、有效担保函未使用的金额或已批准尚未垫付的金额。",
            "What is held: uses that bookings reserve, the rest of live guarantee letters, or what is approved in "
            "advance and not yet paid.",
        ),
    )
    remaining: Decimal | None = column(
        "remaining", T("剩余，不低于零；限额为空则为空。", "What is left, never below zero; null where the limit is.")
    )
    monthly_cap: int | None = column(
        "monthly_cap", T("每自然月的次数上限；没有则为空。", "Most uses in a calendar month; null: no such cap.")
    )
    starts_on: dt.date | None = column(
        "starts_on", T("首日或入院日；尚无住院则为空。", "First day, or day of admission; null: no stay yet.")
    )
    ends_on: dt.date | None = column(
        "ends_on",
        T("末日（含）或出院日；未出院则为空。", "Last day, included, or day of discharge; null: still in hospital."),
    )
    usable_from: dt.date | None = column(
        "usable_from", T("等待期后首个可用日；未载明则为空。", "First day after the waiting period; null: not stated.")
    )
    rule_codes: list[str] = column("rule_codes", T("所依据的规则编号。", "Ids of the rules behind it."))
