"""What health managers talk about with policyholders, as both sides and staff read it."""

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import SqlType, column, enum_column, global_id, sql_type, to_one
from gateway.execution.filters import matches
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.resolvers import manager_contacts
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.manager_contacts import PREFIX, Contact
from gateway.schema.enums import ProductCode, word
from gateway.schema.health_record_mutations import KEEPERS, OfRecord
from gateway.schema.health_records import POLICY_NUMBER, of_exact_policy
from gateway.schema.mutations import mutation, of_subject
from gateway.schema.nodes import Node
from gateway.schema.vendors import Vendor
from gateway.schema.verdicts import Outcome
from models.health_records import ManagerContact as Rows

if TYPE_CHECKING:
    from gateway.schema.people import Person


@strawberry.enum(description=T("健康管家联系投保人的方式。", "How a health manager contacts the policyholder."))
class ManagerChannel(Enum):
    PHONE = word("PHONE", "专属热线来电。", "A call from the manager's own number.")
    WECHAT_WORK = word("WECHAT_WORK", "企业微信。", "WeChat Work.")
    SMS = word("SMS", "短信。", "Text message.")
    OTHER = word("OTHER", "手册没有列出的方式。", "A way that the handbook does not name.")


@strawberry.enum(description=T("健康管家联系的内容。", "What a contact of the health manager is about."))
class ManagerTopic(Enum):
    CONSULTATION = word("CONSULTATION", "健康咨询。", "Questions of health.")
    PREVENTION = word("PREVENTION", "疾病预防。", "Prevention.")
    CHRONIC_DISEASE = word("CHRONIC_DISEASE", "慢病管理。", "A chronic illness.")
    REHABILITATION = word("REHABILITATION", "康复支持。", "Recovery.")
    OTHER = word("OTHER", "其他。", "Something else.")


@sql_type(
    Rows,
    T("健康管家与投保人的一次联系。", "A contact of the health manager with the policyholder."),
    prefix=PREFIX,
    id_columns=("policy_id", "id"),
    scope="bookings:read",
)
class ManagerContact(SqlType, Node):
    id: strawberry.ID = global_id(PREFIX, "policy_id", "id")
    policy_number: str = column("policy_number", T("保单号。", "Number of the policy."))
    product: ProductCode = enum_column("product_code", ProductCode, T("产品。", "Its product."))
    vendor: Vendor | None = to_one("Vendor", T("管家所属的服务商。", "Whose manager it was."), code="vendor_code")
    manager: str = column("manager", T("管家姓名。", "Name of the manager."))
    channel: ManagerChannel = enum_column("channel", ManagerChannel, T("联系方式。", "How it was made."))
    topic: ManagerTopic = enum_column("topic", ManagerTopic, T("内容类别。", "What it was about."), sensitive=True)
    contacted_at: dt.datetime = column("contacted_at", T("联系的时刻。", "When it took place."))
    is_reached: bool = column("is_reached", T("是否联系上。", "Whether the policyholder was reached."))
    content: str | None = column(
        "content", T("谈了什么；没有联系上为空。", "What was discussed; null if nobody was reached."), sensitive=True
    )
    next_contact_at: dt.datetime | None = column(
        "next_contact_at", T("约定的下次联系时刻；没有约定为空。", "When the next one is due; null if none is.")
    )
    followed_at: dt.datetime | None = column(
        "followed_at", T("其后又有联系并记下的时刻。", "When a later contact was recorded.")
    )
    insured: Annotated["Person", strawberry.lazy("gateway.schema.people")] | None = to_one(
        "Person", T("所关乎的被保险人。", "The insured whom it is about."), policy_id="policy_id", id="insured_id"
    )


@strawberry.input(description=T("管家联系的筛选条件。", "Filter of the contacts of health managers."))
class ManagerContactFilter:
    policy_number: str | None = matches(of_exact_policy, POLICY_NUMBER)


@strawberry.input(description=T("记下健康管家的一次联系。", "A contact of the health manager to be put down."))
class HealthManagerContactRecordInput(OfRecord):
    manager: str = strawberry.field(description=T("管家姓名。", "Name of the manager."))
    channel: ManagerChannel = strawberry.field(description=T("联系方式。", "How it was made."))
    topic: ManagerTopic = strawberry.field(description=T("内容类别。", "What it was about."))
    contacted_at: dt.datetime = strawberry.field(
        description=T("联系的时刻，不晚于现在。", "When it took place, until now.")
    )
    is_reached: bool = strawberry.field(default=True, description=T("是否联系上。", "Whether anybody was reached."))
    content: str | None = strawberry.field(
        default=None, description=T("谈了什么；联系上时必填。", "What was discussed; needed if somebody was reached.")
    )
    next_contact_at: dt.datetime | None = strawberry.field(
        default=None,
        description=T(
            "约定的下次联系时刻，晚于现在；到时列在管家一方的待办中。",
            "When the next one is agreed upon, after now; it stands in the work queue of the manager's side.",
        ),
    )


@strawberry.type(description=T("记下管家联系的结果。", "Answer to putting a contact down."))
class HealthManagerContactRecordPayload(Outcome):
    manager_contact: ManagerContact | None = of_subject(
        "ManagerContact", T("这次联系；被拒绝则为空。", "The contact; null if refused."), "policy_id", "id"
    )


async def _record(transaction: Transaction, operation: str, input: HealthManagerContactRecordInput) -> Work:
    contact = Contact(
        input.manager,
        input.channel.value,
        input.topic.value,
        input.contacted_at,
        input.is_reached,
        input.content,
        input.next_contact_at,
    )
    return await manager_contacts.record(
        transaction, operation, policy_number=input.policy_number, insured=input.insured, contact=contact
    )


@strawberry.type
class ManagerContactMutations:
    health_manager_contact_record = mutation(
        HealthManagerContactRecordInput,
        HealthManagerContactRecordPayload,
        _record,
        "记下健康管家与投保人的一次联系：方式、时间、谈了什么、何时再联系；投保人可以查阅。",
        "Put down a contact of the health manager with the policyholder, who can read it: how, when, what was "
        "discussed, and when the next one is due.",
        kinds=KEEPERS,
    )


@strawberry.type
class ManagerContactQueries:
    manager_contacts: Connection[ManagerContact] = connection(
        "ManagerContact",
        T("可见的管家联系，新的在前。", "Contacts of health managers that the viewer may see, newest first."),
        of=ManagerContact,
        orders=(Key("contacted_at", descending=True), Key("id", descending=True)),
        where=ManagerContactFilter,
        scope="bookings:read",
    )
