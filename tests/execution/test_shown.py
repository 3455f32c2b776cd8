"""What the note of sensitive fields costs: nothing where a document selects none, else one statement."""

import uuid

import pytest

from gateway.execution import ids, planned
from gateway.execution.objects import MARK
from gateway.resolvers import reads
from tests.execution.conftest import People
from tests.execution.test_planner import CATALOGUE, POLICIES
from tests.execution.twins import Twins, heard, staff

SENSITIVE = "query ($id: ID!) { node(id: $id) { ... on Booking { details { ... on EscortDetails { symptom } } } } }"
OTHER = SENSITIVE.replace("symptom", "escortName")
STAFF = staff("supervisor")
BOOKING = ids.encode("book", uuid.UUID(int=1), uuid.UUID(int=2))


def sql(twins: Twins, document: str) -> str:
    found = twins.plan(document, {"id": BOOKING} if "$id" in document else None, STAFF)
    assert found is not None
    return found.sql


@pytest.mark.parametrize("document", [*CATALOGUE.values(), POLICIES.replace(" reason", ""), OTHER])
def test_a_statement_without_sensitive_fields_is_what_it_was(
    twins: Twins, people: People, monkeypatch: pytest.MonkeyPatch, document: str
) -> None:
    made = sql(twins, document)
    monkeypatch.setattr("gateway.execution.planner.marks", lambda *_: [])
    twins.plans._known.clear()
    assert sql(twins, document) == made


def test_a_statement_with_one_is_the_same_but_for_its_marks(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    made = sql(twins, SENSITIVE)
    monkeypatch.setattr("gateway.execution.planner.marks", lambda *_: [])
    twins.plans._known.clear()
    unmarked = sql(twins, SENSITIVE)
    twins.plans._known.clear()
    before, _, after = made.partition(f"'{MARK}'::text, ")
    assert made != unmarked
    assert unmarked.startswith(before)
    assert unmarked.endswith(after[after.index("'symptom'::text") :])


@pytest.mark.parametrize(("document", "count"), [(OTHER, 1), (SENSITIVE, 2)], ids=["without", "with"])
def test_the_note_is_one_statement_for_all_rows(twins: Twins, people: People, document: str, count: int) -> None:
    variables = {"id": people.bookings[0]}

    async def answered() -> None:
        context, found = twins.context(STAFF, "en"), twins.documents.get(document)
        await planned.run(twins.plans, found, found.operation(None), variables=variables, context=context)
        await reads.note(context, is_answered=True)

    with heard(twins) as seen:
        twins.runner.run(answered())
    assert len(seen) == count
