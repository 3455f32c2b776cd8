"""Policies, as their owners, serving vendors and staff may see them."""

import datetime as dt

import strawberry
from sqlalchemy import Date, and_, func

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    SqlType,
    column,
    enum_column,
    expression,
    global_id,
    money,
    sql_type,
    to_many,
    to_one,
)
from gateway.execution.filters import equals, matches
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.schema.access import PolicyAccess
from gateway.schema.advances import Advance, AdvanceFilter
from gateway.schema.benefits import Benefit
from gateway.schema.bills import Bill, BillFilter
from gateway.schema.booking_enums import BookingOrder
from gateway.schema.bookings import ORDERS as BOOKING_ORDERS
from gateway.schema.bookings import Booking, BookingFilter
from gateway.schema.cards import Card
from gateway.schema.case_enums import CaseOrder
from gateway.schema.cases import ORDERS as CASE_ORDERS
from gateway.schema.claims import Claim, ClaimFilter
from gateway.schema.consents import Consent
from gateway.schema.entitlements import Entitlement
from gateway.schema.enums import PolicyChannel, PolicyStatus, ProductCode
from gateway.schema.hospital_visits import BrandLock
from gateway.schema.money import Money
from gateway.schema.nodes import Node
from gateway.schema.people import Person
from gateway.schema.preauths import PreAuth, PreAuthFilter
from gateway.schema.products import Plan, Product, Rider
from gateway.schema.restrictions import Restriction
from gateway.schema.statements import statement_url
from models.benefits import ORDER as BENEFIT_ORDER
from models.policies import Policy as PolicyRows
from models.policies import PolicyRider as RiderRows

CREATED = (Key("created_at", descending=True), Key("policy_id", descending=True))


@sql_type(RiderRows, T("保单的附加责任。", "A rider of a policy."))
class PolicyRider(SqlType):
    code: str = column("rider_code", T("代码。", "Code."))
    rider: Rider = to_one("Rider", T("附加责任。", "The rider."), product_code="product_code", code="rider_code")


