"""What a claim needs before it is filed: all that it names, found, and what the rules say of it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.execution import ids
from gateway.faults import bad_input
from gateway.postgres import session
from gateway.repositories import claims as rows
from gateway.repositories import policies
from gateway.resolvers import claim_cases
from gateway.resolvers.claim_filings import Filing, Visit, clean, missing_of, path_to
from gateway.resolvers.requests import no_such_policy
from gateway.resolvers.telling import named_by, told_by
from gateway.validation.calendar import completed_years
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.claims import ClaimedVisit, Copy, Reimbursement
from gateway.validation.reimbursement import Needed, day_sums, originals_needed
from gateway.validation.verdict import Verdict

CHECKLIST = "claimChecklist"
OWN_MUTATION = ("DIRECT_", "ADVANCE_")
FIELDS = ("policyNumber", "kind", "channel", "visits", "bankAccount", "documents", "isFollowUp", "isSelfOrderedTest")
PATHS = {field: ("input", field) for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Checklist:
    """The way that a claim goes, the papers it needs, and what the rules say of it."""

    channel: str
    documents: tuple[Needed, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Insured:
    id: uuid.UUID
    born_on: dt.date
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a filing names, found."""

    policy: Mapping[str, Any]
    insured: Insured
    filing: Filing
    claim: Reimbursement


async def checklist(context: Context, filing: Filing) -> Checklist:
    """The same look without a lock, before anything is filed."""
    told = told_by(context.viewer, named_by(filing))
    async with session.transaction(context.services.pool, told, reads_only=True) as connection:
        policy = await policy_named(context, connection, CHECKLIST, filing)
        insured = insured_named(context, policy, filing.insured)
        asked = await looked_up(context, connection, policy, insured, clean(context, filing))
    return Checklist(
        channel=asked.claim.channel,
        documents=tuple(claim_cases.papers_of(context, policy["product_code"], asked.claim)),
        verdicts=tuple(context.services.rulebook.check(facts_of(context, CHECKLIST, asked))),
    )


# What is named


async def policy_named(context: Context, connection: Any, operation: str, filing: Filing) -> Mapping[str, Any]:
    viewer = context.viewer
    policy = await rows.asked_for(
        connection, policy_id=policies.policy_id(filing.policy_number.strip()), vendor=viewer.vendor
    )
    if policy is None or not _may_act(context, policy):
        raise no_such_policy()
    if filing.kind.startswith(OWN_MUTATION):
        raise bad_input(
            "Claims of this kind are made by hospitals and vendors, by mutations of their own.", *path_to("kind")
        )
    if not context.services.rulebook.governing(operation, policy["product_code"], ""):
        raise bad_input(
            "The handbook of this policy's product has no such claims: name a policy of a product that has them.",
            *path_to("policyNumber"),
        )
    return policy


def _may_act(context: Context, policy: Mapping[str, Any]) -> bool:
    """A vendor that is an agent may file; a token that is cut to hospitals or services would not see what it filed."""
    viewer = context.viewer
    if viewer.kind is ViewerKind.STAFF:
        return True
    if viewer.kind is ViewerKind.CUSTOMER:
        return viewer.reaches(policy["policy_id"])
    is_whole = viewer.services is None and viewer.hospitals is None
    return is_whole and policy["is_contracted"] and viewer.covers(product=policy["product_code"])


def insured_named(context: Context, policy: Mapping[str, Any], given: str | None) -> Insured:
    """The insured who is meant; where the viewer may act for several, the request says whom."""
    viewer, policy_id = context.viewer, policy["policy_id"]
    is_customer = viewer.kind is ViewerKind.CUSTOMER
    known = [Insured(*one) for one in policy["insured"]]
    people = [one for one in known if not is_customer or viewer.reaches(policy_id, one.id)]
    if given is None:
        if len(people) > 1:
            raise bad_input("This policy insures several people: say whom.", *path_to("insured"))
        return people[0]
    named, person = ids.decode_as("person", given, 2, *path_to("insured"))
    for one in people:
        if (named, person) == (policy_id, one.id):
            return one
    raise ids.not_an_id("person", *path_to("insured"))


