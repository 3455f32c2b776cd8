"""Three rows for each timer whose time has come; a trigger can keep one of them from being moved."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from gateway.execution import ids
from gateway.repositories.policies import policy_id
from tests.jobs.test_cards import bill, settle, with_card
from tests.support import escorts, papers, preauths
from tests.support.client import Gateway
from tests.support.escorts import at, change, look, register

NOW = at("2026-03-20 12:00")
LONG_AGO = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Trap:
    """`make` gives the value of `column` in a row that the timer has to `write` for it to be `moved`."""

    make: Callable[[Gateway], object]
    write: str  # insert, update or delete
    table: str
    column: str
    moved: str
    """A condition in SQL; $1 is the value, as text."""

    now: str = NOW
    settings: Mapping[str, Any] = field(default_factory=dict)

    def is_moved(self, gateway: Gateway, value: object) -> bool:
        (row,) = look(gateway, f"select {self.moved} as moved", str(value))
        return row["moved"]

    @contextmanager
    def poisoned(self, gateway: Gateway, value: object) -> Iterator[None]:
        row = "old" if self.write == "delete" else "new"
        change(
            gateway,
            f"""
            create function poison() returns trigger language plpgsql as
              $$ begin raise exception 'a person: 110101199003070011'; end $$;
            create trigger poison before {self.write} on {self.table} for each row
              when ({row}.{self.column}::text = '{value}') execute function poison()
            """,
        )
        try:
            yield
        finally:
            change(gateway, "drop function poison cascade")


def message(gateway: Gateway) -> object:
    number, made = register(gateway), uuid.uuid4()
    change(
        gateway,
        """
        insert into outbox_messages
          (policy_id, id, topic, audience, subject_id, payload, dedupe_key, available_at, created_at, attempts)
        values ($1, $2, 'a.test', 'STAFF', $2, '{}', $3, $4, $4, 0)
        """,
        policy_id(number),
        made,
        made.hex,
        LONG_AGO,
    )
    return made


def booking(gateway: Gateway, state: str) -> object:
    return escorts.begin(gateway).go_to(state).key[1]


def authorization(gateway: Gateway) -> object:
    case = preauths.begin(gateway)
    case.approve()
    return preauths.rows_of(gateway, "preauths", case.number)[0]["id"]


def clock(gateway: Gateway, due_at: dt.datetime) -> object:
    """One of a case that is no booking, which counts five working days."""
    number, made = register(gateway, "CY26", plan="NATIONAL"), uuid.uuid4()
    change(
        gateway,
        """
        insert into sla_clocks
          (policy_id, id, subject_type, subject_id, rule_code, started_at, due_at, working_days, is_estimated)
        values ($1, $2, 'CLAIM', $2, 'CY26-VAC-13', $3, $4, 5, false)
        """,
        policy_id(number),
        made,
        LONG_AGO,
        due_at,
    )
    return made


def miscounted(gateway: Gateway) -> object:
    change(
        gateway,
        """
        insert into calendar_corrections ("on", replaced_at, is_workday, status)
        values ('2026-01-07', $1, true, 'OFFICIAL') on conflict do nothing
        """,
        LONG_AGO,
    )
    return clock(gateway, LONG_AGO + dt.timedelta(days=300))


def account(gateway: Gateway) -> object:
    policy = policy_id(register(gateway, "CY26", plan="NATIONAL"))
    sql = "select id from entitlement_accounts where policy_id = $1 and service = 'RESPIRATORY_TEST'"
    return look(gateway, sql, policy)[0]["id"]


def dose(gateway: Gateway) -> object:
    made = uuid.uuid4()
    change(
        gateway,
        """
        insert into vaccination_reminders
          (policy_id, id, insured_id, vaccine, dose, due_on, product_code, planned_by, created_at)
        select policy_id, $2, id, '流感疫苗', 1, '2026-03-21', 'CY26', 'test', $3 from policy_members
        where policy_id = $1 and role = 'INSURED'
        """,
        policy_id(register(gateway, "CY26", plan="NATIONAL")),
        made,
        LONG_AGO,
    )
    return made


def overdue(gateway: Gateway) -> object:
    return bill(gateway, with_card(gateway, "CY23"), due_on=dt.date(2026, 3, 1))


def settled(gateway: Gateway) -> object:
    number = with_card(gateway, "CY23")
    made = bill(gateway, number)
    change(
        gateway,
        """
        insert into card_suspensions (policy_id, id, card_id, cause_type, cause_id, suspended_at)
        select $1, gen_random_uuid(), c.id, 'BILL', $2, now() from cards c where c.policy_id = $1
        """,
        policy_id(number),
        made,
    )
    settle(gateway, number)
    return made


def payment(gateway: Gateway) -> object:
    number, made = with_card(gateway, "CY23"), uuid.uuid4()
    change(
        gateway,
        """
        insert into bill_payments
          (policy_id, id, bill_id, provider, reference, amount, state, principal, created_at)
        values ($1, $2, $3, 'sandbox', $4, 1, 'PENDING', 'test', $5)
        """,
        policy_id(number),
        made,
        bill(gateway, number),
        made.hex,
        LONG_AGO,
    )
    return made


def paper(gateway: Gateway, changes: str) -> object:
    number = register(gateway, "CY26", plan="NATIONAL")
    made = papers.upload(gateway.customer(number), number, papers.picture(size=(60, 80)), kind="LAB_REPORT")
    policy, document = ids.decode_as("doc", made, 2)
    change(gateway, f"update documents set {changes} where policy_id = $1 and id = $2", policy, document)
    change(gateway, "update policies set cover = daterange('2026-01-01', '2026-06-30') where policy_id = $1", policy)
    return document


def request_key(gateway: Gateway) -> object:
    made = uuid.uuid4().hex
    change(
        gateway,
        """
        insert into idempotency_keys (principal, operation, key, request_sha256, verdicts, created_at)
        values ('customer:1', 'bookingRate', $1, '', '[]', $2)
        """,
        made,
        LONG_AGO,
    )
    return made


def of(table: str, condition: str, column: str = "id") -> str:
    return f"exists (select from {table} where {column}::text = $1 and {condition})"


TRAPS: Mapping[str, Trap] = {
    "relay": Trap(message, "update", "outbox_messages", "id", of("outbox_messages", "claimed_until is not null")),
    "expire bookings": Trap(
        lambda gateway: booking(gateway, "ASSIGNED"), "update", "bookings", "id", of("bookings", "state = 'EXPIRED'")
    ),
    "expire authorizations": Trap(
        authorization, "update", "preauths", "id", of("preauths", "state = 'EXPIRED'"), now=at("2026-05-01 00:01")
    ),
    "correct deadlines": Trap(miscounted, "update", "sla_clocks", "id", of("sla_clocks", "corrected_at is not null")),
    "late clocks": Trap(
        lambda gateway: clock(gateway, LONG_AGO + dt.timedelta(days=7)),
        "update",
        "sla_clocks",
        "id",
        of("sla_clocks", "overdue_told_at is not null"),
    ),
    "unrecorded visits": Trap(
        lambda gateway: booking(gateway, "CONFIRMED"),
        "insert",
        "outbox_messages",
        "subject_id",
        of("outbox_messages", "topic = 'booking.unrecorded'", "subject_id"),
    ),
    "forfeit uses": Trap(
        account,
        "update",
        "entitlement_accounts",
        "id",
        of("entitlement_accounts", "remaining = 0"),
        now=at("2027-01-01 00:00"),
    ),
    "remind of vaccinations": Trap(
        dose, "update", "vaccination_reminders", "id", of("vaccination_reminders", "reminded_at is not null")
    ),
    "grey cards": Trap(overdue, "insert", "card_suspensions", "cause_id", of("card_suspensions", "true", "cause_id")),
    "restore cards": Trap(
        settled,
        "update",
        "card_suspensions",
        "cause_id",
        of("card_suspensions", "lifted_at is not null", "cause_id"),
    ),
    "end payments": Trap(payment, "update", "bill_payments", "id", of("bill_payments", "state = 'FAILED'")),
    "check papers": Trap(
        lambda gateway: paper(gateway, "state = 'UPLOADED', uploaded_at = '2026-01-05'"),
        "update",
        "documents",
        "id",
        of("documents", "state = 'CLEAN'"),
    ),
    "forget uploads": Trap(
        lambda gateway: paper(gateway, "keep_until = '2026-01-05'"),
        "update",
        "documents",
        "id",
        of("documents", "state = 'EXPIRED'"),
    ),
    "remove papers": Trap(
        lambda gateway: paper(gateway, "keep_until = null"),
        "update",
        "documents",
        "id",
        of("documents", "state = 'REMOVED'"),
        now=at("2027-06-01 12:00"),
        settings={"keep_papers": {"LAB_REPORT": 0}},
    ),
    "tidy": Trap(
        request_key,
        "delete",
        "idempotency_keys",
        "key",
        "not " + of("idempotency_keys", "true", "key"),
        now=at("2026-12-01 12:00"),
    ),
}
