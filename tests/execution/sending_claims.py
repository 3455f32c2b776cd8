"""Claims and appeals, for the count of their statements."""

from collections.abc import Callable, Mapping
from typing import Any

from gateway.execution import ids
from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, customer, staff
from tests.support import claims
from tests.support.claims import Case, visit
from tests.support.client import Gateway
from tests.support.mutations import sample

STAFF = staff("supervisor")
UPHELD = {"outcome": "UPHELD", "lines": [], "rules": []}
PARCEL = {"trackingNumber": "SF1", "insuredName": "演示成人", "idNumber": "P12345", "phone": "13800138000"}


def _filed(gateway: Gateway, _twins: Twins, _mutation: str) -> Sent:
    number = claims.policy(gateway)
    return Sent(customer(number), claims.request(gateway, number))


def _of(
    before: Callable[[Case], Any] | None = None, *, role: str = "staff", large: bool = False, **fields: Any
) -> Make:
    """A mutation of a claim to which something has happened."""

    def make(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
        changes = {"visits": [visit(amount="60000.00")], "more": ["PHOTO_ID_COPY"]} if large else {}
        case = claims.begin(gateway, **changes)
        if before is not None:
            before(case)
        viewer = customer(case.number) if role == "customer" else STAFF
        return Sent(viewer, sample(mutation, claim=case.id, **fields))

    return make


def _papers(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = claims.begin(gateway)
    given = claims.papers(gateway, case.number, ["LAB_REPORT"])
    return Sent(customer(case.number), sample(mutation, claim=case.id, documents=given))


def _appeal(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = claims.begin(gateway)
    case.decide(excluded="10.00")
    return Sent(STAFF, sample(mutation, appeal=case.appeal(), **UPHELD))


def _paper(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = claims.begin(gateway)
    paper = claims.rows_of(gateway, "claim_documents", case.number)[0]
    return Sent(
        STAFF, sample(mutation, claim=case.id, document=ids.encode("doc", paper["policy_id"], paper["document_id"]))
    )


def _filed_appeal(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = claims.begin(gateway)
    case.decide(excluded="10.00")
    return Sent(STAFF, sample(mutation, appeal=case.appeal()))


def _extension(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = claims.begin(gateway)
    case.decide(excluded="10.00")
    return Sent(STAFF, sample(mutation, appeal=case.appeal(), answerBy="2026-06-30"))


def _decided(case: Case) -> None:
    case.decide(excluded="10.00")


def _asked(case: Case) -> None:
    case.send("adjuster", "claimSupplementRequest", kinds=["LAB_REPORT"])


def _proposed(case: Case) -> None:
    case.send("adjuster", "claimOriginalsReceive")
    case.decide()


WHOLE = [{"position": 1}]
CLAIMS: Mapping[str, tuple[int, Make]] = {
    # BEGIN, key, policy, papers, cover locked, hospitals, what else is claimed, all writes, payload, COMMIT
    "claimSubmit": (10, _filed),
    # BEGIN, key, claim locked, its parts, all writes, payload, COMMIT
    "claimDocumentsAdd": (8, _papers),  # and the papers
    "claimShipmentRegister": (7, _of(role="customer", large=True, **PARCEL)),
    "claimWithdraw": (7, _of(role="customer")),
    "claimAccountChange": (7, _of(role="customer", bankAccount=claims.ACCOUNT)),
    "claimOriginalsReceive": (7, _of(large=True)),
    "claimReview": (7, _of()),
    "claimDocumentReview": (8, _paper),  # and what was said of it before
    "claimSupplementRequest": (7, _of(kinds=["LAB_REPORT"])),
    "claimClose": (7, _of(_asked)),
    "claimAdjudicate": (7, _of(lines=WHOLE)),
    "claimApprove": (8, _of(_proposed, large=True, isApproved=True)),  # and the proposal
    "claimPay": (7, _of(_decided)),
    "appealSubmit": (7, _of(_decided, role="customer")),
    "appealReview": (9, _filed_appeal),
    "appealDecide": (9, _appeal),  # and the appeal, found and locked
    "appealExtend": (9, _extension),
}
