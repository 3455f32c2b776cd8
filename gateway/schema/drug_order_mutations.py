"""Mutations of orders of listed drugs, and of what may be done with any booking on the side."""

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.resolvers import booking_steps as steps
from gateway.resolvers import drug_orders
from gateway.resolvers.booking_steps import damaging, dispensing
from gateway.resolvers.commands import Transaction, Work
from gateway.schema.booking_outcomes import VENDORS, VENDORS_AND_STAFF, payload
from gateway.schema.consultation_mutations import person
from gateway.schema.drug_enums import PrescriptionOutcome
from gateway.schema.drug_order_inputs import (
    BookingDeadlineExcuseInput,
    BookingDocumentsAttachInput,
    DrugDamageDecideInput,
    DrugDamageReportInput,
    DrugDeliveryConfirmInput,
    DrugFulfillmentChooseInput,
    DrugPrescriptionReviewInput,
    DrugPurchaseRequestInput,
    DrugVoucherIssueInput,
)
from gateway.schema.mutations import mutation
from gateway.schema.paper_inputs import handed


async def _request(transaction: Transaction, operation: str, input: DrugPurchaseRequestInput) -> Work:
    asked = drug_orders.DrugRequest(
        policy_number=input.policy_number,
        insured=input.insured,
        drug=input.drug,
        diagnosis=input.diagnosis,
        is_malignant=input.is_malignant,
        prescription=input.prescription,
        is_unavailable_in_hospital=input.is_unavailable_in_hospital,
        applicant=input.applicant.value,
        is_insured_incapable=input.is_insured_incapable,
        phone=input.phone,
        person=person(input.person),
        documents=handed(input.documents),
        acknowledged=tuple(input.acknowledged),
    )
    return await drug_orders.request(transaction, operation, asked)


async def _review(transaction: Transaction, operation: str, input: DrugPrescriptionReviewInput) -> Work:
    is_approved = input.outcome is PrescriptionOutcome.APPROVED
    return await dispensing.review(
        transaction, operation, booking=input.booking, approve=is_approved, reason=input.reason
    )


async def _voucher_issue(transaction: Transaction, operation: str, input: DrugVoucherIssueInput) -> Work:
    return await dispensing.issue_voucher(transaction, operation, booking=input.booking, voucher=input.voucher_code)


async def _fulfillment_choose(transaction: Transaction, operation: str, input: DrugFulfillmentChooseInput) -> Work:
    choice = dispensing.Choice(
        input.fulfillment.value,
        pharmacy=input.pharmacy,
        pharmacy_name=input.pharmacy_name,
        address=input.address,
        recipient=input.recipient_name,
        phone=input.phone,
    )
    return await dispensing.choose(transaction, operation, booking=input.booking, choice=choice)


async def _delivery_confirm(transaction: Transaction, operation: str, input: DrugDeliveryConfirmInput) -> Work:
    return await dispensing.confirm_delivery(
        transaction, operation, booking=input.booking, is_inspected=input.is_inspected
    )


async def _damage_report(transaction: Transaction, operation: str, input: DrugDamageReportInput) -> Work:
    told = damaging.Told(input.cause.value, input.description, input.is_paid)
    return await damaging.report(transaction, operation, booking=input.booking, told=told)


async def _damage_decide(transaction: Transaction, operation: str, input: DrugDamageDecideInput) -> Work:
    return await damaging.decide(
        transaction, operation, booking=input.booking, is_verified=input.is_verified, reason=input.reason
    )


async def _documents_attach(transaction: Transaction, operation: str, input: BookingDocumentsAttachInput) -> Work:
    return await steps.attach(transaction, operation, booking=input.booking, papers=handed(input.documents))


async def _deadline_excuse(transaction: Transaction, operation: str, input: BookingDeadlineExcuseInput) -> Work:
    return await steps.excuse(transaction, operation, booking=input.booking, rule=input.rule, reason=input.reason)


@strawberry.type
class DrugOrderMutations:
    drug_purchase_request = mutation(
        DrugPurchaseRequestInput,
        payload("drugPurchaseRequest"),
        _request,
        "申请购买清单内的特药。",
        "Ask for a listed drug.",
    )
    drug_prescription_review = mutation(
        DrugPrescriptionReviewInput,
        payload("drugPrescriptionReview"),
        _review,
        "审核处方；未通过的，权益退回客户。",
        "Review the prescription; where it does not pass, the use goes back to the client.",
        kinds=VENDORS,
    )
    drug_voucher_issue = mutation(
        DrugVoucherIssueInput,
        payload("drugVoucherIssue"),
        _voucher_issue,
        "审核通过后发放购药凭证。",
        "Issue the voucher once the prescription has passed.",
        kinds=VENDORS,
    )
    drug_fulfillment_choose = mutation(
        DrugFulfillmentChooseInput,
        payload("drugFulfillmentChoose"),
        _fulfillment_choose,
        "选择到指定药店取药或送药上门。",
        "Choose a designated pharmacy, or delivery to the door.",
    )
    drug_delivery_confirm = mutation(
        DrugDeliveryConfirmInput,
        payload("drugDeliveryConfirm"),
        _delivery_confirm,
        "确认收到药品，购药单结束。",
        "Confirm that the drug has arrived, which closes the order.",
    )
    drug_damage_report = mutation(
        DrugDamageReportInput,
        payload("drugDamageReport"),
        _damage_report,
        "报告药品损坏：运输损坏核实后补发，其余视为送达。",
        "Report damage: on its way it is looked into and sent again; any other counts as delivered.",
    )
    drug_damage_decide = mutation(
        DrugDamageDecideInput,
        payload("drugDamageDecide"),
        _damage_decide,
        "核实运输损坏；属实的补发，不另占次数。",
        "Decide damage on its way; where it was, another drug is sent without a further use.",
        kinds=VENDORS_AND_STAFF,
    )
    booking_documents_attach = mutation(
        BookingDocumentsAttachInput,
        payload("bookingDocumentsAttach"),
        _documents_attach,
        "为进行中的预约补交材料。",
        "Hand in more papers for a booking that is under way.",
    )
    booking_deadline_excuse = mutation(
        BookingDeadlineExcuseInput,
        payload("bookingDeadlineExcuse"),
        _deadline_excuse,
        "因不可抗力免除一项时限。",
        "Excuse a deadline for events beyond control.",
        kinds=(ViewerKind.STAFF,),
    )
