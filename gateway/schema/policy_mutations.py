"""Mutations of policies: registration by staff, and verification of entitlements."""

import datetime as dt
from decimal import Decimal

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.language import T
from gateway.resolvers import policies
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.policies import PersonRequest, PolicyRequest
from gateway.schema.entitlements import Entitlement
from gateway.schema.enums import Gender, IdType, PolicyChannel, ProductCode, ServiceKind
from gateway.schema.mutations import KEY, many_of_subject, mutation, of_subject
from gateway.schema.policies import Policy
from gateway.schema.verdicts import Outcome


@strawberry.input(description=T("登记到保单上的人。", "A person to be put on a policy."))
class PersonInput:
    name: str = strawberry.field(description=T("姓名。", "Name."))
    gender: Gender = strawberry.field(description=T("性别。", "Gender."))
    birth_on: dt.date = strawberry.field(description=T("出生日期。", "Day of birth."))
    phone: str | None = strawberry.field(default=None, description=T("电话。", "Phone."))
    id_type: IdType = strawberry.field(description=T("证件类型。", "Kind of identity paper."))
    id_number: str = strawberry.field(
        description=T(
            "证件号码；加密保存，只再显示末四位。",
            "Number of the paper; kept encrypted, and shown again by its last four only.",
        )
    )


@strawberry.input(description=T("登记保单。", "A policy to be registered."))
class PolicyRegisterInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    product: ProductCode = strawberry.field(description=T("产品。", "Its product."))
    plan: str | None = strawberry.field(
        default=None,
        description=T("计划代码；产品有计划时必填。", "Code of its plan; required where the product has plans."),
    )
    riders: list[str] = strawberry.field(default_factory=list, description=T("附加责任代码。", "Codes of its riders."))
    number: str = strawberry.field(description=T("保单号。", "Policy number."))
    effective_on: dt.date = strawberry.field(
        description=T("生效日，自当日零时（上海时间）起。", "First covered day, from midnight in Shanghai.")
    )
    waiting_days: int | None = strawberry.field(
        default=None, description=T("保单载明的等待期（天）。", "Waiting period that the policy states, in days.")
    )
    channel: PolicyChannel = strawberry.field(
        default=PolicyChannel.ONLINE, description=T("投保渠道。", "How it was sold.")
    )
    advance_limit: Decimal | None = strawberry.field(
        default=None, description=T("单次住院垫付限额（元）。", "Limit of an advance for one stay, in CNY.")
    )
    holder: PersonInput = strawberry.field(description=T("投保人。", "The policyholder."))
    insured: list[PersonInput] = strawberry.field(description=T("被保险人，至少一人。", "The insured, at least one."))


@strawberry.type(description=T("登记保单的结果。", "Answer to registering a policy."))
class PolicyRegisterPayload(Outcome):
    policy: Policy | None = of_subject("Policy", T("所登记的保单。", "The registered policy."), "policy_id")


@strawberry.input(description=T("核验权益。", "A verification of entitlements."))
class EntitlementVerifyInput:
    idempotency_key: strawberry.ID = strawberry.field(description=KEY)
    policy_number: str = strawberry.field(description=T("保单号。", "Policy number."))
    service: ServiceKind | None = strawberry.field(
        default=None, description=T("要使用的服务。", "The service to be used.")
    )


@strawberry.type(description=T("核验权益的结果。", "Answer to a verification."))
class EntitlementVerifyPayload(Outcome):
    policy: Policy | None = of_subject("Policy", T("保单。", "The policy."), "policy_id")
    entitlements: list[Entitlement] = many_of_subject(
        "Entitlement",
        ("position", "insured_id"),
        T("保单的权益中请求者可见者。", "The policy's entitlements that the viewer may see."),
        "policy_id",
    )


def _person(given: PersonInput) -> PersonRequest:
    return PersonRequest(
        given.name, given.gender.value, given.birth_on, given.phone, given.id_type.value, given.id_number
    )


def _policy(given: PolicyRegisterInput) -> PolicyRequest:
    return PolicyRequest(
        number=given.number,
        product=given.product.value,
        plan=given.plan,
        riders=tuple(given.riders),
        effective_on=given.effective_on,
        waiting_days=given.waiting_days,
        channel=given.channel.value,
        advance_limit=given.advance_limit,
        holder=_person(given.holder),
        insured=tuple(_person(person) for person in given.insured),
    )


async def _register(transaction: Transaction, operation: str, input: PolicyRegisterInput) -> Work:
    return await policies.register(transaction, operation, _policy(input))


async def _verify(transaction: Transaction, operation: str, input: EntitlementVerifyInput) -> Work:
    service = input.service.value if input.service else None
    return await policies.verify(transaction, operation, policy_number=input.policy_number, service=service)


@strawberry.type
class PolicyMutations:
    policy_register = mutation(
        PolicyRegisterInput,
        PolicyRegisterPayload,
        _register,
        "登记保单并开立权益账户。",
        "Register a policy and open its entitlement accounts.",
        scopes=("policies:write",),
        kinds=(ViewerKind.STAFF,),
    )
    entitlement_verify = mutation(
        EntitlementVerifyInput,
        EntitlementVerifyPayload,
        _verify,
        "凭保单号核验服务权益。",
        "Verify entitlements by policy number.",
        scopes=("policies:read",),
    )
