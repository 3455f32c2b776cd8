"""Asking for authorization before treatment, telling of an emergency, and whether one must ask at all."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.postgres import session
from gateway.repositories import bookings as paper_rows
from gateway.repositories import policies, writes
from gateway.repositories import preauths as rows
from gateway.resolvers import cases, inputs, preauth_revisions
from gateway.resolvers.bookings import cover, step
from gateway.resolvers.commands import Subject, Transaction, Work
from gateway.resolvers.numbers import new_number
from gateway.resolvers.requests import no_such_hospital, no_such_policy
from gateway.resolvers.telling import named_by, told_by
from gateway.validation.authorization import Match, matching
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.authorizations import Authorization, Item
from gateway.validation.facts.cases import Hospital
from gateway.validation.rule import Rule
from gateway.validation.verdict import Status, Verdict
from models.base import new_id

REQUIREMENT = "preAuthRequirement"
MOST_ITEMS = 50
EMERGENCY_CARE = Item("OTHER", "急诊治疗")
"""What an emergency is about as long as nobody says more."""

FIELDS = (
    "policyNumber",
    "hospital",
    "treatmentOn",
    "channel",
    "items",
    "expectedCumulative",
    "emergencyAt",
)
PATHS = {field: ("input", field) for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Asking:
    """What a client asks authorization for."""

    policy_number: str
    insured: str | None
    hospital: str | None
    treatment_on: dt.date
    channel: str | None
    items: tuple[Item, ...]
    diagnosis: str | None
    expected_cumulative: Decimal | None
    late_reason: str | None
    documents: tuple[str, ...]
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    policy_number: str
    insured: str | None
    hospital: str
    emergency_at: dt.datetime
    channel: str
    diagnosis: str | None
    items: tuple[Item, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """Whether one must ask first, why, and until when."""

    is_required: bool
    matches: tuple[Match, ...]
    latest_on: dt.date | None
    is_estimated: bool
    verdicts: tuple[Verdict, ...]


async def submit(transaction: Transaction, operation: str, asking: Asking) -> Work:
    """Count what is expected under the lock of the insured's cover, and gather the facts."""
    asking = _clean(asking)
    diagnosis = inputs.required(asking.diagnosis, "input", "diagnosis")
    context, connection = transaction.context, transaction.connection
    asked = await _asked_for(context, connection, operation, asking.policy_number, asking.hospital)
    insured = insured_meant(context, asked, asking.insured)
    cited = await cases.papers(connection, asked["policy_id"], asking.documents)
    await rows.lock_cover(connection, asked["policy_id"], insured)
    earlier = await preauth_revisions.earlier(transaction, asked, insured, asking.supersedes)
    cumulative = await _cumulative(connection, asked["policy_id"], insured, asking, earlier)
    goes_on = preauth_revisions.goes_on(earlier, asking.treatment_on)
    found = _facts(context, operation, asked, asking, cumulative, goes_on=goes_on)
    matches = matching(_lists(context, asked["product_code"]), asking.items, cumulative)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(asked["policy_id"], new_id())
        row = _row(context, asked, insured, subject) | {
            "channel": asking.channel,
            "diagnosis": diagnosis,
            "treatment_on": asking.treatment_on,
            "expected_cumulative": asking.expected_cumulative,
        }
        if earlier is not None:
            row |= {"supersedes_id": earlier["id"], "vendor_code": earlier["vendor_code"]}
        await cases.begin(transaction, cases.PREAUTH, row, "submit", reason=asking.late_reason)
        await preauth_revisions.replace_undecided(transaction, earlier, subject)
        await _write_items(transaction, subject, asking.items, matches)
        await paper_rows.link_papers(transaction.writes, subject.policy_id, cited, subject.id)
        await _tell_staff(transaction, "preauth.submitted", subject)
        return subject

    return Work(found, write)


