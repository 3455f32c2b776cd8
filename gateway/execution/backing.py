"""Which values the database itself promises to be there."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, inspect

from gateway.execution import forms
from gateway.execution.objects import name_literal


def is_backed(form: forms.Form, row: Any) -> bool:
    """Whether the database itself promises that the value is not null."""
    match form:
        case forms.Column(name) | forms.Amount(name):
            return not is_nullable(row, name)
        case forms.Localized(base):
            return not any(is_nullable(row, f"{base}_{language}") for language in ("zh", "en"))
        case forms.GlobalId() | forms.ToMany() | forms.Narrowed() | forms.Paged() | forms.Filled():
            return True
        case forms.ById(is_list=is_list):
            return is_list
        case forms.Embedded(unless_null=column):
            return column is None
        case _:
            return False


def is_nullable(row: Any, name: str) -> bool:
    if isinstance(row, Sum):
        return False
    known = inspect(row, raiseerr=False)
    column = None if known is None else known.mapper.local_table.columns[name]
    return getattr(column, "nullable", True)  # what is read and is no table promises nothing


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money as the row that its object is made from; made only where there is one."""

    amount: ColumnElement[Any]
    currency: ColumnElement[str] = field(default_factory=lambda: name_literal("CNY"))
