"""The statements that there are: the guarantee letter, the explanation of a claim's decision, and the benefits."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from gateway.http.statement_pages import (
    DIVIDED,
    DIVISION,
    UNKNOWN,
    UNLIMITED,
    Answer,
    Making,
    Statement,
    amount,
    bar,
    both,
    column,
    days,
    instant,
    issuer,
    named,
    noted,
    pair,
    table,
    unique,
)

AMOUNTS = pair("金额均为人民币元。", "All amounts are in CNY.")


GRANTED = ("APPROVED", "MODIFIED", "PARTIALLY_APPROVED")


# The guarantee letter


def letter(answer: Answer, making: Making) -> Statement:
    asked = answer["preAuth"]
    items = [item for item in asked["items"] if item["cancelledAt"] is None and item["decision"] in GRANTED]
    product = (asked["policy"] or {}).get("product")
    left = Decimal(answer["ceiling"]["amount"]) - Decimal(answer["drawn"]["amount"])
    facts = [
        (pair("状态", "Status"), making.word("LetterStatus", answer["status"])),
        (pair("医院", "Hospital"), (answer["hospital"] or {}).get("name")),
        (pair("被保险人", "Insured"), named(asked["insured"])),
        (pair("保单号", "Policy number"), (asked["policy"] or {}).get("number")),
        (pair("产品", "Product"), both(product)),
        (pair("事先授权编号", "Pre-authorization"), asked["number"]),
        (pair("治疗日", "Day of treatment"), asked["treatmentOn"]),
        (pair("有效期", "Valid"), days(answer["startsOn"], answer["endsOn"])),
        (pair("签发时刻", "Issued"), instant(answer["issuedAt"])),
        (pair("送达时刻", "Delivered"), instant(answer["deliveredAt"])),
        (pair("终止时刻", "Ended"), instant(answer["endedAt"])),
    ]
    sums = table(
        pair("担保金额", "What is promised"),
        [
            column("最高金额", "Ceiling", 1, right=True),
            column("已使用", "Drawn", 1, right=True),
            column("尚余", "Left", 1, right=True),
        ],
        [[amount(answer["ceiling"]), _drawn(answer), amount(str(left))]],
    )
    columns = [
        column("项目", "Item", 8),
        column("决定", "Decision", 4),
        column("批准金额", "Approved", 3, right=True),
    ]
    rows = [
        [item["name"], making.word("ItemDecision", item["decision"]), amount(item["approvedAmount"])] for item in items
    ]
    over = pair("本函已终止，不再有效。", "This letter has ended and promises nothing any more.")
    closing = pair(
        "保险公司向上述医院担保：在有效期内、以最高金额为限，直接结算上列获批准的项目。金额均为人民币元。",
        "The insurer promises the hospital above to settle the approved items directly, within the period and up to "
        "the ceiling. All amounts are in CNY.",
    )
    return Statement(
        kind="guarantee-letter",
        title=pair("担保函", "Letter of guarantee"),
        number=answer["number"],
        issuer=issuer(product),
        facts=facts,
        parts=[sums, table(pair("项目", "Items"), columns, rows)],
        closing=closing if answer["endedAt"] is None else over,
        codes=unique(code for item in items for code in item["matchedRules"]),
    )


def _drawn(answer: Answer) -> Any:
    """With what letters before this one have taken of it."""
    if not Decimal(answer["carried"]["amount"]):
        return amount(answer["drawn"])
    carried = amount(answer["carried"])
    note = pair(f"其中先前担保函已支取 {carried}", f"of which {carried} on letters before this one")
    return {"text": amount(answer["drawn"]), "note": note}


# The explanation of a claim's decision


def decision(answer: Answer, making: Making) -> Statement:
    claim = answer["claim"]
    product = (claim["policy"] or {}).get("product")
    latest = claim["decision"]["revision"]
    facts = [
        (pair("结论", "Outcome"), making.word("ClaimOutcome", answer["outcome"])),
        (pair("赔付金额", "Paid"), amount(answer["paid"])),
        (pair("被保险人", "Insured"), named(claim["insured"])),
        (pair("理赔种类", "Kind of claim"), making.word("ClaimKind", claim["kind"])),
        (pair("保单号", "Policy number"), (claim["policy"] or {}).get("number")),
        (pair("产品", "Product"), both(product)),
        (pair("申请时刻", "Filed"), instant(claim["createdAt"])),
        (pair("决定时刻", "Decided"), instant(answer["decidedAt"])),
        (pair("第几次决定", "Decision"), _place(answer["revision"], latest)),
        (pair("理由", "Reason"), answer["reason"]),
    ]
    codes = [*answer["ruleCodes"], *(code for line in answer["lines"] for code in line["ruleCodes"])]
    parts = [
        _division(answer),
        _lines(answer),
        _visits(claim),
        *([_payments(claim, making)] if claim["payments"] else []),
    ]
    return Statement(
        kind="claim-decision",
        title=pair("理赔决定说明", "Explanation of benefits"),
        number=f"{claim['number']}-{answer['revision']}",
        issuer=issuer(product),
        facts=facts,
        parts=parts,
        closing=AMOUNTS,
        rulebook=answer["rulebook"],
        codes=unique(codes),
    )


def _place(revision: int, latest: int) -> Any:
    if revision == latest:
        return pair(f"{revision}（现行）", f"{revision} (in force)")
    return pair(f"{revision}（已被第 {latest} 次取代）", f"{revision} (replaced by {latest})")


def _division(answer: Answer) -> dict[str, Any]:
    """How the amount was divided; what was asked is the sum of all that follows."""
    asked = Decimal(answer["asked"]["amount"])
    rows = [[DIVIDED[name], _part(answer, name, asked), amount(answer[name])] for name in DIVISION[1:]]
    columns = [column("去向", "Part", 3), column("占比", "Share", None), column("金额", "Amount", 2, right=True)]
    total = [DIVIDED["asked"], "", amount(answer["asked"])]
    note = noted(
        pair("申请 = 除外 + 其他扣除 + 免赔 + 自付 + 赔付", "Asked = excluded + other + deductible + copay + paid")
    )
    return table(pair("金额如何划分", "How the amount was divided"), columns, rows, total=total, lead=note)


def _part(answer: Answer, name: str, asked: Decimal) -> dict[str, Any]:
    part = Decimal(answer[name]["amount"])
    drawn: Any = bar(part, Decimal(0), asked)
    percent = drawn["percent"]
    return drawn | {"alt": pair(f"占申请金额的 {percent}", f"{percent} of what was asked")}


def _lines(answer: Answer) -> dict[str, Any]:
    lines = sorted(answer["lines"], key=lambda line: line["line"]["position"])
    columns = [column("序号", "No.", 7), column("项目", "Item", 40)]
    columns += [{"name": DIVIDED[name], "width": 17, "right": True} for name in DIVISION]
    rows = [_line(line) for line in lines]
    total = ["", pair("合计", "Total"), *(amount(answer[name]) for name in DIVISION)]
    return table(pair("各项目", "Line by line"), columns, rows, total=total)


def _line(line: Answer) -> list[Any]:
    named_ = noted(line["line"]["name"], line["reason"], *line["ruleCodes"])
    return [str(line["line"]["position"]), named_, *(amount(line[name]) for name in DIVISION)]


def _visits(claim: Answer) -> dict[str, Any]:
    columns = [column("就诊", "Visit", 4), column("医院", "Hospital", 8), column("金额", "Amount", 3, right=True)]
    rows = [
        [
            days(visit["visitedOn"], visit["dischargedOn"]) if visit["dischargedOn"] else visit["visitedOn"],
            (visit["hospital"] or {}).get("name"),
            amount(visit["amount"]),
        ]
        for visit in claim["visits"]
    ]
    return table(pair("就诊", "Visits"), columns, rows)


def _payments(claim: Answer, making: Making) -> dict[str, Any]:
    columns = [
        column("收款方", "Payee", 6),
        column("状态", "Status", 4),
        column("时刻", "When", 4),
        column("金额", "Amount", 3, right=True),
    ]
    rows = [
        [
            noted(making.word("ClaimPayee", item["payee"]), (item["hospital"] or {}).get("name"), item["account"]),
            making.word("ClaimPaymentStatus", item["status"]),
            instant(item["resolvedAt"] or item["orderedAt"]),
            amount(item["amount"]),
        ]
        for item in claim["payments"]
    ]
    return table(pair("支付", "Payments"), columns, rows)


# The benefits of a policy


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
    closing = pair(
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
        closing=closing,
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


KINDS: Mapping[str, Callable[[Answer, Making], Statement]] = {
    "letter": letter,
    "decision": decision,
    "claim": decision,
    "pol": benefits,
}
"""By the prefix of the id."""
