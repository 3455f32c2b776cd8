"""Bad input: the field is named, what is expected is said, and nothing is ever an internal error."""

import json
from typing import Any

import pytest

from gateway.execution import ids
from tests.support import advances, consents, consultations, escorts, preauths, tokens, visits
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.mutations import MUTATIONS, input_of, of_bookings, of_policies, sample, send
from tests.support.walk import page

PATIENT = {**escorts.ADULT, "phone": "13800138000"}
NASTY = [
    "' or '1'='1",
    "'; drop table policies; --",
    "%",
    "_",
    "\\",
    "$1",
    "{}",
    "${jndi:ldap://x}",
    "\u202egnp.exe",
    "🏥" * 10,
    "null",
    "\n",
    " ",
]
NUL = "a\x00b"


@pytest.fixture(scope="module")
def number(gateway: Gateway) -> str:
    return escorts.register(gateway)


@pytest.fixture(scope="module")
def customer(gateway: Gateway, number: str) -> Client:
    return gateway.customer(number).at(escorts.NOW)


def named(answer: Answer, *path: str) -> str:
    """The message of a fault that names this place."""
    assert answer.code == "BAD_USER_INPUT", answer.body
    assert answer.error["extensions"]["inputPath"] == list(path)
    assert len(answer.error["message"]) > 10
    return answer.error["message"]


def try_book(customer: Client, number: str, **changes: Any) -> Answer:
    return escorts.book_raw(customer, number, dry_run=True, **changes)


# Escorts


@pytest.mark.parametrize(
    ("changes", "path", "expected"),
    [
        ({"hospital": "nope"}, "hospital", "hospitals"),
        ({"hospital": ""}, "hospital", "hospitals"),
        ({"department": "nope"}, "department", "departments"),
        ({"policyNumber": "nope"}, "policyNumber", "policy"),
        ({"policyNumber": ""}, "policyNumber", "policy"),
        ({"visitAt": "2026-03-12T09:30:00"}, "visitAt", "offset"),
        ({"visitAt": "2026-03-12"}, "visitAt", "offset"),
        ({"visitAt": "2026-02-30T09:30:00+08:00"}, "visitAt", "offset"),
        ({"visitAt": "2026-03-12T25:00:00+08:00"}, "visitAt", "offset"),
        ({"visitAt": "2026-03-12T09:30:00+24:00"}, "visitAt", "offset"),
        ({"visitAt": "0000-01-01T00:00:00Z"}, "visitAt", "offset"),
        ({"visitAt": "10000-01-01T00:00:00Z"}, "visitAt", "offset"),
        ({"visitAt": "２０２６-03-12T09:30:00Z"}, "visitAt", "offset"),
        ({"visitAt": 1773279000}, "visitAt", "offset"),
        ({"visitAt": ""}, "visitAt", "offset"),
        ({"visitAt": None}, "visitAt", "required"),
        ({"plannedMinutes": -1}, "plannedMinutes", "1440"),
        ({"plannedMinutes": 0}, "plannedMinutes", "1440"),
        ({"plannedMinutes": 1441}, "plannedMinutes", "1440"),
        ({"plannedMinutes": 2147483648}, "plannedMinutes", "32 bits"),
        ({"plannedMinutes": -(2**63) - 1}, "plannedMinutes", "32 bits"),
        ({"plannedMinutes": 1.5}, "plannedMinutes", "whole number"),
        ({"plannedMinutes": "60"}, "plannedMinutes", "whole number"),
        ({"need": "x" * 10_000}, "need", "2000"),
        ({"symptom": "x" * 2_001}, "symptom", "2000"),
        ({"registration": "\u6f22" * 10_000}, "registration", "2000"),
        ({"need": "a\x07b"}, "need", "ontrol"),
        ({"idempotencyKey": ""}, "idempotencyKey", "128"),
        ({"idempotencyKey": "   "}, "idempotencyKey", "128"),
        ({"idempotencyKey": "x" * 129}, "idempotencyKey", "128"),
        ({"idempotencyKey": None}, "idempotencyKey", "required"),
        ({"idempotencyKey": []}, "idempotencyKey", "id"),
        ({"documents": ["nope"]}, "documents", "doc_"),
        ({"documents": ["doc_" + "0" * 64]}, "documents", "doc_"),
        ({"documents": ["book_" + "0" * 64]}, "documents", "doc_"),
        ({"hospital": 7}, "hospital", "string"),
        ({"hospital": True}, "hospital", "string"),
        ({"patient": "words"}, "patient", "object"),
        ({"patient": []}, "patient", "object"),
        ({"isDiagnosed": "yes"}, "isDiagnosed", "true or false"),
        ({"isDiagnosed": 1}, "isDiagnosed", "true or false"),
        ({"nope": 1}, "nope", "no such field"),
    ],
    ids=lambda value: None if isinstance(value, str) else json.dumps(value)[:60],
)
def test_a_field_of_a_booking_is_named_with_what_is_expected(
    customer: Client, number: str, changes: dict[str, Any], path: str, expected: str
) -> None:
    assert expected in named(try_book(customer, number, **changes), "input", path)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"patient": {**PATIENT, "phone": "1380013800a"}}, ("patient", "phone")),
        ({"patient": {**PATIENT, "phone": "1380013800"}}, ("patient", "phone")),
        ({"patient": {**PATIENT, "phone": "+1 202 555 0100"}}, ("patient", "phone")),
        ({"patient": {**PATIENT, "phone": "١٣٨٠٠١٣٨٠٠٠"}}, ("patient", "phone")),
        ({"patient": {**PATIENT, "phone": "' or 1=1"}}, ("patient", "phone")),
        ({"patient": {**PATIENT, "name": "x" * 61}}, ("patient", "name")),
        ({"patient": {**PATIENT, "birthOn": "2026-02-30"}}, ("patient", "birthOn")),
        ({"patient": {**PATIENT, "birthOn": "2999-01-01"}}, ("patient", "birthOn")),
        ({"patient": {**PATIENT, "birthOn": "2026-03-10"}}, ("patient", "birthOn")),
        ({"patient": {**PATIENT, "gender": "male"}}, ("patient", "gender")),
        ({"patient": {**PATIENT, "idNumber": "x"}}, ("patient", "idNumber")),
        ({"companion": {"relation": "FRIEND"}}, ("companion", "relation")),
        ({"companion": {"relation": "OTHER", "phone": "x"}}, ("companion", "phone")),
        ({"companion": {}}, ("companion", "relation")),
        ({"conditions": ["CRITICAL", "TIRED"]}, ("conditions", "1")),
        ({"conditions": [None]}, ("conditions", "0")),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_a_field_inside_a_booking_is_named(
    customer: Client, number: str, changes: dict[str, Any], path: tuple[str, ...]
) -> None:
    named(try_book(customer, number, **changes), "input", *path)


