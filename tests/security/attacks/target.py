"""The gateway that is attacked, who attacks it, and what its event loop pays for it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.client import Client, Gateway

TRIES = 10
BOUND = 0.05
"""Seconds of CPU."""


@dataclass(frozen=True)
class Target:
    gateway: Gateway
    me: Client
    """A customer with a policy."""
    number: str
    """The policy's."""
    foreign: str
    """A booking of somebody else."""

    def spent(self) -> float:
        """Seconds of CPU that the thread of the gateway's event loop has used so far."""
        (thread,) = (each for each in threading.enumerate() if each.name == self.gateway.address)
        assert thread.ident is not None
        return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))

    def paid(self, attack: "Attack") -> float:
        """What the loop pays for an attack, at best: a machine that is busy elsewhere makes everything dearer."""
        least = self._once(attack)
        for _ in range(TRIES):
            if least < BOUND:
                break
            least = min(least, self._once(attack))
        return least

    def _once(self, attack: "Attack") -> float:
        before = self.spent()
        attack(self)
        return self.spent() - before


Attack = Callable[[Target], None]
