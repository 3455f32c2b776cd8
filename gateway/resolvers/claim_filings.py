"""A claim as somebody files it: its parts, and the same with texts trimmed and amounts in cents."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from gateway.auth.viewer import ViewerKind
from gateway.context import Context
from gateway.faults import bad_input
from gateway.resolvers import claim_cases, inputs
from gateway.resolvers.requests import HandedIn
from gateway.validation.civil_time import civil_day

MOST_VISITS = 30
MOST_LINES = 200
ACCOUNT = re.compile(r"^\d{8,30}$", re.ASCII)
INVOICE = re.compile(r"^[0-9A-Z-]{1,40}$", re.ASCII)
SEALED = "claims.account"


@dataclass(frozen=True, slots=True)
class Line:
    category: str
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit with its invoice. Of a question, hospital and invoice may be left out."""

    hospital: str | None
    department_class: str | None
    visited_on: dt.date
    discharged_on: dt.date | None
    amount: Decimal
    invoice_number: str | None = None
    invoice_code: str = ""
    is_invoice_marked: bool = False
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    bank_name: str | None
    holder: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Filing:
    """What somebody claims, or asks about before."""

    policy_number: str
    insured: str | None
    kind: str
    channel: str | None
    visits: tuple[Visit, ...]
    account: Account | None = None
    papers: tuple[HandedIn, ...] = ()
    is_emergency: bool = False
    is_follow_up: bool | None = None
    has_surgery: bool = False
    is_third_party_settled: bool = False
    is_self_ordered_test: bool = False


# Cleaning


def clean(context: Context, filing: Filing) -> Filing:
    """The same with its texts trimmed and its amounts in cents; what cannot be taken is named."""
    if not 1 <= len(filing.visits) <= MOST_VISITS:
        raise bad_input(f"Expected 1 to {MOST_VISITS} visits.", *path_to("visits"))
    if sum(len(visit.lines) or 1 for visit in filing.visits) > MOST_LINES:
        raise bad_input(f"At most {MOST_LINES} lines.", *path_to("visits"))
    if filing.channel in claim_cases.RECORDED and context.viewer.kind is not ViewerKind.STAFF:
        raise bad_input("Staff write down what comes by telephone or e-mail: leave this out.", *path_to("channel"))
    visits = tuple(_clean_visit(context, place, visit) for place, visit in enumerate(filing.visits))
    named = [(visit.invoice_code, visit.invoice_number) for visit in visits if visit.invoice_number]
    if len(set(named)) < len(named):
        raise bad_input("An invoice is named twice.", *path_to("visits"))
    return replace(filing, visits=visits, account=clean_account(filing.account))


def _clean_visit(context: Context, place: int, visit: Visit) -> Visit:
    at = path_to("visits", str(place))
    if visit.visited_on > civil_day(context.now):
        raise bad_input("A visit that is claimed cannot lie in the future.", *at, "visitedOn")
    if visit.discharged_on is not None and not visit.visited_on <= visit.discharged_on <= civil_day(context.now):
        raise bad_input("Expected a day from the admission until today.", *at, "dischargedOn")
    amount = _positive(visit.amount, *at, "amount")
    lines = tuple(_clean_line(line, *at, "lines", str(number)) for number, line in enumerate(visit.lines))
    if lines and sum(line.amount for line in lines) != amount:
        raise bad_input(f"The lines must come to the amount of the visit, {amount}.", *at, "lines")
    return replace(
        visit,
        hospital=visit.hospital and visit.hospital.strip(),
        amount=amount,
        invoice_number=visit.invoice_number and invoice_of(visit.invoice_number, *at, "invoiceNumber"),
        invoice_code=invoice_of(visit.invoice_code, *at, "invoiceCode") if visit.invoice_code.strip() else "",
        lines=lines,
    )


def _clean_line(line: Line, *path: str) -> Line:
    name = inputs.required(inputs.name(line.name, *path, "name"), *path, "name")
    return Line(line.category, name, _positive(line.amount, *path, "amount"))


def _positive(amount: Decimal, *path: str) -> Decimal:
    known = inputs.amount(amount, *path)
    if not known:
        raise bad_input("Expected an amount of more than 0 with at most two decimals.", *path)
    return known


def invoice_of(number: str, *path: str) -> str:
    """As printed, whatever its width, case and blanks."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()
    if not INVOICE.match(plain):
        raise bad_input("Expected the number as printed: 1 to 40 letters and digits.", *path)
    return plain


# The account


def clean_account(account: Account | None) -> Account | None:
    if account is None:
        return None
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", account.number or ""))
    if number and not ACCOUNT.match(number):
        raise bad_input("Expected the number of an account: 8 to 30 digits.", *path_to("bankAccount", "number"))
    return Account(
        bank_name=inputs.name(account.bank_name, *path_to("bankAccount", "bankName")),
        holder=inputs.name(account.holder, *path_to("bankAccount", "holder")),
        number=number or None,
    )


def missing_of(account: Account | None) -> tuple[str, ...]:
    if account is None:
        return ()
    given = {"bankName": account.bank_name, "number": account.number}
    return tuple(field for field, value in given.items() if value is None)


def account_columns(context: Context, account: Account | None, insured: str) -> dict[str, Any]:
    """The account as it is kept: sealed, hashed, and by its last digits. Without a holder it is the insured's own."""
    if account is None or missing_of(account):
        return {}
    number, vault = account.number or "", context.services.vault
    return {
        "bank_name": account.bank_name,
        "account_holder": account.holder or insured,
        "account_encrypted": vault.seal(number, SEALED),
        "account_hash": vault.fingerprint("ACCOUNT", number),
        "account_last4": number[-4:],
    }


def path_to(*fields: str) -> tuple[str, ...]:
    return ("input", *fields)