async def notify_emergency(transaction: Transaction, operation: str, emergency: Emergency) -> Work:
    """An emergency leaves no time to ask: the notice, and with it a request that is decided afterwards."""
    context, connection = transaction.context, transaction.connection
    diagnosis = inputs.text(emergency.diagnosis, "input", "diagnosis")
    if len(emergency.items) > MOST_ITEMS:
        raise bad_input(f"Expected 0 to {MOST_ITEMS} items.", "input", "items")
    items = _clean_items(emergency.items) or (EMERGENCY_CARE,)
    if emergency.emergency_at > context.now:
        raise bad_input("An emergency cannot lie in the future.", "input", "emergencyAt")
    asked = await _asked_for(context, connection, operation, emergency.policy_number, emergency.hospital.strip())
    insured = insured_meant(context, asked, emergency.insured)
    cited = await cases.papers(connection, asked["policy_id"], emergency.documents)
    began_on = civil_day(emergency.emergency_at)
    asking = Authorization(
        treatment_on=began_on,
        channel=emergency.channel,
        usable_from=_usable_from(asked),
        emergency_at=emergency.emergency_at,
    )
    found = _common_facts(context, operation, asked, asking)

    async def write(verdicts: Sequence[Verdict]) -> Subject:
        subject = Subject(asked["policy_id"], new_id())
        row = _row(context, asked, insured, subject) | {
            "channel": emergency.channel,
            "diagnosis": diagnosis,
            "treatment_on": began_on,
        }
        await cases.begin(transaction, cases.PREAUTH, row, "submit", reason="emergency")
        matches = matching(_lists(context, asked["product_code"]), items, None)
        await _write_items(transaction, subject, items, matches)
        is_late = any(item.check == "emergency_told_in_time" and item.status is not Status.PASSED for item in verdicts)
        notice = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "insured_id": insured,
            "preauth_id": subject.id,
            "hospital_code": asked["code"],
            "channel": emergency.channel,
            "diagnosis": diagnosis,
            "emergency_at": emergency.emergency_at,
            "received_at": context.now,
            "state": "LATE" if is_late else "ON_TIME",
        }
        await writes.insert(transaction.writes, "emergency_notices", notice)
        await paper_rows.link_papers(transaction.writes, subject.policy_id, cited, subject.id)
        await _tell_staff(transaction, "preauth.emergency", subject)
        return subject

    return Work(found, write)


async def requirement(context: Context, asking: Asking) -> Requirement:
    """What the lists say of these items, without a lock: the same is counted again when authorization is asked for."""
    asking = _clean(asking)
    told = told_by(context.viewer, named_by(asking))
    async with session.transaction(context.services.pool, told, reads_only=True) as connection:
        asked = await _asked_for(context, connection, REQUIREMENT, asking.policy_number, asking.hospital)
        insured = insured_meant(context, asked, asking.insured)
        cumulative = await _cumulative(connection, asked["policy_id"], insured, asking)
    found = _facts(context, REQUIREMENT, asked, asking, cumulative)
    matches = matching(_lists(context, asked["product_code"]), asking.items, cumulative)
    latest = _latest(context, found)
    is_elsewhere = found.authorization is not None and found.authorization.is_billed_directly is False
    return Requirement(
        is_required=bool(matches) and not is_elsewhere,
        matches=tuple(matches),
        latest_on=latest and latest.expected,
        is_estimated=latest is not None and latest.is_estimated,
        verdicts=tuple(context.services.rulebook.check(found)),
    )


def _latest(context: Context, found: Facts) -> Any:
    """The last day for asking, by the rule that states the working days."""
    for rule, check in context.services.rulebook.governing(found.operation, found.product, found.service):
        if check.__name__ == "asked_in_time" and found.authorization and found.authorization.treatment_on:
            return context.services.calendar.latest_day(
                found.authorization.treatment_on, rule.parameters["minLeadWorkingDays"]
            )
    return None


def _lists(context: Context, product: str) -> list[Rule]:
    governing = context.services.rulebook.governing(REQUIREMENT, product, "")
    return [rule for rule, check in governing if check.__name__.endswith("needs_no_authorization")]


