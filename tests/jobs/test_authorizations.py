"""Authorizations and their letters end with their last day; what they granted until then can still be billed."""

import pytest

from tests.jobs.house import tick
from tests.support import direct_claims
from tests.support.client import Gateway
from tests.support.direct_claims import LINE, authorize
from tests.support.escorts import refused
from tests.support.preauths import begin, rows_of

LAST = "2026-04-30T23:59:00+08:00"
AFTER = "2026-05-01T00:01:00+08:00"


@pytest.mark.parametrize(("now", "state"), [(LAST, "APPROVED"), (AFTER, "EXPIRED")], ids=["the last day", "after it"])
def test_an_authorization_ends_after_its_last_day(gateway: Gateway, now: str, state: str) -> None:
    case = begin(gateway)
    case.approve()
    tick(gateway, now)
    (row,) = rows_of(gateway, "preauths", case.number)
    (letter,) = rows_of(gateway, "guarantee_letters", case.number)
    assert (row["state"], letter["state"]) == (state, "EXPIRED" if state == "EXPIRED" else "ISSUED")
    assert (letter["ended_at"] is not None) == (state == "EXPIRED")


def test_its_end_is_told_once_and_audited_as_the_systems(gateway: Gateway) -> None:
    case = begin(gateway)
    case.approve()
    tick(gateway, AFTER)
    tick(gateway, AFTER)
    told = [row for row in rows_of(gateway, "outbox_messages", case.number) if row["topic"] == "preauth.expired"]
    assert [row["audience"] for row in told] == ["CUSTOMER"]
    (event,) = [row for row in rows_of(gateway, "preauth_events", case.number) if row["command"] == "expire"]
    assert (event["role"], event["actor"]) == ("SYSTEM", "system:jobs")


def test_what_was_withdrawn_stays_withdrawn(gateway: Gateway) -> None:
    case = begin(gateway)
    case.approve()
    case.send("customer", "preAuthWithdraw")
    tick(gateway, AFTER)
    assert rows_of(gateway, "preauths", case.number)[0]["state"] == "WITHDRAWN"


def test_a_stay_of_its_period_is_billed_later_all_the_same(gateway: Gateway) -> None:
    visit = direct_claims.begin(gateway, "CY23")
    preauth = authorize(visit)
    tick(gateway, AFTER)
    stay = {"kind": "INPATIENT", "booking": None, "lines": [LINE | {"category": "INPATIENT"}], "preAuth": preauth}
    assert refused(visit.tried(AFTER, **stay)) == set()
    assert refused(visit.tried(AFTER, **stay | {"visitedOn": "2026-05-01"})) == {"CY23-IPD-06"}
