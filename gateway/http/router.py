"""The front door: GraphQL goes straight to its endpoint, and everything else to Starlette's routes."""

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http import negotiation
from gateway.http.graphiql import GraphiQL
from gateway.http.requests import Incoming

GRAPHQL = "/graphql"


class Front:
    """The outermost ASGI application. No middleware stands before GraphQL requests, since each would cost all of them.

    The endpoint is built with the worker's pool, at start-up; the server sends no request before.
    """

    endpoint: ASGIApp
    rest: ASGIApp

    def __init__(self, page: GraphiQL) -> None:
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != GRAPHQL:
            await self.rest(scope, receive, send)
        elif self._page.is_open and scope["method"] == "GET" and negotiation.wants_page(Incoming.of(scope, receive)):
            await self._page.page()(scope, receive, send)
        else:
            await self.endpoint(scope, receive, send)
