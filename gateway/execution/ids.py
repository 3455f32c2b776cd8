"""Global ids: opaque, prefixed by type, and carrying the policy's key, so that one shard is asked."""

import re
import uuid

from gateway.faults import Fault, bad_input

SHAPE = re.compile(r"([a-z]+)_((?:[0-9a-f]{32}){1,2})")


def encode(prefix: str, *keys: uuid.UUID) -> str:
    return f"{prefix}_{''.join(key.hex for key in keys)}"


def decode(value: str) -> tuple[str, tuple[uuid.UUID, ...]] | None:
    """Prefix and keys, or None for what is no id of ours."""
    found = SHAPE.fullmatch(value)
    if found is None:
        return None
    digits = found[2]
    return found[1], tuple(uuid.UUID(digits[at : at + 32]) for at in range(0, len(digits), 32))


def decode_as(prefix: str, value: str, parts: int, *path: str) -> tuple[uuid.UUID, ...]:
    """Keys of an id that must be of one type; anything else is the caller's error at `path`."""
    found = decode(value)
    if found is None or found[0] != prefix or len(found[1]) != parts:
        raise not_an_id(prefix, *path)
    return found[1]


def not_an_id(prefix: str, *path: str) -> Fault:
    return bad_input(f"No such object: expected the id of an object you may see, {prefix}_…", *path)
