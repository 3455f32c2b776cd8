import pytest

from gateway.validation.rule import Check
from gateway.validation.rules import network
from gateway.validation.verdict import Status

from .builders import facts, hospital, rule

LEVEL_2_PUBLIC = rule(minHospitalLevel=2, ownership="PUBLIC")


@pytest.mark.parametrize(
    ("is_served", "status", "path"),
    [(True, Status.PASSED, ()), (False, Status.REFUSED, ("input", "hospital"))],
    ids=["on the list", "not on the list"],
)
def test_the_city_of_the_hospital_is_on_the_list(is_served: bool, status: Status, path: tuple[str, ...]) -> None:
    verdict = network.city_is_served(rule(), facts(hospital=hospital(is_city_served=is_served)))
    assert (verdict.status, verdict.input_path) == (status, path)
    assert verdict.values == {"city": "苏州", "province": "江苏"}


@pytest.mark.parametrize(
    ("level", "ownership", "status"),
    [
        (3, "PUBLIC", Status.PASSED),
        (2, "PUBLIC", Status.PASSED),
        (1, "PUBLIC", Status.REFUSED),
        (None, "PUBLIC", Status.REFUSED),
        (3, "PRIVATE", Status.REFUSED),
    ],
    ids=["level 3", "level 2", "level 1", "unrated", "private"],
)
def test_the_hospital_is_public_and_of_level_two_or_more(level: int | None, ownership: str, status: Status) -> None:
    verdict = network.hospital_qualifies(LEVEL_2_PUBLIC, facts(hospital=hospital(level=level, ownership=ownership)))
    assert verdict.status is status
    assert verdict.input_path == (() if status is Status.PASSED else ("input", "hospital"))
    assert verdict.values == {
        "hospital": "市第一医院",
        "level": network.UNRATED if level is None else level,
        "min_level": 2,
        "ownership": ownership,
    }


@pytest.mark.parametrize(
    "check", [network.city_is_served, network.hospital_qualifies], ids=lambda check: check.__name__
)
def test_a_hospital_that_is_not_known_is_not_judged(check: Check) -> None:
    verdict = check(LEVEL_2_PUBLIC, facts(hospital=None))
    assert (verdict.status, verdict.input_path) == (Status.UNKNOWN, ("input", "hospital"))


@pytest.mark.parametrize(
    ("needs_transport", "status", "path"),
    [(False, Status.PASSED, ()), (True, Status.REFUSED, ("input", "needsTransportOutsideHospital"))],
    ids=["inside", "outside"],
)
def test_the_escort_stays_inside_the_hospital(needs_transport: bool, status: Status, path: tuple[str, ...]) -> None:
    verdict = network.inside_hospital_only(rule(), facts(needs_outside_transport=needs_transport))
    assert (verdict.status, verdict.input_path) == (status, path)


@pytest.mark.parametrize(
    ("has_service", "status", "path"),
    [(True, Status.PASSED, ()), (False, Status.REFUSED, ("input", "hospital"))],
    ids=["stationed", "nobody"],
)
def test_somebody_is_stationed_at_the_hospital(has_service: bool, status: Status, path: tuple[str, ...]) -> None:
    verdict = network.has_onsite_service(rule(), facts(hospital=hospital(has_onsite_service=has_service)))
    assert (verdict.status, verdict.input_path) == (status, path)


def test_without_a_hospital_nobody_knows_who_is_stationed_there() -> None:
    assert network.has_onsite_service(rule(), facts(hospital=None)).status is Status.UNKNOWN
