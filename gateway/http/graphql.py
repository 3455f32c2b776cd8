"""The endpoint, a raw ASGI callable: from a request to a document and its variables, and from a result to an answer."""

import asyncio
import datetime as dt
import time
from dataclasses import dataclass, field

from graphql import ExecutionResult, GraphQLSchema, OperationDefinitionNode, OperationType
from starlette.types import Receive, Scope, Send

from gateway.auth.viewer import ANONYMOUS, Viewer
from gateway.context import Context, Services
from gateway.execution import plain, planned, variables
from gateway.execution.documents import Document, Documents, Invalid
from gateway.execution.plan import Plans
from gateway.execution.planned import Answer
from gateway.execution.pricing import too_dear
from gateway.execution.unit import unit_over
from gateway.faults import Code, Fault
from gateway.http import answering, asking, clients, negotiation
from gateway.http.admission.gate import REFUSED, Caller, Gate, late, reading
from gateway.http.admission.underway import Ending, Run
from gateway.http.answering import Reply
from gateway.http.asking import Asked
from gateway.http.departure import Departure
from gateway.http.introspection import Introspections, in_language
from gateway.http.negotiation import GRAPHQL_JSON, JSON
from gateway.http.reasons import why
from gateway.http.requests import HttpFault, Incoming
from gateway.http.trusted_documents import Meant, TrustedDocuments
from gateway.resolvers import reads
from gateway.resolvers.identities import Identities
from gateway.schema.scalars import parse_instant

METHODS = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Work:
    """An operation that is let in."""

    document: Document
    operation: OperationDefinitionNode
    cost: int
    app: str | None = None
    """Whose registered document it is."""

    @property
    def is_query(self) -> bool:
        return self.operation.operation is OperationType.QUERY

    @property
    def is_subscription(self) -> bool:
        return self.operation.operation is OperationType.SUBSCRIPTION


