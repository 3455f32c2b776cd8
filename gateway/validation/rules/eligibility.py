"""Who may ask for what: the product, the policy, the patient, the vendor, and the step in the life of a case."""

import datetime as dt

from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Cover
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict

ABOUT_TODAY = frozenset(
    {
        "entitlementVerify",
        "consultationStart",
        "checkupPlanRequest",
        "drugQuestionAsk",
        "drugPurchaseRequest",
        "respiratoryTestOrder",
        "advanceRequest",
        "expertCallNow",
        "inpatientGreenChannelRequest",
        "secondOpinionRequest",
    }
)
"""Operations that ask what holds now, and name no visit."""


def service_in_product(rule: Rule, facts: Facts) -> Verdict:
    """The product of the policy has the service (ZYB-GEN-03)."""
    if facts.is_service_in_product:
        return rule.passed(service=facts.service, product=facts.product)
    return rule.refused(*path(facts, "policyNumber"), service=facts.service, product=facts.product)


def verified_by_policy_number(rule: Rule, facts: Facts) -> Verdict:
    """The request names a policy that is known by its number (ZYB-ESC-02)."""
    return rule.passed() if facts.is_policy_number_known else rule.refused(*path(facts, "policyNumber"))


def verified_by_person_info(rule: Rule, facts: Facts) -> Verdict:
    """Name and number of an identity paper are those of an insured of the policy (ZAWX-DRUG-12)."""
    if facts.is_person_known is None:
        return rule.unknown(*path(facts, "person"))
    return rule.passed() if facts.is_person_known else rule.refused(*path(facts, "person"))


def handled_by_own_vendor(rule: Rule, facts: Facts) -> Verdict:
    """A vendor acts only on cases that are its own; customers and staff are not bound by this (ZYB-GEN-02)."""
    is_own = facts.acting_vendor is None or facts.acting_vendor == facts.vendor
    verdict = rule.passed if is_own else rule.refused
    return verdict(vendor=facts.vendor or "")


def patient_is_insured(rule: Rule, facts: Facts) -> Verdict:
    """The patient is the insured person, whoever sends the request (ZYB-TBL-02, VAS-TBL-07)."""
    if facts.patient is None:
        return rule.unknown(*path(facts, "patientName"))
    return rule.passed() if facts.patient.is_insured else rule.refused(*path(facts, "patientName"))


def within_policy_year(rule: Rule, facts: Facts) -> Verdict:
    """The request and the day of the visit both lie in the policy year, whose last day counts (ZYB-TBL-10, GEN-11)."""
    cover, visit = facts.cover, facts.visit
    if cover is None:
        return rule.unknown(*path(facts, "policyNumber"))
    if visit is None and facts.operation not in ABOUT_TODAY:
        return rule.unknown(*path(facts, "visitAt"))
    day = civil_day(facts.now) if visit is None else visit.on
    values = {"starts_on": str(cover.starts_on), "ends_on": str(cover.ends_on), "visit_on": str(day)}
    if visit is not None and not cover.starts_on <= day <= cover.ends_on:
        return rule.refused(*path(facts, "visitAt"), passes_from=None, **values)
    if facts.now < cover.starts_at:
        return rule.refused(passes_from=cover.starts_at, **values)
    return rule.passed(**values) if facts.now < _end_of(cover) else rule.refused(passes_from=None, **values)


def step_allowed(rule: Rule, facts: Facts) -> Verdict:
    """The lifecycle has such a step from this state for this role (ZYB-ESC-04 and the other flow clauses)."""
    if facts.step is None:
        return rule.passed()
    verdict = rule.passed if facts.step.leads_to else rule.refused
    return verdict(status=facts.step.status, command=facts.step.command)


def _end_of(cover: Cover) -> dt.datetime:
    return start_of(cover.ends_on + dt.timedelta(days=1))


def provided_for(rule: Rule, facts: Facts) -> Verdict:
    """The handbook of this product provides for what is asked; where it is silent, nobody may do it to the client."""
    return rule.passed() if rule.parameters.get("isDeductible") else rule.refused()
