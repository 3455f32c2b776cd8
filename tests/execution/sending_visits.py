"""Consultations, visits, vaccinations and tests at home, for the count of their statements."""

from collections.abc import Mapping
from typing import Any

from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, customer, staff, vendor
from tests.support import consultations, visits
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, add_paper, at
from tests.support.mutations import sample

STAFF = staff("supervisor")
VISIT_AT = at("2026-03-26 09:30")


def _question(gateway: Gateway, _twins: Twins, _mutation: str) -> Sent:
    number = consultations.new_policy(gateway, "ZYB")
    return Sent(customer(number), {"idempotencyKey": new_key()} | consultations.question("ZYB", number))


def _answered(*, is_replied: bool = False, **fields: Any) -> Make:
    """What a doctor does with a question that waits, or has been answered."""

    def make(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
        asked = consultations.begin(gateway, "ZYB")
        if is_replied:
            asked.reply()
        return Sent(vendor("HUANQIU"), sample(mutation, booking=asked.booking, **fields))

    return make


def _of_policy(product: str, **fields: Any) -> Make:
    """What a client asks for by the number of a policy."""

    def make(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
        number = consultations.new_policy(gateway, product)
        return Sent(customer(number), sample(mutation, policyNumber=number, **fields))

    return make


def _visit(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = visits.policy(gateway)
    changes = {} if mutation == "respiratoryTestOrder" else {"visitAt": VISIT_AT}
    return Sent(customer(number), visits.REQUESTS[mutation](number, **changes))


def _seen(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    """A visit that a client has come to."""
    return Sent(STAFF, sample(mutation, booking=visits.begin(gateway).visited().booking))


def _report(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    trip = visits.begin(gateway, "respiratoryTestOrder")
    report = add_paper(gateway, trip.number, "LAB_REPORT", None)
    trip.take_all(("vendor", "bookingAccept"), ("vendor", "bookingCheckIn"), ("vendor", "bookingCheckOut"))
    trip.take_all(("vendor", "bookingComplete", NOW, {"report": report}))
    return Sent(customer(trip.number), sample(mutation, booking=trip.booking))


def _closed_brand(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    """A series at a brand that has closed since."""
    brand = f"B{new_key()[:6]}"
    visits.add_clinic(gateway, f"T-{brand}", brand)
    trip = visits.begin(gateway, "vaccinationBook", hospital=f"T-{brand}").visited()
    visits.close_brand(gateway, brand)
    return Sent(customer(trip.number), sample(mutation, policyNumber=trip.number))


def _transfer(gateway: Gateway, twins: Twins, mutation: str) -> Sent:
    asked = _closed_brand(gateway, twins, "vaccineBrandTransferRequest")
    text = (
        "mutation M($i: VaccineBrandTransferRequestInput!) "
        "{ vaccineBrandTransferRequest(input: $i) { brandTransfer { id } } }"
    )
    transfer = twins.done(text, {"i": asked.given}, asked.viewer)["brandTransfer"]["id"]
    return Sent(STAFF, sample(mutation, transfer=transfer, decision="APPROVE", brand="演示小鹿"))


def _said(mutation_before: str, field: str) -> Make:
    """An answer to what a client has said."""

    def make(gateway: Gateway, twins: Twins, mutation: str) -> Sent:
        asked = _of_policy("ZYB", service=None, phone=None, booking=None)(gateway, twins, mutation_before)
        text = f"mutation M($i: {mutation_before[0].upper()}{mutation_before[1:]}Input!) "
        text += f"{{ {mutation_before}(input: $i) {{ {field} {{ id }} }} }}"
        given = {name: value for name, value in asked.given.items() if name not in ("service", "phone", "booking")}
        return Sent(STAFF, sample(mutation, **{field: twins.done(text, {"i": given}, asked.viewer)[field]["id"]}))

    return make


def _restricted(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    return Sent(STAFF, sample(mutation, restriction=visits.shut_out(gateway)[1]))


VISITS: Mapping[str, tuple[int, Make]] = {
    "consultationStart": (8, _question),
    "consultationReply": (9, _answered(content="先观察两天。", doctor=consultations.DOCTOR)),
    "consultationClose": (8, _answered(is_replied=True, summary="多喝水。")),
    "drugQuestionAsk": (7, _of_policy("ZAWX", phone=consultations.PHONE, acknowledged=["ZAWX-DRUG-06"])),
    "checkupPlanRequest": (7, _of_policy("CY26")),
    "onsiteAssistanceRequest": (7, _of_policy("CY26", hospital="DEMO-SH-001", visitAt=VISIT_AT)),
    "messageLeave": (6, _of_policy("ZYB", service=None, phone=None)),
    "complaintCreate": (6, _of_policy("ZYB", booking=None)),
    # BEGIN, key, what is answered locked, all writes, payload, COMMIT
    "messageAnswer": (6, _said("messageLeave", "message")),
    "complaintAnswer": (6, _said("complaintCreate", "complaint")),
    "visitRestrictionLift": (6, _restricted),
    "hospitalVisitBook": (8, _visit),
    "vaccinationBook": (8, _visit),
    "respiratoryTestOrder": (10, _visit),
    "bookingComplete": (8, _seen),
    "bookingTerminate": (8, _seen),
    "testReportShare": (10, _report),
    "vaccineBrandTransferRequest": (8, _closed_brand),
    "vaccineBrandTransferDecide": (9, _transfer),
}
