"""The days and clock times of the handbooks are those of Shanghai."""

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Every civil date and clock time of the handbooks (GEN-01)."""


def civil_day(instant: dt.datetime) -> dt.date:
    return instant.astimezone(SHANGHAI).date()


def start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, SHANGHAI)