async def looked_up(
    context: Context,
    connection: Any,
    policy: Mapping[str, Any],
    insured: Insured,
    filing: Filing,
    copies: tuple[Copy, ...] = (),
) -> Asked:
    known = await rows.hospitals(
        connection,
        [visit.hospital for visit in filing.visits if visit.hospital],
        product=policy["product_code"],
        plan=policy["plan_code"],
    )
    around = await rows.surroundings(
        connection,
        policy["policy_id"],
        insured.id,
        days=[visit.visited_on for visit in filing.visits],
        invoices=[visit.invoice_number for visit in filing.visits if visit.invoice_number],
    )
    direct = {(hospital, day) for hospital, day in around["direct"]}
    visits = tuple(_visit(context, policy, known, direct, place, visit) for place, visit in enumerate(filing.visits))
    claim = Reimbursement(
        kind=filing.kind,
        channel=filing.channel or "",
        visits=visits,
        day_sums=day_sums(visits, dict(around["day_sums"])),
        papers=frozenset(paper.kind for paper in filing.papers),
        copies=copies,
        age=completed_years(insured.born_on, civil_day(context.now)),
        is_emergency=filing.is_emergency,
        is_follow_up=filing.is_follow_up,
        has_surgery=filing.has_surgery,
        is_third_party_settled=filing.is_third_party_settled,
        is_self_ordered_test=filing.is_self_ordered_test,
        missing_account=missing_of(filing.account),
        taken_invoices=_taken(filing.visits, around["taken"]),
        is_recorded=filing.channel in claim_cases.RECORDED,
    )
    return Asked(policy, insured, filing, replace(claim, channel=_channel(context, policy, claim)))


def _visit(
    context: Context,
    policy: Mapping[str, Any],
    known: Mapping[str, Mapping[str, Any]],
    direct: set[tuple[str, dt.date]],
    place: int,
    visit: Visit,
) -> ClaimedVisit:
    hospital = known.get(visit.hospital or "")
    if visit.hospital is not None and hospital is None:
        wrong = "No such hospital: expected a code from `hospitals`."
        raise bad_input(wrong, *path_to("visits", str(place), "hospital"))
    return ClaimedVisit(
        hospital=hospital["name"] if hospital else "",
        ownership=hospital["ownership"] if hospital else "PUBLIC",  # of a question that names none
        visited_on=visit.visited_on,
        amount=visit.amount,
        department_class=visit.department_class,
        is_invoice_marked=visit.is_invoice_marked,
        is_billed_directly=(visit.hospital, visit.visited_on) in direct,
        is_internet_hospital=_is_internet_hospital(context, policy, hospital) if hospital else None,
    )


def _is_internet_hospital(context: Context, policy: Mapping[str, Any], hospital: Mapping[str, Any]) -> bool | None:
    """Of the designated private network, or marked as licensed; else nothing on file tells."""
    if hospital["is_in_network"] and hospital["ownership"] == "PRIVATE":
        return True
    rules = context.services.rulebook.governing(claim_cases.SUBMIT, policy["product_code"], "")
    words = {word for rule, _ in rules for word in rule.parameters.get("licensedItems", ())}
    return True if words.intersection(hospital["items"]) else None


def _taken(visits: Sequence[Visit], taken: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Invoices that a live claim has; a code that is left out on either side makes no other invoice."""
    return tuple(
        visit.invoice_number
        for visit in visits
        if visit.invoice_number
        and any(number == visit.invoice_number and _same(code, visit.invoice_code) for code, number in taken)
    )


def _same(one: str, other: str) -> bool:
    return one == other or "" in (one, other)


def _channel(context: Context, policy: Mapping[str, Any], claim: Reimbursement) -> str:
    """What was chosen; else online, where no rule wants originals."""
    if claim.channel:
        return claim.channel
    service = claim_cases.service_of(claim.kind)
    for rule, check in context.services.rulebook.governing(claim_cases.SUBMIT, policy["product_code"], service):
        if check.__name__ == "originals_posted" and originals_needed(rule, claim):
            return "MAIL_ORIGINALS"
    return "ONLINE"


def facts_of(context: Context, operation: str, asked: Asked) -> Facts:
    claim = asked.claim
    service = "RESPIRATORY_TEST" if claim.is_self_ordered_test else claim_cases.service_of(claim.kind)
    return Facts(operation, context.now, asked.policy["product_code"], service, paths=PATHS, claim=claim)
