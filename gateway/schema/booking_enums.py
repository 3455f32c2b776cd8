"""Closed sets of bookings."""

from enum import Enum

import strawberry

from gateway.language import T
from gateway.schema.enums import word


@strawberry.enum(description=T("预约状态。", "State of a booking."))
class BookingStatus(Enum):
    REQUESTED = word("REQUESTED", "已申请，等待服务商受理。", "Asked for; the vendor has not taken it yet.")
    ACCEPTED = word("ACCEPTED", "服务商已受理。", "The vendor has taken it.")
    ASSIGNED = word("ASSIGNED", "已安排服务人员。", "Someone is assigned.")
    CONFIRMED = word("CONFIRMED", "客户已确认。", "The client has confirmed.")
    MESSAGE_LEFT = word("MESSAGE_LEFT", "已留言，等待回复。", "A message was left; a reply follows.")
    IN_SERVICE = word("IN_SERVICE", "服务中。", "The service is under way.")
    FOLLOW_UP = word("FOLLOW_UP", "服务结束，等待回访。", "The service is over; the follow-up is due.")
    COMPLETED = word("COMPLETED", "已完成。", "Completed.")
    DECLINED = word("DECLINED", "服务商未受理，权益已退回。", "The vendor declined; the use is given back.")
    VENDOR_CANCELLED = word(
        "VENDOR_CANCELLED", "服务商取消，权益已退回。", "Cancelled by the vendor; the use is given back."
    )
    CANCELLED_FREE = word("CANCELLED_FREE", "已取消，不扣次数。", "Cancelled free of charge.")
    CANCELLED_LATE = word("CANCELLED_LATE", "已取消，视同使用。", "Cancelled late; counts as used.")
    CANCELLED_UNREACHABLE = word(
        "CANCELLED_UNREACHABLE", "多次联系不上，已取消。", "Cancelled, since the client could not be reached."
    )
    NO_SHOW = word("NO_SHOW", "客户未到。", "The client did not come.")
    SERVICE_REFUSED = word(
        "SERVICE_REFUSED",
        "当日不符合服务条件，未提供服务。",
        "Not served on the day, for a condition the handbook excludes.",
    )
    DEDUCTION_PENDING = word(
        "DEDUCTION_PENDING",
        "客户已取消；是否扣减次数尚待保险公司决定。",
        "Cancelled by the client; whether the use is deducted still waits for the insurer.",
    )
    DEDUCTED = word("DEDUCTED", "当日变更，经审核扣减次数。", "Changed on the day; staff counted it as used.")
    AWAITING_REPORT = word("AWAITING_REPORT", "已采样，等待报告。", "The sample is taken; the report is due.")
    REVIEWED = word("REVIEWED", "材料审核通过。", "The papers have passed the review.")
    CONSULTED = word("CONSULTED", "二诊：已咨询解答。", "Second opinion: a doctor has answered questions.")
    ASSESSED = word("ASSESSED", "二诊：已评估病情。", "Second opinion: the illness is assessed.")
    RECORDS_TRANSLATED = word("RECORDS_TRANSLATED", "二诊：病历已翻译。", "Second opinion: the records are translated.")
    HOSPITALS_PROPOSED = word(
        "HOSPITALS_PROPOSED",
        "二诊：已推荐医院，等待客户选定。",
        "Second opinion: hospitals are proposed; the client chooses.",
    )
    HOSPITAL_SELECTED = word(
        "HOSPITAL_SELECTED", "二诊：已选定医院，等待资料。", "Second opinion: a hospital is chosen; the papers are due."
    )
    DOCUMENTS_SUBMITTED = word(
        "DOCUMENTS_SUBMITTED", "二诊：资料已提交，等待审核。", "Second opinion: the papers await their review."
    )
    SENT_ABROAD = word(
        "SENT_ABROAD", "二诊：资料已送往境外专家。", "Second opinion: the papers are with the expert abroad."
    )
    REPORT_ISSUED = word("REPORT_ISSUED", "二诊：报告已出具。", "Second opinion: the report is issued.")
    RESULT_TRANSLATED = word("RESULT_TRANSLATED", "二诊：报告已译成中文。", "Second opinion: the report is in Chinese.")
    INTERPRETED = word("INTERPRETED", "二诊：报告已讲解。", "Second opinion: the report has been explained.")
    DEEMED_COMPLETED = word(
        "DEEMED_COMPLETED", "因客户原因未能完成，视同已使用。", "Not done for the client's own reasons; counts as used."
    )
    TERMINATED = word("TERMINATED", "中途终止，权益已退回。", "Broken off; the use is given back.")
    PRESCRIPTION_APPROVED = word("PRESCRIPTION_APPROVED", "处方审核通过。", "The prescription has passed the review.")
    PRESCRIPTION_REJECTED = word(
        "PRESCRIPTION_REJECTED",
        "处方审核未通过，权益已退回。",
        "The prescription has not passed the review; the use is given back.",
    )
    VOUCHER_ISSUED = word("VOUCHER_ISSUED", "已发购药凭证。", "The voucher is issued.")
    PICKUP_READY = word("PICKUP_READY", "可到药店取药。", "The drug can be collected at the pharmacy.")
    SHIPPING = word("SHIPPING", "送药上门中。", "The drug is being brought home.")
    DAMAGE_REPORTED = word("DAMAGE_REPORTED", "药品破损，等待核实。", "Damage is reported and is being looked into.")
    TERMINATED_IMPERSONATION = word(
        "TERMINATED_IMPERSONATION", "因冒用身份终止。", "Ended, since somebody posed as the insured."
    )
    EXPIRED = word("EXPIRED", "过期未确认，权益已退回。", "Never confirmed in time; the use is given back.")


