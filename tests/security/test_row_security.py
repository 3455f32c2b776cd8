"""Every kind of viewer against every private table: the gateway's predicate and Postgres show the same rows."""

from dataclasses import replace

import asyncpg
import pytest

from gateway.auth.catalogue import CATALOGUE, OF_THE_GATEWAY
from gateway.auth.open_rows import OPEN
from gateway.auth.row_security import READ, WRITERS, is_about_case, row_policies
from gateway.auth.viewer import ANONYMOUS, CUSTOMER_SCOPES, SCOPES, SYSTEM, VENDOR_SCOPES, Viewer, ViewerKind
from gateway.auth.visibility import PRIVATE
from gateway.faults import Fault
from gateway.repositories.writes import Writes, update
from models import metadata
from models.base import is_append_only
from tests.security.rows import THIRD, Rows, policy_of, principal_of, row_of

CUSTOMER = Viewer(
    ViewerKind.CUSTOMER,
    principal_of("mine"),
    "customer",
    frozenset(CUSTOMER_SCOPES),
    policies=(policy_of("mine"),),
)
VENDOR = Viewer(ViewerKind.VENDOR, principal_of("mine"), "vendor", frozenset(VENDOR_SCOPES), vendor="HUANQIU")
STAFF = Viewer(ViewerKind.STAFF, principal_of("mine"), "staff", frozenset(SCOPES), role="supervisor")

VIEWERS = {
    "customer": CUSTOMER,
    "customer of none": replace(CUSTOMER, policies=(), principal="principal:nobody"),
    "customer of both": replace(CUSTOMER, policies=(policy_of("mine"), policy_of("theirs"))),
    "vendor": VENDOR,
    "vendor cut to its product": replace(VENDOR, products=("ZYB",), services=("OUTPATIENT_ESCORT",)),
    "vendor cut to another product": replace(VENDOR, products=("VAS",), principal="principal:nobody"),
    "vendor cut to a hospital": replace(VENDOR, hospitals=("H-mine",)),
    "vendor cut to another hospital": replace(
        VENDOR, hospitals=("H-theirs", '"},{"', "\\"), principal="principal:nobody"
    ),
    "vendor of no name": replace(VENDOR, vendor=None),
    "staff": STAFF,
    "system": SYSTEM,
    "anonymous": ANONYMOUS,
}
TABLES = sorted(PRIVATE)
CHANGING = [table for table in TABLES if not is_append_only(table)]
SHARDED = {table for table in TABLES if "policy_id" in metadata.tables[table].c} - {"idempotency_keys"}
ABOUT_CASES = sorted(table for table, rule in PRIVATE.items() if is_about_case(rule))
HIDDEN_FROM_CUSTOMERS = {"vendor_tokens", "audit_entries", "escort_days", "retention_holds"}


def test_every_table_is_the_catalogues_or_private() -> None:
    classes = (CATALOGUE, OF_THE_GATEWAY, frozenset(PRIVATE))
    unknown = set(metadata.tables) - frozenset().union(*classes)
    assert not unknown, (
        f"add {sorted(unknown)} to PRIVATE in gateway/auth/visibility.py or to gateway/auth/catalogue.py"
    )
    gone = frozenset().union(*classes) - set(metadata.tables)
    assert not gone, f"take {sorted(gone)} from gateway/auth/visibility.py or catalogue.py: no such tables"
    assert sum(map(len, classes)) == len(metadata.tables), "a table is of one class"


def test_postgres_protects_every_table_that_somebody_may_not_read_or_change(rows: Rows) -> None:
    protected = "select relname from pg_class where relrowsecurity and relforcerowsecurity"
    assert {name for (name,) in rows.runner.run(rows.owner.fetch(protected))} == set(PRIVATE) | set(OPEN)


@pytest.mark.parametrize("table", TABLES)
def test_guard_and_database_show_every_viewer_the_same_rows(rows: Rows, table: str) -> None:
    guard = {name: rows.by_guard(viewer, table) for name, viewer in VIEWERS.items()}
    assert {name: rows.by_database(viewer, table) for name, viewer in VIEWERS.items()} == guard


@pytest.mark.parametrize("table", TABLES)
def test_each_lock_alone_shows_a_customer_its_own_rows_only(rows: Rows, table: str) -> None:
    expected = set() if table in HIDDEN_FROM_CUSTOMERS else {"mine"}
    assert rows.by_guard(CUSTOMER, table) == expected
    assert rows.by_database(CUSTOMER, table) == expected


@pytest.mark.parametrize("table", TABLES)
def test_each_lock_alone_hides_from_a_vendor_what_is_anothers(rows: Rows, table: str) -> None:
    assert rows.by_guard(VENDOR, table) <= {"mine"}
    assert rows.by_database(VENDOR, table) <= {"mine"}


@pytest.mark.parametrize("table", TABLES)
def test_without_settings_no_row_is_visible(rows: Rows, table: str) -> None:
    assert rows.run(None, f"select 1 from {table}") == []


@pytest.mark.parametrize("table", TABLES)
def test_there_is_something_to_see(rows: Rows, table: str) -> None:
    assert rows.by_database(SYSTEM, table) == {"mine", "theirs"}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("viewer", [CUSTOMER, VENDOR], ids=["customer", "vendor"])
