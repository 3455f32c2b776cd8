"""What is medical, and whatever people write of a case, says so where it is declared; and what says so can be noted."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

from gateway.auth.visibility import PRIVATE
from gateway.execution.shown import columns_of, subject_of
from gateway.execution.sources import SOURCES
from gateway.schema import schema

CORE = schema._schema
TELLING = re.compile(
    "diagnos|illness|symptom|disease|need$|condition|history|habit|advice|summary|question|drug|vaccine|medic|allerg",
    re.IGNORECASE,
)
STEPS = ("AdvanceEvent", "AppealEvent", "BillEvent", "BookingEvent", "ClaimEvent", "PreAuthEvent")
CHANGES = ("BookingChange", "ClaimChange")
HARMLESS: dict[str, set[str]] = {
    "a word of the gateway's own": {
        *(f"{step}.{name}" for step in STEPS + CHANGES for name in ("command", "fromStatus", "role")),
        "Booking.availableActions",
        "CardBinding.relation",
        "SlaClock.part",
        "VendorToken.scopes",
    },
    "a number, a code or an address that the gateway gives": {
        *(f"{case}.number" for case in ("Advance", "Appeal", "Bill", "Booking", "Card", "Claim", "Complaint")),
        *(f"{case}.number" for case in ("GuaranteeLetter", "PreAuth", "Repayment")),
        *(f"{change}.cursor" for change in CHANGES),
        *(f"{page}.statementUrl" for page in ("ClaimDecision", "GuaranteeLetter", "Policy")),
        "ClaimDecision.rulebook",
        "VendorToken.prefix",
    },
    "rules, by their ids": {
        "ClaimDecision.ruleCodes",
        "ClaimLineOutcome.ruleCodes",
        "HospitalVisitDetails.openRules",
        "InpatientGreenChannelDetails.openRules",
        "LedgerEntry.ruleCode",
        "OutpatientGreenChannelDetails.openRules",
        "PreAuthItem.matchedRules",
        "SecondOpinionDetails.openRules",
    },
    "of the catalogue": {"Entitlement.name", "PolicyRider.code", "VendorToken.hospitals", "VendorToken.vendor"},
    "a number or a code that somebody else gives": {
        "ClaimInvoice.code",
        "ClaimInvoice.number",
        "ClaimPayment.reference",
        "ClaimShipment.trackingNumber",
        "DrugOrderDetails.voucherCode",
        "ManagerContact.policyNumber",
        "Policy.number",
        "PolicyAccess.issuer",
        "PolicyAccess.subject",
        "RespiratoryTestDetails.voucherCode",
    },
    "the kind of a paper, a checksum or a version": {
        "ClaimDocument.kind",
        "ClaimSupplement.kinds",
        "Consent.textSha256",
        "Consent.textVersion",
        "Document.kind",
        "Document.mediaType",
        "Document.sha256",
    },
    "who it is, masked as personal data are": {
        *(f"{case}.patientName" for case in ("EscortDetails", "HospitalVisitDetails", "OutpatientGreenChannelDetails")),
        *(
            f"{case}.patientPhone"
            for case in ("EscortDetails", "HospitalVisitDetails", "OutpatientGreenChannelDetails")
        ),
        *(f"{case}Details.phone" for case in ("Consultation", "DrugOrder", "DrugQuestion", "ExpertCall")),
        "ClaimPayment.account",
        "ClaimShipment.contactName",
        "ClaimShipment.contactPhone",
        "Message.phone",
        "Person.idNumber",
        "Person.name",
        "Person.phone",
        "RespiratoryTestDetails.phone",
    },
    "who serves": {
        *(f"GrowthAssessment.{who}" for who in ("healthManager", "nutritionist", "pediatrician")),
        "ClaimShipment.carrier",
        "Consent.recipient",
        "Consent.recipientContact",
        "ConsultationDetails.doctorHospital",
        "ConsultationDetails.doctorName",
        "DrugOrderDetails.pharmacyName",
        "EscortDetails.escortName",
        "GrowthAssessment.rehabilitationTherapist",
        "HospitalVisitDetails.doctor",
        "InpatientGreenChannelDetails.doctorContact",
        "InpatientGreenChannelDetails.doctorName",
        "ManagerContact.manager",
        "OutpatientGreenChannelDetails.doctorName",
        "SecondOpinionHospital.country",
        "SecondOpinionHospital.expert",
        "SecondOpinionHospital.name",
        "VendorToken.name",
    },
    "when, where or whether, and not what": {
        "ClaimLine.isApprovedVaccine",
        "ConsultationDetails.summarySentAt",
        "EscortDetails.isDiagnosed",
        "InpatientGreenChannelDetails.diagnosedAt",
        "OutpatientGreenChannelDetails.isDiagnosed",
        "SecondOpinionDetails.diagnosedAt",
    },
}
"""Why a text, or a field with a telling name, tells nothing of an illness. Whatever people can write is not here."""


def private_fields() -> Iterator[tuple[GraphQLObjectType, str]]:
    for name, source in SOURCES.items():
        if source.table.__tablename__ in PRIVATE:
            kind: Any = CORE.type_map[name]
            yield from ((kind, field) for field in kind.fields)


SENSITIVE = [(kind, field) for kind, field in private_fields() if columns_of(kind, field)]


def could_tell(kind: GraphQLObjectType, field: str) -> bool:
    return get_named_type(kind.fields[field].type).name == "String" or TELLING.search(field) is not None


def test_whatever_could_tell_an_illness_is_sensitive_or_harmless_for_a_reason() -> None:
    unmarked = {
        f"{kind.name}.{field}"
        for kind, field in private_fields()
        if could_tell(kind, field) and not columns_of(kind, field)
    }
    assert unmarked == set().union(*HARMLESS.values())


@pytest.mark.parametrize(("kind", "field"), SENSITIVE, ids=[f"{kind.name}.{field}" for kind, field in SENSITIVE])
def test_a_sensitive_row_says_whose_it_is(kind: GraphQLObjectType, field: str) -> None:
    columns = SOURCES[kind.name].table.__table__.c
    assert {"policy_id", *columns_of(kind, field)} <= set(columns.keys())
    assert not columns[subject_of(columns.__contains__)].nullable


@pytest.mark.parametrize(
    ("kind", "column"),
    {
        "AppealEvent": "appeal_id",
        "BillDispute": "bill_id",
        "BookingEvent": "booking_id",
        "ClaimLineOutcome": "decision_id",
        "EmergencyNotice": "id",
        "HealthRecord": "insured_id",
        "Message": "id",
    }.items(),
)
def test_a_row_is_told_as_what_people_know_it_by(kind: str, column: str) -> None:
    assert subject_of(SOURCES[kind].table.__table__.c.__contains__) == column


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