@pytest.mark.parametrize(
    "phone", ["13800138000", "+8613800138000", "138-0013-8000", "１３８００１３８０００", "021 8020 9058"]
)
def test_a_phone_may_be_written_in_any_usual_way(customer: Client, number: str, phone: str) -> None:
    assert "errors" not in try_book(customer, number, patient={**PATIENT, "phone": phone}).body


@pytest.mark.parametrize("department", ["PEDIATRICS", "儿科", "Pediatrics"])
def test_a_department_is_named_by_code_or_by_name(customer: Client, number: str, department: str) -> None:
    assert "errors" not in try_book(customer, number, department=department).body


def test_lines_may_end_as_any_system_ends_them(customer: Client, number: str) -> None:
    assert "errors" not in try_book(customer, number, need="one\r\ntwo\nthree\tfour").body


def test_several_faults_are_told_at_once(customer: Client, number: str) -> None:
    answer = try_book(customer, number, visitAt="soon", plannedMinutes="long", nope=1)
    paths = [error["extensions"]["inputPath"] for error in answer.body["errors"]]
    assert paths == [["input", "visitAt"], ["input", "plannedMinutes"], ["input", "nope"]]


def test_so_many_faults_are_told_and_no_more(customer: Client, number: str) -> None:
    answer = try_book(customer, number, conditions=["NOPE"] * 400)
    assert len(answer.body["errors"]) == 10


def test_an_enum_says_what_it_may_be(customer: Client, number: str) -> None:
    message = named(try_book(customer, number, companion={"relation": "FRIEND"}), "input", "companion", "relation")
    assert "RELATIVE, FAMILY_MEMBER, OTHER" in message


def test_a_missing_variable_is_named(customer: Client) -> None:
    named(customer.ask(escorts.ESCORT_BOOK), "input")


def test_a_value_in_the_document_is_checked_too(customer: Client) -> None:
    answer = customer.ask('{ workCalendar(from: "2026-02-30", to: "2026-03-01") { on } }')
    assert answer.code == "GRAPHQL_VALIDATION_FAILED"
    assert "YYYY-MM-DD" in answer.error["message"]


