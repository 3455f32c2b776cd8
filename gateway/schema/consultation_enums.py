"""Closed sets of consultations and what hangs on them."""

from enum import Enum

import strawberry

from gateway.language import T
from gateway.schema.enums import word


@strawberry.enum(description=T("咨询方式。", "How a doctor is asked."))
class ConsultationMode(Enum):
    TEXT = word("TEXT", "图文咨询。", "By text and pictures.")
    PHONE = word("PHONE", "电话咨询。", "By phone.")
    FAMILY_DOCTOR = word("FAMILY_DOCTOR", "家庭医生。", "The family doctor.")


@strawberry.enum(description=T("咨询主题。", "What a consultation is about."))
class ConsultationTopic(Enum):
    DISEASE = word("DISEASE", "疾病。", "An illness.")
    COMMON_DISEASE = word("COMMON_DISEASE", "常见病防治。", "A common illness.")
    DAILY_DISEASE = word("DAILY_DISEASE", "日常疾病防治。", "An everyday illness, its prevention and treatment.")
    DAILY_CARE_PREVENTION = word("DAILY_CARE_PREVENTION", "日常保健与预防。", "Daily care and prevention.")
    SUB_HEALTH = word("SUB_HEALTH", "亚健康。", "Feeling unwell without being ill.")
    CHRONIC = word("CHRONIC", "慢性病管理。", "Living with a chronic illness.")
    SEASONAL_DISEASE = word("SEASONAL_DISEASE", "季节性疾病防治。", "Seasonal illnesses.")
    SEASONAL_EPIDEMIC_INFECTIOUS = word(
        "SEASONAL_EPIDEMIC_INFECTIOUS",
        "季节性疾病、流行病与传染病。",
        "Seasonal, epidemic and infectious illnesses.",
    )
    SYMPTOM_SIGN = word("SYMPTOM_SIGN", "症状与体征。", "Symptoms and signs.")
    EMERGENCY_ADVICE = word("EMERGENCY_ADVICE", "常见急症的处理。", "What to do in a common emergency.")
    REHABILITATION = word("REHABILITATION", "康复。", "Recovery.")
    CARE_GUIDANCE = word("CARE_GUIDANCE", "就医指引。", "Where to see a doctor.")
    SPECIAL_POPULATION = word("SPECIAL_POPULATION", "特殊人群的照护。", "Care of special groups of people.")
    CHECKUP_REPORT = word("CHECKUP_REPORT", "体检报告解读。", "What a check-up report means.")
    GROWTH = word("GROWTH", "生长发育。", "Growth.")
    NUTRITION = word("NUTRITION", "营养饮食。", "Nutrition.")
    HYGIENE = word("HYGIENE", "卫生护理。", "Hygiene.")
    PSYCHOLOGY = word("PSYCHOLOGY", "心理与情感。", "Psychological matters.")
    PSYCHIATRY = word("PSYCHIATRY", "精神科。", "Psychiatric matters.")
    OTHER = word("OTHER", "其他。", "Something else.")


@strawberry.enum(description=T("医生的职称，低的在前。", "Title of a doctor, the lowest first."))
class DoctorTitle(Enum):
    RESIDENT = word("RESIDENT", "住院医师。", "Resident.")
    ATTENDING = word("ATTENDING", "主治医师。", "Attending physician.")
    ASSOCIATE_CHIEF = word("ASSOCIATE_CHIEF", "副主任医师。", "Associate chief physician.")
    CHIEF = word("CHIEF", "主任医师。", "Chief physician.")


@strawberry.enum(description=T("医生的任职情况。", "How a doctor is employed."))
class DoctorEmployment(Enum):
    FULL_TIME = word("FULL_TIME", "服务公司全职。", "Full time with the service.")
    IN_SERVICE_AT_HOSPITAL = word("IN_SERVICE_AT_HOSPITAL", "在医院任职。", "In service at a hospital.")
    OTHER = word("OTHER", "其他。", "Otherwise.")


@strawberry.enum(description=T("咨询内容出自谁。", "Who wrote a message of a consultation."))
class MessageAuthor(Enum):
    CUSTOMER = word("CUSTOMER", "客户。", "The client.")
    DOCTOR = word("DOCTOR", "医生。", "The doctor.")
    SYSTEM = word("SYSTEM", "系统。", "The system.")


@strawberry.enum(description=T("药品咨询的类别。", "What a question about a drug concerns."))
class DrugQuestionCategory(Enum):
    ADVERSE_REACTION = word("ADVERSE_REACTION", "不良反应。", "An adverse reaction.")
    GENERAL_INFORMATION = word("GENERAL_INFORMATION", "药品说明。", "General information.")
    CONTRAINDICATION = word("CONTRAINDICATION", "用药禁忌。", "A contraindication.")
    INDICATION = word("INDICATION", "适应症。", "An indication.")
    PHARMACY_LOCATION = word("PHARMACY_LOCATION", "查找药店。", "Where to find a pharmacy.")
    PURCHASE_ROUTE = word("PURCHASE_ROUTE", "购药路线。", "The best way to it.")
    NEW_DRUG_INFORMATION = word("NEW_DRUG_INFORMATION", "新特药资讯。", "News about special drugs.")
    CHARITY_PROGRAM = word("CHARITY_PROGRAM", "慈善赠药项目。", "Charity programs.")
    OTHER = word("OTHER", "其他。", "Something else.")


@strawberry.enum(description=T("投诉的状态。", "State of a complaint."))
class ComplaintStatus(Enum):
    RECEIVED = word("RECEIVED", "已收到。", "Received.")
    IN_REVIEW = word("IN_REVIEW", "处理中。", "Under review.")
    ANSWERED = word("ANSWERED", "已答复。", "Answered.")
