"""What a claim after the visit needs: which papers, whether originals, and what a day comes to."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.validation.authorization import exceeds
from gateway.validation.facts.claims import ClaimedVisit, Reimbursement
from gateway.validation.rule import Rule

INPATIENT = "PUBLIC_INPATIENT"


@dataclass(frozen=True, slots=True)
class Needed:
    """A kind of paper that a rule asks for. It is not required where the system makes it, or where the fields of the
    form say the same; `alternatives` together stand for it."""

    kind: str
    rule: str
    is_required: bool = True
    alternatives: tuple[str, ...] = ()

    def is_among(self, papers: frozenset[str]) -> bool:
        return self.kind in papers or (bool(self.alternatives) and papers.issuperset(self.alternatives))


def papers_needed(rule: Rule, claim: Reimbursement) -> tuple[Needed, ...]:
    """What a rule asks for in this claim, in its own order."""
    terms = rule.parameters
    if not _is_about(terms.get("when"), rule, claim):
        return ()
    by_itself = frozenset[str]() if claim.channel in ("HOTLINE", "EMAIL") else frozenset(terms.get("madeOnline", ()))
    always: list[str] = list(terms.get("documents", ()))
    for case, kinds in terms.get("documentsWhen", {}).items():
        always += kinds if _is_about(case, rule, claim) else []
    others = tuple(terms.get("alternativeDocuments", ()))
    return tuple(Needed(kind, rule.code, kind not in by_itself, others) for kind in always)


def papers_missing(rule: Rule, claim: Reimbursement) -> list[str]:
    needed = papers_needed(rule, claim)
    return [paper.kind for paper in needed if paper.is_required and not paper.is_among(claim.papers)]


def originals_needed(rule: Rule, claim: Reimbursement) -> bool:
    """By the kind of the claim in one handbook, by what a day comes to in another (X-29)."""
    terms = rule.parameters
    if "threshold" not in terms:
        return claim.kind in terms["claimKinds"]
    return any(exceeds(rule, amount) for amount in claim.day_sums.values())


def day_sums(visits: Iterable[ClaimedVisit], elsewhere: Mapping[dt.date, Decimal]) -> dict[dt.date, Decimal]:
    """Several visits of a day are one sum, with what other live claims ask for the same day."""
    sums: dict[dt.date, Decimal] = {}
    for visit in visits:
        day = visit.visited_on
        sums[day] = sums.get(day, elsewhere.get(day, Decimal(0))) + visit.amount
    return sums


def _is_about(case: Any, rule: Rule, claim: Reimbursement) -> bool:
    """Whether the case in which a paper is asked for is that of this claim."""
    if case is None:
        return True
    if case == "MINOR":
        return claim.age is not None and claim.age < rule.parameters["minorBelowAge"]
    if case == "AMOUNT":
        return bool(exceeds(rule, claim.amount))
    return {
        "DISCHARGED": claim.kind == INPATIENT,
        "INPATIENT": claim.kind == INPATIENT,
        "OUTPATIENT": claim.kind != INPATIENT,
        "SURGERY": claim.has_surgery,
        "THIRD_PARTY_SETTLED": claim.is_third_party_settled,
    }[case]
