"""The front door: GraphQL goes straight to its endpoint, and everything else to Starlette's routes."""

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.http import negotiation
from gateway.http.events import wants_events
from gateway.http.graphiql import GraphiQL
from gateway.http.requests import Incoming

GRAPHQL = "/graphql"
ADDRESSES = frozenset({GRAPHQL, f"{GRAPHQL}/"})
"""A slash too many is no other address, and nobody is sent from one to the other."""


class Front:
    """The outermost ASGI application. No middleware stands before GraphQL requests, since each would cost all of them.

    The endpoint is built with the worker's pool, at start-up; the server sends no request before.
    """

    endpoint: ASGIApp
    sockets: ASGIApp
    events: ASGIApp
    rest: ASGIApp

    def __init__(self, page: GraphiQL) -> None:
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] not in ADDRESSES:
            await self.rest(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.sockets(scope, receive, send)
        elif _is_stream(scope, receive):
            await self.events(scope, receive, send)
        elif self._page.is_open and scope["method"] == "GET" and negotiation.wants_page(Incoming.of(scope, receive)):
            await self._page.page()(scope, receive, send)
        else:
            await self.endpoint(scope, receive, send)


def _is_stream(scope: Scope, receive: Receive) -> bool:
    """Most requests are told from others without a copy of their headers."""
    asks = any(name == b"accept" and b"text/event-stream" in value for name, value in scope["headers"])
    return asks and wants_events(Incoming.of(scope, receive))
