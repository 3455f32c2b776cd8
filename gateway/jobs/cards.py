"""Cards that grey when bills stay unpaid, by each product's own rule, and work again when they are settled."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gateway.auth.viewer import SYSTEM
from gateway.execution import ids
from gateway.jobs.house import House
from gateway.jobs.sweeps import sweep
from gateway.postgres.pool import Record
from gateway.repositories import outbox, suspensions
from gateway.validation.civil_time import civil_day
from gateway.validation.rule import Rule


async def suspend_cards(house: House) -> int:
    """One unpaid bill past its day, or so many reminders and a time of grace: the rule's parameters say which."""
    return sum([await _suspend(house, rule) for rule in _greying(house)])


async def _suspend(house: House, rule: Rule) -> int:
    async def find(connection: Any) -> Sequence[Record]:
        return await suspensions.overdue_bills(
            connection,
            rule.product,
            civil_day(house.now),
            reminded=rule.parameters.get("reminders"),
            grace_days=rule.parameters.get("graceDays", 0),
            timer=house.timer,
            with_rehearsals=house.with_rehearsals,
        )

    async def suspend(connection: Any, bills: Sequence[Record]) -> None:
        for bill in bills:
            await suspensions.suspend(connection, bill, rule=rule.code, now=house.now)
            await _tell(house, connection, "card.greyed", bill["policy_id"], bill["card_id"], bill["id"], rule.code)

    return await sweep(house, find, suspend)


async def lift_suspensions(house: House) -> int:
    async def find(connection: Any) -> Sequence[Record]:
        return await suspensions.of_settled_bills(connection, timer=house.timer)

    async def lift(connection: Any, settled: Sequence[Record]) -> None:
        await suspensions.lift(connection, settled, by=SYSTEM.principal, now=house.now)
        for row in settled:
            await _tell(house, connection, "card.restored", row["policy_id"], row["card_id"], row["cause_id"], None)

    return await sweep(house, find, lift)


def _greying(house: House) -> list[Rule]:
    rules = house.services.rulebook.rules.values()
    return [rule for rule in rules if rule.parameters.get("cardStatus") == "GREYED"]


async def _tell(
    house: House, connection: Any, topic: str, policy_id: UUID, card_id: UUID, bill_id: UUID, rule: str | None
) -> None:
    await outbox.post(
        connection,
        policy_id=policy_id,
        subject_id=card_id,
        topic=topic,
        audience="CUSTOMER",
        dedupe_key=f"{topic}:{card_id.hex}:{bill_id.hex}",
        now=house.now,
        rule=rule,
        payload={"card": ids.encode("card", policy_id, card_id)},
    )
