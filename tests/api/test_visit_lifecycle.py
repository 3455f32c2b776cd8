"""The life of visits and tests: every step by those who may take it and no other, replays, dry runs and strangers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest

from gateway.auth.viewer import VENDOR_SCOPES, Viewer, ViewerKind
from gateway.execution import ids
from seeds.files import read
from tests.support import escorts, visits
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, add_paper, as_owner, at, look, put_back, register, row_counts, step
from tests.support.visits import CLINIC, PUBLIC, TYPES, VISIT, Trip, ask, begin, policy

EDGES = {
    machine: {
        (state, edge["command"], role, after)
        for edge in edges
        for state in edge["from"]
        for role in edge["by"]
        for after in edge["to"]
    }
    for machine, edges in read("lifecycles.yaml").items()
}
ROLES = ("CUSTOMER", "VENDOR", "STAFF")


@dataclass(frozen=True)
class Life:
    """A machine, a booking of it, and the mutations of its commands with what else they need."""

    machine: str
    operation: str
    product: str
    calls: dict[str, tuple[str, dict[str, Any]]] = field(hash=False)

    @property
    def steps(self) -> set[tuple[str, str, str, str]]:
        return EDGES[self.machine]

    @property
    def states(self) -> list[str]:
        return sorted({state for edge in self.steps for state in (edge[0], edge[3]) if state})

    def knows(self, command: str) -> bool:
        return any(edge[1] == command for edge in self.steps)

    def may(self, state: str, command: str, role: str) -> bool:
        return any(edge[:3] == (state, command, role) for edge in self.steps)


COMMON: dict[str, tuple[str, dict[str, Any]]] = {
    "accept": ("bookingAccept", {}),
    "decline": ("bookingDecline", {"reason": "full"}),
    "cancel": ("bookingCancel", {}),
    "checkIn": ("bookingCheckIn", {}),
    "checkOut": ("bookingCheckOut", {}),
    "complete": ("bookingComplete", {}),
    "terminate": ("bookingTerminate", {"reason": "broken off"}),
    "noShow": ("bookingNoShowRecord", {}),
    "rate": ("bookingRate", {"score": 5}),
}
VISITS = COMMON | {
    "assign": ("bookingAssign", {"vendor": "WINDSTONE"}),
    "confirm": ("bookingConfirm", {}),
    "reschedule": ("bookingReschedule", {"visitAt": at("2026-05-21 09:30")}),
}
JD_HEALTH: dict[str, tuple[str, dict[str, Any]]] = {"assign": ("bookingAssign", {"vendor": "JDHEALTH"})}
LIVES = {
    "CY26 visit": Life(
        "VISIT", "hospitalVisitBook", "CY26", VISITS | {"assign": ("bookingAssign", {"vendor": "JDHEALTH"})}
    ),
    "CY23 visit": Life("VISIT", "hospitalVisitBook", "CY23", VISITS),
    "CY23 vaccination": Life("VISIT", "vaccinationBook", "CY23", VISITS),
    "test": Life("TEST", "respiratoryTestOrder", "CY26", COMMON | {"share": ("testReportShare", {})}),
}
PLACES = [(name, state, role) for name, life in LIVES.items() for state in life.states for role in ROLES]


@pytest.fixture(scope="module")
def anywhere(gateway: Gateway) -> Iterator[dict[str, Trip]]:
    """A booking of each kind that a vendor serves, which is put into every state in turn."""
    yield {name: served(gateway, life) for name, life in LIVES.items()}
    put_back(gateway)


def served(gateway: Gateway, life: Life) -> Trip:
    trip = begin(gateway, life.operation, life.product)
    if life.machine == "VISIT":
        trip.take_all(("staff", "bookingAssign", NOW, {"vendor": trip.vendor}))
    return trip


def put(trip: Trip, state: str) -> None:
    trip.change("update bookings set state = $3 where policy_id = $1 and id = $2", state)


def is_taken(gateway: Gateway, trip: Trip, life: Life, role: str, command: str) -> bool:
    """Whether the API would take the step; a refusal must be a rule's, or for the kind of caller."""
    mutation, fields = life.calls[command]
    if (life.machine, command) == ("TEST", "complete"):
        fields = {"report": add_paper(gateway, trip.number, "LAB_REPORT", None)}
    now = NOW if command in ("cancel", "reschedule") else VISIT
    answer = trip.who(role.lower(), now).ask(
        f"mutation Try($input: {mutation[0].upper()}{mutation[1:]}Input!) {{ {mutation}(input: $input, dryRun: true) "
        "{ refusals { message rule { code } } booking { status } } }",
        input={"idempotencyKey": new_key(), "booking": trip.booking, **fields},
    )
    if "errors" in answer.body:
        assert answer.code in ("FORBIDDEN", "FORBIDDEN" if life.knows(command) else "BAD_USER_INPUT"), answer.error
        assert not any(life.may(state, command, role) for state in life.states)
        return False
    payload = answer.data[mutation]
    assert (payload["booking"] is None) is bool(payload["refusals"])
    return payload["refusals"] == []


