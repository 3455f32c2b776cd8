"""Uses, ages, years, minutes, calls, and ranks."""

from typing import Any

from gateway.validation.facts.advances import Advancing
from gateway.validation.facts.calls import Attempt, Call, Doctor, Expert
from gateway.validation.facts.cases import Paper
from gateway.validation.facts.claims import Copy, Reimbursement
from gateway.validation.facts.drugs import Applicant
from gateway.validation.facts.illnesses import Opinion
from gateway.validation.facts.visits import Place
from gateway.validation.verdict import Status
from tests.rules.boundaries import Boundary, shown
from tests.rules.builders import account, at, home_test, hospital, on, patient, visit

WARNED = Status.WARNED


# Uses


def uses(rule: str, granted: int) -> Boundary:
    """The last one, and one more."""
    sides = (account(granted=granted, used=used) for used in (granted - 1, granted))
    return shown(rule, "within_quota", "account", *sides, {"quota": granted})


ONCE = (
    *("ZYB-TBL-04", "ZAWX-TBL-01", "ZAWX-ADV-24", "ZAWX-GRN-13", "ZAWX-SOP-19"),
    *("VAS-TBL-04", "VAS-TBL-07", "VAS-TBL-17"),
)
USES = [
    *(uses(rule, 1) for rule in ONCE),
    uses("CY26-TEST-04", 5),
    uses("CY26-VAC-01", 8),
    shown(*("CY26-TEST-05", "within_monthly_cap", "test", home_test(), home_test(uses_in_month=1)), {"monthlyCap": 1}),
    shown(
        *("ZYB-ESC-28", "cancellations_left", "account", account(), account(cancellations=1), {"maxCancellations": 1}),
        is_confirmed=True,
    ),
]


# Ages, on the 10th of March


def born(rule: str, check: str, passes: str, fails: str, number: dict[str, int]) -> Boundary:
    sides = (patient(birth_on=on(day)) for day in (passes, fails))
    own = Applicant("INSURED")
    return shown(rule, check, "patient", *sides, number, now="2026-03-10 00:00", applicant=own)


def aged(rule: str) -> Boundary:
    """Whose birth certificate is asked for, and not handed in."""
    sides = (Reimbursement("PUBLIC_OUTPATIENT", "ONLINE", age=age) for age in (18, 17))
    return shown(rule, "papers_given", "claim", *sides, {"minorBelowAge": 18})


AGES = [
    born("ZYB-ESC-20", "elderly_accompanied", "1956-03-11", "1956-03-10", {"minAge": 70}),
    born("ZYB-ESC-21", "child_accompanied", "2013-03-10", "2013-03-11", {"maxAge": 12}),
    born("ZAWX-DRUG-21", "guardian_applies", "2008-03-10", "2008-03-11", {"maxAgeExclusive": 18}),
    *(aged(rule) for rule in ("CY23-CLM-08", "CY26-CLM-05")),
]


# Minutes


def talked(minutes: int) -> Call:
    return Call(minutes, is_another=False)


MINUTES = [
    shown("ZYB-TBL-16", "within_max_duration", "minutes", 240, 241, {"maxMinutes": 240}),
    shown("VAS-TBL-06", "within_max_duration", "minutes", 240, 241, {"maxMinutes": 240}),
    shown("VAS-ESC-11", "within_max_duration", "minutes", 240, 241, {"maxMinutes": 240}, failing=WARNED),
    shown(
        *("ZYB-ESC-24", "one_hospital_one_day", "minutes", 240, 241, {"hospitalsPerDay": 1}),
        visit_at="2026-03-10 20:00",
    ),
    *(
        shown(rule, "call_within_length", "call", talked(15), talked(16), {"maxMinutes": 15}, failing=WARNED)
        for rule in ("VAS-FD-03", "VAS-EXP-03")
    ),
]


# Hospitals, doctors, and calls to clients


def proposed(passes: int, fails: int, number: dict[str, int]) -> Boundary:
    sides = (Opinion("HOSPITALS_PROPOSED", proposed=count) for count in (passes, fails))
    return shown("ZAWX-SOP-04", "hospitals_within_bounds", "opinion", *sides, number)


CALL: dict[str, Any] = {"booked": visit("2026-03-10 09:00")}


