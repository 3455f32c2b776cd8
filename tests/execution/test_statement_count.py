"""One statement for a query, whatever its nesting, and a known number for every mutation, as the server counts them."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import get_named_type, is_leaf_type

from gateway.auth.viewer import Viewer
from gateway.repositories.policies import policy_id
from tests.api.test_cards import suspend
from tests.execution.conftest import People
from tests.execution.sending import Make, Sent
from tests.execution.sending_advances import ADVANCES
from tests.execution.sending_bills import BILLS
from tests.execution.sending_claims import CLAIMS
from tests.execution.sending_drugs import DRUGS
from tests.execution.sending_papers import PAPERS
from tests.execution.sending_special import SPECIAL
from tests.execution.sending_visits import VISITS
from tests.execution.test_planner import BOOKINGS, CATALOGUE, POLICIES
from tests.execution.twins import Twins, customer, heard, staff, vendor
from tests.support import health_records, preauths
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, VERDICT, VISIT, Journey, at, begin, change, person, register, request
from tests.support.mutations import MUTATIONS, input_of, sample
from tests.support.preauths import CHILD

STAFF = staff("supervisor")
NEXT_WEEK = at("2026-03-19 09:30")

EVERYTHING = "{ " + " ".join(text.strip()[1:-1] for text in (BOOKINGS, POLICIES, CATALOGUE["a product"])) + " }"


def statements(
    twins: Twins, document: str, variables: Mapping[str, Any] | None = None, viewer: Viewer = STAFF
) -> list[str]:
    """What an operation sends to the database, over all connections of the pool."""
    with heard(twins) as seen:
        assert twins.planned(document, variables, viewer) is not None
    return seen


@pytest.mark.parametrize("document", [*CATALOGUE.values(), BOOKINGS, POLICIES, EVERYTHING])
def test_a_query_is_one_statement(twins: Twins, people: People, document: str) -> None:
    assert len(statements(twins, document)) == 1


# What each mutation costs, BEGIN and COMMIT included, with verdicts and the object in its payload. Where one is about
# a booking that exists, the three before its writes are: where it belongs, its account locked, the booking locked.


def _at(state: str | None, role: str, **fields: Any) -> Make:
    """A mutation of a booking that has come to a state."""

    def make(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
        journey = begin(gateway)
        if state is not None:
            journey.go_to(state)
        return Sent(_viewer(journey, role), sample(mutation, booking=journey.booking, **fields))

    return make


def _viewer(journey: Journey, role: str) -> Viewer:
    return {"customer": customer(journey.number), "vendor": vendor("HUANQIU"), "staff": staff("supervisor")}[role]


def _escort(gateway: Gateway, _twins: Twins, _mutation: str) -> Sent:
    number = register(gateway)
    return Sent(customer(number), request(number, visitAt=at("2026-03-20 09:30")))


def _propose(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=NEXT_WEEK)
    return Sent(_viewer(journey, "vendor"), sample(mutation, booking=journey.booking, costIncurred=True))


def _decide(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    """A change on the day, and the vendor's proposal."""
    journey = begin(gateway).go_to("CONFIRMED")
    journey.take("customer", "bookingReschedule", at("2026-03-12 08:00"), visitAt=NEXT_WEEK)
    journey.take("vendor", "bookingDeductionPropose", VISIT, reason="on the way", costIncurred=True)
    return Sent(STAFF, sample(mutation, booking=journey.booking))


def _issued_token(gateway: Gateway, twins: Twins, mutation: str) -> Sent:
    text = "mutation M($i: VendorTokenIssueInput!) { vendorTokenIssue(input: $i) { token { id } } }"
    issue = _token(gateway, twins, "vendorTokenIssue")
    token = twins.done(text, {"i": issue.given}, issue.viewer)["token"]["id"]
    return Sent(issue.viewer, {"idempotencyKey": new_key(), "token": token})


