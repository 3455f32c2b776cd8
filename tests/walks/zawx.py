"""Walks through the services of ZAWX."""

from typing import Any

from tests.support.consultations import DOCTOR
from tests.support.escorts import at
from tests.support.green_channels import ADMISSION
from tests.support.second_opinions import GROUP_A, GROUP_B, HOSPITALS, reasons
from tests.walks.walk import ORDER, RATED, SEEN, Walk, walk
from tests.walks.zyb import DISCLOSURES


@walk("listed-drugs", "A listed drug (ZAWX)", "ZAWX", "ONCOLOGY_DRUG")
def listed_drugs(walk: Walk) -> None:
    """The insured has a malignant tumor and a prescription for one of the 102 listed drugs, and the hospital has none
    of it. The vendor reviews the prescription and hands the drug out at a pharmacy, or brings it.
    """
    drugs = 'query { drugs(first: 2, where: { brand: "可瑞达" }) { nodes { id seq brand generic manufacturer } } }'
    drug = walk.ask("customer", "The list", drugs)["drugs"]["nodes"][0]["id"]
    upload: dict[str, Any] = {"kind": "PRESCRIPTION", "fileName": "处方.png", "contentType": "image/png", "size": 2048}
    upload |= {"policyNumber": walk.number, "issuedOn": "2026-03-01"}
    walk.tried(
        "customer",
        "Where a paper goes; the file follows by PUT",
        "uploadTicketCreate",
        "uploadTicket { document { status } }",
        **upload,
    )
    asked = {
        "policyNumber": walk.number,
        "drug": drug,
        "diagnosis": "右肺腺癌 IV 期",
        "prescription": walk.paper("PRESCRIPTION", issued_on="2026-03-01"),
        "isUnavailableInHospital": True,
        "acknowledged": ["ZAWX-DRUG-16"],
    }
    walk.at(at("2026-01-20 09:00"))
    walk.refused("customer", "In the waiting period", "drugPurchaseRequest", "ZAWX-TBL-01", **asked)
    walk.at(at("2026-03-09 09:00")).tried("customer", "A dry run", "drugPurchaseRequest", **asked)
    booking = walk.send("customer", "The request", "drugPurchaseRequest", ORDER, **asked)["booking"]["id"]
    seen = """status details { ... on DrugOrderDetails { drug { brand } diagnosis prescription { id kind } } }
      slaClocks { rule { code } status dueAt } availableActions"""
    walk.ask("vendor", "What the vendor sees", SEEN % seen, id=booking)
    walk.send("vendor", "The vendor takes it", "bookingAccept", booking=booking)
    walk.send("vendor", "The prescription passes", "drugPrescriptionReview", booking=booking, outcome="APPROVED")
    walk.send("vendor", "The voucher", "drugVoucherIssue", booking=booking)
    home = {"fulfillment": "DELIVERY", "address": "上海市徐汇区演示路 11 号 502 室", "phone": "13912345678"}
    walk.send("customer", "The client wants it brought home", "drugFulfillmentChoose", booking=booking, **home)
    walk.at(at("2026-03-11 15:00"))
    walk.send("customer", "It has come, and was looked at", "drugDeliveryConfirm", booking=booking, isInspected=True)
    walk.rated(booking)


@walk("consultation-zawx", "A question to a doctor in writing (ZAWX)", "ZAWX", "TEXT_CONSULTATION")
def consultation(walk: Walk) -> None:
    """A doctor answers within a quarter of an hour, from 9 to 18 o'clock; nothing about the mind is answered."""
    walk.at(at("2026-03-09 19:30")).begins()
    asked = {
        "policyNumber": walk.number,
        "mode": "TEXT",
        "topic": "DISEASE",
        "question": "咳嗽三天，要不要去医院？",
        "acknowledged": ["ZAWX-CON-11"],
    }
    walk.refused("customer", "After hours", "consultationStart", "ZAWX-CON-06", **asked)
    walk.at(at("2026-03-10 09:00")).tried("customer", "A dry run at that instant", "consultationStart", **asked)
    booking = walk.send("customer", "The question", "consultationStart", ORDER, **asked)["booking"]["id"]
    seen = "status slaClocks { rule { code } status dueAt } availableActions"
    walk.ask("vendor", "What the vendor sees, with its deadline", SEEN % seen, id=booking)
    answer = {"content": "先观察两天，多喝水。", "doctor": DOCTOR}
    walk.at(at("2026-03-10 09:05")).send("vendor", "A doctor answers", "consultationReply", booking=booking, **answer)
    walk.send("vendor", "The end", "consultationClose", booking=booking, summary="两天不退烧就诊。")
    walk.rated(booking)


