"""Who may agree in whose name, and how long a guardian is one. No handbook says it; the law does."""

import datetime as dt

from gateway.validation.calendar import birthday, completed_years
from gateway.validation.civil_time import start_of

OF_AGE = 18
CONSENTS_ALONE_FROM = 14
"""Below it, all personal data is sensitive, and a guardian agrees."""

GUARDIANS = frozenset({"HOLDER", "GUARDIAN", "AGENT"})
"""Who speaks for a child: the policyholder, a declared guardian, an agent with papers."""


def consent_is_given_by(roles: frozenset[str], born_on: dt.date, today: dt.date, *, is_holder: bool) -> str | None:
    """INSURED, GUARDIAN or AGENT; None where these roles cannot agree for the insured."""
    age = completed_years(born_on, today)
    if age < CONSENTS_ALONE_FROM:
        return "GUARDIAN" if roles & GUARDIANS else None
    if "INSURED" in roles or ("HOLDER" in roles and is_holder):
        return "INSURED"
    if age < OF_AGE and roles & {"HOLDER", "GUARDIAN"}:
        return "GUARDIAN"
    return "AGENT" if "AGENT" in roles else None


def guardian_until(born_on: dt.date) -> dt.datetime:
    """The first instant of the 18th birthday in Shanghai, at which the child speaks for itself."""
    return start_of(birthday(born_on, OF_AGE))
