"""Whether one must ask for authorization at all, why, and until when."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from gateway.context import Context
from gateway.postgres import session
from gateway.resolvers import preauth_revisions
from gateway.resolvers.preauth_asking import Asking, asked_for, clean, cumulative_of, facts_of, insured_meant
from gateway.resolvers.telling import named_by, told_by
from gateway.validation.authorization import Match, matching
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.verdict import Verdict

REQUIREMENT = "preAuthRequirement"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Whether one must ask first, why, and until when."""

    is_required: bool
    matches: tuple[Match, ...]
    latest_on: dt.date | None
    is_estimated: bool
    verdicts: tuple[Verdict, ...]


async def requirement(context: Context, asking: Asking) -> Requirement:
    """What the lists say of these items, without a lock: the same is counted again when authorization is asked for.
    What a revision would take the place of counts no more, here as there."""
    asking = clean(asking)
    told = told_by(context.viewer, named_by(asking))
    async with session.transaction(context.services.pool, told, reads_only=True) as connection:
        asked = await asked_for(context, connection, REQUIREMENT, asking.policy_number, asking.hospital)
        insured = insured_meant(context, asked, asking.insured)
        earlier = await preauth_revisions.looked_up(context, connection, asked, insured, asking.supersedes)
        cumulative = await cumulative_of(connection, asked["policy_id"], insured, asking, earlier)
    goes_on = preauth_revisions.goes_on(earlier, asking.treatment_on)
    found = facts_of(context, REQUIREMENT, asked, asking, cumulative, goes_on=goes_on)
    matches = matching(lists(context, asked["product_code"]), asking.items, cumulative)
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


def lists(context: Context, product: str) -> list[Rule]:
    governing = context.services.rulebook.governing(REQUIREMENT, product, "")
    return [rule for rule, check in governing if check.__name__.endswith("needs_no_authorization")]
