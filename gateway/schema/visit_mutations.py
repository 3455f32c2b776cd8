"""Mutations of visits that are billed directly, of brand transfers and of tests at home."""

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.faults import bad_input
from gateway.language import T
from gateway.resolvers import booking_steps as steps
from gateway.resolvers import brands, hospital_visits, respiratory_tests
from gateway.resolvers.billing import Care
from gateway.resolvers.commands import Transaction, Work
from gateway.resolvers.requests import Patient
from gateway.schema.booking_inputs import PatientInput
from gateway.schema.booking_outcomes import VENDORS_AND_STAFF, payload
from gateway.schema.enums import Liability
from gateway.schema.hospital_visits import BrandTransfer
from gateway.schema.mutations import mutation, of_subject
from gateway.schema.verdicts import Outcome
from gateway.schema.visit_enums import BrandTransferDecision
from gateway.schema.visit_inputs import (
    BookingCompleteInput,
    BookingTerminateInput,
    HospitalVisitBookInput,
    RespiratoryTestOrderInput,
    TestReportShareInput,
    VaccinationBookInput,
    VaccineBrandTransferDecideInput,
    VaccineBrandTransferRequestInput,
)


@strawberry.interface(description=T("关于一次转品牌申请的变更的回答。", "Answer of a mutation about a brand transfer."))
class BrandTransferOutcome(Outcome):
    brand_transfer: BrandTransfer | None = of_subject(
        "BrandTransfer", T("申请；被拒绝时为 null。", "The request; null when it was refused."), "policy_id", "id"
    )


@strawberry.type(description=T("vaccineBrandTransferRequest 的回答。", "Answer of vaccineBrandTransferRequest."))
class VaccineBrandTransferRequestPayload(BrandTransferOutcome):
    pass


@strawberry.type(description=T("vaccineBrandTransferDecide 的回答。", "Answer of vaccineBrandTransferDecide."))
class VaccineBrandTransferDecidePayload(BrandTransferOutcome):
    pass


def _patient(given: PatientInput) -> Patient:
    return Patient(given.name, given.gender.value if given.gender else None, given.phone, given.birth_on)


async def _visit_book(transaction: Transaction, operation: str, input: HospitalVisitBookInput) -> Work:
    if input.liability is Liability.ADVANCE:
        raise bad_input("An advance payment is no visit: name another liability.", "input", "liability")
    klass = input.department_class
    request = hospital_visits.VisitRequest(
        service="HOSPITAL_VISIT",
        policy_number=input.policy_number,
        hospital=input.hospital,
        department=input.department,
        visit_at=input.visit_at,
        care=Care(input.visit_type.value, input.liability.value, klass.value if klass else None, input.doctor),
        patient=_patient(input.patient),
        acknowledged=tuple(input.acknowledged),
    )
    return await hospital_visits.book(transaction, operation, request)


async def _vaccination_book(transaction: Transaction, operation: str, input: VaccinationBookInput) -> Work:
    request = hospital_visits.VisitRequest(
        service="VACCINATION",
        policy_number=input.policy_number,
        hospital=input.hospital,
        department=None,
        visit_at=input.visit_at,
        care=Care("OUTPATIENT", "VACCINE"),
        patient=_patient(input.patient),
        acknowledged=tuple(input.acknowledged),
        vaccine=input.vaccine,
        dose=input.dose,
    )
    return await hospital_visits.book(transaction, operation, request)


async def _transfer_request(transaction: Transaction, operation: str, input: VaccineBrandTransferRequestInput) -> Work:
    return await brands.request_transfer(
        transaction, operation, policy_number=input.policy_number, insured=input.insured, reason=input.reason
    )


async def _transfer_decide(transaction: Transaction, operation: str, input: VaccineBrandTransferDecideInput) -> Work:
    return await brands.decide_transfer(
        transaction,
        operation,
        transfer=input.transfer,
        approve=input.decision is BrandTransferDecision.APPROVE,
        brand=input.brand,
        reason=input.reason,
    )


async def _test_order(transaction: Transaction, operation: str, input: RespiratoryTestOrderInput) -> Work:
    request = respiratory_tests.OrderRequest(
        policy_number=input.policy_number,
        city=input.city,
        address=input.address,
        id_type=input.id_type.value,
        phone=input.phone,
        insured=input.insured,
        acknowledged=tuple(input.acknowledged),
    )
    return await respiratory_tests.order(transaction, operation, request)


async def _report_share(transaction: Transaction, operation: str, input: TestReportShareInput) -> Work:
    return await respiratory_tests.share(transaction, operation, booking=input.booking, consultation=input.consultation)


async def _booking_complete(transaction: Transaction, operation: str, input: BookingCompleteInput) -> Work:
    return await steps.complete(transaction, operation, booking=input.booking, note=input.note, report=input.report)


async def _booking_terminate(transaction: Transaction, operation: str, input: BookingTerminateInput) -> Work:
    cause = input.cause.value if input.cause else None
    return await steps.terminate(transaction, operation, booking=input.booking, reason=input.reason, cause=cause)


@strawberry.type
class VisitMutations:
    hospital_visit_book = mutation(
        HospitalVisitBookInput,
        payload("hospitalVisitBook"),
        _visit_book,
        "预约直付就诊。",
        "Book a visit that is billed directly.",
    )
    vaccination_book = mutation(
        VaccinationBookInput,
        payload("vaccinationBook"),
        _vaccination_book,
        "预约接种。",
        "Book a vaccination.",
    )
    vaccine_brand_transfer_request = mutation(
        VaccineBrandTransferRequestInput,
        VaccineBrandTransferRequestPayload,
        _transfer_request,
        "接种品牌关停后，申请转往其他品牌。",
        "Ask to move a series to another brand, since its own has closed.",
    )
    vaccine_brand_transfer_decide = mutation(
        VaccineBrandTransferDecideInput,
        VaccineBrandTransferDecidePayload,
        _transfer_decide,
        "审核转品牌申请；同意时由保险公司指定品牌。",
        "Decide such a request; the insurer names the brand to go to.",
        kinds=(ViewerKind.STAFF,),
    )
    respiratory_test_order = mutation(
        RespiratoryTestOrderInput,
        payload("respiratoryTestOrder"),
        _test_order,
        "下单呼吸道检测。",
        "Order a respiratory test.",
    )
    test_report_share = mutation(
        TestReportShareInput,
        payload("testReportShare"),
        _report_share,
        "把检测报告交给家庭医生；分享即为同意。",
        "Hand the report of a test to the family doctor; sharing it is the consent to that.",
        kinds=(ViewerKind.CUSTOMER,),
    )
    booking_complete = mutation(
        BookingCompleteInput,
        payload("bookingComplete"),
        _booking_complete,
        "完成服务。",
        "Complete a service.",
        kinds=VENDORS_AND_STAFF,
    )
    booking_terminate = mutation(
        BookingTerminateInput,
        payload("bookingTerminate"),
        _booking_terminate,
        "中途终止服务，权益退回客户。",
        "Break a service off; the use goes back to the client.",
        kinds=VENDORS_AND_STAFF,
    )
