"""The CY26 handbook on the family doctor and help on site, clause by clause, asked through the API."""

from typing import Any

import pytest

from gateway.repositories.policies import policy_id
from tests.support.client import Gateway
from tests.support.consultations import LATER, OPEN, PHONE, Consultation, begin, new_policy, send, try_question
from tests.support.escorts import at, change, gravest_of, person, refused, warned

CHILD = {"name": "演示孩子", "gender": "FEMALE", "birthOn": "2020-03-10"}


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    """A child's policy that the dry runs of this file share."""
    return new_policy(gateway, "CY26", insured=[person(**CHILD)])


def tried(gateway: Gateway, number: str, now: str = OPEN, **changes: Any) -> dict[str, Any]:
    return try_question(gateway, "CY26", number, now, **changes)


def try_onsite(gateway: Gateway, number: str, hospital: str) -> dict[str, Any]:
    given = {"policyNumber": number, "hospital": hospital, "visitAt": at("2026-03-10 09:00")}
    answer = send(gateway.customer(number).at(OPEN), "onsiteAssistanceRequest", dry_run=True, **given)
    return answer.data["onsiteAssistanceRequest"]


def onsite(gateway: Gateway) -> Consultation:
    number = new_policy(gateway, "CY26")
    given = {"policyNumber": number, "hospital": "SH-XINHUA", "visitAt": at("2026-03-10 09:00")}
    answer = send(gateway.customer(number).at(OPEN), "onsiteAssistanceRequest", **given)
    return Consultation(gateway, "CY26", number, answer.data["onsiteAssistanceRequest"]["booking"]["id"])


def plan(number: str, **changes: Any) -> dict[str, Any]:
    return {"policyNumber": number, "familyHistory": ["高血压"], "habits": ["挑食"]} | changes


# Help on site ---------------------------------------------------------------------------------------------------


def test_svc_01_help_on_site_has_no_limit(gateway: Gateway) -> None:
    case = onsite(gateway)
    given = {"policyNumber": case.number, "hospital": "SH-XINHUA", "visitAt": at("2026-03-11 09:00")}
    again = send(case.who("customer"), "onsiteAssistanceRequest", **given).data["onsiteAssistanceRequest"]
    assert again["refusals"] == []


@pytest.mark.parametrize("hospital", ["SH-XINHUA", "SH-SCMC", "SH-CHILDREN", "BJ-CHILDREN"])
def test_svc_02_the_four_named_hospitals_have_somebody(gateway: Gateway, number: str, hospital: str) -> None:
    assert try_onsite(gateway, number, hospital)["refusals"] == []


def test_svc_02_a_hospital_without_anybody_is_refused(gateway: Gateway, number: str) -> None:
    verdict = gravest_of(try_onsite(gateway, number, "DEMO-SH-002"), "CY26-SVC-02")
    assert (verdict["status"], verdict["inputPath"]) == ("REFUSED", ["input", "hospital"])


def test_svc_02_staff_arranges_it(gateway: Gateway) -> None:
    case = onsite(gateway)
    assert case.topics() == [("booking.requested", "STAFF")]
    staff = Consultation(gateway, "CY23", case.number, case.booking)  # nobody but staff serves it
    assert staff.take("vendor", "bookingConfirm")["booking"]["status"] == "CONFIRMED"
    done = staff.take("vendor", "bookingFollowUpRecord", at("2026-03-11 10:00"), note="已协助")
    assert done["booking"]["status"] == "COMPLETED"
    assert case.uses() == (0, 1)


# The family doctor ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", ["2026-03-09 03:00", "2026-03-09 12:00", "2026-03-08 23:59"])
def test_fd_01_no_hour_is_left_out(gateway: Gateway, number: str, now: str) -> None:
    assert tried(gateway, number, at(now))["refusals"] == []


@pytest.mark.parametrize("topic", ["COMMON_DISEASE", "GROWTH", "NUTRITION", "HYGIENE", "PSYCHOLOGY"])
def test_fd_05_psychological_questions_are_taken_too(gateway: Gateway, number: str, topic: str) -> None:
    assert refused(tried(gateway, number, topic=topic)) == set()