@dataclass(slots=True)
class GraphQLEndpoint:
    """Answers GraphQL requests. Built once, in `gateway.app`."""

    schema: GraphQLSchema
    documents: Documents
    plans: Plans
    services: Services
    identities: Identities
    introspections: Introspections
    gate: Gate
    is_development: bool
    departure: Departure = field(default_factory=Departure)
    trusted: TrustedDocuments = field(default_factory=lambda: TrustedDocuments(None))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = Incoming.of(scope, receive)
        if incoming.method == "OPTIONS":
            allowed = self.departure.origins.preflight(incoming)
            if allowed is not None:
                await self.departure.allow(allowed, send)
                return
        reply = await self._reply(incoming)
        if reply is not None:
            await self.departure.send(reply, incoming, send)

    async def _reply(self, incoming: Incoming) -> Reply | None:
        """None where nobody waits for it any more."""
        request_id = incoming.request_id()
        clients.introduce(incoming)
        kind = negotiation.accepted_type(incoming.headers.get(b"accept", b""))
        try:
            return await self._admitted(incoming, kind, request_id)
        except HttpFault as fault:
            return answering.refusal(fault, kind or JSON, request_id)
        except Exception as error:
            return answering.broken(error, kind or JSON, request_id)

    async def _admitted(self, incoming: Incoming, kind: str | None, request_id: str) -> Reply | None:
        run = self.gate.enter(incoming)
        try:
            return await self._answered(incoming, kind, request_id, run)
        except asyncio.CancelledError:
            if run.ending is None:
                raise
            run.task.uncancel()
            if run.ending is Ending.GONE:
                return None
            raise late() from None
        finally:
            self.gate.leave(run)

    async def _answered(self, incoming: Incoming, kind: str | None, request_id: str, run: Run) -> Reply:
        if incoming.method not in METHODS:
            fault = Fault(Code.BAD_USER_INPUT, "Use POST, or GET for queries.")
            raise HttpFault(405, fault, allow=", ".join(METHODS))
        if kind is None:
            raise HttpFault(406, Fault(Code.BAD_USER_INPUT, f"This endpoint answers with {GRAPHQL_JSON} or {JSON}."))
        asked = await asking.asked(incoming, self.gate.bounds)
        run.receive = incoming.receive
        context = await self.context(incoming, request_id)
        caller = self.gate.caller(context.viewer, incoming)
        with_plan = self.is_development and incoming.header(b"x-dev-plan") == "1"
        try:
            work = await self.work(incoming.method, asked, caller)
            if work.is_subscription:
                raise Fault(Code.BAD_USER_INPUT, "Subscriptions go over WebSocket, or ask for text/event-stream.")
        except Fault as fault:
            await self.gate.spend(caller, REFUSED)
            if (fault.extensions or {}).get("code") == Code.UNAVAILABLE.value:
                raise _unavailable(fault) from None
            return answering.executed(refused(fault), kind, request_id, with_plan=with_plan)
        spent = await self.gate.spend(caller, work.cost, is_returnable=work.is_query)
        result = await self.observed(work, asked, context, caller)
        if isinstance(result, Answer):
            is_public = work.document.touched.is_public and not with_plan and b"x-dev-now" not in incoming.headers
            is_shared = is_public and incoming.method == "GET"
            return answering.ready(
                result, kind, request_id, spent, with_plan=with_plan, is_public=is_public, is_shared=is_shared
            )
        return answering.executed(result, kind, request_id, spent, with_plan=with_plan)

    async def context(self, incoming: Incoming, request_id: str) -> Context:
        return self.context_of(await self.viewer(incoming), incoming, request_id)

    def context_of(self, viewer: Viewer, incoming: Incoming, request_id: str) -> Context:
        wall_clock = dt.datetime.now(dt.UTC)
        return Context(
            services=self.services,
            viewer=viewer,
            now=self.clock(incoming) or wall_clock,
            wall_clock=wall_clock,
            language=negotiation.accepted_language(incoming.headers.get(b"accept-language", b"")),
            request_id=request_id,
            unit=unit_over(self.services.pool, viewer),
            why=why(incoming),
        )

    async def viewer(self, incoming: Incoming) -> Viewer:
        if b"authorization" not in incoming.headers:
            return ANONYMOUS
        scheme, _, token = incoming.header(b"authorization").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            fault = Fault(Code.UNAUTHENTICATED, "Expected `Authorization: Bearer <token>`.")
            raise HttpFault(401, fault, **{"www-authenticate": "Bearer"})
        try:
            return await self.identities.viewer(token.strip())
        except Fault as fault:
            await self.gate.spend(self.gate.caller(ANONYMOUS, incoming), REFUSED)
            raise _unrecognized(fault) from None

    def clock(self, incoming: Incoming) -> dt.datetime | None:
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

    async def work(self, method: str, asked: Asked, caller: Caller) -> Work:
        """What shall be run, once it is known to be within all bounds and within the budget."""
        meant = await self.trusted.meant(asked, caller)
        document = await self._document(meant, caller)
        operation = document.operation(asked.operation_name)
        if method == "GET" and operation.operation is OperationType.MUTATION:
            fault = Fault(Code.BAD_USER_INPUT, "GET runs queries only: send a mutation by POST.")
            raise HttpFault(405, fault, allow="POST")
        given = asked.variables
        wrong = variables.refused(given, self.gate.bounds, may_hold_nul=asked.may_hold_nul)
        if wrong is not None:
            raise wrong
        if document.introspects and not caller.lane.may_introspect:
            raise Fault(Code.FORBIDDEN, "Introspection is closed here.", missingScopes=[])
        cost = document.price(operation).of(given) or 1
        if cost > caller.lane.budget:
            raise too_dear(self.schema, document.node, operation, given, caller.lane.budget)
        return Work(document, operation, cost, meant.app)

    async def _document(self, meant: Meant, caller: Caller) -> Document:
        """Reading a document takes more CPU than anything else here: whoever brings a new one pays before it is read.
        What was registered is ours."""
        known = self.documents.known(meant.text)
        if known is not None:
            return known
        if meant.app is None:
            await self.gate.spend(caller, reading(meant.text))
        return self.documents.get(meant.text)

    async def observed(self, work: Work, asked: Asked, context: Context, caller: Caller) -> ExecutionResult | Answer:
        if work.app is None or work.operation.name is None:
            return await self._run(work, asked, context, caller)
        began = time.perf_counter()
        try:
            return await self._run(work, asked, context, caller)
        finally:
            clients.observe(work.app, work.operation.name.value, time.perf_counter() - began)

    async def _run(self, work: Work, asked: Asked, context: Context, caller: Caller) -> ExecutionResult | Answer:
        try:
            result = await self._executed(work, asked, context, caller)
        except asyncio.CancelledError:
            context.unit.reader.loads.cancel()
            raise
        await note(context, result)
        return result

    async def _executed(self, work: Work, asked: Asked, context: Context, caller: Caller) -> ExecutionResult | Answer:
        document, operation, given = work.document, work.operation, asked.variables
        if document.introspects:
            told = await self.introspections.answer(document, operation, given, context.language)
            if told is not None:
                return told
        answer = await planned.run(self.plans, document, operation, variables=given, context=context)
        if answer is not None:
            return answer
        result = await plain.run(
            self.schema,
            document,
            operation_name=asked.operation_name,
            variables=given,
            context=context,
            hide_suggestions=not caller.lane.sees_suggestions,
        )
        if result.data is None and not any(error.path for error in result.errors or ()):
            # nothing was run, since the variables could not be taken
            return ExecutionResult(None, variables.faults(self.schema, operation, given) or result.errors)
        if result.data is not None and document.introspects:
            result.data = in_language(result.data, document.node, operation, context.language)
        return result


async def note(context: Context, result: ExecutionResult | Answer) -> None:
    """Who is shown sensitive fields stands in the audit trail before the answer leaves."""
    await reads.note(context, is_answered=isinstance(result, Answer) or result.data is not None)


def refused(fault: Fault) -> ExecutionResult:
    return ExecutionResult(None, fault.all if isinstance(fault, Invalid) else [fault])


def _unavailable(fault: Fault) -> HttpFault:
    return HttpFault(503, fault, **{"retry-after": "1"})


def _unrecognized(fault: Fault) -> HttpFault:
    """A token that is wrong, or one that nobody can judge now."""
    if (fault.extensions or {}).get("code") == Code.UNAVAILABLE.value:
        return _unavailable(fault)
    return HttpFault(401, fault, **{"www-authenticate": 'Bearer error="invalid_token"'})
