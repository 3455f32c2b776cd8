"""Direct claims: the card and the papers shown, the booking and the authorization behind them, and the signatures."""

from gateway.validation.authorization import exceeds, is_listed, matching
from gateway.validation.facts import Facts
from gateway.validation.facts.direct_claims import DirectClaim
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict

CAME = frozenset({"CONFIRMED", "IN_SERVICE", "COMPLETED"})
"""States of a booking that was confirmed and not called off."""


def visited_within_cover(rule: Rule, facts: Facts) -> Verdict:
    """The visit lies in the policy year, whose last day counts; the hospital may bill it later
    (CY23-SVC-01, CY26-BKG-01, GEN-11)."""
    if facts.cover is None or facts.visit is None:
        return rule.unknown(*path(facts, "visitedOn"))
    cover, day = facts.cover, facts.visit.on
    values: dict[str, Value] = {
        "visit_on": str(day),
        "starts_on": str(cover.starts_on),
        "ends_on": str(cover.ends_on),
    }
    if cover.starts_on <= day <= cover.ends_on:
        return rule.passed(**values)
    return rule.refused(*path(facts, "visitedOn"), passes_from=None, **values)


def card_active(rule: Rule, facts: Facts) -> Verdict:
    """The card that is shown is the insured's own, bound and not greyed (CY23-CARD-05, CY26-CARD-17, CY26-VAC-06)."""
    claim = facts.direct
    if claim is None:
        return rule.unknown(*path(facts, "cardNumber"))
    values: dict[str, Value] = {"status": claim.card_status}
    if not _concerns(rule, claim) or (claim.is_own_card and claim.card_status == rule.parameters["cardStatus"]):
        return rule.passed(**values)
    return rule.refused(*path(facts, "cardNumber"), passes_from=None, **values)


def identity_shown(rule: Rule, facts: Facts) -> Verdict:
    """An identity paper is shown; where the handbook says so, one with a photo and of the kind that was given in the
    application. Of a kind that may have none, people judge (CY26-BKG-14, CY26-VAC-06)."""
    claim = facts.direct
    if claim is None:
        return rule.unknown(*path(facts, "shownIdType"))
    values: dict[str, Value] = {"shown": claim.shown_id_type or "–", "applied": claim.applied_id_type or "–"}
    if not _concerns(rule, claim):
        return rule.passed(**values)
    must_match = rule.parameters.get("idTypeMatchesPolicy", False)
    if claim.shown_id_type is None or (must_match and claim.shown_id_type != claim.applied_id_type):
        return rule.refused(*path(facts, "shownIdType"), passes_from=None, **values)
    if claim.shown_id_type not in rule.parameters.get("idTypes", [claim.shown_id_type]):
        return rule.unknown(*path(facts, "shownIdType"), **values)
    return rule.passed(**values)


def direct_papers_given(rule: Rule, facts: Facts) -> Verdict:
    """The papers that this care needs are handed in; some only from an amount on (CY26-BKG-05, CY26-BILL-04)."""
    claim = facts.direct
    if claim is None:
        return rule.unknown(*path(facts, "documents"))
    is_needed = "threshold" not in rule.parameters or exceeds(rule, claim.amount)
    missing = [kind for kind in rule.parameters["documents"] if kind not in claim.papers]
    if not is_needed or not missing or not _concerns(rule, claim):
        return rule.passed(missing="", amount=str(claim.amount))
    return rule.refused(
        *path(facts, "documents"), passes_from=None, missing=", ".join(missing), amount=str(claim.amount)
    )


def public_visit_booked(rule: Rule, facts: Facts) -> Verdict:
    """At a public hospital such a visit was booked for that day and confirmed before; whoever walks in is not billed
    directly (CY23-OPD-04)."""
    claim, billing, visit = facts.direct, facts.billing, facts.visit
    if claim is None or billing is None or visit is None or facts.hospital is None:
        return rule.unknown(*path(facts, "booking"))
    values: dict[str, Value] = {"visit_on": str(visit.on), "status": claim.booking_status or "–"}
    is_concerned = facts.hospital.ownership == rule.parameters["ownership"]
    if not is_concerned or billing.visit_type not in rule.parameters["visitTypes"]:
        return rule.passed(**values)
    if claim.booking_status in CAME and claim.booked_on == visit.on:
        return rule.passed(**values)
    return rule.refused(*path(facts, "booking"), passes_from=None, **values)


def authorized_where_listed(rule: Rule, facts: Facts) -> Verdict:
    """What stands on a list of the handbook was authorized before the treatment; an emergency that was told in time is
    decided afterwards (CY23-IPD-06, CY26-PA-02)."""
    claim = facts.direct
    if claim is None:
        return rule.unknown(*path(facts, "lines"))
    listed = {match.position for match in matching(claim.lists, claim.items, claim.amount)}
    names = ", ".join(claim.items[at - 1].name for at in sorted(listed))
    if claim.authorization == "GRANTED":
        return rule.passed(items=names)
    if listed and claim.authorization == "EMERGENCY":
        return rule.warned(*path(facts, "preAuth"), items=names)
    if listed:
        return rule.refused(*path(facts, "preAuth"), passes_from=None, items=names)
    if any(is_listed(item, line) is None for item in claim.lists for line in claim.items):
        return rule.unknown(*path(facts, "lines"), items="")
    return rule.passed(items="")


def vaccine_licensed(rule: Rule, facts: Facts) -> Verdict:
    """Every vaccine is approved by the state and not experimental (CY26-VAC-04)."""
    claim = facts.direct
    if claim is None or not claim.vaccines:
        return rule.unknown(*path(facts, "lines"), vaccine="–")
    terms = rule.parameters
    for name, is_approved, is_experimental in claim.vaccines:
        if None not in (is_approved, is_experimental) and (is_approved, is_experimental) != (
            terms["isApproved"],
            terms["isExperimental"],
        ):
            return rule.refused(*path(facts, "lines"), passes_from=None, vaccine=name)
    for name, *known in claim.vaccines:
        if None in known:
            return rule.unknown(*path(facts, "lines"), vaccine=name)
    return rule.passed(vaccine="")


def direct_papers_signed(rule: Rule, facts: Facts) -> Verdict:
    """The client has signed what this handbook has signed for such care, and has gone through record and charges with
    the hospital where it says so (CY23-OPD-02, CY26-BKG-06, CY26-VAC-08)."""
    claim = facts.direct
    if claim is None:
        return rule.unknown(*path(facts, "papers"))
    unsigned = [paper for paper in rule.parameters["signatures"] if paper not in claim.signatures]
    unconfirmed = [item for item in rule.parameters.get("confirmations", ()) if item not in claim.confirmations]
    missing = ", ".join([*unsigned, *unconfirmed])
    if not missing or not _concerns(rule, claim):
        return rule.passed(missing="")
    return rule.refused(*path(facts, "papers" if unsigned else "confirmations"), missing=missing)


def _concerns(rule: Rule, claim: DirectClaim) -> bool:
    """Whether the rule speaks of this kind of care."""
    return claim.liability in rule.parameters.get("liabilities", (claim.liability,))
