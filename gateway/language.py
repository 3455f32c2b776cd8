"""Two languages: texts that carry both, and the one that a request wants."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

DEFAULT = "zh"
DIVIDER = "\n\n"


def T(zh: str, en: str) -> str:
    """A description in both languages, as the committed schema carries it."""
    return f"{zh}{DIVIDER}{en}"


def one_language(text: str, language: str) -> str:
    """The half of a two-language description that a reader wants."""
    zh, divider, en = text.partition(DIVIDER)
    return en if divider and language == "en" else zh


def text_in(texts: Mapping[str, str] | None, language: str) -> str | None:
    return None if texts is None else texts[language]


def accepted(header: str) -> str:
    """The language of an Accept-Language header: the better weighted of zh and en, zh where it names neither."""
    weights = {"zh": 0.0, "en": 0.0}
    for part in header.split(","):
        tag, _, parameters = part.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _weight(parameters))
    return "en" if weights["en"] > weights["zh"] else DEFAULT


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


@strawberry.enum(description=T("文字的语言。", "Language of a text."))
class Language(Enum):
    ZH = strawberry.enum_value("zh", description=T("简体中文。", "Simplified Chinese."))
    EN = strawberry.enum_value("en", description=T("英文。", "English."))


Texts = Mapping[str, Any]
