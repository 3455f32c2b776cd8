"""Mutations both ways: a planned one answers word for word as the plain executor does, refusals and errors included."""

import itertools
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult

from gateway.auth.viewer import ANONYMOUS, Viewer
from gateway.execution.planned import Answer
from tests.execution.conftest import People
from tests.execution.random_documents import Words, Writer, smallest
from tests.execution.twins import CORE, Twins, bound, customer, staff, vendor
from tests.support.client import Gateway, new_key
from tests.support.escorts import ADULT, ESCORT_BOOK, VERDICT, VISIT, at, person, register, request
from tests.support.mutations import MUTATIONS, input_of, sample

BATCH = 20
BATCHES = int(os.environ.get("TWINS_EXAMPLES", "200")) // BATCH
SEED = os.environ.get("TWINS_SEED", "1")
FIELDS = "{ isDryRun isReplay verdicts { ...V } refusals { ...V } __typename "


@pytest.fixture(autouse=True)
def alike(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """New rows get the same ids and numbers in both runs; call it before each."""
    start = secrets.randbits(64)  # other than those of earlier tests, some of which are kept
    count = itertools.count(start)
    clock = itertools.count(1_773_288_000_000_000_000, 1_000_000)

    def again() -> None:
        nonlocal count, clock
        count, clock = itertools.count(start), itertools.count(1_773_288_000_000_000_000, 1_000_000)

    def urandom(size: int) -> bytes:
        return next(count).to_bytes(size)

    monkeypatch.setattr("models.base.os", SimpleNamespace(urandom=urandom))
    monkeypatch.setattr("models.base.time", SimpleNamespace(time_ns=lambda: next(clock)))
    monkeypatch.setattr("gateway.auth.vendor_tokens.os", SimpleNamespace(urandom=lambda size: bytes(size)))
    monkeypatch.setattr("gateway.resolvers.numbers.secrets", SimpleNamespace(choice=lambda letters: letters[0]))
    return again


@dataclass(frozen=True)
class Senders:
    """Who may send what, and inputs that they may send."""

    people: People
    fresh: Sequence[str]
    viewers: Sequence[Viewer]

    def input(self, random: Random, mutation: str) -> dict[str, Any]:
        fields = input_of(mutation).fields
        if mutation == "escortBook":
            return self._escort(random)
        if mutation == "policyRegister":
            number = random.choice([self.people.zyb, new_key()])
            given = sample(mutation, number=number, product="ZYB", plan=None, riders=[], holder=person())
            return given | {"insured": [person()] * random.choice([1, 1, 1, 2, 0])}
        if "booking" in fields:
            return sample(
                mutation, booking=random.choice([*self.people.bookings, "book_x"]), **self._escort_name(fields)
            )
        if "policyNumber" in fields:
            return sample(mutation, policyNumber=random.choice([self.people.zyb, self.people.vas, "none"]))
        return sample(mutation)

    def _escort(self, random: Random) -> dict[str, Any]:
        changes: list[dict[str, Any]] = [
            {},
            {"visitAt": at("2026-03-16 09:30")},
            {"visitAt": at("2027-03-16 09:30"), "patient": {**ADULT, "name": "Nobody"}},
            {"acknowledged": [], "symptom": None},
            {"hospital": "none"},
            {"plannedMinutes": 0},
            {"plannedMinutes": 600},
        ]
        number = random.choice([*self.fresh, *self.fresh, self.people.zyb, self.people.vas, self.people.idle, "none"])
        return request(number, visitAt=at("2026-03-20 09:30")) | random.choice(changes)

    def _escort_name(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {"escort": "E1", "escortName": "王"} if "escort" in fields else {}


@pytest.fixture(scope="module")
def senders(gateway: Gateway, people: People) -> Senders:
    fresh = [register(gateway), register(gateway, "VAS")]
    return Senders(
        people,
        fresh,
        [
            customer(people.zyb, people.vas),
            customer(people.zyb, people.vas, people.idle, *fresh),
            vendor("HUANQIU"),
            vendor("VAS-SERVICE"),
            bound("HUANQIU", hospitals=("none",)),
            staff("supervisor"),
            staff("hotline"),
            staff("administrator"),
            ANONYMOUS,
        ],
    )


@pytest.fixture(scope="module")
def words(people: People) -> Words:
    named: dict[str, Sequence[Any]] = {"first": [3, 2, 101], "number": [people.zyb]}
    typed: dict[str, Sequence[Any]] = {
        "String": ["none", "E"],
        "ID": list(people.bookings),
        "Int": [1, 0],
        "Boolean": [True, False],
        "Date": ["2026-03-01"],
        "DateTime": [VISIT],
        "Decimal": ["1.5"],
    }
    return Words(named, typed)


@dataclass(frozen=True)
class Asked:
    twins: Twins
    again: Callable[[], None]
    variables: Mapping[str, Any]
    viewer: Viewer
    language: str

    def planned(self, text: str) -> Answer | ExecutionResult | None:
        self.again()
        return self.twins.by_plan(text, self.variables, self.viewer, self.language)

    def difference(self, text: str) -> str | None:
        return self.unlike(self.planned(text), text)

    def unlike(self, ours: Answer | ExecutionResult | None, text: str) -> str | None:
        if ours is None:
            return None
        self.again()
        return self.twins.unlike(ours, text, self.variables, self.viewer, self.language)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_dry_runs_answer_alike_both_ways(
    twins: Twins, senders: Senders, words: Words, alike: Callable[[], None], batch: int
) -> None:
    planned = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        random = Random(f"{SEED}-{seed}")
        writer = Writer(CORE, words, random)
        text = writer.mutation(lambda name, random=random: senders.input(random, name))
        asked = Asked(twins, alike, writer.variables, random.choice(senders.viewers), random.choice(["en", "zh"]))
        if not twins.takes(text):
            continue
        ours = asked.planned(text)
        planned += ours is not None
        if asked.unlike(ours, text):
            least = smallest(CORE, text, lambda shorter, asked=asked: asked.difference(shorter) is not None)
            pytest.fail(f"{least}\n{asked.variables} {asked.viewer}\n{asked.difference(least)}")
    assert planned >= BATCH // 4


@pytest.mark.parametrize("mutation", sorted(MUTATIONS))
def test_every_mutation_has_a_plan(twins: Twins, mutation: str) -> None:
    kind = input_of(mutation).name
    text = f"mutation M($i: {kind}!) {{ {mutation}(input: $i, dryRun: true) {FIELDS} }} }}" + VERDICT
    assert twins.by_plan(text, {"i": sample(mutation)}, staff()) is not None


def test_several_fields_end_at_the_first_error(twins: Twins, people: People, alike: Callable[[], None]) -> None:
    text = (
        f"""mutation M($a: EscortBookInput!, $b: EscortBookInput!) {{
      one: escortBook(input: $a, dryRun: true) {FIELDS} booking {{ status }} }}
      two: escortBook(input: $b, dryRun: true) {FIELDS} }}
      __typename
      three: escortBook(input: $a, dryRun: true) {{ __typename }} }}"""
        + VERDICT
    )
    good = request(people.zyb, visitAt=at("2026-03-20 09:30"))
    asked = Asked(twins, alike, {"a": good, "b": good | {"hospital": "none"}}, staff(), "en")
    ours = twins.by_plan(text, asked.variables, asked.viewer)
    assert isinstance(ours, ExecutionResult)
    assert ours.data is None
    assert [error.path for error in ours.errors or ()] == [["two"]]
    assert asked.difference(text) is None


def test_a_repeated_key_is_answered_alike_whichever_way_it_went_first(
    gateway: Gateway, twins: Twins, alike: Callable[[], None]
) -> None:
    given = request(register(gateway), visitAt=at("2026-03-20 09:30"))
    ask = Asked(twins, alike, {"input": given}, staff(), "zh")
    first = twins.by_plan(ESCORT_BOOK, ask.variables, ask.viewer, ask.language)
    assert isinstance(first, Answer)
    made = orjson.loads(first.json)["escortBook"]
    assert (made["isReplay"], made["booking"]["status"]) == (False, "REQUESTED")
    assert ask.difference(ESCORT_BOOK) is None
    again = twins.plain(ESCORT_BOOK, ask.variables, ask.viewer, ask.language).data["escortBook"]
    assert again == made | {"isReplay": True}


def test_a_key_of_another_request_is_refused_alike(gateway: Gateway, twins: Twins, alike: Callable[[], None]) -> None:
    given = request(register(gateway), visitAt=at("2026-03-20 09:30"))
    assert isinstance(twins.by_plan(ESCORT_BOOK, {"input": given}, staff()), Answer)
    other = Asked(twins, alike, {"input": given | {"need": "something else"}}, staff(), "en")
    found = twins.by_plan(ESCORT_BOOK, other.variables, other.viewer)
    assert isinstance(found, ExecutionResult)
    assert found.errors is not None
    assert "another request" in found.errors[0].message
    assert other.difference(ESCORT_BOOK) is None


def test_a_secret_is_shown_once_and_not_in_a_dry_run(twins: Twins) -> None:
    text = """mutation M($i: VendorTokenIssueInput!, $d: Boolean! = false) {
      vendorTokenIssue(input: $i, dryRun: $d) { secret isReplay isDryRun token { name vendor } } }"""
    given = sample("vendorTokenIssue", vendor="HUANQIU", scopes=["bookings:read"], products=["ZYB"])
    shown = [_issued(twins, text, {"i": given, "d": dry_run})["secret"] for dry_run in (True, False, False)]
    assert [secret is not None for secret in shown] == [False, True, False]


def _issued(twins: Twins, text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    found = twins.by_plan(text, variables, staff("administrator"))
    assert isinstance(found, Answer)
    return orjson.loads(found.json)["vendorTokenIssue"]


def test_values_that_cannot_be_taken_are_left_to_the_plain_executor(twins: Twins, people: People) -> None:
    text = "mutation M($i: EscortBookInput!) { escortBook(input: $i) { isReplay } }"
    assert twins.by_plan(text, {"i": request(people.zyb, visitAt="yesterday")}, staff()) is None
    paged = """mutation M($i: EscortBookInput!) { escortBook(input: $i) {
      booking { policy { bookings(first: 101) { totalCount } } } } }"""
    assert twins.by_plan(paged, {"i": request(people.zyb)}, staff()) is None
