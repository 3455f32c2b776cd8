"""Who answers a client, and how a call went."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doctor:
    """Who answers, as the vendor states it; what it has not stated is None."""

    title: str | None = None
    clinical_years: int | None = None
    employment: str | None = None
    is_licensed: bool | None = None
    is_of_top_hospital: bool | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a consultation that is over; `is_another` where the same consultation had one before."""

    minutes: int
    is_another: bool


@dataclass(frozen=True, slots=True)
class Expert:
    title: str
    hospital_rank: int | None  # None: no ranking has been loaded
    is_in_service: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of an expert's schedule."""

    is_free: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether an expert is on duty now, and has a free time left today; `next_at` is when the next duty begins."""

    is_now: bool
    has_room: bool
    next_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call to a client. `failed`: when this caller called in vain since one was answered, this call included."""

    caller: str
    mode: str  # SCHEDULED or DIRECT
    failed: tuple[dt.datetime, ...]
