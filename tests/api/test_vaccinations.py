"""The schedule of vaccinations in a child's health record: put down by who keeps it, read by the family."""

from typing import Any

import pytest

from gateway.auth.viewer import VENDOR_SCOPES, Viewer, ViewerKind
from gateway.repositories.policies import policy_id
from tests.support import health_records, visits
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.escorts import NOW, look, row_counts

RECORD = """mutation V($input: VaccinationPlanRecordInput!, $dryRun: Boolean! = false) {
  vaccinationPlanRecord(input: $input, dryRun: $dryRun) { isReplay isDryRun verdicts { status }
    vaccinations { id vaccine dose dueOn guidance remindedAt doneOn } } }"""
READ = """query V($number: String!) { policy(number: $number) {
  insured { vaccinations { id vaccine dose dueOn guidance remindedAt doneOn } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on Vaccination { vaccine dose } } }"
FIRST = {"vaccine": "麻腮风", "dose": 1, "dueOn": "2026-03-20", "guidance": "接种后留观半小时。"}
SECOND = {"vaccine": "麻腮风", "dose": 2, "dueOn": "2026-09-20"}


def record(client: Client, number: str, *doses: dict[str, Any], dry_run: bool = False, **changes: Any) -> Answer:
    given = {"idempotencyKey": new_key(), "policyNumber": number, "doses": list(doses or (FIRST, SECOND))}
    return client.ask(RECORD, input=given | changes, dryRun=dry_run)


def recorded(client: Client, number: str, *doses: dict[str, Any]) -> list[dict[str, Any]]:
    """The whole schedule, as whoever put some of it down sees it."""
    return record(client, number, *doses).data["vaccinationPlanRecord"]["vaccinations"]


def read(client: Client, number: str) -> list[dict[str, Any]]:
    return client.ask(READ, number=number).data["policy"]["insured"][0]["vaccinations"]


@pytest.fixture
def vendor(gateway: Gateway) -> Client:
    return gateway.vendor("JDHEALTH").at(NOW)


@pytest.fixture
def number(gateway: Gateway) -> str:
    return agreed(gateway)


def agreed(gateway: Gateway) -> str:
    """A policy with every rider, on which the vendor may keep the record."""
    number = visits.policy(gateway)
    health_records.agree(gateway, number)
    return number


def test_the_family_reads_what_the_vendor_puts_down(gateway: Gateway, vendor: Client, number: str) -> None:
    recorded(vendor, number)
    found = read(gateway.customer(number).at(NOW), number)
    assert [(dose["vaccine"], dose["dose"], dose["dueOn"]) for dose in found] == [
        ("麻腮风", 1, "2026-03-20"),
        ("麻腮风", 2, "2026-09-20"),
    ]
    assert (found[0]["guidance"], found[0]["remindedAt"], found[0]["doneOn"]) == ("接种后留观半小时。", None, None)


def test_a_schedule_begins_a_health_record(gateway: Gateway, vendor: Client, number: str) -> None:
    recorded(vendor, number)
    kept = look(gateway, "select count(*) from health_records where policy_id = $1", policy_id(number))
    assert kept == [{"count": 1}]


def test_a_dose_that_is_named_anew_is_replaced_and_the_others_stay(
    gateway: Gateway, vendor: Client, number: str
) -> None:
    recorded(vendor, number)
    recorded(vendor, number, SECOND | {"dueOn": "2026-10-01"})
    found = read(gateway.customer(number).at(NOW), number)
    assert [dose["dueOn"] for dose in found] == ["2026-03-20", "2026-10-01"]


def test_a_dose_that_was_booked_and_given_is_crossed_off(gateway: Gateway, vendor: Client, number: str) -> None:
    recorded(vendor, number, FIRST | {"vaccine": "流感疫苗"}, SECOND | {"vaccine": "流感疫苗"})
    trip = visits.begin(gateway, "vaccinationBook", number=number).visited()
    trip.take_all(("staff", "bookingComplete", visits.VISIT))
    found = read(gateway.customer(number).at(NOW), number)
    assert [dose["doneOn"] for dose in found] == ["2026-03-26", None]


def test_what_was_given_stays_given(gateway: Gateway, vendor: Client, number: str) -> None:
    recorded(vendor, number, FIRST | {"doneOn": "2026-03-01"})
    recorded(vendor, number, FIRST)
    assert read(gateway.customer(number).at(NOW), number)[0]["doneOn"] == "2026-03-01"


def test_whoever_puts_it_down_sees_it_at_once(gateway: Gateway, vendor: Client, number: str) -> None:
    assert len(recorded(gateway.staff("hotline").at(NOW), number, FIRST)) == 1
    assert len(recorded(vendor, number, SECOND)) == 2


def test_a_token_that_does_not_cover_reminders_neither_puts_it_down_nor_sees_it(
    gateway: Gateway, vendor: Client, number: str
) -> None:
    (dose, _) = recorded(vendor, number)
    cut = Viewer(
        ViewerKind.VENDOR,
        "vendor:JDHEALTH",
        "JDHEALTH",
        frozenset(VENDOR_SCOPES),
        vendor="JDHEALTH",
        services=("RESPIRATORY_TEST",),
    )
    client = gateway.client(cut).at(NOW)
    assert client.ask(NODE, id=dose["id"]).data["node"] is None
    assert record(client, number).code == "FORBIDDEN"


def test_the_same_key_puts_it_down_once(vendor: Client, number: str) -> None:
    key = new_key()
    answers = [record(vendor, number, idempotencyKey=key).data["vaccinationPlanRecord"] for _ in range(2)]
    assert [answer["isReplay"] for answer in answers] == [False, True]


def test_a_dry_run_puts_nothing_down(gateway: Gateway, vendor: Client, number: str) -> None:
    before = row_counts(gateway)
    assert record(vendor, number, dry_run=True).data["vaccinationPlanRecord"]["isDryRun"]
    assert row_counts(gateway) == before


@pytest.mark.parametrize(
    ("doses", "path"),
    [
        ([], ["doses"]),
        ([FIRST] * 101, ["doses"]),
        ([FIRST, FIRST], ["doses"]),
        ([FIRST | {"dose": 0}], ["doses", "0", "dose"]),
        ([FIRST, SECOND | {"dose": 100}], ["doses", "1", "dose"]),
        ([FIRST | {"vaccine": " "}], ["doses", "0", "vaccine"]),
        ([FIRST | {"vaccine": "x" * 61}], ["doses", "0", "vaccine"]),
        ([FIRST | {"guidance": "x" * 2001}], ["doses", "0", "guidance"]),
        ([FIRST | {"doneOn": "2026-03-10"}], ["doses", "0", "doneOn"]),
    ],
    ids=["none", "too many", "twice", "dose 0", "dose 100", "no vaccine", "long vaccine", "long guidance", "to come"],
)
def test_what_is_wrong_with_a_schedule_is_named(
    vendor: Client, number: str, doses: list[dict[str, Any]], path: list[str]
) -> None:
    answer = record(vendor, number, doses=doses)
    assert answer.code == "BAD_USER_INPUT"
    assert answer.error["extensions"]["inputPath"] == ["input", *path]


def test_a_product_without_health_records_has_no_schedule(gateway: Gateway) -> None:
    number = visits.policy(gateway, "CY23")
    answer = record(gateway.staff("hotline").at(NOW), number)
    assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]


@pytest.mark.parametrize("vendor_code", ["CY26-ADVANCE", "QITAI"])
def test_no_other_vendor_puts_it_down(gateway: Gateway, number: str, vendor_code: str) -> None:
    assert record(gateway.vendor(vendor_code).at(NOW), number).error["extensions"]["inputPath"] == [
        "input",
        "policyNumber",
    ]


def test_a_customer_does_not_put_it_down(gateway: Gateway, number: str) -> None:
    assert record(gateway.customer(number).at(NOW), number).code == "FORBIDDEN"


def test_others_see_nothing_of_it(gateway: Gateway, number: str) -> None:
    (dose, _) = recorded(gateway.staff("hotline").at(NOW), number)
    customer, other = gateway.customer(number), gateway.customer(visits.policy(gateway))
    assert customer.ask(NODE, id=dose["id"]).data["node"] == {"vaccine": "麻腮风", "dose": 1}
    assert gateway.vendor("JDHEALTH").ask(NODE, id=dose["id"]).data["node"] is not None
    for stranger in (other, gateway.vendor("QITAI"), gateway.vendor("CY26-ADVANCE")):
        assert stranger.ask(NODE, id=dose["id"]).data["node"] is None
