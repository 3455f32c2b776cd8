"""One connection of HTTP/1.1 as uvicorn speaks it, with bounds on what no request can be asked to pay for.

What a request may cost is decided once its head is there. A head that grows without end or never ends, bytes that
belong to no request, and an answer that nobody reads would cost memory and places before that, or after.
"""

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_BYTES = 64_000
"""Of a request beside its body: address, headers, the sizes of chunks, and what may follow them."""

PIECE_BYTES = 16_384

HEAD_SECONDS = 10.0
"""From the beginning of a connection, or the first bytes after an answer, to the end of a head."""

STALL_SECONDS = 30.0
"""For how long nothing at all may be read of an answer."""

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Wire(HttpToolsProtocol):
    _beside = 0
    _unread = 0
    _is_socket = False
    _hurry: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin_hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_hurry()
        self._end_stall()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Piece by piece: what comes in one piece with the beginning of a request is not counted."""
        for start in range(0, len(data), PIECE_BYTES):
            if not self._is_socket and not self.transport.is_closing():
                self._take(data[start : start + PIECE_BYTES])

    def _take(self, piece: bytes) -> None:
        self._beside += len(piece)
        super().data_received(piece)
        if self._is_socket or self.transport.is_closing():
            return
        if self._beside > HEAD_BYTES:
            self._send_away(TOO_LARGE)
        elif self._is_idle and self._hurry is None:
            self._begin_hurry()

    def on_message_begin(self) -> None:
        self._beside = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._end_hurry()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._beside -= len(body)
        super().on_body(body)

    def handle_websocket_upgrade(self) -> None:
        """From here on the connection is another protocol's, which has bounds of its own."""
        self._is_socket = True
        self._end_hurry()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._stall = self.loop.call_later(STALL_SECONDS, self._look_at_reader)

    def resume_writing(self) -> None:
        self._end_stall()
        super().resume_writing()

    @property
    def _is_idle(self) -> bool:
        """Nothing is being answered: what comes belongs to a request that has not begun, or to one that is over."""
        under_way = cast("RequestResponseCycle | None", self.cycle)  # its own declaration knows of no None
        return under_way is None or under_way.response_complete

    def _begin_hurry(self) -> None:
        self._hurry = self.loop.call_later(HEAD_SECONDS, self._send_away, TOO_SLOW)

    def _end_hurry(self) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
            self._hurry = None

    def _send_away(self, answer: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._is_idle:
            self.transport.write(answer)
        self.transport.close()

    def _look_at_reader(self) -> None:
        """Slowly is well; not at all is not."""
        left = self.transport.get_write_buffer_size()
        if left >= self._unread:
            self.transport.abort()
            return
        self._unread = left
        self._stall = self.loop.call_later(STALL_SECONDS, self._look_at_reader)

    def _end_stall(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
