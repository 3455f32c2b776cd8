"""The life of a consultation: asked, answered, closed, rated."""

from tests.support.client import Gateway
from tests.support.consultations import begin


def test_smoke(gateway: Gateway) -> None:
    for product in ("ZYB", "ZAWX", "CY23", "VAS", "CY26"):
        case = begin(gateway, product)
        print(case.seen_by("customer"))
        assert case.reply()["booking"]["status"] == "IN_SERVICE"
        assert case.close()["booking"]["status"] == "COMPLETED"
        assert case.take("customer", "bookingRate", score=5)["booking"]["status"] == "COMPLETED"
        print(case.seen_by("vendor"), case.uses(), case.topics())
