"""`GET /statements/{id}`: a guarantee letter, the explanation of a claim's decision, or a policy's benefits, as a PDF.

A statement is read like any answer of the API, by the one who asks; here it only becomes a page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import ExecutionResult
from starlette.requests import Request
from starlette.responses import Response

from gateway.auth.viewer import ViewerKind
from gateway.bounds import BOUNDS
from gateway.context import Context
from gateway.execution import ids, plain, planned
from gateway.execution.documents import Documents
from gateway.execution.planned import Answer
from gateway.faults import Code, Fault
from gateway.http import negotiation
from gateway.http.files import PRIVATE, answering
from gateway.http.graphql import GraphQLEndpoint
from gateway.http.requests import HttpFault, Incoming
from gateway.http.statement_documents import CLAUSES, DOCUMENTS
from gateway.http.statement_kinds import KINDS
from gateway.http.statement_pages import SHANGHAI, Making, Statement
from gateway.printing.press import Press
from gateway.resolvers import statements as noting

PRICE = 1_000
"""What a statement takes from its caller's bucket: making one is as dear as a thousand objects."""

LANGUAGES = ("zh", "en", "both")
NAMED = re.compile(r"\b(zh|en)\b", re.IGNORECASE)
MOST_CLAUSES = 100
PDF = "application/pdf"


@dataclass(slots=True)
class Statements:
    """Reads what stands on a statement, and has it printed."""

    endpoint: GraphQLEndpoint
    press: Press
    documents: Documents

    @classmethod
    def of(cls, endpoint: GraphQLEndpoint) -> "Statements":
        return cls(endpoint, Press(), Documents(endpoint.schema, BOUNDS))

    async def answer(self, incoming: Incoming, wanted: str, request_id: str) -> Response:
        lang = _language(incoming)
        context = await self.endpoint.context(incoming, request_id)
        if context.viewer.kind is ViewerKind.ANONYMOUS:
            raise Fault(Code.UNAUTHENTICATED, "A statement is given to those who show a token.")
        await self.endpoint.gate.spend(self.endpoint.gate.caller(context.viewer, incoming), PRICE)
        made_on = context.now.astimezone(SHANGHAI).date()
        making = Making(self.endpoint.schema, lang, made_on, context.services.rulebook.version)
        found = ids.decode(wanted)
        if found is None or found[0] not in DOCUMENTS:
            raise _none()
        statement = await self._statement(found[0], wanted, context, making)
        clauses = await self._clauses(statement, context)
        content = await self.press.print(statement.page(making, clauses))
        await noting.note(context, found[1], statement.kind)
        return Response(content, headers=_headers(statement, request_id))

    async def _statement(self, kind: str, wanted: str, context: Context, making: Making) -> Statement:
        node = (await self._read(DOCUMENTS[kind], {"id": wanted}, context))["node"]
        if node is None or (kind == "pol" and context.viewer.kind is ViewerKind.VENDOR):
            raise _none()
        if kind == "claim":
            node = node["decision"]
            if node is None:
                raise Fault(Code.CONFLICT, "This claim has not been decided yet.")
        return KINDS[kind](node, making)

    async def _clauses(self, statement: Statement, context: Context) -> list[Mapping[str, Any]]:
        codes = list(statement.codes[:MOST_CLAUSES])
        if not codes:
            return []
        found = await self._read(CLAUSES, {"codes": codes}, context)
        return sorted(found["rules"]["nodes"], key=lambda rule: rule["code"])

    async def _read(self, text: str, variables: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
        """An answer of the API; where it has an error, there is no statement."""
        document = self.documents.get(text)
        operation = document.operation(None)
        answer = await planned.run(self.endpoint.plans, document, operation, variables=variables, context=context)
        if isinstance(answer, Answer):
            return orjson.loads(answer.json)
        result = answer or await plain.run(
            self.endpoint.schema,
            document,
            operation_name=None,
            variables=variables,
            context=context,
            hide_suggestions=True,
        )
        return _data(result)


@answering
async def get_statement(request: Request, request_id: str) -> Response:
    statements: Statements = request.app.state.statements
    incoming = Incoming.of(request.scope, request.receive)
    return await statements.answer(incoming, request.path_params["id"], request_id)


def _data(result: ExecutionResult) -> Mapping[str, Any]:
    for error in result.errors or ():
        raise error.original_error or error
    assert result.data is not None
    return result.data


def _language(incoming: Incoming) -> str:
    """The one that the address names, else the one that the headers prefer, else both."""
    given = incoming.parameters().get("lang")
    if given is None:
        accepted = incoming.header(b"accept-language")
        return _preferred(accepted) if NAMED.search(accepted) else "both"
    if given not in LANGUAGES:
        raise Fault(Code.BAD_USER_INPUT, f"`lang` may be {', '.join(LANGUAGES)}.")
    return given


def _preferred(accepted: str) -> str:
    return negotiation.accepted_language(accepted.encode("latin-1"))


def _none() -> HttpFault:
    """Unknown and foreign alike."""
    return HttpFault(404, Fault(Code.BAD_USER_INPUT, "There is no such statement."))


def _headers(statement: Statement, request_id: str) -> dict[str, str]:
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{statement.kind}-{statement.number}").strip("-.")
    return {
        **PRIVATE,
        "content-type": PDF,
        "content-disposition": f'attachment; filename="{name}.pdf"',
        "x-request-id": request_id,
    }
