"""The CY23 handbook on bills, through the API."""

from tests.support.bills import begin, send_raw
from tests.support.client import Gateway, new_number
from tests.support.escorts import NOW


def test_pay_03_every_bill_belongs_to_one_visit(gateway: Gateway) -> None:
    billed = begin(gateway)
    again = send_raw(gateway.staff().at(NOW), "billIssue", {"claim": billed.claim, "amount": "1.00"})
    assert (again.code, "a bill already" in again.error["message"]) == ("BAD_USER_INPUT", True)


def test_pay_03_the_client_pays_that_very_bill(gateway: Gateway) -> None:
    first, second = begin(gateway), begin(gateway)
    receipt = {"amount": "100.00", "reference": new_number()}
    assert first.send("adjuster", "billPay", **receipt)["bill"]["status"] == "PAID"
    assert second.row()["state"] == "ISSUED"
