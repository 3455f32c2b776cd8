"""Walks through the services of VAS."""

from tests.support.consultations import DOCTOR
from tests.support.escorts import at, request
from tests.support.expert_calls import expert_with
from tests.support.green_channels import DOCTOR as CHIEF
from tests.walks.walk import ORDER, SEEN, Walk, walk

CHECKLIST = {
    "introduction": "护理顾问小李",
    "visit": "儿科初诊",
    "meetingPlace": "门诊大厅",
    "meetingAt": at("2026-03-12 09:20"),
    "materials": "身份证、医保卡",
    "examinations": "血常规",
    "priorConditions": "无",
    "specialExaminations": "空腹",
    "contactLeft": "13800138000",
}


@walk("outpatient-green-channel", "Green channel for outpatients (VAS)", "VAS", "OUTPATIENT_GREEN_CHANNEL")
def outpatient(walk: Walk) -> None:
    """The vendor gets an appointment with a senior doctor at a top hospital."""
    asked = {
        "policyNumber": walk.number,
        "hospital": "DEMO-SH-001",
        "department": "PEDIATRICS",
        "visitAt": at("2026-03-18 09:30"),
        "patient": {"name": "演示成人", "gender": "MALE", "birthOn": "1990-05-05", "phone": "13800138000"},
        "isDiagnosed": False,
        "symptom": "咳嗽",
        "need": "专家门诊",
    }
    mutation = "outpatientGreenChannelRequest"
    walk.begins()
    soon = {"visitAt": at("2026-03-10 09:30")}
    walk.refused("customer", "For tomorrow", mutation, "VAS-OPG-01", **asked | soon)
    walk.tried("customer", "A dry run for next week", mutation, **asked)
    booking = walk.send("customer", "The request", mutation, ORDER, **asked)["booking"]["id"]
    seen = "status slaClocks { rule { code } status dueAt } availableActions"
    walk.ask("vendor", "What the vendor sees, with its deadlines", SEEN % seen, id=booking)
    walk.send("vendor", "The vendor takes it", "bookingAccept", booking=booking)
    walk.send("vendor", "The request fits", "bookingReview", booking=booking, outcome="PASSED")
    walk.send("vendor", "A doctor is found", "bookingAssign", booking=booking, doctor=CHIEF)
    walk.at(at("2026-03-18 09:30")).send("vendor", "The client is there", "bookingCheckIn", booking=booking)
    walk.at(at("2026-03-18 11:00")).send("vendor", "The visit is over", "bookingCheckOut", booking=booking)
    walk.at(at("2026-03-19 10:00")).send(
        "vendor", "A call afterwards", "bookingFollowUpRecord", booking=booking, note="顺利"
    )
    walk.rated(booking)


@walk("escort-vas", "Escort to a hospital (VAS)", "VAS", "OUTPATIENT_ESCORT")
def escort(walk: Walk) -> None:
    """Somebody goes along to a hospital, asked for three days ahead: the vendor calls soon, is there early, and notes
    what was arranged.
    """
    walk.begins()
    asked = request(walk.number, acknowledged=[])
    del asked["idempotencyKey"]
    soon = {"visitAt": at("2026-03-11 09:30")}
    walk.refused("customer", "Too soon", "escortBook", "VAS-ESC-01", **asked | soon)
    walk.tried("customer", "A dry run", "escortBook", **asked)
    booking = walk.send("customer", "The request", "escortBook", ORDER, **asked)["booking"]["id"]
    seen = "status slaClocks { rule { code } status dueAt } availableActions"
    walk.ask("vendor", "What the vendor sees, with its deadlines", SEEN % seen, id=booking)
    walk.send("vendor", "The vendor takes it", "bookingAccept", booking=booking)
    walk.send("vendor", "The vendor sends somebody", "bookingAssign", booking=booking, escortName="护理顾问小李")
    walk.send(
        "vendor",
        "The vendor has called, point by point",
        "bookingConfirm",
        booking=booking,
        isClientConfirming=True,
        checklist=CHECKLIST,
    )
    walk.at(at("2026-03-12 09:20")).send("vendor", "The escort is there", "bookingCheckIn", booking=booking)
    walk.at(at("2026-03-12 12:30")).send("vendor", "The visit is over", "bookingCheckOut", booking=booking)
    walk.at(at("2026-03-13 10:00")).send(
        "vendor", "A call afterwards", "bookingFollowUpRecord", booking=booking, note="顺利"
    )
    walk.rated(booking)


