"""A case that is called off, completed and ended by time at the same moment ends once, and spends its use once."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from gateway.faults import Fault
from gateway.postgres.pool import connection
from gateway.repositories.entitlements import Ledger
from gateway.repositories.writes import Writes
from tests.support import escorts
from tests.support.client import Gateway, new_key
from tests.support.consultations import LATER, OPEN, Consultation, new_policy, send
from tests.support.escorts import as_owner, begin, look
from tests.support.races import Call, all_agrees, ask, payload, together

ROUNDS = 5


def sending(case: Consultation, role: str, mutation: str, **fields: Any) -> Call:
    name = mutation[0].upper() + mutation[1:]
    document = (
        f"mutation Step($input: {name}Input!) {{ {mutation}(input: $input) {{ refusals {{ ...V }} "
        "booking { status } } }" + escorts.VERDICT
    )
    return ask(case.who(role, LATER), document, {"idempotencyKey": new_key(), "booking": case.booking} | fields)


def status_of(answer: dict[str, Any]) -> str | None:
    """None for a step that came too late; no clause speaks of it, so that it is bad input rather than a refusal."""
    if "errors" in answer:
        assert answer["errors"][0]["extensions"]["inputPath"] == ["input", "booking"]
        return None
    booking = payload(answer)["booking"]
    return booking and booking["status"]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_calling_off_meets_the_answer(gateway: Gateway, _: int) -> None:
    """A plan of check-ups is complete with its answer, and may be called off until then."""
    number = new_policy(gateway, "CY26")
    asked = send(gateway.customer(number).at(OPEN), "checkupPlanRequest", policyNumber=number)
    case = Consultation(gateway, "CY26", number, asked.data["checkupPlanRequest"]["booking"]["id"])
    cancelled, answered = map(
        status_of,
        together(
            sending(case, "customer", "bookingCancel"),
            sending(case, "vendor", "consultationReply", content="每年一次视力检查。", suggestions=["视力检查"]),
        ),
    )
    assert (cancelled, answered) in [("CANCELLED_FREE", None), (None, "COMPLETED")]
    steps = [step["command"] for step in case.seen_by("customer")["timeline"]]
    assert steps == ["request", "cancel" if cancelled else "reply"]
    all_agrees(gateway)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_of_spending_giving_back_and_time_one_has_the_use(gateway: Gateway, _: int) -> None:
    """The last word is the database's: even where three commands believe that the use is still set aside."""
    journey = begin(gateway)
    (hold,) = look(gateway, "select policy_id, account_id from entitlement_holds where subject_id = $1", journey.key[1])

    async def end(ending: str) -> bool:
        async with connection(gateway.owner_dsn) as owner, owner.transaction():
            writes = Writes(owner)
            ledger = Ledger(writes, hold["policy_id"], hold["account_id"], "test", dt.datetime.now(dt.UTC))
            resolve = ledger.consume if ending == "complete" else ledger.release
            await resolve("BOOKING", journey.key[1], reason=ending)
            await writes.flush()
        return True

    async def race(_: Any) -> list[Any]:
        return await asyncio.gather(*map(end, ("complete", "cancel", "expire")), return_exceptions=True)

    assert all(ended is True or isinstance(ended, Fault) for ended in as_owner(gateway, race))
    (lines,) = look(
        gateway,
        "select count(*) filter (where kind = 'CONSUME') as spent, count(*) filter (where kind = 'RELEASE') as back "
        "from entitlement_entries where policy_id = $1 and account_id = $2",
        hold["policy_id"],
        hold["account_id"],
    )
    assert lines["spent"] + lines["back"] == 1
    assert journey.uses() == (0, lines["spent"])
    all_agrees(gateway)