# Everything that is text


def texts(kind: Any, *path: str) -> list[tuple[str, ...]]:
    """Places of an input that hold a text or an id."""
    from graphql import get_named_type, is_input_object_type, is_list_type

    found: list[tuple[str, ...]] = []
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        plain = field.type.of_type if hasattr(field.type, "of_type") else field.type
        if is_input_object_type(inner) and not is_list_type(plain):
            found += texts(inner, *path, name)
        elif inner.name in ("String", "ID") and not is_list_type(plain):
            found.append((*path, name))
    return found


def put(given: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    head, *rest = path
    inner = given.get(head) or ({"relation": "OTHER"} if head == "companion" else {})
    return {**given, head: put(inner, tuple(rest), value) if rest else value}


NOTHING_PROPOSED = ["input", "booking"]
"""What a decision is told where its text is good, and the vendor has proposed nothing."""

NO_SUCH_CASE = [
    *(["input", "policyNumber"], ["input", "preAuth"], ["input", "card"], ["input", "idNumber"]),
    *(["input", "advance"], ["input", "repayment"], ["input", "admittedOn"]),
]
"""What is told where the text is good, and the case is not one for this step."""

AUTHORIZING = ("preAuth", "guaranteeLetter", "emergencyNotice", "cardReinstate")

PLACES = [(mutation, path) for mutation in sorted(MUTATIONS) for path in texts(input_of(mutation))]


VISITS = (*visits.TYPES, "testReportShare", "vaccineBrandTransferRequest")


@pytest.fixture(scope="module")
def series(gateway: Gateway) -> list[visits.Trip]:
    """Two policies, each with a series at a brand that has closed."""
    brand = f"B{new_key()[:6]}"
    visits.add_clinic(gateway, f"T-{brand}", brand)
    trips = [visits.begin(gateway, "vaccinationBook", hospital=f"T-{brand}").visited() for _ in range(2)]
    visits.close_brand(gateway, brand)
    return trips


@pytest.fixture(scope="module")
def stay(gateway: Gateway) -> advances.Case:
    """An advance that is settled, and of which a part is owed back."""
    case = advances.begin(gateway, "VAS").go_to("PAID")
    case.file()
    case.decide("20000.00")
    case.take("vendor", "advanceSettle")
    return case


@pytest.fixture(scope="module")
def actors(
    gateway: Gateway, number: str, customer: Client, series: list[visits.Trip], stay: advances.Case
) -> dict[str, Client]:
    staff, vendor = gateway.staff().at(escorts.NOW), gateway.vendor("HUANQIU").at(escorts.NOW)
    own = {"policyRegister": staff, "bookingDeductionDecide": staff}
    own |= {"vaccineBrandTransferDecide": staff} | dict.fromkeys(VISITS, series[0].who("customer"))
    own |= {name: gateway.staff("administrator") for name in MUTATIONS if name.startswith("vendorToken")}
    supervisor = gateway.staff("supervisor").at(escorts.NOW)
    own |= {name: supervisor for name in MUTATIONS if name.startswith(AUTHORIZING)}
    own |= dict.fromkeys(("cardCodeSend", "cardBind", "familyMemberAdd"), customer)
    customers = {*of_policies(), "bookingRate", "bookingCancel", "bookingReschedule"}
    own |= {"accessGrant": staff, "accessRevoke": staff, "personalDataUnmask": gateway.staff("supervisor")}
    customers |= {
        *("escortBook", "entitlementVerify", "bookingRate", "bookingCancel", "bookingReschedule"),
        *("uploadTicketCreate", "consentGrant", "consentWithdraw"),
    }
    own |= {name: stay.who(role) for name, role in ROLES_OF_ADVANCES.items()}
    return {name: own.get(name, customer if name in customers else vendor) for name in MUTATIONS}


@pytest.fixture(scope="module")
def inputs(
    gateway: Gateway, number: str, customer: Client, series: list[visits.Trip], stay: advances.Case
) -> dict[str, dict[str, Any]]:
    """For every mutation an input that gets far: of a policy and a booking that exist."""
    booking = escorts.book(customer, number)["booking"]["id"]
    made = {name: sample(name, booking=booking) for name in of_bookings()}
    made["escortBook"] = escorts.request(number)
    made |= {name: sample(name, policyNumber=number) for name in of_policies() if name != "escortBook"}
    made["onsiteAssistanceRequest"] |= {"hospital": escorts.HOSPITAL}
    made["drugQuestionAsk"] |= {
        "phone": "13800138000",
        "person": {"name": "a", "idType": "PASSPORT", "idNumber": "P1234"},
    }
    asked = consultations.begin(gateway, "ZYB", number=number).booking
    made["consultationReply"] |= {"booking": asked, "doctor": consultations.DOCTOR}
    made["consultationClose"] |= {"booking": asked}
    people = {"holder": escorts.person(), "insured": [escorts.person()]}
    made["policyRegister"] = sample("policyRegister", product="ZYB", number="N-1", effectiveOn="2026-01-01", **people)
    made |= inputs_of_visits(gateway, *series)
    made["vendorTokenIssue"] = tokens.wanted()
    made |= of_preauths(gateway)
    made |= of_advances(gateway, stay)
    made["cardCodeSend"] = sample("cardCodeSend", policyNumber=number, phone="13800138000")
    made |= {name: sample(name, policyNumber=number) for name in ("cardBind", "familyMemberAdd")}
    made["cardReinstate"] = sample("cardReinstate", card="card_" + "0" * 64)
    token = tokens.issue(gateway)["id"]
    made |= {name: sample(name, token=token) for name in ("vendorTokenRotate", "vendorTokenRevoke")}
    return made | personal(gateway, customer, number)


def personal(gateway: Gateway, customer: Client, number: str) -> dict[str, dict[str, Any]]:
    """Inputs about people and papers."""
    somebody = consents.insured(customer, number)
    paper = {"kind": "LAB_REPORT", "contentType": "image/png", "size": 3}
    consent = {"kind": "VENDOR_SHARING", "vendor": "HUANQIU", "textSha256": "0" * 64}
    access = {"issuer": "https://id.example", "subject": new_key(), "role": "HOLDER"}
    given = gateway.staff().ask(
        "mutation G($input: AccessGrantInput!) { accessGrant(input: $input) { access { id } } }",
        input=sample("accessGrant", policyNumber=number, **access),
    )
    return {
        "uploadTicketCreate": sample("uploadTicketCreate", policyNumber=number, **paper),
        "consentGrant": sample("consentGrant", policyNumber=number, insured=somebody, **consent),
        "consentWithdraw": sample("consentWithdraw", consent=consents.give(customer, number, vendor="HUANQIU")),
        "accessGrant": sample("accessGrant", policyNumber=number, **access | {"subject": new_key()}),
        "accessRevoke": sample("accessRevoke", access=given.data["accessGrant"]["access"]["id"]),
        "personalDataUnmask": sample("personalDataUnmask", subject=somebody, fields=["ID_NUMBER"]),
    }


def inputs_of_visits(gateway: Gateway, mine: visits.Trip, other: visits.Trip) -> dict[str, dict[str, Any]]:
    """Of a series whose brand has closed, and of another one for which a transfer has been asked."""
    asked = send(other.who("customer"), "vaccineBrandTransferRequest", ask_transfer(other))
    assert "errors" not in asked.body
    (transfer,) = escorts.look(
        gateway, "select policy_id, id from brand_transfer_requests where policy_id = $1", other.key[0]
    )
    order = visits.begin(gateway, "respiratoryTestOrder", number=mine.number)
    booked = {name: request(mine.number) for name, request in visits.REQUESTS.items()}
    return booked | {
        "testReportShare": sample("testReportShare", booking=order.booking),
        "vaccineBrandTransferRequest": ask_transfer(mine),
        "vaccineBrandTransferDecide": sample(
            "vaccineBrandTransferDecide", transfer=ids.encode("btrf", *transfer.values())
        ),
    }


def ask_transfer(trip: visits.Trip) -> dict[str, Any]:
    return sample("vaccineBrandTransferRequest", policyNumber=trip.number)


ROLES_OF_ADVANCES = {
    **dict.fromkeys(
        ("advanceRequest", "advanceDocumentsSubmit", "advanceSign", "advanceTopUp", "advanceDischargeNotify"),
        "customer",
    ),
    **dict.fromkeys(("advanceContactRecord", "advanceReview", "advancePay", "advanceClaimFile"), "vendor"),
    **dict.fromkeys(("advanceAuthorize", "advanceSettle", "advanceCancel"), "supervisor"),
    **dict.fromkeys(("repaymentRecord", "repaymentWaive"), "supervisor"),
}


def of_advances(gateway: Gateway, case: advances.Case) -> dict[str, dict[str, Any]]:
    """Steps of an advance that is at its end, and another stay of the same policy."""
    made = {name: sample(name, advance=case.id) for name in MUTATIONS if "advance" in input_of(name).fields}
    person = {"name": "a", "idType": "PASSPORT", "idNumber": "P1234"}
    asked = advances.request(gateway, case.number, "VAS", admittedOn="2026-03-08", person=person)
    made["advanceRequest"] = asked
    made["advanceDocumentsSubmit"]["isForceMajeure"] = True
    (owed,) = advances.rows_of(gateway, "repayments", case.number)
    repayment = ids.encode("repay", owed["policy_id"], owed["id"])
    return made | {name: sample(name, repayment=repayment) for name in ("repaymentRecord", "repaymentWaive")}


def of_preauths(gateway: Gateway) -> dict[str, dict[str, Any]]:
    case, granted = preauths.begin(gateway), preauths.begin(gateway)
    letter = granted.approve()["preAuth"]["guaranteeLetters"][0]["id"]
    made = {name: sample(name, preAuth=case.id) for name in MUTATIONS if "preAuth" in input_of(name).fields}
    made |= {name: sample(name, letter=letter) for name in MUTATIONS if "letter" in input_of(name).fields}
    made["preAuthDecide"] |= {"decisions": [{"position": 1, "decision": "DENIED", "reason": "x"}]}
    made["guaranteeLetterIssue"]["preAuth"] = granted.id
    made["guaranteeLetterDraw"] |= {"claim": granted.claim()}
    made["preAuthSubmit"] = preauths.request(case.number)
    made["preAuthEmergencyNotify"] = preauths.emergency(case.number)
    late = preauths.emergency(case.number, emergencyAt="2026-03-01T08:00:00+08:00")
    notice = preauths.send(case.who("customer"), "preAuthEmergencyNotify", late)["notice"]["id"]
    made["emergencyNoticeDecide"] = sample("emergencyNoticeDecide", notice=notice)
    return made


def test_every_mutation_is_tried_here(inputs: dict[str, Any]) -> None:
    assert set(inputs) == set(MUTATIONS)


@pytest.mark.parametrize(
    ("mutation", "path"), PLACES, ids=lambda value: value if isinstance(value, str) else ".".join(value)
)
def test_no_text_anywhere_can_break_a_mutation(
    actors: dict[str, Client], inputs: dict[str, dict[str, Any]], mutation: str, path: tuple[str, ...]
) -> None:
    for text in [*NASTY, "x" * 10_000]:
        given = put(inputs[mutation], path, text) | (
            {} if path == ("idempotencyKey",) else {"idempotencyKey": new_key()}
        )
        answer = send(actors[mutation], mutation, given, dry_run=True)
        for error in answer.body.get("errors", ()):
            assert error["extensions"]["code"] == "BAD_USER_INPUT", (text, error)
            assert error["extensions"]["inputPath"] in (["input", *path], NOTHING_PROPOSED, *NO_SUCH_CASE), (
                text,
                error,
            )


@pytest.mark.parametrize(
    ("mutation", "path"), PLACES, ids=lambda value: value if isinstance(value, str) else ".".join(value)
)
def test_a_nul_is_refused_by_name_wherever_it_stands(
    actors: dict[str, Client], inputs: dict[str, dict[str, Any]], mutation: str, path: tuple[str, ...]
) -> None:
    named(send(actors[mutation], mutation, put(inputs[mutation], path, NUL)), "input", *path)


def test_half_a_character_is_refused(customer: Client, number: str) -> None:
    body = json.dumps({"query": escorts.ESCORT_BOOK, "variables": {"input": escorts.request(number, need="\ud800")}})
    response = customer.http.post(
        f"{customer.address}/graphql",
        content=body,
        headers={**customer.all_headers, "content-type": "application/json"},
    )
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


# Ids


@pytest.mark.parametrize("mutation", of_bookings())
@pytest.mark.parametrize(
    "booking",
    [
        "",
        "x",
        "book_",
        "book_0",
        "book_" + "0" * 32,
        "book_" + "0" * 63 + "g",
        "book_" + "0" * 64 + "\n",
        "BOOK_" + "0" * 64,
        "pol_" + "0" * 32,
        "doc_" + "0" * 64,
        "' or '1'='1",
    ],
)
def test_an_id_that_is_no_bookings_is_named(
    actors: dict[str, Client], inputs: dict[str, dict[str, Any]], mutation: str, booking: str
) -> None:
    named(send(actors[mutation], mutation, inputs[mutation] | {"booking": booking}), "input", "booking")


@pytest.mark.parametrize("booking", ["", "x", "pol_" + "0" * 32, "book_" + "0" * 64, "book_" + "0" * 32])
def test_a_quote_names_an_id_that_is_no_bookings(customer: Client, booking: str) -> None:
    document = "query Q($b: ID!) { cancellationQuote(booking: $b) { outcome } }"
    named(customer.ask(document, b=booking), "booking")


@pytest.mark.parametrize("score", [0, 6, -1, 2147483647])
def test_a_score_out_of_bounds_is_named(customer: Client, inputs: dict[str, dict[str, Any]], score: int) -> None:
    named(send(customer, "bookingRate", inputs["bookingRate"] | {"score": score}), "input", "score")


# Queries


@pytest.mark.parametrize("text", [*NASTY, "x" * 10_000])
@pytest.mark.parametrize(
    "document",
    [
        "query Q($x: String!) { policy(number: $x) { id } }",
        "query Q($x: String!) { policies(where: {number: $x}) { totalCount } }",
        "query Q($x: String!) { bookings(where: {number: {eq: $x}}) { totalCount } }",
        "query Q($x: String!) { bookings(where: {number: {in: [$x]}}) { totalCount } }",
        "query Q($x: String!) { bookings(where: {number: {contains: $x}}) { totalCount nodes { id } } }",
        "query Q($x: String!) { bookings(where: {policyNumber: {contains: $x}}) { totalCount } }",
        "query Q($x: ID!) { node(id: $x) { id } }",
        "query Q($x: String!) { hospital(code: $x) { id } }",
        "query Q($x: String!) { rule(code: $x) { id } }",
        "query Q($x: String!) { disclosures(operation: $x, product: ZYB) { id } }",
        "query Q($x: String!) { drugs(where: {brand: $x, generic: $x, manufacturer: $x}) { totalCount } }",
        "query Q($x: String!) { rules(where: {operation: $x}) { totalCount } }",
        "query Q($x: String!) { cities(where: {province: $x}) { totalCount } }",
    ],
)
def test_no_text_anywhere_can_break_a_query(customer: Client, document: str, text: str) -> None:
    assert "errors" not in customer.ask(document, x=text).body


@pytest.mark.parametrize("text", [*NASTY, "x" * 10_000])
@pytest.mark.parametrize("field", ["hospitals", "drugs", "cities", "rules", "products"])
def test_no_keyword_can_break_a_search(customer: Client, field: str, text: str) -> None:
    where = f"where: {{keyword: {json.dumps(text)}}}"
    answer = page(customer, field, arguments=where)
    assert "errors" not in answer.body or answer.code == "BAD_USER_INPUT"


@pytest.mark.parametrize("place", ["number: {eq: $x}", "number: {in: [$x]}", "policyNumber: {contains: $x}"])
def test_a_nul_in_a_filter_is_refused_by_name(customer: Client, place: str) -> None:
    document = f"query Q($x: String!) {{ bookings(where: {{{place}}}) {{ totalCount }} }}"
    named(customer.ask(document, x=NUL), "x")


def test_signs_of_a_pattern_match_themselves_only(customer: Client, number: str) -> None:
    document = "query Q($x: String!) { bookings(where: {policyNumber: {contains: $x}}) { totalCount } }"
    escorts.book(customer, number)
    counts = {text: customer.ask(document, x=text).data["bookings"]["totalCount"] for text in ("ZYB-", "%", "_", "Z_B")}
    assert counts["ZYB-"] > 0
    assert (counts["%"], counts["_"], counts["Z_B"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "value",
    ["2026-03-10", "2026-03-10T09:00:00", "tomorrow", "", 0, "2026-13-01T00:00:00Z", "-1-01-01T00:00:00Z"],
)
def test_an_instant_in_a_filter_is_checked(customer: Client, value: Any) -> None:
    document = "query Q($x: DateTime!) { bookings(where: {visitAt: {gte: $x}}) { totalCount } }"
    assert "offset" in named(customer.ask(document, x=value), "x")


def test_the_edges_of_time_are_instants(customer: Client) -> None:
    document = "query Q($a: DateTime!, $b: DateTime!) { bookings(where: {visitAt: {gte: $a, lte: $b}}) { totalCount } }"
    assert "errors" not in customer.ask(document, a="1900-01-01T00:00:00+08:00", b="2200-12-31T23:59:59-08:00").body
