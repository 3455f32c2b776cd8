"""The rows that Postgres itself keeps from a viewer: the predicates of `visibility`, written as its policies.

A policy knows the viewer by settings of the transaction (`sight`), so that without them it shows nothing. What it says
beyond what readers see is for commands: which rows a kind of viewer may write, and that a vendor who names a policy, of
a product that it has a contract for, acts on that policy as a whole, so that rules miss none of it.
"""

from collections.abc import Collection, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Exists,
    Table,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    true,
)
from sqlalchemy.sql import any_
from sqlalchemy.sql.visitors import iterate

from gateway.auth import people
from gateway.auth.naming import is_named, of_named_policy
from gateway.auth.open_rows import OPEN, Changes
from gateway.auth.sight import (
    ISSUER,
    KIND,
    PEOPLE,
    POLICIES,
    PRINCIPAL,
    REACHED,
    SECRET,
    SUBJECT,
    in_database,
)
from gateway.auth.vendors import Follows, Rule
from gateway.auth.viewer import ViewerKind
from gateway.auth.visibility import PRIVATE, Mine, rule_of, visible
from gateway.postgres.patterns import finder, pairs
from gateway.postgres.statements import compile_
from models import metadata
from models.base import is_append_only
from models.policies import Policy as PolicyTable

Policy: Any = PolicyTable

READ, ADD, CHANGE, REMOVE = "select", "insert", "update", "delete"
SIGNED_IN = (ViewerKind.CUSTOMER, ViewerKind.VENDOR, ViewerKind.STAFF, ViewerKind.SYSTEM)
INSURERS = frozenset({ViewerKind.STAFF, ViewerKind.SYSTEM})

WRITERS: Mapping[str, frozenset[ViewerKind]] = {
    "policies": INSURERS,
    "policy_riders": INSURERS,
    "policy_members": INSURERS,
    "coverages": INSURERS,
    "vendor_tokens": INSURERS,
    "retention_holds": INSURERS,
}
"""Tables that not everybody who sees a row may write."""

APART = frozenset({"policy_grants", "audit_entries", "idempotency_keys", "vendor_tokens"})
"""Tables that naming a policy does not open."""

FOUND_BY_PART = ("policies", "bookings", "preauths", "claims", "advances", "bills")
"""Tables whose rows are found by a part of their number."""

OF_POLICIES = frozenset({"entitlement_accounts", "cards", "documents"})
"""What rows hang on that is the policy's own, and no vendor's."""

OWNERS = "security definer set search_path = public, pg_temp"
TABLE = "this_table"
TELLING = {"policy_id", "product_code", "service", "hospital_code", "vendor_code", "number"}
"""Columns that make a difference to the policies of a table."""

Rows = ColumnElement[bool]


def row_policies() -> dict[str, dict[str, list[str]]]:
    """Private table → name of a policy → the statements that make it."""
    made: dict[Any, list[str]] = {}  # tables that are alike get the same policies, but for their names
    found: dict[str, dict[str, list[str]]] = {}
    for name in PRIVATE:
        found[name] = {}
        for command in _commands(name):
            alike = (command, *_likeness(metadata.tables[name]))
            statements = made.get(alike) or made.setdefault(alike, list(_statements(metadata.tables[name], command)))
            found[name][f"{name}_{command}"] = [statement.replace(TABLE, name) for statement in statements]
    for name, rules in OPEN.items():
        found[name] = _open(metadata.tables[name], rules)
    for name in FOUND_BY_PART:
        found[name][f"{name}_{READ}"].append(_finder(name))
    return found


def _open(table: Table, rules: Changes) -> dict[str, list[str]]:
    """Of a table that everybody reads, and in which who may change a row depends on it. No command adds any."""
    row, ours = _row(table, table.name), _sql(KIND.stored() == literal(ViewerKind.SYSTEM.value))
    before, after = (_sql(case(arms, value=KIND.stored(), else_=false())) for arms in rules(row))
    conditions = {
        READ: "using (true)",
        ADD: f"with check ({ours})",
        CHANGE: f"using ({before}) with check ({after})",
        REMOVE: f"using ({ours})",
    }
    return {
        f"{table.name}_{command}": [f"create policy {table.name}_{command} on {table.name} for {command} {condition}"]
        for command, condition in conditions.items()
    }


