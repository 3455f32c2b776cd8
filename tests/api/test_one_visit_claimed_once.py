"""The client's claim and the hospital's, for one visit at the same moment: one of them stands."""

import datetime as dt

import pytest

from tests.support import claims
from tests.support.client import Gateway, new_key
from tests.support.direct_claims import Visit, begin, document
from tests.support.races import Call, ask, together
from tests.support.visits import PUBLIC

LAST = dt.date(2026, 3, 26)
DAYS = [(LAST - dt.timedelta(days=ago)).isoformat() for ago in range(50)]


@pytest.fixture(scope="module")
def visit(gateway: Gateway) -> Visit:
    return begin(gateway)


@pytest.fixture(scope="module")
def papers(gateway: Gateway, visit: Visit) -> list[dict[str, str]]:
    return claims.papers(gateway, visit.number, claims.PAPERS["CY26"])


def of_hospital(visit: Visit, day: str) -> Call:
    given = visit.request(visitedOn=day) | {"idempotencyKey": new_key()}
    return ask(visit.at_hospital(), document("directClaimCreate"), given)


def of_client(visit: Visit, day: str, papers: list[dict[str, str]]) -> Call:
    trip = claims.visit(hospital=PUBLIC, visitedOn=day)
    given = claims.request(visit.gateway, visit.number, visits=[trip], documents=papers)
    me = visit.gateway.customer(visit.number).at(f"{LAST}T12:00:00+08:00")
    return ask(me, claims.document("claimSubmit"), given)


@pytest.mark.parametrize("day", DAYS)
def test_a_visit_that_both_claim_at_once_is_claimed_once(
    gateway: Gateway, visit: Visit, papers: list[dict[str, str]], day: str
) -> None:
    billed, claimed = together(of_hospital(visit, day), of_client(visit, day, papers))
    of_day = [row for row in visit.rows("claim_visits") if row["visited_on"].isoformat() == day]
    assert len(of_day) == 1, (billed, claimed)
