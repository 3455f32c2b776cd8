"""Health records as whoever keeps them writes them, and as the family reads them."""

from typing import Any

from tests.support import consents, visits
from tests.support.client import Answer, Client, Gateway
from tests.support.consultations import send
from tests.support.escorts import NOW, person
from tests.support.preauths import CHILD

KEEPER = "JDHEALTH"
ENTRY = "id kind on title heightCm weightKg note document { id } at"
GROWTH = """id assessedOn mode assessment dietPlan pediatrician healthManager nutritionist rehabilitationTherapist at"""
RECORD = f"""id vendor {{ code }} basics familyHistory habits
  entries(first: 10) {{ totalCount nodes {{ {ENTRY} }} }} growthAssessments {{ {GROWTH} }}
  checkupPlans {{ suggestions }} vaccinations {{ vaccine dose doneOn }} updatedAt"""
READ = f"query R($n: String!) {{ policy(number: $n) {{ insured {{ id healthRecord {{ {RECORD} }} }} }} }}"
NODE = "query N($id: ID!) { node(id: $id) { __typename } }"

STAYS = {"basics": ["足月顺产"], "familyHistory": ["高血压"], "habits": ["挑食"]}
REPORT = {"kind": "CHECKUP_REPORT", "on": "2026-03-01", "title": "入园体检", "note": "视力正常"}
MEASURED = {"kind": "GROWTH_MEASUREMENT", "on": "2026-03-02", "heightCm": "112.5", "weightKg": "19.35"}
TEAM = {
    "pediatrician": "王医生",
    "healthManager": "李管家",
    "nutritionist": "赵营养师",
    "rehabilitationTherapist": "钱康复师",
}
ASSESSED = {
    "assessedOn": "2026-03-05",
    "mode": "PHONE",
    "team": TEAM,
    "assessment": "生长平稳，略偏瘦。",
    "dietPlan": "每天加一杯奶。",
}
SHOWS = {
    "healthRecordUpdate": f"healthRecord {{ {RECORD} }}",
    "healthRecordEntryAdd": f"entry {{ {ENTRY} }}",
    "growthAssessmentRecord": f"growthAssessment {{ {GROWTH} }}",
    "vaccinationPlanRecord": "vaccinations { vaccine }",
}
GOOD: dict[str, dict[str, Any]] = {
    "healthRecordUpdate": STAYS,
    "healthRecordEntryAdd": REPORT,
    "growthAssessmentRecord": ASSESSED,
    "vaccinationPlanRecord": {"doses": [{"vaccine": "麻腮风", "dose": 1, "dueOn": "2026-09-20"}]},
}
"""Every way of putting something into the record."""


def policy(gateway: Gateway, *, is_agreed: bool = True, **changes: Any) -> str:
    """A CY26 policy whose family lets the vendor keep a record, unless it does not."""
    number = visits.policy(gateway, **{"insured": [person(**CHILD)]} | changes)
    if is_agreed:
        agree(gateway, number)
    return number


def agree(gateway: Gateway, number: str, vendor: str = KEEPER, **given: Any) -> str:
    return consents.give(gateway.customer(number).at(NOW), number, vendor=vendor, **given)


def put(client: Client, mutation: str, number: str, *, dry_run: bool = False, **changes: Any) -> Answer:
    """Something that goes into the record."""
    given = {"policyNumber": number} | GOOD[mutation] | changes
    return send(client, mutation, dry_run=dry_run, shows=SHOWS[mutation], **given)


def done(client: Client, mutation: str, number: str, **changes: Any) -> dict[str, Any]:
    """The same, which must be agreed to."""
    payload = put(client, mutation, number, **changes).data[mutation]
    assert payload["refusals"] == [], payload["refusals"]
    return payload


def read(client: Client, number: str) -> dict[str, Any] | None:
    return client.ask(READ, n=number).data["policy"]["insured"][0]["healthRecord"]


RETRACTS = {"entry": "healthRecordEntryRetract", "growthAssessment": "growthAssessmentRetract"}
"""Part of a record → how it is taken back."""


def retract(
    client: Client, field: str, made: str, *, reason: str = "记错了", dry_run: bool = False, is_raw: bool = False
) -> Any:
    """A part of the record that is taken back; `is_raw` gives the answer as it is."""
    shows = f"{field} {{ isRetracted retractedAt retractionReason }}"
    answer = send(client, RETRACTS[field], dry_run=dry_run, shows=shows, **{field: made, "reason": reason})
    return answer if is_raw else answer.data[RETRACTS[field]][field]