@walk("drug-question", "A question about a drug (ZAWX)", "ZAWX", "DRUG_QUESTION")
def drug_question(walk: Walk) -> None:
    """Somebody who knows drugs calls back by the second working day."""
    walk.at(at("2026-03-09 10:00")).begins()
    walk.ask("customer", "What must be shown before asking", DISCLOSURES % ("drugQuestionAsk", "ZAWX"))
    asked = {
        "policyNumber": walk.number,
        "category": "ADVERSE_REACTION",
        "question": "服药后皮疹，能否停药？",
        "phone": "13800138000",
        "person": {"name": "演示成人", "idType": "PASSPORT", "idNumber": walk.id_number},
    }
    walk.refused("customer", "Without having been told", "drugQuestionAsk", "ZAWX-DRUG-06", **asked)
    asked["acknowledged"] = ["ZAWX-DRUG-06"]
    walk.tried("customer", "A dry run", "drugQuestionAsk", **asked)
    booking = walk.send("customer", "The question", "drugQuestionAsk", ORDER, **asked)["booking"]["id"]
    seen = """status slaClocks { rule { code } status dueAt }
      details { ... on DrugQuestionDetails { category question phone } } availableActions"""
    walk.ask("vendor", "What the vendor sees, with the deadline", SEEN % seen, id=booking)
    walk.send("vendor", "The question is logged", "bookingAccept", booking=booking)
    walk.at(at("2026-03-10 10:00"))
    call = {"startedAt": at("2026-03-10 09:50"), "endedAt": at("2026-03-10 09:58")}
    answer = {"content": "请先停药并就诊。", "call": call}
    walk.send("vendor", "The call back", "consultationReply", booking=booking, **answer)
    walk.send("customer", "The client rates it", "bookingRate", RATED, booking=booking, score=4)


def care(walk: Walk) -> dict[str, Any]:
    """A request that the services for critical illnesses accept."""
    return {
        "policyNumber": walk.number,
        "person": {"name": "演示成人", "idType": "PASSPORT", "idNumber": walk.id_number},
        "diagnosis": "肺恶性肿瘤",
        "criticalIllness": "恶性肿瘤——重度",
        "firstDiagnosedOn": "2026-03-01",
        "diagnosedAt": "DEMO-SH-001",
        "isDiagnosedBySpecialist": True,
        "documents": walk.papers("EXAM_REPORT", "ADMISSION_SLIP"),
    }


@walk("inpatient-green-channel", "Green channel for a hospital stay (ZAWX)", "ZAWX", "INPATIENT_GREEN_CHANNEL")
def inpatient(walk: Walk) -> None:
    """With a critical illness that was first diagnosed under the policy, the vendor finds a bed."""
    walk.begins()
    asked = care(walk)
    early = {"firstDiagnosedOn": "2025-12-20"}
    walk.refused(
        "customer", "Ill before the policy began", "inpatientGreenChannelRequest", "ZAWX-TBL-08", **asked | early
    )
    walk.tried("customer", "A dry run", "inpatientGreenChannelRequest", **asked)
    booking = walk.send("customer", "The request", "inpatientGreenChannelRequest", ORDER, **asked)["booking"]["id"]
    seen = """status availableActions
      details { ... on InpatientGreenChannelDetails { diagnosis criticalIllness firstDiagnosedOn } }"""
    walk.ask("vendor", "What the vendor sees", SEEN % seen, id=booking)
    walk.send("vendor", "The vendor takes it", "bookingAccept", booking=booking)
    walk.send("vendor", "The papers will do", "bookingReview", booking=booking, outcome="PASSED")
    walk.send("vendor", "A bed is found", "bookingConfirm", booking=booking, admission=ADMISSION)
    clocks = "status visitAt slaClocks { rule { code } part status dueAt }"
    walk.ask("customer", "What the client can count on", SEEN % clocks, id=booking)
    walk.at(at("2026-03-16 09:00")).send("vendor", "The client is in hospital", "bookingCheckIn", booking=booking)
    walk.at(at("2026-03-19 10:00")).send(
        "vendor", "A call in the first week", "bookingFollowUpRecord", booking=booking, note="住院顺利"
    )
    walk.at(at("2026-03-24 10:00")).send("vendor", "The client goes home", "bookingCheckOut", booking=booking)
    walk.at(at("2026-03-26 10:00")).send(
        "vendor", "A call after the discharge", "bookingFollowUpRecord", booking=booking, note="恢复良好"
    )
    walk.rated(booking)