@sql_type(
    PolicyRows,
    T("保单（一个保险期间）。", "A policy term."),
    prefix="pol",
    id_columns=("policy_id",),
    scope="policies:read",
)
class Policy(SqlType, Node):
    id: strawberry.ID = global_id("pol", "policy_id")
    number: str = column("number", T("保单号。", "Policy number."))
    product: Product | None = to_one("Product", T("产品。", "Its product."), code="product_code")
    plan: Plan | None = to_one("Plan", T("计划。", "Its plan."), product_code="product_code", code="plan_code")
    riders: list[PolicyRider] = to_many(
        "PolicyRider", ["rider_code"], T("附加责任。", "Its riders."), policy_id="policy_id"
    )
    channel: PolicyChannel = enum_column("channel", PolicyChannel, T("投保渠道。", "How it was sold."))
    status: PolicyStatus = enum_column("status", PolicyStatus, T("状态。", "Its state."))
    effective_at: dt.datetime = column("effective_at", T("生效时刻。", "When it takes effect."))
    starts_on: dt.date = expression("starts_on", lambda row: func.lower(row.cover), T("首日。", "First covered day."))
    ends_on: dt.date = expression(
        "ends_on", lambda row: func.upper(row.cover) - 1, T("末日（含）。", "Last covered day, included.")
    )
    waiting_days: int | None = column(
        "waiting_days",
        T("保单载明的等待期（天）；未载明为空。", "Waiting period in days that the policy states; null: not stated."),
    )
    advance_limit: Money | None = money("advance_limit", T("单次住院垫付限额。", "Limit of an advance for one stay."))
    holder: Person | None = to_one("Person", T("投保人。", "The policyholder."), policy_id="policy_id", id="holder_id")
    insured: list[Person] = to_many(
        "Person", ["position"], T("被保险人。", "The insured."), where={"role": "INSURED"}, policy_id="policy_id"
    )
    entitlements: list[Entitlement] = to_many(
        "Entitlement", ["position", "insured_id"], T("服务权益。", "Entitlements to services."), policy_id="policy_id"
    )
    benefits: list[Benefit] = to_many(
        "Benefit",
        BENEFIT_ORDER,
        T(
            "各被保险人的权益：限额、已用、占用与剩余；不向服务商提供。",
            "What each insured is granted, and what of it is used, held and left; nothing for vendors.",
        ),
        size=30,
        policy_id="policy_id",
    )
    statement_url: str = statement_url("pol", "权益单", "What it grants and what is left", "policy_id")
    bookings: Connection[Booking] | None = connection(
        "Booking",
        T("预约，新的在前。", "Its bookings, newest first."),
        of=Booking,
        orders=(BookingOrder, BOOKING_ORDERS),
        where=BookingFilter,
        within={"policy_id": "policy_id"},
        scope="bookings:read",
    )
    consents: list[Consent] = to_many(
        "Consent",
        ["granted_at", "id"],
        T("对个人信息用途的同意，含已撤回的。", "Consents to uses of personal data, withdrawn ones included."),
        policy_id="policy_id",
    )
    accesses: list[PolicyAccess] = to_many(
        "PolicyAccess",
        ["created_at", "id"],
        T("谁可就此保单行事，含已撤销的。", "Who may act on it, revoked ones included."),
        policy_id="policy_id",
    )
    pre_auths: Connection[PreAuth] | None = connection(
        "PreAuth",
        T("事先授权，新的在前。", "Its pre-authorizations, newest first."),
        of=PreAuth,
        orders=(CaseOrder, CASE_ORDERS),
        where=PreAuthFilter,
        within={"policy_id": "policy_id"},
        scope="preauths:read",
    )
    claims: Connection[Claim] | None = connection(
        "Claim",
        T("理赔，新的在前。", "Its claims, newest first."),
        of=Claim,
        orders=(CaseOrder, CASE_ORDERS),
        where=ClaimFilter,
        within={"policy_id": "policy_id"},
        scope="claims:read",
    )
    advances: Connection[Advance] | None = connection(
        "Advance",
        T("住院垫付，新的在前。", "Its advances, newest first."),
        of=Advance,
        orders=(CaseOrder, CASE_ORDERS),
        where=AdvanceFilter,
        within={"policy_id": "policy_id"},
        scope="advances:read",
    )
    bills: Connection[Bill] | None = connection(
        "Bill",
        T("自付账单，新的在前。", "Its bills, newest first."),
        of=Bill,
        orders=(CaseOrder, CASE_ORDERS),
        where=BillFilter,
        within={"policy_id": "policy_id"},
        scope="bills:read",
    )
    cards: list[Card] = to_many("Card", ["number", "id"], T("电子保险卡。", "Its cards."), policy_id="policy_id")
    brand_locks: list[BrandLock] | None = to_many(
        "BrandLock",
        ["locked_at", "id"],
        T("接种等系列所锁定的诊所品牌。", "The brands of clinics that its series stay with."),
        policy_id="policy_id",
    )
    restrictions: list[Restriction] | None = to_many(
        "Restriction",
        ["imposed_at", "id"],
        T(
            "失约后的限制，含已解除的。",
            "What its insured were shut out from, lifted ones included.",
        ),
        policy_id="policy_id",
    )
    is_demo: bool = column("is_demo", T("是否演示数据。", "Whether it is demo data."))
    created_at: dt.datetime = column("created_at", T("登记时刻。", "When it was registered."))


@strawberry.input(description=T("保单的筛选条件。", "Filter of policies."))
class PolicyFilter:
    number: str | None = equals("number", T("保单号。", "Policy number."))
    product: ProductCode | None = equals("product_code", T("产品。", "Its product."))
    status: PolicyStatus | None = equals("status", T("状态。", "Its state."))
    in_force_on: dt.date | None = matches(
        lambda row, given: and_(  # a range that holds a day would be guessed to be rare, and it is most of them
            func.lower(row.cover) <= given.bind(Date), func.upper(row.cover) > given.bind(Date)
        ),
        T("在此日有效。", "Covering this day."),
    )
