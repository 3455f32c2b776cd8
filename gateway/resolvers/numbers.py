"""Numbers for people."""

import datetime as dt
import secrets

from gateway.validation.civil_time import civil_day

NUMBER_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_number(prefix: str, now: dt.datetime) -> str:
    """A number for people: service, day, and letters that cannot be misread on the phone."""
    tail = "".join(secrets.choice(NUMBER_LETTERS) for _ in range(8))
    return f"{prefix}{civil_day(now):%Y%m%d}{tail}"