@pytest.mark.parametrize(("name", "state", "role"), PLACES)
def test_the_api_takes_exactly_the_steps_of_the_lifecycle(
    gateway: Gateway, anywhere: dict[str, Trip], name: str, state: str, role: str
) -> None:
    life, trip = LIVES[name], anywhere[name]
    put(trip, state)
    if life.machine == "TEST":
        sampled = "now()" if state == "AWAITING_REPORT" else "null"
        trip.change(
            f"update respiratory_test_details set sampled_at = {sampled} where policy_id = $1 and booking_id = $2"
        )
    taken = {command for command in life.calls if is_taken(gateway, trip, life, role, command)}
    assert taken == {command for command in life.calls if life.may(state, command, role)}


@pytest.mark.parametrize(("name", "state", "role"), PLACES)
def test_available_actions_are_the_steps_of_the_lifecycle(
    anywhere: dict[str, Trip], name: str, state: str, role: str
) -> None:
    life, trip = LIVES[name], anywhere[name]
    put(trip, state)
    offered = trip.seen_by(role.lower())["availableActions"]
    assert sorted(offered) == sorted(life.calls[command][0] for command in life.calls if life.may(state, command, role))


@pytest.mark.parametrize("name", ["CY26 visit", "test"])
def test_the_database_refuses_every_step_that_the_lifecycle_lacks(
    gateway: Gateway, anywhere: dict[str, Trip], name: str
) -> None:
    life = LIVES[name]
    absent = [
        (state, command, role, after)
        for state in ["", *life.states]
        for command in [*life.calls, "request", "expire"]
        for role in (*ROLES, "SYSTEM")
        for after in (state or "REQUESTED", "COMPLETED")
        if (state, command, role, after) not in life.steps
    ]
    assert as_owner(gateway, lambda owner: written(owner, anywhere[name], life, absent)) == []


async def written(owner: Any, trip: Trip, life: Life, edges: list[Any]) -> list[Any]:
    """Those of the steps that can be written as an event; nothing stays written."""
    accepted: list[Any] = []
    for edge in edges:
        attempt = owner.transaction()
        await attempt.start()
        try:
            await owner.execute(
                "insert into booking_events (policy_id, booking_id, seq, machine, from_state, command, role, to_state, "
                "actor, details, rulebook, at) values ($1, $2, 900, $3, $4, $5, $6, $7, 'x', '{}', 'x', now())",
                *trip.key,
                life.machine,
                *edge,
            )
            accepted.append(edge)
        except asyncpg.ForeignKeyViolationError:
            pass
        finally:
            await attempt.rollback()
    return accepted


# What belongs to an escort alone --------------------------------------------------------------------------------


@pytest.mark.parametrize("mutation", ["bookingCheckOut", "bookingFollowUpRecord"])
def test_a_visit_has_no_escort_s_steps(gateway: Gateway, mutation: str) -> None:
    trip = begin(gateway).visited()
    trip.change("update bookings set vendor_code = 'JDHEALTH' where policy_id = $1 and id = $2")
    answer = trip.send("vendor", mutation, VISIT)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "booking"])
    assert trip.seen_by("customer")["status"] == "IN_SERVICE"


