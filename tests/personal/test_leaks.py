"""Nothing that identifies a person, and no diagnosis, gets into a log or an error, whatever goes right or wrong."""

import contextlib
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import get_named_type, is_leaf_type

from gateway.schema import schema
from tests.personal.test_unmasking import ask, values
from tests.support import claims, papers, statements
from tests.support.client import Answer, Client, Gateway, new_key, new_number
from tests.support.consents import insured
from tests.support.escorts import NOW, REGISTER, book_raw, person, register
from tests.support.papers import picture, put, ticket
from tests.support.processes import Serving, serving
from tests.support.processes import gateway as command

MARKS = {
    "id number": "110101199003070038",
    "phone": "13955550123",
    "companion's phone": "13955550456",
    "name": "欧阳标记",
    "diagnosis": "标记性罕见病",
    "need": "标记需求说明",
    "bank account": "6222020200112233445",
    "file name": "标记病历.png",
    "subject": "marked-subject-7d1f",
    "note": "标记说明文字",
    "token": "eyJhbGciOiJFZERTQSJ9.bWFya2Vk.bWFya2Vk",
}
PATIENT = {"name": MARKS["name"], "gender": "MALE", "birthOn": "1990-03-07", "phone": MARKS["phone"]}


@pytest.fixture(scope="module")
def running(home: Path) -> Generator[Serving]:
    with serving(home) as started:
        yield started


@pytest.fixture(scope="module")
def number(running: Serving) -> str:
    marked = {name: PATIENT[name] for name in ("name", "gender", "birthOn", "phone")}
    return register(running.gateway(), insured=[person(**marked, idType="ID_CARD", idNumber=MARKS["id number"])])


def wanted(**changes: Any) -> dict[str, Any]:
    companion = {"relation": "RELATIVE", "name": MARKS["name"], "phone": MARKS["companion's phone"]}
    marked = {"patient": PATIENT, "symptom": MARKS["diagnosis"], "need": MARKS["need"], "companion": companion}
    return marked | changes


def claimed(gateway: Gateway, **changes: Any) -> dict[str, Any]:
    """A claim that tells an account, and needs originals."""
    number = claims.policy(gateway, insured=[person(name=MARKS["name"], birthOn="1990-03-07")])
    account = {"bankName": "演示银行", "holder": MARKS["name"], "number": MARKS["bank account"]}
    large = {"visits": [claims.visit(amount="10000.01")], "bankAccount": account, "documents": []}
    return claims.request(gateway, number, **large | changes)


def a_claim_that_goes_right(gateway: Gateway) -> None:
    given = claimed(gateway)
    me, content = gateway.customer(given["policyNumber"]).at(NOW), picture(size=(60, 80))
    for kind in (*claims.PAPERS["CY26"], "PHOTO_ID_COPY"):
        paper = papers.upload(me, given["policyNumber"], content, kind=kind, fileName=MARKS["file name"])
        given["documents"].append({"kind": kind, "document": paper})
    made = claims.send(me, "claimSubmit", given)["claim"]["id"]
    case = claims.Case(gateway, given["policyNumber"], made)
    parcel = {"insuredName": MARKS["name"], "idNumber": MARKS["id number"], "phone": MARKS["phone"]}
    case.send("customer", "claimShipmentRegister", trackingNumber="SF1", **parcel)
    case.send("adjuster", "claimOriginalsReceive")
    case.decide(excluded="1.00", reason=MARKS["diagnosis"])
    assert case.send("customer", "appealSubmit", grounds=MARKS["diagnosis"])["appeal"]["status"] == "FILED"


def claims_that_go_wrong(gateway: Gateway) -> list[Answer]:
    account = {"bankName": MARKS["name"] * 99, "number": MARKS["bank account"]}
    given = [
        claimed(gateway, bankAccount=account),
        claimed(gateway, bankAccount={"bankName": "x", "number": f"{MARKS['bank account']}x"}),
        claimed(gateway, insured=MARKS["id number"]),
        claimed(gateway, visits=[claims.visit(hospital=MARKS["name"])]),
        claimed(gateway, visits=[claims.visit(invoiceNumber=MARKS["name"])]),
    ]
    return [claims.send_raw(gateway.customer(item["policyNumber"]).at(NOW), "claimSubmit", item) for item in given]


def everything_that_goes_right(gateway: Gateway, number: str) -> None:
    a_claim_that_goes_right(gateway)
    me = gateway.customer(number).at(NOW)
    content = picture(size=(60, 80))
    document = papers.upload(me, number, content, fileName=MARKS["file name"])
    booked = book_raw(me, number, **wanted(documents=[document])).data["escortBook"]
    assert booked["refusals"] == []
    papers.download(me, document)
    assert MARKS["name"] in statements.page(me, statements.addresses(me)[number])
    assert values(ask(gateway.staff("supervisor"), insured(me, number), note=MARKS["note"]))
    assert papers.download(gateway.vendor("HUANQIU"), document).status_code == 200