async def _asked_for(
    context: Context, connection: Any, operation: str, number: str, hospital: str | None
) -> Mapping[str, Any]:
    """What the request names. The first thing that is not there, or not the caller's, is told."""
    asked = await rows.asked_for(
        connection, policy_id=policies.policy_id(number.strip()), hospital=hospital, vendor=context.viewer.vendor
    )
    if asked is None or not _may_act(context, asked, hospital):
        raise no_such_policy()
    if hospital is not None and asked["code"] is None:
        raise no_such_hospital()
    if not context.services.rulebook.governing(operation, asked["product_code"], ""):
        raise bad_input(
            "The handbook of this policy's product has no such procedure: name a policy of a product that has one.",
            "input",
            "policyNumber",
        )
    return asked


def _may_act(context: Context, asked: Mapping[str, Any], hospital: str | None) -> bool:
    viewer = context.viewer
    if viewer.kind is ViewerKind.STAFF:
        return True
    if viewer.kind is ViewerKind.CUSTOMER:
        return viewer.reaches(asked["policy_id"])
    return asked["is_contracted"] and viewer.covers(product=asked["product_code"], hospital=hospital)


def insured_meant(context: Context, asked: Mapping[str, Any], given: str | None) -> uuid.UUID:
    """The insured who is meant; where the viewer may act for several, the request says whom."""
    viewer, policy_id = context.viewer, asked["policy_id"]
    is_customer = viewer.kind is ViewerKind.CUSTOMER
    people = [person for person in asked["insured"] if not is_customer or viewer.reaches(policy_id, person)]
    if given is None:
        if len(people) > 1:
            raise bad_input("This policy insures several people: say whom.", "input", "insured")
        return people[0]
    policy, person = ids.decode_as("person", given, 2, "input", "insured")
    if policy != asked["policy_id"] or person not in people:
        raise ids.not_an_id("person", "input", "insured")
    return person


async def _cumulative(
    connection: Any,
    policy_id: uuid.UUID,
    insured: uuid.UUID,
    asking: Asking,
    earlier: Mapping[str, Any] | None = None,
) -> Decimal | None:
    """What is expected of this request and of the others that are live; None where this one does not say."""
    prices = [max(known) for known in map(_prices, asking.items) if known]
    own = asking.expected_cumulative
    if own is None:
        own = sum(prices, Decimal(0)) if len(prices) == len(asking.items) else None
    besides = None if earlier is None else earlier["id"]
    elsewhere = await rows.expected_elsewhere(connection, policy_id, insured, besides)
    return None if own is None else own + elsewhere


def _prices(item: Item) -> list[Decimal]:
    return [price for price in (item.unit_price, item.per_treatment) if price is not None]


def _facts(
    context: Context,
    operation: str,
    asked: Mapping[str, Any],
    asking: Asking,
    cumulative: Decimal | None,
    *,
    goes_on: bool = False,
) -> Facts:
    is_hotline = context.viewer.kind is ViewerKind.STAFF and asking.late_reason is not None
    return _common_facts(
        context,
        operation,
        asked,
        Authorization(
            treatment_on=asking.treatment_on,
            items=asking.items,
            cumulative=cumulative,
            channel=asking.channel,
            submitter=_side(context, asking.channel),
            is_billed_directly=bills_directly(asked, asking.treatment_on),
            usable_from=_usable_from(asked),
            is_excused=is_hotline or goes_on,
        ),
    )


def _common_facts(context: Context, operation: str, asked: Mapping[str, Any], asking: Authorization) -> Facts:
    hospital = None
    if asked["code"] is not None:
        named = (asked[name] for name in ("code", "name", "city", "province", "level", "ownership"))
        hospital = Hospital(*named, is_city_served=True)
    return Facts(
        operation=operation,
        now=context.now,
        product=asked["product_code"],
        service="",
        cover=cover(asked["effective_at"], asked["cover"]),
        hospital=hospital,
        step=step(context, cases.PREAUTH.machine, "", "submit"),
        paths=PATHS,
        calendar=context.services.calendar,
        authorization=asking,
    )


