"""Claims after the visit: what can be claimed, by which way and with which papers, parcels of originals, appeals."""

from gateway.validation.authorization import exceeds
from gateway.validation.facts import Facts
from gateway.validation.facts.claims import Copy
from gateway.validation.reimbursement import originals_needed, papers_missing
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict


def kind_claimable(rule: Rule, facts: Facts) -> Verdict:
    """The handbook knows claims of this kind (CY23-CLM-01, CY26-CLM-01)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "kind"))
    kinds: list[str] = rule.parameters["claimKinds"]
    values: dict[str, Value] = {"kind": claim.kind, "kinds": ", ".join(kinds)}
    return (
        rule.passed(**values) if claim.kind in kinds else rule.refused(*path(facts, "kind"), passes_from=None, **values)
    )


def public_hospital(rule: Rule, facts: Facts) -> Verdict:
    """Only visits to public hospitals are claimed afterwards, but for the kinds with a rule of their own; where the
    handbook leaves emergencies open, people decide on them (CY23-CARD-18, CY23-CLM-01, CY26-BKG-02, CY26-CLM-01)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "visits"))
    if claim.kind in rule.parameters.get("exceptClaimKinds", ()):
        return rule.passed(hospital="")
    for place, visit in enumerate(claim.visits):
        if visit.ownership != "PUBLIC":
            where = _of_visit(facts, place, "hospital")
            is_open = claim.is_emergency and rule.parameters.get("emergency") == "MANUAL_REVIEW"
            return (rule.warned if is_open else rule.refused)(*where, hospital=visit.hospital)
    return rule.passed(hospital="")


def not_billed_directly(rule: Rule, facts: Facts) -> Verdict:
    """What the hospital has settled with the insurer is not claimed a second time (CY23-OPD-02, CY26-CARD-13)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "visits"))
    for place, visit in enumerate(claim.visits):
        if visit.is_billed_directly:
            where = _of_visit(facts, place, "hospital")
            return rule.refused(*where, hospital=visit.hospital, visited_on=str(visit.visited_on))
    return rule.passed(hospital="", visited_on="")


def not_self_ordered(rule: Rule, facts: Facts) -> Verdict:
    """A test that the client has bought on a shopping site is not paid back (CY26-TEST-03)."""
    claim = facts.claim
    is_theirs = claim is not None and claim.is_self_ordered_test
    return rule.refused(*path(facts, "isSelfOrderedTest")) if is_theirs else rule.passed()


def follow_up_only(rule: Rule, facts: Facts) -> Verdict:
    """What an internet hospital has prescribed is claimed for follow-up visits alone, and the claim says that it was
    one (CY23-RX-01)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "isFollowUp"))
    if claim.kind not in rule.parameters["claimKinds"] or claim.is_follow_up:
        return rule.passed()
    return rule.refused(*path(facts, "isFollowUp"))


def internet_hospital_qualified(rule: Rule, facts: Facts) -> Verdict:
    """The prescribing hospital is of the designated private network, or licensed for the internet; where no list
    tells, people look (CY23-RX-02)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "visits"))
    if claim.kind not in rule.parameters["claimKinds"]:
        return rule.passed(hospital="")
    for place, visit in enumerate(claim.visits):
        if not visit.is_internet_hospital:
            return rule.unknown(*_of_visit(facts, place, "hospital"), hospital=visit.hospital)
    return rule.passed(hospital="")


def channel_open(rule: Rule, facts: Facts) -> Verdict:
    """The claim comes by a way that the handbook names, for its kind or for all (CY23-RX-03, CY26-CLM-10)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "channel"))
    channels: list[str] = rule.parameters.get("allChannels", rule.parameters["channels"])
    values: dict[str, Value] = {"channel": claim.channel, "channels": ", ".join(channels)}
    is_meant = claim.kind in rule.parameters.get("claimKinds", [claim.kind])
    if not is_meant or claim.channel in channels:
        return rule.passed(**values)
    return rule.refused(*path(facts, "channel"), passes_from=None, **values)


def general_department(rule: Rule, facts: Facts) -> Verdict:
    """A vaccine is paid back where a general department gave it, anywhere in the country (CY26-VAC-12)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "visits"))
    classes: list[str] = rule.parameters["departmentClasses"]
    for place, visit in enumerate(claim.visits):
        if visit.department_class not in classes:
            where = _of_visit(facts, place, "departmentClass")
            return rule.refused(*where, hospital=visit.hospital, given=visit.department_class or "")
    return rule.passed(hospital="", given="")


def account_given(rule: Rule, facts: Facts) -> Verdict:
    """Card number and opening bank of the account to pay to (CY23-CLM-05, CY26-CLM-03)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "bankAccount"))
    if not claim.missing_account:
        return rule.passed(missing="")
    where = (*path(facts, "bankAccount"), claim.missing_account[0])
    return rule.refused(*where, missing=", ".join(claim.missing_account))


