"""Rules of which one of the three cases cannot be had, each with its reason."""

from collections.abc import Mapping

NO_LIMITS: Mapping[str, str] = {
    "order": "the place of a stage among the others",
    "usage": "whether the outcome spends the use, or not",
    "deliveryFee": "no fee is taken by anything",
    "typicalFromMinutes": "a range is due at its upper end",
    "typicalFromWorkingDays": "a range is due at its upper end",
    "typicalWorkingDays": "what is usual, beside what is due",
    "typicalDays": "what is usual, beside what is due",
    "cities": "how long a list is",
    "provinces": "how long a list is",
    "rowCount": "how long a list is",
    "genericCount": "how long a list is",
    "brandCount": "how long a list is",
    "manufacturerSpellingCount": "how long a list is",
    "genericsWithSeveralProducts": "how long a list is",
    "minProducts": "how long a list is",
    "maxProducts": "how long a list is",
    "numbers": "the drugs of a list, by their numbers",
}
"""Numbers that nothing is measured by."""

HELD_BY: Mapping[tuple[str, str], str] = {
    ("ZAWX-TBL-02", "waitingDays"): "ZAWX-ADV-10",
    ("ZAWX-TBL-02", "dueWorkingDays"): "ZAWX-TBL-09",
    ("ZAWX-TBL-03", "dueWorkingDays"): "ZAWX-GRN-01",
    ("ZAWX-GRN-10", "dueWorkingDays"): "ZAWX-GRN-01",
    ("ZAWX-TBL-04", "dueWorkingDays"): "ZAWX-SOP-15",
    ("ZAWX-DRUG-05", "quota"): "ZAWX-TBL-01",
    ("CY26-ADV-23", "minLeadDays"): "CY26-ADV-09",
    ("ZAWX-CON-03", "opensAt"): "ZAWX-CON-06",
    ("ZAWX-CON-03", "closesAt"): "ZAWX-CON-06",
}
"""Rule and number → the rule that has the same number, and holds it for both."""

TRIED_IN: Mapping[tuple[str, str], str] = {
    ("CY23-PAY-06", "unpaidBills"): "tests/jobs/test_cards.py::test_cy23_pay_06_one_unpaid_bill_greys_the_card",
    ("CY23-PAY-06", "payDueDays"): "tests/jobs/test_cards.py::test_cy23_pay_06_one_unpaid_bill_greys_the_card",
    ("CY26-BILL-02", "reminders"): "tests/jobs/test_cards.py::test_cy26_bill_03_three_reminders_grey_the_card",
    ("CY26-BILL-03", "reminders"): "tests/jobs/test_cards.py::test_cy26_bill_03_three_reminders_grey_the_card",
    ("CY26-BILL-03", "graceDays"): "tests/jobs/test_cards.py::test_cy26_bill_03_three_reminders_grey_the_card",
    ("CY26-FD-07", "remindDaysBefore"): (
        "tests/handbooks/test_cy26_reminders.py"
        "::test_fd_07_a_dose_is_told_of_seven_days_ahead_or_as_soon_as_it_is_known"
    ),
}
"""Rule and number → the test of its boundary, where a timer counts it and no verdict."""

BROUGHT: Mapping[str, str] = {
    "quota": "the policy's account has been opened with it",
    "policyYears": "the policy has its first and its last day",
    "years": "the policy has its first and its last day",
    "hospitalsPerDay": "the visit names one hospital, and is one stretch of time",
    "paidAmountAtMost": "nothing is less than nothing",
}
"""Numbers that a check does not read in the rule, and where it has them from."""

OPEN: Mapping[tuple[str, str], str] = {
    ("ZAWX-TBL-05", "waitingDays"): "nobody waits: it is none",
    ("ZAWX-TBL-07", "minHospitalLevel"): "where an examination was made, whoever reviews looks at",
    ("ZAWX-SOP-05", "count"): "the input takes exactly one hospital",
    ("CY26-TEST-01", "waitingDays"): "nobody waits: it is none",
    ("CY26-BKG-13", "strikes"): "restricting the client is for people, whatever the count",
    ("VAS-EXP-09", "dueDays"): "the message leaves with the booking itself",
    ("VAS-EXP-02", "minLeadDays"): "none: the call only lies ahead, which is tried without a number",
    ("VAS-EXP-16", "maxQueueLength"): "with anybody waiting no clock runs",
}
"""Rule and number → why neither a verdict nor a clock turns at it."""

EITHER_OR: Mapping[str, str] = {
    "checklist_complete": "a point is noted or not",
    "required_fields_given": "a field is filled in or not",
    "prescription_given": "the paper is one or not",
    "papers_given": "compares where the rule has a number",
    "papers_complete": "compares where the rule has a number",
    "direct_papers_given": "compares where the rule has a number",
    "originals_posted": "compares where the rule has a number",
    "needs_no_authorization": "compares where the rule has a number",
    "authorized_where_listed": "compares by the numbers of the lists that it reads",
}
"""Checks whose source compares, and that turn at no number of their own."""

NEVER_REFUSED: Mapping[tuple[str, str], str] = {
    ("ZYB-TBL-05", "within_service_hours"): "at night the handbook takes a message instead",
    ("VAS-ESC-11", "within_max_duration"): "the visit is over: that it took too long is a fact to record",
    ("CY26-CARD-12", "billed_directly_there"): "no authorization is needed there, which is told and no more",
}
"""Rule and check → why the rule goes no further than a warning, or leaves it to people, though the check can refuse."""

NEVER_NO: Mapping[tuple[str, str], str] = {
    ("CY23-CARD-03", "bindable_from"): "a card is bound from the issue on, and no policy is known before",
    ("CY26-CARD-01", "bindable_from"): "a card is bound from the issue on, and no policy is known before",
    ("CY23-PA-03", "submitter_allowed"): "both sides that there are may apply",
    ("CY23-PAY-01", "full_cover_used_up"): "the handbook prints no number of visits, so people judge",
    ("VAS-TBL-11", "within_quota"): "as often as it is needed",
}
"""Rule and check → why nothing that can be asked fails it."""

NEVER_YES: Mapping[tuple[str, str], str] = {
    ("VAS-ESC-04", "provided_for"): "the handbook knows no deduction, so that none passes",
}
"""Rule and check → why whatever it is asked about fails it."""
