"""Processes that must not outlive the one that started them. Only Linux tells a child of its parent's death."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """For a worker that runs already: have the kernel send it a SIGTERM when its parent dies, however it dies."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the kernel was told
        os.kill(os.getpid(), signal.SIGTERM)


def bound_to_us(farewell: signal.Signals) -> Callable[[], None]:
    """For a child about to be started: what it does between fork and exec, so that it gets `farewell` when we die."""
    libc, parent = ctypes.CDLL(None), os.getpid()

    def before_exec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:
            os._exit(1)

    return before_exec
