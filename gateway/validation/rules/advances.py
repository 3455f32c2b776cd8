"""Hospital costs paid in advance: for which stay, up to which amount, who has agreed, and what comes back."""

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.facts.advances import Advancing
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict

APPROVED = "APPROVED"
MAY_FOLLOW = frozenset({"advanceRequest"})
"""Operations after which the client may still agree: nothing is signed, and nothing paid."""

GATHERING = frozenset({"advanceDocumentsSubmit"})
COMPARED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {"LT": operator.lt, "LTE": operator.le}
NOTHING = Advancing("", dt.date.min, "")
"""In place of a stay that an operation does not know."""


# The stay


def cost_type_covered(rule: Rule, facts: Facts) -> Verdict:
    """Costs of this kind are paid in advance: a deposit by one handbook, by others only treatment in hospital
    (ZAWX-ADV-01, ZAWX-ADV-22, VAS-ADV-01, CY26-ADV-19)."""
    given = _stay(facts).cost_type
    is_listed = given in rule.parameters.get("costTypes", [given])
    if is_listed and given not in rule.parameters.get("excludedCostTypes", []):
        return rule.passed(cost_type=given)
    return rule.refused(*path(facts, "costType"), cost_type=given)


def no_excluded_circumstance(rule: Rule, facts: Facts) -> Verdict:
    """Nothing is involved that rules an advance out: a traffic accident, somebody else's money, a lawsuit
    (ZAWX-ADV-17, CY26-ADV-12)."""
    given = _stay(facts).circumstances
    found = [word for word in rule.parameters["exclusions"] if word in given]
    if not found:
        return rule.passed(found="")
    return rule.refused(*path(facts, given[found[0]]), found=", ".join(found))


def admitted_already(rule: Rule, facts: Facts) -> Verdict:
    """The insured is in hospital on the day of the request (CY26-SVC-06)."""
    day = _stay(facts).admitted_on
    values: dict[str, Value] = {"admitted_on": str(day)}
    if day <= civil_day(facts.now):
        return rule.passed(**values)
    return rule.refused(*path(facts, "admittedOn"), passes_from=start_of(day), **values)


def advance_hospital_fits(rule: Rule, facts: Facts) -> Verdict:
    """The hospital has the ownership asked for and does not bill directly, which would go first; only the insurer makes
    an exception (CY26-ADV-01, CY26-ADV-20)."""
    hospital, stay = facts.hospital, _stay(facts)
    if hospital is None:
        return rule.unknown(*path(facts, "hospital"))
    values: dict[str, Value] = {"hospital": hospital.name}
    if hospital.ownership != rule.parameters.get("ownership", hospital.ownership):
        return rule.refused(*path(facts, "hospital"), passes_from=None, **values)
    if stay.is_billed_directly is None:
        return rule.unknown(*path(facts, "hospital"), **values)
    if not stay.is_billed_directly:
        return rule.passed(**values)
    answer: Any = rule.warned if stay.is_excused else rule.refused
    return answer(*path(facts, "hospital"), **values)


def in_advance_network(rule: Rule, facts: Facts) -> Verdict:
    """The hospital stands on the vendor's list for advances. Where none is loaded, whoever reviews says it
    (VAS-ADV-07, CY26-ADV-21)."""
    stay = _stay(facts)
    values: dict[str, Value] = {"hospital": facts.hospital.name if facts.hospital else ""}
    found = stay.is_in_network if stay.is_in_network is not None else stay.findings.get("HOSPITAL_ACCEPTED")
    if found:
        return rule.passed(**values)
    if found is None and stay.outcome != APPROVED:
        return rule.unknown(*path(facts, "hospital"), **values)
    if stay.outcome not in (None, APPROVED):
        return rule.warned(*path(facts, "HOSPITAL_ACCEPTED"), **values)
    return rule.refused(
        *path(facts, "hospital" if stay.outcome is None else "HOSPITAL_ACCEPTED"), passes_from=None, **values
    )


def originals_handed_over(rule: Rule, facts: Facts) -> Verdict:
    """The original invoices can be handed over at discharge (VAS-ADV-09)."""
    if _stay(facts).can_hand_over_originals:
        return rule.passed()
    return rule.refused(*path(facts, "canHandOverOriginals"))


