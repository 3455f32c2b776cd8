"""What time ends by itself, and what it leaves alone."""

from concurrent.futures import ThreadPoolExecutor

from tests.jobs.house import tick
from tests.support.client import Gateway
from tests.support.escorts import NOW, at, begin, look, register
from tests.support.races import all_agrees

BEFORE = at("2026-03-12 09:29")
AFTER = at("2026-03-12 09:31")


def test_a_booking_that_was_never_confirmed_expires_when_its_visit_has_come(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("ASSIGNED")
    tick(gateway, BEFORE)
    assert journey.seen_by("customer")["status"] == "ASSIGNED"
    tick(gateway, AFTER)
    seen = journey.seen_by("customer")
    assert seen["status"] == "EXPIRED"
    assert seen["timeline"][-1] | {"reason": None} == {
        "command": "expire",
        "fromStatus": "ASSIGNED",
        "status": "EXPIRED",
        "role": "SYSTEM",
        "reason": None,
    }


def test_an_expired_booking_gives_its_use_back(gateway: Gateway) -> None:
    journey = begin(gateway)
    assert journey.uses() == (1, 0)
    tick(gateway, AFTER)
    assert journey.uses() == (0, 0)


def test_an_expiry_is_told_to_the_client_and_to_the_vendor(gateway: Gateway) -> None:
    journey = begin(gateway)
    tick(gateway, AFTER)
    told = journey.look(
        "select audience from outbox_messages where policy_id = $1 and subject_id = $2 and topic = 'booking.expired'"
    )
    assert {row["audience"] for row in told} == {"CUSTOMER", "VENDOR"}


def test_an_expiry_is_audited_as_the_systems(gateway: Gateway) -> None:
    journey = begin(gateway)
    tick(gateway, AFTER)
    (line,) = journey.look(
        "select actor from audit_entries where policy_id = $1 and subject_id = $2 and operation = 'bookingExpire'"
    )
    assert line["actor"] == "system:jobs"


def test_a_confirmed_booking_never_expires(gateway: Gateway) -> None:
    journey = begin(gateway).go_to("CONFIRMED")
    tick(gateway, AFTER)
    assert journey.seen_by("customer")["status"] == "CONFIRMED"


def test_a_second_tick_changes_nothing(gateway: Gateway) -> None:
    journey = begin(gateway)
    tick(gateway, AFTER)
    lines = journey.look("select count(*) as n from entitlement_entries where policy_id = $1 and $2::uuid is not null")
    assert tick(gateway, AFTER)["expire bookings"] == 0
    assert (
        journey.look("select count(*) as n from entitlement_entries where policy_id = $1 and $2::uuid is not null")
        == lines
    )


def test_a_booking_made_under_another_clock_is_none_of_the_real_timers_business(gateway: Gateway) -> None:
    journey = begin(gateway)  # made with x-dev-now, months away from the real time
    assert tick(gateway, AFTER, rehearsing=False)["expire bookings"] == 0
    assert journey.seen_by("customer")["status"] == "REQUESTED"


def test_confirming_and_expiring_at_once_has_one_winner(gateway: Gateway) -> None:
    for _ in range(4):
        journey = begin(gateway).go_to("ASSIGNED")
        with ThreadPoolExecutor(2) as pool:
            confirming = pool.submit(journey.send, "customer", "bookingConfirm", NOW)
            pool.submit(tick, gateway, AFTER).result()
            confirming.result()
        status = journey.seen_by("customer")["status"]
        assert (status, journey.uses()) in [("CONFIRMED", (1, 0)), ("EXPIRED", (0, 0))]
        history = journey.look("select to_state from booking_events where policy_id = $1 and booking_id = $2")
        assert [row["to_state"] for row in history].count("EXPIRED") == (status == "EXPIRED")


def test_of_confirming_calling_off_and_expiring_at_once_one_ends_the_wait(gateway: Gateway) -> None:
    """The client confirms on one phone, calls off on another, and the hour of the visit strikes."""
    for _ in range(4):
        journey = begin(gateway).go_to("ASSIGNED")
        with ThreadPoolExecutor(3) as pool:
            calls = [pool.submit(journey.send, "customer", name, NOW) for name in ("bookingConfirm", "bookingCancel")]
            pool.submit(tick, gateway, AFTER).result()
            assert all("errors" not in call.result().body for call in calls)
        status = journey.seen_by("customer")["status"]
        assert (status, journey.uses()) in [("CANCELLED_FREE", (0, 0)), ("EXPIRED", (0, 0))]
        history = journey.look("select to_state from booking_events where policy_id = $1 and booking_id = $2")
        ends = [row["to_state"] for row in history if row["to_state"] in ("CANCELLED_FREE", "EXPIRED")]
        assert ends == [status]
        all_agrees(gateway)


# What is left when the policy year is over


LEFT = """
select a.granted, a.held, a.used, a.remaining,
       (select sum(granted_change)::int from entitlement_entries e
        where e.policy_id = a.policy_id and e.account_id = a.id) as ledger
from entitlement_accounts a join policies p on p.policy_id = a.policy_id
where p.number = $1 and a.service = 'RESPIRATORY_TEST'
"""


def test_unused_tests_are_forfeited_when_the_policy_year_is_over(gateway: Gateway) -> None:
    number = register(gateway, "CY26", plan="NATIONAL")
    tick(gateway, at("2026-12-31 23:59"))
    (before,) = look(gateway, LEFT, number)
    assert before["remaining"] == 5
    tick(gateway, at("2027-01-01 00:00"))
    (after,) = look(gateway, LEFT, number)
    assert (after["granted"], after["remaining"], after["ledger"]) == (0, 0, 0)


def test_forfeiting_twice_writes_one_line(gateway: Gateway) -> None:
    number = register(gateway, "CY26", plan="NATIONAL")
    tick(gateway, at("2027-01-02 00:00"))
    tick(gateway, at("2027-01-03 00:00"))
    lines = look(
        gateway,
        "select e.rule_code from entitlement_entries e join policies p on p.policy_id = e.policy_id "
        "where p.number = $1 and e.kind = 'EXPIRE'",
        number,
    )
    assert [line["rule_code"] for line in lines] == ["CY26-TEST-02"]