@walk("expert-call", "A call with an expert (VAS)", "VAS", "EXPERT_CALL")
def expert_call(walk: Walk) -> None:
    """An expert of a top hospital calls, at a time of the coming week or, while on duty, at once."""
    walk.at(at("2026-03-09 10:10"))
    expert = expert_with(walk.gateway, "2026-03-12 15:00", department_code="NUTRITION")
    walk.hide(expert, "EXPERT-EXAMPLE")
    times = """query { expertSchedules(department: "NUTRITION", on: "2026-03-12") {
      startsAt isFree expert { code title hospitalRank } } }"""
    walk.ask("customer", "Who has time", times)
    asked = {"policyNumber": walk.number, "expert": expert, "phone": "13800138000"}
    mutation = "expertCallBook"
    walk.refused(
        "customer",
        "At a time that the expert does not have",
        mutation,
        "VAS-EXP-01",
        **asked,
        startsAt=at("2026-03-12 16:00"),
    )
    asked |= {"startsAt": at("2026-03-12 15:00")}
    walk.tried("customer", "A dry run", mutation, **asked)
    booking = walk.send("customer", "The call is booked", mutation, ORDER, **asked)["booking"]["id"]
    walk.ask("vendor", "What the vendor sees", SEEN % "status visitAt availableActions", id=booking)
    walk.at(at("2026-03-12 15:00"))
    called = {"caller": "EXPERT", "callReference": "call-1"}
    attempts = "booking { status details { ... on ExpertCallDetails { attempts { caller isAnswered } } } }"
    walk.send(
        "vendor", "Nobody picks up", "bookingCallAttemptRecord", attempts, booking=booking, isAnswered=False, **called
    )
    again = called | {"callReference": "call-2"}
    walk.send(
        "vendor", "The second call", "bookingCallAttemptRecord", attempts, booking=booking, isAnswered=True, **again
    )
    walk.at(at("2026-03-12 15:15")).send("vendor", "The end of the call", "bookingComplete", booking=booking)
    walk.rated(booking)


@walk("family-doctor", "The family doctor (VAS)", "VAS", "FAMILY_DOCTOR")
def family_doctor(walk: Walk) -> None:
    """A doctor at any hour, in writing or by phone; the summary comes in writing. CY26 has its own family doctor."""
    walk.at(at("2026-03-09 22:30")).begins()
    asked = {
        "policyNumber": walk.number,
        "mode": "FAMILY_DOCTOR",
        "topic": "DISEASE",
        "question": "孩子半夜发烧，怎么办？",
        "phone": "13800138000",
    }
    walk.tried("customer", "A dry run, late in the evening", "consultationStart", **asked)
    booking = walk.send("customer", "The question", "consultationStart", ORDER, **asked)["booking"]["id"]
    seen = "status slaClocks { rule { code } status dueAt } availableActions"
    walk.ask("vendor", "What the vendor sees, with its deadline", SEEN % seen, id=booking)
    young = DOCTOR | {"title": "RESIDENT"}
    answer = {"content": "先量体温，多喝水。"}
    walk.refused(
        "vendor", "Not every doctor will do", "consultationReply", "VAS-TBL-12", booking=booking, doctor=young, **answer
    )
    walk.send("vendor", "A doctor answers", "consultationReply", booking=booking, doctor=DOCTOR, **answer)
    walk.refused("vendor", "No end without a summary", "consultationClose", "VAS-FD-07", booking=booking)
    walk.send("vendor", "The end, with a summary", "consultationClose", booking=booking, summary="超过 39 度就诊。")
    walk.rated(booking)
