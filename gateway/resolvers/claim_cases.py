"""What the steps of a claim share: the claim, locked with its parts; its facts, messages and deadlines."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gateway.context import Context
from gateway.execution import ids
from gateway.faults import Fault, bad_input
from gateway.repositories import claims as rows
from gateway.repositories import clocks as clock_rows
from gateway.resolvers import cases
from gateway.resolvers.commands import Subject, Transaction
from gateway.validation import clocks
from gateway.validation.calendar import WorkCalendar, completed_years, due_at_end_of
from gateway.validation.civil_time import civil_day
from gateway.validation.facts import Facts
from gateway.validation.facts.claims import ClaimedVisit, Reimbursement
from gateway.validation.reimbursement import Needed, papers_needed
from gateway.validation.rule import Rule

DECIDED_STATES = frozenset({"DECIDED", "PAID", "PAYMENT_FAILED"})
SUBMIT = "claimSubmit"
RECORDED = frozenset({"HOTLINE", "EMAIL"})
"""Channels that staff write down."""

SERVICES = {"VACCINE": "VACCINATION"}
"""Kinds of claims that rules of a service govern besides those of the whole product."""

COMPLETE, DECIDED, PAID = "DOCUMENTS_COMPLETE", "DECIDED", "PAID"
"""What starts and ends the deadlines of claims."""

INSTANT = dt.timedelta(microseconds=1)


async def locked(transaction: Transaction, claim: str, *path: str) -> dict[str, Any]:
    """The claim of an id, locked, with its parts. One that is foreign is answered like one that is not there."""
    where = path or ("input", "claim")
    policy_id, claim_id = ids.decode_as("claim", claim, 2, *where)
    row = await rows.lock(transaction.connection, policy_id, claim_id)
    if row is None or not cases.may_touch(transaction.context, row):
        raise ids.not_an_id("claim", *where)
    parts = await rows.parts(transaction.connection, policy_id, claim_id, row["insured_id"])
    return {**row, **parts}


def subject_of(row: Mapping[str, Any]) -> Subject:
    return Subject(row["policy_id"], row["id"])


def service_of(kind: str) -> str:
    return SERVICES.get(kind, "")


def step_facts(context: Context, operation: str, row: Mapping[str, Any], command: str, **more: Any) -> Facts:
    """Facts of a step that the lifecycle has; no clause speaks of the others."""
    step = cases.step_of(context, row, command)
    if not step.leads_to:
        raise no_such_step()
    paths = {name: ("input", name) for name in ("claim", "documents", "isPrepaid", *PARCEL)}
    service = service_of(row["kind"])
    return Facts(operation, context.now, row["product_code"], service, step=step, paths=paths, **more)


PARCEL = ("trackingNumber", "insuredName", "idNumber", "phone")


def no_such_step() -> Fault:
    return bad_input("This step is not possible while the claim is in its present state.", "input", "claim")


def papers_of(context: Context, product: str, claim: Reimbursement) -> list[Needed]:
    """What the rules of the product ask for, each kind once."""
    found: dict[str, Needed] = {}
    for rule, check in context.services.rulebook.governing(SUBMIT, product, service_of(claim.kind)):
        if check.__name__ == "papers_given":
            for needed in papers_needed(rule, claim):
                found.setdefault(needed.kind, needed)
    return list(found.values())


def as_filed(context: Context, row: Mapping[str, Any], papers: Sequence[str] = ()) -> Reimbursement:
    """A claim that has been filed, with papers that come now."""
    return Reimbursement(
        kind=row["kind"],
        channel=row["channel"] or "",
        visits=tuple(ClaimedVisit("", "PUBLIC", day, amount) for day, amount in row["visits"]),
        papers=frozenset(row["papers"]) | frozenset(papers),
        age=completed_years(row["birth_on"], civil_day(context.now)),
        is_emergency=row["is_emergency"],
        is_follow_up=row["is_follow_up"],
        has_surgery=row["has_surgery"],
        is_third_party_settled=row["third_party_settled"],
        is_filed=True,
        is_preauth_missing=row["is_preauth_missing"],
    )


async def tell(transaction: Transaction, row: Mapping[str, Any], topic: str, audience: str = "CUSTOMER") -> None:
    payload = {"claim": ids.encode("claim", row["policy_id"], row["id"])}
    await cases.tell(transaction, topic, audience, subject_of(row), row["state_seq"] + 1, payload)


# Deadlines


def deadlines(context: Context, row: Mapping[str, Any]) -> list[Rule]:
    """Rules that state a deadline for a claim of its kind."""
    rules = context.services.rulebook.of(row["product_code"], service_of(row["kind"]))
    return [
        rule
        for rule in rules
        if rule.parameters.get("startsAt") in (COMPLETE, DECIDED)
        and row["kind"] in rule.parameters.get("claimKinds", (row["kind"],))
    ]


async def start_clocks(transaction: Transaction, row: Mapping[str, Any], event: str) -> None:
    context = transaction.context
    calendar = context.services.calendar
    for rule in deadlines(context, row):
        due = clocks.due_at(rule, start=context.now, visit=None, calendar=calendar)
        if rule.parameters["startsAt"] == event and due is not None:
            estimated = clocks.is_estimated(rule, start=context.now, calendar=calendar)
            await _start(transaction, row, rule.code, context.now, due, is_estimated=estimated)


async def stop_clocks(transaction: Transaction, row: Mapping[str, Any], event: str) -> None:
    met = [rule.code for rule in deadlines(transaction.context, row) if rule.parameters["stopsAt"] == event]
    if met:
        now = transaction.context.now
        await clock_rows.stop(transaction.writes, policy_id=row["policy_id"], subject_id=row["id"], rules=met, now=now)


async def rest_clocks(transaction: Transaction, row: Mapping[str, Any]) -> None:
    """Nothing runs while the insurer waits for the client, nor when the claim has ended."""
    now = transaction.context.now
    await clock_rows.cancel(transaction.writes, policy_id=row["policy_id"], subject_id=row["id"], but=(), now=now)


async def resume_clocks(transaction: Transaction, row: Mapping[str, Any], since: dt.datetime) -> bool:
    """What rested goes on with the time that was left; whether anything did."""
    context = transaction.context
    rested = await rows.rested_clocks(transaction.connection, row["policy_id"], row["id"], since)
    for clock in rested:
        due = later(context.services.calendar, clock["due_at"], since, context.now)
        days = context.services.rulebook.rules[clock["rule_code"]].parameters
        assert "dueWorkingDays" in days  # other deadlines of claims begin with the decision, after every question
        await _start(transaction, row, clock["rule_code"], clock["started_at"], due, is_estimated=False)
    return bool(rested)


def later(calendar: WorkCalendar, due_at: dt.datetime, since: dt.datetime, until: dt.datetime) -> dt.datetime:
    """A deadline in working days, put off by the working days of a rest."""
    first, last = civil_day(since), civil_day(until)
    days = (first + dt.timedelta(days=after) for after in range(1, (last - first).days + 1))
    rested = sum(calendar.is_workday(day) for day in days)
    return due_at_end_of(calendar.add_working_days(civil_day(due_at - INSTANT), rested))


async def _start(
    transaction: Transaction,
    row: Mapping[str, Any],
    rule: str,
    started_at: dt.datetime,
    due_at: dt.datetime,
    *,
    is_estimated: bool,
) -> None:
    context = transaction.context
    counts_working_days = "dueWorkingDays" in context.services.rulebook.rules[rule].parameters
    span = (civil_day(started_at), civil_day(due_at - INSTANT))
    await clock_rows.start(
        transaction.writes,
        policy_id=row["policy_id"],
        subject_type="CLAIM",
        subject_id=row["id"],
        rule=rule,
        started_at=started_at,
        due_at=due_at,
        is_estimated=is_estimated,
        working_days=context.services.calendar.working_days_between(*span) if counts_working_days else None,
    )


# Money


def paid_so_far(row: Mapping[str, Any]) -> Decimal:
    """What has been paid of the claim and not been asked back."""
    paid = sum((payment[2] for payment in row["payments"] if payment[3] == "PAID"), Decimal(0))
    return paid - row["asked_back"]


def returned_to_vendor(row: Mapping[str, Any]) -> Decimal:
    """What the vendor of an advance has got back from the insurer."""
    amounts = (amount for _, _, amount, state, payee, _ in row["payments"] if (state, payee) == ("PAID", "VENDOR"))
    return sum(amounts, Decimal(0))