def papers_given(rule: Rule, facts: Facts) -> Verdict:
    """Every paper that the rule asks for in this case was handed in. What staff write down may come later, and so may
    what an earlier claim still lacks (CY23-CLM-02 to 08, CY26-CLM-02 to 09, CY26-BILL-04)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "documents"))
    missing = papers_missing(rule, claim)
    if not missing:
        return rule.passed(papers="")
    may_follow = claim.is_recorded or claim.is_filed
    return (rule.warned if may_follow else rule.refused)(*path(facts, "documents"), papers=", ".join(missing))


def copies_clear(rule: Rule, facts: Facts) -> Verdict:
    """What is handed in online is in color and large enough to be read. Bytes tell that only roughly, so that nothing
    is refused for it: people look (CY26-CLM-10)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "documents"))
    if claim.channel not in rule.parameters["channels"]:
        return rule.passed(papers="")
    gray = sorted({copy.kind for copy in claim.copies if copy.has_color is False})
    small = sorted({copy.kind for copy in claim.copies if _is_small(rule, copy)} - set(gray))
    if not gray and not small:
        return rule.passed(papers="")
    return rule.warned(*path(facts, "documents"), papers=", ".join([*gray, *small]))


def _is_small(rule: Rule, copy: Copy) -> bool:
    if copy.shorter_side is not None:
        return copy.shorter_side < rule.parameters["minPixels"]
    return copy.dots_per_inch is not None and copy.dots_per_inch < rule.parameters["minDotsPerInch"]


def within_online_limit(rule: Rule, facts: Facts) -> Verdict:
    """What is claimed online or by the hotline stays, for each day, within the limit, which is included
    (CY26-CLM-10)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "visits"))
    largest = max(claim.day_sums.values(), default=claim.amount)
    values: dict[str, Value] = {"amount": str(largest), "threshold": rule.parameters["threshold"]}
    if claim.channel not in rule.parameters["channels"] or not exceeds(rule, largest):
        return rule.passed(**values)
    return rule.refused(*path(facts, "channel"), passes_from=None, **values)


def originals_posted(rule: Rule, facts: Facts) -> Verdict:
    """Where originals are needed, they go by mail, and the claim waits for them (CY23-CLM-09, CY26-CLM-11)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "channel"))
    if not originals_needed(rule, claim):
        return rule.passed()
    if claim.channel != "MAIL_ORIGINALS":
        return rule.refused(*path(facts, "channel"))
    return rule.warned(*path(facts, "documents"))


def invoice_marked(rule: Rule, facts: Facts) -> Verdict:
    """An invoice that is claimed online carries the words that it was (CY26-CLM-12)."""
    claim = facts.claim
    if claim is None:
        return rule.unknown(*path(facts, "visits"))
    marking: str = rule.parameters["marking"]
    if claim.channel in rule.parameters["channels"]:
        for place, visit in enumerate(claim.visits):
            if not visit.is_invoice_marked:
                return rule.refused(*_of_visit(facts, place, "isInvoiceMarked"), marking=marking)
    return rule.passed(marking=marking)


def invoice_free(rule: Rule, facts: Facts) -> Verdict:
    """No other live claim has this invoice: an original serves once (CY23-CLM-06, CY26-CLM-06)."""
    claim = facts.claim
    taken = () if claim is None else claim.taken_invoices
    if not taken:
        return rule.passed(invoices="")
    return rule.refused(*path(facts, "visits"), invoices=", ".join(taken))


def parcel_prepaid(rule: Rule, facts: Facts) -> Verdict:
    """The sender has paid for the parcel; one that is to be paid on arrival is not taken in (CY26-CLM-13)."""
    if facts.parcel is None:
        return rule.unknown(*path(facts, "isPrepaid"))
    return rule.passed() if facts.parcel.is_prepaid else rule.refused(*path(facts, "isPrepaid"))


def parcel_told(rule: Rule, facts: Facts) -> Verdict:
    """Whoever mails originals tells the tracking number and whose they are (CY26-CLM-15)."""
    if facts.parcel is None:
        return rule.unknown(*path(facts, "trackingNumber"))
    missing = facts.parcel.missing
    if not missing:
        return rule.passed(missing="")
    return rule.refused(*path(facts, missing[0]), missing=", ".join(missing))


def decided_before_appeal(rule: Rule, facts: Facts) -> Verdict:
    """There is a decision to appeal against (CY26-CLM-16)."""
    if facts.is_decided is None:
        return rule.unknown(*path(facts, "claim"))
    return rule.passed() if facts.is_decided else rule.refused(*path(facts, "claim"))


def authorization_found(rule: Rule, facts: Facts) -> Verdict:
    """A direct claim has the authorization that it needed. Without it the insurer may decline the cost: people decide
    (CY26-PA-05)."""
    claim = facts.claim
    return rule.warned(*path(facts, "claim")) if claim and claim.is_preauth_missing else rule.passed()


def nothing_overpaid(rule: Rule, facts: Facts) -> Verdict:
    """No more has been paid than the decision grants; what is too much is asked back (CY26-BILL-06)."""
    if not facts.overpaid:
        return rule.passed(amount="0.00")
    return rule.warned(amount=str(facts.overpaid))


def _of_visit(facts: Facts, place: int, field: str) -> tuple[str, ...]:
    where = path(facts, "visits")
    return (*where, str(place), field) if where else ()
