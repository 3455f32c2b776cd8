"""Who sends a mutation with which input, so that it is agreed to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.auth.viewer import Viewer
from tests.execution.twins import Twins
from tests.support.client import Gateway


@dataclass(frozen=True)
class Sent:
    viewer: Viewer
    given: Mapping[str, Any]


Make = Callable[[Gateway, Twins, str], Sent]
