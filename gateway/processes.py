"""Processes: they must not outlive the one that started them, which only Linux tells a child, and start quickly."""

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from typing import Any

_PR_SET_PDEATHSIG = 1


def load_undisturbed() -> None:
    """While a process loads, hardly anything becomes garbage, and looking for it takes a fifth of the time."""
    gc.disable()


def settle() -> None:
    """What has been loaded stays: from here on the collector looks at the rest alone, also in pauses of requests."""
    gc.freeze()
    gc.enable()


def die_with_parent(parent: int) -> None:
    """For a worker that runs already: have the kernel send it a SIGTERM when its parent dies, however it dies."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel was told
        os.kill(os.getpid(), signal.SIGTERM)


@contextlib.contextmanager
def when_told_to_end(call: Callable[[], object]) -> Generator[None]:
    """Within the block, calls back as soon as this process is told to end, before the server waits for what is open."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are another one's
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def told(number: int, frame: Any) -> None:
        loop.call_soon_threadsafe(call)
        known = before[signal.Signals(number)]
        if callable(known):
            known(number, frame)

    for number in before:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def bound_to_us(farewell: signal.Signals) -> Callable[[], None]:
    """For a child about to be started: what it does between fork and exec, so that it gets `farewell` when we die."""
    libc, parent = ctypes.CDLL(None), os.getpid()

    def before_exec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:
            os._exit(1)

    return before_exec
