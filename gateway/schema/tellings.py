"""What several types tell in SQL of the one who asks and of the request."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Text, cast, literal

from gateway.auth.viewer import ViewerKind
from gateway.execution.forms import Scope
from gateway.repositories import personal as personal_sql


def name_for(name: Any, scope: Scope) -> ColumnElement[str]:
    """A person's name; vendors see the surname only."""
    return personal_sql.masked_name(name) if scope.sight.kind is ViewerKind.VENDOR else name


def constant(word: str) -> ColumnElement[str]:
    return cast(literal(word), Text)


def now(scope: Scope) -> ColumnElement[dt.datetime]:
    return scope.bind(DateTime(timezone=True), lambda context: context.now)