@pytest.mark.parametrize(
    ("mutation", "fields", "at_fault"),
    [
        ("bookingReschedule", {"visitAt": at("2026-04-16 09:30"), "plannedMinutes": 60}, "plannedMinutes"),
        ("bookingReschedule", {"visitAt": at("2026-04-16 09:30"), "registration": "12"}, "registration"),
        ("bookingConfirm", {"checklist": {"remark": "x"}}, "checklist"),
        ("bookingAccept", {"voucherCode": "x"}, "voucherCode"),
        ("bookingAssign", {}, "vendor"),
        ("bookingAssign", {"vendor": "HUANQIU"}, "vendor"),
    ],
    ids=["minutes", "registration", "checklist", "voucher", "no vendor", "a vendor without a contract"],
)
def test_a_field_that_a_visit_has_no_use_for_is_named(
    gateway: Gateway, mutation: str, fields: dict[str, Any], at_fault: str
) -> None:
    answer = begin(gateway).send("staff", mutation, **fields)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", at_fault])


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"cause": "VENDOR", "fee": "10"}, "fee"),
        ({"fee": "-1"}, "fee"),
        ({"restriction": "HOSPITAL"}, "note"),
    ],
    ids=["not the client's doing", "a negative fee", "no reason given"],
)
def test_consequences_that_cannot_be_are_named(gateway: Gateway, fields: dict[str, Any], at_fault: str) -> None:
    answer = begin(gateway).confirmed().send("staff", "bookingNoShowRecord", VISIT, **fields)
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", at_fault])


def test_an_escort_s_no_show_has_no_fee(gateway: Gateway) -> None:
    journey = escorts.begin(gateway).go_to("CONFIRMED")
    assert journey.send("vendor", "bookingNoShowRecord", escorts.VISIT, fee="10").code == "BAD_USER_INPUT"


def test_a_test_is_completed_with_a_report_of_its_own_policy(gateway: Gateway) -> None:
    trip = begin(gateway, "respiratoryTestOrder").take_all(
        ("vendor", "bookingAccept"), ("vendor", "bookingCheckIn"), ("vendor", "bookingCheckOut")
    )
    foreign = add_paper(gateway, policy(gateway), "LAB_REPORT", None)
    unread = add_paper(gateway, trip.number, "LAB_REPORT", None, state="RESERVED")
    for report in (None, foreign, unread):
        answer = trip.send("vendor", "bookingComplete", report=report)
        assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "report"])


def test_a_test_that_is_broken_off_gives_use_and_month_back(gateway: Gateway) -> None:
    trip = begin(gateway, "respiratoryTestOrder").take_all(
        ("vendor", "bookingAccept"), ("vendor", "bookingCheckIn"), ("vendor", "bookingTerminate", NOW, {"reason": "x"})
    )
    assert trip.service_account("RESPIRATORY_TEST")["remaining"] == 5
    assert visits.tried(gateway, trip.number, operation="respiratoryTestOrder")["refusals"] == []


def test_a_report_is_shared_in_a_consultation_of_the_same_policy_only(gateway: Gateway) -> None:
    trip = begin(gateway, "respiratoryTestOrder")
    other = begin(gateway)
    for consultation in (other.booking, trip.booking, "book_x"):
        answer = trip.send("customer", "testReportShare", consultation=consultation)
        assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "consultation"])


def test_a_report_is_shared_once(gateway: Gateway) -> None:
    trip = begin(gateway, "respiratoryTestOrder")
    put(trip, "COMPLETED")
    trip.take_all(("customer", "testReportShare"))
    assert trip.send("customer", "testReportShare").code == "BAD_USER_INPUT"


def test_only_a_test_has_a_report_to_share(gateway: Gateway) -> None:
    assert begin(gateway).send("customer", "testReportShare").code == "BAD_USER_INPUT"


def test_an_advance_payment_is_no_visit(gateway: Gateway) -> None:
    number = policy(gateway)
    answer = ask(gateway.customer(number).at(NOW), "hospitalVisitBook", number, liability="ADVANCE")
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "liability"])


# Replays, dry runs, strangers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", TYPES)
def test_a_repeated_request_is_answered_and_done_once(gateway: Gateway, operation: str) -> None:
    number, key = policy(gateway), new_key()
    customer = gateway.customer(number).at(NOW)
    first, again = (ask(customer, operation, number, idempotencyKey=key).data[operation] for _ in range(2))
    assert (first["isReplay"], again["isReplay"]) == (False, True)
    assert first["booking"] == again["booking"]
    assert [item["status"] for item in first["verdicts"]] == [item["status"] for item in again["verdicts"]]


@pytest.mark.parametrize("operation", TYPES)
def test_a_dry_run_shows_the_booking_and_leaves_no_trace(gateway: Gateway, operation: str) -> None:
    number = policy(gateway)
    before = row_counts(gateway)
    tried = visits.tried(gateway, number, operation=operation)
    assert (tried["isDryRun"], tried["booking"]["status"]) == (True, "REQUESTED")
    assert row_counts(gateway) == before


