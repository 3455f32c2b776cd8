"""Who is let onto a policy by whom, what that opens, and how it ends."""

import datetime as dt
import uuid
from typing import Any

import pytest

from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.auth.provider import ISSUER
from tests.personal.conftest import sign_in
from tests.support import health_records
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.consents import insured
from tests.support.escorts import ADULT, NOW, add_paper, book, book_raw, change, look, person, refused, register, step
from tests.support.papers import download, picture, upload

FIELDS = "id role issuer subject validUntil revokedAt insured { name } papers { kind }"
GRANT = f"""
mutation Grant($input: AccessGrantInput!, $dryRun: Boolean! = false) {{
  accessGrant(input: $input, dryRun: $dryRun) {{ isReplay refusals {{ message }} access {{ {FIELDS} }} }}
}}
"""
REVOKE = "mutation R($input: AccessRevokeInput!) { accessRevoke(input: $input) { access { id revokedAt } } }"
LISTED = f"query L($n: String!) {{ policy(number: $n) {{ accesses {{ {FIELDS} }} }} }}"
SEEN = "query S($n: String!) { policy(number: $n) { insured { name } bookings { nodes { id } } } }"
NUMBERS = "{ policies(first: 100) { nodes { number } } }"
PICTURE = picture(size=(60, 80))
YEARS = dt.timedelta(days=365.2425)


def born(years: float) -> str:
    """A birthday so many years ago, by the real clock."""
    return str((dt.datetime.now(dt.UTC) - years * YEARS).date())


CHILD = person(name="演示儿童", birthOn=born(10), gender="FEMALE")
SPOUSE = person(name="演示配偶", birthOn=born(40), gender="FEMALE")


@pytest.fixture
def number(trusting: Gateway) -> str:
    """A policy of an adult, a child and a spouse."""
    return register(trusting, insured=[person(), CHILD, SPOUSE])


def someone() -> str:
    return f"user-{uuid.uuid4().hex}"


def give(client: Client, number: str, subject: str, role: str, **changes: Any) -> Answer:
    given = {
        "idempotencyKey": new_key(),
        "policyNumber": number,
        "issuer": ISSUER,
        "subject": subject,
        "role": role,
    }
    return client.ask(GRANT, input=given | changes)


def given_to(client: Client, number: str, role: str, **changes: Any) -> tuple[str, str]:
    """Somebody new with this role: who, and the id of the access."""
    subject = someone()
    return subject, give(client, number, subject, role, **changes).data["accessGrant"]["access"]["id"]


def revoke(client: Client, access: str) -> Answer:
    return client.ask(REVOKE, input={"idempotencyKey": new_key(), "access": access})


def holder(trusting: Gateway, number: str) -> Client:
    subject, _ = given_to(trusting.staff(), number, "HOLDER")
    return sign_in(trusting, subject)


def numbers(client: Client) -> set[str]:
    return {node["number"] for node in client.ask(NUMBERS).data["policies"]["nodes"]}


def mandate(client: Client, number: str) -> list[str]:
    return [upload(client, number, PICTURE, kind=kind) for kind in ("AGENT_ID", "POWER_OF_ATTORNEY")]


def in_days(days: float) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).isoformat()


# What it opens


def test_a_holder_named_by_staff_has_the_policy_at_once_and_until_revoked(trusting: Gateway, number: str) -> None:
    subject = someone()
    client = sign_in(trusting, subject)
    assert numbers(client) == set()
    access = give(trusting.staff(), number, subject, "HOLDER").data["accessGrant"]["access"]
    assert numbers(client) == {number}
    assert book(client.at(NOW), number)["refusals"] == []
    assert revoke(trusting.staff(), access["id"]).data["accessRevoke"]["access"]["revokedAt"]
    assert numbers(client) == set()
    assert book_raw(client.at(NOW), number).code == "BAD_USER_INPUT"


def test_a_revoked_access_is_gone_on_every_worker(trusting: Gateway, production: Gateway, number: str) -> None:
    """Two gateways over one database stand for two workers."""
    subject, access = given_to(trusting.staff(), number, "HOLDER")
    there = sign_in(production, subject)
    assert numbers(there) == {number}
    revoke(trusting.staff(), access)
    assert numbers(there) == set()


