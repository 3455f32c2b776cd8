"""Amounts, to the cent, and compared as each handbook prints it."""

from decimal import Decimal
from typing import Any

from gateway.validation.facts.advances import Advancing
from gateway.validation.facts.authorizations import Authorization, Draw, Item
from gateway.validation.facts.claims import ClaimedVisit, Reimbursement
from gateway.validation.facts.direct_claims import DirectClaim
from gateway.validation.verdict import Status
from tests.rules.boundaries import Boundary, shown
from tests.rules.builders import on

WARNED = Status.WARNED
DAY = on("2026-03-02")


# What needs authorization first


def priced(rule: str, category: str, price: str, passes: str, fails: str, threshold: str) -> Boundary:
    sides = (Authorization(items=(Item(category, "x", **{price: Decimal(sum)}),)) for sum in (passes, fails))
    return shown(
        *(rule, "needs_no_authorization", "authorization", *sides, {"threshold": threshold}),
        failing=WARNED,
    )


def summed(rule: str) -> Boundary:
    sides = (Authorization(cumulative=Decimal(sum)) for sum in ("30000.00", "30000.01"))
    return shown(
        *(rule, "sum_needs_no_authorization", "authorization", *sides, {"threshold": "30000.00"}), failing=WARNED
    )


AUTHORIZED = [
    priced("CY23-PA-07", "EXAMINATION", "unit_price", "4999.99", "5000.00", "5000.00"),
    priced("CY23-IPD-05", "TREATMENT", "per_treatment", "5000.00", "5000.01", "5000.00"),
    priced("CY26-PA-09", "TREATMENT", "unit_price", "4999.99", "5000.00", "5000.00"),
    priced("CY26-PA-10", "INJECTION_OR_DRUG", "per_treatment", "3000.00", "3000.01", "3000.00"),
    summed("CY23-PA-08"),
    summed("CY26-PA-12"),
]


# Letters of guarantee


def draw(amount: str = "100.00", starts_on: str = "2026-03-02", ends_on: str = "2026-03-02") -> Draw:
    """Of a letter that still promises 100.00, on the 2nd of March."""
    return Draw(Decimal(amount), Decimal("100.00"), on(starts_on), on(ends_on))


GUARANTEED = [
    shown(rule, "within_guarantee", "draw", draw(), beyond)
    for rule in ("CY23-PA-09", "CY26-PA-01")
    for beyond in (draw("100.01"), draw(ends_on="2026-03-01"), draw(starts_on="2026-03-03"))
]


# Claims


def claimed(amount: str, channel: str = "ONLINE") -> Reimbursement:
    visit = ClaimedVisit("市第一医院", "PUBLIC", DAY, Decimal(amount))
    return Reimbursement("PUBLIC_OUTPATIENT", channel, (visit,), {DAY: visit.amount}, age=30)


def billed(amount: str) -> DirectClaim:
    return DirectClaim("OUTPATIENT_INPATIENT", Decimal(amount))


TEN_THOUSAND = {"threshold": "10000.00"}
CLAIMED = [
    shown("CY26-CLM-10", "within_online_limit", "claim", claimed("10000.00"), claimed("10000.01"), TEN_THOUSAND),
    shown("CY26-CLM-11", "originals_posted", "claim", claimed("10000.00"), claimed("10000.01"), TEN_THOUSAND),
    shown("CY26-BILL-04", "papers_given", "claim", claimed("9999.99"), claimed("10000.00"), TEN_THOUSAND),
    shown("CY26-BILL-04", "direct_papers_given", "direct", billed("9999.99"), billed("10000.00"), TEN_THOUSAND),
]


# Advances


def stay(**amounts: str) -> Advancing:
    sums: dict[str, Any] = {name: Decimal(amount) for name, amount in amounts.items()}
    return Advancing("DISEASE", DAY, "INPATIENT_TREATMENT", **sums)


ADVANCED = [
    shown("ZAWX-ADV-14", "nothing_paid_yet", "advance", stay(), stay(paid="0.01"), {"paidAmountAtMost": "0.00"}),
    shown(
        *("VAS-ADV-08", "stay_below_agreed_limit", "advance"),
        *(stay(total=total, agreed_limit="50000.00") for total in ("49999.99", "50000.00")),
    ),
    shown(
        *("VAS-TBL-09", "within_authorized_limit", "advance"),
        *(stay(total=total, authorized_limit="50000.00") for total in ("50000.00", "50000.01")),
    ),
]

AMOUNTS = [*AUTHORIZED, *GUARANTEED, *CLAIMED, *ADVANCED]
