"""One address for two readers: GraphQL for programs, GraphiQL for a browser."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.http import negotiation
from gateway.http.graphiql import GraphiQL


class GraphQLRoute:
    """The ASGI application at /graphql. The endpoint itself is built with the worker's pool, at start-up."""

    def __init__(self, page: GraphiQL) -> None:
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if negotiation.wants_page(request) and self._page.is_open:
            return self._page.page()
        return await request.app.state.endpoint(request)
