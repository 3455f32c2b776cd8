"""Walks through the services around visits of CY23 and CY26."""

from typing import Any

from tests.support.client import new_key
from tests.support.consultations import DOCTOR
from tests.support.escorts import at
from tests.support.visits import CLINIC, PATIENT, PUBLIC, add_clinic, close_brand
from tests.walks.walk import ORDER, SEEN, Walk, walk

TERMS = {"plan": "NATIONAL", "riders": ["VACCINE", "EYE", "DENTAL"], "waitingDays": 30}
VISIT = at("2026-03-26 09:30")
OVER = at("2026-03-26 11:00")
QUOTE = "query ($id: ID!) { cancellationQuote(booking: $id) { outcome freeUntil } }"
WAITS = SEEN % "status visitAt availableActions"


def a_visit(walk: Walk) -> dict[str, Any]:
    """An outpatient visit at a public hospital of the network."""
    asked = {"hospital": PUBLIC, "departmentClass": "SPECIAL", "visitType": "OUTPATIENT"}
    return {"policyNumber": walk.number, **asked, "visitAt": VISIT, "patient": PATIENT}


def a_dose(walk: Walk, clinic: str) -> dict[str, Any]:
    asked = {"hospital": clinic, "visitAt": VISIT, "vaccine": "流感疫苗", "dose": 1}
    return {"policyNumber": walk.number, **asked, "patient": PATIENT}


def network(walk: Walk, product: str, plan: str, hospital: str) -> None:
    words = f'product: {product}, plan: "{plan}", keyword: "{hospital}"'
    found = f"query {{ hospitals(first: 1, where: {{ {words} }}) {{ nodes {{ code type level isDirectBilling }} }} }}"
    walk.ask("customer", "Hospitals of the network", found)


def took_place(walk: Walk, booking: str, end: str = "The visit is over") -> None:
    walk.at(VISIT).send("hotline", "The client is there", "bookingCheckIn", booking=booking)
    walk.at(OVER).send("hotline", end, "bookingComplete", booking=booking)
    walk.rated(booking)


@walk("hospital-visit", "A visit that is billed directly (CY26)", "CY26", "HOSPITAL_VISIT", **TERMS)
def hospital_visit(walk: Walk) -> None:
    """Booked at a hospital of the plan's network, ahead of time by the kind of hospital. CY23 books in the same way,
    by the networks and times of its own handbook.
    """
    network(walk, "CY26", "NATIONAL", PUBLIC)
    asked = a_visit(walk)
    sooner = {"visitAt": at("2026-03-13 09:30")}
    walk.refused("customer", "Too soon for a popular hospital", "hospitalVisitBook", "CY26-BKG-10", **asked | sooner)
    exception = {"rule": "CY26-BKG-10", "visitOn": "2026-03-13", "reason": "客户来电，医院已同意"}
    shows = "override { rule { code } visitOn spentAt }"
    walk.send(
        "hotline", "The hotline may set it aside", "hotlineOverride", shows, policyNumber=walk.number, **exception
    )
    walk.warned("customer", "Then it is a warning, once", "hospitalVisitBook", "CY26-BKG-10", **asked | sooner)
    walk.tried("customer", "A dry run, for a day that needs no exception", "hospitalVisitBook", **asked)
    booking = walk.send("customer", "The visit is booked", "hospitalVisitBook", ORDER, **asked)["booking"]["id"]
    walk.ask("customer", "Until when it can be canceled", QUOTE, id=booking)
    walk.ask("hotline", "What the insurer's hotline sees", WAITS, id=booking)
    walk.send("hotline", "The hospital has a place", "bookingConfirm", booking=booking)
    took_place(walk, booking)


