"""Counters, holds and the ledger: every change of a counter leaves its line, and the database has the last word."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.base import new_id


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who changes a counter, when, and why; the same for every line of one command."""

    connection: Any
    policy_id: uuid.UUID
    account_id: uuid.UUID
    actor: str
    now: dt.datetime

    async def reserve(self, subject_type: str, subject_id: uuid.UUID, *, rule: str | None = None) -> bool:
        """Set one use aside for a subject. False when none is left: nothing has changed then."""
        reserved = await self.connection.fetchval(
            """
            update entitlement_accounts set held = held + 1
            where policy_id = $1 and id = $2 and (granted is null or held + used + 1 <= granted) returning true
            """,
            self.policy_id,
            self.account_id,
        )
        if not reserved:
            return False
        hold_id = new_id()
        await self.connection.execute(
            """
            insert into entitlement_holds
              (policy_id, id, account_id, quantity, state, subject_type, subject_id, created_at)
            values ($1, $2, $3, 1, 'HELD', $4, $5, $6)
            """,
            self.policy_id,
            hold_id,
            self.account_id,
            subject_type,
            subject_id,
            self.now,
        )
        await self._enter("HOLD", hold_id, held=1, reason=None, rule=rule)
        return True

    async def consume(self, subject_type: str, subject_id: uuid.UUID, *, reason: str, rule: str | None = None) -> bool:
        """Spend the use that is set aside for the subject. False when there is none any more."""
        return await self._resolve(subject_type, subject_id, "CONSUMED", "CONSUME", used=1, reason=reason, rule=rule)

    async def release(self, subject_type: str, subject_id: uuid.UUID, *, reason: str, rule: str | None = None) -> bool:
        """Give the use back."""
        return await self._resolve(subject_type, subject_id, "RELEASED", "RELEASE", used=0, reason=reason, rule=rule)

    async def count_cancellation(self) -> None:
        await self.connection.execute(
            "update entitlement_accounts set cancellations = cancellations + 1 where policy_id = $1 and id = $2",
            self.policy_id,
            self.account_id,
        )

    async def _resolve(
        self,
        subject_type: str,
        subject_id: uuid.UUID,
        state: str,
        kind: str,
        *,
        used: int,
        reason: str,
        rule: str | None,
    ) -> bool:
        hold_id = await self.connection.fetchval(
            """
            update entitlement_holds set state = $5, resolved_at = $6
            where policy_id = $1 and account_id = $2 and subject_type = $3 and subject_id = $4 and state = 'HELD'
            returning id
            """,
            self.policy_id,
            self.account_id,
            subject_type,
            subject_id,
            state,
            self.now,
        )
        if hold_id is None:
            return False
        await self.connection.execute(
            """
            update entitlement_accounts set held = held - 1, used = used + $3 where policy_id = $1 and id = $2
            """,
            self.policy_id,
            self.account_id,
            used,
        )
        await self._enter(kind, hold_id, held=-1, used=used, reason=reason, rule=rule)
        return True

    async def _enter(
        self, kind: str, hold_id: uuid.UUID, *, held: int, reason: str | None, rule: str | None, used: int = 0
    ) -> None:
        await self.connection.execute(
            """
            insert into entitlement_entries
              (policy_id, id, account_id, hold_id, command_id, kind, granted_change, held_change, used_change,
               actor, reason, rule_code, at)
            values ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12)
            """,
            self.policy_id,
            new_id(),
            self.account_id,
            hold_id,
            new_id(),
            kind,
            held,
            used,
            self.actor,
            reason,
            rule,
            self.now,
        )


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
