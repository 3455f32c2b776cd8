"""What stands on a statement: titles, facts and tables, in both languages, made from an answer of the API."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from graphql import GraphQLEnumType, GraphQLSchema

from gateway.language import DIVIDER

SHANGHAI = ZoneInfo("Asia/Shanghai")
DIVISION = ("asked", "excluded", "other", "deductible", "copay", "paid")
Answer = Mapping[str, Any]
Pair = dict[str, str]


def pair(zh: str, en: str) -> Pair:
    return {"zh": zh, "en": en}


UNKNOWN = pair("未载明", "Not stated")
UNLIMITED = pair("不限", "Unlimited")
DIVIDED = {
    "asked": pair("申请", "Asked"),
    "allowed": pair("认可", "Allowed"),
    "excluded": pair("除外", "Excluded"),
    "other": pair("其他扣除", "Other"),
    "deductible": pair("免赔", "Deductible"),
    "copay": pair("自付", "Copay"),
    "paid": pair("赔付", "Paid"),
}


@dataclass(frozen=True, slots=True)
class Making:
    """What every page is made with."""

    schema: GraphQLSchema
    lang: str  # zh, en, both
    made_on: dt.date
    rulebook: str

    def word(self, enum: str, value: str | None) -> Pair | None:
        """An enum's word as the schema describes it."""
        kind = self.schema.type_map[enum]
        assert isinstance(kind, GraphQLEnumType)
        if value is None:
            return None
        zh, _, en = (kind.values[value].description or value).partition(DIVIDER)
        return pair(zh.rstrip("。"), (en or zh).rstrip("."))


@dataclass(frozen=True, slots=True)
class Statement:
    """A page, and what is still to be looked up for it."""

    kind: str
    title: Pair
    number: str
    issuer: Pair
    facts: Sequence[tuple[Pair, Any]]
    parts: Sequence[dict[str, Any]]
    lead: Pair  # what is to be known before the rest is read
    rulebook: str | None = None  # that judged, where it is not the present one
    codes: Sequence[str] = field(default_factory=tuple)
    has_bars: bool = False
    is_over: bool = False  # nothing on it holds any more

    def page(self, making: Making, clauses: Sequence[Answer]) -> dict[str, Any]:
        return {
            "lang": making.lang,
            "title": self.title,
            "number": self.number,
            "issuer": self.issuer,
            "madeOn": str(making.made_on),
            "rulebook": self.rulebook or making.rulebook,
            "facts": [fact for fact in self.facts if fact[1] is not None],
            "parts": [*self.parts, *([_clauses(clauses)] if clauses else [])],
            "legend": self.has_bars,
            "lead": self.lead,
            "isOver": self.is_over,
        }


# Helpers for all kinds


def amount(given: Mapping[str, Any] | str | None) -> str | None:
    """An amount as people read it: with two decimals, and commas between thousands."""
    if given is None:
        return None
    return f"{Decimal(given if isinstance(given, str) else given['amount']):,.2f}"


def instant(text: str | None) -> str | None:
    """By the clock of Shanghai."""
    return None if text is None else f"{dt.datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def days(first: str | None, last: str | None) -> str | None:
    return None if first is None else f"{first} – {last or '…'}"


def named(person: Answer | None) -> str | None:
    return None if person is None else f"{person['name']} ({person['idNumber']})"


def both(item: Answer | None) -> Pair | None:
    return None if item is None else pair(item["zh"], item["en"])


def issuer(product: Answer | None) -> Pair:
    """Whose statement it is: the insurer, where the handbook names one."""
    found = None if product is None else product["insurer"] or product
    return pair("", "") if found is None else pair(found["zh"], found["en"])


def column(zh: str, en: str, width: int | None = None, *, right: bool = False, inline: bool = False) -> dict[str, Any]:
    """Both languages stand in one line of a wide column of short words, and one below the other elsewhere."""
    return {"name": pair(zh, en), "width": width, "right": right, "inline": inline}


def table(
    heading: Pair | str | None,
    columns: Sequence[dict[str, Any]],
    rows: Sequence[Sequence[Any]],
    *,
    total: Sequence[Any] | None = None,
    lead: Any = None,
) -> dict[str, Any]:
    return {"kind": "table", "heading": heading, "lead": lead, "columns": columns, "rows": rows, "total": total}


def noted(text: Any, *notes: str | None) -> Any:
    told = " · ".join(note for note in notes if note)
    return {"text": text, "note": told} if told else text


def bar(used: Decimal, held: Decimal, limit: Decimal | None) -> dict[str, Any] | Pair:
    """Shares of the limit; beyond it, shares of what is used and held, with a mark where the limit is."""
    if limit is None:
        return pair("", "")
    whole = max(limit, used + held)
    share = [str(round(part / whole, 4)) if whole else "0" for part in (used, held, limit)]
    percent = f"{(used + held) / limit:.0%}" if limit else "–"
    alt = pair(f"已用与占用共为限额的 {percent}", f"Used and held are {percent} of the limit")
    parts = {"used": share[0], "held": share[1], "over": share[2] if used + held > limit else None}
    return {"bar": parts, "alt": alt, "percent": percent}


def unique(codes: Iterable[str]) -> list[str]:
    return sorted(set(codes))


def _clauses(clauses: Sequence[Answer]) -> dict[str, Any]:
    columns = [
        column("规则", "Rule", 14),
        column("手册条款", "Clause of the handbook", 30),
        column("内容", "What it says", 50),
    ]
    books = {book["zh"]: book["en"] for book in (item["product"]["handbook"] for item in clauses)}
    lead = pair("、".join(f"《{zh}》" for zh in books), ", ".join(books.values()))
    return table(pair("所依据的条款", "Clauses behind it"), columns, [_clause(item) for item in clauses], lead=lead)


def _clause(rule: Answer) -> list[Any]:
    clause = rule["clause"]
    item = f" {clause['item']}" if clause["item"] else ""
    place = pair(f"{clause['zh']}{item}", f"{clause['en']}{item}")
    return [rule["code"], noted(place, clause["lines"]), both(rule)]
