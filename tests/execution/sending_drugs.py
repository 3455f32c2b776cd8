"""Orders of listed drugs, and what is done with bookings on the side, for the count of their statements."""

from collections.abc import Mapping
from typing import Any

from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, customer, staff, vendor
from tests.support import drugs
from tests.support.client import Gateway
from tests.support.mutations import sample

TRANSIT = {"cause": "TRANSIT", "description": "外箱压扁"}


def _request(gateway: Gateway, _twins: Twins, _mutation: str) -> Sent:
    number = drugs.new_policy(gateway)
    return Sent(customer(number), drugs.request(gateway, number))


def _at(state: str | None, role: str, **fields: Any) -> Make:
    """A mutation of an order that has come to a state."""

    def make(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
        order = drugs.begin(gateway)
        if state is not None:
            order.go_to(state)
        viewer = {"customer": customer(order.number), "vendor": vendor("QITAI"), "staff": staff("adjuster")}[role]
        return Sent(viewer, sample(mutation, booking=order.booking, **fields))

    return make


def _damaged(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    order = drugs.begin(gateway).go_to("SHIPPING")
    order.take("customer", "drugDamageReport", **TRANSIT)
    return Sent(vendor("QITAI"), sample(mutation, booking=order.booking, isVerified=True))


def _papers(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    order = drugs.begin(gateway)
    papers = drugs.handed(gateway, order.number, "LAB_REPORT")
    return Sent(customer(order.number), sample(mutation, booking=order.booking, documents=papers))


DRUGS: Mapping[str, tuple[int, Make]] = {
    # BEGIN, key, what is named, account, drug, prescription, consent, all writes, payload, COMMIT
    "drugPurchaseRequest": (10, _request),
    "drugPrescriptionReview": (8, _at("ACCEPTED", "vendor", outcome="APPROVED")),
    # these look at the order besides
    "drugVoucherIssue": (9, _at("PRESCRIPTION_APPROVED", "vendor")),
    "drugFulfillmentChoose": (9, _at("VOUCHER_ISSUED", "customer", **drugs.DELIVERY)),
    "drugDeliveryConfirm": (9, _at("SHIPPING", "customer", isInspected=True)),
    "drugDamageReport": (9, _at("SHIPPING", "customer", **TRANSIT)),
    "drugDamageDecide": (9, _damaged),
    "bookingDocumentsAttach": (9, _papers),
    "bookingDeadlineExcuse": (9, _at(None, "staff", rule="ZAWX-DRUG-02")),
}
