"""The respiratory test at home: an order with its address and month, and its report, which the client may share."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.execution import ids
from gateway.faults import bad_input
from gateway.repositories import bookings as booking_rows
from gateway.repositories import entitlements, writes
from gateway.repositories import respiratory_tests as rows
from gateway.resolvers import inputs
from gateway.resolvers.booking_moves import move, tell
from gateway.resolvers.bookings import Case, account_facts, case_facts, cover, locked, only_state, step
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.placing import Placing
from gateway.resolvers.requests import asked_for, check_service, named_insured, paths_of
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Patient
from gateway.validation.facts.visits import HomeTest
from gateway.validation.verdict import Verdict

SERVICE = "RESPIRATORY_TEST"
MACHINE = "TEST"
ADDRESS = "respiratory_test_details.address"
PHONE = "respiratory_test_details.phone"
PURPOSE = "向家庭医生提供检测报告"
READERS = frozenset({"FAMILY_DOCTOR", "TEXT_CONSULTATION", "PHONE_CONSULTATION"})
"""Services whose bookings a report may be shared in."""

PATHS = paths_of("policyNumber", "city", "address", "idType", "phone", "insured", "acknowledged")


@dataclass(frozen=True, slots=True)
class OrderRequest:
    policy_number: str
    city: str
    address: str
    id_type: str
    phone: str
    insured: str | None
    acknowledged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the sample is to be taken, as it was typed and as it was understood."""

    city: Mapping[str, Any]
    address: str
    phone: str
    named_city: str | None


async def order(transaction: Transaction, operation: str, request: OrderRequest) -> Work:
    """Lock the account, so that month and total are counted; the order waits for the vendor to know the address."""
    connection, context = transaction.connection, transaction.context
    context.viewer.require_cover(service=SERVICE)
    asked = await asked_for(
        context, connection, number=request.policy_number, service=SERVICE, hospital=None, department=None
    )
    check_service(context, asked, operation, SERVICE)
    place = await _place(connection, request, asked["product_code"])
    insured = named_insured(asked, request.insured)
    today = civil_day(context.now)
    month = today.replace(day=1)
    account = await entitlements.lock_account(connection, asked["policy_id"], insured, SERVICE, today)
    uses = await rows.uses_in_month(connection, asked["policy_id"], account["id"], month) if account else 0
    found = Facts(
        operation=operation,
        now=context.now,
        product=asked["product_code"],
        service=SERVICE,
        is_service_in_product=asked["has_service"],
        cover=cover(asked["effective_at"], asked["cover"]),
        account=account_facts(account),
        patient=Patient(name="", gender=None, birth_on=None, is_insured=True),
        step=step(context, MACHINE, "", "request"),
        paths=PATHS,
        acknowledged=frozenset(request.acknowledged),
        vendor=asked["vendor_code"],
        acting_vendor=context.viewer.vendor,
        test=HomeTest(
            city=place.city["name"],
            province=place.city["province"],
            is_city_served=place.city["is_served"],
            id_type=request.id_type,
            named_city=place.named_city,
            ordered_on=today,
            uses_in_month=uses,
        ),
    )
    placing = Placing(transaction, "RTT", MACHINE, asked, insured, account, found, service_month=month)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = await placing.write(verdicts)
        await writes.insert(
            transaction.writes, "respiratory_test_details", _details(transaction, request, place, subject)
        )
        return subject

    return Work(found, write)


async def _place(connection: Any, request: OrderRequest, product: str) -> _Place:
    address = inputs.required(inputs.text(request.address, "input", "address"), "input", "address")
    phone = inputs.required(inputs.phone(request.phone, "input", "phone"), "input", "phone")
    named = inputs.required(inputs.name(request.city, "input", "city"), "input", "city")
    cities = await rows.cities(connection, named, product=product, service=SERVICE)
    if not cities:
        raise bad_input("No such city: expected a code or name from `cities`.", "input", "city")
    if len(cities) > 1:
        codes = ", ".join(city["code"] for city in cities)
        raise bad_input(f"Several cities have this name: give one of the codes {codes}.", "input", "city")
    return _Place(cities[0], address, phone, await rows.city_named_in(connection, address))


def _details(transaction: Transaction, request: OrderRequest, place: _Place, subject: Subject) -> dict[str, Any]:
    vault = transaction.context.services.vault
    return {
        "policy_id": subject.policy_id,
        "booking_id": subject.id,
        "city_code": place.city["code"],
        "address_encrypted": vault.seal(place.address, ADDRESS),
        "id_type": request.id_type,
        "phone_encrypted": vault.seal(place.phone, PHONE),
        "phone_last4": place.phone[-4:],
    }


async def with_test(case: Case, found: Facts, *, is_address_recognized: bool | None = None) -> Facts:
    """The same facts, with what is known of the order where the booking is a test."""
    if case.row["machine"] != MACHINE:
        return found
    known = await rows.details(case.transaction.connection, case.policy_id, case.booking_id)
    if known is None:
        return found
    test = HomeTest(
        city=known["city"],
        province=known["province"],
        is_city_served=True,
        id_type=known["id_type"],
        is_address_recognized=is_address_recognized,
    )
    return replace(found, test=test)


async def share(transaction: Transaction, operation: str, *, booking: str, consultation: str | None) -> Work:
    """The client hands a report to the family doctor; that it is shared is the consent to it."""
    case = await locked(transaction, booking, "share")
    if case.row["machine"] != MACHINE:
        raise bad_input("Only the report of a test is shared: name the booking of one.", "input", "booking")
    reader = await _reader(case, consultation)
    found = case_facts(case, operation)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        context = case.context
        rule = next((verdict.rule for verdict in verdicts if verdict.check == "step_allowed"), None)
        shown = context.services.texts.rules[rule].statement[context.language] if rule else ""
        consent = await rows.consent_to_share(
            transaction.connection,
            policy_id=case.policy_id,
            insured_id=case.row["insured_id"],
            recipient=case.row["vendor_code"] or "",
            principal=context.viewer.principal,
            purpose=PURPOSE,
            text_version=rule or "",
            text_sha256=hashlib.sha256(shown.encode()).hexdigest(),
            language=context.language,
            now=context.now,
        )
        if not await rows.share(
            transaction.connection,
            policy_id=case.policy_id,
            booking_id=case.booking_id,
            consultation_id=reader,
            consent_id=consent,
            now=context.now,
        ):
            raise bad_input("This report has been shared there already.", "input", "booking")
        await move(case, only_state(found))
        await tell(case, "report.shared", "VENDOR", rule=rule)
        return case.subject

    return Work(found, write)


async def _reader(case: Case, consultation: str | None) -> uuid.UUID | None:
    """The consultation that the report is shared in: one of the same policy and vendor."""
    if consultation is None:
        return None
    policy, booking = ids.decode_as("book", consultation, 2, "input", "consultation")
    found = await booking_rows.find(case.transaction.connection, policy, booking)
    fits = (
        found is not None
        and policy == case.policy_id
        and found["service"] in READERS
        and found["vendor_code"] == case.row["vendor_code"]
    )
    if not fits:
        raise ids.not_an_id("book", "input", "consultation")
    return booking
