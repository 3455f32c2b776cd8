"""What an insured may still use: granted, reserved and used, with a line in the ledger for every change."""

from typing import Any

import asyncpg
import pytest

from tests.support import escorts
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import (
    NOW,
    VISIT,
    Journey,
    at,
    begin,
    book,
    change,
    entitlement,
    refused,
    register,
    row_counts,
)

VERIFY = (
    "mutation Verify($input: EntitlementVerifyInput!, $dryRun: Boolean! = false) { "
    "entitlementVerify(input: $input, dryRun: $dryRun) { isReplay refusals { ...V } verdicts { ...V } "
    "policy { number } entitlements { service remaining } } }" + escorts.VERDICT
)


def verify(client: Client, number: str, **fields: Any) -> Any:
    return client.ask(VERIFY, input={"idempotencyKey": new_key(), "policyNumber": number} | fields)


# A new policy ---------------------------------------------------------------------------------------------------


def test_a_new_policy_opens_an_account_with_its_grant(gateway: Gateway) -> None:
    number = register(gateway)
    account = entitlement(gateway.customer(number).at(NOW), number)
    assert (account["granted"], account["reserved"], account["used"], account["remaining"]) == (1, 0, 0, 1)
    assert account["ledger"] == [{"kind": "GRANT", "grantedChange": 1, "reservedChange": 0, "usedChange": 0}]


def test_an_account_says_from_when_and_until_when(gateway: Gateway) -> None:
    number = register(gateway)
    account = entitlement(gateway.customer(number).at(NOW), number)
    assert (account["usableFrom"], account["expiresOn"]) == ("2026-01-31", "2026-12-31")


def test_unlimited_is_null_and_not_a_large_number(gateway: Gateway) -> None:
    number = register(gateway)
    account = entitlement(gateway.customer(number).at(NOW), number, "TEXT_CONSULTATION")
    assert (account["granted"], account["remaining"]) == (None, None)


def test_the_wait_of_the_handbook_goes_before_that_of_the_policy(gateway: Gateway) -> None:
    number = register(gateway, waitingDays=5)
    assert entitlement(gateway.customer(number).at(NOW), number)["usableFrom"] == "2026-01-31"


def test_the_wait_of_the_policy_counts_where_the_handbook_states_none(gateway: Gateway) -> None:
    number = register(gateway, "VAS", waitingDays=5)
    assert entitlement(gateway.customer(number).at(NOW), number)["usableFrom"] == "2026-01-06"


def test_a_policy_that_begins_on_a_leap_day_ends_a_year_later(gateway: Gateway) -> None:
    number = register(gateway, effectiveOn="2024-02-29")
    assert entitlement(gateway.customer(number).at(NOW), number)["expiresOn"] == "2025-02-27"


# Every way a booking can end ------------------------------------------------------------------------------------


def completed(journey: Journey) -> None:
    journey.go_to("COMPLETED")


def declined(journey: Journey) -> None:
    journey.take("vendor", "bookingDecline", reason="no escort free")


def withdrawn(journey: Journey) -> None:
    journey.take("customer", "bookingCancel")


def cancelled_freely(journey: Journey) -> None:
    journey.go_to("CONFIRMED").take("customer", "bookingCancel")


def cancelled_late(journey: Journey) -> None:
    journey.go_to("CONFIRMED").take("customer", "bookingCancel", VISIT, acceptDeduction=True)


def missed_by_the_client(journey: Journey) -> None:
    journey.go_to("CONFIRMED").take("vendor", "bookingNoShowRecord", VISIT, cause="CLIENT")


def missed_by_the_hospital(journey: Journey) -> None:
    journey.go_to("CONFIRMED").take("vendor", "bookingNoShowRecord", VISIT, cause="HOSPITAL")


def deducted(journey: Journey) -> None:
    journey.go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=at("2026-03-16 09:30"))
    journey.take("vendor", "bookingDeductionPropose", VISIT, reason="on the way", costIncurred=True)
    journey.take("staff", "bookingDeductionDecide", VISIT, decision="APPROVE", reason="proven")


