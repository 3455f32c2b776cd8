"""What a vendor sees: its own cases, and of a policy what these cases need. The first line of a rule tells it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal_column, not_, null, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.sql import any_
from sqlalchemy.types import Text

from gateway.auth.sight import HOSPITALS, PRINCIPAL, PRODUCTS, SERVICES, VENDOR, Sight
from models.advances import Advance as AdvanceTable
from models.bills import Bill as BillTable
from models.bookings import Booking as BookingTable
from models.claims import Claim as ClaimTable
from models.consents import Consent as ConsentTable
from models.expert_calls import Expert as ExpertTable
from models.health_records import HealthRecordEntry as RecordEntryTable
from models.preauths import PreAuth as PreAuthTable
from models.rules import Rule as RuleTable

Rule = Callable[[Sight, Any], ColumnElement[bool]]
"""(sight, row) → what is seen of a table."""

# columns of a SQLModel class are typed as their values
Booking: Any = BookingTable
PreAuth: Any = PreAuthTable
Claim: Any = ClaimTable
Advance: Any = AdvanceTable
Bill: Any = BillTable
Expert: Any = ExpertTable
RecordEntry: Any = RecordEntryTable


@dataclass(frozen=True, slots=True)
class Follows:
    """A row is seen with the one that it belongs to."""

    column: str
    parents: tuple[tuple[Any, Rule], ...]
    """Where that row may be, and how it is seen."""

    def __call__(self, sight: Sight, row: Any) -> ColumnElement[bool]:
        return self._exists(row, [rule(sight, parent) for parent, rule in self.parents])

    def is_there(self, row: Any) -> ColumnElement[bool]:
        """Whether there is such a row, as far as it is seen."""
        return self._exists(row, [None for _ in self.parents])

    def _exists(self, row: Any, conditions: Sequence[ColumnElement[bool] | None]) -> ColumnElement[bool]:
        return _any_of(
            select(parent.id).where(
                parent.policy_id == row.policy_id,
                parent.id == getattr(row, self.column),
                *(() if condition is None else (condition,)),
            )
            for (parent, _), condition in zip(self.parents, conditions, strict=True)
        )


def of(parent: Any, column: str, rule: Rule) -> Follows:
    return Follows(column, ((parent, rule),))


# Cases


def booking(sight: Sight, row: Any) -> ColumnElement[bool]:
    """routed to it, of the products, services and hospitals that its token is cut to"""
    return _own(sight, row, row.product_code, row.service, row.hospital_code)


def case(sight: Sight, row: Any) -> ColumnElement[bool]:
    """handled by it, of the products and hospitals that its token is cut to; none for a token cut to services"""
    return _own(sight, row, row.product_code, null(), row.hospital_code)


def advance(sight: Sight, row: Any) -> ColumnElement[bool]:
    """handled by it, of the products and hospitals that its token is cut to, where that covers advance payments"""
    return _own(sight, row, row.product_code, literal_column("'ADVANCE_PAYMENT'", Text), row.hospital_code)


def schedule(sight: Sight, row: Any) -> ColumnElement[bool]:
    """kept by it with consent, of the products that its token is cut to, where that covers vaccination reminders"""
    return _kept(sight, row, literal_column("'VACCINATION_REMINDER'", Text))


def record(sight: Sight, row: Any) -> ColumnElement[bool]:
    """kept by it with consent, of the products that its token is cut to, where that covers health records"""
    return _kept(sight, row, literal_column("'HEALTH_RECORD'", Text))


def growth(sight: Sight, row: Any) -> ColumnElement[bool]:
    """kept by it with consent, of the products that its token is cut to, where that covers growth assessments"""
    return _kept(sight, row, literal_column("'GROWTH_ASSESSMENT'", Text))


def contact(sight: Sight, row: Any) -> ColumnElement[bool]:
    """made by its own managers, of the products that its token is cut to, where that covers the health manager"""
    return _own(sight, row, row.product_code, literal_column("'HEALTH_MANAGER'", Text), null())


def _kept(sight: Sight, row: Any, service: Any) -> ColumnElement[bool]:
    """Of a health record, once the client has agreed that the vendor keeps it, and as long as that stands."""
    return and_(_own(sight, row, row.product_code, service, null()), _has_consent(sight, row))


def repayment(sight: Sight, row: Any) -> ColumnElement[bool]:
    """owed to it; none for a token that is cut"""
    return _own(sight, row, null(), null(), null())


def routed(sight: Sight, row: Any) -> ColumnElement[bool]:
    """its own"""
    return row.vendor_code == sight.bind(VENDOR)  # without a vendor this equals NULL, which holds nowhere


def _own(sight: Sight, row: Any, product: Any, service: Any, hospital: Any) -> ColumnElement[bool]:
    if not sight.is_cut:
        return routed(sight, row)
    cuts = ((product, PRODUCTS), (service, SERVICES), (hospital, HOSPITALS))
    return and_(routed(sight, row), *(within(column, sight.bind(cut)) for column, cut in cuts))


def within(column: ColumnElement[str], allowed: ColumnElement[Any]) -> ColumnElement[bool]:
    """NULL cuts nothing. A booking without a hospital is not one of a hospital's own."""
    return or_(allowed.is_(None), column == any_(allowed))