@walk(
    "hospital-visit-cy23",
    "A visit that is billed directly (CY23)",
    "CY23",
    "HOSPITAL_VISIT",
    plan="PLUS",
    waitingDays=30,
)
def hospital_visit_cy23(walk: Walk) -> None:
    """Booked at a hospital of the plan's network: at a public one only for outpatients of its special and
    international departments, and with nobody in particular.
    """
    network(walk, "CY23", "PLUS", PUBLIC)
    asked = a_visit(walk)
    walk.refused(
        "customer", "With a doctor of one's own choice", "hospitalVisitBook", "CY23-OPD-08", **asked, doctor="王医生"
    )
    walk.tried("customer", "A dry run", "hospitalVisitBook", **asked)
    booking = walk.send("customer", "The visit is booked", "hospitalVisitBook", ORDER, **asked)["booking"]["id"]
    seen = "status slaClocks { rule { code } status dueAt } availableActions"
    walk.ask("hotline", "What the insurer's hotline sees, with the deadline", SEEN % seen, id=booking)
    walk.send("hotline", "The hospital has a place", "bookingConfirm", booking=booking)
    walk.at(at("2026-03-25 16:00"))
    walk.refused("customer", "Too late to cancel: now it takes a call", "bookingCancel", "CY23-OPD-10", booking=booking)
    took_place(walk, booking)


@walk("vaccination", "A vaccination, and a brand that closes (CY26)", "CY26", "VACCINATION", **TERMS)
def vaccination(walk: Walk) -> None:
    """A series stays with the brand of clinics where it began. Once the brand has closed, the insurer moves it."""
    walk.begins()
    brand = f"B{new_key()[:6]}"
    clinic = f"T-{brand}"
    add_clinic(walk.gateway, clinic, brand)
    walk.hide(clinic, "CLINIC-EXAMPLE").hide(brand, "BRAND-EXAMPLE")
    asked = a_dose(walk, clinic)
    walk.tried("customer", "A dry run", "vaccinationBook", **asked)
    booking = walk.send("customer", "The first dose is booked", "vaccinationBook", ORDER, **asked)["booking"]["id"]
    walk.ask("hotline", "What the insurer's hotline sees", WAITS, id=booking)
    walk.send("hotline", "The clinic has a place", "bookingConfirm", booking=booking)
    took_place(walk, booking, "The dose is given")
    second = asked | {"hospital": CLINIC, "dose": 2, "visitAt": at("2026-04-23 09:30")}
    walk.refused("customer", "The second dose at another brand", "vaccinationBook", "CY26-VAC-10", **second)
    transfer = "vaccineBrandTransferRequest"
    walk.refused(
        "customer", "While the brand is open", transfer, "CY26-VAC-11", policyNumber=walk.number, reason="搬家"
    )
    close_brand(walk.gateway, brand, "2026-04-01")
    walk.at(at("2026-04-02 09:00")).tell("*On 1 April 2026 the brand closes.*")
    moved = "brandTransfer { id status designatedBrand { code } }"
    made = walk.send("customer", "The client asks to move", transfer, moved, policyNumber=walk.number, reason="关店")
    decided = {"transfer": made["brandTransfer"]["id"], "decision": "APPROVE", "brand": "演示禾苗"}
    walk.send("adjuster", "The insurer names a brand", "vaccineBrandTransferDecide", moved, **decided)
    walk.tried("customer", "Now the second dose can be booked there", "vaccinationBook", **second)


@walk("vaccination-cy23", "A vaccination (CY23)", "CY23", "VACCINATION", plan="PLUS", waitingDays=30)
def vaccination_cy23(walk: Walk) -> None:
    """The insurer's people book it at a private clinic in the network of the plan; no rider is asked for, and it can be
    called off until it takes place.
    """
    network(walk, "CY23", "PLUS", CLINIC)
    asked = a_dose(walk, CLINIC)
    public = {"hospital": PUBLIC}
    walk.refused("customer", "At a public hospital", "vaccinationBook", "CY23-SVC-04", **asked | public)
    walk.tried("customer", "A dry run", "vaccinationBook", **asked)
    booking = walk.send("customer", "The dose is booked", "vaccinationBook", ORDER, **asked)["booking"]["id"]
    walk.ask("customer", "Until when it can be canceled", QUOTE, id=booking)
    walk.ask("hotline", "What the insurer's hotline sees", WAITS, id=booking)
    walk.send("hotline", "The clinic has a place", "bookingConfirm", booking=booking)
    took_place(walk, booking, "The dose is given")


