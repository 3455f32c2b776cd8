"""Whether one must ask first, where what is asked for extends or changes an authorization: what it takes the place of
counts no more."""

from typing import Any

import pytest

from tests.support.client import Gateway
from tests.support.preauths import HOSPITAL, PRIVATE, REQUIREMENT, TREATMENT, Case, begin, codes, requirement

STAY: dict[str, Any] = {"category": "INPATIENT", "name": "住院七天", "perTreatment": "25000.00"}
LATER = "2026-03-28T10:00:00+08:00"
"""During the stay: too late for a request of its own."""


def asked(case: Case, price: str, **changes: Any) -> set[str]:
    item = {"category": "OTHER", "name": "治疗", "unitPrice": price}
    return codes(requirement(case.who("customer"), case.number, items=[item], **changes))


def test_the_question_counts_what_is_replaced_no_more(gateway: Gateway) -> None:
    """25,000 are expected already: 30,000 instead of them are no more than the limit, and besides them they are."""
    case = begin(gateway, items=[STAY])
    assert asked(case, "30000.00", supersedes=case.id) == set()
    assert asked(case, "30000.00") == {"CY26-PA-12"}


def test_the_question_counts_the_others_all_the_same(gateway: Gateway) -> None:
    case = begin(gateway, items=[STAY])
    begin(gateway, number=case.number, items=[STAY | {"perTreatment": "5000.00"}])
    assert asked(case, "25000.01", supersedes=case.id) == {"CY26-PA-12"}


def test_the_question_knows_who_goes_on_without_a_gap(gateway: Gateway) -> None:
    case = begin(gateway)
    case.approve()
    given = {"supersedes": case.id, "treatmentOn": "2026-03-30", "hospital": HOSPITAL}
    found = requirement(case.who("customer", LATER), case.number, items=[STAY], **given)
    late = [verdict for verdict in found["verdicts"] if verdict["rule"]["code"] == "CY26-PA-03"]
    assert [verdict["status"] for verdict in late] == ["WARNED"]


@pytest.mark.parametrize("which", ["foreign", "absent", "refused", "elsewhere"])
def test_the_question_takes_what_can_be_revised(gateway: Gateway, which: str) -> None:
    case, other = begin(gateway), begin(gateway)
    if which == "refused":
        case.send("adjuster", "preAuthDecide", decisions=[{"position": 1, "decision": "DENIED", "reason": "x"}])
    ids = {"foreign": other.id, "absent": case.id[:-4] + "0000"}
    given = {"policyNumber": case.number, "treatmentOn": TREATMENT, "items": [STAY]}
    given |= {"supersedes": ids.get(which, case.id)} | ({"hospital": PRIVATE} if which == "elsewhere" else {})
    answer = case.who("customer").ask(REQUIREMENT, input=given)
    assert answer.error["extensions"]["inputPath"] == ["input", "supersedes"]
