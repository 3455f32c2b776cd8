"""A policy in force is what every service rests on, also where a handbook prints no more than the service."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.consultations import new_policy, question, send
from tests.support.escorts import at, person

WRITING, PHONING = {"mode": "TEXT"}, {"mode": "PHONE"}
PLAN = {"familyHistory": ["高血压"], "habits": ["挑食"]}
SERVICES: list[Any] = [
    pytest.param("CY23", "consultationStart", WRITING, "CY23-CARD-16", id="CY23 in writing"),
    pytest.param("CY23", "consultationStart", PHONING, "CY23-SVC-03", id="CY23 by phone"),
    pytest.param("VAS", "consultationStart", {}, "VAS-TBL-14", id="VAS family doctor"),
    pytest.param("CY26", "consultationStart", {}, "CY26-FD-08", id="CY26 family doctor"),
    pytest.param("CY26", "checkupPlanRequest", PLAN, "CY26-FD-06", id="CY26 check-up plan"),
]
"""Product, operation, what it is asked for, and the rule that says no."""


def asked(gateway: Gateway, product: str, operation: str, number: str, now: str, given: dict[str, Any]) -> Any:
    """The rules that refuse the operation at an instant, and from when they pass."""
    if operation == "consultationStart":
        given = question(product, number, **given)
    answer = send(gateway.customer(number).at(now), operation, dry_run=True, **{"policyNumber": number} | given)
    return [(each["rule"]["code"], each["passesFrom"]) for each in answer.data[operation]["refusals"]]


@pytest.mark.parametrize(("product", "operation", "given", "rule"), SERVICES)
def test_nothing_is_asked_for_before_the_policy_begins_and_after_it_has_ended(
    gateway: Gateway, product: str, operation: str, given: dict[str, Any], rule: str
) -> None:
    number = new_policy(gateway, product)
    early, begins = "2025-12-31T23:59:59+08:00", "2025-12-31T16:00:00Z"
    assert asked(gateway, product, operation, number, early, given) == [(rule, begins)]
    assert asked(gateway, product, operation, number, begins, given) == []
    assert asked(gateway, product, operation, number, "2026-12-31T23:59:59+08:00", given) == []
    assert asked(gateway, product, operation, number, "2027-01-01T00:00:00+08:00", given) == [(rule, None)]


@pytest.mark.parametrize(("product", "operation", "given", "rule"), SERVICES[:4])
def test_only_the_insured_is_advised(
    gateway: Gateway, product: str, operation: str, given: dict[str, Any], rule: str
) -> None:
    number = new_policy(gateway, product)
    stranger = {"patient": {"name": person(name="别人")["name"]}}
    assert asked(gateway, product, operation, number, at("2026-03-09 12:00"), given | stranger) == [(rule, None)]


@pytest.mark.parametrize(
    ("now", "visit_at", "expected"),
    [
        ("2025-12-31T23:59:59+08:00", "2026-01-01 09:00", [("CY26-SVC-02", "2025-12-31T16:00:00Z")]),
        ("2026-01-01T00:00:00+08:00", "2026-01-01 09:00", []),
        ("2026-12-31T09:00:00+08:00", "2026-12-31 10:00", []),
        ("2026-12-31T09:00:00+08:00", "2027-01-01 09:00", [("CY26-SVC-02", None)]),
    ],
    ids=["asked too early", "from the first second", "on the last day", "a visit afterwards"],
)
def test_help_on_site_is_for_visits_within_the_policy(
    gateway: Gateway, now: str, visit_at: str, expected: list[tuple[str, str | None]]
) -> None:
    given = {"hospital": "SH-XINHUA", "visitAt": at(visit_at)}
    number = new_policy(gateway, "CY26")
    assert asked(gateway, "CY26", "onsiteAssistanceRequest", number, now, given) == expected