@walk("respiratory-test", "A respiratory test at home (CY26)", "CY26", "RESPIRATORY_TEST", **TERMS)
def respiratory_test(walk: Walk) -> None:
    """Somebody comes and takes a sample: five times in all and once a month, in 15 cities."""
    walk.begins()
    cities = "query { cities(where: { service: RESPIRATORY_TEST }, first: 3) { totalCount nodes { code name } } }"
    walk.ask("customer", "Where", cities)
    asked = {
        "policyNumber": walk.number,
        "city": "上海",
        "address": "上海市徐汇区演示路 11 号",
        "idType": "ID_CARD",
        "phone": "13800138000",
    }
    walk.refused(
        "customer",
        "In a city that is not on the list",
        "respiratoryTestOrder",
        "CY26-TEST-09",
        **asked | {"city": "昆山", "address": "昆山市演示路 11 号"},
    )
    walk.tried("customer", "A dry run", "respiratoryTestOrder", **asked)
    booking = walk.send("customer", "The order", "respiratoryTestOrder", ORDER, **asked)["booking"]["id"]
    seen = "status details { ... on RespiratoryTestDetails { city { name } idType } } availableActions"
    walk.ask("vendor", "What the vendor sees", SEEN % seen, id=booking)
    walk.send(
        "vendor", "The vendor takes it, with a voucher", "bookingAccept", booking=booking, voucherCode="V-EXAMPLE"
    )
    walk.refused("customer", "A second one in the same month", "respiratoryTestOrder", "CY26-TEST-05", **asked)
    walk.at(at("2026-03-10 10:00")).send("vendor", "The sample is taken", "bookingCheckIn", booking=booking)
    walk.at(at("2026-03-10 10:20")).send(
        "vendor", "The sample goes to the laboratory", "bookingCheckOut", booking=booking
    )
    report = walk.paper("TEST_REPORT")
    walk.at(at("2026-03-11 10:00")).send("vendor", "The report", "bookingComplete", booking=booking, report=report)
    shared = "booking { status details { ... on RespiratoryTestDetails { shares { sharedAt } } } }"
    walk.send("customer", "The client hands it to the family doctor", "testReportShare", shared, booking=booking)
    walk.rated(booking)


@walk("onsite-assistance", "Help on site (CY26)", "CY26", "ONSITE_ASSISTANCE", **TERMS)
def onsite(walk: Walk) -> None:
    """Staff stationed at some hospitals help there."""
    walk.begins()
    asked = {"policyNumber": walk.number, "hospital": "SH-XINHUA", "visitAt": at("2026-03-10 09:00")}
    elsewhere = {"hospital": "DEMO-SH-002"}
    walk.refused("customer", "Where nobody is stationed", "onsiteAssistanceRequest", "CY26-SVC-02", **asked | elsewhere)
    walk.tried("customer", "A dry run", "onsiteAssistanceRequest", **asked)
    booking = walk.send("customer", "The request", "onsiteAssistanceRequest", ORDER, **asked)["booking"]["id"]
    walk.ask("adjuster", "What staff see", WAITS, id=booking)
    walk.send("hotline", "Somebody will be there", "bookingConfirm", booking=booking)
    walk.at(at("2026-03-10 11:00"))
    walk.send("hotline", "It is done, and noted", "bookingFollowUpRecord", booking=booking, note="已协助挂号")
    walk.rated(booking)


