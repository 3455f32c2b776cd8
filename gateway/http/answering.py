"""From a result to the bytes of an answer, its status and its headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from graphql import ExecutionResult, GraphQLError

from gateway.execution.planned import Answer
from gateway.faults import Code, Fault
from gateway.http.admission.gate import Spent
from gateway.http.negotiation import GRAPHQL_JSON, JSON
from gateway.http.requests import HttpFault
from gateway.logs import frames
from gateway.postgres.losses import SLOW, is_lost

Header = tuple[bytes, bytes]
TYPES: Mapping[str, Header] = {
    kind: (b"content-type", f"{kind}; charset=utf-8".encode()) for kind in (JSON, GRAPHQL_JSON)
}
LOST = "The database cannot be reached now. A mutation may have been done: send its key again in a moment."
TOO_SLOW = "The database took too long, and nothing was done: try again in a moment."
log = structlog.get_logger("gateway")


@dataclass(slots=True)
class Reply:
    """An answer, before it is known in which form it travels."""

    status: int
    kind: str
    body: bytes
    request_id: str
    extra: Sequence[Header] = ()
    public: bytes | None = None
    """The data, where everybody gets the same."""


def ready(
    answer: Answer,
    kind: str,
    request_id: str,
    spent: Spent,
    *,
    with_plan: bool,
    is_public: bool = False,
    is_shared: bool = False,
) -> Reply:
    """The database's own JSON, which is not read again here. What is shared may be kept between us and the client."""
    cost = spent.settle(answer.json)
    if is_shared:  # without what the caller has left, which is nobody else's affair
        body = b'{"data":%b,"extensions":{"cost":{"requested":%d,"actual":%d}}}' % (
            answer.json,
            cost["requested"],
            cost["actual"],
        )
        return Reply(200, kind, body, request_id, public=answer.json)
    body = b'{"data":%b,"extensions":{"cost":{"requested":%d,"actual":%d,"remaining":%d}%b}}' % (
        answer.json,
        cost["requested"],
        cost["actual"],
        cost["remaining"],
        b',"plan":' + orjson.dumps(_plan_of(answer)) if with_plan else b"",
    )
    return Reply(200, kind, body, request_id, public=answer.json if is_public else None)


def executed(
    result: ExecutionResult, kind: str, request_id: str, spent: Spent | None = None, *, with_plan: bool
) -> Reply:
    body: dict[str, Any] = {}
    extensions: dict[str, Any] = {}
    if result.errors:
        body["errors"] = [_shown(error, request_id) for error in result.errors]
    was_executed = result.data is not None or any(error.path for error in result.errors or ())
    if was_executed:
        data = orjson.dumps(result.data, default=str)
        body["data"] = orjson.Fragment(data)
        if spent is not None:
            extensions["cost"] = spent.settle(data)
    if with_plan:
        extensions["plan"] = {"planned": False}
    if extensions:
        body["extensions"] = extensions
    return _json(body, 200 if was_executed or kind == JSON else 400, kind, request_id)


def refusal(refused: HttpFault, kind: str, request_id: str) -> Reply:
    reply = _json({"errors": [_shown(refused.fault, request_id)]}, refused.status, kind, request_id)
    reply.extra = [(name.encode(), value.encode()) for name, value in refused.headers.items()]
    return reply


def broken(error: Exception, kind: str, request_id: str) -> Reply:
    """What nobody foresaw: masked like a field's, and without data."""
    masked = GraphQLError(str(error), original_error=error)
    return _json(
        {"errors": [_shown(masked, request_id)]},
        503 if is_lost(error) or isinstance(error, SLOW) else 500,
        kind,
        request_id,
    )


def masking(error: Exception, request_id: str) -> Fault:
    """What a client is told of an error that nobody foresaw. It is logged once, without its words."""
    if is_lost(error):
        log.warning("the database was lost", request_id=request_id, kind=type(error).__name__)
        return Fault(Code.UNAVAILABLE, LOST, retryAfterMs=1000)
    if isinstance(error, SLOW):
        log.warning("the database took too long", request_id=request_id, kind=type(error).__name__)
        return Fault(Code.UNAVAILABLE, TOO_SLOW, retryAfterMs=1000)
    log.error("internal error", request_id=request_id, kind=type(error).__name__, frames=frames(error))
    return Fault(Code.INTERNAL, "Something went wrong here; the request id leads to it.")


def _plan_of(answer: Answer) -> dict[str, Any]:
    return {
        "planned": True,
        "sql": answer.sql,
        "parameters": list(answer.kinds),
        "planMilliseconds": round(answer.plan_seconds * 1000, 3),
        "executeMilliseconds": round(answer.execute_seconds * 1000, 3),
    }


def _shown(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An error as the client sees it. What we did not raise ourselves is masked, and logged once."""
    original = error.original_error
    known = error if isinstance(error, Fault) else original if isinstance(original, Fault) else None
    shown = dict(error.formatted)
    if known is not None or (error.extensions or {}).get("code"):
        extensions = {**(known.extensions if known and known.extensions else error.extensions or {})}
    elif original is None:
        extensions = {"code": Code.BAD_USER_INPUT.value}
    else:
        masked = masking(original, request_id)
        shown["message"], extensions = masked.message, masked.extensions or {}
    shown["extensions"] = {**extensions, "requestId": request_id}
    return shown


def _json(body: Mapping[str, Any], status: int, kind: str, request_id: str) -> Reply:
    return Reply(status, kind, orjson.dumps(body, default=str), request_id)
