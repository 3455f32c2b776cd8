"""A critical illness, and a second opinion of it."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Illness:
    """What a service for critical illnesses is asked for. `is_listed` None: the product's list has not been loaded."""

    name: str | None
    first_diagnosed_on: dt.date | None
    is_listed: bool | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the step in hand brings to a second opinion."""

    stage: str
    brings: frozenset[str] = frozenset()  # input fields that are filled in
    recipient: str = ""  # the hospital abroad
    has_consent: bool = False  # of the insured, to that recipient
    proposed: int = 0  # hospitals
    is_among_proposed: bool = False
    not_applicable: frozenset[str] = frozenset()  # kinds of papers that the patient has none of
    needs_scan: bool = False