@strawberry.enum(description=T("预约的排序。", "Ordering of bookings."))
class BookingOrder(Enum):
    CREATED_AT_DESC = word("CREATED_AT_DESC", "申请时间，新的在前。", "By request, newest first.")
    CREATED_AT_ASC = word("CREATED_AT_ASC", "申请时间，旧的在前。", "By request, oldest first.")
    NUMBER_ASC = word("NUMBER_ASC", "预约号。", "By number.")


@strawberry.enum(description=T("陪同人与就诊人的关系。", "What a companion is to the patient."))
class CompanionRelation(Enum):
    RELATIVE = word("RELATIVE", "亲属。", "Relative.")
    FAMILY_MEMBER = word("FAMILY_MEMBER", "家属。", "Member of the family.")
    OTHER = word("OTHER", "其他。", "Somebody else.")


@strawberry.enum(description=T("就诊人声明的状况。", "A condition that the patient declares."))
class PatientCondition(Enum):
    PREGNANT_OR_POSTPARTUM = word("PREGNANT_OR_POSTPARTUM", "孕期或产后。", "Pregnant or after childbirth.")
    INPATIENT = word("INPATIENT", "住院中。", "Staying in hospital.")
    UNDER_OBSERVATION = word("UNDER_OBSERVATION", "门急诊留观中。", "Under observation in the emergency department.")
    CRITICAL = word("CRITICAL", "重症或急救。", "Critically ill or an emergency.")
    PSYCHIATRIC = word("PSYCHIATRIC", "精神类疾病。", "A psychiatric illness.")
    INFECTIOUS = word("INFECTIOUS", "传染病。", "An infectious disease.")
    INTOXICATED = word("INTOXICATED", "醉酒。", "Intoxicated.")


@strawberry.enum(description=T("时限的状态。", "State of a deadline."))
class ClockStatus(Enum):
    RUNNING = word("RUNNING", "进行中。", "Running.")
    OVERDUE = word("OVERDUE", "已超时。", "Past its time.")
    MET = word("MET", "已按时完成。", "Met in time.")
    MISSED = word("MISSED", "已完成，但超时。", "Done, but late.")
    CANCELLED = word("CANCELLED", "预约已结束或改期，不再计时。", "The case ended or was put off; it runs no more.")
    EXCUSED = word("EXCUSED", "因不可抗力免责，不算超时。", "Excused by events beyond control; it is not late.")


@strawberry.enum(description=T("扣减建议的状态。", "State of a proposed deduction."))
class DeductionStatus(Enum):
    PROPOSED = word("PROPOSED", "待审核。", "Waits for a decision.")
    APPROVED = word("APPROVED", "同意扣减。", "Approved: the use counts.")
    REJECTED = word("REJECTED", "不予扣减。", "Rejected: the use stays.")


@strawberry.enum(description=T("此刻取消的后果。", "What cancelling now would mean."))
class CancellationOutcome(Enum):
    FREE = word("FREE", "不扣次数。", "Free of charge.")
    COUNTS_AS_USED = word("COUNTS_AS_USED", "视同已使用。", "Counts as used.")
    REFUSED = word("REFUSED", "不能取消。", "Not possible.")
    DISCRETIONARY = word("DISCRETIONARY", "由人工决定。", "People decide.")


@strawberry.enum(description=T("未能服务的原因。", "Why the visit did not happen."))
class NoShowCause(Enum):
    CLIENT = word("CLIENT", "客户原因未到。", "The client did not come, for reasons of the client's own.")
    HOSPITAL = word("HOSPITAL", "医院原因。", "The hospital's doing.")
    VENDOR = word("VENDOR", "服务商原因。", "The vendor's doing.")
    PATIENT_EXCLUDED = word(
        "PATIENT_EXCLUDED",
        "当日属于手册不支持的状况。",
        "On the day the patient had a condition that the handbook excludes.",
    )


@strawberry.enum(description=T("对扣减建议的决定。", "Decision on a proposed deduction."))
class DeductionDecision(Enum):
    APPROVE = word("APPROVE", "同意。", "Approve.")
    REJECT = word("REJECT", "不同意。", "Reject.")
