"""What all mutations share: their arguments, and the way from an input to the harness."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any

import strawberry

from gateway.auth.viewer import ViewerKind
from gateway.context import Context, Info
from gateway.execution.declare import SOURCES
from gateway.language import T
from gateway.resolvers import commands
from gateway.resolvers.commands import Outcome, Transaction, Work

DryRun = Annotated[
    bool,
    strawberry.argument(
        name="dryRun",
        description=T(
            "试运行：执行同样的校验与写入，随后全部撤销，不占用幂等键。",
            "Run the same checks and writes, then undo all of it; the idempotency key is not used up.",
        ),
    ),
]
KEY = T(
    "幂等键：由客户端生成并在重试时沿用，1–128 个字符。",
    "Idempotency key: made by the client and kept for a repeat of the same request; 1 to 128 characters.",
)
BOOKING_ID = T("预约的编号。", "Id of the booking.")

CUSTOMERS = (ViewerKind.CUSTOMER, ViewerKind.VENDOR, ViewerKind.STAFF)
"""Customers, and those who may act for them."""


async def send(
    info: Info,
    operation: str,
    given: Any,
    dry_run: bool,
    prepare: Callable[[Transaction], Awaitable[Work]],
    *,
    scopes: tuple[str, ...] = ("bookings:write",),
    kinds: tuple[ViewerKind, ...] = CUSTOMERS,
) -> Outcome:
    command = commands.Command(operation, given.idempotency_key, asdict(given), dry_run, scopes, kinds)
    return await commands.run(info.context, command, prepare)


async def row_of(context: Context, target: str, columns: tuple[str, ...], result: Outcome) -> Any:
    """The row that a command was about, as the viewer may see it, read in the command's own transaction."""
    if result.subject is None:
        return None
    key = (result.subject.policy_id, result.subject.id)
    return await context.unit.one(SOURCES[target], columns, key[: len(columns)])