def test_a_refused_request_leaves_no_trace(gateway: Gateway) -> None:
    number = policy(gateway)
    before = row_counts(gateway)
    answer = ask(gateway.customer(number).at(NOW), "hospitalVisitBook", number, doctor="王教授")
    assert answer.data["hospitalVisitBook"]["booking"] is None
    assert row_counts(gateway) == before


@pytest.mark.parametrize("operation", TYPES)
def test_a_foreign_policy_is_answered_like_none(gateway: Gateway, operation: str) -> None:
    mine, theirs = policy(gateway), policy(gateway)
    customer = gateway.customer(mine).at(NOW)
    foreign, absent = (ask(customer, operation, number).error for number in (theirs, "NO-SUCH-POLICY"))
    assert foreign["extensions"]["inputPath"] == ["input", "policyNumber"]
    assert (foreign["message"], foreign["extensions"]["code"]) == (absent["message"], absent["extensions"]["code"])


@pytest.mark.parametrize("mutation", ["bookingComplete", "bookingTerminate", "testReportShare"])
def test_a_foreign_booking_is_answered_like_none(gateway: Gateway, mutation: str) -> None:
    trip = begin(gateway, "respiratoryTestOrder")
    stranger = gateway.customer(policy(gateway)) if mutation == "testReportShare" else gateway.vendor("WINDSTONE")
    fields = {"reason": "x"} if mutation == "bookingTerminate" else {}
    absent = trip.booking[:-8] + "00000000"
    answers = [step(stranger.at(NOW), mutation, booking, **fields).error for booking in (trip.booking, absent)]
    assert answers[0]["message"] == answers[1]["message"]


