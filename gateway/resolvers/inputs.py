"""What may be typed into a form: each check names the field and says what is expected."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from gateway.faults import bad_input

MOBILE_OR_LANDLINE = re.compile(r"^(\+?86)?(1[3-9]\d{9}|0\d{2,3}\d{7,8}|[48]00\d{7})$", re.ASCII)
ID_CARD = re.compile(r"^\d{17}[\dX]$", re.ASCII)
LONGEST_TEXT = 2000
LONGEST_NAME = 60
MOST_POINTS = 50
MOST_MONEY = Decimal("1e12")
CENT = Decimal("0.01")
EXPECTED = {
    "reason": ": say why, in words for whoever reads the case later",
    "report": ": name the report by its id, once it was uploaded (uploadTicketCreate) on the same policy",
    "note": ": say in words what happened",
    "grounds": ": say what is wrong with it, and why",
    "content": ": write what you want to say",
    "question": ": write what you want to know",
    "answer": ": write what was asked for",
    "description": ": say in words what was seen",
    "assessment": ": write what those who assessed think",
    "diagnosis": ": write it as the doctor did",
    "title": ": name in a few words what this is about",
    "reference": ": give the number under which it was paid",
    "callReference": ": give the telephone system's own number of the call",
    "trackingNumber": ": give the number of the parcel",
    "invoiceNumber": ": give the number as printed on the invoice",
    "address": ": say where to come, with street and number",
    "vendor": ": name the vendor by its code",
    "purpose": ": say what it is for",
}
"""What is expected in a field that was left empty, where its name alone does not tell."""


def phone(value: str | None, *path: str) -> str | None:
    """A mainland mobile, landline or 400/800 number; blanks and hyphens are left out."""
    if value is None or not value.strip():
        return None
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", value))
    if not MOBILE_OR_LANDLINE.match(digits):
        raise bad_input("Expected a phone number in digits, such as 13800138000 or 021-80209058.", *path)
    return digits


def name(value: str | None, *path: str) -> str | None:
    if value is None or not value.strip():
        return None
    return _clean(value, LONGEST_NAME, *path)


def text(value: str | None, *path: str) -> str | None:
    if value is None or not value.strip():
        return None
    return _clean(value, LONGEST_TEXT, *path)


def points(given: Sequence[str], *path: str) -> list[str]:
    """A list of texts; blank ones are left out."""
    if len(given) > MOST_POINTS:
        raise bad_input(f"At most {MOST_POINTS} points.", *path)
    return [point for point in (text(point, *path) for point in given) if point]


def required(value: str | None, *path: str) -> str:
    if value is None:
        expected = EXPECTED.get(path[-1] if path else "", "")
        raise bad_input(f"This field must not be empty{expected}.", *path)
    return value


def _clean(value: str, longest: int, *path: str) -> str:
    value = value.replace("\r\n", "\n")
    if len(value) > longest:
        raise bad_input(f"At most {longest} characters, not {len(value)}.", *path)
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in value):
        raise bad_input("Control characters cannot be stored here.", *path)
    return value.strip()


def birth_on(value: dt.date | None, today: dt.date, *path: str) -> dt.date | None:
    if value is not None and value > today:
        raise bad_input("A day of birth cannot lie in the future.", *path)
    return value


def id_number(kind: str, value: str, *path: str) -> str:
    """A number that fits its kind of paper; whether it is the right one, the insurer's own system has checked."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", value)).upper()
    if kind == "ID_CARD" and not ID_CARD.match(number):
        raise bad_input("Expected an identity-card number: 17 digits and a digit or X.", *path)
    if not 4 <= len(number) <= 30 or not number.isalnum():
        raise bad_input("Expected the number as printed on the paper: 4 to 30 letters and digits.", *path)
    return number


def amount(value: Decimal | None, *path: str) -> Decimal | None:
    """An amount of money as it is stored: not negative, in whole cents."""
    if value is None:
        return None
    if not 0 <= value < MOST_MONEY or value != value.quantize(CENT):
        raise bad_input("Expected an amount of 0 or more with at most two decimals.", *path)
    return value.quantize(CENT)


def positive_minutes(minutes: int, *path: str) -> int:
    if not 1 <= minutes <= 1440:
        raise bad_input("Expected 1 to 1440 minutes.", *path)
    return minutes
