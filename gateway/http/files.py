"""Papers over HTTP: `PUT /uploads/{ticket}` takes one in, `GET /documents/{id}` gives one out.

They are bytes and not GraphQL; errors have the shape that GraphQL's have.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from gateway.auth.viewer import ANONYMOUS, Viewer
from gateway.execution import ids
from gateway.execution.sources import SOURCES
from gateway.execution.unit import unit_over
from gateway.faults import Code, Fault
from gateway.http.admission.gate import REFUSED, Gate
from gateway.http.answering import masking
from gateway.http.requests import HttpFault, Incoming
from gateway.resolvers import papers, uploads
from gateway.resolvers.uploads import Upload
from models.base import new_id

REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
PAPER = 50
"""What a paper costs, in or out, as if it were so many objects."""

IDLE_SECONDS = 30
LONGEST_SECONDS = 600
PRIVATE = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-site",
    "referrer-policy": "no-referrer",
}
STATUS = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.BAD_USER_INPUT: 422,
    Code.LIMIT_EXCEEDED: 413,
    Code.THROTTLED: 429,
    Code.CONFLICT: 409,
    Code.IDEMPOTENCY_IN_PROGRESS: 409,
    Code.IDEMPOTENCY_KEY_REUSED: 409,
    Code.UNAVAILABLE: 503,
}
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/tiff": "tiff",
    "application/dicom": "dcm",
}


class _Refused(Exception):
    """A request that ends with this status, whatever its fault's code is elsewhere."""

    def __init__(self, status: int, fault: Fault, **headers: str) -> None:
        super().__init__(fault.message)
        self.status = status
        self.fault = fault
        self.headers = headers


Handler = Callable[[Request, str], Awaitable[Response]]


def answering(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A handler whose faults are answered in the shape of errors."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        given = request.headers.get("x-request-id", "")
        request_id = given if REQUEST_ID.match(given) else new_id().hex
        try:
            return await handler(request, request_id)
        except (_Refused, HttpFault) as refused:
            return _refusal(refused, request_id)
        except Fault as fault:
            code = Code((fault.extensions or {})["code"])
            return _refusal(_Refused(STATUS.get(code, 500), fault), request_id)
        except Exception as error:  # its words may hold what people typed
            fault = masking(error, request_id)
            return _refusal(_Refused(STATUS.get(Code((fault.extensions or {})["code"]), 500), fault), request_id)

    return answer


@answering
async def put_upload(request: Request, request_id: str) -> Response:
    """Take in the paper that the ticket is for. Answers when it has been judged."""
    caller = await _viewer(request) if "authorization" in request.headers else None
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise _Refused(415, Fault(Code.BAD_USER_INPUT, "Send the file as it is, uncompressed."))
    await _pay(request, caller or ANONYMOUS, PAPER)
    ticket = request.path_params["ticket"]
    upload = Upload(ticket, caller, _length(request), _parts(request), request_id)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            document = await uploads.receive(request.app.state.services, upload)
    except Fault as fault:
        if fault.message == uploads.no_such_ticket().message:
            raise _Refused(404, fault) from None
        raise
    except ClientDisconnect:
        raise _Refused(400, Fault(Code.BAD_USER_INPUT, "The request ended before its body did.")) from None
    except TimeoutError:
        raise _Refused(408, Fault(Code.DEADLINE_EXCEEDED, "The file came too slowly: send it again.")) from None
    known = {"id": ids.encode("doc", document["policy_id"], document["id"]), "status": document["state"]}
    return _json({"document": known}, 201, request_id)


@answering
async def get_document(request: Request, request_id: str) -> Response:
    """A paper that the caller's work needs, once it is clean. A foreign one is answered like one that is not there."""
    viewer = await _viewer(request)
    await _pay(request, viewer, PAPER)
    viewer.require("documents:read")
    services = request.app.state.services
    document = await _visible(services, viewer, request.path_params["id"])
    if document is None:
        raise _Refused(404, Fault(Code.BAD_USER_INPUT, "There is no such document."))
    reading = await papers.read(services, document, viewer, request_id)
    headers = {
        **PRIVATE,
        "content-type": document["media_type"],
        "content-length": str(document["size"]),
        "content-disposition": disposition(document["file_name"], document["media_type"]),
        "x-request-id": request_id,
    }
    return StreamingResponse(reading.content, headers=headers)


async def _viewer(request: Request) -> Viewer:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return ANONYMOUS
    if scheme.lower() != "bearer" or not token.strip():
        raise _Refused(401, Fault(Code.UNAUTHENTICATED, "Expected `Authorization: Bearer <token>`."))
    try:
        return await request.app.state.identities.viewer(token.strip())
    except Fault:
        await _pay(request, ANONYMOUS, REFUSED)
        raise


async def _pay(request: Request, viewer: Viewer, cost: int) -> None:
    """Out of the same bucket as documents of GraphQL."""
    gate: Gate = request.app.state.gate
    incoming = Incoming.of(request.scope, request.receive)
    await gate.spend(gate.caller(viewer, incoming), cost)


async def _visible(services: Any, viewer: Viewer, text: str) -> Any:
    found = ids.decode(text)
    if found is None or found[0] != "doc" or len(found[1]) != 2:
        return None
    return await unit_over(services.pool, viewer).one(SOURCES["Document"], ("policy_id", "id"), found[1])


def _length(request: Request) -> int | None:
    stated = request.headers.get("content-length", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 20 else None


async def _parts(request: Request) -> AsyncIterator[bytes]:
    """The body as it arrives. Who sends nothing for long is not waited for."""
    stream = request.stream()
    while True:
        async with asyncio.timeout(IDLE_SECONDS):
            part = await anext(stream, None)
        if part is None:
            return
        yield part


def disposition(name: str | None, media_type: str) -> str:
    """Saved, never shown in the page. Plain programs get a plain name; what the client called it travels encoded."""
    plain = f"document.{ENDINGS.get(media_type, 'bin')}"
    if not name:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _refusal(refused: _Refused | HttpFault, request_id: str) -> Response:
    extensions = {**(refused.fault.extensions or {}), "requestId": request_id}
    response = _json(
        {"errors": [{"message": refused.fault.message, "extensions": extensions}]}, refused.status, request_id
    )
    if refused.status == 401:
        response.headers["www-authenticate"] = "Bearer"
    response.headers.update(refused.headers)
    return response


def _json(body: dict[str, Any], status: int, request_id: str) -> Response:
    headers = {**PRIVATE, "x-request-id": request_id}
    return Response(orjson.dumps(body), status, media_type="application/json", headers=headers)