def test_an_insured_adult_sees_and_does_what_concerns_oneself(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    ours = book(owner.at(NOW), number)["booking"]["id"]
    subject, _ = given_to(owner, number, "INSURED", insured=insured(owner, number, 2))
    client = sign_in(trusting, subject)
    spouse = {"name": SPOUSE["name"], "gender": "FEMALE", "birthOn": SPOUSE["birthOn"], "phone": "13800138000"}
    mine = book(client.at(NOW), number, patient=spouse)["booking"]["id"]
    seen = client.ask(SEEN, n=number).data["policy"]
    assert [each["name"] for each in seen["insured"]] == [SPOUSE["name"]]
    assert [each["id"] for each in seen["bookings"]["nodes"]] == [mine]
    assert client.ask("query N($id: ID!) { node(id: $id) { id } }", id=ours).data["node"] is None
    other = book(client.at(NOW), number, dry_run=True, patient={**ADULT, "phone": "13800138000"})
    assert "ZYB-TBL-04" in refused(other)
    assert step(client.at(NOW), "bookingCancel", ours).code == "BAD_USER_INPUT"


def test_one_insured_reads_no_paper_of_another(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    document = upload(owner, number, PICTURE)
    book(owner.at(NOW), number, documents=[document])
    subject, _ = given_to(owner, number, "INSURED", insured=insured(owner, number, 2))
    client = sign_in(trusting, subject)
    assert download(client, document).status_code == 404
    assert download(owner, document).status_code == 200
    assert download(client, upload(client, number, PICTURE)).status_code == 200


# Guardians


def eighteenth(birth_on: str) -> dt.datetime:
    born_on = dt.date.fromisoformat(birth_on)
    return dt.datetime(born_on.year + 18, born_on.month, born_on.day, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def test_a_guardian_ends_at_the_childs_18th_birthday_in_shanghai(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    child = insured(owner, number, 1)
    for until, expected in ((None, eighteenth(CHILD["birthOn"])), (in_days(36500), eighteenth(CHILD["birthOn"]))):
        found = give(owner, number, someone(), "GUARDIAN", insured=child, validUntil=until).data["accessGrant"]
        assert dt.datetime.fromisoformat(found["access"]["validUntil"]) == expected
    soon = in_days(30)
    found = give(owner, number, someone(), "GUARDIAN", insured=child, validUntil=soon).data["accessGrant"]["access"]
    assert dt.datetime.fromisoformat(found["validUntil"]) == dt.datetime.fromisoformat(soon)


def test_a_guardian_whose_child_is_of_age_is_let_in_no_more(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    subject, access = given_to(owner, number, "GUARDIAN", insured=insured(owner, number, 1))
    client = sign_in(trusting, subject)
    assert numbers(client) == {number}
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    change(
        trusting,
        "update policy_grants set created_at = created_at - interval '1 day', valid_until = $2 where id = $1",
        ids.decode_as("acc", access, 2)[1],
        past,
    )
    assert numbers(client) == set()


@pytest.mark.parametrize(("role", "place"), [("GUARDIAN", 0), ("INSURED", 1)], ids=["of an adult", "a child itself"])
def test_who_is_of_age_needs_no_guardian_and_who_is_not_does(
    trusting: Gateway, number: str, role: str, place: int
) -> None:
    owner = holder(trusting, number)
    answer = give(owner, number, someone(), role, insured=insured(owner, number, place))
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "insured"])


# Agents


def test_an_agent_brings_papers_and_ends_some_day(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    papers = mandate(owner, number)
    subject = someone()
    answer = give(owner, number, subject, "AGENT", validUntil=in_days(30), papers=papers)
    access = answer.data["accessGrant"]["access"]
    assert sorted(each["kind"] for each in access["papers"]) == ["AGENT_ID", "POWER_OF_ATTORNEY"]
    assert numbers(sign_in(trusting, subject)) == {number}
    again = give(owner, number, someone(), "AGENT", validUntil=in_days(30), papers=papers)
    assert again.error["extensions"]["inputPath"] == ["input", "papers"]


def test_an_agent_without_the_papers_or_the_end_is_none(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    papers = mandate(owner, number)
    unfit = upload(owner, number, b"words", kind="POWER_OF_ATTORNEY")
    foreign = register(trusting)
    theirs = mandate(trusting.customer(foreign), foreign)
    for field, changes in (
        ("validUntil", {"papers": papers}),
        ("validUntil", {"papers": papers, "validUntil": in_days(-1)}),
        ("papers", {"validUntil": in_days(1)}),
        ("papers", {"validUntil": in_days(1), "papers": papers[:1]}),
        ("papers", {"validUntil": in_days(1), "papers": [papers[0], unfit]}),
        ("papers", {"validUntil": in_days(1), "papers": theirs}),
    ):
        answer = give(owner, number, someone(), "AGENT", **changes)
        assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", field])


def test_a_guardian_reads_the_health_record_of_the_child_and_its_papers_and_no_other_insured_does(
    trusting: Gateway,
) -> None:
    number = health_records.policy(trusting, is_agreed=False, insured=[CHILD, SPOUSE])
    owner = holder(trusting, number)
    child, spouse = insured(owner, number, 0), insured(owner, number, 1)
    health_records.agree(trusting, number, person=child)
    paper = add_paper(trusting, number, "EXAM_REPORT", None)
    vendor = trusting.vendor(health_records.KEEPER).at(NOW)
    added = health_records.done(vendor, "healthRecordEntryAdd", number, insured=child, document=paper)["entry"]
    guardian, _ = given_to(owner, number, "GUARDIAN", insured=child)
    adult, _ = given_to(owner, number, "INSURED", insured=spouse)
    seen = [
        [sign_in(trusting, one).ask(health_records.NODE, id=wanted).data["node"] for wanted in (added["id"], paper)]
        for one in (guardian, adult)
    ]
    assert seen == [[{"__typename": "HealthRecordEntry"}, {"__typename": "Document"}], [None, None]]


# By whom


def test_only_staff_name_a_policyholder(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    assert give(owner, number, someone(), "HOLDER").code == "FORBIDDEN"


def test_nobody_but_the_holder_lets_others_in(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    child, spouse = insured(owner, number, 1), insured(owner, number, 2)
    agent, _ = given_to(owner, number, "AGENT", validUntil=in_days(9), papers=mandate(owner, number))
    adult, access = given_to(owner, number, "INSURED", insured=spouse)
    for client in (sign_in(trusting, agent), sign_in(trusting, adult)):
        assert give(client, number, someone(), "GUARDIAN", insured=child).code in ("FORBIDDEN", "BAD_USER_INPUT")
        assert revoke(client, access).code == "FORBIDDEN"
    assert give(trusting.vendor("HUANQIU"), number, someone(), "HOLDER").code == "FORBIDDEN"
    assert give(trusting.staff("hotline"), number, someone(), "HOLDER").code == "FORBIDDEN"
    assert revoke(trusting.staff("hotline"), access).data["accessRevoke"]["access"]


def test_foreign_policies_people_and_accesses_are_answered_like_none(trusting: Gateway, number: str) -> None:
    owner, foreign = holder(trusting, number), register(trusting)
    _, theirs = given_to(trusting.staff(), foreign, "HOLDER")
    absent = ids.encode("acc", policy_id(foreign), uuid.uuid4())
    assert revoke(owner, theirs).error["message"] == revoke(owner, absent).error["message"]
    stranger = insured(trusting.customer(foreign), foreign)
    nobody = ids.encode("person", policy_id(number), uuid.uuid4())
    messages = {give(owner, number, someone(), "INSURED", insured=one).error["message"] for one in (stranger, nobody)}
    assert len(messages) == 1
    answers = [give(owner, one, someone(), "AGENT") for one in (foreign, "NONE-1")]
    assert len({answer.error["message"] for answer in answers}) == 1


def test_the_same_access_is_not_given_twice_but_again_after_its_end(trusting: Gateway, number: str) -> None:
    subject, access = given_to(trusting.staff(), number, "HOLDER")
    assert give(trusting.staff(), number, subject, "HOLDER").error["extensions"]["inputPath"] == ["input", "subject"]
    revoke(trusting.staff(), access)
    assert give(trusting.staff(), number, subject, "HOLDER").data["accessGrant"]["access"]["id"] != access


def test_the_holder_and_staff_see_who_is_let_in(trusting: Gateway, number: str) -> None:
    owner = holder(trusting, number)
    subject, _ = given_to(owner, number, "INSURED", insured=insured(owner, number, 2))
    for client in (owner, trusting.staff()):
        accesses = client.ask(LISTED, n=number).data["policy"]["accesses"]
        assert [each["role"] for each in accesses] == ["HOLDER", "INSURED"]
    assert sign_in(trusting, subject).ask(LISTED, n=number).data["policy"]["accesses"] == []
    book(owner.at(NOW), number)
    assert trusting.vendor("HUANQIU").ask(LISTED, n=number).data["policy"]["accesses"] == []


def test_giving_and_taking_back_are_audited(trusting: Gateway, number: str) -> None:
    _, access = given_to(trusting.staff(), number, "HOLDER")
    revoke(trusting.staff("supervisor"), access)
    rows = look(
        trusting,
        "select operation, actor from audit_entries where subject_id = $1 order by id",
        ids.decode_as("acc", access, 2)[1],
    )
    assert [tuple(row.values()) for row in rows] == [
        ("accessGrant", "staff:adjuster"),
        ("accessRevoke", "staff:supervisor"),
    ]
