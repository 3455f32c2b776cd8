"""Bad input: the field is named, what is expected is said, and nothing is ever an internal error."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import get_named_type, get_nullable_type, is_input_object_type, is_list_type

from gateway.auth.viewer import Viewer
from tests.execution.sending import Doing, Make, Sent
from tests.execution.test_statement_count import COUNTS
from tests.execution.twins import CLOCK, staff, vendor
from tests.support import escorts, green_channels, health_records, visits
from tests.support.client import Answer, Client, Gateway, new_key
from tests.support.mutations import MUTATIONS, filled, input_of, of_bookings, sample, send
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
        ({"visitAt": "2026-03-12T09:30:00+25:00"}, "visitAt", "offset"),
        ({"visitAt": "2026-03-12T09:30:00[Mars/Olympus]"}, "visitAt", "offset"),
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
    """Places of an input that hold a text or an id; of a list its first item."""
    found: list[tuple[str, ...]] = []
    for name, given in kind.fields.items():
        inner = get_named_type(given.type)
        here = (*path, name, *(["0"] if is_list_type(get_nullable_type(given.type)) else []))
        if is_input_object_type(inner):
            found += texts(inner, *here)
        elif inner.name in ("String", "ID"):
            found.append(here)
    return found


USUAL: Mapping[str, dict[str, Any]] = {
    "companion": {"relation": "OTHER"},
    "person": {"name": "a", "idType": "PASSPORT", "idNumber": "P1234"},
    "patient": PATIENT,
}
"""What stands where a good input leaves an object out."""


def put(kind: Any, given: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The input with another value in that place."""
    head, *rest = path
    inner, former = get_named_type(kind.fields[head].type), given.get(head)
    if rest[:1] == ["0"]:
        first, *others = former or [{}]
        return {**given, head: [_within(inner, head, first, rest[1:], value), *others]}
    return {**given, head: _within(inner, head, former, rest, value)}


def _within(kind: Any, name: str, former: Any, rest: list[str], value: Any) -> Any:
    return put(kind, former or USUAL.get(name) or filled(kind), tuple(rest), value) if rest else value