def called(rule: str, caller: str, mode: str) -> Boundary:
    sides = (Attempt(caller, mode, (at("2026-03-10 09:00"),) * failed) for failed in (2, 3))
    return shown(rule, "client_reached", "attempt", *sides, {"maxAttempts": 3}, failing=WARNED, **CALL)


def called_from(rule: str, caller: str, passes: str, fails: str, minutes: int) -> Boundary:
    """Three calls, the first of which comes too early to count, or does not."""
    sides = (Attempt(caller, "SCHEDULED", (*[at("2026-03-10 09:01")] * 2, at(first))) for first in (passes, fails))
    numbers = {"countsFromMinutesBefore": minutes}
    return shown(rule, "client_reached", "attempt", *sides, numbers, failing=WARNED, **CALL)


def experienced(rule: str, passes: int, fails: int) -> Boundary:
    sides = (Doctor(clinical_years=years) for years in (passes, fails))
    return shown(rule, "doctor_experienced", "doctor", *sides, {"minClinicalYears": 10})


def titled(rule: str, passes: str, fails: str) -> Boundary:
    return shown(rule, "doctor_titled", "doctor", Doctor(title=passes), Doctor(title=fails), {"minTitle": passes})


LEVELS = [
    *(
        shown(rule, "hospital_qualifies", "hospital", hospital(level=2), hospital(level=1), {"minHospitalLevel": 2})
        for rule in ("ZYB-ESC-22", "ZAWX-ADV-26", "ZAWX-GRN-16", "ZAWX-SOP-22")
    ),
    shown(
        *("VAS-TBL-02", "child_hospital", "hospital", hospital(level=3), hospital(level=2), {"minHospitalLevel": 3}),
        place=Place(is_list_loaded=True, is_listed=False, department="PEDIATRICS"),
    ),
    proposed(2, 1, {"minHospitals": 2}),
    proposed(3, 4, {"maxHospitals": 3}),
    experienced("ZAWX-CON-01", 10, 9),
    experienced("ZAWX-CON-05", 11, 10),
    titled("ZAWX-CON-05", "ATTENDING", "RESIDENT"),
    titled("VAS-TBL-03", "ASSOCIATE_CHIEF", "ATTENDING"),
    titled("VAS-TBL-12", "ATTENDING", "RESIDENT"),
    shown(
        *("VAS-TBL-16", "expert_qualified", "expert"),
        *(Expert("ASSOCIATE_CHIEF", rank, is_in_service=True) for rank in (100, 101)),
        {"maxRank": 100},
    ),
    called("VAS-EXP-11", "HEALTH_MANAGER", "SCHEDULED"),
    called("VAS-EXP-13", "EXPERT", "SCHEDULED"),
    called("VAS-EXP-17", "EXPERT", "DIRECT"),
    called_from("VAS-EXP-11", "HEALTH_MANAGER", "2026-03-10 08:29:59", "2026-03-10 08:30", 30),
    called_from("VAS-EXP-13", "EXPERT", "2026-03-10 08:59:59", "2026-03-10 09:00", 0),
]


# Papers

STAY = Advancing("DISEASE", on("2026-03-01"), "INPATIENT_TREATMENT", outcome="APPROVED")


def copied(passes: Copy, fails: Copy, number: dict[str, int]) -> Boundary:
    sides = (Reimbursement("PUBLIC_OUTPATIENT", "ONLINE", copies=(copy,)) for copy in (passes, fails))
    return shown("CY26-CLM-10", "copies_clear", "claim", *sides, number, failing=WARNED)


PAPERS = [
    shown("ZAWX-TBL-07", "examination_given", "papers", (Paper("LAB_REPORT", None),), (), {"minDocuments": 1}),
    shown(
        *("ZAWX-ADV-12", "papers_complete", "papers", (Paper("INVOICE", None),), (), {"minDocuments": 1}),
        operation="advanceReview",
        advance=STAY,
    ),
    copied(Copy("INVOICE", shorter_side=800), Copy("INVOICE", shorter_side=799), {"minPixels": 800}),
    copied(Copy("INVOICE", dots_per_inch=100), Copy("INVOICE", dots_per_inch=99), {"minDotsPerInch": 100}),
]

COUNTS = [*USES, *AGES, *MINUTES, *LEVELS, *PAPERS]
