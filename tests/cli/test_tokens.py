"""`gateway token`: one line that a running gateway takes, or one line that says why not."""

import resource
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.processes import Said, Serving, gateway, gateway_here, serving

VIEWER = "{ viewer { kind scopes } }"


@pytest.fixture(scope="module")
def running(home: Path) -> Generator[Serving]:
    with serving(home) as started:
        yield started


def only_line(said: Said) -> str:
    assert said.code == 0, said.err
    assert said.out.endswith("\n")
    assert said.out.count("\n") == 1
    return said.out.strip()


@pytest.mark.parametrize(
    ("kind", "arguments", "has", "lacks"),
    [
        ("CUSTOMER", "--as customer --policy DEMO-ZYB-001", "bookings:write", "policies:write"),
        ("VENDOR", "--as vendor --vendor HUANQIU", "bookings:write", "claims:read"),
        ("STAFF", "--as staff --role adjuster", "policies:write", "personal:unmask"),
    ],
)
def test_it_is_good_for_what_its_kind_may_do(running: Serving, kind: str, arguments: str, has: str, lacks: str) -> None:
    viewer = (
        running.client(only_line(gateway_here(running.home, "token", *arguments.split()))).ask(VIEWER).data["viewer"]
    )
    assert viewer["kind"] == kind
    assert has in viewer["scopes"]
    assert lacks not in viewer["scopes"]


def test_its_scopes_may_be_cut(running: Serving) -> None:
    said = gateway_here(running.home, "token", "--as", "vendor", "--vendor", "HUANQIU", "--scopes", "bookings:read")
    viewer = running.client(only_line(said)).ask(VIEWER).data["viewer"]
    assert set(viewer["scopes"]) == {"catalogue:read", "bookings:read"}


@pytest.mark.slow
def test_beside_a_running_gateway_it_is_quick(running: Serving) -> None:
    """By the processor's time, which tells whether it loads what it needs not, however busy the machine is."""
    before = spent()
    only_line(gateway(running.home, "token", "--as", "customer", "--policy", "DEMO-ZYB-001"))
    assert spent() - before < 3  # about one second


def spent() -> float:
    """Seconds of the processors in processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["customer", "--policy", "NO-SUCH"], "--policy NO-SUCH: there is no such policy"),
        (
            ["vendor", "--vendor", "NO-SUCH"],
            "--vendor NO-SUCH: there is no such vendor; there are CY26-ADVANCE, ",
        ),
        (["staff", "--role", "boss"], "--role boss: it may be adjuster, supervisor, hotline"),
        (["staff"], "--role is needed for this kind of token"),
        (["robot"], "--as robot: it may be customer, vendor or staff"),
        (["staff", "--role", "hotline", "--scopes", "fly:high bookings:read"], "--scopes: there is no fly:high;"),
    ],
)
def test_what_is_not_known_is_named(running: Serving, arguments: list[str], complaint: str) -> None:
    assert gateway_here(running.home, "token", "--as", *arguments).complaint.startswith(complaint)
