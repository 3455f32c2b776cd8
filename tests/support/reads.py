"""What the audit trail says of who was shown sensitive fields."""

from typing import Any

from tests.support.client import Answer, Gateway
from tests.support.escorts import look

SYMPTOMS = "details { ... on EscortDetails { symptom need } }"
BOTH = {"EscortDetails.symptom", "EscortDetails.need"}


def notes(gateway: Gateway, answer: Answer) -> list[dict[str, Any]]:
    """What was noted of one answer."""
    return notes_of(gateway, answer.response.headers["x-request-id"])


def notes_of(gateway: Gateway, request_id: str) -> list[dict[str, Any]]:
    rows = look(
        gateway,
        "select * from audit_entries where request_id = $1 and operation = 'fieldsRead' order by id",
        request_id,
    )
    return noted(rows)


def noted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "fields": set(row["details"]["fields"])} for row in rows]
