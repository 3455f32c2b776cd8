"""Compressed answers: Brotli or gzip, as the client takes them, and only where it is worth the time."""

import asyncio
import zlib
from collections.abc import Callable, Mapping

import brotli

from gateway.http.negotiation import remembered, weighted

SMALLEST = 1_400
"""Bytes from which compressing pays: less travels in one packet anyway."""
LARGEST_HERE = 32_768
"""Bytes up to which it is done on the spot, in well under a millisecond. More is done beside the event loop."""
LEVEL = 4  # of both: most of the gain for a little of the time
GZIP_WINDOW = 31  # with gzip's own header


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP_WINDOW)
    return packer.compress(body) + packer.flush()


def _brotli(body: bytes) -> bytes:
    return brotli.compress(body, quality=LEVEL)


PACKERS: Mapping[bytes, Callable[[bytes], bytes]] = {b"br": _brotli, b"gzip": _gzip}
"""The better one first."""


async def packed(body: bytes, encoding: bytes) -> bytes:
    pack = PACKERS[encoding]
    return pack(body) if len(body) <= LARGEST_HERE else await asyncio.to_thread(pack, body)


@remembered
def accepted_encoding(header: str) -> bytes | None:
    """What the client takes of ours, by its weights; among equals the better one. No header: as it is."""
    weights = dict(weighted(header))
    fallback = weights.get("*", 0.0)
    named = [(weights.get(encoding.decode(), fallback), encoding) for encoding in PACKERS]
    weight, encoding = max(named, key=lambda item: item[0])
    return encoding if weight > 0 else None