@pytest.mark.parametrize("end", [completed, cancelled_late, missed_by_the_client, deducted])
def test_these_ends_spend_the_use(gateway: Gateway, end: Any) -> None:
    journey = begin(gateway)
    end(journey)
    assert (journey.uses(), journey.account()["remaining"]) == ((0, 1), 0)
    assert [(line["kind"], line["reservedChange"], line["usedChange"]) for line in journey.account()["ledger"]] == [
        ("GRANT", 0, 0),
        ("HOLD", 1, 0),
        ("CONSUME", -1, 1),
    ]


@pytest.mark.parametrize("end", [declined, withdrawn, cancelled_freely, missed_by_the_hospital])
def test_these_ends_give_the_use_back(gateway: Gateway, end: Any) -> None:
    journey = begin(gateway)
    end(journey)
    assert (journey.uses(), journey.account()["remaining"]) == ((0, 0), 1)
    assert [(line["kind"], line["reservedChange"], line["usedChange"]) for line in journey.account()["ledger"]] == [
        ("GRANT", 0, 0),
        ("HOLD", 1, 0),
        ("RELEASE", -1, 0),
    ]


def test_a_line_names_the_rule_that_spent_the_use(gateway: Gateway) -> None:
    journey = begin(gateway)
    cancelled_late(journey)
    (line,) = escorts.look(
        gateway, "select rule_code from entitlement_entries where policy_id = $1 and kind = 'CONSUME'", journey.key[0]
    )
    assert line["rule_code"] in {"ZYB-ESC-26", "ZYB-ESC-27"}


# The last word is the database's --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counters", "constraint"),
    [("held = 1, used = 1", "not_overspent"), ("held = -1", "not_negative"), ("cancellations = -1", "not_negative")],
)
def test_the_database_lets_no_account_be_overspent(gateway: Gateway, counters: str, constraint: str) -> None:
    journey = begin(gateway)
    with pytest.raises(asyncpg.CheckViolationError, match=constraint):
        change(
            gateway,
            f"update entitlement_accounts set {counters} where policy_id = $1 and service = 'OUTPATIENT_ESCORT'",
            journey.key[0],
        )


def test_the_database_lets_a_booking_hold_one_use(gateway: Gateway) -> None:
    with pytest.raises(asyncpg.UniqueViolationError, match="one_live_per_subject"):
        begin(gateway).change(
            "insert into entitlement_holds "
            "(policy_id, id, account_id, quantity, state, subject_type, subject_id, created_at) "
            "select policy_id, gen_random_uuid(), account_id, 1, 'HELD', subject_type, subject_id, now() "
            "from entitlement_holds where policy_id = $1 and subject_id = $2"
        )


# Nothing is left of what was refused ----------------------------------------------------------------------------


def test_a_refused_request_leaves_no_trace(gateway: Gateway) -> None:
    number = register(gateway)
    customer, before = gateway.customer(number).at(NOW), row_counts(gateway)
    assert refused(book(customer, number, conditions=["INPATIENT"])) == {"ZYB-ESC-14"}
    assert row_counts(gateway) == before


def test_a_fault_leaves_no_trace(gateway: Gateway) -> None:
    number = register(gateway)
    customer, before = gateway.customer(number).at(NOW), row_counts(gateway)
    assert escorts.book_raw(customer, number, hospital="NO-SUCH-HOSPITAL").code == "BAD_USER_INPUT"
    assert row_counts(gateway) == before


def test_a_dry_run_leaves_no_trace(gateway: Gateway) -> None:
    number = register(gateway)
    customer, before = gateway.customer(number).at(NOW), row_counts(gateway)
    assert book(customer, number, dry_run=True)["booking"] is not None
    assert row_counts(gateway) == before


