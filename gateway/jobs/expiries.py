"""What ends by itself: bookings that were never confirmed, authorizations, and uses that were left when the policy year
was over."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gateway.auth.viewer import SYSTEM, ViewerKind
from gateway.faults import Code, Fault
from gateway.jobs.house import House
from gateway.jobs.sweeps import each, sweep
from gateway.postgres.pool import Record
from gateway.repositories import preauths, timed
from gateway.resolvers import commands, preauth_expiring
from gateway.resolvers.booking_steps.expiring import EXPIRE, NotDue, expire
from gateway.resolvers.commands import Command, Transaction, Work
from gateway.validation.civil_time import civil_day
from gateway.validation.rule import Rule

OPERATION = "bookingExpire"
AUTHORIZATION = "preAuthExpire"


class Refused(Exception):
    """A rule says that the case does not end."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """What a timer asks for: the end of a case as it stood at a step."""

    policy_id: uuid.UUID
    case_id: uuid.UUID
    state_seq: int


async def expire_bookings(house: House) -> int:
    """Ends bookings whose visit came before they were confirmed, each by a command of its own."""
    async with house.transaction() as connection:
        due = await timed.past_bookings(
            connection, EXPIRE, house.now, timer=house.timer, with_rehearsals=house.with_rehearsals
        )
    return await each(house, due, partial(_expire, house))


async def expire_authorizations(house: House) -> int:
    """Ends authorizations whose last day is over, and their letters of guarantee with them."""
    async with house.transaction() as connection:
        due = await preauths.past_approvals(
            connection, civil_day(house.now), timer=house.timer, with_rehearsals=house.with_rehearsals
        )
    return await each(house, due, partial(_expire_authorization, house))


async def _expire_authorization(house: House, row: Record) -> bool:
    asked = Expiry(row["policy_id"], row["id"], row["state_seq"])

    async def prepare(transaction: Transaction) -> Work:
        return await preauth_expiring.expire(transaction, AUTHORIZATION, asked.policy_id, asked.case_id)

    return await _run(house, _command(AUTHORIZATION, asked), prepare)


async def _expire(house: House, row: Record) -> bool:
    asked = Expiry(row["policy_id"], row["id"], row["state_seq"])

    async def prepare(transaction: Transaction) -> Work:
        return await expire(transaction, OPERATION, policy_id=asked.policy_id, booking_id=asked.case_id)

    return await _run(house, _command(OPERATION, asked), prepare)


async def _run(house: House, command: Command, prepare: Callable[[Transaction], Awaitable[Work]]) -> bool:
    """Whether it ended; what somebody has moved meanwhile is left alone."""
    context = house.context()
    try:
        outcome = await commands.run(context, command, prepare)
        await context.transaction.settle()
    except NotDue:
        return False
    except Fault as fault:
        if (fault.extensions or {}).get("code") == Code.CONFLICT.value:
            return False  # the next tick finds it as it is then
        raise
    if outcome.subject is None:
        raise Refused
    return True


def _command(operation: str, asked: Expiry) -> Command:
    key = f"{asked.case_id.hex}:{asked.state_seq}"
    return Command(operation, key, asked, dry_run=False, kinds=(ViewerKind.SYSTEM,))


async def forfeit_uses(house: House) -> int:
    """Writes off what is left in accounts whose year is over, where a rule says that it is forfeited."""
    stating = {(rule.product, rule.service): rule for rule in _forfeiting(house)}
    places = [(product, service) for product, service in stating if service is not None]

    async def find(connection: Any) -> Sequence[Record]:
        return await timed.ended_accounts(
            connection, places, civil_day(house.now), timer=house.timer, with_rehearsals=house.with_rehearsals
        )

    async def forfeit(connection: Any, ended: Sequence[Record]) -> None:
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

    return await sweep(house, find, forfeit)


def _forfeiting(house: House) -> list[Rule]:
    rules = house.services.rulebook.rules.values()
    return [rule for rule in rules if rule.parameters.get("onExpiry") == "FORFEITED"]