def _finder(table: str) -> str:
    """Finds the keys of rows by a part of their number, with the rights of the owner, whose index is asked. A customer
    has few rows, and no others are looked at.
    """
    keys = metadata.tables[table].primary_key.columns.keys()
    columns, typed = ", ".join(f"t.{key}" for key in keys), ", ".join(f"{key} uuid" for key in keys)
    every = f"return query select {columns} from {table} t where t.number like pattern and"
    reached = _sql(func.coalesce(REACHED.stored(once=False), POLICIES.stored(once=False)))
    pairs_of_number = _sql(pairs(literal_column("t.number")))
    return (
        f"create or replace function {finder(table)}(wanted text[], pattern text) returns table ({typed}) "
        f"language plpgsql stable {OWNERS} rows 20 as $$ "
        f"#variable_conflict use_column\n"
        f"begin if current_setting('app.kind', true) = 'CUSTOMER' then {every} t.policy_id = any ({reached}); "
        f"elsif current_setting('app.kind', true) <> '' then {every} ({pairs_of_number}) @> wanted; end if; end $$"
    )


def _likeness(table: Table) -> tuple[Any, ...]:
    """All that the policies of a table depend on."""
    name = table.name if table.name in APART else None
    rules = tuple(people.likeness(table.name) if isinstance(rule, Mine) else rule for rule in _rules(table.name))
    return name, rules, WRITERS.get(table.name), frozenset(TELLING & set(table.c.keys()))


def _rules(table: str) -> list[Rule | None]:
    return [rule_of(kind, table) for kind in SIGNED_IN]


def _commands(table: str) -> tuple[str, ...]:
    return (READ, ADD) if is_append_only(table) else (READ, ADD, CHANGE, REMOVE)


def _statements(table: Table, command: str) -> Iterator[str]:
    """The functions that a policy calls, where it calls some, and the policy."""
    reached = _sql(_by_kind(table, command, SIGNED_IN))
    written = _sql(_by_kind(table, command, WRITERS[table.name])) if table.name in WRITERS else reached
    using = {READ: reached, CHANGE: reached, REMOVE: written}.get(command)
    check = {ADD: written, CHANGE: written}.get(command)
    uses = "" if using is None else f" using ({using})"
    checks = "" if check is None else f" with check ({check})"
    for kind, asked in ((ViewerKind.CUSTOMER, _asked_by_customer), (ViewerKind.VENDOR, _asked_by_vendor)):
        if f"{_function_name(kind, command)}(" in uses + checks:
            is_of_owner = not _opens_case(table, command)
            yield _function(kind, command, asked(table, command, _row(table, "entry")), is_of_owner=is_of_owner)
    yield f"create policy {TABLE}_{command} on {TABLE} for {command}{uses}{checks}"


def _row(table: Table, name: str) -> Any:
    """The columns of a row as a policy names them, or those of a function's argument."""
    return SimpleNamespace(**{item.key: literal_column(f'{name}."{item.name}"', item.type) for item in table.c})


def _sql(rows: Rows) -> str:
    return " ".join(compile_(rows).sql.split())  # type: ignore[arg-type]


def _function(kind: ViewerKind, command: str, reached: Rows, *, is_of_owner: bool) -> str:
    """What the arm of a kind asks of other tables: sub-selects of an arm that is not taken cost others their start.

    What it asks says by itself whose rows are meant, so it is asked with the rights of the owner, for whom the
    policies of those tables are not gone through again; but for whether a policy is seen at all.
    """
    rights = f" {OWNERS}" if is_of_owner else ""
    return (
        f"create function {_function_name(kind, command)}(entry {TABLE}) returns boolean language plpgsql stable"
        f"{rights} as $$ begin return {_sql(reached)}; end $$"
    )


def _call(kind: ViewerKind, command: str) -> Rows:
    return literal_column(f"{_function_name(kind, command)}({TABLE})", Boolean)


def _function_name(kind: ViewerKind, command: str) -> str:
    return f"{kind.value.lower()}_{command}"


def _asks_others(rows: Rows) -> bool:
    return any(isinstance(part, Exists) for part in iterate(rows))


def _by_kind(table: Table, command: str, kinds: Collection[ViewerKind]) -> Rows:
    """One arm for each kind of viewer, of which Postgres evaluates no more than the one that asks."""
    row = _row(table, TABLE)
    arms = {kind.value: _of_kind(kind, table, command, row) for kind in SIGNED_IN if kind in kinds}
    return case(arms, value=KIND.stored(once=_once(command)), else_=_unrecognized(table.name, command, row))


