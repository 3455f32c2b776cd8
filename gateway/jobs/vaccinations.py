"""Parents are told once of each dose in the schedule, some days before it is due."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.execution import ids
from gateway.jobs.house import House
from gateway.jobs.sweeps import sweep
from gateway.postgres.pool import Record
from gateway.repositories import outbox, vaccinations
from gateway.resolvers.vaccinations import PREFIX
from gateway.validation.civil_time import civil_day

TOPIC = "vaccination.due"
AHEAD = "remindDaysBefore"


async def remind(house: House) -> int:
    rules = _rules(house)
    days = {product: days for product, (_, days) in rules.items()}

    async def find(connection: Any) -> Sequence[Record]:
        return await vaccinations.due(
            connection, days, civil_day(house.now), timer=house.timer, with_rehearsals=house.with_rehearsals
        )

    async def tell(connection: Any, due: Sequence[Record]) -> None:
        for row in due:
            await outbox.post(
                connection,
                policy_id=row["policy_id"],
                subject_id=row["id"],
                topic=TOPIC,
                audience="CUSTOMER",
                dedupe_key=f"{TOPIC}:{row['id'].hex}:{row['due_on']}",
                now=house.now,
                rule=rules[row["product_code"]][0],
                payload={"vaccination": ids.encode(PREFIX, row["policy_id"], row["id"])},
            )
        await vaccinations.mark_told(connection, due, house.now)

    return await sweep(house, find, tell)


def _rules(house: House) -> Mapping[str, tuple[str, int]]:
    """Product → the rule that asks for reminders, and how many days ahead they come."""
    every = house.services.rulebook.rules.values()
    return {rule.product: (rule.code, rule.parameters[AHEAD]) for rule in every if AHEAD in rule.parameters}
