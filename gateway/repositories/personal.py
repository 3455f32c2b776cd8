"""Personal data as it is shown where it may not be shown in full: the masks of the resolvers, said in SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Text, case, func, literal


def masked_name(name: Any) -> ColumnElement[str]:
    """The first word of a Latin name, else the first character. Only plain ASCII has as many bytes as characters."""
    is_ascii = func.octet_length(name) == func.char_length(name)
    shown = case((is_ascii, func.split_part(name, " ", 1)), else_=func.left(name, 1))
    return shown.concat(literal("**", Text))


def masked_number(last4: Any) -> ColumnElement[str]:
    """Null where there is no number."""
    return literal("****", Text).concat(last4)
