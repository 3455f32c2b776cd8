"""The endpoint, a raw ASGI callable: from a request to a document and its variables, and from a result to an answer."""

import datetime as dt
from dataclasses import dataclass

from graphql import ExecutionResult, GraphQLSchema, OperationType
from starlette.types import Receive, Scope, Send

from gateway.auth.viewer import ANONYMOUS, Viewer
from gateway.context import Context, Services
from gateway.execution import plain, planned, variables
from gateway.execution.documents import Documents, Invalid
from gateway.execution.plan import Plans
from gateway.execution.planned import Answer
from gateway.execution.unit import Unit
from gateway.faults import Code, Fault
from gateway.http import answering, asking, negotiation
from gateway.http.answering import Reply
from gateway.http.asking import Asked
from gateway.http.introspection import in_language
from gateway.http.negotiation import GRAPHQL_JSON, JSON
from gateway.http.requests import HttpFault, Incoming
from gateway.postgres.pool import PoolReader
from gateway.resolvers.identities import Identities
from gateway.schema.scalars import parse_instant

METHODS = ("GET", "POST")


@dataclass(slots=True)
class GraphQLEndpoint:
    """Answers GraphQL requests. Built once, in `gateway.app`."""

    schema: GraphQLSchema
    documents: Documents
    plans: Plans
    services: Services
    identities: Identities
    is_development: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reply = await self._reply(Incoming.of(scope, receive))
        await reply.send(send)

    async def _reply(self, incoming: Incoming) -> Reply:
        request_id = incoming.request_id()
        kind = negotiation.accepted_type(incoming.headers.get(b"accept", b""))
        try:
            return await self._answered(incoming, kind, request_id)
        except HttpFault as refused:
            return answering.refusal(refused, kind or JSON, request_id)
        except Exception as error:
            return answering.broken(error, kind or JSON, request_id)

    async def _answered(self, incoming: Incoming, kind: str | None, request_id: str) -> Reply:
        if incoming.method not in METHODS:
            fault = Fault(Code.BAD_USER_INPUT, "Use POST, or GET for queries.")
            raise HttpFault(405, fault, allow=", ".join(METHODS))
        if kind is None:
            raise HttpFault(406, Fault(Code.BAD_USER_INPUT, f"This endpoint answers with {GRAPHQL_JSON} or {JSON}."))
        asked = await asking.asked(incoming)
        context = await self._context(incoming, request_id)
        result = await self._run(incoming.method, asked, context)
        with_plan = self.is_development and incoming.header(b"x-dev-plan") == "1"
        if isinstance(result, Answer):
            return answering.ready(result, kind, request_id, with_plan=with_plan)
        return answering.executed(result, kind, request_id, with_plan=with_plan)

    async def _context(self, incoming: Incoming, request_id: str) -> Context:
        viewer = await self._viewer(incoming)
        wall_clock = dt.datetime.now(dt.UTC)
        return Context(
            services=self.services,
            viewer=viewer,
            now=self._clock(incoming) or wall_clock,
            wall_clock=wall_clock,
            language=negotiation.accepted_language(incoming.headers.get(b"accept-language", b"")),
            request_id=request_id,
            unit=Unit(PoolReader(self.services.pool), viewer),
        )

    async def _viewer(self, incoming: Incoming) -> Viewer:
        if b"authorization" not in incoming.headers:
            return ANONYMOUS
        scheme, _, token = incoming.header(b"authorization").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            fault = Fault(Code.UNAUTHENTICATED, "Expected `Authorization: Bearer <token>`.")
            raise HttpFault(401, fault, **{"www-authenticate": "Bearer"})
        try:
            return await self.identities.viewer(token.strip())
        except Fault as fault:
            raise _unrecognized(fault) from None

    def _clock(self, incoming: Incoming) -> dt.datetime | None:
        if b"x-dev-now" not in incoming.headers:
            return None
        if not self.is_development:
            raise HttpFault(
                400, Fault(Code.BAD_USER_INPUT, "`x-dev-now` works in development mode only; this is production.")
            )
        try:
            return parse_instant(incoming.header(b"x-dev-now"))
        except ValueError as error:
            raise HttpFault(400, Fault(Code.BAD_USER_INPUT, f"`x-dev-now`: {error}.")) from None

    async def _run(self, method: str, asked: Asked, context: Context) -> ExecutionResult | Answer:
        try:
            document = self.documents.get(asked.query)
            operation = document.operation(asked.operation_name)
        except Invalid as invalid:
            return ExecutionResult(None, invalid.all)
        except Fault as fault:
            return ExecutionResult(None, [fault])
        if method == "GET" and operation.operation is not OperationType.QUERY:
            fault = Fault(Code.BAD_USER_INPUT, "GET runs queries only: send a mutation by POST.")
            raise HttpFault(405, fault, allow="POST")
        given = asked.variables
        unstorable = variables.unstorable(given) if asked.may_hold_nul else None
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


def _unrecognized(fault: Fault) -> HttpFault:
    """A token that is wrong, or one that nobody can judge now."""
    if (fault.extensions or {}).get("code") == Code.UNAVAILABLE.value:
        return HttpFault(503, fault, **{"retry-after": "1"})
    return HttpFault(401, fault, **{"www-authenticate": 'Bearer error="invalid_token"'})
