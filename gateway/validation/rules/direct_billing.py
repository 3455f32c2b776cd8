"""Direct billing: the networks of a plan, the riders that open them, and the brand that a series stays with."""

from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.facts.visits import Billing, Membership
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict


def in_plan_network(rule: Rule, facts: Facts) -> Verdict:
    """The hospital is in the network of the policy's own plan, today and on the day of the visit; of a visit that has
    been, only its day counts (CY23-NET-01, CY23-NET-02, CY26-NET-01, CY26-NET-04). A list that is not loaded refuses
    nobody."""
    billing, hospital, visit = facts.billing, facts.hospital, facts.visit
    if billing is None or hospital is None or visit is None:
        return rule.unknown(*path(facts, "hospital"))
    values: dict[str, Value] = {"hospital": hospital.name, "visit_on": str(visit.on)}
    if hospital.ownership != rule.parameters.get("ownership", hospital.ownership):
        return rule.passed(**values)
    if not billing.lists & _networks(rule, billing):
        return rule.unknown(*path(facts, "hospital"), **values)
    then = [item for item in _memberships(rule, billing) if item.holds_on(visit.on)]
    today = min(civil_day(facts.now), visit.on)
    if any(item.holds_on(today) for item in then):
        return rule.passed(**values)
    begins = min((item.valid_from for item in then if item.valid_from and item.valid_from > today), default=None)
    passes_from = None if begins is None else start_of(begins)
    return rule.refused(*path(facts, "hospital"), passes_from=passes_from, **values)


def billed_directly(rule: Rule, facts: Facts) -> Verdict:
    """A public hospital carries the mark of direct billing; a private one in the network needs none (CY26-CARD-10)."""
    if facts.billing is None or facts.hospital is None:
        return rule.unknown(*path(facts, "hospital"))
    if facts.billing.is_direct_billing or facts.hospital.ownership == "PRIVATE":
        return rule.passed(hospital=facts.hospital.name)
    return rule.refused(*path(facts, "hospital"), hospital=facts.hospital.name)


def ownership_fits(rule: Rule, facts: Facts) -> Verdict:
    """The institution has the ownership that the rule asks for (CY23-SVC-04, CY26-VAC-07)."""
    if facts.hospital is None:
        return rule.unknown(*path(facts, "hospital"))
    if facts.hospital.ownership == rule.parameters["ownership"]:
        return rule.passed(hospital=facts.hospital.name)
    return rule.refused(*path(facts, "hospital"), hospital=facts.hospital.name)


def rider_held(rule: Rule, facts: Facts) -> Verdict:
    """The policy carries the rider that opens this care (CY26-SVC-05, CY26-NET-03)."""
    if facts.billing is None:
        return rule.unknown(*path(facts, "policyNumber"))
    liability = facts.billing.liability
    needed: str | None = rule.parameters.get("rider", liability)
    if "liabilities" in rule.parameters and liability not in rule.parameters["liabilities"]:
        return rule.passed(rider="")
    if needed in facts.billing.riders:
        return rule.passed(rider=needed or "")
    return rule.refused(*path(facts, "policyNumber"), rider=needed or "")


def same_brand(rule: Rule, facts: Facts) -> Verdict:
    """After the first actual visit the care stays with that brand of clinics (CY26-VAC-10)."""
    billing = facts.billing
    if billing is None:  # no such visit
        return rule.passed()
    values: dict[str, Value] = {"locked_brand": billing.locked_brand or "", "brand": billing.brand or ""}
    if billing.liability not in rule.parameters["liabilities"] or billing.locked_brand is None:
        return rule.passed(**values)
    if billing.brand is None:
        return rule.unknown(*path(facts, "hospital"), **values)
    if billing.brand == billing.locked_brand:
        return rule.passed(**values)
    return rule.refused(*path(facts, "hospital"), passes_from=None, **values)


def brand_closed(rule: Rule, facts: Facts) -> Verdict:
    """Only the closing of its brand lets a series go to another one (CY26-VAC-11)."""
    transfer = facts.transfer
    if transfer is None:
        return rule.unknown()
    values: dict[str, Value] = {"brand": transfer.brand, "closed_on": str(transfer.closed_on or "")}
    if facts.operation == "vaccineBrandTransferDecide" and not transfer.is_approving:
        return rule.passed(**values)
    if transfer.closed_on is not None and transfer.closed_on <= civil_day(facts.now):
        return rule.passed(**values)
    passes_from = None if transfer.closed_on is None else start_of(transfer.closed_on)
    return rule.refused(passes_from=passes_from, **values)


def brand_designated(rule: Rule, facts: Facts) -> Verdict:
    """Who approves a transfer names the brand to go to: another one, which is open (CY26-VAC-11)."""
    transfer = facts.transfer
    if transfer is None or not transfer.is_approving:
        return rule.passed()
    today, closed_on = civil_day(facts.now), transfer.designated_closed_on
    is_open = closed_on is None or closed_on > today
    if transfer.designated not in (None, transfer.brand) and is_open:
        return rule.passed(designated=transfer.designated or "")
    return rule.refused(*path(facts, "brand"), designated=transfer.designated or "–")


def card_not_greyed(rule: Rule, facts: Facts) -> Verdict:
    """What is unpaid has not greyed the card, with which direct billing and its bookings end; claims for
    reimbursement go on (CY23-PAY-06, CY26-BILL-03). No instant cures it, only settling."""
    if facts.billing is None:
        return rule.unknown(*path(facts, "policyNumber"))
    return rule.refused(passes_from=None) if facts.billing.is_card_greyed else rule.passed()


def direct_billing_open(rule: Rule, facts: Facts) -> Verdict:
    """The insurer has not taken direct billing away after missed visits; only a recorded decision does
    (CY26-BKG-13)."""
    if facts.billing is None:
        return rule.unknown(*path(facts, "policyNumber"))
    is_shut = "DIRECT_BILLING" in facts.billing.restrictions
    return rule.refused(passes_from=None) if is_shut else rule.passed()


def _networks(rule: Rule, billing: Billing) -> frozenset[str]:
    """Networks that count: one liability's own, or all of a plan whose handbook draws no line between them."""
    if not rule.parameters.get("byLiability"):
        return billing.lists
    return frozenset({rule.parameters.get("liability", billing.liability)})


def _memberships(rule: Rule, billing: Billing) -> list[Membership]:
    counting = _networks(rule, billing)
    return [item for item in billing.memberships if item.liability in counting]
