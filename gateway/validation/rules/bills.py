"""Bills: when one arises, where it can be paid, and which reminders count."""

import datetime as dt

from gateway.validation.civil_time import civil_day, start_of
from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict


def full_cover_used_up(rule: Rule, facts: Facts) -> Verdict:
    """The plan's visits with full reimbursement are used up before an outpatient bill of a public hospital arises. The
    handbook prints no number; a plan without one is for people to judge (CY23-PAY-01)."""
    bill = facts.bill
    if bill is None or facts.hospital is None:
        return rule.unknown()
    if not _concerns(rule, facts):
        return rule.passed(granted="–", used=bill.full_cover_visits)
    granted: int | None = rule.parameters["fullCoverVisits"].get(bill.plan)
    if granted is None:
        return rule.unknown()
    verdict = rule.passed if bill.full_cover_visits >= granted else rule.refused
    return verdict(granted=granted, used=bill.full_cover_visits)


def payable_online(rule: Rule, facts: Facts) -> Verdict:
    """Online payment is for bills of such hospitals and visits; under a handbook that has the client pay the hospital,
    for none (CY23-PAY-02, CY26-BILL-01). Money that the hospital has taken itself may always be recorded."""
    bill = facts.bill
    if bill is None or facts.hospital is None:
        return rule.unknown(*path(facts, "bill"))
    values: dict[str, Value] = {"hospital": facts.hospital.name, "visit_type": bill.visit_type}
    if not bill.is_paid_online or (rule.parameters.get("payee") != "HOSPITAL" and _concerns(rule, facts)):
        return rule.passed(**values)
    return rule.refused(*path(facts, "bill"), passes_from=None, **values)


def reminder_spaced(rule: Rule, facts: Facts) -> Verdict:
    """Reminders that count lie at least so many days apart; one that was not delivered never counts (CY26-BILL-02)."""
    bill = facts.bill
    if bill is None:
        return rule.unknown()
    days: int = rule.parameters["minDaysBetween"]
    values: dict[str, Value] = {"days": days, "count": bill.reminders, "last_on": str(bill.reminded_on or "–")}
    if bill.reminded_on is None or not bill.is_reminder_delivered:
        return rule.passed(**values)
    earliest = bill.reminded_on + dt.timedelta(days=days)
    if civil_day(facts.now) >= earliest:
        return rule.passed(**values)
    return rule.refused(passes_from=start_of(earliest), **values)


def _concerns(rule: Rule, facts: Facts) -> bool:
    """Whether the bill is of the hospitals and visits that the rule speaks of."""
    if facts.bill is None or facts.hospital is None:
        return False
    return (
        facts.hospital.ownership == rule.parameters.get("ownership", facts.hospital.ownership)
        and facts.bill.visit_type in rule.parameters["visitTypes"]
    )