@walk("second-opinion", "A second opinion from abroad (ZAWX)", "ZAWX", "SECOND_OPINION")
def second_opinion(walk: Walk) -> None:
    """A hospital abroad looks at the papers of somebody who is critically ill. The vendor translates both ways."""
    walk.begins()
    asked = care(walk)
    without = {"documents": []}
    walk.refused("customer", "Without papers", "secondOpinionRequest", "ZAWX-TBL-07", **asked | without)
    walk.tried("customer", "A dry run", "secondOpinionRequest", **asked)
    booking = walk.send("customer", "The request", "secondOpinionRequest", ORDER, **asked)["booking"]["id"]
    walk.ask("vendor", "What the vendor sees", SEEN % "status availableActions", id=booking)
    walk.send("vendor", "The vendor takes it", "bookingAccept", booking=booking)
    stage = "secondOpinionStageAdvance"
    walk.send("vendor", "A first talk", stage, booking=booking, stage="CONSULT")
    walk.send("vendor", "What is to be asked", stage, booking=booking, stage="ASSESSMENT", questions=["能否手术？"])
    walk.send("vendor", "The records are translated", stage, booking=booking, stage="RECORD_TRANSLATION")
    walk.send(
        "vendor", "Two hospitals to choose from", "secondOpinionHospitalsPropose", booking=booking, hospitals=HOSPITALS
    )
    walk.send("customer", "The client chooses", "secondOpinionHospitalSelect", booking=booking, hospital=2)
    handed = {"documents": walk.papers(*GROUP_A), "notApplicable": reasons(GROUP_B)}
    walk.send(
        "customer", "The papers, and why others are missing", "secondOpinionDocumentsSubmit", booking=booking, **handed
    )
    walk.send("vendor", "The papers will do", "bookingReview", booking=booking, outcome="PASSED")
    walk.refused(
        "vendor", "Nothing goes abroad without consent", stage, "ZAWX-SOP-09", booking=booking, stage="SENDING"
    )
    people = "query ($number: String!) { policy(number: $number) { insured { id } } }"
    insured = walk.ask("customer", "Who agrees", people, number=walk.number)["policy"]["insured"][0]["id"]
    consent = {
        "policyNumber": walk.number,
        "insured": insured,
        "kind": "CROSS_BORDER",
        "recipient": "Musterklinik",
        "recipientContact": "records@example.org",
        "purpose": "二诊",
        "method": "加密传输",
        "textVersion": "1",
        "textSha256": "0" * 64,
    }
    walk.send("customer", "The consent", "consentGrant", "consent { kind recipient }", **consent)
    walk.send("vendor", "The records go abroad", stage, booking=booking, stage="SENDING")
    report = walk.paper("CONSULTATION_RECORD")
    walk.send("vendor", "The report is there", stage, booking=booking, stage="CONSULTATION", document=report)
    walk.send("vendor", "It is translated", stage, booking=booking, stage="RESULT_TRANSLATION")
    walk.send("vendor", "It is explained", stage, booking=booking, stage="INTERPRETATION")
    walk.send("vendor", "A call afterwards", stage, booking=booking, stage="FOLLOW_UP")
    walk.rated(booking)
