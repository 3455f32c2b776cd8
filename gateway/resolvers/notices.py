"""Announcements that staff publish; from their first day they go before the handbook."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from gateway.faults import bad_input
from gateway.repositories import policies, writes
from gateway.resolvers import inputs
from gateway.resolvers.commands import Reference, Transaction, Work
from gateway.validation.facts import Facts
from gateway.validation.verdict import Verdict
from models.base import new_id


async def publish(
    transaction: Transaction,
    operation: str,
    *,
    product: str | None,
    service: str | None,
    title: tuple[str, str],
    body: tuple[str, str],
    url: str | None,
    effective_on: dt.date,
) -> Work:
    """Everybody reads it from now on; it changes no rule by itself."""
    if service is not None:
        await _check(transaction.connection, product, service)
    notice = Reference(new_id())
    row = {
        "id": notice.id,
        "product_code": product,
        "service": service,
        "title_zh": _words(title[0], "titleZh"),
        "title_en": _words(title[1], "titleEn"),
        "body_zh": _words(body[0], "bodyZh"),
        "body_en": _words(body[1], "bodyEn"),
        "url": _address(url),
        "effective_on": effective_on,
        "published_at": transaction.context.now,
        "is_demo": False,
    }

    async def write(verdicts: Sequence[Verdict]) -> Reference:
        await writes.insert(transaction.writes, "notices", row)
        return notice

    return Work(Facts(operation, transaction.context.now, product or "", ""), write)


async def _check(connection: Any, product: str | None, service: str) -> None:
    if product is None or not await policies.has_service(connection, product, service):
        raise bad_input("Name a service together with a product that has it.", "input", "service")


def _words(said: str, field: str) -> str:
    return inputs.required(inputs.text(said, "input", field), "input", field)


def _address(url: str | None) -> str | None:
    """Of a page on the web: whatever else a link may be, a client would follow it."""
    given = inputs.text(url, "input", "url")
    if given is None:
        return None
    try:
        parts = urlsplit(given)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or any(sign.isspace() for sign in given):
        raise bad_input("Expected the address of a page: https://…", "input", "url")
    return given
