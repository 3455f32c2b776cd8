"""Counters, holds and the ledger: every change of a counter leaves its line, and the database has the last word."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.repositories.writes import changed_meanwhile
from models.base import new_id


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who changes a counter, when, and why; the same for every line of one command."""

    writes: Any
    policy_id: uuid.UUID
    account_id: uuid.UUID
    actor: str
    now: dt.datetime

    async def reserve(
        self,
        subject_type: str,
        subject_id: uuid.UUID,
        *,
        refusal: Exception,
        rule: str | None = None,
        month: dt.date | None = None,
        month_refusal: Exception | None = None,
    ) -> None:
        """Set one use aside for a subject, in a month where a monthly cap applies.

        Where none is left, or the month is taken, the refusal of that is raised when the writes are sent.
        """
        await self.writes.execute_all(
            RESERVE,
            self.policy_id,
            self.account_id,
            new_id(),
            new_id(),
            new_id(),
            subject_type,
            subject_id,
            self.now,
            self.actor,
            rule,
            month,
            expecting={
                "reserved_free": refusal,
                "reserved_hold": month_refusal or refusal,
                "reserved_account": changed_meanwhile(),
            },
        )

    async def consume(self, subject_type: str, subject_id: uuid.UUID, *, reason: str, rule: str | None = None) -> None:
        """Spend the use that is set aside for the subject, if one still is."""
        await self._resolve(subject_type, subject_id, "CONSUMED", "CONSUME", used=1, reason=reason, rule=rule)

    async def release(
        self, subject_type: str, subject_id: uuid.UUID, *, reason: str, rule: str | None = None, cancellations: int = 0
    ) -> None:
        """Give the use back; where the client cancelled what was confirmed, that counts as a cancellation."""
        await self._resolve(
            subject_type, subject_id, "RELEASED", "RELEASE", reason=reason, rule=rule, cancellations=cancellations
        )

    async def _resolve(
        self,
        subject_type: str,
        subject_id: uuid.UUID,
        state: str,
        kind: str,
        *,
        reason: str,
        rule: str | None,
        used: int = 0,
        cancellations: int = 0,
    ) -> None:
        await self.writes.execute_all(
            RESOLVE,
            self.policy_id,
            self.account_id,
            subject_type,
            subject_id,
            state,
            self.now,
            used,
            cancellations,
            new_id(),
            new_id(),
            kind,
            self.actor,
            reason,
            rule,
            expecting={"resolved_whole": changed_meanwhile()},
        )


RESERVE = {
    "reserved_free": """
      select id from entitlement_accounts
      where policy_id = $1 and id = $2 and (granted is null or held + used + 1 <= granted) for update""",
    "reserved_hold": """
      insert into entitlement_holds
        (policy_id, id, account_id, quantity, state, subject_type, subject_id, service_month, created_at)
      select $1, $3, id, 1, 'HELD', $6, $7, $11, $8 from reserved_free
      on conflict (policy_id, account_id, service_month)
        where service_month is not null and state in ('HELD', 'CONSUMED') do nothing
      returning account_id""",
    "reserved_account": """
      update entitlement_accounts set held = held + 1
      from reserved_hold where entitlement_accounts.policy_id = $1 and entitlement_accounts.id = account_id
      returning 1""",
    "reserved_entry": """
      insert into entitlement_entries
        (policy_id, id, account_id, hold_id, command_id, kind, granted_change, held_change, used_change,
         actor, rule_code, at)
      select $1, $4, account_id, $3, $5, 'HOLD', 0, 1, 0, $9, $10, $8 from reserved_hold""",
}
RESOLVE = {
    "resolved_hold": """
      update entitlement_holds set state = $5, resolved_at = $6
      where policy_id = $1 and account_id = $2 and subject_type = $3 and subject_id = $4 and state = 'HELD'
      returning id""",
    "resolved_account": """
      update entitlement_accounts set
        held = held - 1, used = used + $7::int, cancellations = cancellations + $8::int
      from resolved_hold where entitlement_accounts.policy_id = $1 and entitlement_accounts.id = $2
      returning 1""",
    "resolved_entry": """
      insert into entitlement_entries
        (policy_id, id, account_id, hold_id, command_id, kind, granted_change, held_change, used_change,
         actor, reason, rule_code, at)
      select $1, $9, $2, resolved_hold.id, $10, $11, 0, -1, $7::int, $12, $13, $14, $6 from resolved_hold""",
    "resolved_whole": """
      select 1 where (select count(*) from resolved_hold) = (select count(*) from resolved_account)""",
}


async def lock_account(
    connection: Any, policy_id: uuid.UUID, insured_id: uuid.UUID, service: str, on: dt.date
) -> Mapping[str, Any] | None:
    """The account of the policy year in which the day lies (else the latest one), locked until the end."""
    return await connection.fetchrow(
        """
        select * from entitlement_accounts
        where policy_id = $1 and insured_id = $2 and service = $3
        order by (period @> $4::date) desc, upper(period) desc limit 1 for update
        """,
        policy_id,
        insured_id,
        service,
        on,
    )
