"""Walks through the services of ZYB."""

from tests.support.consultations import DOCTOR
from tests.support.escorts import at, request
from tests.walks.walk import SEEN, Walk, walk

ENTITLEMENT = """query ($number: String!) { policy(number: $number) {
  entitlements { service granted reserved used remaining usableFrom } } }"""
DISCLOSURES = """query { disclosures(operation: "%s", product: %s) { statement isRequired rule { code } } }"""


@walk("escort", "Escort to a hospital (ZYB)", "ZYB", "OUTPATIENT_ESCORT")
def escort(walk: Walk) -> None:
    """Somebody goes along to a hospital: one visit in the policy's life, in the cities of the annex. VAS has the
    same service with lead times and steps of its own (escort-vas.md).
    """
    walk.at(at("2026-01-20 09:00"))
    walk.ask("customer", "What is there, and from when", ENTITLEMENT, number=walk.number)
    walk.ask("customer", "What must be shown before booking", DISCLOSURES % ("escortBook", "ZYB"))
    good = request(walk.number)
    del good["idempotencyKey"]
    early = {"hospital": "DEMO-XZ-001", "visitAt": at("2026-01-20 15:00")}
    codes = ("ZYB-TBL-07", "ZYB-TBL-09", "ZYB-TBL-12")
    walk.refused("customer", "Too early, too late and in the wrong city", "escortBook", *codes, **good | early)
    walk.at(at("2026-03-09 09:00"))
    walk.tried("customer", "A dry run after the waiting period", "escortBook", **good)
    shows = "booking { id number status visitAt availableActions }"
    booking = walk.send("customer", "The booking", "escortBook", shows, **good)["booking"]["id"]
    quote = "query ($id: ID!) { cancellationQuote(booking: $id) { outcome freeUntil } }"
    walk.ask("customer", "What a cancellation would cost", quote, id=booking)
    details = "status patient: details { ... on EscortDetails { patientName registration need } } availableActions"
    walk.ask("vendor", "What the vendor sees", SEEN % details, id=booking)
    walk.send("vendor", "The vendor takes it", "bookingAccept", booking=booking)
    place = {"escortName": "演示陪诊员", "meetingPlace": "门诊大厅", "materials": "医保卡"}
    walk.send("vendor", "The vendor sends somebody", "bookingAssign", booking=booking, **place)
    walk.send("customer", "The client agrees to time, place and papers", "bookingConfirm", booking=booking)
    walk.at(at("2026-03-12 09:30")).send("vendor", "The escort has arrived", "bookingCheckIn", booking=booking)
    walk.at(at("2026-03-12 12:30")).send("vendor", "The visit is over", "bookingCheckOut", booking=booking)
    walk.at(at("2026-03-13 10:00")).send(
        "vendor", "The vendor asks how it was", "bookingFollowUpRecord", booking=booking
    )
    rating = "booking { status rating { score comment } }"
    walk.send("customer", "The client rates it", "bookingRate", rating, booking=booking, score=5, comment="很周到")
    walk.ask("customer", "What is left", ENTITLEMENT, number=walk.number)


@walk("consultation", "A question to a doctor in writing (ZYB)", "ZYB", "TEXT_CONSULTATION")
def consultation(walk: Walk) -> None:
    """A doctor answers in writing by day; at night the question becomes a message. ZAWX has such a service with
    hours and demands on doctors of its own.
    """
    walk.at(at("2026-03-09 10:00")).begins()
    walk.ask("customer", "What must be shown before asking", DISCLOSURES % ("consultationStart", "ZYB"))
    asked = {
        "policyNumber": walk.number,
        "mode": "TEXT",
        "topic": "DISEASE",
        "question": "咳嗽三天，要不要去医院？",
        "phone": "13800138000",
    }
    walk.refused("customer", "Without having been told", "consultationStart", "ZYB-CON-07", **asked)
    told = asked | {"acknowledged": ["ZYB-CON-07"]}
    walk.tried("customer", "A dry run", "consultationStart", **told)
    made = walk.send("customer", "The question", "consultationStart", "booking { id number status }", **told)
    booking = made["booking"]["id"]
    seen = "status asked: details { ... on ConsultationDetails { topic question isAfterHours } } availableActions"
    walk.ask("vendor", "What the vendor sees", SEEN % seen, id=booking)
    walk.at(at("2026-03-09 10:10"))
    answer = {"content": "先观察两天，多喝水。", "doctor": DOCTOR}
    walk.send("vendor", "A doctor answers", "consultationReply", booking=booking, **answer)
    walk.send("vendor", "The end, with a summary", "consultationClose", booking=booking, summary="两天不退烧就诊。")
    walk.send(
        "customer",
        "The client rates it",
        "bookingRate",
        "booking { status rating { score } }",
        booking=booking,
        score=5,
    )
