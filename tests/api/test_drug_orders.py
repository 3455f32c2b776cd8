"""Orders of listed drugs: every step by those who may take it and no other, once, and by nobody in secret."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from gateway.auth.viewer import VENDOR_SCOPES, Viewer, ViewerKind
from gateway.execution import ids
from gateway.postgres.migrate import ROLE
from gateway.postgres.session import speak_for_gateway
from gateway.repositories.policies import policy_id
from seeds.files import read
from tests.personal.test_unmasking import ask as unmask
from tests.personal.test_unmasking import values
from tests.support import escorts
from tests.support.client import Gateway
from tests.support.consents import insured
from tests.support.consultations import send
from tests.support.drugs import (
    ADDRESS,
    DELIVERY,
    PHARMACY,
    PICKUP,
    WAY,
    Order,
    add_pharmacies,
    ask,
    begin,
    child,
    drug,
    handed,
    new_policy,
    request,
    tried,
)
from tests.support.escorts import NOW, add_paper, as_owner, look, person, refused, row_counts, step

TABLE = read("lifecycles.yaml")["DRUG_ORDER"]
EDGES = {
    (state, edge["command"], role, after)
    for edge in TABLE
    for state in edge["from"]
    for role in edge["by"]
    for after in edge["to"]
}
LEGAL = {edge[:3] for edge in EDGES}
STATES = sorted({state for edge in EDGES for state in (edge[0], edge[3]) if state})
ROLES = ("CUSTOMER", "VENDOR", "STAFF")
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "accept": ("bookingAccept", {}),
    "decline": ("bookingDecline", {"reason": "无货"}),
    "reviewPrescription": ("drugPrescriptionReview", {"outcome": "APPROVED"}),
    "issueVoucher": ("drugVoucherIssue", {}),
    "chooseFulfillment": ("drugFulfillmentChoose", DELIVERY),
    "confirmDelivery": ("drugDeliveryConfirm", {"isInspected": True}),
    "reportDamage": ("drugDamageReport", {"cause": "TRANSIT", "description": "破"}),
    "decideDamage": ("drugDamageDecide", {"isVerified": True}),
    "cancel": ("bookingCancel", {}),
    "terminate": ("bookingTerminate", {"reason": "x"}),
    "attach": ("bookingDocumentsAttach", {}),
    "rate": ("bookingRate", {"score": 4}),
}
"""Command of the lifecycle → the mutation that sends it, with what else it needs to be agreed to."""

SENDERS = {
    "accept": ("VENDOR", "STAFF"),
    "decline": ("VENDOR", "STAFF"),
    "reviewPrescription": ("VENDOR",),
    "issueVoucher": ("VENDOR",),
    "decideDamage": ("VENDOR", "STAFF"),
    "terminate": ("VENDOR", "STAFF"),
    "rate": ("CUSTOMER",),
}
"""Who may send the mutation at all; the others are told so before any booking is looked at."""

PLACES = [
    (state, command, role)
    for state in STATES
    for command in CALLS
    for role in ROLES
    if role in SENDERS.get(command, ROLES)
]


@pytest.fixture(scope="module", autouse=True)
def _pharmacies(gateway: Gateway) -> None:
    add_pharmacies(gateway)


@pytest.fixture(scope="module")
def anywhere(gateway: Gateway) -> Iterator[Order]:
    """An order to which everything could be done but for its state; in the end it is put back to where it stands."""
    order = begin(gateway).go_to("SHIPPING")
    yield order
    put(order, order.seen_by("customer")["timeline"][-1]["status"])


def put(order: Order, state: str) -> None:
    """In that state, and damage waits to be looked into where the state says that it does."""
    order.change("delete from drug_damages where policy_id = $1 and booking_id = $2")
    if state == "DAMAGE_REPORTED":
        order.change(
            "insert into drug_damages (policy_id, id, booking_id, cause, description, state, reported_at) "
            "values ($1, gen_random_uuid(), $2, 'TRANSIT', 'words', 'REPORTED', now())"
        )
    order.change("update bookings set state = $3 where policy_id = $1 and id = $2", state)


@pytest.mark.parametrize(("state", "command", "role"), PLACES, ids=lambda item: item)
def test_a_step_is_taken_exactly_where_the_table_has_it(anywhere: Order, state: str, command: str, role: str) -> None:
    put(anywhere, state)
    mutation, given = CALLS[command]
    if command == "attach":
        given = {"documents": handed(anywhere.gateway, anywhere.number, "LAB_REPORT")}
    answer = send(anywhere.who(role.lower()), mutation, dry_run=True, booking=anywhere.booking, **given)
    taken = "errors" not in answer.body and answer.data[mutation]["refusals"] == []
    assert taken == ((state, command, role) in LEGAL), answer.body
    if "errors" in answer.body:
        assert answer.code == "BAD_USER_INPUT"
        assert answer.error["extensions"]["inputPath"] == ["input", "booking"]


@pytest.mark.parametrize("role", ROLES)
def test_available_actions_are_the_steps_of_the_table(anywhere: Order, role: str) -> None:
    for state in STATES:
        put(anywhere, state)
        legal = {CALLS[command][0] for s, command, r in LEGAL if (s, r) == (state, role)}
        assert set(anywhere.seen_by(role.lower())["availableActions"]) == legal, state


@pytest.mark.parametrize(
    "edge",
    [
        ("REQUESTED", "issueVoucher", "VENDOR", "VOUCHER_ISSUED"),
        ("ACCEPTED", "reviewPrescription", "CUSTOMER", "PRESCRIPTION_APPROVED"),
        ("COMPLETED", "reportDamage", "CUSTOMER", "DAMAGE_REPORTED"),
        ("DAMAGE_REPORTED", "decideDamage", "CUSTOMER", "SHIPPING"),
        ("VOUCHER_ISSUED", "cancel", "CUSTOMER", "CANCELLED_FREE"),
    ],
    ids=lambda edge: "-".join(edge),
)
def test_the_database_refuses_a_step_that_the_table_lacks(
    gateway: Gateway, anywhere: Order, edge: tuple[str, ...]
) -> None:
    async def write(owner: Any) -> None:
        await owner.execute(f"set role {ROLE}")
        await speak_for_gateway(owner)
        await owner.execute(
            "insert into booking_events (policy_id, booking_id, seq, machine, from_state, command, role, to_state, "
            "actor, details, rulebook, at) values ($1, $2, 900, 'DRUG_ORDER', $3, $4, $5, $6, 'x', '{}', 'x', now())",
            *anywhere.key,
            *edge,
        )

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="transition"):
        as_owner(gateway, write)


@pytest.mark.parametrize(
    "change",
    [
        "voucher_code = 'X', voucher_issued_at = now(), review_outcome = null, reviewed_at = null",
        "fulfillment = 'DELIVERY', address_encrypted = null",
        "fulfillment = 'DELIVERY', pharmacy_name = 'X'",
        "review_outcome = 'REJECTED', reviewed_at = now(), review_reason = null, voucher_code = null",
    ],
    ids=["voucher without review", "delivery without address", "pharmacy for a delivery", "rejected without reason"],
)
def test_the_database_refuses_an_order_that_makes_no_sense(gateway: Gateway, anywhere: Order, change: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        anywhere.change(f"update drug_order_details set {change} where policy_id = $1 and booking_id = $2")


# The way of an order --------------------------------------------------------------------------------------------


def test_an_order_goes_from_request_to_delivery(gateway: Gateway) -> None:
    order = begin(gateway)
    assert order.uses() == (1, 0)
    order.go_to("COMPLETED")
    seen = order.seen_by("customer")
    assert [(event["status"], event["role"]) for event in seen["timeline"]] == [
        ("REQUESTED", "CUSTOMER"),
        *((state, role.upper()) for state, (role, _, _) in WAY.items()),
    ]
    assert order.uses() == (0, 1)
    assert order.take("customer", "bookingRate", score=5)["booking"]["status"] == "COMPLETED"


def test_everybody_is_told_of_what_the_others_did(gateway: Gateway) -> None:
    order = begin(gateway).go_to("COMPLETED")
    told = order.topics()
    assert set(told[2:4]) == {("drug.guidance_due", "VENDOR"), ("drug.prescription_approved", "CUSTOMER")}
    assert told[:2] + told[4:] == [
        ("booking.requested", "VENDOR"),
        ("booking.accepted", "CUSTOMER"),
        ("drug.voucher_issued", "CUSTOMER"),
        ("drug.fulfillment_chosen", "VENDOR"),
        ("drug.delivered", "VENDOR"),
    ]


def test_every_step_is_audited(gateway: Gateway) -> None:
    order = begin(gateway).go_to("COMPLETED")
    found = order.look("select operation from audit_entries where policy_id = $1 and subject_id = $2 order by at, id")
    wanted = ["drugPurchaseRequest", *(mutation for _, mutation, _ in WAY.values())]
    assert [row["operation"] for row in found] == wanted


def test_who_would_collect_it_may_have_it_brought_home_instead(gateway: Gateway) -> None:
    order = begin(gateway).go_to("VOUCHER_ISSUED")
    order.take("customer", "drugFulfillmentChoose", **PICKUP)
    assert order.take("customer", "drugFulfillmentChoose", **DELIVERY)["booking"]["status"] == "SHIPPING"
    details = order.details()
    assert (details["fulfillment"], details["pharmacy"], details["phone"]) == ("DELIVERY", None, "****5678")


def test_the_vendors_own_voucher_is_kept(gateway: Gateway) -> None:
    order = begin(gateway).go_to("PRESCRIPTION_APPROVED")
    order.take("vendor", "drugVoucherIssue", voucherCode="QT-0001")
    assert order.details()["voucherCode"] == "QT-0001"


@pytest.mark.parametrize(("state", "after"), [(None, "DECLINED"), ("VOUCHER_ISSUED", "VENDOR_CANCELLED")])
def test_what_the_vendor_cannot_serve_gives_the_use_back(gateway: Gateway, state: str | None, after: str) -> None:
    order = begin(gateway)
    if state:
        order.go_to(state)
    assert order.take("vendor", "bookingDecline", reason="断货")["booking"]["status"] == after
    assert order.uses() == (0, 0)


def test_before_the_review_the_client_may_call_it_off(gateway: Gateway) -> None:
    order = begin(gateway).go_to("ACCEPTED")
    assert order.take("customer", "bookingCancel")["booking"]["status"] == "CANCELLED_FREE"
    assert order.uses() == (0, 0)
    assert order.clock("ZAWX-DRUG-02")["status"] == "CANCELLED"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (PICKUP | {"address": ADDRESS}, "address"),
        (DELIVERY | {"pharmacy": PHARMACY}, "pharmacy"),
        (PICKUP | {"pharmacy": "nowhere"}, "pharmacy"),
        ({"fulfillment": "PICKUP", "pharmacyName": "任意药房"}, "pharmacyName"),
        (DELIVERY | {"phone": "12"}, "phone"),
    ],
    ids=["address of a pickup", "pharmacy of a delivery", "unknown pharmacy", "a client's own name", "phone"],
)
def test_a_choice_that_cannot_be_is_bad_input(anywhere: Order, given: dict[str, Any], field: str) -> None:
    put(anywhere, "VOUCHER_ISSUED")
    answer = anywhere.send("customer", "drugFulfillmentChoose", **given)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", field])


# The request ----------------------------------------------------------------------------------------------------


def test_the_same_key_asks_once(gateway: Gateway) -> None:
    number = new_policy(gateway)
    given = request(gateway, number)
    first, again = (
        send(gateway.customer(number).at(NOW), "drugPurchaseRequest", **given).data["drugPurchaseRequest"]
        for _ in range(2)
    )
    assert (first["isReplay"], again["isReplay"]) == (False, True)
    assert (again["booking"], again["verdicts"]) == (first["booking"], first["verdicts"])


def test_a_dry_run_shows_what_would_be_and_leaves_nothing(gateway: Gateway) -> None:
    number = new_policy(gateway)
    given = request(gateway, number)
    before = row_counts(gateway)
    answer = send(gateway.customer(number).at(NOW), "drugPurchaseRequest", dry_run=True, **given)
    assert answer.data["drugPurchaseRequest"]["booking"]["status"] == "REQUESTED"
    assert row_counts(gateway) == before


def test_a_refused_request_leaves_nothing(gateway: Gateway) -> None:
    number = new_policy(gateway)
    given = request(gateway, number, isUnavailableInHospital=False)
    before = row_counts(gateway)
    answer = send(gateway.customer(number).at(NOW), "drugPurchaseRequest", **given).data["drugPurchaseRequest"]
    assert (refused(answer), answer["booking"]) == ({"ZAWX-DRUG-01"}, None)
    assert row_counts(gateway) == before


@pytest.mark.parametrize(("product", "rule"), [("ZYB", "ZYB-GEN-03"), ("VAS", None)])
def test_a_product_without_the_service_is_refused_or_the_wrong_one(
    gateway: Gateway, product: str, rule: str | None
) -> None:
    number = escorts.register(gateway, product)
    answer = ask(gateway, number)
    if "errors" in answer.body:
        assert answer.error["extensions"]["inputPath"] == ["input", "policyNumber"]
    else:
        assert rule in refused(answer.data["drugPurchaseRequest"])


@pytest.mark.parametrize("field", ["prescription", "documents", "drug", "insured"])
def test_what_is_anothers_is_answered_like_what_is_not_there(gateway: Gateway, field: str) -> None:
    mine, theirs = new_policy(gateway), new_policy(gateway)
    foreign = {
        "prescription": add_paper(gateway, theirs, "PRESCRIPTION", None),
        "documents": handed(gateway, theirs, "AGENT_ID"),
        "drug": ids.encode("drug", policy_id(theirs)),
        "insured": insured(gateway.customer(theirs), theirs),
    }[field]
    absent = {
        "prescription": ids.encode("doc", policy_id(mine), policy_id(theirs)),
        "documents": [{"kind": "AGENT_ID", "document": ids.encode("doc", policy_id(mine), policy_id(theirs))}],
        "drug": ids.encode("drug", policy_id(mine)),
        "insured": ids.encode("person", policy_id(mine), policy_id(theirs)),
    }[field]
    answers = [ask(gateway, mine, **{field: given}) for given in (foreign, absent)]
    assert [answer.error["extensions"]["inputPath"] for answer in answers] == [["input", field]] * 2
    assert answers[0].error["message"] == answers[1].error["message"]


def test_of_several_insured_the_one_who_is_named_is_meant(gateway: Gateway) -> None:
    number = new_policy(gateway, insured=[person(), child()])
    customer = gateway.customer(number)
    minor = insured(customer, number, 1)
    assert refused(tried(gateway, number, insured=minor)) == {"ZAWX-DRUG-21"}
    unnamed = {v["rule"]["code"]: v["status"] for v in tried(gateway, number)["verdicts"]}
    assert (unnamed["ZAWX-DRUG-19"], unnamed["ZAWX-DRUG-21"]) == ("UNKNOWN", "UNKNOWN")


def test_a_vendors_token_that_is_cut_to_another_service_asks_for_no_drug(gateway: Gateway) -> None:
    number = new_policy(gateway)
    cut = Viewer(
        ViewerKind.VENDOR, "vendor:QITAI", "cut", frozenset(VENDOR_SCOPES), vendor="QITAI", services=("DRUG_QUESTION",)
    )
    assert ask(gateway, number, client=gateway.client(cut)).code == "FORBIDDEN"


# Who sees what --------------------------------------------------------------------------------------------------


def test_a_foreign_order_looks_like_none(gateway: Gateway) -> None:
    order, stranger = begin(gateway), begin(gateway)
    node = "query Q($i: ID!) { node(id: $i) { id } }"
    assert stranger.who("customer").ask(node, i=order.booking).data["node"] is None
    for who in (stranger.who("customer"), gateway.vendor("HUANQIU").at(NOW)):
        foreign = step(who, "drugDamageReport", order.booking, cause="CLIENT", description="x")
        absent = step(who, "drugDamageReport", order.booking[:-8] + "00000000", cause="CLIENT", description="x")
        assert foreign.error["message"] == absent.error["message"]


def test_address_and_phone_are_kept_sealed_and_shown_by_a_supervisor_for_a_purpose(gateway: Gateway) -> None:
    order = begin(gateway).go_to("SHIPPING")
    (row,) = order.look(
        "select row_to_json(d)::text as text from drug_order_details d where policy_id = $1 and booking_id = $2"
    )
    assert ADDRESS not in row["text"]
    assert DELIVERY["phone"] not in row["text"]
    fields = ["DELIVERY_ADDRESS", "DELIVERY_PHONE"]
    shown = unmask(gateway.staff("supervisor"), order.booking, fields=fields)
    assert values(shown) == {"DELIVERY_ADDRESS": ADDRESS, "DELIVERY_PHONE": DELIVERY["phone"]}


def test_messages_and_verdicts_carry_no_diagnosis(gateway: Gateway) -> None:
    order = begin(gateway, diagnosis="罕见的恶性标记病")
    rows = look(
        gateway, "select payload::text as text from outbox_messages where payload->>'booking' = $1", order.booking
    )
    kept = look(gateway, "select verdicts::text as text from idempotency_keys where subject_id = $1", order.key[1])
    assert rows
    assert kept
    assert [row for row in (*rows, *kept) if "标记" in row["text"]] == []


def test_the_drug_is_named_in_the_order(gateway: Gateway) -> None:
    order = begin(gateway, drug=drug(gateway, 62))
    assert order.details()["drug"] == {"seq": 62, "brand": "吉非替尼片"}
