"""Second opinions on their way, stage by stage."""

from typing import Any

from tests.support.client import Gateway, new_key
from tests.support.consultations import send
from tests.support.escorts import NOW, add_paper
from tests.support.green_channels import care, policy
from tests.support.special_services import Order

HOSPITALS = [{"name": "Example Clinic", "country": "US"}, {"name": "Musterklinik", "country": "DE"}]
GROUP_A = ("ATTENDING_DOCTOR_NOTES", "OUTPATIENT_RECORD", "EXAM_REPORT")
GROUP_B = (
    *("INPATIENT_RECORD", "LAB_REPORT", "EXAM_REPORT", "PATHOLOGY_REPORT", "GENETIC_TEST_REPORT", "TREATMENT_RECORD"),
    *("SURGERY_OR_BIOPSY_RECORD", "RADIOTHERAPY_RECORD", "DISCHARGE_SUMMARY"),
)
STEPS = ("CONSULT", "ASSESSMENT", "RECORD_TRANSLATION")
CONSENT = """
mutation C($input: ConsentGrantInput!) { consentGrant(input: $input) { refusals { message } consent { id } } }
"""


def ask(
    gateway: Gateway, number: str, who: dict[str, str], now: str = NOW, *, dry_run: bool = False, **changes: Any
) -> dict[str, Any]:
    client, mutation = gateway.customer(number).at(now), "secondOpinionRequest"
    return send(client, mutation, dry_run=dry_run, **care(gateway, number, who, **changes)).data[mutation]


def begin(gateway: Gateway) -> Order:
    number, who = policy(gateway)
    made = ask(gateway, number, who)
    assert made["refusals"] == []
    return Order(gateway, "ZAWX", number, made["booking"]["id"], NOW)


def papers(order: Order, *kinds: str) -> list[dict[str, str]]:
    return [{"kind": kind, "document": add_paper(order.gateway, order.number, kind, None)} for kind in kinds]


def advance(order: Order, stage: str, **given: Any) -> dict[str, Any]:
    brings: dict[str, Any] = {"questions": ["能否手术？"]} if stage == "ASSESSMENT" else {}
    if stage == "CONSULTATION":
        brings = {"document": papers(order, "CONSULTATION_RECORD")[0]["document"]}
    return order.take("vendor", "secondOpinionStageAdvance", stage=stage, **brings | given)


def consent(order: Order, recipient: str = "Musterklinik") -> None:
    insured = "query I($n: String!) { policy(number: $n) { insured { id } } }"
    person = order.who("customer").ask(insured, n=order.number).data["policy"]["insured"][0]["id"]
    given = {
        "idempotencyKey": new_key(),
        "policyNumber": order.number,
        "insured": person,
        "kind": "CROSS_BORDER",
        "recipient": recipient,
        "recipientContact": "records@example.org",
        "purpose": "二诊",
        "method": "加密传输",
        "textVersion": "1",
        "textSha256": "0" * 64,
    }
    assert order.who("customer").ask(CONSENT, input=given).data["consentGrant"]["refusals"] == []


def submit(order: Order, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"documents": papers(order, *GROUP_A), "notApplicable": reasons(GROUP_B)} | changes
    return order.take("customer", "secondOpinionDocumentsSubmit", **given)


def reasons(kinds: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"kind": kind, "reason": "没有做过"} for kind in kinds]


def go_to(order: Order, state: str) -> Order:
    """The way of a second opinion when nothing goes wrong."""
    way = (
        ("ACCEPTED", lambda: order.take("vendor", "bookingAccept")),
        ("CONSULTED", lambda: advance(order, "CONSULT")),
        ("ASSESSED", lambda: advance(order, "ASSESSMENT")),
        ("RECORDS_TRANSLATED", lambda: advance(order, "RECORD_TRANSLATION")),
        ("HOSPITALS_PROPOSED", lambda: order.take("vendor", "secondOpinionHospitalsPropose", hospitals=HOSPITALS)),
        ("HOSPITAL_SELECTED", lambda: order.take("customer", "secondOpinionHospitalSelect", hospital=2)),
        ("DOCUMENTS_SUBMITTED", lambda: submit(order)),
        ("REVIEWED", lambda: order.take("vendor", "bookingReview", outcome="PASSED")),
        ("SENT_ABROAD", lambda: (consent(order), advance(order, "SENDING"))[1]),
        ("REPORT_ISSUED", lambda: advance(order, "CONSULTATION")),
        ("RESULT_TRANSLATED", lambda: advance(order, "RESULT_TRANSLATION")),
        ("INTERPRETED", lambda: advance(order, "INTERPRETATION")),
        ("COMPLETED", lambda: advance(order, "FOLLOW_UP")),
    )
    for reached, step in way:
        answer = step()
        assert answer["refusals"] == [], answer["refusals"]
        assert answer["booking"]["status"] == reached
        if reached == state:
            return order
    raise AssertionError(state)
