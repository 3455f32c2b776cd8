"""GraphQL over WebSocket: the protocol graphql-transport-ws, as Strawberry speaks it, over our own way of answering.

The older protocol of the same purpose is refused. Queries and mutations may be sent too; they are answered as by POST.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import orjson
import structlog
from starlette.types import Receive, Scope, Send
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.async_base_view import AsyncWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.http.websocket_origin import is_same_origin
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types.unset import UNSET

from gateway.bounds import Bounds, Live
from gateway.faults import Fault
from gateway.http import answering, asking, clients
from gateway.http.graphql import GraphQLEndpoint
from gateway.http.requests import HttpFault, Incoming
from gateway.http.streams import LostAccess, Session, Streams, abort, told

NOT_ACCEPTED, FORBIDDEN, TOO_MANY, RESTART, GONE, TRY_LATER = 4406, 4403, 4429, 1012, 4499, 1013
log = structlog.get_logger("gateway")


class Sockets:
    """The ASGI callable of WebSockets on the endpoint's address."""

    def __init__(self, endpoint: GraphQLEndpoint, streams: Streams, origins: tuple[str, ...]) -> None:
        self._endpoint = endpoint
        self._streams = streams
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        incoming = Incoming.of({**scope, "method": "GET"}, receive)
        await receive()  # websocket.connect
        if not self._is_known(incoming):
            await send({"type": "websocket.close", "code": FORBIDDEN})
            return
        is_spoken = GRAPHQL_TRANSPORT_WS_PROTOCOL in scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": GRAPHQL_TRANSPORT_WS_PROTOCOL if is_spoken else None})
        if not is_spoken:
            await send({"type": "websocket.close", "code": NOT_ACCEPTED, "reason": "Speak graphql-transport-ws"})
            return
        clients.introduce(incoming)
        address = self._endpoint.gate.address(incoming)
        try:
            with self._streams.connection(), contextlib.ExitStack() as places:
                places.enter_context(self._streams.of(f"address:{address}"))
                socket = _Socket(receive, send, self._streams.live, self._endpoint.gate.bounds)
                await _Handler(self._endpoint, self._streams, incoming, socket, places).run()
        except Fault as fault:
            await send({"type": "websocket.close", "code": TOO_MANY, "reason": fault.message})

    def _is_known(self, incoming: Incoming) -> bool:
        """A page of another origin opens no socket here; programs that are no pages name none."""
        origin = incoming.header(b"origin")
        return not origin or origin in self._origins or is_same_origin(origin, incoming.header(b"host"))


class _Socket(AsyncWebSocketAdapter):
    """The socket as the protocol's handler wants it. What is sent must be read in time."""

    def __init__(self, receive: Receive, send: Send, live: Live, bounds: Bounds) -> None:
        self._receive, self._send, self._live, self._bounds = receive, send, live, bounds
        self._turn = asyncio.Lock()
        self._tokens, self._at = float(2 * self._live.messages_per_second), 0.0
        self.heard_at = asyncio.get_running_loop().time()
        self.is_closed = False

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object]:
        while not self.is_closed:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                self.is_closed = True
                return
            self.heard_at = asyncio.get_running_loop().time()
            if not self._may_go_on(self.heard_at):
                await self.close(TOO_MANY, "Too many messages")
                return
            yield self._read(message.get("text"))

    def _read(self, text: str | None) -> Mapping[str, Any]:
        if text is None:
            raise NonTextMessageReceived
        if len(text) > self._live.message_bytes:
            raise NonJsonMessageReceived
        try:
            found = asking.parsed(text.encode(), self._bounds)
        except HttpFault:
            raise NonJsonMessageReceived from None
        if not isinstance(found, dict) or not isinstance(found.get("id", ""), str):
            raise NonJsonMessageReceived
        return found

    def _may_go_on(self, now: float) -> bool:
        rate = self._live.messages_per_second
        self._tokens = min(2.0 * rate, self._tokens + (now - self._at) * rate) - 1
        self._at = now
        return self._tokens >= 0

    async def send_json(self, message: Mapping[str, object]) -> None:
        await self._put({"type": "websocket.send", "text": orjson.dumps(message).decode()})

    async def close(self, code: int, reason: str) -> None:
        if not self.is_closed:
            self.is_closed = True
            with contextlib.suppress(WebSocketDisconnected):
                await self._put({"type": "websocket.close", "code": code, "reason": reason})

    async def _put(self, message: Mapping[str, Any]) -> None:
        if self.is_closed and message["type"] == "websocket.send":
            raise WebSocketDisconnected
        try:
            async with asyncio.timeout(self._live.stall_ms / 1000), self._turn:
                await self._send(dict(message))
        except TimeoutError:
            log.warning("a client reads too slowly and was dropped")
            self.is_closed = True
            abort(self._send)
            raise WebSocketDisconnected from None
        except OSError:
            self.is_closed = True
            raise WebSocketDisconnected from None


