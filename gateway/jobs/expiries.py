"""What ends by itself: bookings that were never confirmed, and uses that were left when the policy year was over."""

import uuid
from dataclasses import dataclass

from gateway.auth.viewer import SYSTEM, ViewerKind
from gateway.faults import Code, Fault
from gateway.jobs.house import House
from gateway.postgres.pool import Record
from gateway.repositories import timed
from gateway.resolvers import commands
from gateway.resolvers.booking_steps.expiring import EXPIRE, NotDue, expire
from gateway.resolvers.commands import Command, Transaction, Work
from gateway.validation.facts import civil_day
from gateway.validation.rule import Rule

OPERATION = "bookingExpire"


@dataclass(frozen=True, slots=True)
class Expiry:
    """What a timer asks for: the end of a booking as it stood at a step."""

    policy_id: uuid.UUID
    booking_id: uuid.UUID
    state_seq: int


async def expire_bookings(house: House) -> int:
    """Ends bookings whose visit came before they were confirmed, each by a command of its own."""
    async with house.transaction() as connection:
        due = await timed.past_bookings(connection, EXPIRE, house.now, with_rehearsals=house.with_rehearsals)
    return sum([await _expire(house, row) for row in due])


async def _expire(house: House, row: Record) -> bool:
    context = house.context()
    asked = Expiry(row["policy_id"], row["id"], row["state_seq"])

    async def prepare(transaction: Transaction) -> Work:
        return await expire(transaction, OPERATION, policy_id=row["policy_id"], booking_id=row["id"])

    try:
        await commands.run(context, _command(asked), prepare)
        await context.transaction.settle()
    except NotDue:
        return False
    except Fault as fault:
        if (fault.extensions or {}).get("code") == Code.CONFLICT.value:
            return False  # the next tick finds it as it is then
        raise
    return True


def _command(asked: Expiry) -> Command:
    key = f"{asked.booking_id.hex}:{asked.state_seq}"
    return Command(OPERATION, key, asked, dry_run=False, kinds=(ViewerKind.SYSTEM,))


async def forfeit_uses(house: House) -> int:
    """Writes off what is left in accounts whose year is over, where a rule says that it is forfeited."""
    stating = {(rule.product, rule.service): rule for rule in _forfeiting(house)}
    places = [(product, service) for product, service in stating if service is not None]
    async with house.transaction() as connection:
        ended = await timed.ended_accounts(
            connection, places, civil_day(house.now), with_rehearsals=house.with_rehearsals
        )
        for account in ended:
            rule = stating[account["product_code"], account["service"]]
            await timed.forfeit(
                connection,
                account,
                actor=SYSTEM.principal,
                reason="the policy year is over",
                rule=rule.code,
                now=house.now,
            )
    return len(ended)


def _forfeiting(house: House) -> list[Rule]:
    rules = house.services.rulebook.rules.values()
    return [rule for rule in rules if rule.parameters.get("onExpiry") == "FORFEITED"]
