"""Who may see and do what, as a page for people: told by the tables that the guard, the planner and Postgres follow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from gateway.auth.catalogue import CATALOGUE
from gateway.auth.open_rows import OPEN
from gateway.auth.row_security import WRITERS
from gateway.auth.viewer import CUSTOMER_SCOPES, SCOPES, STAFF_ROLES, VENDOR_LIMIT, ViewerKind
from gateway.auth.visibility import PRIVATE, rule_of, told
from gateway.schema import schema
from gateway.schema.scopes import requirements

HEAD = """# Who sees and does what

This page is printed by `gateway access`; a test compares it with the code. What it says is enforced twice: by the
gateway, in the predicate that every statement carries, and by Postgres, in policies made of the same predicates
([how](decisions/0010-the-database-keeps-rows-to-itself.md)). Without a token nothing but the catalogue is seen.
"""
NAMING = """A vendor who sends a command with the number of a policy, of a product that it has a contract for, has the
command read that policy as a whole, so that rules miss none of it; the answer still shows what the table says. It opens
cases of its own there, and never writes those of another vendor. `SYSTEM` is the gateway itself (jobs, imports,
migrations), which no token can be.
"""


def access_page() -> str:
    return "\n".join([HEAD, *_scopes(), *_fields(), *_rows(), *_catalogue()]) + "\n"


def _scopes() -> Iterator[str]:
    yield "## Scopes that a token may carry\n"
    carried = {"customer": CUSTOMER_SCOPES, "vendor, at most": VENDOR_LIMIT}
    carried |= {f"staff: {role}": scopes for role, scopes in STAFF_ROLES.items()}
    yield from _table(["", *carried], ([f"`{scope}`", *_marks(scope, carried.values())] for scope in SCOPES))


def _marks(scope: str, carried: Iterable[Iterable[str]]) -> list[str]:
    return ["×" if scope in scopes else "" for scopes in carried]


def _fields() -> Iterator[str]:
    yield "## Types and fields that require a scope\n"
    required: dict[str, list[str]] = defaultdict(list)
    for name, scopes in requirements(schema._schema):  # pyright: ignore[reportPrivateUsage]
        required[", ".join(f"`{scope}`" for scope in scopes)].append(f"`{name}`")
    yield from _table(["Scope", "Types, queries and mutations"], ([key, ", ".join(required[key])] for key in required))


def _rows() -> Iterator[str]:
    yield "## Rows of private tables\n"
    yield NAMING
    kinds = (ViewerKind.CUSTOMER, ViewerKind.VENDOR, ViewerKind.STAFF)
    rows = (
        [f"`{table}`", *(told(rule_of(kind, table)) for kind in kinds), _writers(table)] for table in sorted(PRIVATE)
    )
    yield from _table(["Table", "Customers see", "A vendor sees", "Staff sees", "Written by"], rows)


def _writers(table: str) -> str:
    if table == "audit_entries":
        return "everybody, in their own name"
    if table not in WRITERS:
        return "who sees the row"
    return ", ".join(sorted(kind.value.lower() for kind in WRITERS[table]))


def _catalogue() -> Iterator[str]:
    yield "## The public catalogue\n"
    yield ", ".join(f"`{table}`" for table in sorted(CATALOGUE)) + "."
    for table, changes in OPEN.items():
        told = " ".join((changes.__doc__ or "").split())
        yield f"\nEverybody reads `{table}`, and no command adds or removes a row. {told}"


def _table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