def place(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ".".join(value)


PLACES = [(mutation, path) for mutation in sorted(MUTATIONS) for path in texts(input_of(mutation))]


def _stay(gateway: Gateway, _doing: Doing, mutation: str) -> Sent:
    """A green channel into a hospital, which is confirmed with an admission."""
    order = green_channels.begin_inpatient(gateway)
    green_channels.take_all(order, ("bookingAccept", {}), ("bookingReview", {"outcome": "PASSED"}))
    given = sample(mutation.split(".")[0], booking=order.booking, admission=green_channels.ADMISSION)
    return Sent(vendor("QITAI"), given)


def _visit(gateway: Gateway, _doing: Doing, mutation: str) -> Sent:
    booking = visits.begin(gateway, "hospitalVisitBook").booking
    return Sent(staff("supervisor"), sample(mutation.split(".")[0], booking=booking))


def _correction(gateway: Gateway, _doing: Doing, mutation: str) -> Sent:
    number, keeper = health_records.policy(gateway), gateway.vendor("JDHEALTH").at(escorts.NOW)
    wrong = health_records.done(keeper, "healthRecordEntryAdd", number)["entry"]["id"]
    given = health_records.REPORT | {"policyNumber": number, "corrects": {"entry": wrong, "reason": "words"}}
    return Sent(vendor("JDHEALTH"), sample(mutation.split(".")[0], **given))


OTHERS: Mapping[str, Make] = {
    "bookingConfirm.admission": _stay,
    "billIssue.booking": _visit,
    "healthRecordEntryAdd.corrects": _correction,
}
"""Inputs for what only another kind of subject takes."""


@dataclass
class Good:
    """Of every mutation an input that is agreed to and who sends it, made when a test first asks for it."""

    gateway: Gateway
    made: dict[str, Sent] = field(default_factory=dict)

    def __getitem__(self, mutation: str) -> dict[str, Any]:
        return dict(self._sent(mutation).given)

    def send(self, mutation: str, given: Mapping[str, Any], *, dry_run: bool = False) -> Answer:
        return send(self._client(self._sent(mutation).viewer), mutation, given, dry_run=dry_run)

    def spoil(self, mutation: str, path: tuple[str, ...], value: Any, *, dry_run: bool = False) -> Answer:
        """Send it with another value in that place."""
        name = f"{mutation}.{path[0]}" if f"{mutation}.{path[0]}" in OTHERS else mutation
        given = {**self[name], "idempotencyKey": new_key()}
        viewer = self._sent(name).viewer
        return send(self._client(viewer), mutation, put(input_of(mutation), given, path, value), dry_run=dry_run)

    def done(self, text: str, variables: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
        (payload,) = self._client(viewer).ask(text, **variables).data.values()
        return payload

    def _sent(self, mutation: str) -> Sent:
        if mutation not in self.made:
            make = OTHERS.get(mutation) or COUNTS[mutation][1]
            self.made[mutation] = make(self.gateway, self, mutation)
        return self.made[mutation]

    def _client(self, viewer: Viewer) -> Client:
        return self.gateway.client(viewer).at(CLOCK.isoformat())


@pytest.fixture(scope="module")
def good(gateway: Gateway) -> Good:
    return Good(gateway)


def test_every_mutation_is_tried_here() -> None:
    assert set(COUNTS) == set(MUTATIONS)


@pytest.mark.parametrize("mutation", sorted(MUTATIONS))
def test_what_is_spoiled_here_is_agreed_to_when_it_is_not(good: Good, mutation: str) -> None:
    assert good.send(mutation, good[mutation], dry_run=True).data[mutation]["refusals"] == []


@pytest.mark.parametrize(("mutation", "path"), PLACES, ids=place)
def test_no_text_anywhere_can_break_a_mutation(good: Good, mutation: str, path: tuple[str, ...]) -> None:
    for text in [*NASTY, "x" * 10_000]:
        answer = good.spoil(mutation, path, text, dry_run=True)
        for error in answer.body.get("errors", ()):
            assert error["extensions"]["code"] == "BAD_USER_INPUT", (text, error)
            assert error["extensions"]["inputPath"] in _places(path), (text, error)


def _places(path: tuple[str, ...]) -> list[list[str]]:
    """The place itself, or a list around it that is refused as a whole."""
    whole = ["input", *path]
    return [whole, *(whole[:at] for at, step in enumerate(whole) if step == "0")]


@pytest.mark.parametrize(("mutation", "path"), PLACES, ids=place)
def test_a_nul_is_refused_by_name_wherever_it_stands(good: Good, mutation: str, path: tuple[str, ...]) -> None:
    named(good.spoil(mutation, path, NUL), "input", *path)


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
def test_an_id_that_is_no_bookings_is_named(good: Good, mutation: str, booking: str) -> None:
    named(good.spoil(mutation, ("booking",), booking), "input", "booking")


@pytest.mark.parametrize("booking", ["", "x", "pol_" + "0" * 32, "book_" + "0" * 64, "book_" + "0" * 32])
def test_a_quote_names_an_id_that_is_no_bookings(customer: Client, booking: str) -> None:
    document = "query Q($b: ID!) { cancellationQuote(booking: $b) { outcome } }"
    named(customer.ask(document, b=booking), "booking")


@pytest.mark.parametrize("score", [0, 6, -1, 2147483647])
def test_a_score_out_of_bounds_is_named(good: Good, score: int) -> None:
    named(good.send("bookingRate", good["bookingRate"] | {"score": score}), "input", "score")


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


# What is expected where nothing was said


def test_an_empty_reason_is_told_what_to_say(gateway: Gateway) -> None:
    answer = escorts.begin(gateway).send("vendor", "bookingDecline", reason=" ")
    assert named(answer, "input", "reason").startswith("This field must not be empty: say why")


def test_a_missing_report_is_told_where_one_comes_from(gateway: Gateway) -> None:
    trip = visits.begin(gateway, "respiratoryTestOrder").take_all(("vendor", "bookingAccept", escorts.NOW, {}))
    answer = trip.send("vendor", "bookingComplete", escorts.NOW)
    assert "uploadTicketCreate" in named(answer, "input", "report")
