"""The life of an advance: asked for, reviewed, authorized, signed, paid, topped up, settled, and owed back."""

import pytest

from tests.support.advances import (
    begin,
)
from tests.support.client import Gateway

PRODUCTS = ("ZAWX", "VAS", "CY26")


@pytest.mark.parametrize("product", PRODUCTS)
def test_an_advance_from_the_request_to_the_difference(gateway: Gateway, product: str) -> None:
    case = begin(gateway, product).go_to("PAID")
    assert case.uses() == (0, 1)
    case.discharge()
    filed = case.file()
    assert [claim["kind"] for claim in filed["claims"]] == ["ADVANCE_SETTLEMENT"]
    case.decide("26500.00")
    settled = case.take("vendor", "advanceSettle")
    assert settled["status"] == "SETTLED"
    assert settled["paidAmount"] == {"amount": "30000.00"}
    assert settled["coveredAmount"] == {"amount": "26500.00"}
    assert settled["repayableAmount"] == {"amount": "3500.00"}
    (owed,) = settled["repayments"]
    assert (owed["status"], owed["cause"], owed["payee"]) == ("OPEN", "ADVANCE_EXCESS", "VENDOR")
    assert owed["outstandingAmount"] == {"amount": "3500.00"}
    steps = settled["timeline"]
    assert [step["fromStatus"] for step in steps] == ["", *(step["status"] for step in steps[:-1])]
