"""Who sends a mutation with which input, so that it is agreed to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.auth.viewer import Viewer
from tests.support.client import Gateway


@dataclass(frozen=True)
class Sent:
    viewer: Viewer
    given: Mapping[str, Any]


class Doing(Protocol):
    """What sends a mutation that must come before: a plan without a server, or a client over HTTP."""

    def done(self, text: str, variables: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]: ...


Make = Callable[[Gateway, Any, str], Sent]
"""With a `Doing`, and the name of the mutation."""