@pytest.mark.parametrize(
    ("operation", "field", "value"),
    [
        ("hospitalVisitBook", "hospital", "NO-SUCH"),
        ("hospitalVisitBook", "department", "NO-SUCH"),
        ("vaccinationBook", "dose", 0),
    ],
)
def test_what_is_not_known_is_bad_input_of_its_field(gateway: Gateway, operation: str, field: str, value: Any) -> None:
    number = policy(gateway)
    answer = ask(gateway.customer(number).at(NOW), operation, number, **{field: value})
    assert (answer.code, answer.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", field])


# Vendors and hospitals ------------------------------------------------------------------------------------------


def test_a_visit_belongs_to_no_vendor_until_the_insurer_names_one(gateway: Gateway) -> None:
    trip = begin(gateway, product="CY23")
    vendor = trip.who("vendor")
    assert vendor.ask(visits.DETAILS, id=trip.booking).data["node"] is None
    trip.take_all(("staff", "bookingAssign", NOW, {"vendor": "WINDSTONE"}))
    seen = vendor.ask(visits.DETAILS, id=trip.booking).data["node"]
    assert (seen["details"]["patientName"], seen["details"]["patientPhone"]) == ("演**", "****8000")


def test_a_hospital_with_a_token_of_its_own_serves_what_is_booked_there(gateway: Gateway) -> None:
    here, there = (begin(gateway, product="CY23", hospital=hospital) for hospital in (PUBLIC, visits.PRIVATE))
    for trip in (here, there):
        trip.take_all(("staff", "bookingAssign", NOW, {"vendor": "WINDSTONE"}))
    token = Viewer(
        ViewerKind.VENDOR, "vendor:desk", "desk", frozenset(VENDOR_SCOPES), vendor="WINDSTONE", hospitals=(PUBLIC,)
    )
    desk = gateway.client(token).at(NOW)
    assert step(desk, "bookingConfirm", here.booking).data["bookingConfirm"]["booking"]["status"] == "CONFIRMED"
    assert step(desk, "bookingConfirm", there.booking).code == "BAD_USER_INPUT"


def test_a_hospital_shuts_out_from_itself_alone(gateway: Gateway) -> None:
    trip = begin(gateway, product="CY23").take_all(("staff", "bookingAssign", NOW, {"vendor": "WINDSTONE"}))
    trip.take_all(("vendor", "bookingConfirm"))
    note = {"note": "twice this year"}
    refused = trip.send("vendor", "bookingNoShowRecord", VISIT, restriction="DIRECT_BILLING", **note)
    assert (refused.code, refused.error["extensions"]["inputPath"]) == ("BAD_USER_INPUT", ["input", "restriction"])
    trip.take_all(("vendor", "bookingNoShowRecord", VISIT, {"restriction": "HOSPITAL"} | note))


def test_the_vendor_of_a_test_sees_no_more_of_the_client_than_the_service_needs(gateway: Gateway) -> None:
    trip = begin(gateway, "respiratoryTestOrder")
    assert trip.seen_by("vendor")["details"]["phone"] == "****8000"


def test_what_is_stored_of_a_client_cannot_be_read(gateway: Gateway) -> None:
    order, visit = begin(gateway, "respiratoryTestOrder"), begin(gateway)
    tables = {"respiratory_test_details": order, "hospital_visit_details": visit}
    for table, trip in tables.items():
        (row,) = look(gateway, f"select row_to_json(d)::text as row from {table} d where policy_id = $1", trip.key[0])
        assert "13800138000" not in row["row"]
        assert "演示路" not in row["row"]


def test_brand_transfers_and_locks_are_not_for_vendors_or_strangers(gateway: Gateway) -> None:
    trip = begin(gateway, "vaccinationBook").visited()
    (lock,) = look(gateway, "select policy_id, id from brand_locks where policy_id = $1", trip.key[0])
    assert lock["policy_id"] == trip.key[0]
    document = "query L($n: String!) { policy(number: $n) { brandLocks { brand { code } } } }"
    assert gateway.customer(trip.number).ask(document, n=trip.number).data["policy"]["brandLocks"]
    assert gateway.vendor("JDHEALTH").ask(document, n=trip.number).data["policy"] is None


def test_a_brand_transfer_is_found_again_by_its_own_people_only(gateway: Gateway) -> None:
    trip = begin(gateway, "vaccinationBook").visited()
    trip.change(
        "insert into brand_transfer_requests (policy_id, id, lock_id, state, requested_by, requested_at) "
        "select policy_id, gen_random_uuid(), id, 'REQUESTED', 'x', now() from brand_locks "
        "where policy_id = $1 and booking_id = $2"
    )
    (row,) = look(gateway, "select policy_id, id from brand_transfer_requests where policy_id = $1", trip.key[0])
    wanted = ids.encode("btrf", *row.values())
    document = "query N($id: ID!) { node(id: $id) { ... on BrandTransfer { status lock { brand { code } } } } }"
    found = {"status": "REQUESTED", "lock": {"brand": {"code": "演示禾苗"}}}
    readers = (trip.who("customer"), gateway.staff(), gateway.customer(policy(gateway)), gateway.vendor("JDHEALTH"))
    assert [reader.ask(document, id=wanted).data["node"] for reader in readers] == [found, found, None, None]


def test_only_staff_decides_a_brand_transfer(gateway: Gateway) -> None:
    number = policy(gateway)
    answer = gateway.customer(number).ask(
        "mutation D($input: VaccineBrandTransferDecideInput!) { vaccineBrandTransferDecide(input: $input) "
        "{ brandTransfer { id } } }",
        input={"idempotencyKey": new_key(), "transfer": "btrf_x", "decision": "APPROVE"},
    )
    assert answer.code == "FORBIDDEN"


# Details, by whatever way they are read -------------------------------------------------------------------------


def test_a_list_of_bookings_of_several_services_shows_the_details_of_each(gateway: Gateway) -> None:
    number = policy(gateway)
    begin(gateway, number=number)
    begin(gateway, "vaccinationBook", number=number, hospital=CLINIC)
    begin(gateway, "respiratoryTestOrder", number=number)
    query = "query B($n: String!) { policy(number: $n) { bookings { nodes { service details { __typename } } } } }"
    nodes = gateway.customer(number).ask(query, n=number).data["policy"]["bookings"]["nodes"]
    assert {node["service"]: node["details"]["__typename"] for node in nodes} == {
        "HOSPITAL_VISIT": "HospitalVisitDetails",
        "VACCINATION": "HospitalVisitDetails",
        "RESPIRATORY_TEST": "RespiratoryTestDetails",
    }


def test_a_policy_of_another_product_books_none_of_these(gateway: Gateway) -> None:
    number = register(gateway, "VAS")
    for operation in TYPES:
        assert ask(gateway.customer(number).at(NOW), operation, number).code == "BAD_USER_INPUT"
