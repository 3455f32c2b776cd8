"""Closed sets. Open catalogues, such as departments and cities, are types with `code` and `name`."""

from enum import Enum
from typing import Any

import strawberry

from gateway.language import T


def word(value: str, zh: str, en: str) -> Any:
    """A value of an enum, described in both languages."""
    return strawberry.enum_value(value, description=T(zh, en))


@strawberry.enum(description=T("产品代码。", "Code of a product."))
class ProductCode(Enum):
    ZYB = word("ZYB", "住院宝。", "Zhuyuanbao, the inpatient product.")
    ZAWX = word("ZAWX", "臻爱无限 2023 版。", "Zhen'ai Wuxian, edition 2023.")
    CY23 = word("CY23", "成长优享 2023 系列。", "Chengzhang Youxiang, series 2023.")
    VAS = word("VAS", "增值服务包。", "The stand-alone package of value-added services.")
    CY26 = word("CY26", "成长优享 2026 系列。", "Chengzhang Youxiang, series 2026.")


@strawberry.enum(description=T("服务种类。", "Kind of a service."))
class ServiceKind(Enum):
    TEXT_CONSULTATION = word("TEXT_CONSULTATION", "图文咨询。", "Consultation in text and pictures.")
    PHONE_CONSULTATION = word("PHONE_CONSULTATION", "电话咨询。", "Consultation by phone.")
    FAMILY_DOCTOR = word("FAMILY_DOCTOR", "家庭医生。", "Family doctor.")
    EXPERT_CALL = word("EXPERT_CALL", "专家点诊。", "Call with an expert.")
    OUTPATIENT_ESCORT = word("OUTPATIENT_ESCORT", "门诊陪诊。", "Escort on an outpatient visit.")
    OUTPATIENT_GREEN_CHANNEL = word("OUTPATIENT_GREEN_CHANNEL", "门诊绿通。", "Green channel for an outpatient visit.")
    INPATIENT_GREEN_CHANNEL = word("INPATIENT_GREEN_CHANNEL", "住院绿通。", "Green channel for a hospital stay.")
    SECOND_OPINION = word("SECOND_OPINION", "国际二次诊疗。", "Second opinion from abroad.")
    ONCOLOGY_DRUG = word("ONCOLOGY_DRUG", "恶性肿瘤特药。", "Special drugs for malignant tumours.")
    DRUG_QUESTION = word("DRUG_QUESTION", "药品咨询。", "Question about a drug.")
    ADVANCE_PAYMENT = word("ADVANCE_PAYMENT", "住院垫付。", "Advance payment of a hospital stay.")
    HOSPITAL_VISIT = word("HOSPITAL_VISIT", "就医预约。", "Booking of a hospital visit.")
    VACCINATION = word("VACCINATION", "疫苗接种预约。", "Booking of a vaccination.")
    RESPIRATORY_TEST = word("RESPIRATORY_TEST", "呼吸道检测。", "Respiratory test.")
    ONSITE_ASSISTANCE = word("ONSITE_ASSISTANCE", "驻点协助。", "Assistance by staff on site.")
    HEALTH_CHECK = word("HEALTH_CHECK", "健康检查。", "Health check.")
    HEALTH_LECTURE = word("HEALTH_LECTURE", "健康讲座。", "Health lecture.")
    HEALTH_TIPS = word("HEALTH_TIPS", "健康资讯。", "Health tips.")
    VIP_SERVICE = word("VIP_SERVICE", "贵宾服务。", "VIP service.")
    HEALTH_RECORD = word("HEALTH_RECORD", "健康档案。", "Health record.")
    CHECKUP_PLAN = word("CHECKUP_PLAN", "体检方案建议。", "Check-up plan.")
    GROWTH_ASSESSMENT = word("GROWTH_ASSESSMENT", "生长发育评估。", "Growth assessment.")
    VACCINATION_REMINDER = word("VACCINATION_REMINDER", "接种提醒。", "Vaccination reminder.")
    HEALTH_MANAGER = word("HEALTH_MANAGER", "健康管家。", "Health manager.")


@strawberry.enum(description=T("规则的性质。", "What kind of rule it is."))
class RuleKind(Enum):
    HARD = word("HARD", "必须满足，否则拒绝。", "Must hold, or the request is refused.")
    SOFT = word("SOFT", "只提示并记录，不拒绝。", "Warns and records; never refuses.")
    CONSEQUENCE = word("CONSEQUENCE", "某事发生后的后果。", "What follows from an event.")
    SLA = word("SLA", "服务方的时限。", "A deadline of the vendor or the insurer.")
    DISCLOSURE = word("DISCLOSURE", "须告知客户的内容。", "Something the client must be told.")
    FLOW = word("FLOW", "流程的步骤与次序。", "A step of a procedure and its place.")
    DATA = word("DATA", "手册所载事实。", "A fact that the handbook states.")


