"""Who guesses ids, cursors or tokens learns nothing: not by the answer, and not by the time that it takes."""

import statistics
import string
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.client import Answer, Client, Gateway
from tests.support.escorts import NOW, Journey, begin

NODE = "query Q($id: ID!) { node(id: $id) { id ... on Booking { number status visitAt hospital { name } } } }"
BOOKINGS = "query Q($after: String) { bookings(first: 1, after: $after) { edges { cursor node { number } } } }"
SIGNS = string.ascii_letters + string.digits + "_-=.é\u202e"
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
Change = Callable[[str], str]


def changes() -> st.SearchStrategy[Change]:
    """One sign replaced, left out, put in, or two that change places; or an end that is cut off."""
    place, sign = st.integers(0, 200), st.sampled_from(SIGNS)
    return st.one_of(
        st.builds(lambda at, new: lambda text: text[: at % len(text)] + new + text[at % len(text) + 1 :], place, sign),
        st.builds(lambda at: lambda text: text[: at % len(text)] + text[at % len(text) + 1 :], place),
        st.builds(lambda at, new: lambda text: text[: at % len(text)] + new + text[at % len(text) :], place, sign),
        st.builds(lambda at: lambda text: text[: at % len(text)], place),
        st.builds(lambda at: lambda text: text[at % len(text) :] + text[: at % len(text)], place),
    )


@pytest.fixture(scope="module")
def mine(gateway: Gateway) -> Journey:
    return begin(gateway)


@pytest.fixture(scope="module")
def foreign(gateway: Gateway) -> Journey:
    return begin(gateway)


@pytest.fixture(scope="module")
def me(gateway: Gateway, mine: Journey) -> Client:
    return gateway.customer(mine.number).at(NOW)


def test_no_change_of_a_foreign_id_leads_to_it(me: Client, mine: Journey, foreign: Journey) -> None:
    @QUIET
    @given(changes())
    def run(change: Change) -> None:
        node = me.ask(NODE, id=change(foreign.booking)).body.get("data", {"node": None})["node"]
        assert node is None or node["id"] == mine.booking

    run()


def test_a_foreign_id_says_what_an_unknown_one_says(me: Client, foreign: Journey) -> None:
    unknown = foreign.booking[:-6] + ("abcdef" if not foreign.booking.endswith("abcdef") else "fedcba")
    assert said(me.ask(NODE, id=foreign.booking)) == said(me.ask(NODE, id=unknown)) == {"data": {"node": None}}


def said(answer: Answer) -> dict[str, object]:
    return {name: value for name, value in answer.body.items() if name != "extensions"}


def test_no_change_of_a_cursor_is_taken_or_leads_elsewhere(me: Client, mine: Journey) -> None:
    (edge,) = me.ask(BOOKINGS).data["bookings"]["edges"]

    @QUIET
    @given(changes())
    def run(change: Change) -> None:
        changed = change(edge["cursor"])
        answer = me.ask(BOOKINGS, after=changed)
        if changed == edge["cursor"]:
            assert answer.data["bookings"]["edges"] == []
        else:
            assert answer.code == "BAD_USER_INPUT"

    run()


def test_no_change_of_a_token_is_anybody(gateway: Gateway, me: Client) -> None:
    @QUIET
    @given(changes())
    def run(change: Change) -> None:
        assert me.token is not None
        changed = change(me.token).encode("ascii", "ignore").decode().strip() or "x"
        answer = Client(gateway.address, changed, http=gateway.http).ask("{ viewer { kind } }")
        if changed == me.token:
            assert answer.data["viewer"]["kind"] == "CUSTOMER"
        else:
            assert answer.response.status_code == 401

    run()


@pytest.mark.slow
def test_the_time_of_an_answer_does_not_tell_foreign_from_unknown(me: Client, foreign: Journey) -> None:
    """By pairs in changing order, so that whatever slows the machine slows both."""
    unknown = foreign.booking[:-4] + ("0000" if not foreign.booking.endswith("0000") else "1111")

    def took(id: str) -> float:
        began = time.perf_counter()
        me.ask(NODE, id=id)
        return time.perf_counter() - began

    for _ in range(20):
        took(foreign.booking), took(unknown)
    pairs = [
        (took(foreign.booking), took(unknown)) if at % 2 else (took(unknown), took(foreign.booking))[::-1]
        for at in range(300)
    ]
    slower = sum(first > second for first, second in pairs) / len(pairs)
    difference = statistics.median(first - second for first, second in pairs)
    spread = statistics.median(abs(first - second) for first, second in pairs)
    assert 0.35 < slower < 0.65 or abs(difference) < spread / 2
