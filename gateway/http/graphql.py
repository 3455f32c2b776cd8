"""The endpoint: from a request to a document and its variables, and from a result to an answer."""

import datetime as dt
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import structlog
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from gateway.auth.viewer import ANONYMOUS, Viewer
from gateway.context import Context, Services
from gateway.execution import plain, planned, variables
from gateway.execution.documents import Documents, Invalid
from gateway.execution.plan import Plans
from gateway.execution.planned import Answer
from gateway.execution.unit import unit_over
from gateway.faults import Code, Fault
from gateway.http import negotiation
from gateway.http.introspection import in_language
from gateway.http.negotiation import GRAPHQL_JSON, JSON
from gateway.language import accepted
from gateway.resolvers.identities import Identities
from gateway.schema.scalars import parse_instant
from models.base import new_id

METHODS = ("GET", "POST")
MAXIMUM_BODY = 1_000_000
REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
log = structlog.get_logger("gateway")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: a document, its variables, and which of its operations."""

    query: str
    variables: Mapping[str, Any] | None
    operation_name: str | None


class HttpFault(Exception):
    """A request that is refused before it is GraphQL."""

    def __init__(self, status: int, fault: Fault, **headers: str) -> None:
        super().__init__(fault.message)
        self.status = status
        self.fault = fault
        self.headers = headers


@dataclass(slots=True)
class GraphQLEndpoint:
    """Answers GraphQL requests. Built once, in `gateway.app`."""

    schema: GraphQLSchema
    documents: Documents
    plans: Plans
    services: Services
    identities: Identities
    is_development: bool

    async def __call__(self, request: Request) -> Response:
        request_id = _request_id(request)
        kind = negotiation.accepted_type(request.headers.get("accept", ""))
        try:
            if request.method not in METHODS:
                fault = Fault(Code.BAD_USER_INPUT, "Use POST, or GET for queries.")
                raise HttpFault(405, fault, allow=", ".join(METHODS))
            if kind is None:
                raise HttpFault(
                    406, Fault(Code.BAD_USER_INPUT, f"This endpoint answers with {GRAPHQL_JSON} or {JSON}.")
                )
            asked = await _asked(request)
            context = await self._context(request, request_id)
            result = await self._run(request, asked, context)
            wants_plan = self.is_development and request.headers.get("x-dev-plan") == "1"
            if isinstance(result, Answer):
                return _ready(result, kind, request_id, with_plan=wants_plan)
            return self._answer(result, kind, context, with_plan=wants_plan)
        except HttpFault as refused:
            return _refusal(refused, kind or JSON, request_id)

    async def _context(self, request: Request, request_id: str) -> Context:
        viewer = await self._viewer(request)
        wall_clock = dt.datetime.now(dt.UTC)
        return Context(
            services=self.services,
            viewer=viewer,
            now=self._clock(request) or wall_clock,
            wall_clock=wall_clock,
            language=accepted(request.headers.get("accept-language", "")),
            request_id=request_id,
            unit=unit_over(self.services.pool, viewer),
        )

    async def _viewer(self, request: Request) -> Viewer:
        header = request.headers.get("authorization")
        if header is None:
            return ANONYMOUS
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            fault = Fault(Code.UNAUTHENTICATED, "Expected `Authorization: Bearer <token>`.")
            raise HttpFault(401, fault, **{"www-authenticate": "Bearer"})
        try:
            return await self.identities.viewer(token.strip())
        except Fault as fault:
            raise _unrecognized(fault) from None

    def _clock(self, request: Request) -> dt.datetime | None:
        header = request.headers.get("x-dev-now")
        if header is None:
            return None
        if not self.is_development:
            raise HttpFault(
                400, Fault(Code.BAD_USER_INPUT, "`x-dev-now` works in development mode only; this is production.")
            )
        try:
            return parse_instant(header)
        except ValueError as error:
            raise HttpFault(400, Fault(Code.BAD_USER_INPUT, f"`x-dev-now`: {error}.")) from None

    async def _run(self, request: Request, asked: Asked, context: Context) -> ExecutionResult | Answer:
        try:
            document = self.documents.get(asked.query)
            operation = document.operation(asked.operation_name)
        except Invalid as invalid:
            return ExecutionResult(None, invalid.all)
        except Fault as fault:
            return ExecutionResult(None, [fault])
        if request.method == "GET" and operation.operation is not OperationType.QUERY:
            fault = Fault(Code.BAD_USER_INPUT, "GET runs queries only: send a mutation by POST.")
            raise HttpFault(405, fault, allow="POST")
        given = asked.variables or {}
        unstorable = variables.unstorable(given)
        if unstorable is not None:
            return ExecutionResult(None, [unstorable])
        answer = await planned.run(self.plans, document, operation, variables=given, context=context)
        if answer is not None:
            return answer
        result = await plain.run(
            self.schema,
            document,
            operation_name=asked.operation_name,
            variables=given,
            context=context,
            hide_suggestions=not self.is_development,
        )
        if result.data is None and not any(error.path for error in result.errors or ()):
            # nothing was run, since the variables could not be taken
            return ExecutionResult(None, variables.faults(self.schema, operation, given) or result.errors)
        if result.data is not None and "__" in asked.query:
            result.data = in_language(result.data, document.node, operation, context.language)
        return result

    def _answer(self, result: ExecutionResult, kind: str, context: Context, *, with_plan: bool) -> Response:
        body: dict[str, Any] = {}
        if result.errors:
            body["errors"] = [_shown(error, context.request_id) for error in result.errors]
        was_executed = result.data is not None or any(error.path for error in result.errors or ())
        if was_executed:
            body["data"] = result.data
        if with_plan:
            body["extensions"] = {"plan": {"planned": False}}
        status = 200 if was_executed or kind == JSON else 400
        return _json(body, status, kind, context.request_id)


def _unrecognized(fault: Fault) -> HttpFault:
    """A token that is wrong, or one that nobody can judge now."""
    if (fault.extensions or {}).get("code") == Code.UNAVAILABLE.value:
        return HttpFault(503, fault, **{"retry-after": "1"})
    return HttpFault(401, fault, **{"www-authenticate": 'Bearer error="invalid_token"'})


async def _asked(request: Request) -> Asked:
    if request.method == "GET":
        return _asked_by_get(request)
    if not negotiation.is_utf8_json(request.headers.get("content-type", "")):
        raise HttpFault(415, Fault(Code.BAD_USER_INPUT, f"Send the request as {JSON} in UTF-8."))
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HttpFault(415, Fault(Code.BAD_USER_INPUT, "Send the request uncompressed."))
    return _checked(_parsed(await _body(request)))


def _asked_by_get(request: Request) -> Asked:
    given = request.query_params
    raw = given.get("variables")
    return _checked(
        {
            "query": given.get("query"),
            "variables": None if not raw else _parsed(raw.encode()),
            "operationName": given.get("operationName") or None,
        }
    )


async def _body(request: Request) -> bytes:
    """The body, counted while it arrives: a length that the client states is not believed."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > MAXIMUM_BODY:
                raise HttpFault(413, Fault(Code.LIMIT_EXCEEDED, f"A request may have {MAXIMUM_BODY} bytes."))
            parts.append(part)
    except ClientDisconnect:
        raise HttpFault(400, Fault(Code.BAD_USER_INPUT, "The request ended before its body did.")) from None
    return b"".join(parts)


