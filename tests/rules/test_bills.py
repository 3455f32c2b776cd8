from typing import Any

import pytest

from gateway.validation.facts import Facts
from gateway.validation.facts.direct_claims import Bill
from gateway.validation.rules import bills, direct_billing
from gateway.validation.verdict import Status

from .builders import at, billing, facts, hospital, on, rule, visit_facts

ONLINE = rule(ownership="PUBLIC", visitTypes=["OUTPATIENT", "EMERGENCY"])
COVERED = rule(ownership="PUBLIC", visitTypes=["OUTPATIENT"], fullCoverVisits={"STANDARD": 6, "PLUS": None})


def bill_facts(*, ownership: str = "PUBLIC", now: str = "2026-03-10 10:00", **changes: Any) -> Facts:
    bill = Bill(**({"visit_type": "OUTPATIENT", "plan": "STANDARD"} | changes))
    paths = {name: ("input", name) for name in ("bill", "amount")}
    return facts(
        operation="billPay", product="CY23", hospital=hospital(ownership=ownership), now=at(now), bill=bill, paths=paths
    )


# Online


@pytest.mark.parametrize(
    ("ownership", "visit_type", "status"),
    [
        ("PUBLIC", "OUTPATIENT", Status.PASSED),
        ("PUBLIC", "EMERGENCY", Status.PASSED),
        ("PUBLIC", "INPATIENT", Status.REFUSED),
        ("PRIVATE", "OUTPATIENT", Status.REFUSED),
    ],
)
def test_only_outpatient_bills_of_public_hospitals_are_paid_online(
    ownership: str, visit_type: str, status: Status
) -> None:
    found = bill_facts(ownership=ownership, visit_type=visit_type, is_paid_online=True)
    verdict = bills.payable_online(ONLINE, found)
    assert (verdict.status, verdict.input_path) == (status, () if status is Status.PASSED else ("input", "bill"))


def test_money_that_the_hospital_took_is_always_recorded() -> None:
    assert bills.payable_online(ONLINE, bill_facts(ownership="PRIVATE")).status is Status.PASSED


def test_a_handbook_that_has_the_client_pay_the_hospital_takes_nothing_online() -> None:
    assert bills.payable_online(rule(payee="HOSPITAL"), bill_facts(is_paid_online=True)).status is Status.REFUSED
    assert bills.payable_online(rule(payee="HOSPITAL"), bill_facts()).status is Status.PASSED


# Visits with full reimbursement


@pytest.mark.parametrize(("used", "status"), [(5, Status.REFUSED), (6, Status.PASSED), (7, Status.PASSED)])
def test_a_bill_arises_once_the_visits_are_used_up(used: int, status: Status) -> None:
    assert bills.full_cover_used_up(COVERED, bill_facts(full_cover_visits=used)).status is status


@pytest.mark.parametrize("plan", ["PLUS", None, "OTHER"])
def test_a_plan_without_the_number_is_for_people(plan: str | None) -> None:
    assert bills.full_cover_used_up(COVERED, bill_facts(plan=plan)).status is Status.UNKNOWN


@pytest.mark.parametrize("changes", [{"ownership": "PRIVATE"}, {"visit_type": "INPATIENT"}])
def test_other_visits_have_nothing_to_use_up(changes: dict[str, str]) -> None:
    assert bills.full_cover_used_up(COVERED, bill_facts(**changes)).status is Status.PASSED


# Reminders


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2026-03-10 23:59:59", Status.REFUSED),
        ("2026-03-11 23:59:59", Status.REFUSED),
        ("2026-03-12 00:00", Status.PASSED),
    ],
)
def test_reminders_lie_so_many_days_apart(now: str, status: Status) -> None:
    found = bill_facts(now=now, reminders=1, reminded_on=on("2026-03-10"), is_reminder_delivered=True)
    verdict = bills.reminder_spaced(rule(minDaysBetween=2), found)
    assert verdict.status is status
    assert verdict.passes_from == (at("2026-03-12 00:00") if status is Status.REFUSED else None)


def test_the_first_reminder_may_come_at_once_and_a_missed_one_at_any_time() -> None:
    spaced = rule(minDaysBetween=1)
    assert bills.reminder_spaced(spaced, bill_facts(is_reminder_delivered=True)).status is Status.PASSED
    missed = bill_facts(reminders=1, reminded_on=on("2026-03-10"))
    assert bills.reminder_spaced(spaced, missed).status is Status.PASSED


@pytest.mark.parametrize("check", [bills.payable_online, bills.full_cover_used_up, bills.reminder_spaced])
def test_without_a_bill_nothing_is_known(check: Any) -> None:
    assert check(COVERED, facts(bill=None)).status is Status.UNKNOWN


# Cards


@pytest.mark.parametrize(("is_greyed", "status"), [(False, Status.PASSED), (True, Status.REFUSED)])
def test_a_greyed_card_ends_direct_billing(is_greyed: bool, status: Status) -> None:
    verdict = direct_billing.card_not_greyed(rule(), visit_facts(billing=billing(is_card_greyed=is_greyed)))
    assert (verdict.status, verdict.passes_from) == (status, None)


def test_a_card_is_not_judged_before_anybody_is_known() -> None:
    assert direct_billing.card_not_greyed(rule(), visit_facts(billing=None)).status is Status.UNKNOWN
