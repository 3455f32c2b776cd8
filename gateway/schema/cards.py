"""Insurance cards: whether one opens direct billing today, and why it does not."""

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import Date
from strawberry.types import Info

from gateway.execution.declare import (
    SqlType,
    column,
    computed,
    enum_column,
    global_id,
    sql_type,
    to_many,
    to_one,
)
from gateway.execution.forms import Scope
from gateway.language import T
from gateway.repositories import cards as card_sql
from gateway.resolvers import cards
from gateway.schema.case_enums import BindingProof, CardStatus, SuspensionCause
from gateway.schema.cases import Owned
from gateway.schema.nodes import Node
from gateway.schema.rules import Rule
from gateway.validation.civil_time import civil_day
from models.bills import CardSuspension as SuspensionRows
from models.cards import Card as CardRows
from models.cards import CardBinding as BindingRows

READ = "policies:read"


def _status(root: Any, info: Info) -> CardStatus:
    return CardStatus(
        cards.status(root["state"], root["$is_suspended"], root["$covered_until"], civil_day(info.context.now))
    )


def _shown(info: Info) -> dt.date:
    return civil_day(info.context.now)


def _today(scope: Scope) -> Any:
    return scope.bind(Date(), lambda context: civil_day(context.now))


@sql_type(SuspensionRows, T("卡片停用的一个原因。", "A cause for which a card is suspended."), scope=READ)
class CardSuspension(SqlType):
    cause: SuspensionCause = enum_column("cause_type", SuspensionCause, T("原因。", "The cause."))
    rule: Rule | None = to_one("Rule", T("依据的规则。", "The rule behind it."), code="rule_code")
    suspended_at: dt.datetime = column("suspended_at", T("停用时刻。", "When it began."))
    lifted_at: dt.datetime | None = column("lifted_at", T("解除时刻。", "When it was lifted."))
    reason: str | None = column("reason", T("解除的理由。", "Why it was lifted."), sensitive=True)


@sql_type(BindingRows, T("一次绑卡。", "A card in somebody's hands."), scope=READ)
class CardBinding(SqlType):
    relation: str | None = column("relation", T("被保险人与持卡人的关系。", "What the insured is to the holder."))
    proof: BindingProof = enum_column("proof", BindingProof, T("核验方式。", "How it was proven."))
    bound_at: dt.datetime = column("bound_at", T("绑定时刻。", "When it was bound."))
    unbound_at: dt.datetime | None = column("unbound_at", T("解绑时刻。", "When it was given up."))


@sql_type(
    CardRows,
    T("被保险人的电子保险卡。", "The insurance card of one insured."),
    prefix="card",
    id_columns=("policy_id", "id"),
    scope=READ,
)
class Card(SqlType, Node, Owned):
    id: strawberry.ID = global_id("card", "policy_id", "id")
    status: CardStatus = computed(
        _status,
        T(
            "此刻的状态；依绑定、停用原因与保障期间推算。",
            "Its state at this moment, by binding, suspensions and cover.",
        ),
        sql=lambda row, scope: card_sql.status(row, _today(scope)),
        needs={"is_suspended": card_sql.is_suspended, "covered_until": card_sql.covered_until},
    )
    display_on: dt.date = computed(
        _shown,
        T(
            "卡面日期：请求当日。与当日不符的卡面在医院无效。",
            "Day that the card shows: that of the request. A card that shows another day is not valid at a hospital.",
        ),
        sql=lambda _row, scope: _today(scope),
    )
    suspensions: list[CardSuspension] = to_many(
        "CardSuspension",
        ["suspended_at", "id"],
        T("停用原因，旧的在前。", "Causes of suspension, oldest first."),
        policy_id="policy_id",
        card_id="id",
    )
    bindings: list[CardBinding] = to_many(
        "CardBinding",
        ["bound_at", "id"],
        T("绑定记录，旧的在前。", "Who has bound it, oldest first."),
        policy_id="policy_id",
        card_id="id",
    )