@walk(
    "family-doctor-cy26",
    "The family doctor and the health record (CY26)",
    "CY26",
    "FAMILY_DOCTOR",
    "HEALTH_RECORD",
    "GROWTH_ASSESSMENT",
    who={"name": "演示孩子", "birthOn": "2018-05-05"},
    **TERMS,
)
def family_doctor(walk: Walk) -> None:
    """A pediatrician of the vendor answers, and the vendor keeps the child's health record: what a doctor should know,
    reports and measurements, and how people assess growth. A guardian agrees first that the vendor has all that.
    """
    walk.begins()
    asked = {"policyNumber": walk.number, "mode": "FAMILY_DOCTOR", "topic": "GROWTH", "question": "孩子是不是偏瘦？"}
    walk.warned("customer", "Without consent the vendor will ask for it", "consultationStart", "CY26-FD-08", **asked)
    stays = {"policyNumber": walk.number, "familyHistory": ["高血压"], "habits": ["挑食"]}
    walk.refused("vendor", "Nothing is kept without it", "healthRecordUpdate", "CY26-FD-03", **stays)
    agrees(walk)
    walk.tried("customer", "A dry run", "consultationStart", **asked)
    booking = walk.send("customer", "The question", "consultationStart", ORDER, **asked)["booking"]["id"]
    walk.ask("vendor", "What the vendor sees", SEEN % "status availableActions", id=booking)
    record = "healthRecord { familyHistory habits }"
    walk.send("vendor", "What a doctor should know is put down", "healthRecordUpdate", record, **stays)
    measured = {"kind": "GROWTH_MEASUREMENT", "on": "2026-03-08", "heightCm": "118.5", "weightKg": "19.8"}
    entry = "entry { kind on heightCm weightKg }"
    walk.send("vendor", "A measurement", "healthRecordEntryAdd", entry, policyNumber=walk.number, **measured)
    report = {"kind": "CHECKUP_REPORT", "on": "2026-02-20", "title": "入学体检", "document": walk.paper("EXAM_REPORT")}
    entry = "entry { kind on title document { kind } }"
    walk.send("vendor", "The report of a check-up", "healthRecordEntryAdd", entry, policyNumber=walk.number, **report)
    assessed = {
        "policyNumber": walk.number,
        "assessedOn": "2026-03-09",
        "mode": "PHONE",
        "assessment": "生长平稳，略偏瘦。",
    }
    alone = assessed | {"team": {"pediatrician": "王医生"}}
    walk.refused("vendor", "Nobody assesses growth alone", "growthAssessmentRecord", "CY26-FD-04", **alone)
    team = {
        "pediatrician": "王医生",
        "healthManager": "李管家",
        "nutritionist": "赵营养师",
        "rehabilitationTherapist": "钱康复师",
    }
    together = assessed | {"team": team, "dietPlan": "每天加一杯奶。"}
    growth = "growthAssessment { assessedOn assessment dietPlan }"
    walk.send("vendor", "Those named do, and plan the diet", "growthAssessmentRecord", growth, **together)
    answer = {"content": "身高体重都在长，按方案加餐。", "doctor": DOCTOR}
    walk.send("vendor", "A doctor answers", "consultationReply", booking=booking, **answer)
    walk.send("vendor", "The end", "consultationClose", booking=booking, summary="三个月后复测。")
    kept = """query ($number: String!) { policy(number: $number) { insured { healthRecord {
      vendor { code } familyHistory habits entries(first: 5) { nodes { kind on title heightCm weightKg } }
      growthAssessments { assessment dietPlan pediatrician } } } } }"""
    walk.ask("customer", "What the parents read, at any time", kept, number=walk.number)
    walk.rated(booking)


def agrees(walk: Walk) -> None:
    people = "query ($number: String!) { policy(number: $number) { insured { id } } }"
    insured = walk.ask("customer", "Who agrees", people, number=walk.number)["policy"]["insured"][0]["id"]
    consent = {
        "policyNumber": walk.number,
        "insured": insured,
        "kind": "VENDOR_SHARING",
        "vendor": "JDHEALTH",
        "purpose": "家庭医生服务",
        "textVersion": "1",
        "textSha256": "0" * 64,
    }
    walk.send("customer", "The consent", "consentGrant", "consent { kind recipient }", **consent)
