"""Reading variables of the environment: each value is taken as it should be, or refused by the name of its variable."""

import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from gateway.bounds import changed
from gateway.mendable import Mendable

T = TypeVar("T")
PAPERS = ("kind of paper, such as INVOICE", re.compile(r"[A-Z][A-Z_]*|\*"))
LINES = ("reads and writes", re.compile(r"reads|writes"))
LONGEST_PERIOD = 36_500


class SettingsError(Mendable):
    """A variable has a value that cannot be taken; the message says which and what it may be."""


def choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = environment.get(name, choices[0])
    if value not in choices:
        raise SettingsError(f"{name} is {value!r}; it may be {' or '.join(choices)}")
    return value


def number(environment: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = environment.get(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise SettingsError(f"{name} is {value!r}; it may be a whole number from {low} to {high}")
    return int(value)


def overridden(environment: Mapping[str, str], name: str, default: T) -> T:
    try:
        return changed(name, default, environment.get(name, ""))
    except ValueError as error:
        raise SettingsError(str(error)) from None


def networks(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(item.strip() for item in environment.get(name, "").split(",") if item.strip())
    for item in found:
        try:
            ipaddress.ip_network(item)
        except ValueError:
            raise SettingsError(f"{name}: {item!r} is no network, such as 10.0.0.0/8 or 192.0.2.7") from None
    return found


def origins(value: str) -> tuple[str, ...]:
    """Each exactly as a browser says it: a scheme and a host, nothing after it, and no wildcard."""
    found = tuple(item.strip() for item in value.split(",") if item.strip())
    for item in found:
        if not ORIGIN.fullmatch(item):
            raise SettingsError(f"GATEWAY_ORIGINS: {item!r} is no origin, such as https://app.example")
    return found


ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")


def address(environment: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    value = environment.get(name, "")
    try:
        is_known = not value or urlsplit(value).scheme in schemes
    except ValueError:
        is_known = False
    if not is_known:
        raise SettingsError(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value


def periods(environment: Mapping[str, str], name: str, of: tuple[str, re.Pattern[str]]) -> dict[str, int]:
    """Days by words of a kind, as JSON."""
    told, words = of
    try:
        found = json.loads(environment.get(name) or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(_is_period(words, *item) for item in cast(dict[Any, Any], found).items()):
        raise SettingsError(f"{name} is no JSON object of whole days by {told}")
    return cast(dict[str, int], found)


def _is_period(words: re.Pattern[str], word: str, days: Any) -> bool:
    return words.fullmatch(word) is not None and type(days) is int and 0 <= days <= LONGEST_PERIOD


def objects(name: str, value: str, example: str) -> list[dict[str, Any]]:
    """A JSON list of objects; nothing is an empty one."""
    if not value.strip():
        return []
    try:
        items = json.loads(value)
    except ValueError:
        items = None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SettingsError(f"{name} must be a JSON list, such as {example}")
    return items


def safe_url(name: str, value: str) -> str:
    """Whoever can change what travels can be anybody; only this very machine is trusted without TLS."""
    try:
        url = urlsplit(value)
    except ValueError:
        url = urlsplit("")
    is_here = url.scheme == "http" and url.hostname in ("localhost", "127.0.0.1", "::1")
    if not url.hostname or not (url.scheme == "https" or is_here):
        raise SettingsError(f"{name} must begin with https://")
    return value
