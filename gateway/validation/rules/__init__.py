"""The checks by kind: each a small function, named for the state it demands, from a rule and facts to a verdict."""

import datetime as dt

from gateway.validation.facts import SHANGHAI, Facts


def path(facts: Facts, field: str) -> tuple[str, ...]:
    """Where the request holds this field; empty where the operation does not take it."""
    return tuple(facts.paths.get(field, ()))


def written(instant: dt.datetime) -> str:
    """An instant as texts show it: Shanghai time, to the minute."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