def test_nobody_adds_a_row_to_another_side(rows: Rows, viewer: Viewer, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        rows.add(viewer, table, "theirs")


@pytest.mark.parametrize("table", CHANGING)
@pytest.mark.parametrize("viewer", [CUSTOMER, VENDOR], ids=["customer", "vendor"])
def test_nobody_changes_or_removes_a_row_of_another_side(rows: Rows, viewer: Viewer, table: str) -> None:
    column = next(iter(row_of(table, "mine")))
    own = "policy_id <> $1" if "policy_id" in metadata.tables[table].c else "$1::uuid is not null"
    seen = rows.by_database(viewer, table)
    for statement in (f'update {table} set "{column}" = "{column}" where {own}', f"delete from {table} where {own}"):
        changed = _changed(rows, viewer, f"{statement} returning 1", table)
        assert changed == (0 if own.startswith("policy") else changed and len(seen)), statement


def _changed(rows: Rows, viewer: Viewer, statement: str, table: str) -> int:
    try:
        return len(rows.run(viewer, statement, policy_of("mine")))
    except asyncpg.InsufficientPrivilegeError:
        return 0


@pytest.mark.parametrize("table", sorted(set(CHANGING) & SHARDED))
def test_a_customer_moves_no_row_to_a_foreign_policy(rows: Rows, table: str) -> None:
    if rows.by_database(CUSTOMER, table) != {"mine"}:
        assert table in HIDDEN_FROM_CUSTOMERS
        return
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        rows.run(CUSTOMER, f"update {table} set policy_id = $1", policy_of("theirs"))


@pytest.mark.parametrize("table", sorted(WRITERS))
@pytest.mark.parametrize("viewer", [CUSTOMER, VENDOR], ids=["customer", "vendor"])
def test_what_the_insurer_writes_others_do_not(rows: Rows, viewer: Viewer, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        rows.add(viewer, table, "mine", named="mine")
    with pytest.raises(asyncpg.UniqueViolationError):
        rows.add(STAFF, table, "mine")


@pytest.mark.parametrize("viewer", [CUSTOMER, VENDOR, STAFF], ids=["customer", "vendor", "staff"])
def test_nobody_writes_an_audit_line_in_anothers_name(rows: Rows, viewer: Viewer) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        rows.add(viewer, "audit_entries", "mine", actor=principal_of("theirs"), actor_kind=viewer.kind.value)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        rows.add(viewer, "audit_entries", "mine", actor=viewer.principal, actor_kind="SYSTEM")
    with pytest.raises(asyncpg.UniqueViolationError):
        rows.add(viewer, "audit_entries", "mine", actor=viewer.principal, actor_kind=viewer.kind.value)


def test_keys_of_requests_are_hidden_even_from_staff_who_did_not_send_them(rows: Rows) -> None:
    assert rows.by_database(STAFF, "idempotency_keys") == {"mine"}
    assert rows.by_database(replace(STAFF, principal="staff:other"), "idempotency_keys") == set()


# A vendor names a policy


@pytest.mark.parametrize("table", TABLES)
def test_naming_a_policy_of_a_product_without_a_contract_opens_nothing(rows: Rows, table: str) -> None:
    assert rows.by_database(VENDOR, table, named="theirs") == rows.by_database(VENDOR, table)


@pytest.mark.parametrize("table", ["policies", "policy_members", "coverages", "consents", "documents", "bookings"])
def test_naming_a_policy_shows_the_command_all_of_it(rows: Rows, table: str) -> None:
    other = replace(VENDOR, vendor=THIRD)
    assert rows.by_database(other, table) == set()
    assert rows.by_database(other, table, named="mine") == {"mine"}
    assert rows.by_database(replace(other, products=("VAS",)), table, named="mine") == set()


@pytest.mark.parametrize("table", ABOUT_CASES)
def test_naming_a_policy_adds_nothing_to_a_case_of_another_vendor(rows: Rows, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        rows.add(replace(VENDOR, vendor=THIRD), table, "mine", named="mine")


def test_naming_a_policy_changes_no_booking_of_another_vendor(rows: Rows) -> None:
    other = replace(VENDOR, vendor=THIRD)
    assert rows.run(other, "update bookings set state = 'X' returning 1", named="mine") == []
    assert rows.run(other, "select 1 from bookings for update", named="mine") == []


def test_a_vendor_opens_no_case_on_a_policy_that_it_neither_serves_nor_names(rows: Rows) -> None:
    booking = {"id": policy_of("new"), "number": "new", "vendor_code": THIRD}
    other = replace(VENDOR, vendor=THIRD)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        rows.add(other, "bookings", "mine", **booking)
    rows.add(other, "bookings", "mine", named="mine", **booking)


# Recognizing a caller


def test_a_token_is_found_by_its_own_hash_only(rows: Rows) -> None:
    find = "with asked as materialized (select set_config('app.secret', $1, true)) select (select count(*) from"
    find += " vendor_tokens) from asked"
    assert rows.run(None, find, b"mine".hex())[0][0] == 1
    assert rows.run(None, find, b"nobody".hex())[0][0] == 0


def test_a_write_that_row_security_drops_is_a_conflict(rows: Rows) -> None:
    async def attempt() -> None:
        await rows.runtime.execute("begin")
        try:
            writes = Writes(rows.runtime)
            await update(writes, "bookings", {"policy_id": policy_of("mine")}, {"state": "CANCELLED"})
            await writes.flush()
        finally:
            await rows.runtime.execute("rollback")

    with pytest.raises(Fault) as refused:
        rows.runner.run(attempt())
    assert (refused.value.extensions or {})["code"] == "CONFLICT"


def test_every_private_table_says_who_reads_it() -> None:
    assert all(f"{table}_{READ}" in policies for table, policies in row_policies().items())