def test_fd_06_age_and_gender_stand_on_the_policy(gateway: Gateway) -> None:
    number = new_policy(gateway, "CY26", insured=[person(**CHILD)])
    made = send(gateway.customer(number).at(OPEN), "checkupPlanRequest", **plan(number)).data["checkupPlanRequest"]
    assert gravest_of(made, "CY26-FD-06")["status"] == "PASSED"
    details = Consultation(gateway, "CY26", number, made["booking"]["id"]).seen_by("customer")["details"]
    assert (details["ageYears"], details["gender"]) == (5, "FEMALE")
    assert (details["familyHistory"], details["habits"]) == (["高血压"], ["挑食"])


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"familyHistory": []}, "familyHistory"),
        ({"habits": ["  "]}, "habits"),
        ({"familyHistory": [], "habits": []}, "familyHistory, habits"),
    ],
)
def test_fd_06_what_is_missing_is_said_and_refuses_nothing(
    gateway: Gateway, number: str, changes: dict[str, Any], missing: str
) -> None:
    given = plan(number, **changes)
    answer = send(gateway.customer(number).at(OPEN), "checkupPlanRequest", dry_run=True, **given)
    verdict = gravest_of(answer.data["checkupPlanRequest"], "CY26-FD-06")
    assert verdict["status"] == "WARNED"
    assert f": {missing}." in verdict["message"]


def test_fd_06_the_team_answers_with_examinations(gateway: Gateway) -> None:
    number = new_policy(gateway, "CY26", insured=[person(**CHILD)])
    made = send(gateway.customer(number).at(OPEN), "checkupPlanRequest", **plan(number)).data["checkupPlanRequest"]
    case = Consultation(gateway, "CY26", number, made["booking"]["id"])
    answer = case.take("vendor", "consultationReply", LATER, content="每年一次", suggestions=["视力", "骨龄"])
    assert answer["booking"]["status"] == "COMPLETED"
    details = case.seen_by("customer")["details"]
    assert (details["suggestions"], details["advice"]) == (["视力", "骨龄"], "每年一次")
    assert case.uses() == (0, 1)


def test_fd_08_without_a_consent_on_record_the_client_is_told_that_it_will_be_asked_for(
    gateway: Gateway, number: str
) -> None:
    answer = tried(gateway, number)
    assert (warned(answer), answer["refusals"]) == ({"CY26-FD-08"}, [])


@pytest.mark.parametrize(
    ("recipient", "withdrawn", "status"),
    [("JDHEALTH", "null", "PASSED"), ("JDHEALTH", "now()", "WARNED"), ("QITAI", "null", "WARNED")],
    ids=["given", "withdrawn", "to another vendor"],
)
def test_fd_08_a_consent_to_share_with_the_vendor_is_enough(
    gateway: Gateway, recipient: str, withdrawn: str, status: str
) -> None:
    number = new_policy(gateway, "CY26")
    change(
        gateway,
        f"""
        insert into consents (policy_id, id, insured_id, kind, recipient, data_kinds, given_by, principal, text_sha256,
          language, granted_at, withdrawn_at, withdrawn_by, purpose, text_version)
        select policy_id, gen_random_uuid(), id, 'VENDOR_SHARING', $2, '{{}}', 'INSURED', 'customer:x', repeat('0', 64),
          'zh', now(), {withdrawn}, case when {withdrawn}::timestamptz is not null then 'customer:x' end,
          'service', '1'
        from policy_members where policy_id = $1 and role = 'INSURED'
        """,
        policy_id(number),
        recipient,
    )
    assert gravest_of(tried(gateway, number), "CY26-FD-08")["status"] == status


def test_fd_09_the_other_way_in_is_carried_as_data(gateway: Gateway) -> None:
    found = gateway.anyone().ask('{ rule(code: "CY26-FD-09") { enforcement enforcementNote } }').data["rule"]
    assert found["enforcement"] == "DATA"
    assert "CY26-FD-08" in found["enforcementNote"]


def test_the_family_doctor_answers_for_the_named_vendor(gateway: Gateway) -> None:
    case = begin(gateway, "CY26", phone=PHONE)
    assert case.seen_by("customer")["vendor"] == {"code": "JDHEALTH"}
    assert case.reply()["booking"]["status"] == "IN_SERVICE"
