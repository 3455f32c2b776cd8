"""Finding Chinese names by a part of one character and more, by pinyin and by initials, without any extension.

A row keeps every way to write its names in `search_text`, joined by a bar, and the characters and pairs of
characters of that text in `search_grams`, which carries a GIN index. The index finds the few rows that can match,
and LIKE says which of them do. What a row stores is made in `readings`.
"""

import unicodedata
from collections.abc import Iterable
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Text, and_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import all_

from gateway.faults import bad_input
from gateway.postgres.given import Given
from gateway.postgres.patterns import containing

LONGEST_KEYWORD = 100

# Blanks, brackets and middle dots carry no meaning in a name, and people leave them out.
_UNSPOKEN = str.maketrans("ü", "v", "()[]{}<>【】〔〕《》〈〉「」『』·•・‧")


def keyword(row: Any, given: Given) -> ColumnElement[bool]:
    """Every word of the keyword stands somewhere in the row's names. An empty keyword narrows nothing."""
    grams, patterns = given.bind(ARRAY(Text), _grams), given.bind(ARRAY(Text), _patterns)
    return and_(row.search_grams.contains(grams), row.search_text.like(all_(patterns)))


def plain(text: str) -> str:
    """A text as names are stored and asked for: one width, small letters, no blanks or brackets."""
    return "".join(folded(text).translate(_UNSPOKEN).split())


def _grams(value: str) -> list[str]:
    return sorted({gram for term in _terms(value) for gram in (set(pairs(term)) or {term})})


def _patterns(value: str) -> list[str]:
    return [containing(term) for term in _terms(value)]


def _terms(value: str) -> Iterable[str]:
    if len(value) > LONGEST_KEYWORD:
        raise bad_input(
            f"A keyword may have {LONGEST_KEYWORD} characters, this one has {len(value)}.", "where", "keyword"
        )
    return dict.fromkeys(filter(None, map(plain, value.split())))


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def pairs(part: str) -> Iterable[str]:
    return map(add, part, part[1:])