def everything_that_goes_wrong(gateway: Gateway, number: str) -> list[httpx.Response]:
    """Answers to marked requests that fail in every way that there is."""
    me = gateway.customer(number).at(NOW)
    answers: list[Answer] = [
        book_raw(me, number, **wanted(visitAt=MARKS["diagnosis"])),
        book_raw(me, number, **wanted(idempotencyKey="")),
        book_raw(me, number, **wanted(hospital=MARKS["bank account"])),
        book_raw(me, number, **wanted(documents=[MARKS["id number"]])),
        book_raw(me, number, **wanted(patient=PATIENT | {"phone": f"x{MARKS['phone']}"})),
        book_raw(me, number, **wanted(patient=PATIENT | {"name": MARKS["name"] * 99})),
        book_raw(me, number, **wanted(need=f"{MARKS['need']}\0")),
        book_raw(me, MARKS["id number"], **wanted()),
        me.ask(f'{{ policy(number: "{MARKS["id number"]}") {{ nonsense }} }}'),
        me.ask(f'{{ node(id: "{MARKS["id number"]}") {{ id }} }} {{ broken'),
        ask(gateway.staff("supervisor"), MARKS["id number"], note=MARKS["note"]),
        ask(gateway.staff("adjuster"), MARKS["id number"], note=MARKS["note"]),
        papers.create(me, number, sha256=MARKS["id number"], fileName=MARKS["file name"]),
        papers.create(me, MARKS["id number"], fileName=MARKS["file name"]),
        Client(gateway.address, MARKS["token"], http=gateway.http).ask("{ viewer { kind } }"),
        *claims_that_go_wrong(gateway),
    ]
    assert all("errors" in answer.body for answer in answers)
    given = ticket(me, number, b"x" * 50, fileName=MARKS["file name"])
    raw = [
        put(me, given, MARKS["diagnosis"].encode() * 50),
        put(me, given, MARKS["diagnosis"].encode()),
        papers.download(me, MARKS["id number"]),
        statements.get(me, f"/statements/{MARKS['id number']}"),
        statements.get(me, f"/statements/pol_{'0' * 32}?lang={MARKS['diagnosis']}"),
        gateway.http.post(f"{gateway.address}/graphql", content=MARKS["id number"].encode()),
        gateway.http.post(
            f"{gateway.address}/graphql",
            content=f'{{"query": "{MARKS["diagnosis"]}'.encode(),
            headers={"content-type": "application/json"},
        ),
    ]
    assert all(response.status_code >= 400 for response in raw)
    return [*(answer.response for answer in answers), *raw]


def broken(running: Serving) -> httpx.Response:
    """A fault inside: the key of personal data is damaged under the running gateway."""
    key = running.home / "state" / "personal.key"
    good = key.read_bytes()
    given = {
        "idempotencyKey": new_key(),
        "product": "ZYB",
        "number": new_number(),
        "effectiveOn": "2026-01-01",
        "holder": person(name=MARKS["name"], phone=MARKS["phone"]),
        "insured": [person(name=MARKS["name"], idType="ID_CARD", idNumber=MARKS["id number"])],
    }
    key.write_bytes(good[:-1])
    try:
        return running.gateway().staff().ask(REGISTER, input=given).response
    finally:
        key.write_bytes(good)


def test_no_mark_gets_into_a_log_or_an_error(running: Serving, number: str) -> None:
    gateway = running.gateway()
    everything_that_goes_right(gateway, number)
    answers = everything_that_goes_wrong(gateway, number)
    inside = broken(running)
    assert '"INTERNAL"' in inside.text
    for answer in (*answers, inside):
        assert found_in(answer.text) == [], answer.text
    assert "internal error" in running.err
    logs = {"standard error": running.err, "standard output": running.out}
    for file in (running.home / "state" / "postgres").rglob("server.log*"):
        logs[file.name] = file.read_text()
    assert "server.log" in logs
    assert {name: found_in(text) for name, text in logs.items() if found_in(text)} == {}


def found_in(text: str) -> list[str]:
    """Marks that stand in a text, written plainly or escaped."""
    plain = text
    with contextlib.suppress(UnicodeDecodeError):
        plain += text.encode("ascii", "ignore").decode("unicode_escape", "ignore")
    return [name for name, mark in MARKS.items() if mark in plain]


def test_the_search_for_marks_finds_them() -> None:
    """A search that found nothing anywhere would prove nothing."""
    assert found_in(f"x {MARKS['diagnosis']} y") == ["diagnosis"]
    assert found_in(MARKS["diagnosis"].encode("unicode_escape").decode()) == ["diagnosis"]
    assert found_in("nothing") == []


# What the schema shows at all

TELLING = re.compile(r"phone|idnumber|account|address|email|birth", re.IGNORECASE)
MASKED = {
    "Person.idNumber": "last four",
    "Person.phone": "last four",
    "Person.birthOn": "not for vendors",
}
ELSEWHERE = {
    "ContactChannel": "the insurer's own numbers",
    "Hospital": "a hospital's own",
    "Pharmacy": "a pharmacy's own",
    "UnmaskedValue": "shown for a purpose",
}
UNTELLING = {
    "Boolean": "what is true of a number or an address, and never the thing itself",
}


def test_every_telling_field_of_the_schema_is_masked() -> None:
    """Whoever adds a field with such a name says here how it is masked."""
    types = schema._schema.type_map.values()
    found = {
        f"{kind.name}.{name}": field.description or ""
        for kind in types
        if hasattr(kind, "fields") and not kind.name.endswith(("Input", "Filter")) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if TELLING.search(name)
        and is_leaf_type(get_named_type(field.type))
        and kind.name not in ELSEWHERE
        and get_named_type(field.type).name not in UNTELLING
        and kind.name not in ("Query", "Mutation")
    }
    loose = {
        name: text for name, text in found.items() if not re.search(r"last four|not for vendors|masked", text, re.I)
    }
    assert loose == {}
    assert set(found) >= set(MASKED)


def test_a_token_for_development_says_so(running: Serving) -> None:
    said = command(running.home, "token", "--as", "staff", "--role", "hotline")
    assert said.out.startswith("eyJ")
    assert "production refuses" in said.err
