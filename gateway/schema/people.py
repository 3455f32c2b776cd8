"""People on policies, as their owners, serving vendors and staff may see them."""

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import null
from strawberry.types import Info

from gateway.auth.viewer import ViewerKind
from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    SqlType,
    computed,
    enum_column,
    global_id,
    sql_type,
    to_many,
    to_one,
)
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.repositories import personal as personal_sql
from gateway.resolvers.personal import masked_name, masked_number
from gateway.schema.enums import Gender, IdType, MemberRole
from gateway.schema.health_records import HealthRecord
from gateway.schema.manager_contacts import ManagerContact
from gateway.schema.nodes import Node
from gateway.schema.tellings import name_for
from gateway.schema.vaccinations import Vaccination
from models.policies import PolicyMember as MemberRows


def _name(root: Any, info: Info) -> str:
    return masked_name(root["name"]) if info.context.viewer.kind is ViewerKind.VENDOR else root["name"]


def _birth_on(root: Any, info: Info) -> Any:
    return None if info.context.viewer.kind is ViewerKind.VENDOR else root["birth_on"]


def _id_number(root: Any) -> str:
    return masked_number(root["id_number_last4"])


def _phone(root: Any) -> str | None:
    return None if root["phone_last4"] is None else masked_number(root["phone_last4"])


@sql_type(
    MemberRows,
    T("保单上的人。", "A person on a policy."),
    prefix="person",
    id_columns=("policy_id", "id"),
    scope="policies:read",
)
class Person(SqlType, Node):
    id: strawberry.ID = global_id("person", "policy_id", "id")
    role: MemberRole = enum_column("role", MemberRole, T("角色。", "Role on the policy."))
    name: str = computed(
        _name,
        T("姓名；对服务商只显示姓氏。", "Name; vendors see the surname only."),
        sql=lambda row, scope: name_for(row.name, scope),
    )
    gender: Gender = enum_column("gender", Gender, T("性别。", "Gender."))
    birth_on: dt.date | None = computed(
        _birth_on,
        T("出生日期；不向服务商提供。", "Day of birth; not for vendors."),
        sql=lambda row, scope: null() if scope.sight.kind is ViewerKind.VENDOR else row.birth_on,
    )
    id_type: IdType = enum_column("id_type", IdType, T("证件类型。", "Kind of identity paper."))
    id_number: str = computed(
        _id_number,
        T("证件号码，只显示末四位。", "Number of the identity paper; only its last four characters."),
        sql=lambda row, _scope: personal_sql.masked_number(row.id_number_last4),
    )
    phone: str | None = computed(
        _phone,
        T("电话，只显示末四位。", "Phone; only its last four digits."),
        sql=lambda row, _scope: personal_sql.masked_number(row.phone_last4),
    )
    health_record: HealthRecord | None = to_one(
        "HealthRecord",
        T("健康档案；未建档为空。", "The health record; null where none has been begun."),
        policy_id="policy_id",
        insured_id="id",
    )
    manager_contacts: Connection[ManagerContact] = connection(
        "ManagerContact",
        T("健康管家与投保人的联系，新的在前。", "Contacts of the health manager, newest first."),
        of=ManagerContact,
        orders=(Key("contacted_at", descending=True), Key("id", descending=True)),
        within={"policy_id": "policy_id", "insured_id": "id"},
    )
    vaccinations: list[Vaccination] = to_many(
        "Vaccination",
        ["due_on", "vaccine", "dose"],
        T(
            "健康档案中的接种计划，按到期日。",
            "The schedule of vaccinations in the health record, by the day they are due.",
        ),
        policy_id="policy_id",
        insured_id="id",
    )
