"""What every random life does: it sends, looks at what became of it, and finds no trace of what was not done."""

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from tests.stateful.invariants import broken
from tests.stateful.looking import Eyes, changed
from tests.support.client import Answer, Client, Gateway
from tests.support.consultations import send

FAULTS = {"BAD_USER_INPUT", "FORBIDDEN", "CONFLICT"}
"""What a caller may be told of a command that cannot be; anything else is a fault of ours."""


class Life(RuleBasedStateMachine):
    """`eyes` and `gateway` are set by the test."""

    eyes: Eyes
    gateway: Gateway
    truths: Mapping[str, str]
    now: dt.datetime

    def begin(self, now: dt.datetime) -> None:
        self.now, self.turn = now, 0
        self.inherited = broken(self.eyes, self.truths)  # what an earlier life has broken is not looked for again
        self.agreed: list[tuple[Client, str, dict[str, Any]]] = []
        self.seen = self.eyes.traces()

    def agrees(self) -> None:
        found = broken(self.eyes, self.truths) - self.inherited
        assert not found, "\n".join(sorted(found))

    def dice(self, seed: int) -> random.Random:
        """Others in each turn, so that a life in which all seeds are alike is no dull one."""
        self.turn += 1
        return random.Random(f"{self.turn}/{seed}")

    def send(self, client: Client, mutation: str, given: dict[str, Any], *, dry: bool = False, shows: str = "") -> Any:
        """The payload, where the command was agreed to and done."""
        answer = send(client.at(self.now.isoformat()), mutation, dry_run=dry, shows=shows, **given)
        payload = self._payload(answer, mutation)
        if dry or payload is None or payload["refusals"]:
            self.leaves_no_trace(mutation)
            return None
        self.look_again()
        self.agreed.append((client, mutation, given))
        return payload

    def _payload(self, answer: Answer, mutation: str) -> Any:
        if "errors" in answer.body:
            assert answer.code in FAULTS, (mutation, answer.body)
            return None
        return answer.data[mutation]

    def send_again(self, dice: random.Random) -> None:
        """The same key changes nothing: neither with the same request, nor with another."""
        if not self.agreed:
            return
        client, mutation, given = dice.choice(self.agreed)
        client = client.at(self.now.isoformat())
        if dice.random() < 0.5:
            answer = send(client, mutation, shows="", **given | {_named(given): "x"})
            assert answer.code == "IDEMPOTENCY_KEY_REUSED", answer.body
        else:
            answer = send(client, mutation, shows="", **given)
            assert answer.data[mutation]["isReplay"], answer.body
        self.leaves_no_trace(f"{mutation} again")

    def timers_run(self, dice: random.Random) -> None:
        self.eyes.tick(self.now)
        self.look_again()

    def look_again(self) -> None:
        """What has happened until now was meant to."""
        self.seen = self.eyes.traces()

    def leaves_no_trace(self, what: str) -> None:
        before, self.seen = self.seen, self.eyes.traces()
        assert not changed(before, self.seen), f"{what} was not done, and left a trace in {changed(before, self.seen)}"


def _named(given: dict[str, Any]) -> str:
    """A field of the request that says what it is about."""
    names = ("policyNumber", "booking", "claim", "advance", "bill", "appeal", "repayment", "letter", "preAuth")
    return next(name for name in names if name in given)
