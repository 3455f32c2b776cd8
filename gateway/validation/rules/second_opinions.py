"""Second opinions from abroad: the stages in their order, the hospitals, the papers, and the consent to send them."""

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import path
from gateway.validation.verdict import Value, Verdict

REQUIRED = {"QUESTION_LIST": "questions", "CONSULTATION_RECORD": "document"}
"""What a stage has to leave behind → the field that brings it."""


def stage_in_order(rule: Rule, facts: Facts) -> Verdict:
    """A stage follows the one before it; each rule speaks for its own (ZAWX-SOP-01 to 12, ZAWX-SOP-18)."""
    if not _is_meant(rule, facts) or facts.step is None:
        return rule.passed()
    verdict = rule.passed if facts.step.leads_to else rule.refused
    return verdict(status=facts.step.status)


def stage_leaves_record(rule: Rule, facts: Facts) -> Verdict:
    """A stage is done when it leaves what it must (ZAWX-SOP-02, ZAWX-SOP-09)."""
    field = REQUIRED[rule.parameters["requires"]]
    is_last = facts.opinion is not None and facts.opinion.stage == rule.parameters["stage"]
    if not is_last or (facts.opinion and facts.opinion.brings & {field}):
        return rule.passed()
    return rule.refused(*path(facts, field))


def consent_to_send_abroad(rule: Rule, facts: Facts) -> Verdict:
    """No record leaves the country before the insured has agreed to this very recipient (ZAWX-SOP-09)."""
    opinion = facts.opinion
    if opinion is None or opinion.stage != "SENDING" or opinion.has_consent or not opinion.recipient:
        return rule.passed()  # as long as no hospital is chosen, there is nowhere to send anything
    return rule.refused(recipient=opinion.recipient)


def hospitals_within_bounds(rule: Rule, facts: Facts) -> Verdict:
    """The vendor proposes neither too few hospitals nor too many (ZAWX-SOP-04)."""
    count = facts.opinion.proposed if facts.opinion else 0
    fewest, most = int(rule.parameters["minHospitals"]), int(rule.parameters["maxHospitals"])
    values: dict[str, Value] = {"count": count, "min_hospitals": fewest, "max_hospitals": most}
    if fewest <= count <= most:
        return rule.passed(**values)
    return rule.refused(*path(facts, "hospitals"), passes_from=None, **values)


def hospital_among_proposed(rule: Rule, facts: Facts) -> Verdict:
    """The client chooses one of those that were proposed (ZAWX-SOP-05)."""
    is_among = facts.opinion is not None and facts.opinion.is_among_proposed
    return rule.passed() if is_among else rule.refused(*path(facts, "hospital"))


def papers_or_reasons(rule: Rule, facts: Facts) -> Verdict:
    """Each kind of paper is handed in, or it is said why there is none (ZAWX-SOP-07)."""
    accounted = {paper.kind for paper in facts.papers} | (facts.opinion.not_applicable if facts.opinion else set())
    missing = ", ".join(kind for kind in rule.parameters["documents"] if kind not in accounted)
    return rule.warned(*path(facts, "documents"), missing=missing) if missing else rule.passed(missing="")


def imaging_in_format(rule: Rule, facts: Facts) -> Verdict:
    """Images come in the format that hospitals exchange; what is on film alone the vendor scans (ZAWX-SOP-08)."""
    media_type: str = rule.parameters["mediaType"]
    kinds = set(rule.parameters["documents"])
    others = sorted({paper.kind for paper in facts.papers if paper.kind in kinds and paper.media_type != media_type})
    values: dict[str, Value] = {"kinds": ", ".join(others), "format": rule.parameters["format"]}
    if not others or (facts.opinion is not None and facts.opinion.needs_scan):
        return rule.passed(**values)
    return rule.refused(*path(facts, "documents"), passes_from=None, **values)


def _is_meant(rule: Rule, facts: Facts) -> bool:
    stages = rule.parameters.get("stages") or [rule.parameters["stage"]]
    return facts.opinion is not None and facts.opinion.stage in stages
