"""An escort booking that every check lets through; a test changes the one thing that it is about."""

import datetime as dt
from dataclasses import replace
from typing import Any

import chinese_calendar

from gateway.validation.calendar import Day, WorkCalendar
from gateway.validation.civil_time import SHANGHAI
from gateway.validation.facts import Facts
from gateway.validation.facts.cases import Account, Cover, Hospital, Patient, Visit
from gateway.validation.facts.visits import Billing, HomeTest, Membership, Transfer
from gateway.validation.rule import Rule

FIELDS = (
    "acceptDeduction",
    "acknowledged",
    "address",
    "birthOn",
    "brand",
    "city",
    "clientExpectedAt",
    "companion",
    "conditions",
    "costIncurred",
    "department",
    "departmentClass",
    "doctor",
    "documents",
    "gender",
    "hospital",
    "idType",
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
    "visitType",
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


# Visits that are billed directly, and tests at home

PUBLISHED = WorkCalendar(
    {
        day: Day(is_workday=bool(chinese_calendar.is_workday(day)), is_official=True)
        for day in (on("2025-01-01") + dt.timedelta(days=n) for n in range(730))
    }
)
"""The published working days of 2025 and 2026; what lies beyond is estimated."""


def billing(**changes: Any) -> Billing:
    """An outpatient visit at a hospital of the plan's network."""
    known = Billing(
        visit_type="OUTPATIENT",
        liability="OUTPATIENT_INPATIENT",
        department_class="SPECIAL",
        is_popular=False,
        is_direct_billing=True,
        memberships=(Membership("OUTPATIENT_INPATIENT"),),
        lists=frozenset({"OUTPATIENT_INPATIENT"}),
    )
    return replace(known, **changes)


def visit_facts(**changes: Any) -> Facts:
    """A request of Monday 2 March for a visit on Tuesday 10 March at 9."""
    known = facts(
        operation="hospitalVisitBook",
        product="CY26",
        service="HOSPITAL_VISIT",
        now=at("2026-03-02 10:00"),
        visit=visit("2026-03-10 09:00", 0),
        calendar=PUBLISHED,
        billing=billing(),
    )
    return replace(known, **changes)


def booked_visit(**changes: Any) -> Facts:
    """The same visit once it is booked."""
    return replace(visit_facts(operation="bookingCancel", visit=None, booked=visit("2026-03-10 09:00", 0)), **changes)


def home_test(**changes: Any) -> HomeTest:
    known = HomeTest(city="上海", province="上海", is_city_served=True, id_type="ID_CARD", ordered_on=on("2026-03-02"))
    return replace(known, **changes)


def transfer(**changes: Any) -> Transfer:
    known = Transfer("禾苗", on("2026-03-01"), is_approving=True, designated="小鹿")
    return replace(known, **changes)