def _of_kind(kind: ViewerKind, table: Table, command: str, row: Any) -> Rows:
    if kind is ViewerKind.SYSTEM:
        return true()
    if (table.name, command) == ("audit_entries", ADD):
        return and_(row.actor == PRINCIPAL.stored(once=False), row.actor_kind == literal(kind.value))
    if kind is ViewerKind.VENDOR:
        return _of_vendor(table, command, row)
    if kind is ViewerKind.CUSTOMER and isinstance(rule_of(kind, table.name), Mine):
        return _of_customer(table, command, row)
    return _seen(kind, table, row, once=_once(command))


def _once(command: str) -> bool:
    """Whether settings are read once for all rows. Commands add a row or two to a table, for which preparing a
    sub-select costs more than reading a setting again."""
    return command != ADD


def _seen(kind: ViewerKind, table: Table, row: Any, *, once: bool) -> Rows:
    seen = visible(in_database(kind, once=once), table.name, row)
    return true() if seen is None else seen


def _unrecognized(table: str, command: str, row: Any) -> Rows:
    """Who has not been recognized reaches the very row that is looked up, to be recognized by it."""
    if table == "vendor_tokens" and command in (READ, CHANGE):
        return row.secret_hash == func.decode(SECRET.stored(), literal("hex"))
    if (table, command) == ("policy_grants", READ):
        return and_(row.issuer == ISSUER.stored(), row.subject == SUBJECT.stored())
    return false()


# Customers: whole policies, and what concerns the people whom an access is bound to


def _of_customer(table: Table, command: str, row: Any) -> Rows:
    once = _once(command)
    whole = row.policy_id == any_(POLICIES.stored(once=once))
    narrow = people.of_people(in_database(ViewerKind.CUSTOMER, once=once), table.name, row)
    if narrow is None:
        return whole
    if _asks_others(narrow):
        narrow = and_(PEOPLE.stored(once=once).is_not(None), _call(ViewerKind.CUSTOMER, command))
    return or_(whole, narrow)


def _asked_by_customer(table: Table, _command: str, row: Any) -> Rows:
    narrow = people.of_people(in_database(ViewerKind.CUSTOMER, once=False), table.name, row)
    assert narrow is not None, "a table that calls the function has such rows"
    return narrow


# Vendors: what they see anyway, and what they reach of the policy that a command names


def _of_vendor(table: Table, command: str, row: Any) -> Rows:
    once = _once(command)
    own = _seen(ViewerKind.VENDOR, table, row, once=once)
    call = _call(ViewerKind.VENDOR, command)
    if _opens_case(table, command):
        return and_(own, call)
    if _asks_others(own):
        return call
    return own if _named(table, command, row) is None else or_(own, and_(is_named(row, once=once), call))


def _asked_by_vendor(table: Table, command: str, row: Any) -> Rows:
    if _opens_case(table, command):
        return exists().where(Policy.policy_id == row.policy_id)
    both = (_seen(ViewerKind.VENDOR, table, row, once=False), _named(table, command, row))
    return or_(*(rows for rows in both if rows is not None and _asks_others(rows)))


def _named(table: Table, command: str, row: Any) -> Rows | None:
    """What naming a policy opens besides. Cases of others are read, since rules ask for them, and never written."""
    if "policy_id" not in table.c or table.name in APART:
        return None
    of_policy, rule = of_named_policy(row), PRIVATE[table.name]
    if command == READ or not (_is_case(table) or is_about_case(rule)):
        return of_policy
    if isinstance(rule, Follows) and command == ADD:  # with its case, in one statement, which sees no case yet
        return and_(of_policy, not_(rule.is_there(row)))
    return None


def _is_case(table: Table) -> bool:
    return {"policy_id", "vendor_code", "number"} <= set(table.c.keys())


def is_about_case(rule: Any) -> bool:
    return isinstance(rule, Follows) and OF_POLICIES.isdisjoint(parent.__tablename__ for parent, _ in rule.parents)


def _opens_case(table: Table, command: str) -> bool:
    """A vendor opens a case of its own, on a policy that it serves already or names."""
    return command == ADD and _is_case(table)