CASES: tuple[tuple[Any, Rule], ...] = (
    (Booking, booking),
    (PreAuth, case),
    (Claim, case),
    (Advance, advance),
    (Bill, case),
)
"""What a vendor may handle of a policy."""

of_any_case = Follows("subject_id", CASES)


# What cases need


def shared_paper(sight: Sight, row: Any) -> ColumnElement[bool]:
    """of its cases and records, where the client has agreed if the handbook asks for that; and those that it brought"""
    shared = [*((table, _agreed(rule)) for table, rule in CASES[:4]), (RecordEntry, record)]
    return or_(row.reserved_by == sight.bind(PRINCIPAL), _has_case(sight, row, shared, id="subject_id"))


def _agreed(rule: Rule) -> Rule:
    """Where the handbook asks the client first: once the client has agreed to this vendor, and as long as it stands."""

    def seen(sight: Sight, row: Any) -> ColumnElement[bool]:
        asking: Any = aliased(RuleTable)
        is_asked = exists(
            select(asking.code).where(asking.product_code == row.product_code, any_(asking.checks) == "consent_given")
        )
        return and_(rule(sight, row), or_(not_(is_asked), _has_consent(sight, row)))

    return seen


def _has_consent(sight: Sight, row: Any) -> ColumnElement[bool]:
    """Whether a consent to share with the vendor stands for the insured of a row."""
    consent: Any = aliased(ConsentTable)
    return exists(
        select(consent.id).where(
            consent.policy_id == row.policy_id,
            consent.insured_id == row.insured_id,
            consent_to_it(sight, consent),
            consent.withdrawn_at.is_(None),
        )
    )


def consent_to_it(sight: Sight, row: Any) -> ColumnElement[bool]:
    """to share with it"""
    return and_(row.kind == "VENDOR_SHARING", row.recipient == sight.bind(VENDOR))


def served_policy(sight: Sight, row: Any) -> ColumnElement[bool]:
    """of a policy that it has a case of, not before"""
    return _has_case(sight, row, CASES)


def served_person(sight: Sight, row: Any) -> ColumnElement[bool]:
    """the insured of its cases"""
    return _has_case(sight, row, CASES, insured_id="id")


def served_insured(sight: Sight, row: Any) -> ColumnElement[bool]:
    """of the insured of its cases"""
    return _has_case(sight, row, CASES, insured_id="insured_id")


def _has_case(sight: Sight, row: Any, cases: Sequence[tuple[Any, Rule]], **match: str) -> ColumnElement[bool]:
    """Whether any case of the row's policy is seen: `case column = own column` for every pair."""
    return _any_of(
        select(table.id).where(
            table.policy_id == row.policy_id,
            *(getattr(table, name) == getattr(row, own) for name, own in match.items()),
            rule(sight, table),
        )
        for table, rule in cases
    )


def _any_of(found: Any) -> ColumnElement[bool]:
    """It is one EXISTS over a UNION, which PostgreSQL answers row by row from the indexes. Of several EXISTS in an OR
    it would rather collect all that a large vendor has before it looks at a single row."""
    first, *others = found
    return exists(union_all(first, *others) if others else first)


def shown_card(sight: Sight, row: Any) -> ColumnElement[bool]:
    """shown for a claim that it handles"""
    return exists(select(Claim.id).where(Claim.policy_id == row.policy_id, Claim.card_id == row.id, case(sight, Claim)))


def served_entitlement(sight: Sight, row: Any) -> ColumnElement[bool]:
    """of the insured and the service of its bookings"""
    return exists(
        select(Booking.id).where(
            Booking.policy_id == row.policy_id,
            Booking.insured_id == row.insured_id,
            Booking.service == row.service,
            booking(sight, Booking),
        )
    )
