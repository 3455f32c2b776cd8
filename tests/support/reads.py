"""What the audit trail says of who was shown sensitive fields."""

import uuid
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
    """A note for each case."""
    return [
        {**row, "subject_id": uuid.UUID(case), "fields": set(fields)}
        for row in rows
        for case, fields in row["details"]["shown"].items()
    ]
