"""What is owed back: paid in parts, waived, never below nothing, and each payment counted once."""

from typing import Any

import pytest

from gateway.auth.viewer import VENDOR_LIMIT, Viewer, ViewerKind
from tests.support.advances import Case, begin, rows_of
from tests.support.client import Answer, Gateway, new_key
from tests.support.mutations import input_of
from tests.support.races import ask, together

SHOWN = """{ isReplay refusals { message } repayment { id status paidAmount { amount } waivedAmount { amount }
  outstandingAmount { amount } entries { kind amount { amount } reason } } }"""


@pytest.fixture
def owing(gateway: Gateway) -> tuple[Case, str]:
    """CNY 10,000 owed to the vendor."""
    case = begin(gateway, "VAS").go_to("PAID")
    case.file()
    case.decide("20000.00")
    return case, case.take("vendor", "advanceSettle")["repayments"][0]["id"]


def document(mutation: str) -> str:
    return f"mutation M($input: {input_of(mutation).name}!) {{ {mutation}(input: $input) {SHOWN} }}"


def send_raw(case: Case, role: str, mutation: str, repayment: str, **fields: Any) -> Answer:
    given = {"idempotencyKey": new_key(), "repayment": repayment} | fields
    return case.who(role).ask(document(mutation), input=given)


def record(case: Case, repayment: str, amount: str, role: str = "vendor", **fields: Any) -> Answer:
    return send_raw(case, role, "repaymentRecord", repayment, **{"amount": amount, "reference": new_key()} | fields)


def test_a_sum_is_paid_back_in_parts(owing: tuple[Case, str]) -> None:
    case, owed = owing
    first = record(case, owed, "4000.00").data["repaymentRecord"]["repayment"]
    assert (first["status"], first["outstandingAmount"]) == ("PARTIALLY_PAID", {"amount": "6000.00"})
    last = record(case, owed, "6000.00", "adjuster").data["repaymentRecord"]["repayment"]
    assert (last["status"], last["outstandingAmount"]) == ("SETTLED", {"amount": "0.00"})
    assert [entry["amount"]["amount"] for entry in last["entries"]] == ["4000.00", "6000.00"]
    assert record(case, owed, "0.01").error["extensions"]["inputPath"] == ["input", "repayment"]


@pytest.mark.parametrize("amount", ["0.00", "10000.01", "-1.00"])
def test_no_more_is_paid_back_than_is_owed(owing: tuple[Case, str], amount: str) -> None:
    answer = record(*owing, amount)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "amount"])


def test_a_reference_counts_once(owing: tuple[Case, str]) -> None:
    reference = new_key()
    assert record(*owing, "1.00", reference=reference).data
    assert record(*owing, "1.00", reference=reference).error["extensions"]["inputPath"] == ["input", "reference"]


def test_a_supervisor_lets_the_rest_go_and_says_why(owing: tuple[Case, str]) -> None:
    case, owed = owing
    record(case, owed, "4000.00")
    part = send_raw(case, "supervisor", "repaymentWaive", owed, amount="1000.00", reason="困难减免")
    assert part.data["repaymentWaive"]["repayment"]["status"] == "PARTIALLY_PAID"
    rest = send_raw(case, "supervisor", "repaymentWaive", owed, reason="困难减免").data["repaymentWaive"]["repayment"]
    assert (rest["status"], rest["waivedAmount"]) == ("WAIVED", {"amount": "6000.00"})
    assert [entry["reason"] for entry in rest["entries"]] == [None, "困难减免", "困难减免"]


@pytest.mark.parametrize(
    ("role", "mutation", "more"),
    [
        ("customer", "repaymentRecord", {"amount": "1.00", "reference": "x"}),
        ("vendor", "repaymentWaive", {"reason": "x"}),
        ("adjuster", "repaymentWaive", {"reason": "x"}),
    ],
)
def test_who_pays_records_nothing_and_who_decides_waives_nothing(
    owing: tuple[Case, str], role: str, mutation: str, more: dict[str, Any]
) -> None:
    case, owed = owing
    assert send_raw(case, role, mutation, owed, **more).code == "FORBIDDEN"


def test_what_is_owed_to_another_vendor_is_answered_like_nothing(gateway: Gateway, owing: tuple[Case, str]) -> None:
    case, owed = owing
    absent = owed[:-4] + ("0000" if not owed.endswith("0000") else "1111")
    given = {"amount": "1.00", "reference": "x"}
    others = gateway.vendor("QITAI", *VENDOR_LIMIT)
    cut = gateway.client(
        Viewer(
            ViewerKind.VENDOR,
            "vendor:VAS-SERVICE",
            "v",
            frozenset(VENDOR_LIMIT),
            vendor="VAS-SERVICE",
            services=("ADVANCE_PAYMENT",),
        )
    )
    answers = [
        client.ask(document("repaymentRecord"), input={"idempotencyKey": new_key(), "repayment": name} | given)
        for client, name in ((others, owed), (cut, owed), (case.who("vendor"), absent))
    ]
    assert {(answer.code, answer.error["message"]) for answer in answers} == {
        ("BAD_USER_INPUT", answers[0].error["message"])
    }


@pytest.mark.parametrize("_", range(4))
def test_two_payments_of_the_whole_settle_it_once(gateway: Gateway, owing: tuple[Case, str], _: int) -> None:
    case, owed = owing
    calls = [
        ask(
            case.who("vendor"),
            document("repaymentRecord"),
            {"idempotencyKey": new_key(), "repayment": owed, "amount": "10000.00", "reference": new_key()},
        )
        for _ in range(2)
    ]
    assert sorted("errors" in answer for answer in together(*calls)) == [False, True]
    (row,) = rows_of(gateway, "repayments", case.number)
    entries = rows_of(gateway, "repayment_entries", case.number)
    assert row["paid_amount"] == sum(entry["amount"] for entry in entries) == 10000
