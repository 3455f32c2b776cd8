"""An escort booking that every check lets through; a test changes the one thing that it is about."""

import datetime as dt
from dataclasses import replace
from typing import Any

from gateway.validation.facts import SHANGHAI, Account, Cover, Facts, Hospital, Patient, Visit
from gateway.validation.rule import Rule

FIELDS = (
    "acceptDeduction",
    "acknowledged",
    "birthOn",
    "clientExpectedAt",
    "companion",
    "conditions",
    "costIncurred",
    "department",
    "documents",
    "gender",
    "hospital",
    "isDiagnosed",
    "materials",
    "need",
    "needsTransportOutsideHospital",
    "patientName",
    "phone",
    "plannedMinutes",
    "policyNumber",
    "registration",
    "symptom",
    "visitAt",
)

ASKED = (
    "acknowledged",
    "call",
    "doctorEmployment",
    "doctorLicensed",
    "doctorOfTopHospital",
    "doctorTitle",
    "doctorYears",
    "familyHistory",
    "habits",
    "hospital",
    "person",
    "phone",
    "policyNumber",
    "summary",
    "topic",
)


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def visit(text: str, minutes: int = 240) -> Visit:
    return Visit(at(text), minutes)


def cover(starts_on: str = "2026-01-01", ends_on: str = "2026-12-31", starts_at: str = "") -> Cover:
    return Cover(at(starts_at or f"{starts_on} 00:00"), on(starts_on), on(ends_on))


def account(**changes: Any) -> Account:
    return replace(Account(granted=1, held=0, used=0, cancellations=0, usable_from=on("2026-01-31")), **changes)


def hospital(**changes: Any) -> Hospital:
    known = Hospital(
        code="H1",
        name="市第一医院",
        city="苏州",
        province="江苏",
        level=3,
        ownership="PUBLIC",
        is_city_served=True,
    )
    return replace(known, **changes)


def patient(**changes: Any) -> Patient:
    known = Patient(name="李雷", gender="MALE", birth_on=on("1986-05-04"), is_insured=True)
    return replace(known, **changes)


def facts(**changes: Any) -> Facts:
    known = Facts(
        operation="escortBook",
        now=at("2026-03-01 10:00"),
        product="ZYB",
        service="OUTPATIENT_ESCORT",
        cover=cover(),
        account=account(),
        hospital=hospital(),
        patient=patient(),
        visit=visit("2026-03-10 09:00"),
        paths={field: ("input", field) for field in FIELDS},
    )
    return replace(known, **changes)


def asking_facts(**changes: Any) -> Facts:
    """A question to a doctor, at an hour when everybody is there."""
    known = facts(
        operation="consultationStart",
        service="TEXT_CONSULTATION",
        visit=None,
        hospital=None,
        topic="DISEASE",
        paths={field: ("input", field) for field in ASKED},
    )
    return replace(known, **changes)


def booked_facts(**changes: Any) -> Facts:
    """A confirmed booking of 10 March at 9, which the operation finds and asks nothing new for."""
    known = facts(operation="bookingCancel", visit=None, booked=visit("2026-03-10 09:00"), is_confirmed=True)
    return replace(known, **changes)


def rule(**parameters: Any) -> Rule:
    return Rule("ZYB-ESC-00", product="ZYB", position=1, service="OUTPATIENT_ESCORT", parameters=parameters)
