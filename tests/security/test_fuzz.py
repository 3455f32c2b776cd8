"""Documents and values that schemathesis makes for every operation, from every kind of caller: none is answered with a
fault of ours, and none shows what is another's."""

import os
import string

import pytest
import schemathesis
from graphql import print_schema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes

from gateway.schema import schema
from tests.support.client import Client, Gateway
from tests.support.escorts import ADULT, NOW, begin, person, register
from tests.support.races import all_agrees

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
MARK = "欧阳外人"
"""Name of somebody whom no caller here may see."""

SQL = ["' or 1=1 --", "%", "_", "\\", '"; drop table bookings; --', "1/0", "${7*7}", "{{7*7}}", "\u202eabc", "é" * 90]
STATUSES = {200, 400, 401, 403, 429, 499, 503}


KNOWN: list[str] = []
"""Ids and numbers that exist, of our own policy and of the foreign one; hypothesis draws from them."""


def _known() -> st.SearchStrategy[str]:
    return st.sampled_from(range(64)).map(lambda at: KNOWN[at % len(KNOWN)] if KNOWN else "x")


def _cut(text: str, at: int, sign: str) -> str:
    """One sign of an id replaced."""
    place = at % max(len(text), 1)
    return text[:place] + sign + text[place + 1 :]


IDS = st.one_of(
    _known(),
    st.builds(_cut, _known(), st.integers(0, 60), st.sampled_from(string.hexdigits + "_-é")),
    st.sampled_from(SQL),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DATES = st.one_of(st.dates().map(str), st.sampled_from(["0000-01-01", "10000-01-01", "2026-02-30"]))
INSTANTS = st.sampled_from([NOW, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "2026-03-09"])
NUMBERS = st.sampled_from(["0.01", "1e999999", "-1", "NaN", "99999999999999999999.99", "1.005"])
SCALARS = {"ID": IDS, "String": st.one_of(TEXTS, IDS), "Date": DATES, "DateTime": INSTANTS, "Decimal": NUMBERS}
for name, values in SCALARS.items():
    schemathesis.graphql.scalar(name, values.map(nodes.String))

OPERATIONS = {
    operation.label: operation
    for operation in (
        found.ok() for found in schemathesis.graphql.from_file(print_schema(schema._schema)).get_all_operations()
    )
}


@pytest.fixture(scope="module")
def callers(gateway: Gateway) -> dict[str, Client]:
    own = begin(gateway)
    their_number = register(gateway, insured=[person(name=MARK)])
    foreign = begin(gateway, number=their_number, patient=ADULT | {"name": MARK, "phone": "13900139000"})
    KNOWN[:] = [own.number, own.booking, foreign.number, foreign.booking, "ZYB", "CY26", "B000001", "HUANQIU"]
    for journey in (own, foreign):
        found = journey.who("customer").ask(
            "query Q($n: String!) { policy(number: $n) { id insured { id } product { id } entitlements { id } } }",
            n=journey.number,
        )
        policy = found.data["policy"]
        KNOWN.extend(
            [policy["id"], policy["product"]["id"], policy["insured"][0]["id"], policy["entitlements"][0]["id"]]
        )
    return {
        "nobody": gateway.anyone(),
        "a customer": gateway.customer(own.number).at(NOW),
        "a vendor of another product": gateway.vendor("QITAI").at(NOW),
        "an adjuster": gateway.staff().at(NOW),
    }


@pytest.mark.slow
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_nothing_breaks_the_gateway_or_shows_what_is_anothers(
    gateway: Gateway, callers: dict[str, Client], label: str
) -> None:
    # The seed is the operation's name: a run repeats, and a longer one (FUZZ_EXAMPLES) goes on where it ended.
    @seed(sum(map(ord, label)))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(OPERATIONS[label].as_strategy(), st.sampled_from(sorted(callers)))
    def run(case: schemathesis.Case, who: str) -> None:
        client = callers[who]
        answer = client.ask(str(case.body))
        assert answer.response.status_code in STATUSES, case.body
        assert all(error["extensions"]["code"] != "INTERNAL" for error in answer.body.get("errors", ())), case.body
        if who != "an adjuster":
            assert MARK not in answer.response.text, case.body

    run()


def test_what_was_fuzzed_left_nothing_undone(gateway: Gateway, callers: dict[str, Client]) -> None:
    all_agrees(gateway)
    shown = callers["an adjuster"].ask("query Q($n: String!) { policy(number: $n) { insured { name } } }", n=KNOWN[2])
    assert shown.data["policy"]["insured"][0]["name"] == MARK  # so that not finding it above means something