def _policy(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    people = {"holder": person(), "insured": [person()]}
    return Sent(
        STAFF, sample(mutation, number=new_key(), product="ZYB", plan=None, riders=[], waitingDays=None, **people)
    )


def _verification(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    return Sent(STAFF, sample(mutation, policyNumber=register(gateway), service="OUTPATIENT_ESCORT"))


def _token(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    given = sample(mutation, vendor="HUANQIU", scopes=["bookings:read"], products=["ZYB"])
    return Sent(staff("administrator"), given)


DENIED = [{"position": 1, "decision": "DENIED", "reason": "x"}]


def _preauth(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = preauths.policy(gateway)
    make = {"preAuthSubmit": preauths.request, "preAuthEmergencyNotify": preauths.emergency}[mutation]
    return Sent(customer(number), make(number))


def _of_preauth(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    more = {"decisions": DENIED} if mutation == "preAuthDecide" else {}
    return Sent(STAFF, sample(mutation, preAuth=preauths.begin(gateway).id, **more))


def _asked_preauth(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = preauths.begin(gateway)
    case.send("adjuster", "preAuthInquire", question="?")
    return Sent(customer(case.number), sample(mutation, preAuth=case.id))


def _large_preauth(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = preauths.begin(gateway)
    case.approve("60000.00")
    return Sent(STAFF, sample(mutation, preAuth=case.id, isApproved=True))


def _late_notice(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = preauths.policy(gateway)
    late = preauths.emergency(number, emergencyAt="2026-03-01T08:00:00+08:00")
    made = preauths.send(gateway.customer(number).at(NOW), "preAuthEmergencyNotify", late)
    return Sent(STAFF, sample(mutation, notice=made["notice"]["id"]))


def _letter(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = preauths.begin(gateway)
    letter = case.approve()["preAuth"]["guaranteeLetters"][0]["id"]
    if mutation not in ("guaranteeLetterDraw", "guaranteeLetterReturn"):
        return Sent(STAFF, sample(mutation, letter=letter))
    policy = policy_id(case.number)
    period = "update guarantee_letters set period = '[2026-01-01, 2027-01-01)' where policy_id = $1"
    change(gateway, period, policy)
    claim = case.claim()
    if mutation == "guaranteeLetterReturn":
        drawn = {"idempotencyKey": new_key(), "letter": letter, "claim": claim, "amount": "10.00"}
        preauths.send(case.who("adjuster"), "guaranteeLetterDraw", drawn)
    return Sent(STAFF, sample(mutation, letter=letter, claim=claim))


def _revoked_letter(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    case = preauths.begin(gateway)
    letter = case.approve()["preAuth"]["guaranteeLetters"][0]["id"]
    revoke = {"idempotencyKey": new_key(), "letter": letter, "reason": "x"}
    preauths.send(case.who("adjuster"), "guaranteeLetterRevoke", revoke)
    return Sent(STAFF, sample(mutation, preAuth=case.id))


def _card(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number = preauths.policy(gateway, "CY23")
    return Sent(customer(number), sample(mutation, policyNumber=number, name=CHILD["name"], phone="13800138000"))


def _card_of_paper(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    child = person(**CHILD)
    number = preauths.policy(gateway, insured=[child])
    paper = {name: child[name] for name in ("name", "idType", "idNumber", "birthOn", "gender")}
    more = {"relation": "CHILD"} if mutation == "familyMemberAdd" else {}
    return Sent(customer(number), sample(mutation, policyNumber=number, **paper, **more))


def _held_card(gateway: Gateway, twins: Twins, mutation: str) -> Sent:
    sent = _card_of_paper(gateway, twins, "familyMemberAdd")
    text = "mutation M($i: FamilyMemberAddInput!) { familyMemberAdd(input: $i) { card { id } } }"
    card = twins.done(text, {"i": sent.given}, sent.viewer)["card"]["id"]
    return Sent(STAFF, sample(mutation, card=card, reason="the phone is lost"))


def _greyed_card(gateway: Gateway, twins: Twins, mutation: str) -> Sent:
    sent = _held_card(gateway, twins, mutation)
    suspend(gateway, sent.given["card"])
    return sent


def _override(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    given = {"rule": "ZYB-TBL-07", "visitOn": "2026-03-12", "policyNumber": register(gateway)}
    return Sent(staff("hotline"), sample(mutation, **given))


def _record(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    given = health_records.GOOD[mutation] | {"policyNumber": health_records.policy(gateway)}
    return Sent(vendor("JDHEALTH"), sample(mutation, **given))


def _talk(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    given = {"policyNumber": health_records.policy(gateway), "contactedAt": NOW, "content": "words"}
    return Sent(vendor("JDHEALTH"), sample(mutation, **given))


def _recorded(gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    number, keeper = health_records.policy(gateway), gateway.vendor("JDHEALTH").at(NOW)
    made, field = {
        "healthRecordEntryRetract": ("healthRecordEntryAdd", "entry"),
        "growthAssessmentRetract": ("growthAssessmentRecord", "growthAssessment"),
    }[mutation]
    part = health_records.done(keeper, made, number)[field]["id"]
    return Sent(vendor("JDHEALTH"), sample(mutation, **{field: part}))


def _notice(_gateway: Gateway, _twins: Twins, mutation: str) -> Sent:
    return Sent(STAFF, sample(mutation))


COUNTS: Mapping[str, tuple[int, Make]] = {
    # BEGIN, key, what is named, account, all writes, payload, COMMIT
    "escortBook": (7, _escort),
    # BEGIN, key, where it belongs, account, booking, all writes, payload, COMMIT
    "bookingAccept": (8, _at(None, "vendor")),
    "bookingAssign": (8, _at("ACCEPTED", "vendor", escortName="words")),
    "bookingConfirm": (8, _at("ASSIGNED", "customer", checklist=None)),
    "bookingCheckIn": (8, _at("CONFIRMED", "vendor", clientIsLate=False)),
    "bookingCheckOut": (8, _at("IN_SERVICE", "vendor")),
    "bookingFollowUpRecord": (8, _at("FOLLOW_UP", "vendor")),
    "bookingDecline": (8, _at(None, "vendor")),
    "bookingReschedule": (8, _at("ACCEPTED", "customer", visitAt=at("2026-03-20 09:30"))),
    "bookingCancel": (9, _at("ACCEPTED", "customer")),
    "bookingNoShowRecord": (8, _at("CONFIRMED", "vendor", cause="CLIENT")),
    "bookingRate": (8, _at("COMPLETED", "customer", score=5)),
    # these look at what was done or proposed before
    "bookingDeductionPropose": (10, _propose),
    "bookingDeductionDecide": (9, _decide),
    "entitlementVerify": (7, _verification),
    # BEGIN, key, what is named, cover locked, sum, all writes, payload, COMMIT
    "preAuthSubmit": (8, _preauth),
    "preAuthEmergencyNotify": (6, _preauth),
    # BEGIN, key, request locked, all writes, payload, COMMIT
    "preAuthReview": (6, _of_preauth),
    "preAuthInquire": (6, _of_preauth),
    "preAuthAnswer": (6, _asked_preauth),
    "preAuthDecide": (6, _of_preauth),
    "preAuthApprove": (6, _large_preauth),
    "preAuthWithdraw": (7, _of_preauth),
    "emergencyNoticeDecide": (6, _late_notice),
    # these lock a letter besides
    "guaranteeLetterIssue": (8, _revoked_letter),  # and counts what was drawn before
    "guaranteeLetterDeliver": (8, _letter),
    "guaranteeLetterRevoke": (8, _letter),
    "guaranteeLetterDraw": (9, _letter),
    "guaranteeLetterReturn": (10, _letter),
    # BEGIN, key, policy, card looked for, made and locked, codes counted, all writes, payload, COMMIT
    "cardCodeSend": (10, _card),
    "cardBind": (9, _card_of_paper),
    "familyMemberAdd": (9, _card_of_paper),
    "cardReinstate": (7, _greyed_card),
    "cardUnbind": (7, _held_card),
    "policyRegister": (9, _policy),  # one of them for all tables of the policy
    "hotlineOverride": (7, _override),
    "noticePublish": (5, _notice),
    # BEGIN, key, what is named, the consent, all writes, payload, COMMIT
    "healthRecordUpdate": (7, _record),
    "healthRecordEntryAdd": (7, _record),
    "growthAssessmentRecord": (7, _record),
    "vaccinationPlanRecord": (7, _record),
    "healthManagerContactRecord": (7, _talk),
    # BEGIN, key, what is taken back, all writes, payload, COMMIT
    "healthRecordEntryRetract": (6, _recorded),
    "growthAssessmentRetract": (6, _recorded),
    "vendorTokenIssue": (8, _token),
    "vendorTokenRotate": (8, _issued_token),
    "vendorTokenRevoke": (7, _issued_token),
    **VISITS,
    **DRUGS,
    **SPECIAL,
    **PAPERS,
    **BILLS,
    **ADVANCES,
    **CLAIMS,
}
SHARED = {"isDryRun", "isReplay", "verdicts", "refusals"}
PARTS = {"uploadTicketCreate": "document { id }", "personalDataUnmask": "value", "bookingContactShow": "value"}


@pytest.mark.parametrize("mutation", sorted(MUTATIONS))
def test_a_mutation_sends_as_many_statements_as_are_written_down(gateway: Gateway, twins: Twins, mutation: str) -> None:
    expected, make = COUNTS[mutation]
    shown = _shown(mutation)
    document = (
        f"""mutation M($i: {input_of(mutation).name}!) {{ {mutation}(input: $i) {{
      verdicts {{ ...V }} refusals {{ ...V }} {shown} {{ {PARTS.get(mutation, "id")} }} }} }}"""
        + VERDICT
    )
    first, second = make(gateway, twins, mutation), make(gateway, twins, mutation)
    made = twins.done(document, {"i": first.given}, first.viewer)  # rules are asked for once in a worker's life
    assert made["refusals"] == []
    assert made[shown] or mutation == "cardCodeSend", made
    seen = statements(twins, document, {"i": second.given}, second.viewer)
    assert len(seen) == expected, seen


def test_who_commands_is_told_by_the_statement_that_claims_the_key(gateway: Gateway, twins: Twins) -> None:
    """One that is prepared: a script with the settings in it would be read and planned anew each time."""
    sent = _escort(gateway, twins, "escortBook")
    document = "mutation M($i: EscortBookInput!) { escortBook(input: $i) { booking { id } } }"
    begin, claim, *others = statements(twins, document, {"i": sent.given}, sent.viewer)
    assert begin == "BEGIN;"
    assert "set_config" in claim
    assert "insert into idempotency_keys" in claim
    assert not [sql for sql in others if "set_config" in sql]


def _shown(mutation: str) -> str:
    """What its payload shows of what was done."""
    fields = get_named_type(MUTATIONS[mutation].type).fields
    return next(name for name, field in fields.items() if name not in SHARED and not is_leaf_type(field.type))
