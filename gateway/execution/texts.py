"""The text of a document: how long, how many tokens, how deep its brackets are. One pass, before anything is parsed."""

import re

from graphql import Node, Source

from gateway.bounds import Bounds
from gateway.faults import Code, Fault, Position

TOKEN = re.compile(
    r'"""(?:[^"\\]|\\"""|\\|"(?!""))*+"""|"(?:[^"\\\n\r]|\\.)*+"|#[^\n\r]*+|\.\.\.|\w++|[^\s,\ufeff]', re.ASCII
)
"""What a lexer takes for one token, or a comment; numbers with a point count more than once."""

SHOWN = 1_000_000
"""A value beyond is not told exactly: nobody is helped by it, and JSON has no room for some."""


def over(bound: str, limit: int, value: int, message: str, at: Node | Position | None = None) -> Fault:
    """A bound that is passed. The message has `{limit}` and `{value}` in it."""
    shown = min(value, SHOWN)
    told = message.replace("{limit}", str(limit)).replace("{value}", str(shown))
    return Fault(Code.LIMIT_EXCEEDED, told, at=at, bound=bound, limit=limit, value=shown)


def check(text: str, bounds: Bounds) -> None:
    """Refuses a text that is too large for the parser, which follows brackets by calling itself."""
    if len(text) > bounds.characters:
        message = "A document may have {limit} characters, not {value}."
        raise over("characters", bounds.characters, len(text), message, Position(Source(text), bounds.characters))
    tokens = depth = 0
    for match in TOKEN.finditer(text):
        sign = text[match.start()]
        if sign == "#":
            continue
        tokens += 1
        if sign in "{[(":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        if tokens > bounds.tokens or depth > bounds.nesting or match.end() - match.start() > bounds.name_length:
            _refuse(text, match, tokens, depth, bounds)


def _refuse(text: str, match: "re.Match[str]", tokens: int, depth: int, bounds: Bounds) -> None:
    at = Position(Source(text), match.start())
    if tokens > bounds.tokens:
        number = sum(1 for found in TOKEN.finditer(text) if text[found.start()] != "#")
        raise over("tokens", bounds.tokens, number, "A document may have {limit} tokens, not {value}.", at)
    if depth > bounds.nesting:
        raise over("nesting", bounds.nesting, depth, "Brackets may be nested {limit} deep, not {value}.", at)
    if text[match.start()] != '"':
        message = "A name may have {limit} characters, not {value}."
        raise over("nameLength", bounds.name_length, match.end() - match.start(), message, at)
