"""Where messages go: to the log, or as signed JSON to the receiver's address. An SMS provider is one more of these.

A message names its case by id only. Whoever receives it asks the gateway for the rest, with a token of its own.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orjson
import structlog

from gateway.partners import Webhook

SECONDS = 10.0
log = structlog.get_logger("gateway.jobs")


@dataclass(frozen=True, slots=True)
class Message:
    id: str  # the same whenever it is sent again: receivers tell repeats by it
    topic: str
    audience: str
    vendor: str | None
    rule: str | None
    created_at: str
    payload: dict[str, Any]

    @property
    def vendor_of_audience(self) -> str | None:
        """Whose webhook it is for: what is meant for vendors goes to the vendor of the case and to nobody else."""
        return self.vendor if self.audience == "VENDOR" else None

    def body(self) -> bytes:
        return orjson.dumps(
            {
                "id": self.id,
                "topic": self.topic,
                "audience": self.audience,
                "rule": self.rule,
                "createdAt": self.created_at,
                "payload": self.payload,
            }
        )


class NotSent(Exception):
    """The receiver did not take it; it is tried again later."""


class Sender(Protocol):
    async def send(self, message: Message) -> None:
        """Hand it over; raise `NotSent` where the receiver has not taken it."""
        ...


class ConsoleSender:
    """For development: says on the log what would have gone out."""

    async def send(self, message: Message) -> None:
        log.info("message", id=message.id, topic=message.topic, audience=message.audience, rule=message.rule)


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """POSTs the message. `x-gateway-signature` is `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`."""

    url: str
    secret: bytes

    @classmethod
    def load(cls, url: str, secret_file: Path) -> "WebhookSender":
        return cls(url, secret_file.read_bytes().strip())

    async def send(self, message: Message) -> None:
        await asyncio.to_thread(self._post, message)

    def _post(self, message: Message) -> None:
        body = message.body()
        request = Request(self.url, data=body, method="POST", headers=self._headers(message, body))  # noqa: S310
        try:
            with build_opener(_StayHere).open(request, timeout=SECONDS):
                return
        except HTTPError as error:
            error.close()
            raise NotSent(f"the receiver answered {error.code}") from None
        except (URLError, TimeoutError, OSError) as error:
            raise NotSent(type(error).__name__) from None

    def _headers(self, message: Message, body: bytes) -> dict[str, str]:
        return {
            "content-type": "application/json",
            "x-gateway-message": message.id,
            "x-gateway-signature": signature(self.secret, body, int(time.time())),
        }


def signature(secret: bytes, body: bytes, at: int) -> str:
    """What a receiver recomputes over the bytes that it got, and refuses when the time is long past."""
    digest = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class _StayHere(HTTPRedirectHandler):
    """A signed message goes to the address that was configured and to no other."""

    def redirect_request(self, *details: Any, **more: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Routes:
    """Which sender a message goes by: the webhook of its audience (and vendor), else the log."""

    webhooks: Sequence[tuple[Webhook, Sender]]
    otherwise: Sender

    @classmethod
    def of(cls, webhooks: Sequence[Webhook]) -> "Routes":
        made = [(webhook, WebhookSender.load(webhook.url, webhook.secret_file)) for webhook in webhooks]
        return cls(made, ConsoleSender())

    async def send(self, message: Message) -> None:
        await self._sender(message).send(message)

    def _sender(self, message: Message) -> Sender:
        for webhook, sender in self.webhooks:
            if webhook.audience == message.audience and webhook.vendor == message.vendor_of_audience:
                return sender
        return self.otherwise
