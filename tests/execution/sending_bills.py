"""Inputs for the mutations of bills, for whoever counts what they send."""

from collections.abc import Mapping

from tests.execution.sending import Make, Sent
from tests.execution.twins import Twins, staff
from tests.support import bills
from tests.support.client import Gateway
from tests.support.mutations import sample

STAFF = staff("supervisor")


def _issue(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    _, claim = bills.visit(gateway)
    return Sent(STAFF, sample(mutation, claim=claim))


def _of_bill(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    more = {"reference": "R-1"} if mutation == "billPay" else {}
    return Sent(STAFF, sample(mutation, bill=bills.begin(gateway).id, **more))


BILLS: Mapping[str, tuple[int, Make]] = {
    # BEGIN, key, visit locked, its bills, all writes, payload, COMMIT
    "billIssue": (7, _issue),
    # BEGIN, key, bill locked, what hangs on it, all writes, payload, COMMIT
    "billReminderRecord": (7, _of_bill),
    "billPay": (8, _of_bill),  # and whether the receipt is known
    "billWaive": (7, _of_bill),
}
