"""When deadlines end and reminders go out, for what begins on Monday 2 March 2026 at ten.

A deadline of days runs to the midnight that ends the last one. There are three weekends until the 24th, and 6 April is
a holiday.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """The instant that a rule comes to by its numbers; `part` is which of several. `before_visit` is for those of a
    visit on Tuesday 10 March at nine."""

    rule: str
    numbers: Mapping[str, str | int]
    ends_at: str
    before_visit: bool = False
    part: str = ""


def working_days(rule: str, days: int, ends_at: str) -> Deadline:
    return Deadline(rule, {"dueWorkingDays": days}, ends_at)


def days(rule: str, count: int, ends_at: str) -> Deadline:
    return Deadline(rule, {"dueDays": count}, ends_at)


DEADLINES = [
    Deadline("ZYB-ESC-06", {"dueDaysBefore": 1, "dueTime": "18:00"}, "2026-03-09 18:00", before_visit=True),
    working_days("ZAWX-TBL-01", 3, "2026-03-06 00:00"),
    working_days("ZAWX-TBL-09", 3, "2026-03-06 00:00"),
    working_days("ZAWX-DRUG-02", 3, "2026-03-06 00:00"),
    working_days("ZAWX-DRUG-09", 2, "2026-03-05 00:00"),
    working_days("ZAWX-GRN-01", 10, "2026-03-17 00:00"),
    days("ZAWX-GRN-02", 7, "2026-03-10 00:00"),
    working_days("ZAWX-GRN-06", 7, "2026-03-12 00:00"),
    working_days("ZAWX-SOP-15", 25, "2026-04-08 00:00"),
    Deadline("ZAWX-CON-03", {"responseMinutes": 15}, "2026-03-02 10:15"),
    working_days("CY23-OPD-09", 2, "2026-03-05 00:00"),
    working_days("CY23-CLM-10", 10, "2026-03-17 00:00"),
    Deadline("VAS-FD-01", {"responseSeconds": 30}, "2026-03-02 10:00:30"),
    Deadline("VAS-EXP-16", {"dueMinutes": 5}, "2026-03-02 10:05"),
    Deadline("VAS-ADV-19", {"dueMinutes": 30}, "2026-03-02 10:30"),
    days("VAS-ADV-20", 1, "2026-03-04 00:00"),
    days("VAS-ADV-21", 1, "2026-03-04 00:00"),
    days("VAS-ADV-22", 1, "2026-03-04 00:00"),
    days("VAS-ADV-23", 1, "2026-03-04 00:00"),
    days("VAS-ADV-24", 3, "2026-03-06 00:00"),
    Deadline("VAS-ESC-05", {"dueMinutes": 30}, "2026-03-02 10:30"),
    Deadline("VAS-ESC-07", {"minutesBefore": 10}, "2026-03-10 08:50", before_visit=True),
    days("VAS-ESC-13", 3, "2026-03-06 00:00"),
    Deadline("VAS-OPG-05", {"dueMinutes": 30}, "2026-03-02 10:30", part="RESPONSE"),
    Deadline("VAS-OPG-05", {"dueHours": 24}, "2026-03-03 10:00", part="COORDINATION"),
    Deadline("VAS-OPG-05", {"dueWorkingDays": 5}, "2026-03-10 00:00", part="ARRANGEMENT"),
    working_days("CY26-ADV-03", 1, "2026-03-04 00:00"),
    working_days("CY26-ADV-06", 2, "2026-03-05 00:00"),
    working_days("CY26-ADV-08", 1, "2026-03-04 00:00"),
    days("CY26-ADV-10", 0, "2026-03-03 00:00"),
    working_days("CY26-ADV-15", 15, "2026-03-24 00:00"),
    working_days("CY26-VAC-13", 5, "2026-03-10 00:00"),
    days("CY26-VAC-14", 10, "2026-03-13 00:00"),
]

REMINDERS = [
    Deadline("ZYB-ESC-08", {"daysBefore": 1, "sendAt": "09:00"}, "2026-03-09 09:00", before_visit=True),
    Deadline("ZAWX-GRN-11", {"daysBefore": 1, "sendAt": "09:00"}, "2026-03-09 09:00", before_visit=True),
    Deadline("VAS-ESC-02", {"daysBefore": 1, "sendAt": "09:00"}, "2026-03-09 09:00", before_visit=True),
    Deadline("VAS-EXP-10", {"remindMinutesBefore": 30}, "2026-03-10 08:30", before_visit=True),
    Deadline("VAS-EXP-14", {"remindMinutesBefore": 60}, "2026-03-10 08:00", before_visit=True),
    Deadline("ZAWX-DRUG-09", {"alertWorkingDays": 1}, "2026-03-04 00:00"),
]
