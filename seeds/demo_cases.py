"""Cases of the demo policies: pre-authorizations, claims, advances, bills and cards, which a file tells row by row."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
from sqlalchemy import ARRAY, Table

from gateway.auth.personal import PersonalVault, normal
from gateway.repositories.policies import policy_id
from gateway.repositories.writes import insert
from models import metadata
from models.base import derived_id
from seeds.files import read
from seeds.state import HERE

FILE = HERE / "demo_cases.yaml"
EVENTS = {
    "appeals": ("appeal_events", "appeal_id"),
    "advances": ("advance_events", "advance_id"),
    "bills": ("bill_events", "bill_id"),
    "cards": ("card_events", "card_id"),
    "claims": ("claim_events", "claim_id"),
    "guarantee_letters": ("guarantee_letter_events", "letter_id"),
    "preauths": ("preauth_events", "preauth_id"),
}
PERSONAL = {"account": "BANK_ACCOUNT", "id_number": "ID_CARD", "phone": "PHONE"}
"""A number that identifies a person → the kind under which it is found again."""

VERSION = "demo"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """Whose cases they are."""

    policy: Any
    insured: Any


async def load_demo_cases(connection: Any, vault: PersonalVault) -> None:
    """Writes what is not there yet: ids are derived from names, so that loading twice changes nothing."""
    async with connection.transaction():
        for case in read(FILE.name):
            member = await _member(connection, case)
            if not await connection.fetchval(_KNOWN, member.policy, derived_id("demo", case["rows"][0]["name"])):
                for table, row in _rows(case["rows"], member, vault):
                    await insert(connection, table, row)


_KNOWN = """
    select exists (select from cards where (policy_id, id) = ($1, $2))
        or exists (select from advances where (policy_id, id) = ($1, $2))
"""


async def _member(connection: Any, case: Mapping[str, Any]) -> Member:
    policy = policy_id(case["policy"])
    insured = await connection.fetchval(
        "select id from policy_members where (policy_id, role, position) = ($1, 'INSURED', $2)", policy, case["insured"]
    )
    return Member(policy, insured)


def _rows(told: list[dict[str, Any]], member: Member, vault: PersonalVault) -> Iterator[tuple[str, Row]]:
    for item in told:
        name, table = item["table"], metadata.tables[item["table"]]
        row = {"policy_id": member.policy, **_values(table, item["values"], vault)}
        if "name" in item:
            row["id"] = derived_id("demo", item["name"])
        yield name, {**_common(table, item, member), **row}
        yield from _events(item, row)


def _values(table: Table, told: Mapping[str, Any], vault: PersonalVault) -> Row:
    row: Row = {}
    for name, value in told.items():
        if name in PERSONAL:
            row |= _sealed(table, name, value, vault)
        else:
            row[name] = _value(table.columns[name], value)
    return row


def _value(column: Any, value: Any) -> Any:
    """A value of the file as the column takes it; "=name" is the id of that row."""
    if isinstance(value, str) and value.startswith("="):
        return derived_id("demo", value[1:])
    match str(column.type):
        case "DATERANGE":
            return asyncpg.Range(*value)
        case "BYTEA" | "BLOB":
            return hashlib.sha256(value.encode()).digest()
        case kind if kind.startswith("NUMERIC"):
            return Decimal(value)
        case _:
            return value


def _sealed(table: Table, name: str, number: str, vault: PersonalVault) -> Row:
    plain = normal(number)
    made = {
        f"{name}_encrypted": vault.seal(plain, f"{table.name}.{name}"),
        f"{name}_hash": vault.fingerprint(PERSONAL[name], plain),
        f"{name}_last4": plain[-4:],
    }
    return {column: value for column, value in made.items() if column in table.columns}


def _common(table: Table, item: Mapping[str, Any], member: Member) -> Row:
    """What every row of the table has, if the file does not say otherwise."""
    steps = item.get("steps")
    begun: dt.datetime | None = steps[0][3] if steps else None
    known: Row = {"insured_id": member.insured, "is_demo": True}
    if steps:
        known |= {"machine": item["machine"], "state": steps[-1][2], "state_seq": len(steps)}
        known |= {"created_at": begun, "updated_at": steps[-1][3]}
    defaults = {column.name: _default(column) for column in table.columns if _default(column) is not None}
    return {name: value for name, value in (defaults | known).items() if name in table.columns}


def _default(column: Any) -> Any:
    if isinstance(column.type, ARRAY):
        return []
    return column.default.arg if column.default is not None and column.default.is_scalar else None


def _events(item: Mapping[str, Any], row: Row) -> Iterator[tuple[str, Row]]:
    before = ""
    for seq, (command, role, after, at) in enumerate(item.get("steps", ()), 1):
        table, key = EVENTS[item["table"]]
        yield (
            table,
            {
                "policy_id": row["policy_id"],
                key: row["id"],
                "seq": seq,
                "machine": item["machine"],
                "from_state": before,
                "command": command,
                "role": role,
                "to_state": after,
                "actor": f"{role.lower()}:demo",
                "details": {},
                "rulebook": VERSION,
                "at": at,
            },
        )
        before = after
