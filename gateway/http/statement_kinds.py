"""The statements that there are: the guarantee letter, the explanation of a claim's decision, and the benefits."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from gateway.http.statement_benefits import benefits
from gateway.http.statement_pages import (
    DIVIDED,
    DIVISION,
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

PROMISE = pair(
    "保险公司向下列医院担保：在有效期内、以最高金额为限，直接结算下列获批准的项目。医院可凭本函编号和随函提供的验证码"
    "核验本函。金额均为人民币元。",
    "The insurer promises the hospital named here to settle the approved items directly, within the period and up to "
    "the ceiling. The hospital can verify this letter by its number and the code given with it. "
    "All amounts are in CNY.",
)
OVER = pair("本函已终止，不再有效。", "This letter has ended and promises nothing any more.")


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
            column("最高金额", "Ceiling", 1, right=True, inline=True),
            column("已使用", "Drawn", 1, right=True, inline=True),
            column("尚余", "Left", 1, right=True, inline=True),
        ],
        [[amount(answer["ceiling"]), _drawn(answer), amount(str(left))]],
    )
    columns = [
        column("项目", "Item", 8, inline=True),
        column("决定", "Decision", 6, inline=True),
        column("批准金额", "Approved", 3, right=True, inline=True),
    ]
    rows = [
        [item["name"], making.word("ItemDecision", item["decision"]), amount(item["approvedAmount"])] for item in items
    ]
    return Statement(
        kind="guarantee-letter",
        title=pair("担保函", "Letter of guarantee"),
        number=answer["number"],
        issuer=issuer(product),
        facts=facts,
        parts=[sums, table(pair("项目", "Items"), columns, rows)],
        lead=PROMISE if answer["endedAt"] is None else OVER,
        is_over=answer["endedAt"] is not None,
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
        lead=AMOUNTS,
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
    columns = [
        column("去向", "Part", 3, inline=True),
        column("占比", "Share", None, inline=True),
        column("金额", "Amount", 2, right=True, inline=True),
    ]
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
    columns = [column("序号", "No.", 7), column("项目", "Item", 40, inline=True)]
    columns += [column(DIVIDED[name]["zh"], DIVIDED[name]["en"], 17, right=True) for name in DIVISION]
    rows = [_line(line) for line in lines]
    total = ["", pair("合计", "Total"), *(amount(answer[name]) for name in DIVISION)]
    return table(pair("各项目", "Line by line"), columns, rows, total=total)


def _line(line: Answer) -> list[Any]:
    named_ = noted(line["line"]["name"], line["reason"], *line["ruleCodes"])
    return [str(line["line"]["position"]), named_, *(amount(line[name]) for name in DIVISION)]


def _visits(claim: Answer) -> dict[str, Any]:
    columns = [
        column("就诊", "Visit", 4, inline=True),
        column("医院", "Hospital", 8, inline=True),
        column("金额", "Amount", 3, right=True, inline=True),
    ]
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
        column("收款方", "Payee", 6, inline=True),
        column("状态", "Status", 5, inline=True),
        column("时刻", "When", 4, inline=True),
        column("金额", "Amount", 3, right=True, inline=True),
    ]
    rows = [
        [
            noted(making.word("ClaimPayee", item["payee"]), (item["hospital"] or {}).get("name"), item["account"]),
            noted(making.word("ClaimPaymentStatus", item["status"]), item["failure"]),
            instant(item["resolvedAt"] or item["orderedAt"]),
            amount(item["amount"]),
        ]
        for item in claim["payments"]
    ]
    return table(pair("支付", "Payments"), columns, rows)


KINDS: Mapping[str, Callable[[Answer, Making], Statement]] = {
    "letter": letter,
    "decision": decision,
    "claim": decision,
    "pol": benefits,
}
"""By the prefix of the id."""
