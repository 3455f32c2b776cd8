"""The gateway that is attacked, who attacks it, and what its event loop pays for it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.client import Client, Gateway
from tests.support.server import spent_while

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

    def paid(self, attack: "Attack") -> float:
        """What the loop pays for an attack, at best: a machine that is busy elsewhere makes everything dearer."""
        least = self._once(attack)
        for _ in range(TRIES):
            if least < BOUND:
                break
            least = min(least, self._once(attack))
        return least

    def _once(self, attack: "Attack") -> float:
        return spent_while(self.gateway.address, lambda: attack(self))


Attack = Callable[[Target], None]
