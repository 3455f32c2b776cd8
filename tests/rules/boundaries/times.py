"""Hours, waiting periods, policy years, and what comes so long before or after."""

from gateway.validation.facts.advances import Advancing
from gateway.validation.facts.authorizations import Authorization
from gateway.validation.facts.cards import Binding
from gateway.validation.facts.cases import Paper
from gateway.validation.facts.direct_claims import Bill
from gateway.validation.facts.drugs import DrugOrder
from gateway.validation.facts.illnesses import Illness
from gateway.validation.facts.visits import Membership, Transfer
from gateway.validation.verdict import Status
from tests.rules.boundaries import Boundary, Numbers, asked_at, asked_for, shown
from tests.rules.builders import account, at, billing, hospital, on, visit

WARNED, UNKNOWN = Status.WARNED, Status.UNKNOWN


# Hours


def hours(rule: str, opens_at: str, closes_at: str, failing: Status) -> list[Boundary]:
    last = f"2026-03-09 {int(closes_at[:2]) - 1}:59:59"
    return [
        asked_at(
            *(rule, "within_service_hours", f"2026-03-09 {opens_at}", "2026-03-09 08:59:59", {"opensAt": opens_at}),
            failing=failing,
        ),
        asked_at(
            *(rule, "within_service_hours", last, f"2026-03-09 {closes_at}", {"closesAt": closes_at}),
            failing=failing,
        ),
    ]


HOURS = [
    *hours("ZYB-TBL-05", "09:00", "21:00", WARNED),
    *hours("ZAWX-CON-06", "09:00", "18:00", Status.REFUSED),
    asked_at("ZYB-TBL-06", "phone_left_after_hours", "2026-03-09 20:59:59", "2026-03-09 21:00", {"from": "21:00"}),
    asked_at("ZYB-TBL-06", "phone_left_after_hours", "2026-03-10 09:00", "2026-03-10 08:59:59", {"to": "09:00"}),
]


# Waiting periods, and the policy year

DAY_30 = ("2026-01-31 00:00", "2026-01-30 23:59:59")
"""Around the end of the 30th day of a policy of this year."""

FIRST_USABLE = account(usable_from=on("2026-01-31"))


def diagnosed(passes: str, fails: str, number: Numbers | None = None, **outcomes: Status) -> Boundary:
    sides = (Illness("x", on(day)) for day in (passes, fails))
    return shown("ZAWX-TBL-08", "first_diagnosed_under_service", "illness", *sides, number, **outcomes)


WAITING = [
    *(
        asked_at(rule, "waiting_period_over", *DAY_30, {"waitingDays": 30}, account=None)
        for rule in ("ZYB-TBL-09", "ZAWX-TBL-01", "ZAWX-TBL-03", "ZAWX-TBL-04", "ZAWX-DRUG-06", "ZAWX-ADV-10")
    ),
    asked_at("VAS-ADV-05", "waiting_period_over", *DAY_30, account=FIRST_USABLE),
    asked_for("CY26-BKG-01", "waiting_over_on_visit_day", *DAY_30, account=FIRST_USABLE),
    shown(
        *("CY26-PA-02", "waiting_over_at_treatment", "authorization"),
        Authorization(treatment_on=on("2026-01-31"), usable_from=on("2026-01-31")),
        Authorization(treatment_on=on("2026-01-30"), usable_from=on("2026-01-31")),
    ),
    diagnosed("2026-01-31", "2026-01-30", {"waitingDays": 30}, failing=UNKNOWN),
    diagnosed("2026-01-01", "2025-12-31", passing=UNKNOWN),
]

YEARS = {"ZYB-TBL-10": {"policyYears": 1}, "ZAWX-TBL-06": {"years": 1}}
BY_POLICY_YEAR = (
    *("ZYB-TBL-10", "ZAWX-TBL-06", "CY23-SVC-01", "CY23-SVC-04", "VAS-TBL-04", "VAS-TBL-07", "VAS-TBL-17"),
    *("VAS-ADV-12", "CY26-SVC-04", "CY26-TEST-01", "CY26-BKG-01", "CY26-VAC-05"),
    *("CY23-CARD-16", "CY23-SVC-03", "VAS-TBL-14", "CY26-SVC-02", "CY26-FD-06", "CY26-FD-08"),
)
BY_VISIT = ("CY23-SVC-01", "CY23-SVC-04", "CY26-BKG-01", "CY26-VAC-01", "CY26-VAC-05")
COVER = [
    *(
        asked_for(rule, "within_policy_year", "2026-12-31 23:59:59", "2027-01-01 00:00", YEARS.get(rule))
        for rule in BY_POLICY_YEAR
    ),
    *(
        asked_at(rule, "within_policy_year", "2026-01-01 00:00", "2025-12-31 23:59:59", YEARS.get(rule))
        for rule in BY_POLICY_YEAR
    ),
    *(
        asked_for(rule, "visited_within_cover", *days)
        for rule in BY_VISIT
        for days in (("2026-12-31 23:59:59", "2027-01-01 00:00"), ("2026-01-01 00:00", "2025-12-31 23:59:59"))
    ),
    *(
        shown(rule, "treatment_within_cover", "authorization", *(Authorization(treatment_on=on(day)) for day in days))
        for rule in ("CY23-PA-03", "CY26-PA-02")
        for days in (("2026-12-31", "2027-01-01"), ("2026-01-01", "2025-12-31"))
    ),
    shown(
        *("CY23-CARD-04", "bindable_from", "binding"),
        Binding("OFFLINE_PAPER", at("2026-03-02 10:00"), is_name_as_applied=True),
        Binding("OFFLINE_PAPER", at("2026-03-02 10:00:01"), is_name_as_applied=True),
    ),
]


