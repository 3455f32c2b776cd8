"""Visits and tests that meet: one wins, nobody meets a fault, and the database has the last word on month and brand."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from gateway.auth.viewer import CUSTOMER_SCOPES, Viewer, ViewerKind
from gateway.repositories.entitlements import Ledger
from gateway.repositories.policies import policy_id
from gateway.repositories.writes import Writes
from models.base import new_id
from tests.support import escorts
from tests.support.client import Client, Gateway, new_key
from tests.support.escorts import NOW, as_owner, at, look, refused
from tests.support.races import Call, all_agrees, ask, payload, together
from tests.support.visits import (
    CLINIC,
    OTHER_BRAND,
    REQUESTS,
    VISIT,
    Trip,
    add_clinic,
    begin,
    close_brand,
    document,
    policy,
)
from tests.support.visits import ask as send

ROUNDS = 4
TEST, VACCINATION = "respiratoryTestOrder", "vaccinationBook"


@pytest.fixture(autouse=True)
def counters_agree_with_the_ledger(gateway: Gateway) -> Iterator[None]:
    yield
    all_agrees(gateway)


def placing(client: Client, operation: str, number: str, **changes: Any) -> Call:
    return ask(client, document(operation), REQUESTS[operation](number, **changes))


def sending(trip: Trip, role: str, mutation: str, now: str = NOW, **fields: Any) -> Call:
    name = mutation[0].upper() + mutation[1:]
    text = (
        f"mutation Step($input: {name}Input!) {{ {mutation}(input: $input) {{ refusals {{ ...V }} "
        "booking { status } } }" + escorts.VERDICT
    )
    return ask(trip.who(role, now), text, {"idempotencyKey": new_key(), "booking": trip.booking} | fields)


def statuses(answers: list[dict[str, Any]]) -> list[str | None]:
    found = [payload(answer)["booking"] for answer in answers]
    return [booking["status"] if booking else None for booking in found]


def relative(gateway: Gateway, number: str, name: str) -> Client:
    """Another member of the family, with a token of their own for the same policy."""
    return gateway.client(
        Viewer(ViewerKind.CUSTOMER, f"customer:{name}", name, frozenset(CUSTOMER_SCOPES), policies=(policy_id(number),))
    )


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_orders_in_one_month_at_once_are_one(gateway: Gateway, _: int) -> None:
    number = policy(gateway)
    family = [relative(gateway, number, name).at(NOW) for name in ("mother", "father")]
    answers = [payload(answer) for answer in together(*[placing(one, TEST, number) for one in family])]
    assert sorted(map(len, (answer["refusals"] for answer in answers))) == [0, 1]
    assert set().union(*map(refused, answers)) == {"CY26-TEST-05"}


@pytest.mark.parametrize("_", range(ROUNDS))
def test_the_last_test_that_two_of_the_family_order_at_once_goes_to_one(gateway: Gateway, _: int) -> None:
    number = policy(gateway)
    for month in range(1, 5):
        assert send(gateway.customer(number).at(at(f"2026-0{month}-10 10:00")), TEST, number).data[TEST]["booking"]
    calls = [
        placing(relative(gateway, number, name).at(at(now)), TEST, number)
        for name, now in (("mother", "2026-05-31 23:59"), ("father", "2026-06-01 00:00"))
    ]
    answers = [payload(answer) for answer in together(*calls)]
    assert set().union(*map(refused, answers)) == {"CY26-TEST-04"}
    account = escorts.entitlement(gateway.customer(number), number, "RESPIRATORY_TEST")
    assert (account["reserved"], account["remaining"]) == (5, 0)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_first_visits_at_two_brands_at_once_bind_to_one(gateway: Gateway, _: int) -> None:
    first = begin(gateway, VACCINATION).confirmed()
    second = begin(gateway, VACCINATION, number=first.number, hospital=OTHER_BRAND).confirmed()
    answers = together(*[sending(trip, "staff", "bookingCheckIn", VISIT) for trip in (first, second)])
    assert sorted(map(str, statuses(answers))) == ["IN_SERVICE", "None"]
    assert set().union(*(refused(payload(answer)) for answer in answers)) == {"CY26-VAC-10"}


@pytest.mark.parametrize("_", range(ROUNDS))
def test_first_visits_of_two_services_at_once_bind_to_one_brand(gateway: Gateway, _: int) -> None:
    """They have accounts of their own, so that nothing but the index on the locks lets only one of them through."""
    first = begin(gateway, VACCINATION).confirmed()
    second = begin(gateway, number=first.number, liability="VACCINE", hospital=OTHER_BRAND).confirmed()
    answers = together(*[sending(trip, "staff", "bookingCheckIn", VISIT) for trip in (first, second)])
    assert sorted(map(str, statuses(answers))) == ["IN_SERVICE", "None"]
    assert set().union(*(refused(payload(answer)) for answer in answers)) == {"CY26-VAC-10"}
    live = look(gateway, "select 1 from brand_locks where policy_id = $1 and released_at is null", first.key[0])
    assert len(live) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_cancelling_meets_checking_in(gateway: Gateway, _: int) -> None:
    trip = begin(gateway).confirmed()
    cancelled, met = statuses(
        together(sending(trip, "customer", "bookingCancel"), sending(trip, "staff", "bookingCheckIn"))
    )
    assert (cancelled, met) in [("CANCELLED_FREE", None), (None, "IN_SERVICE")]
    account = trip.service_account("HOSPITAL_VISIT")
    assert (account["reserved"], account["used"]) == ((0, 0) if cancelled else (1, 0))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_cancelling_meets_completing(gateway: Gateway, _: int) -> None:
    trip = begin(gateway, TEST).take_all(("vendor", "bookingAccept"))
    cancelled, met = statuses(
        together(sending(trip, "customer", "bookingCancel"), sending(trip, "vendor", "bookingCheckIn"))
    )
    assert (cancelled, met) in [("CANCELLED_FREE", None), (None, "IN_SERVICE")]
    visited = begin(gateway).visited()
    states = statuses(
        together(
            sending(visited, "customer", "bookingCancel", VISIT),
            sending(visited, "staff", "bookingComplete", VISIT),
            sending(visited, "staff", "bookingTerminate", VISIT, reason="x"),
        )
    )
    assert states in ([None, "COMPLETED", None], [None, None, "TERMINATED"])
    used = visited.service_account("HOSPITAL_VISIT")["used"]
    assert used == int(states[1] == "COMPLETED")


@pytest.mark.parametrize("_", range(2))
def test_two_members_of_staff_decide_a_transfer_once(gateway: Gateway, _: int) -> None:
    brand = f"B{new_key()[:6]}"
    add_clinic(gateway, f"T-{brand}", brand)
    trip = begin(gateway, VACCINATION, hospital=f"T-{brand}").visited()
    close_brand(gateway, brand)
    request = "mutation T($input: VaccineBrandTransferRequestInput!) { vaccineBrandTransferRequest(input: $input) %s }"
    call = ask(
        trip.who("customer", VISIT),
        request % "{ brandTransfer { id } }",
        {"policyNumber": trip.number, "idempotencyKey": new_key()},
    )
    other = ask(
        relative(gateway, trip.number, "father").at(VISIT),
        request % "{ brandTransfer { id } }",
        {"policyNumber": trip.number, "idempotencyKey": new_key()},
    )
    asked = together(call, other)
    (transfer,) = [payload(answer)["brandTransfer"]["id"] for answer in asked if "errors" not in answer]
    decide = (
        "mutation D($input: VaccineBrandTransferDecideInput!) { vaccineBrandTransferDecide(input: $input) "
        "{ brandTransfer { status } } }"
    )
    given = {"transfer": transfer, "brand": "演示小鹿", "reason": "seen"}
    calls = [
        ask(gateway.staff().at(VISIT), decide, given | {"decision": decision, "idempotencyKey": new_key()})
        for decision in ("APPROVE", "REJECT")
    ]
    answers = together(*calls)
    assert sum("errors" in answer for answer in answers) == 1
    locks = look(gateway, "select 1 from brand_locks where policy_id = $1 and released_at is null", trip.key[0])
    assert len(locks) == 1


# The database alone ---------------------------------------------------------------------------------------------


def test_a_month_that_the_rules_overlook_is_refused_by_the_database_in_the_same_words(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = begin(gateway, TEST).number
    customer = gateway.customer(number).at(NOW)
    judged = send(customer, TEST, number).data[TEST]

    async def blind(*given: Any, **named: Any) -> int:
        return 0

    monkeypatch.setattr("gateway.repositories.respiratory_tests.uses_in_month", blind)
    late = send(customer, TEST, number).data[TEST]
    assert refused(late) == refused(judged) == {"CY26-TEST-05"}
    assert late["booking"] is None
    assert [item["message"] for item in late["refusals"]] == [item["message"] for item in judged["refusals"]]


def test_the_ledger_sets_one_use_a_month_aside(gateway: Gateway) -> None:
    number = policy(gateway)
    month = dt.date(2026, 3, 1)

    async def twice(owner: Any) -> list[Any]:
        account = await owner.fetchrow(
            "select policy_id, id from entitlement_accounts where policy_id = $1 and service = 'RESPIRATORY_TEST'",
            policy_id(number),
        )
        reserved = [await reserve(owner, account) for _ in range(2)]
        held = await owner.fetchval("select held from entitlement_accounts where id = $1", account["id"])
        return [*reserved, held]

    async def reserve(owner: Any, account: Any) -> str:
        writes = Writes(owner)
        ledger = Ledger(writes, account["policy_id"], account["id"], "test", dt.datetime.now(dt.UTC))
        no = LookupError("no use is left"), LookupError("the month is taken")
        await ledger.reserve("BOOKING", new_id(), refusal=no[0], month=month, month_refusal=no[1])
        try:
            await writes.flush()
        except LookupError as refused:
            return str(refused)
        return "reserved"

    assert as_owner(gateway, twice) == ["reserved", "the month is taken", 1]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into entitlement_holds (policy_id, id, account_id, quantity, state, subject_type, subject_id, "
        "service_month, created_at) select policy_id, gen_random_uuid(), account_id, 1, 'HELD', 'BOOKING', "
        "gen_random_uuid(), service_month, now() from entitlement_holds where policy_id = $1 and subject_id = $2",
        "insert into entitlement_holds (policy_id, id, account_id, quantity, state, subject_type, subject_id, "
        "created_at) select policy_id, gen_random_uuid(), account_id, 1, 'HELD', 'BOOKING', subject_id, now() "
        "from entitlement_holds where policy_id = $1 and subject_id = $2",
    ],
    ids=["two in a month", "two for a booking"],
)
def test_a_second_live_hold_cannot_be_written(gateway: Gateway, statement: str) -> None:
    trip = begin(gateway, TEST)
    with pytest.raises(asyncpg.UniqueViolationError):
        trip.change(statement)


def test_a_second_live_brand_cannot_be_written(gateway: Gateway) -> None:
    trip = begin(gateway, VACCINATION, hospital=CLINIC).visited()
    with pytest.raises(asyncpg.UniqueViolationError):
        trip.change(
            "insert into brand_locks (policy_id, id, insured_id, liability, brand_code, locked_at) "
            "select policy_id, gen_random_uuid(), insured_id, liability, '演示小鹿', now() "
            "from brand_locks where policy_id = $1 and booking_id = $2"
        )
