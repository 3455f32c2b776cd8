"""Closed sets of orders of listed drugs."""

from enum import Enum

import strawberry

from gateway.language import T
from gateway.schema.enums import word


@strawberry.enum(description=T("由谁申请。", "Who applies."))
class ApplicantRole(Enum):
    INSURED = word("INSURED", "被保险人本人。", "The insured.")
    GUARDIAN = word("GUARDIAN", "法定监护人。", "The legal guardian.")
    AGENT = word("AGENT", "受托的代办人。", "An agent with a power of attorney.")


@strawberry.enum(description=T("处方审核的结论。", "What the review of a prescription found."))
class PrescriptionOutcome(Enum):
    APPROVED = word("APPROVED", "通过。", "It has passed.")
    REJECTED = word("REJECTED", "未通过。", "It has not passed.")


@strawberry.enum(description=T("取药的方式。", "How the client gets the drug."))
class DrugFulfillment(Enum):
    PICKUP = word("PICKUP", "到指定药店取药。", "Collected at a designated pharmacy.")
    DELIVERY = word("DELIVERY", "送药上门，不收运费。", "Brought home, free of charge.")


@strawberry.enum(description=T("药品损坏的原因。", "How a drug was damaged."))
class DamageCause(Enum):
    TRANSIT = word("TRANSIT", "运输途中。", "On its way.")
    CLIENT = word("CLIENT", "客户自身原因。", "By the client.")


@strawberry.enum(description=T("报损的状态。", "State of reported damage."))
class DamageStatus(Enum):
    REPORTED = word("REPORTED", "等待核实。", "Nobody has looked into it yet.")
    VERIFIED = word("VERIFIED", "属实。", "It is as it was told.")
    REJECTED = word("REJECTED", "不属实。", "It is not.")


@strawberry.enum(description=T("终止服务的特别原因。", "A special cause for ending a service."))
class TerminationCause(Enum):
    IMPERSONATION = word("IMPERSONATION", "冒用被保险人身份。", "Somebody posed as the insured.")
