"""How Chinese names are read: their pinyin and initials, and the columns by which rows are found.

The dictionary of readings is large and loads slowly, so only what writes names imports this module.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from pypinyin import Style, load_phrases_dict, pinyin
from pypinyin.seg import mmseg

from gateway.repositories.search import folded, pairs, plain

MOST_READINGS = 8

_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_RUNS = re.compile(f"(?P<han>[{_HAN}]+)|[^{_HAN}]+")
_TYPED_WITH_U = {"lv": "lu", "nv": "nu", "lve": "lue", "nve": "nue"}
_BEFORE_A_BLANK = "\t"  # ends the pinyin of a sort key, so that 上海 comes before 上海儿童

# Places whose usual reading is not the one that the dictionary gives their characters.
load_phrases_dict(
    {
        "长治": [["cháng"], ["zhì"]],
        "朝阳": [["cháo"], ["yáng"]],
        "漯河": [["luò"], ["hé"]],
        "单县": [["shàn"], ["xiàn"]],
        "郭勒": [["guō"], ["lè"]],
    }
)

Reading = Sequence[tuple[str, str]]
"""The pieces of a name, each in full and by its initial."""


@dataclass(frozen=True, slots=True)
class SearchColumns:
    pinyin: str
    search_text: str
    search_grams: list[str]
    sort_key: str


def search_columns(name: str, *others: str) -> SearchColumns:
    """What a row stores so that it is found by its name, by its other names, and by their pinyin and initials."""
    readings = [_readings(folded(text)) for text in (name, *others)]
    parts = list(dict.fromkeys(filter(None, (*map(plain, (name, *others)), *_spellings(readings)))))
    usual = [piece for piece, _ in readings[0][0]]
    return SearchColumns(
        pinyin="".join(usual),
        search_text="|".join(parts),
        search_grams=sorted(set().union(*parts, *map(pairs, parts))),
        sort_key=" ".join(usual) + _BEFORE_A_BLANK + name,
    )


def _spellings(readings: Sequence[Sequence[Reading]]) -> Iterator[str]:
    for position in (0, 1):
        for name in readings:
            yield from ("".join(piece[position] for piece in reading) for reading in name)


def _readings(text: str) -> list[Reading]:
    """The usual reading first, then those that differ in one character, as the dictionary ranks them."""
    options = [option for run in _RUNS.finditer(text) for option in _options(run)]
    return list(islice(dict.fromkeys(map(tuple, _variants(options))), MOST_READINGS))


def _variants(options: Sequence[Sequence[tuple[str, str]]]) -> Iterator[Reading]:
    usual = [option[0] for option in options]
    yield usual
    yield [(_TYPED_WITH_U.get(full, full), initial) for full, initial in usual]
    for place, option in enumerate(options):
        for other in option[1:]:
            yield [*usual[:place], other, *usual[place + 1 :]]


def _options(run: re.Match[str]) -> list[list[tuple[str, str]]]:
    """What each piece may sound like: a Chinese character its readings, anything else itself."""
    if run["han"]:
        return [character for phrase in mmseg.seg.cut(run["han"]) for character in _read(phrase)]
    spoken = "".join(filter(str.isalnum, run[0]))
    return [[(spoken, spoken)]] if spoken else []


@lru_cache(maxsize=10_000)
def _read(phrase: str) -> list[list[tuple[str, str]]]:
    """Names share their phrases (市, 儿童, 医院), so that looking one up once makes long imports quick."""
    characters = pinyin(phrase, style=Style.NORMAL, heteronym=True)
    return [[(reading, reading[0]) for reading in readings] for readings in characters]
