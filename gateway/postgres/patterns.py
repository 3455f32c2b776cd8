"""Patterns of LIKE."""

import re

_WILD = re.compile(r"([\\%_])")


def containing(text: str) -> str:
    """The pattern of everything that contains a text, whatever signs the text has."""
    literal = _WILD.sub(r"\\\1", text)
    return f"%{literal}%"
