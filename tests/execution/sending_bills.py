"""Inputs for the mutations of bills, for whoever counts what they send."""

from collections.abc import Mapping

from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, staff
from tests.support import bills, direct_claims
from tests.support.client import Gateway, new_key
from tests.support.mutations import sample
from tests.support.visits import PRIVATE

STAFF = staff("supervisor")


def _issue(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    _, claim = bills.visit(gateway)
    return Sent(STAFF, sample(mutation, claim=claim))


def _of_bill(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    more = {"reference": "R-1"} if mutation == "billPay" else {}
    return Sent(STAFF, sample(mutation, bill=bills.begin(gateway).id, **more))


def _disputed(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    billed = bills.begin(gateway)
    billed.send("customer", "billDispute", grounds="not what was agreed")
    return Sent(STAFF, sample(mutation, bill=billed.id))


def _visit(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    visit = direct_claims.begin(gateway, "CY23")
    given = visit.request(visitedOn="2026-03-10", hospital=PRIVATE, booking=None)
    return Sent(STAFF, given | {"idempotencyKey": new_key()})


def _opened(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    visit = direct_claims.begin(gateway, "CY23")
    return Sent(STAFF, sample(mutation, claim=visit.create()["id"], papers=["BILL"]))


BILLS: Mapping[str, tuple[int, Make]] = {
    # BEGIN, key, what is named, account, cover locked, card, network, all writes, payload, COMMIT
    "directClaimCreate": (10, _visit),
    # BEGIN, key, claim locked, signatures, all writes, payload, COMMIT
    "directClaimSign": (7, _opened),
    # BEGIN, key, visit locked, its bills, all writes, payload, COMMIT
    "billIssue": (7, _issue),
    # BEGIN, key, bill locked, what hangs on it, all writes, payload, COMMIT
    "billReminderRecord": (7, _of_bill),
    "billPay": (8, _of_bill),  # and whether the receipt is known
    "billWaive": (7, _of_bill),
    "billDispute": (8, _of_bill),  # and whether it was disputed before
    "billDisputeWithdraw": (8, _disputed),  # and its dispute
    "billDisputeDecide": (9, _disputed),  # and who has decided its claim
}
