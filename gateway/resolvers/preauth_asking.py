"""What a client asks authorization for: who and what it names, what of it counts, and the facts that it gives."""

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
from gateway.repositories import policies
from gateway.repositories import preauths as rows
from gateway.resolvers import cases, inputs
from gateway.resolvers.bookings import cover, step
from gateway.resolvers.requests import no_such_hospital, no_such_policy
from gateway.validation.facts import Facts
from gateway.validation.facts.authorizations import Authorization, Item
from gateway.validation.facts.cases import Hospital

MOST_ITEMS = 50
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


async def asked_for(
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


async def cumulative_of(
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


def facts_of(
    context: Context,
    operation: str,
    asked: Mapping[str, Any],
    asking: Asking,
    cumulative: Decimal | None,
    *,
    goes_on: bool = False,
) -> Facts:
    is_hotline = context.viewer.kind is ViewerKind.STAFF and asking.late_reason is not None
    return common_facts(
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
            usable_from=usable_from(asked),
            is_excused=is_hotline or goes_on,
        ),
    )


def common_facts(context: Context, operation: str, asked: Mapping[str, Any], asking: Authorization) -> Facts:
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


def usable_from(asked: Mapping[str, Any]) -> dt.date | None:
    if asked["waiting_days"] is None:
        return None
    return asked["cover"].lower + dt.timedelta(days=asked["waiting_days"])


def _side(context: Context, channel: str | None) -> str:
    """Whose request it is: a hospital's own, or the insured's, for whom an agent or the hotline may send it."""
    is_hospital = context.viewer.kind is ViewerKind.VENDOR and (context.viewer.hospitals or channel == "HOSPITAL")
    return "HOSPITAL" if is_hospital else "INSURED"


def clean(asking: Asking) -> Asking:
    """The same with its texts trimmed and its amounts in cents; what cannot be taken is named."""
    if not 1 <= len(asking.items) <= MOST_ITEMS:
        raise bad_input(f"Expected 1 to {MOST_ITEMS} items.", "input", "items")
    return Asking(
        policy_number=asking.policy_number,
        insured=asking.insured,
        hospital=asking.hospital and asking.hospital.strip(),
        treatment_on=asking.treatment_on,
        channel=asking.channel,
        items=clean_items(asking.items),
        diagnosis=inputs.text(asking.diagnosis, "input", "diagnosis"),
        expected_cumulative=inputs.amount(asking.expected_cumulative, "input", "expectedCumulative"),
        late_reason=inputs.text(asking.late_reason, "input", "lateReason"),
        documents=asking.documents,
        supersedes=asking.supersedes,
    )


def clean_items(items: Sequence[Item]) -> tuple[Item, ...]:
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