@strawberry.enum(description=T("网关如何落实该规则。", "How the gateway accounts for the rule."))
class RuleEnforcement(Enum):
    ENFORCED = word("ENFORCED", "由校验或状态机执行。", "Upheld by a check or by the lifecycle.")
    DATA = word("DATA", "作为数据提供。", "Carried as data.")
    DISCLOSED = word("DISCLOSED", "向客户展示。", "Shown to the client.")
    TIMED = word("TIMED", "由时限或提醒执行。", "Run by a clock or a reminder.")
    NOT_FOR_SOFTWARE = word(
        "NOT_FOR_SOFTWARE", "软件无从执行，附有理由。", "Nothing software could do; a reason is given."
    )
    PENDING = word("PENDING", "所属服务尚未上线。", "Its service is not built yet.")


@strawberry.enum(description=T("规则的判定。", "What a rule says."))
class VerdictStatus(Enum):
    PASSED = word("PASSED", "通过。", "It holds.")
    REFUSED = word("REFUSED", "不满足，请求被拒绝。", "It does not hold, and the request is refused.")
    WARNED = word("WARNED", "可以办理，但请注意。", "The request goes on; mind what it says.")
    UNKNOWN = word("UNKNOWN", "缺少事实，转人工判断。", "A fact is missing; people decide.")


@strawberry.enum(description=T("医院的所有制。", "Who owns the hospital."))
class HospitalType(Enum):
    PUBLIC = word("PUBLIC", "公立。", "Public.")
    PRIVATE = word("PRIVATE", "私立。", "Private.")


@strawberry.enum(description=T("就诊部别。", "Class of department."))
class DepartmentClass(Enum):
    GENERAL = word("GENERAL", "普通部。", "General department.")
    SPECIAL = word("SPECIAL", "特需部。", "Special-needs department.")
    INTERNATIONAL = word("INTERNATIONAL", "国际部。", "International department.")


@strawberry.enum(description=T("保险责任。", "Liability of a network."))
class Liability(Enum):
    OUTPATIENT_INPATIENT = word("OUTPATIENT_INPATIENT", "门急诊与住院。", "Outpatient, emergency and inpatient.")
    VACCINE = word("VACCINE", "疫苗。", "Vaccination.")
    EYE = word("EYE", "眼科。", "Eye care.")
    DENTAL = word("DENTAL", "齿科。", "Dental care.")
    ADVANCE = word("ADVANCE", "垫付服务网络。", "Advance-payment network of a vendor.")


@strawberry.enum(description=T("数据来源。", "Where a record comes from."))
class RecordSource(Enum):
    HANDBOOK = word("HANDBOOK", "手册所载。", "Named in a handbook.")
    IMPORTED = word("IMPORTED", "由文件导入。", "Imported from a file.")
    DEMO = word("DEMO", "演示数据，非真实机构。", "Demo data, not a real institution.")


@strawberry.enum(description=T("联系渠道的用途。", "What a channel is for."))
class ContactPurpose(Enum):
    HOTLINE = word("HOTLINE", "客服热线。", "Hotline.")
    APPOINTMENT = word("APPOINTMENT", "预约。", "Appointments.")
    PRE_AUTHORIZATION = word("PRE_AUTHORIZATION", "事先授权。", "Pre-authorization.")
    CLAIMS = word("CLAIMS", "理赔。", "Claims.")
    CLAIM_ORIGINALS = word("CLAIM_ORIGINALS", "寄送理赔原件。", "Address for claim originals.")
    SHIPMENT_NOTICE = word("SHIPMENT_NOTICE", "寄件通知。", "Notice of a shipment.")
    ADVANCE = word("ADVANCE", "住院垫付。", "Advance payment.")
    HEALTH_MANAGER = word("HEALTH_MANAGER", "健康管家。", "Health manager.")
    MINI_PROGRAM = word("MINI_PROGRAM", "小程序入口。", "Mini-program.")
    OFFICIAL_ACCOUNT = word("OFFICIAL_ACCOUNT", "公众号。", "Official account.")
    CARD = word("CARD", "电子保险卡。", "Electronic card.")


@strawberry.enum(description=T("联系方式。", "Kind of channel."))
class ContactKind(Enum):
    PHONE = word("PHONE", "电话。", "Phone.")
    EMAIL = word("EMAIL", "电子邮件。", "E-mail.")
    MINI_PROGRAM = word("MINI_PROGRAM", "微信小程序。", "WeChat mini-program.")
    OFFICIAL_ACCOUNT = word("OFFICIAL_ACCOUNT", "微信公众号。", "WeChat official account.")
    POST = word("POST", "邮寄地址。", "Postal address.")
    WECHAT_WORK = word("WECHAT_WORK", "企业微信。", "WeChat Work.")


