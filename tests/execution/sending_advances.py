"""Hospital costs paid in advance, for the count of their statements."""

from collections.abc import Mapping
from typing import Any

from gateway.auth.viewer import VENDOR_LIMIT, Viewer
from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, customer, staff, vendor
from tests.support import advances
from tests.support.advances import AGREED, FOUND, VENDORS
from tests.support.client import Gateway, new_key
from tests.support.mutations import sample


def _payer(code: str) -> Viewer:
    return vendor(code, scopes=VENDOR_LIMIT)


def _request(gateway: Gateway, _twins: Twins, _mutation: str) -> Sent:
    number = advances.policy(gateway, "VAS")
    return Sent(customer(number), advances.request(gateway, number, "VAS"))


def _at(state: str | None, role: str, **fields: Any) -> Make:
    """A mutation of an advance that has come to a state."""

    def make(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
        case = advances.begin(gateway, "VAS")
        if state is not None:
            case.go_to(state)
        return Sent(_viewer(case, role), sample(mutation, advance=case.id, **fields))

    return make


def _viewer(case: advances.Case, role: str) -> Viewer:
    who = {"customer": customer(case.number), "staff": staff("supervisor"), "vendor": _payer(VENDORS[case.product])}
    return who[role]


def _papers(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = advances.begin(gateway, "VAS")
    return Sent(customer(case.number), sample(mutation, advance=case.id, documents=case.papers("INVOICE")))


def _signature(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = advances.begin(gateway, "VAS").go_to("AUTHORIZED")
    given = {"documents": case.papers("ADVANCE_AGREEMENT"), "acknowledged": AGREED["VAS"]}
    return Sent(customer(case.number), sample(mutation, advance=case.id, **given))


def _claim(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = advances.begin(gateway, "VAS").go_to("PAID")
    given = {"dischargedOn": "2026-03-20", "invoiceNumber": new_key()}
    return Sent(_payer(VENDORS["VAS"]), sample(mutation, advance=case.id, **given))


def _settlement(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = advances.begin(gateway, "VAS").go_to("PAID")
    case.file()
    case.decide("20000.00")
    return Sent(_payer(VENDORS["VAS"]), sample(mutation, advance=case.id))


def _owed(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = advances.begin(gateway, "VAS").go_to("PAID")
    case.file()
    case.decide("20000.00")
    owed = case.take("vendor", "advanceSettle")["repayments"][0]["id"]
    return Sent(staff("supervisor"), sample(mutation, repayment=owed))


ADVANCES: Mapping[str, tuple[int, Make]] = {
    # BEGIN, key, what is named, account, the stay looked for, all writes, payload, COMMIT
    "advanceRequest": (8, _request),
    # BEGIN, key, advance locked, what hangs on it, all writes, payload, COMMIT
    "advanceContactRecord": (7, _at(None, "vendor")),
    "advanceTopUp": (7, _at("PAID", "customer")),
    "advanceDischargeNotify": (7, _at("PAID", "customer", dischargeOn="2026-03-20")),
    # these lock the account before, look at papers, at who signs, at the reference, or at the claim
    "advanceDocumentsSubmit": (8, _papers),
    "advanceReview": (8, _at("UNDER_REVIEW", "vendor", outcome="APPROVED", findings=FOUND)),
    "advanceAuthorize": (8, _at("REVIEWED", "staff", outcome="APPROVED")),
    "advanceSign": (9, _signature),
    "advancePay": (9, _at("SIGNED", "vendor")),
    "advanceClaimFile": (9, _claim),
    "advanceSettle": (8, _settlement),
    "advanceCancel": (8, _at("AUTHORIZED", "customer")),
    # BEGIN, key, sum locked, all writes, payload, COMMIT; a payment looks for its reference
    "repaymentRecord": (7, _owed),
    "repaymentWaive": (6, _owed),
}