def social_insurance_settles(rule: Rule, facts: Facts) -> Verdict:
    """Social insurance settles on the spot, or else the papers come at discharge; with one of the two missing, people
    decide (CY26-ADV-17)."""
    stay = _stay(facts)
    if not stay.can_hand_over_originals and stay.settles_in_real_time is False:
        return rule.refused(*path(facts, "isSettledInRealTime"))
    if not stay.can_hand_over_originals or stay.settles_in_real_time is False:
        return rule.unknown(*path(facts, "canHandOverOriginals"))
    return rule.passed()


def stay_open(rule: Rule, facts: Facts) -> Verdict:
    """The insured has not left the hospital; on the day of discharge the stay still lasts (ZAWX-ADV-02)."""
    ends_on = _stay(facts).discharge_on
    values: dict[str, Value] = {"discharge_on": str(ends_on or "")}
    if ends_on is None or civil_day(facts.now) <= ends_on:
        return rule.passed(**values)
    return rule.refused(passes_from=None, **values)


# Amounts


def stay_below_agreed_limit(rule: Rule, facts: Facts) -> Verdict:
    """All payments of one stay together stay below what was agreed for one; the limit itself is too much
    (VAS-ADV-08)."""
    return _within(rule, facts, _stay(facts).agreed_limit)


def within_authorized_limit(rule: Rule, facts: Facts) -> Verdict:
    """What is approved for the stay does not exceed what the insurer has authorized (VAS-TBL-09)."""
    return _within(rule, facts, _stay(facts).authorized_limit)


def _within(rule: Rule, facts: Facts, limit: Decimal | None) -> Verdict:
    total = _stay(facts).total
    values: dict[str, Value] = {"total": str(total or ""), "limit": str(limit or "")}
    if total is None:
        return rule.passed(**values)  # nothing is granted in this step
    if limit is None:
        return rule.unknown(*path(facts, "amount"), **values)
    if COMPARED[rule.parameters["operator"]](total, limit):
        return rule.passed(**values)
    return rule.refused(*path(facts, "amount"), passes_from=None, **values)


def nothing_paid_yet(rule: Rule, facts: Facts) -> Verdict:
    """No money has flowed: after a payment the client can no longer call it off (ZAWX-ADV-14)."""
    paid = _stay(facts).paid
    values: dict[str, Value] = {"paid": str(paid)}
    return rule.passed(**values) if paid == 0 else rule.refused(passes_from=None, **values)


def difference_owed(rule: Rule, facts: Facts) -> Verdict:
    """What was advanced above the claim's amount is owed back; where the two are equal, nothing is
    (ZAWX-ADV-21, CY26-ADV-14)."""
    stay = _stay(facts)
    if stay.adjudicated is None:
        return rule.unknown()
    owed = max(stay.paid - stay.adjudicated, Decimal("0.00"))
    values: dict[str, Value] = {"paid": str(stay.paid), "adjudicated": str(stay.adjudicated), "owed": str(owed)}
    return rule.warned(**values) if owed else rule.passed(**values)


def returned_when_not_covered(rule: Rule, facts: Facts) -> Verdict:
    """What was advanced for an illness that is not covered is owed back in full (ZAWX-ADV-11)."""
    values: dict[str, Value] = {"paid": str(_stay(facts).paid)}
    return rule.passed(**values) if _stay(facts).is_covered else rule.warned(**values)


# Papers, and the client's word


def client_agreed(rule: Rule, facts: Facts) -> Verdict:
    """The client has agreed to this clause by naming it; it may still be done before anything is signed
    (ZAWX-ADV-19, ZAWX-ADV-22, CY26-ADV-23)."""
    if rule.code in facts.acknowledged:
        return rule.passed(disclosure=rule.code)
    answer = rule.unknown if facts.operation in MAY_FOLLOW else rule.refused
    return answer(*path(facts, "acknowledged"), disclosure=rule.code)


def papers_complete(rule: Rule, facts: Facts) -> Verdict:
    """Every paper of the list is there, for an accident its own too; of kinds joined by a bar, one is enough
    (ZAWX-ADV-12, CY26-ADV-05, CY26-ADV-10)."""
    stay, given = _stay(facts), {paper.kind for paper in facts.papers}
    wanted = list[str](rule.parameters.get("documents", []))
    if stay.cause == "ACCIDENT":
        wanted += rule.parameters.get("accidentDocuments", [])
    missing = [kinds for kinds in wanted if given.isdisjoint(kinds.split("|"))]
    is_short = len(facts.papers) < rule.parameters.get("minDocuments", 0)
    values: dict[str, Value] = {"missing": ", ".join(missing)}
    if not missing and not is_short:
        return rule.passed(**values)
    is_soft = facts.operation in GATHERING or stay.outcome not in (None, APPROVED)
    answer: Any = rule.warned if is_soft else rule.refused
    return answer(*path(facts, "documents"), **values)