@strawberry.enum(description=T("日历数据的状态。", "How sure a day of the calendar is."))
class CalendarStatus(Enum):
    OFFICIAL = word("OFFICIAL", "以公布的放假通知为准。", "From the published holiday notice.")
    ESTIMATED = word(
        "ESTIMATED", "当年通知尚未载入，按规则估计。", "The year's notice is not loaded; estimated by rule."
    )


@strawberry.enum(description=T("请求者的身份。", "Who asks."))
class ViewerKind(Enum):
    ANONYMOUS = word("ANONYMOUS", "未登录。", "Nobody signed in.")
    CUSTOMER = word("CUSTOMER", "客户。", "Customer.")
    VENDOR = word("VENDOR", "合作服务商。", "Partner vendor.")
    STAFF = word("STAFF", "保险公司员工。", "Staff of the insurer.")


@strawberry.enum(description=T("投保渠道。", "How the policy was sold."))
class PolicyChannel(Enum):
    ONLINE = word("ONLINE", "线上。", "Online.")
    OFFLINE_PAPER = word("OFFLINE_PAPER", "线下纸质。", "Offline, on paper.")


@strawberry.enum(description=T("保单状态。", "State of a policy."))
class PolicyStatus(Enum):
    IN_FORCE = word("IN_FORCE", "有效。", "In force.")
    TERMINATED = word("TERMINATED", "已终止。", "Terminated.")


@strawberry.enum(description=T("性别。", "Gender."))
class Gender(Enum):
    MALE = word("MALE", "男。", "Male.")
    FEMALE = word("FEMALE", "女。", "Female.")


@strawberry.enum(description=T("证件类型。", "Kind of identity paper."))
class IdType(Enum):
    ID_CARD = word("ID_CARD", "居民身份证。", "Resident identity card.")
    PASSPORT = word("PASSPORT", "护照。", "Passport.")
    BIRTH_CERTIFICATE = word("BIRTH_CERTIFICATE", "出生医学证明。", "Birth certificate.")
    HOUSEHOLD_REGISTER = word("HOUSEHOLD_REGISTER", "户口簿。", "Household register.")
    HK_MACAO_PERMIT = word(
        "HK_MACAO_PERMIT", "港澳居民来往内地通行证或居住证。", "Permit of Hong Kong and Macao residents."
    )
    TAIWAN_PERMIT = word("TAIWAN_PERMIT", "台湾居民来往大陆通行证或居住证。", "Permit of Taiwan residents.")
    OTHER = word("OTHER", "其他证件。", "Another paper.")


@strawberry.enum(description=T("在保单中的角色。", "Role on the policy."))
class MemberRole(Enum):
    HOLDER = word("HOLDER", "投保人。", "Policyholder.")
    INSURED = word("INSURED", "被保险人。", "Insured.")


@strawberry.enum(description=T("权益流水的种类。", "Kind of a ledger entry."))
class LedgerKind(Enum):
    GRANT = word("GRANT", "给予。", "Uses granted.")
    HOLD = word("HOLD", "占用。", "A use reserved.")
    CONSUME = word("CONSUME", "使用。", "A reserved use spent.")
    RELEASE = word("RELEASE", "释放。", "A reserved use given back.")
    EXPIRE = word("EXPIRE", "到期。", "Lapsed.")
    ADJUST = word("ADJUST", "人工调整。", "Adjusted by staff.")


@strawberry.enum(description=T("医院的排序。", "Ordering of hospitals."))
class HospitalOrder(Enum):
    NAME_ASC = word("NAME_ASC", "名称拼音，升序。", "By the pinyin of the name.")
    NAME_DESC = word("NAME_DESC", "名称拼音，降序。", "By the pinyin of the name, descending.")


@strawberry.enum(description=T("药品的排序。", "Ordering of drugs."))
class DrugOrder(Enum):
    SEQ_ASC = word("SEQ_ASC", "按清单序号。", "By their place in the list.")
    BRAND_ASC = word("BRAND_ASC", "按商品名拼音。", "By the pinyin of the brand.")


@strawberry.enum(description=T("药店的排序。", "Ordering of pharmacies."))
class PharmacyOrder(Enum):
    NAME_ASC = word("NAME_ASC", "名称拼音，升序。", "By the pinyin of the name.")
    NAME_DESC = word("NAME_DESC", "名称拼音，降序。", "By the pinyin of the name, descending.")
