"""Word from providers of online payment: `POST /payments/{provider}/events`, signed over its bytes.

`x-payment-signature: t=<unix seconds>,v1=<hex>` is HMAC-SHA256 over `<t>.<body>`. The same event may come as often as
the provider likes; what cannot be taken in yet is answered so that it comes again.
"""

import asyncio
import datetime as dt
import hmac
import re
import time
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gateway.auth.payments import SANDBOX, SignedProvider
from gateway.context import Services
from gateway.faults import Code, Fault
from gateway.http.files import answering
from gateway.http.requests import HttpFault
from gateway.resolvers import payments
from gateway.resolvers.payments import NoSuchPayment, Notice

LARGEST = 16_384
SECONDS = 10
HEADER = "x-payment-signature"
EVENT = re.compile(r"[A-Za-z0-9._:-]{1,90}", re.ASCII)
OUTCOMES = {"PAID": True, "FAILED": False}


def payment_routes(is_development: bool) -> list[Route]:
    """The sandbox is a page of this gateway's, in development alone."""
    events = Route("/payments/{provider}/events", post_event, methods=["POST"])
    checkout = Route(f"/payments/{SANDBOX}/checkout", sandbox_checkout, methods=["GET", "POST"])
    return [events, checkout] if is_development else [events]


@answering
async def post_event(request: Request, request_id: str) -> Response:
    """Take in what a provider says. A signature that is not good is told nothing else."""
    body = await _body(request)
    return await _take(request.app.state.services, request.path_params["provider"], request.headers, body, request_id)


async def _take(services: Services, name: str, headers: Any, body: bytes, request_id: str) -> Response:
    now = dt.datetime.now(dt.UTC)
    provider = services.payments.named(name)
    if provider is None or not provider.is_genuine(headers.get(HEADER, ""), body, now):
        raise Fault(Code.UNAUTHENTICATED, "The signature is not good, or too old.")
    try:
        is_new = await payments.receive(services, _notice(name, body), request_id, now)
    except NoSuchPayment:
        # where the client's own request has not been committed yet, the next attempt finds it
        return JSONResponse({"status": "unknown"}, 404, headers={"retry-after": "5", "x-request-id": request_id})
    return JSONResponse({"status": "taken" if is_new else "known"}, headers={"x-request-id": request_id})


async def _body(request: Request) -> bytes:
    try:
        async with asyncio.timeout(SECONDS):
            return await _read(request)
    except TimeoutError:
        raise HttpFault(408, Fault(Code.DEADLINE_EXCEEDED, "The body came too slowly: send it again.")) from None


async def _read(request: Request) -> bytes:
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > LARGEST:
            raise Fault(Code.LIMIT_EXCEEDED, f"At most {LARGEST} bytes.")
    return content


def _notice(provider: str, body: bytes) -> Notice:
    try:
        given: Any = orjson.loads(body)
        amount = Decimal(given["amount"]) if isinstance(given["amount"], str) else None
        event, reference, is_paid = given["id"], given["reference"], OUTCOMES[given["outcome"]]
    except (ValueError, KeyError, TypeError, InvalidOperation):
        raise _unreadable() from None
    is_whole = isinstance(event, str) and EVENT.fullmatch(event) and isinstance(reference, str)
    if not is_whole or amount is None or not amount.is_finite() or given.get("currency", "CNY") != "CNY":
        raise _unreadable()
    return Notice(provider, event, reference, is_paid, amount)


def _unreadable() -> Fault:
    return Fault(
        Code.BAD_USER_INPUT, "Expected JSON: id, reference, outcome (PAID or FAILED), amount as a text, currency CNY."
    )


# The sandbox


PAGE = """<!doctype html><meta charset="utf-8"><title>Sandbox</title>
<p>Sandbox: {amount} CNY<form method="post"><button name="outcome" value="PAID">Pay</button>
<button name="outcome" value="FAILED">Fail</button></form>"""


@answering
async def sandbox_checkout(request: Request, request_id: str) -> Response:
    """Where a developer plays the client at the provider's: the button sends the signed event."""
    services: Services = request.app.state.services
    provider = services.payments.named(SANDBOX)
    asked = request.query_params
    reference, amount = asked.get("reference", ""), asked.get("amount", "")
    good = provider.sign_checkout(reference, amount) if isinstance(provider, SignedProvider) else ""
    if not isinstance(provider, SignedProvider) or not hmac.compare_digest(asked.get("sign", ""), good):
        raise Fault(Code.UNAUTHENTICATED, "This address was not made by the gateway.")
    if request.method == "GET":
        return HTMLResponse(PAGE.format(amount=escape(amount)), headers={"cache-control": "no-store"})
    outcome = dict(parse_qsl((await _body(request)).decode("latin-1"))).get("outcome", "PAID")
    event = {"id": f"{reference[-32:]}-{outcome}", "reference": reference, "outcome": outcome, "amount": amount}
    body = orjson.dumps(event)
    return await _take(services, SANDBOX, {HEADER: provider.sign(body, int(time.time()))}, body, request_id)
