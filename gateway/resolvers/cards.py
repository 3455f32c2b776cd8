"""What a card is worth at this moment."""

import datetime as dt


def status(state: str, is_suspended: bool, covered_until: dt.date | None, today: dt.date) -> str:
    """Worked out anew each time, never stored: it changes with the day, and with what is paid elsewhere."""
    if covered_until is not None and covered_until <= today:
        return "EXPIRED"
    if state != "BOUND":
        return "NOT_BOUND"
    return "GREYED" if is_suspended else "ACTIVE"