def bills_directly(asked: Mapping[str, Any], day: dt.date) -> bool | None:
    """Whether the hospital is in the plan's network on a day and, if public, marked; None: no list is loaded."""
    if asked["code"] is None or not asked["is_network_loaded"]:
        return None
    in_network = any(
        (begins is None or begins <= day) and (ends is None or day < ends) for begins, ends in asked["memberships"]
    )
    return in_network and (asked["is_direct_billing"] or asked["ownership"] == "PRIVATE")


def _usable_from(asked: Mapping[str, Any]) -> dt.date | None:
    if asked["waiting_days"] is None:
        return None
    return asked["cover"].lower + dt.timedelta(days=asked["waiting_days"])


def _side(context: Context, channel: str | None) -> str:
    """Whose request it is: a hospital's own, or the insured's, for whom an agent or the hotline may send it."""
    is_hospital = context.viewer.kind is ViewerKind.VENDOR and (context.viewer.hospitals or channel == "HOSPITAL")
    return "HOSPITAL" if is_hospital else "INSURED"


def _clean(asking: Asking) -> Asking:
    """The same with its texts trimmed and its amounts in cents; what cannot be taken is named."""
    if not 1 <= len(asking.items) <= MOST_ITEMS:
        raise bad_input(f"Expected 1 to {MOST_ITEMS} items.", "input", "items")
    return Asking(
        policy_number=asking.policy_number,
        insured=asking.insured,
        hospital=asking.hospital and asking.hospital.strip(),
        treatment_on=asking.treatment_on,
        channel=asking.channel,
        items=_clean_items(asking.items),
        diagnosis=inputs.text(asking.diagnosis, "input", "diagnosis"),
        expected_cumulative=inputs.amount(asking.expected_cumulative, "input", "expectedCumulative"),
        late_reason=inputs.text(asking.late_reason, "input", "lateReason"),
        documents=asking.documents,
        supersedes=asking.supersedes,
    )


def _clean_items(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(_clean_item(item, "input", "items", str(place)) for place, item in enumerate(items))


def _clean_item(item: Item, *path: str) -> Item:
    return Item(
        item.category,
        inputs.required(inputs.name(item.name, *path, "name"), *path, "name"),
        inputs.amount(item.unit_price, *path, "unitPrice"),
        inputs.amount(item.per_treatment, *path, "perTreatment"),
        item.is_large_exam,
        item.is_rental,
    )


def _row(context: Context, asked: Mapping[str, Any], insured: uuid.UUID, subject: Subject) -> dict[str, Any]:
    return {
        "policy_id": subject.policy_id,
        "id": subject.id,
        "number": new_number("PA", context.now),
        "product_code": asked["product_code"],
        "plan_code": asked["plan_code"],
        "state": "SUBMITTED",
        "insured_id": insured,
        "vendor_code": context.viewer.vendor,
        "hospital_code": asked["code"],
        "submitter": context.viewer.kind.value,
        "is_demo": asked["is_demo"],
        "created_at": context.now,
        "updated_at": context.now,
    }


async def _write_items(
    transaction: Transaction, subject: Subject, items: Sequence[Item], matches: Sequence[Match]
) -> None:
    for position, item in enumerate(items, 1):
        row = {
            "policy_id": subject.policy_id,
            "id": new_id(),
            "preauth_id": subject.id,
            "position": position,
            "category": item.category,
            "name": item.name,
            "unit_price": item.unit_price,
            "per_treatment": item.per_treatment,
            "is_large_exam": item.is_large_exam,
            "is_rental": item.is_rental,
            "matched_rules": [match.rule for match in matches if match.position == position],
        }
        await writes.insert(transaction.writes, "preauth_items", row)


async def _tell_staff(transaction: Transaction, topic: str, subject: Subject) -> None:
    payload = {"preAuth": ids.encode("preauth", subject.policy_id, subject.id)}
    await cases.tell(transaction, topic, "STAFF", subject, 1, payload)
