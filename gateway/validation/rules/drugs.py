"""Listed drugs: for which illness, by which prescription, from where, and what follows when one is damaged."""

from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.facts.drugs import DrugOrder
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Verdict


def tumor_malignant(rule: Rule, facts: Facts) -> Verdict:
    """The illness is a malignant tumor, as it is declared or as the words of the diagnosis say; where neither tells,
    whoever confirms the illness decides (ZAWX-TBL-01)."""
    if facts.order is None:
        return rule.unknown(*path(facts, "diagnosis"))
    is_malignant = _is_malignant(rule, facts.order)
    if is_malignant is None:
        return rule.unknown(*path(facts, "diagnosis"))
    return rule.passed() if is_malignant else rule.refused(*path(facts, "diagnosis"))


def _is_malignant(rule: Rule, order: DrugOrder) -> bool | None:
    """What is declared, and what the words say; where they contradict each other, nobody can tell from here."""
    words = order.diagnosis.lower()
    is_worded_malignant = any(word in words for word in rule.parameters["malignantWords"])
    is_worded_benign = any(word in words for word in rule.parameters["benignWords"])
    if order.is_malignant is False or is_worded_malignant == is_worded_benign:
        return order.is_malignant
    return True if is_worded_malignant else (None if order.is_malignant else False)


def prescription_given(rule: Rule, facts: Facts) -> Verdict:
    """The paper that is named as the doctor's prescription is one (ZAWX-DRUG-01)."""
    if facts.order is not None and facts.order.papers >= set(rule.parameters["documents"]):
        return rule.passed()
    return rule.refused(*path(facts, "prescription"))


def unavailable_in_hospital(rule: Rule, facts: Facts) -> Verdict:
    """The client states that no hospital of the policy has the drug (ZAWX-DRUG-01)."""
    if facts.order is not None and facts.order.is_unavailable_in_hospital:
        return rule.passed()
    return rule.refused(*path(facts, "isUnavailableInHospital"))


def drug_listed(rule: Rule, facts: Facts) -> Verdict:
    """The very product that is asked for is on the list of the policy's product (ZAWX-LIST-03)."""
    if facts.order is not None and facts.order.is_of_product:
        return rule.passed(number=facts.order.number)
    return rule.refused(*path(facts, "drug"))


def drug_in_force(rule: Rule, facts: Facts) -> Verdict:
    """It is on the list on the day of the request: its first day counts, the day it is taken off does not
    (ZAWX-DRUG-23)."""
    order, today = facts.order, civil_day(facts.now)
    if order is None:
        return rule.unknown(*path(facts, "drug"))
    if order.listed_from is not None and today < order.listed_from:
        return rule.refused(*path(facts, "drug"), passes_from=start_of(order.listed_from), number=order.number)
    if order.listed_until is not None and today >= order.listed_until:
        return rule.refused(*path(facts, "drug"), passes_from=None, number=order.number)
    return rule.passed(number=order.number)


def prescription_approved(rule: Rule, facts: Facts) -> Verdict:
    """Nothing is handed out before the prescription has passed the review (ZAWX-DRUG-03)."""
    is_passed = facts.order is not None and facts.order.review == rule.parameters["requiredReview"]
    return rule.passed() if is_passed else rule.refused(*path(facts, "booking"))


# How the client gets it


def delivery_address_given(rule: Rule, facts: Facts) -> Verdict:
    """What is brought home needs an address (ZAWX-DRUG-04)."""
    wanted = facts.fulfillment
    if wanted is None or wanted.way != "DELIVERY" or wanted.is_placed:
        return rule.passed()
    return rule.refused(*path(facts, "address"))


def pharmacy_designated(rule: Rule, facts: Facts) -> Verdict:
    """The drug is collected at a pharmacy that the vendor has designated; while no list of them is loaded, the vendor
    names one (ZAWX-DRUG-05)."""
    wanted = facts.fulfillment
    if wanted is None or wanted.way != "PICKUP" or wanted.is_pharmacy_designated:
        return rule.passed()
    verdict = rule.unknown if wanted.is_pharmacy_designated is None else rule.refused
    return verdict(*path(facts, "pharmacy"))


def home_deliverable(rule: Rule, facts: Facts) -> Verdict:
    """Drugs that can hardly be brought home are delivered only after somebody has looked at it (ZAWX-LIST-04)."""
    wanted = facts.fulfillment
    if wanted is None or wanted.way != "DELIVERY" or wanted.number not in rule.parameters["numbers"]:
        return rule.passed()
    return rule.warned(*path(facts, "fulfillment"), number=wanted.number)


def inspected_before_paying(rule: Rule, facts: Facts) -> Verdict:
    """Who has a drug brought home looks at it before paying; who did not is told what that means (ZAWX-DRUG-17)."""
    wanted = facts.fulfillment
    if wanted is None or wanted.way != rule.parameters["fulfillment"] or facts.form.get("isInspected"):
        return rule.passed()
    return rule.warned(*path(facts, "isInspected"))


# What is damaged


def damage_told_before_payment(rule: Rule, facts: Facts) -> Verdict:
    """Damage that is told after payment counts as the client's own; after the delivery there is nothing left to send
    (ZAWX-DRUG-18)."""
    damage = facts.damage
    if damage is None or not (damage.is_paid or damage.is_delivered):
        return rule.passed()
    return rule.refused(passes_from=None) if damage.is_delivered else rule.warned(*path(facts, "isPaid"))


def client_damage_counts_as_delivered(rule: Rule, facts: Facts) -> Verdict:
    """What the client has damaged counts as delivered (ZAWX-DRUG-24)."""
    is_concerned = facts.damage is not None and facts.damage.cause == rule.parameters["cause"]
    return rule.warned(*path(facts, "cause")) if is_concerned else rule.passed()


def transit_damage_verified(rule: Rule, facts: Facts) -> Verdict:
    """What was damaged on its way is sent again, once somebody has found that it was (ZAWX-DRUG-25)."""
    damage = facts.damage
    if damage is None or damage.cause != rule.parameters["cause"] or damage.is_paid or damage.is_verified:
        return rule.passed()
    return rule.unknown() if damage.is_verified is None else rule.warned()


# Who it is for


def impersonation_ends_service(rule: Rule, facts: Facts) -> Verdict:
    """Who poses as the insured is served no longer, and the costs may be claimed back (ZAWX-DRUG-26)."""
    return rule.warned(*path(facts, "cause")) if facts.ended_for == rule.parameters["reason"] else rule.passed()
