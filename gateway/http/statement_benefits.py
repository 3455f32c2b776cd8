"""The benefit statement: what each insured of a policy is granted, and what of it is used, held and left."""

from decimal import Decimal
from typing import Any

from gateway.http.statement_pages import (
    UNKNOWN,
    UNLIMITED,
    Answer,
    Making,
    Statement,
    bar,
    both,
    column,
    days,
    issuer,
    named,
    pair,
    table,
)


def benefits(answer: Answer, making: Making) -> Statement:
    riders = [item["rider"] for item in answer["riders"]]
    facts = [
        (pair("保单号", "Policy number"), answer["number"]),
        (pair("产品", "Product"), both(answer["product"])),
        (pair("计划", "Plan"), both(answer["plan"])),
        (
            pair("附加责任", "Riders"),
            pair("、".join(item["zh"] for item in riders), ", ".join(item["en"] for item in riders))
            if riders
            else None,
        ),
        (pair("保险期间", "Policy term"), days(answer["startsOn"], answer["endsOn"])),
        (pair("保单状态", "Status"), making.word("PolicyStatus", answer["status"])),
    ]
    lead = pair(
        "占用：预约占用的次数、有效担保函未使用的金额或已批准尚未垫付的金额。未载明的限额以保险合同为准。金额均为人民币元。",
        "Held: uses that bookings reserve, the rest of live guarantee letters, or what is approved in advance and not "
        "yet paid. Where a limit is not stated here, the contract says it. All amounts are in CNY.",
    )
    return Statement(
        kind="benefit-statement",
        title=pair("权益单", "Benefit statement"),
        number=f"{answer['number']}-{making.made_on:%Y%m%d}",
        issuer=issuer(answer["product"]),
        facts=facts,
        parts=[_of_person(answer, person, making) for person in answer["insured"]],
        lead=lead,
        has_bars=True,
    )


def _of_person(answer: Answer, person: Answer, making: Making) -> dict[str, Any]:
    columns = [
        column(*_head(answer, person), 56),
        column("用量", "Use", None),
        column("限额", "Limit", 15, right=True),
        column("已用", "Used", 15, right=True),
        column("占用", "Held", 15, right=True),
        column("剩余", "Left", 15, right=True),
    ]
    own = [item for item in answer["benefits"] if (item["insured"] or {}).get("id") == person["id"]]
    own.sort(key=_rank)
    return table(named(person), columns, [_benefit(item, making) for item in own])


def _head(answer: Answer, person: Answer) -> tuple[str, str]:
    """Of several people each page says whose benefits it shows: the head is repeated, the heading is not."""
    if len(answer["insured"]) == 1:
        return "权益", "Benefit"
    return f"权益 · {person['name']}", f"Benefit · {person['name']}"


def _rank(item: Answer) -> int:
    """What can be drawn first, then what was used of the others, then what has no limit."""
    if item["limit"] is not None:
        return 0
    if Decimal(item["used"]) or Decimal(item["held"]):
        return 1
    return 2 if item["isUnlimited"] else 3


def _benefit(item: Answer, making: Making) -> list[Any]:
    used, held = Decimal(item["used"]), Decimal(item["held"])
    limit = None if item["limit"] is None else Decimal(item["limit"])
    left = UNLIMITED if item["isUnlimited"] else UNKNOWN
    return [
        {"text": both(item), "note": _terms(item, making)},
        bar(used, held, limit),
        left if limit is None else _count(item, limit),
        _count(item, used),
        _count(item, held),
        "–" if item["remaining"] is None else _count(item, Decimal(item["remaining"])),
    ]


def _count(item: Answer, value: Decimal) -> str:
    return f"{value:,.2f}" if item["unit"] == "CNY" else f"{value:,.0f}"


def _terms(item: Answer, making: Making) -> dict[str, str]:
    """Unit and period, and what else bounds its use."""
    unit, period = making.word("BenefitUnit", item["unit"]), making.word("BenefitPeriod", item["period"])
    assert unit is not None
    assert period is not None
    terms = [unit, period]
    if item["period"] == "STAY" and item["startsOn"] is not None:
        terms.append(pair(f"{item['startsOn']} 入院", f"admitted on {item['startsOn']}"))
    if item["monthlyCap"] is not None:
        terms.append(pair(f"每月至多 {item['monthlyCap']} 次", f"at most {item['monthlyCap']} a month"))
    if item["usableFrom"] is not None:
        terms.append(pair(f"{item['usableFrom']} 起可用", f"usable from {item['usableFrom']}"))
    return pair("，".join(term["zh"] for term in terms), ", ".join(term["en"] for term in terms))