class _Handler(BaseGraphQLTransportWSHandler[Any, Any]):
    """One socket, from its first message to its end."""

    def __init__(
        self,
        endpoint: GraphQLEndpoint,
        streams: Streams,
        incoming: Incoming,
        socket: _Socket,
        places: contextlib.ExitStack,
    ) -> None:
        view: Any = SimpleNamespace(on_ws_connect=self._recognize)
        schema: Any = endpoint.schema
        wait = timedelta(milliseconds=streams.live.init_ms)
        super().__init__(view, socket, {}, None, schema, wait, streams.live.operations)
        self._endpoint, self._streams, self._incoming, self._socket = endpoint, streams, incoming, socket
        self._places = places
        self._session: Session | None = None
        self._is_known = asyncio.Event()

    async def run(self) -> None:
        watching = asyncio.create_task(self._watch())
        try:
            await self.handle()
        finally:
            watching.cancel()
            await asyncio.wait({watching})

    async def _recognize(self, context: dict[str, Any]) -> Any:
        """Who it is, by the first message or the headers of the opening request."""
        try:
            session = await Session.of(self._endpoint, told(self._incoming, context.get("connection_params")))
            self._places.pop_all().close()
            self._places.enter_context(self._streams.of(session.caller.who))
        except HttpFault as error:
            code = FORBIDDEN if error.status == 401 else TRY_LATER
            await self._socket.close(code, error.fault.message)
            raise ConnectionRejectionError from None
        except Fault as fault:
            await self._socket.close(TOO_MANY, fault.message)
            raise ConnectionRejectionError from None
        self._session = session
        self._is_known.set()
        return UNSET

    async def handle_connection_init(self, message: Any) -> None:
        if message.get("payload") is None:  # which the protocol lets be null
            message.pop("payload", None)
        await super().handle_connection_init(message)

    async def handle_subscribe(self, message: Any) -> None:
        payload = message["payload"]
        if not isinstance(payload, dict):
            await self.handle_invalid_message("Failed to parse message")
            return
        message["payload"] = {"query": "", "variables": payload}  # the whole of it, which `run_operation` reads
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Any, Any]) -> None:
        request_id = self._incoming.request_id()
        try:
            await self._answer(operation, request_id)
        except WebSocketDisconnected:
            return
        except LostAccess:
            await self.websocket.close(FORBIDDEN, "The token is no longer valid")
        except (HttpFault, Fault) as error:
            fault = error.fault if isinstance(error, HttpFault) else error
            await self._fail(operation, fault, request_id)
        except Exception as error:
            await self._fail(operation, answering.masking(error, request_id), request_id)

    async def _answer(self, operation: Operation[Any, Any], request_id: str) -> None:
        assert self._session is not None
        given: Any = operation.variables
        asked = asking.checked(given, orjson.dumps(given))
        async with aclosing(self._session.answers(asked, request_id)) as answers:
            async for body in answers:
                if operation.completed:
                    return
                if _is_refusal(body):
                    await operation.send_operation_message(
                        {"id": operation.id, "type": "error", "payload": orjson.loads(body)["errors"]}
                    )
                    return
                message = {"id": operation.id, "type": "next", "payload": orjson.Fragment(body)}
                await self._socket.send_json(message)
        await operation.send_operation_message({"id": operation.id, "type": "complete"})

    async def _fail(self, operation: Operation[Any, Any], fault: Fault, request_id: str) -> None:
        shown: Any = {"message": fault.message, "extensions": {**(fault.extensions or {}), "requestId": request_id}}
        with contextlib.suppress(WebSocketDisconnected):
            await operation.send_operation_message({"id": operation.id, "type": "error", "payload": [shown]})

    async def _watch(self) -> None:
        """Closes the socket when the gateway ends, the token does, or nothing is heard of the client any more."""
        works = [self._ends(), self._token_ends(), self._beats()]
        tasks = [asyncio.create_task(work) for work in works]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            code, reason = done.pop().result()
            await self._socket.close(code, reason)
        except WebSocketDisconnected:
            pass
        finally:
            for task in tasks:
                task.cancel()

    async def _ends(self) -> tuple[int, str]:
        await self._streams.ending.wait()
        return RESTART, "The gateway ends"

    async def _token_ends(self) -> tuple[int, str]:
        await self._is_known.wait()
        assert self._session is not None
        try:
            await self._session.watch(self._streams.live.recheck_ms / 1000)
        except LostAccess:
            return FORBIDDEN, "The token is no longer valid"
        return TRY_LATER, "Try again"

    async def _beats(self) -> tuple[int, str]:
        loop, pause = asyncio.get_running_loop(), self._streams.live.heartbeat_ms / 1000
        while loop.time() - self._socket.heard_at < 3 * pause:
            await asyncio.sleep(pause)
            if self.connection_acknowledged:
                await self.send_message({"type": "ping"})
        return GONE, "Nothing was heard"


def _is_refusal(body: bytes) -> bool:
    """An answer without data: nothing was run."""
    return body.startswith(b'{"errors"') and b'"data":' not in body
