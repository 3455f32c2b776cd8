"""The CY26 handbook on networks, the card and the booking of visits, clause by clause, asked through the API."""

import pytest

from tests.support.client import Gateway
from tests.support.escorts import at, change, look, refused
from tests.support.visits import CLINIC, PRIVATE, PUBLIC, add_clinic, judged, policy, tried

VACCINATION = "vaccinationBook"


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A policy of the national plan with every rider, that dry runs share."""
    return policy(gateway)


@pytest.fixture(scope="module")
def bare(gateway: Gateway) -> str:
    """The same without riders."""
    return policy(gateway, riders=[])


# Value-added services -------------------------------------------------------------------------------------------


def test_svc_05_help_with_vaccinations_needs_the_rider(gateway: Gateway, number: str, bare: str) -> None:
    assert refused(tried(gateway, number, operation=VACCINATION)) == set()
    (refusal,) = tried(gateway, bare, operation=VACCINATION)["refusals"]
    assert (refusal["rule"]["code"], refusal["inputPath"]) == ("CY26-SVC-05", ["input", "policyNumber"])


# Network hospitals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("plan", "refusing"), [("NATIONAL", set()), ("BEIJING", {"CY26-NET-01"})])
def test_net_01_each_plan_has_its_own_network(gateway: Gateway, plan: str, refusing: set[str]) -> None:
    assert refused(tried(gateway, policy(gateway, plan=plan))) == refusing


def test_net_01_a_list_that_is_not_loaded_refuses_nobody(gateway: Gateway, number: str) -> None:
    condition = "product_code = 'CY26' and liability = 'DENTAL'"
    lists = look(gateway, f"select * from hospital_networks where {condition}")
    change(gateway, f"delete from hospital_networks where {condition}")
    try:
        verdict = judged(gateway, number, "CY26-NET-01", hospital="DEMO-SH-007", liability="DENTAL")
    finally:
        for row in lists:
            change(gateway, "insert into hospital_networks values ($1, $2, $3, $4, $5, $6)", *row.values())
    assert verdict["status"] == "UNKNOWN"


@pytest.mark.parametrize(
    ("liability", "hospital"), [("VACCINE", CLINIC), ("EYE", "DEMO-SH-006"), ("DENTAL", "DEMO-SH-007")]
)
def test_net_03_optional_care_needs_its_rider_and_its_network(
    gateway: Gateway, number: str, bare: str, liability: str, hospital: str
) -> None:
    wanted = {"liability": liability, "hospital": hospital}
    assert refused(tried(gateway, number, **wanted)) == set()
    assert refused(tried(gateway, bare, **wanted)) == {"CY26-NET-03"}
    assert "CY26-NET-01" in refused(tried(gateway, number, liability=liability, hospital=PRIVATE))


def test_net_04_a_private_hospital_is_in_the_network_on_both_days(gateway: Gateway, number: str) -> None:
    add_clinic(gateway, "T-CY26-LATER", "", networks="CY26:NATIONAL:OUTPATIENT_INPATIENT@2026-03-20..2026-12-31")
    early = judged(gateway, number, "CY26-NET-04", hospital="T-CY26-LATER")
    assert (early["status"], early["passesFrom"]) == ("REFUSED", "2026-03-19T16:00:00Z")
    later = judged(gateway, number, "CY26-NET-04", at("2026-03-20 00:00"), hospital="T-CY26-LATER")
    assert later["status"] == "PASSED"


# The direct-billing card ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("visit_type", ["OUTPATIENT", "INPATIENT"])
def test_card_10_visits_and_stays_are_booked_online(gateway: Gateway, number: str, visit_type: str) -> None:
    assert refused(tried(gateway, number, visitType=visit_type)) == set()


@pytest.mark.parametrize(
    ("hospital", "is_refused"),
    [(PUBLIC, False), ("DEMO-SH-002", True), (PRIVATE, False)],
    ids=["public with the mark", "public without", "private"],
)
def test_card_10_a_public_hospital_has_the_mark_of_direct_billing(
    gateway: Gateway, number: str, hospital: str, is_refused: bool
) -> None:
    assert refused(tried(gateway, number, hospital=hospital)) == ({"CY26-CARD-10"} if is_refused else set())


def test_card_15_the_handbook_that_goes_out_by_e_mail_is_named_with_its_edition(gateway: Gateway) -> None:
    found = gateway.anyone().ask("{ product(code: CY26) { handbook { title edition source } } }").data["product"]
    assert all(found["handbook"].values())
    rule = gateway.anyone().ask('{ rule(code: "CY26-CARD-15") { enforcement reading } }').data["rule"]
    assert rule["enforcement"] == "DATA"
    assert "sends no mail" in rule["reading"]


def test_card_11_hospitals_are_found_by_type_and_direct_billing(gateway: Gateway) -> None:
    document = (
        '{ hospitals(where: {city: "shanghai", type: PRIVATE, directBilling: true}) '
        "{ nodes { introduction visitTips featuredDepartments { code } } } }"
    )
    assert gateway.anyone().ask(document).data["hospitals"]["nodes"]
