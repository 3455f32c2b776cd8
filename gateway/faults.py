"""Faults: what the caller or the machine got wrong. A business rule that says no is not one; that is a verdict."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graphql import GraphQLError, Node, Source


class Code(StrEnum):
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    THROTTLED = "THROTTLED"
    COST_EXCEEDED = "COST_EXCEEDED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    DOCUMENT_UNKNOWN = "DOCUMENT_UNKNOWN"
    DOCUMENT_REQUIRED = "DOCUMENT_REQUIRED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    IDEMPOTENCY_IN_PROGRESS = "IDEMPOTENCY_IN_PROGRESS"
    CONFLICT = "CONFLICT"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a document that was not parsed."""

    source: Source
    offset: int


class Fault(GraphQLError):
    """An error of the closed list, with what the caller needs to mend it."""

    def __init__(self, code: Code, message: str, *, at: "Node | Position | None" = None, **extensions: Any) -> None:
        given = {"code": code.value, **extensions}
        if isinstance(at, Position):
            super().__init__(message, None, at.source, [at.offset], extensions=given)
        else:
            super().__init__(message, at, extensions=given)


def bad_input(message: str, *path: str) -> Fault:
    """A value that cannot be taken. `path` names it, such as "input", "visitAt"; the message says what is expected."""
    return Fault(Code.BAD_USER_INPUT, message, inputPath=list(path))
