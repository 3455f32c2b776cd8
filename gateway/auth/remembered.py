"""What has been found out about a token, kept for a while. It never grows beyond its bound."""

import hashlib
import time
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Values with an end each, by the real clock; what was asked for longest ago makes room."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[object, tuple[T, float]] = OrderedDict()

    def get(self, key: object) -> T | None:
        found = self._values.get(key)
        if found is None:
            return None
        if found[1] <= time.time():
            del self._values[key]
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: object, value: T, *, until: float) -> None:
        self._values[key] = (value, until)
        self._values.move_to_end(key)
        if len(self._values) > self._size:
            self._values.popitem(last=False)

    def __len__(self) -> int:
        return len(self._values)


def fingerprint(token: str) -> bytes:
    """What stands for a token in memory, so that no secret stays there longer than its request."""
    return hashlib.sha256(token.encode()).digest()
