"""What most rules look at: cover, account, hospital, patient and visit, and the step that is asked for."""

import datetime as dt
from dataclasses import dataclass

from gateway.validation.civil_time import civil_day


@dataclass(frozen=True, slots=True)
class Cover:
    """The policy year of the insured: `starts_at` counts, `ends_on` is the last covered day."""

    starts_at: dt.datetime
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True, slots=True)
class Account:
    """Counters of the entitlement, before this request. `granted` None is unlimited."""

    granted: int | None
    held: int
    used: int
    cancellations: int
    usable_from: dt.date | None


@dataclass(frozen=True, slots=True)
class Hospital:
    code: str
    name: str
    city: str
    province: str
    level: int | None
    ownership: str
    is_city_served: bool
    has_onsite_service: bool = False


@dataclass(frozen=True, slots=True)
class Patient:
    name: str
    gender: str | None
    birth_on: dt.date | None
    is_insured: bool
    conditions: frozenset[str] = frozenset()
    companion: str | None = None  # RELATIVE, FAMILY_MEMBER or OTHER


@dataclass(frozen=True, slots=True)
class Visit:
    at: dt.datetime
    minutes: int = 0  # where the service does not ask how long it takes

    @property
    def on(self) -> dt.date:
        return civil_day(self.at)

    @property
    def ends_at(self) -> dt.datetime:
        return self.at + dt.timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Step:
    """A command on a case in some state; `leads_to` is empty where the lifecycle has no such edge for the role."""

    status: str
    command: str
    leads_to: frozenset[str]


@dataclass(frozen=True, slots=True)
class Paper:
    kind: str
    issued_on: dt.date | None
    media_type: str = ""
