import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.validation.calendar import Correction, Day, WorkCalendar, completed_years, due_at_end_of, months_before

from .builders import at, on

TWO_YEARS = [on("2025-01-01") + dt.timedelta(days=n) for n in range(730)]
PUBLISHED = WorkCalendar(
    {day: Day(is_workday=bool(chinese_calendar.is_workday(day)), is_official=True) for day in TWO_YEARS}
)

published_days = st.dates(on("2025-06-01"), on("2026-06-01"))
any_days = st.dates(on("2024-06-01"), on("2028-06-01"))  # partly without a published calendar
few = st.integers(0, 40)


@pytest.fixture
def calendar() -> WorkCalendar:
    """The published working days of 2025 and 2026."""
    return PUBLISHED


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-10-01", False),
        ("2026-01-04", True),
    ],
    ids=[
        "Friday",
        "Saturday made up",
        "Sunday",
        "Monday of the holiday",
        "back at work",
        "1 October",
        "Sunday made up",
    ],
)
def test_the_published_calendar_goes_before_the_weekday(calendar: WorkCalendar, day: str, is_workday: bool) -> None:
    assert calendar.is_workday(on(day)) is is_workday
    assert not calendar.is_estimated(on(day))


@pytest.mark.parametrize(
    ("target", "n", "latest"),
    [
        ("2026-01-08", 5, "2025-12-31"),
        ("2026-02-24", 1, "2026-02-14"),
        ("2026-03-03", 2, "2026-02-28"),
        ("2026-03-10", 2, "2026-03-06"),
        ("2026-02-20", 0, "2026-02-20"),
    ],
    ids=["over New Year", "over the Spring Festival", "a made-up Saturday", "over a weekend", "none, on a holiday"],
)
def test_lead_time_counts_back_from_the_target(calendar: WorkCalendar, target: str, n: int, latest: str) -> None:
    assert calendar.subtract_working_days(on(target), n) == on(latest)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-09-30", 10, "2026-10-20"),
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-03-07", 1, "2026-03-09"),
        ("2026-10-01", 0, "2026-10-01"),
    ],
    ids=["over the National Day", "from a Friday", "from a Saturday", "none, on a holiday"],
)
def test_a_deadline_counts_forward_from_the_day_after(calendar: WorkCalendar, start: str, n: int, due: str) -> None:
    assert calendar.add_working_days(on(start), n) == on(due)


def test_the_cutoff_is_on_the_last_working_day_before_the_visit(calendar: WorkCalendar) -> None:
    cutoff = calendar.cutoff(on("2026-02-24"), dt.time(14))
    assert cutoff.expected == cutoff.lenient == at("2026-02-14 14:00")
    assert not cutoff.is_estimated


def test_the_cutoff_of_a_visit_on_a_holiday_is_before_the_holiday(calendar: WorkCalendar) -> None:
    assert calendar.cutoff(on("2026-02-20"), dt.time(16)).expected == at("2026-02-14 16:00")


def test_a_year_without_a_notice_works_on_weekdays_as_an_estimate(calendar: WorkCalendar) -> None:
    monday, saturday = on("2027-03-01"), on("2027-03-06")
    assert calendar.is_workday(monday)
    assert not calendar.is_workday(saturday)
    assert calendar.is_estimated(monday)
    assert calendar.is_estimated(saturday)


def test_a_table_may_hold_estimated_days_of_its_own() -> None:
    new_year = on("2027-01-01")
    calendar = WorkCalendar({new_year: Day(is_workday=False, is_official=False)})
    assert not calendar.is_workday(new_year)
    assert calendar.is_estimated(new_year)


def test_an_estimated_weekend_may_turn_out_to_work(calendar: WorkCalendar) -> None:
    """Monday 8 March 2027 less two working days: Thursday as expected, Saturday if the weekend is made up."""
    latest = calendar.latest_day(on("2027-03-08"), 2)
    assert (latest.expected, latest.lenient, latest.is_estimated) == (on("2027-03-04"), on("2027-03-06"), True)


def test_an_estimated_deadline_says_so_even_where_both_readings_agree(calendar: WorkCalendar) -> None:
    latest = calendar.latest_day(on("2027-03-05"), 1)
    assert (latest.expected, latest.lenient, latest.is_estimated) == (on("2027-03-04"), on("2027-03-04"), True)


def test_only_the_days_walked_over_make_a_deadline_estimated(calendar: WorkCalendar) -> None:
    new_year = on("2027-01-01")
    assert not calendar.latest_day(new_year, 1).is_estimated
    assert calendar.latest_day(new_year + dt.timedelta(days=1), 1).is_estimated
    assert not calendar.latest_day(on("2027-06-01"), 0).is_estimated


def test_an_estimated_cutoff_has_two_readings(calendar: WorkCalendar) -> None:
    cutoff = calendar.cutoff(on("2027-03-08"), dt.time(14))
    assert (cutoff.expected, cutoff.lenient) == (at("2027-03-05 14:00"), at("2027-03-07 14:00"))
    assert cutoff.is_estimated


@given(day=any_days, n=st.integers(1, 40))
def test_counting_lands_on_a_working_day(day: dt.date, n: int) -> None:
    assert PUBLISHED.is_workday(PUBLISHED.add_working_days(day, n))
    assert PUBLISHED.is_workday(PUBLISHED.subtract_working_days(day, n))


@given(day=any_days, n=few)
def test_back_and_forth_comes_home_to_a_working_day(day: dt.date, n: int) -> None:
    home = PUBLISHED.add_working_days(day, 1)
    assert PUBLISHED.add_working_days(PUBLISHED.subtract_working_days(home, n), n) == home
    assert PUBLISHED.subtract_working_days(PUBLISHED.add_working_days(home, n), n) == home


