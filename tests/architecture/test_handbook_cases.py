"""Every enforced rule has a test among those that read like the handbooks, under the number of its clause."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from seeds.files import product_files
from seeds.format.rules import Account

HANDBOOKS = Path(__file__).parents[1] / "handbooks"
RULES = {rule.id: rule for file in product_files() for rule in file.rules}
ENFORCED = [rule.id for rule in RULES.values() if rule.account is Account.ENFORCED]
SECTIONS = "|".join(sorted({code.split("-")[1].lower() for code in RULES}, key=len, reverse=True))
CLAUSES = re.compile(rf"_({SECTIONS})((?:_\d\d|_to_\d\d|_and(?=_\d\d))+)")
WHOLE = re.compile(r"\b[A-Z]+\d*-[A-Z]+-\d+\b")


def named_by(file: Path) -> Iterator[str]:
    """The rules that the tests of a file name: by the clause (`tbl_07`, `esc_13_to_19`), or whole in what they ask."""
    product = file.stem.split("_")[1].upper()
    text = file.read_text(encoding="utf-8")
    for test in ast.parse(text).body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            for section, numbers in CLAUSES.findall(test.name):
                yield from (f"{product}-{section.upper()}-{number:02}" for number in numbers_of(numbers))
            for part in (test, *test.decorator_list):
                yield from WHOLE.findall(ast.get_source_segment(text, part) or "")


def numbers_of(text: str) -> Iterator[int]:
    words = [word for word in text.split("_") if word not in ("", "and")]
    for place, word in enumerate(words):
        if word == "to":
            yield from range(int(words[place - 1]), int(words[place + 1]))
        else:
            yield int(word)


NAMED = {code for file in HANDBOOKS.glob("test_*.py") for code in named_by(file)}


@pytest.mark.parametrize("code", ENFORCED)
def test_an_enforced_rule_is_tested_under_its_clause(code: str) -> None:
    """Or under that of a rule that states the same."""
    assert NAMED & {code, *RULES[code].same_as}


def test_ranges_of_clauses_are_read_whole() -> None:
    assert list(numbers_of("_06_to_08_and_10")) == [6, 6, 7, 8, 10]