def test_a_refused_step_leaves_no_trace(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    before = row_counts(gateway)
    assert refused(journey.take("customer", "bookingCancel", VISIT)) == {"ZYB-ESC-26"}
    assert row_counts(gateway) == before


def test_an_escort_who_is_refused_by_the_database_leaves_no_trace(gateway: Gateway) -> None:
    escort = f"E-{new_key()[:8]}"
    begin(gateway).take("vendor", "bookingAssign", escort=escort)
    elsewhere = begin(gateway, hospital="DEMO-SH-002", visitAt=at("2026-03-12 15:00"))
    before = row_counts(gateway)
    assert refused(elsewhere.take("vendor", "bookingAssign", escort=escort)) == {"ZYB-ESC-24"}
    assert row_counts(gateway) == before


def test_the_key_of_a_refused_request_can_be_used_for_the_corrected_one(gateway: Gateway) -> None:
    number, key = register(gateway), new_key()
    customer = gateway.customer(number).at(NOW)
    assert refused(book(customer, number, conditions=["INPATIENT"], idempotencyKey=key)) == {"ZYB-ESC-14"}
    corrected = book(customer, number, idempotencyKey=key)
    assert (corrected["isReplay"], corrected["booking"]["status"]) == (False, "REQUESTED")


# Verification ---------------------------------------------------------------------------------------------------


def test_a_policy_number_verifies_what_its_insured_may_use(gateway: Gateway) -> None:
    number = register(gateway)
    answer = verify(gateway.customer(number).at(NOW), number, service="OUTPATIENT_ESCORT").data["entitlementVerify"]
    assert answer["policy"] == {"number": number}
    assert {"service": "OUTPATIENT_ESCORT", "remaining": 1} in answer["entitlements"]


@pytest.mark.parametrize("code", ["HUANQIU"])
def test_the_contracted_vendor_verifies_a_policy(gateway: Gateway, code: str) -> None:
    answer = verify(gateway.vendor(code).at(NOW), register(gateway), service="OUTPATIENT_ESCORT")
    assert answer.data["entitlementVerify"]["refusals"] == []


def test_a_vendor_without_a_contract_is_answered_as_if_the_policy_did_not_exist(gateway: Gateway) -> None:
    stranger = gateway.vendor("VAS-SERVICE").at(NOW)
    foreign, absent = (verify(stranger, number).error for number in (register(gateway), "NO-SUCH-POLICY"))
    assert foreign["extensions"]["inputPath"] == ["input", "policyNumber"]
    assert foreign["message"] == absent["message"]


def test_a_verification_before_the_policy_begins_says_from_when_it_passes(gateway: Gateway) -> None:
    number = register(gateway, effectiveOn="2026-05-01")
    answer = verify(gateway.customer(number).at(NOW), number).data["entitlementVerify"]
    assert refused(answer) == {"ZYB-TBL-10"}
    assert answer["refusals"][0]["passesFrom"] == "2026-04-30T16:00:00Z"
    assert answer["policy"] is None


def test_the_same_verification_twice_is_a_replay(gateway: Gateway) -> None:
    number, key = register(gateway), new_key()
    customer = gateway.customer(number).at(NOW)
    answers = [verify(customer, number, idempotencyKey=key).data["entitlementVerify"] for _ in range(2)]
    assert [answer.pop("isReplay") for answer in answers] == [False, True]
    assert answers[0] == answers[1]


# Who may look ---------------------------------------------------------------------------------------------------


def test_a_foreign_policys_entitlements_look_like_none(gateway: Gateway) -> None:
    number = register(gateway)
    policy = gateway.customer(number).ask("query Q($n: String!) { policy(number: $n) { id } }", n=number)
    stranger = gateway.customer(register(gateway))
    answer = stranger.ask(escorts.ENTITLEMENTS, policy=policy.data["policy"]["id"])
    assert answer.data["entitlements"] == []


@pytest.mark.parametrize(("product", "plan"), [("CY23", "PLUS"), ("CY26", "NATIONAL")])
def test_an_escort_on_a_policy_without_one_is_told_so(gateway: Gateway, product: str, plan: str | None) -> None:
    number = register(gateway, product, plan=plan)
    answer = escorts.book_raw(gateway.customer(number).at(NOW), number)
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


def test_a_handbook_that_lists_its_services_refuses_every_other_by_that_clause(gateway: Gateway) -> None:
    number = register(gateway, "ZAWX")
    assert "ZAWX-GEN-03" in escorts.refused(escorts.book(gateway.customer(number).at(NOW), number))