@given(day=any_days, n=few, m=few)
def test_counting_twice_is_counting_the_sum(day: dt.date, n: int, m: int) -> None:
    in_two = PUBLISHED.subtract_working_days(PUBLISHED.subtract_working_days(day, n), m)
    assert in_two == PUBLISHED.subtract_working_days(day, n + m)


@given(day=any_days, later=st.integers(0, 30), n=few)
def test_a_later_target_never_has_an_earlier_deadline(day: dt.date, later: int, n: int) -> None:
    after = day + dt.timedelta(days=later)
    assert PUBLISHED.subtract_working_days(day, n) <= PUBLISHED.subtract_working_days(after, n)
    assert PUBLISHED.add_working_days(day, n) <= PUBLISHED.add_working_days(after, n)


@given(day=any_days, n=few)
def test_more_notice_is_never_later(day: dt.date, n: int) -> None:
    assert PUBLISHED.subtract_working_days(day, n + 1) < PUBLISHED.subtract_working_days(day, n)


@given(day=any_days, n=few)
def test_the_lenient_day_is_never_before_the_expected_one(day: dt.date, n: int) -> None:
    latest = PUBLISHED.latest_day(day, n)
    assert latest.expected <= latest.lenient <= day
    assert latest.is_estimated or latest.expected == latest.lenient


@given(day=published_days, n=few)
def test_nothing_is_estimated_within_published_years(day: dt.date, n: int) -> None:
    assert not PUBLISHED.latest_day(day, n).is_estimated


def test_a_day_ends_where_the_next_begins() -> None:
    assert due_at_end_of(on("2026-12-31")) == at("2027-01-01 00:00")


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-03-10", 6, "2025-09-10"),
        ("2026-08-31", 6, "2026-02-28"),
        ("2024-08-31", 6, "2024-02-29"),
        ("2026-01-31", 1, "2025-12-31"),
        ("2026-12-15", 12, "2025-12-15"),
        ("2026-03-10", 0, "2026-03-10"),
    ],
    ids=["half a year", "a short month", "a leap month", "over New Year", "a year", "none"],
)
def test_months_are_calendar_months(day: str, months: int, before: str) -> None:
    assert months_before(on(day), months) == on(before)


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        ("2000-05-04", "2026-05-03", 25),
        ("2000-05-04", "2026-05-04", 26),
        ("2000-02-29", "2026-02-27", 25),
        ("2000-02-29", "2026-02-28", 26),
        ("2000-02-29", "2028-02-28", 27),
        ("2000-02-29", "2028-02-29", 28),
        ("2026-03-10", "2026-03-10", 0),
    ],
    ids=["eve", "birthday", "leapling's eve", "leapling, common year", "leap year's eve", "leap day", "born today"],
)
def test_age_is_completed_years(born_on: str, day: str, age: int) -> None:
    assert completed_years(on(born_on), on(day)) == age


# Corrections ----------------------------------------------------------------------------------------------------

HOLIDAY, WORKED = Day(is_workday=False, is_official=True), Day(is_workday=True, is_official=True)
TWICE = WorkCalendar(
    {**PUBLISHED.days, on("2026-03-25"): HOLIDAY, on("2026-03-24"): HOLIDAY},
    (
        Correction(on("2026-03-25"), at("2026-03-10 10:00"), WORKED),
        Correction(on("2026-03-24"), at("2026-03-12 10:00"), WORKED),
    ),
)
"""The 25th became a holiday on 10 March, and the 24th on the 12th."""


@pytest.mark.parametrize(
    ("since", "cutoff"),
    [
        ("2026-03-09 09:00", "2026-03-25 14:00"),
        ("2026-03-10 09:59", "2026-03-25 14:00"),
        ("2026-03-10 10:00", "2026-03-24 14:00"),
        ("2026-03-12 10:00", "2026-03-23 14:00"),
    ],
)
def test_the_cutoff_that_was_promised_at_the_booking_holds(since: str, cutoff: str) -> None:
    found = TWICE.cutoff(on("2026-03-26"), dt.time(14), since=at(since))
    assert (found.expected, found.lenient) == (at(cutoff), at(cutoff))


def test_a_correction_that_gives_more_time_gives_it_to_everybody() -> None:
    correction = Correction(on("2026-03-28"), at("2026-03-10 10:00"), HOLIDAY)
    calendar = WorkCalendar({**PUBLISHED.days, on("2026-03-28"): WORKED}, (correction,))
    found = calendar.cutoff(on("2026-03-30"), dt.time(14), since=at("2026-03-09 09:00"))
    assert found.expected == at("2026-03-28 14:00")


def test_of_an_estimate_that_a_notice_replaced_what_was_told_holds_and_not_its_gap() -> None:
    """The expected cutoff was shown to the client; the lenient one stood only for what might yet be published."""
    days = {on("2027-03-01") + dt.timedelta(days=n): WORKED for n in range(4)}
    days |= {on("2027-03-05") + dt.timedelta(days=n): HOLIDAY for n in range(3)}
    guess = Correction(on("2027-03-05"), at("2026-12-01 10:00"), Day(is_workday=True, is_official=False))
    found = WorkCalendar(days, (guess,)).cutoff(on("2027-03-08"), dt.time(14), since=at("2026-11-01 09:00"))
    assert (found.expected, found.lenient) == (at("2027-03-05 14:00"), at("2027-03-05 14:00"))


def test_without_a_booking_nothing_was_promised() -> None:
    assert TWICE.cutoff(on("2026-03-26"), dt.time(14)).expected == at("2026-03-23 14:00")


@given(published_days, few)
def test_counting_back_what_was_counted_gives_the_same(day: dt.date, n: int) -> None:
    assert PUBLISHED.working_days_between(day, PUBLISHED.add_working_days(day, n)) == n