# Before a visit: it is on Tuesday the 10th, and the days before are a weekend and a Monday

NOTICE = [
    asked_for(
        *("ZYB-TBL-07", "enough_notice", "2026-03-04 00:00", "2026-03-03 23:59:59", {"advisedLeadDays": 2}),
        failing=WARNED,
    ),
    asked_for(
        *("ZYB-TBL-07", "enough_notice", "2026-03-03 00:00", "2026-03-02 23:59:59", {"minLeadDays": 1}),
        passing=WARNED,
    ),
    asked_for("VAS-ESC-01", "enough_notice", "2026-03-05 00:00", "2026-03-04 23:59:59", {"minLeadDays": 3}),
    asked_for(
        *("VAS-OPG-01", "enough_notice", "2026-03-09 00:00", "2026-03-08 23:59:59", {"advisedLeadWorkingDays": 5}),
        failing=WARNED,
    ),
    asked_for(
        *("VAS-OPG-01", "enough_notice", "2026-03-05 00:00", "2026-03-04 23:59:59", {"minLeadDays": 3}),
        passing=WARNED,
    ),
    asked_for(
        *("CY23-OPD-09", "arrangeable_in_time", "2026-03-05 00:00", "2026-03-04 23:59:59", {"dueWorkingDays": 2}),
        failing=WARNED,
    ),
    asked_for(
        *("CY26-BKG-08", "booked_days_ahead", "2026-03-05 00:00", "2026-03-04 23:59:59", {"minLeadDays": 3}),
        hospital=hospital(ownership="PRIVATE"),
    ),
    asked_for(
        *("CY26-BKG-10", "booked_days_ahead", "2026-03-09 00:00", "2026-03-08 23:59:59", {"minLeadDays": 7}),
        billing=billing(is_popular=True),
    ),
    asked_at(
        *("CY26-BKG-09", "booked_working_days_ahead", "2026-03-06 23:59:59", "2026-03-07 00:00"),
        {"minLeadWorkingDays": 2},
    ),
    *(
        asked_at(
            *(rule, "asked_in_time", "2026-03-03 23:59:59", "2026-03-04 00:00", {"minLeadWorkingDays": 5}),
            authorization=Authorization(treatment_on=on("2026-03-10")),
        )
        for rule in ("CY23-PA-04", "CY26-PA-03")
    ),
    asked_for("VAS-EXP-02", "within_booking_window", "2026-03-09 23:59:59", "2026-03-10 00:00", {"windowDays": 7}),
    asked_for("VAS-EXP-02", "within_booking_window", "2026-03-02 10:00:01", "2026-03-02 10:00"),
    *(
        asked_at(rule, "in_advance", "2026-03-10 08:59:59", "2026-03-10 09:00")
        for rule in ("CY23-SVC-01", "CY23-SVC-04", "CY26-VAC-05")
    ),
    asked_for(
        *("ZYB-ESC-27", "late_cancellation_counts", "2026-03-03 10:00", "2026-03-03 09:59:59", {"freeCancelHours": 24}),
        failing=WARNED,
    ),
]


# Once it is booked

