"""What is medical says so where it is declared, and whatever says so can be noted."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

from gateway.auth.visibility import PRIVATE
from gateway.execution.shown import columns_of
from gateway.execution.sources import SOURCES
from gateway.schema import schema

CORE = schema._schema
TELLING = re.compile(
    "diagnos|illness|symptom|disease|need$|condition|history|habit|advice|summary|question|drug|vaccine|medic|allerg",
    re.IGNORECASE,
)
HARMLESS = {
    "ClaimLine.isApprovedVaccine": "of the product, and not of a person",
    "ConsultationDetails.summarySentAt": "when, and not what",
    "EscortDetails.isDiagnosed": "whether, and not what",
    "InpatientGreenChannelDetails.diagnosedAt": "where, and not what",
    "OutpatientGreenChannelDetails.isDiagnosed": "whether, and not what",
    "SecondOpinionDetails.diagnosedAt": "where, and not what",
    "Vaccination.vaccine": "of the schedule, which the age tells",
}
"""Telling names of fields that tell nothing of an illness, and why."""


def private_fields() -> Iterator[tuple[GraphQLObjectType, str]]:
    for name, source in SOURCES.items():
        if source.table.__tablename__ in PRIVATE:
            kind: Any = CORE.type_map[name]
            yield from ((kind, field) for field in kind.fields)


SENSITIVE = [(kind, field) for kind, field in private_fields() if columns_of(kind, field)]


def test_what_sounds_medical_is_sensitive() -> None:
    forgotten = {
        f"{kind.name}.{field}"
        for kind, field in private_fields()
        if TELLING.search(field) and not columns_of(kind, field)
    }
    assert forgotten == set(HARMLESS)


@pytest.mark.parametrize(("kind", "field"), SENSITIVE, ids=[f"{kind.name}.{field}" for kind, field in SENSITIVE])
def test_a_sensitive_row_says_whose_it_is(kind: GraphQLObjectType, field: str) -> None:
    columns = SOURCES[kind.name].table.__table__.c
    assert {"policy_id", *columns_of(kind, field)} <= set(columns.keys())
    assert {"id", "booking_id", "insured_id"} & set(columns.keys())


def test_no_filter_finds_out_what_no_answer_shows() -> None:
    filters = [kind for name, kind in CORE.type_map.items() if name.endswith("Filter")]
    asked = {
        f"{kind.name}.{name}"
        for kind in filters
        if isinstance(kind, GraphQLInputObjectType)
        for name in kind.fields
        if name in {field for _, field in SENSITIVE}
        and get_named_type(kind.fields[name].type).name.endswith("Condition")
    }
    assert asked == set()