def doctor_contact_given(rule: Rule, facts: Facts) -> Verdict:
    """Where nobody can come to the hospital, the attending doctor can be reached (ZAWX-ADV-15)."""
    stay = _stay(facts)
    if stay.has_doctor_contact or not stay.is_force_majeure:
        return rule.passed()
    return rule.refused(*path(facts, "attendingDoctorContact"))


def mandate_signed(rule: Rule, facts: Facts) -> Verdict:
    """The papers by which the client entrusts the vendor are signed: with the signature they are handed in, and
    afterwards it stands (ZAWX-ADV-03, ZAWX-ADV-08, VAS-ADV-16, CY26-ADV-08)."""
    wanted: list[str] = rule.parameters.get("signedDocuments", [])
    is_signed = facts.operation != "advanceSign" and _stay(facts).is_signed
    missing = [] if is_signed else [kind for kind in wanted if kind not in {paper.kind for paper in facts.papers}]
    values: dict[str, Value] = {"missing": ", ".join(missing)}
    if is_signed or (not missing and facts.operation == "advanceSign"):
        return rule.passed(**values)
    return rule.refused(*path(facts, "documents"), passes_from=None, **values)


# Reviews


def case_confirmed(rule: Rule, facts: Facts) -> Verdict:
    """Somebody has confirmed who the client is, and the illness, before the case is reviewed (ZAWX-ADV-06)."""
    return rule.passed() if _stay(facts).is_confirmed else rule.refused()


def found_in_review(rule: Rule, facts: Facts) -> Verdict:
    """Whoever reviews has looked at this and found nothing against it; before the review nobody knows
    (VAS-ADV-02 to 06, ZAWX-ADV-20, CY26-ADV-13)."""
    finding: str = rule.parameters["finding"]
    stay = _stay(facts)
    found = stay.findings.get(finding)
    if found:
        return rule.passed(finding=finding)
    if stay.outcome == APPROVED:
        return rule.refused(*path(facts, finding), finding=finding)
    answer = rule.unknown if found is None else rule.warned
    return answer(*path(facts, finding), finding=finding)


def refusal_explained(rule: Rule, facts: Facts) -> Verdict:
    """Who refuses says why, so that the client can be told (ZAWX-ADV-07, ZAWX-ADV-16, VAS-ADV-15, CY26-ADV-07,
    CY26-ADV-11)."""
    stay = _stay(facts)
    return rule.refused(*path(facts, "reason")) if stay.outcome == "REFUSED" and not stay.reason else rule.passed()


def reviewed_by_another(rule: Rule, facts: Facts) -> Verdict:
    """The vendor has passed it before, and whoever authorizes is somebody else (VAS-ADV-14)."""
    stay = _stay(facts)
    if stay.outcome != APPROVED:
        return rule.passed()
    reviewer = stay.approvals.get("VENDOR")
    return rule.passed() if reviewer is not None and reviewer != stay.reviewer else rule.refused()


def payment_cleared(rule: Rule, facts: Facts) -> Verdict:
    """Everybody whose word this payment needs has approved it (ZAWX-ADV-08, VAS-TBL-08, CY26-SVC-04)."""
    wanted: list[str] = rule.parameters["reviewers"]
    missing = [stage for stage in wanted if stage not in _stay(facts).approvals]
    values: dict[str, Value] = {"missing": ", ".join(missing)}
    return rule.refused(passes_from=None, **values) if missing else rule.passed(**values)


# The discharge


def told_before_discharge(rule: Rule, facts: Facts) -> Verdict:
    """The discharge is announced at least so many calendar days ahead; a later notice can only be recorded by those who
    take the call (ZAWX-ADV-18, CY26-ADV-09, CY26-ADV-23)."""
    stay = _stay(facts)
    if stay.discharge_on is None:
        return rule.unknown(*path(facts, "dischargeOn"))
    days: int = rule.parameters["minLeadDays"]
    values: dict[str, Value] = {"discharge_on": str(stay.discharge_on), "min_lead_days": days}
    if civil_day(facts.now) <= stay.discharge_on - dt.timedelta(days=days):
        return rule.passed(**values)
    answer: Any = rule.warned if stay.is_excused else rule.refused
    return answer(*path(facts, "dischargeOn"), **values)


def _stay(facts: Facts) -> Advancing:
    return facts.advance or NOTHING