def _parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise HttpFault(400, Fault(Code.BAD_USER_INPUT, f"This is not JSON: {error}.")) from None


def _checked(given: Any) -> Asked:
    if not isinstance(given, dict):
        raise HttpFault(400, Fault(Code.BAD_USER_INPUT, "Expected one JSON object with `query`; batches are off."))
    query, given_variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise HttpFault(400, Fault(Code.BAD_USER_INPUT, "Expected `query`, a GraphQL document as a string."))
    if given_variables is not None and not isinstance(given_variables, dict):
        raise HttpFault(400, Fault(Code.BAD_USER_INPUT, "Expected `variables` to be an object."))
    if not isinstance(given.get("extensions", {}), dict | None):
        raise HttpFault(400, Fault(Code.BAD_USER_INPUT, "Expected `extensions` to be an object."))
    if name is not None and not isinstance(name, str):
        raise HttpFault(400, Fault(Code.BAD_USER_INPUT, "Expected `operationName` to be a string."))
    return Asked(query, given_variables, name)


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
        log.error("internal error", request_id=request_id, kind=type(original).__name__, frames=_frames(original))
        shown["message"] = "Something went wrong here; the request id leads to it."
        extensions = {"code": Code.INTERNAL.value}
    shown["extensions"] = {**extensions, "requestId": request_id}
    return shown


def _frames(error: BaseException) -> list[str]:
    """Where an exception came from. Its message and its variables stay out: they may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _request_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if REQUEST_ID.match(given) else new_id().hex


def _refusal(refused: HttpFault, kind: str, request_id: str) -> Response:
    response = _json({"errors": [_shown(refused.fault, request_id)]}, refused.status, kind, request_id)
    response.headers.update(refused.headers)
    return response


def _ready(answer: Answer, kind: str, request_id: str, *, with_plan: bool) -> Response:
    """The database's own JSON, which is not read again here."""
    extensions = b',"extensions":' + orjson.dumps({"plan": _plan_of(answer)}) if with_plan else b""
    return _sent(b'{"data":' + answer.json + extensions + b"}", 200, kind, request_id)


def _plan_of(answer: Answer) -> dict[str, Any]:
    return {
        "planned": True,
        "sql": answer.sql,
        "parameters": list(answer.kinds),
        "planMilliseconds": round(answer.plan_seconds * 1000, 3),
        "executeMilliseconds": round(answer.execute_seconds * 1000, 3),
    }


def _json(body: Mapping[str, Any], status: int, kind: str, request_id: str) -> Response:
    return _sent(orjson.dumps(body, default=str), status, kind, request_id)


def _sent(body: bytes, status: int, kind: str, request_id: str) -> Response:
    return Response(
        body,
        status,
        media_type=f"{kind}; charset=utf-8",
        headers={"x-request-id": request_id, "cache-control": "private, no-store", "vary": "accept, accept-language"},
    )