BOOKED = {"booked": visit("2026-03-10 09:00"), "is_confirmed": True}
PRIVATE = hospital(ownership="PRIVATE")
CHANGES = [
    asked_at(
        *("ZYB-ESC-26", "free_cancellation", "2026-03-09 09:00", "2026-03-09 09:00:01", {"freeCancelHours": 24}),
        **BOOKED,
    ),
    *(
        asked_at(
            *(rule, "before_cutoff", f"2026-03-09 {before}", f"2026-03-09 {cutoff}"),
            {"minLeadWorkingDays": 1, "cutoffTime": cutoff},
            **BOOKED,
        )
        for rule, before, cutoff in (("CY23-OPD-10", "15:59:59", "16:00"), ("CY26-BKG-12", "13:59:59", "14:00"))
    ),
    *(
        asked_at(rule, "before_visit", "2026-03-10 08:59:59", "2026-03-10 09:00", **BOOKED, hospital=PRIVATE)
        for rule in ("CY23-SVC-04", "CY23-OPD-10", "CY26-VAC-17")
    ),
    asked_at("ZYB-ESC-09", "on_visit_day", "2026-03-10 00:00", "2026-03-09 23:59:59", **BOOKED),
    asked_at("ZYB-ESC-09", "on_visit_day", "2026-03-10 23:59:59", "2026-03-11 00:00", **BOOKED),
    *(
        asked_at(rule, "no_show_after_visit_time", "2026-03-10 09:00", "2026-03-10 08:59:59", **BOOKED)
        for rule in ("ZYB-ESC-30", "CY23-SVC-04", "CY23-OPD-12", "CY26-BKG-03", "CY26-VAC-17")
    ),
]


# Lists and papers that begin and end


def network(rule: str, ownership: str, liability: str = "OUTPATIENT_INPATIENT") -> Boundary:
    """A hospital that leaves the network the day after the visit, or on its day."""
    sides = (
        billing(liability=liability, lists={liability}, memberships=(Membership(liability, valid_to=on(day)),))
        for day in ("2026-03-11", "2026-03-10")
    )
    return shown(rule, "in_plan_network", "billing", *sides, hospital=hospital(ownership=ownership))


LISTED = [
    network("CY23-NET-01", "PUBLIC"),
    network("CY23-NET-02", "PRIVATE"),
    network("CY26-NET-01", "PUBLIC"),
    network("CY26-NET-04", "PRIVATE"),
    network("CY26-VAC-07", "PRIVATE", "VACCINE"),
    asked_at(
        *("ZAWX-DRUG-23", "drug_in_force", "2026-03-09 00:00", "2026-03-08 23:59:59"),
        order=DrugOrder(listed_from=on("2026-03-09")),
    ),
    asked_at(
        *("ZAWX-DRUG-23", "drug_in_force", "2026-03-09 23:59:59", "2026-03-10 00:00"),
        order=DrugOrder(listed_until=on("2026-03-10")),
    ),
    shown(
        *("ZYB-ESC-32", "reports_recent", "papers"),
        (Paper("LAB_REPORT", on("2025-09-10")),),
        (Paper("LAB_REPORT", on("2025-09-09")),),
        {"months": 6},
        failing=WARNED,
    ),
    asked_at(
        *("CY26-VAC-11", "brand_closed", "2026-03-10 00:00", "2026-03-09 23:59:59"),
        transfer=Transfer("小鹿", on("2026-03-10")),
    ),
    asked_at(
        *("CY26-VAC-11", "brand_designated", "2026-03-09 23:59:59", "2026-03-10 00:00"),
        transfer=Transfer("小鹿", on("2026-03-01"), True, "禾苗", on("2026-03-10")),
    ),
]


# Stays, emergencies, reminders

STAY = Advancing("DISEASE", on("2026-03-01"), "INPATIENT_TREATMENT", discharge_on=on("2026-03-10"))
OTHERS = [
    asked_at(
        *("CY26-PA-06", "emergency_told_in_time", "2026-03-03 10:00", "2026-03-03 10:00:01", {"dueHours": 48}),
        authorization=Authorization(emergency_at=at("2026-03-01 10:00")),
        failing=WARNED,
    ),
    asked_at("ZAWX-ADV-02", "stay_open", "2026-03-10 23:59:59", "2026-03-11 00:00", advance=STAY),
    *(
        asked_at(
            *(rule, "told_before_discharge", "2026-03-09 23:59:59", "2026-03-10 00:00", {"minLeadDays": 1}),
            advance=STAY,
        )
        for rule in ("ZAWX-ADV-18", "CY26-ADV-09")
    ),
    asked_at("CY26-SVC-06", "admitted_already", "2026-03-01 00:00", "2026-02-28 23:59:59", advance=STAY),
    asked_at(
        *("CY26-BILL-02", "reminder_spaced", "2026-03-10 00:00", "2026-03-09 23:59:59", {"minDaysBetween": 1}),
        bill=Bill("OUTPATIENT", reminded_on=on("2026-03-09"), is_reminder_delivered=True),
    ),
]

TIMES = [*HOURS, *WAITING, *COVER, *NOTICE, *CHANGES, *LISTED, *OTHERS]
