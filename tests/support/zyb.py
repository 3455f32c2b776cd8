"""Requests and steps of the escort under the ZYB handbook, as its clauses are asked."""

from typing import Any

from tests.support import escorts
from tests.support.client import Gateway, new_key
from tests.support.escorts import NOW, Journey, book, verdict_of


def tried(gateway: Gateway, number: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    """The answer to a request that is only tried."""
    return book(gateway.customer(number).at(now), number, dry_run=True, **changes)


def judged(gateway: Gateway, number: str, code: str, now: str = NOW, **changes: Any) -> dict[str, Any]:
    return verdict_of(tried(gateway, number, now, **changes), code)


def try_step(journey: Journey, role: str, mutation: str, now: str, **fields: Any) -> dict[str, Any]:
    name = mutation[0].upper() + mutation[1:]
    document = (
        f"mutation Try($input: {name}Input!) {{ {mutation}(input: $input, dryRun: true) {{ refusals {{ ...V }} "
        "verdicts { ...V } booking { status } } }" + escorts.VERDICT
    )
    given = {"idempotencyKey": new_key(), "booking": journey.booking} | fields
    return journey.who(role, now).ask(document, input=given).data[mutation]


def rule(gateway: Gateway, code: str) -> dict[str, Any]:
    document = "query Rule($code: String!) { rule(code: $code) { kind enforcement statement parameters operations } }"
    return gateway.anyone().ask(document, code=code).data["rule"]
