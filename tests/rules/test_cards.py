from dataclasses import replace
from typing import Any

import pytest

from gateway.validation.facts import Facts
from gateway.validation.facts.cards import Binding
from gateway.validation.rules import cards
from gateway.validation.verdict import Status

from .builders import at, facts, rule

PATHS = {name: ("input", name) for name in ("name", "phone", "code", "idNumber", "birthOn", "gender")}
EFFECTIVE = at("2026-03-10 00:00")


def wanted(now: str = "2026-03-09 10:00", form: dict[str, object] | None = None, **changes: Any) -> Facts:
    binding = replace(Binding("ONLINE", EFFECTIVE, is_name_as_applied=True), **changes)
    return facts(operation="cardBind", now=at(now), binding=binding, form=form or {}, paths=PATHS)


@pytest.mark.parametrize(
    ("sold_by", "now", "status"),
    [
        ("ONLINE", "2026-03-09 23:59", Status.PASSED),
        ("OFFLINE_PAPER", "2026-03-09 23:59", Status.REFUSED),
        ("OFFLINE_PAPER", "2026-03-10 00:00", Status.PASSED),
    ],
    ids=["bought online", "on paper, before it takes effect", "on paper, from then on"],
)
def test_a_policy_on_paper_is_bound_once_it_takes_effect(sold_by: str, now: str, status: Status) -> None:
    verdict = cards.bindable_from(
        rule(purchaseChannel="OFFLINE_PAPER", bindableFrom="POLICY_EFFECTIVE"), wanted(now, sold_by=sold_by)
    )
    assert verdict.status is status
    assert verdict.passes_from == (EFFECTIVE if status is Status.REFUSED else None)


def test_a_policy_that_was_issued_is_bound_at_once() -> None:
    assert cards.bindable_from(rule(bindableFrom="POLICY_ISSUED"), wanted()).status is Status.PASSED


def test_nothing_is_bound_of_no_policy() -> None:
    assert cards.bindable_from(rule(bindableFrom="POLICY_ISSUED"), facts()).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("check", "fact", "path"),
    [
        (cards.name_as_applied, "is_name_as_applied", "name"),
        (cards.phone_as_applied, "is_phone_as_applied", "phone"),
        (cards.phone_proven, "is_code_right", "code"),
        (cards.paper_as_applied, "is_paper_as_applied", "idNumber"),
    ],
    ids=["name", "phone", "code", "paper"],
)
def test_what_is_given_must_be_that_of_the_application(check: Any, fact: str, path: str) -> None:
    assert check(rule(), wanted(**{fact: True})).status is Status.PASSED
    for other in (False, None) if fact != "is_name_as_applied" else (False,):
        verdict = check(rule(), wanted(**{fact: other}))
        assert (verdict.status, verdict.input_path) == (Status.REFUSED, ("input", path))


OTHERS = rule(otherFields=["birthOn", "gender"])


@pytest.mark.parametrize(
    ("form", "is_same", "status", "path"),
    [
        ({"idType": "ID_CARD"}, False, Status.PASSED, ()),
        ({"idType": "PASSPORT", "birthOn": "x", "gender": "MALE"}, True, Status.PASSED, ()),
        ({"idType": "PASSPORT", "birthOn": "x", "gender": "MALE"}, False, Status.REFUSED, ("input", "birthOn")),
        ({"idType": "PASSPORT", "birthOn": "x"}, True, Status.REFUSED, ("input", "gender")),
        ({"idType": None}, True, Status.REFUSED, ("input", "birthOn")),
    ],
    ids=["an identity card", "a passport", "of somebody else", "without a gender", "no paper"],
)
def test_other_papers_need_birthday_and_gender(
    form: dict[str, object], is_same: bool, status: Status, path: tuple[str, ...]
) -> None:
    verdict = cards.person_as_applied(OTHERS, wanted(form=form, is_person_as_applied=is_same))
    assert (verdict.status, verdict.input_path) == (status, path)
