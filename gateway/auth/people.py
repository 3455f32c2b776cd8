"""What of a policy concerns one insured: what a customer sees whose access is bound to some people of it.

The tables say it themselves: a row is of the insured that it names, or of the one whom the row that it belongs to is
of. A table that leads to no insured is open to whole policies only.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, exists, or_, select
from sqlalchemy.sql import any_

from gateway.auth.sight import PEOPLE, PRINCIPAL, Sight
from models import metadata

CASES = ("bookings", "preauths", "claims", "advances", "bills")
"""What clocks belong to, by `subject_id`."""

WITH_PAPERS = (*CASES, "health_record_entries")
"""What papers belong to."""

KEPT_BACK = frozenset({"policy_grants", "card_codes"})
"""Who else is let in, and what proves a phone number, is not for one insured."""


def of_people(sight: Sight, table: str, row: Any) -> ColumnElement[bool] | None:
    """The condition under which a row concerns somebody whom the viewer's access is bound to; None: it never does."""
    if table in ("policies", "policy_riders"):
        return _named(sight, metadata.tables["policy_members"], "id", policy_id=row.policy_id)
    if table == "policy_members":
        return _mine(sight, row.id)
    if table in ("benefits", "work"):  # no tables of their own
        return _mine(sight, row.insured_id)
    if table == "documents":
        return or_(_of_case(sight, row, WITH_PAPERS), row.reserved_by == sight.bind(PRINCIPAL))
    if table == "sla_clocks":
        return _of_case(sight, row, CASES)
    return None if table in KEPT_BACK else _by_columns(sight, metadata.tables[table], row)


def likeness(table: str) -> tuple[Any, ...]:
    """All that the condition for a table depends on, beside the table's name."""
    is_apart = table in KEPT_BACK or table in ("policies", "policy_riders", "policy_members", "documents", "sla_clocks")
    has_insured = "insured_id" in metadata.tables[table].c
    return (table,) if is_apart else (has_insured, None if has_insured else _PARENTS.get(table))


def _by_columns(sight: Sight, table: Table, row: Any) -> ColumnElement[bool] | None:
    if "insured_id" in table.c:
        return _mine(sight, row.insured_id)
    found = _PARENTS.get(table.name)
    if found is None:
        return None
    column, parent = found
    seen = _by_columns(sight, parent, parent.c)
    own = parent.c.policy_id == row.policy_id, parent.c.id == getattr(row, column)
    return None if seen is None else exists(select(parent.c.id).where(*own, seen))


def _of_case(sight: Sight, row: Any, names: Iterable[str]) -> ColumnElement[bool]:
    cases = (metadata.tables[name] for name in names)
    return or_(*(_named(sight, case, "insured_id", policy_id=row.policy_id, id=row.subject_id) for case in cases))


def _named(sight: Sight, table: Table, person: str, **match: Any) -> ColumnElement[bool]:
    same = (table.c[name] == value for name, value in match.items())
    return exists(select(table.c.id).where(*same, _mine(sight, table.c[person])))


def _mine(sight: Sight, column: Any) -> ColumnElement[bool]:
    return column == any_(sight.bind(PEOPLE))


def _parents() -> Mapping[str, tuple[str, Table]]:
    """Table → the column that names the row it belongs to, and where that row is, if it leads to an insured."""
    found: dict[str, tuple[str, Table]] = {}
    for table in metadata.sorted_tables:  # parents come first
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name)):
            first, *rest = key.column_keys
            parent = key.referred_table
            if first == "policy_id" and len(rest) == 1 and ("insured_id" in parent.c or parent.name in found):
                found.setdefault(table.name, (rest[0], parent))
    return found


_PARENTS = _parents()
