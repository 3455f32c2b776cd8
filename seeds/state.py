"""Which seeds a database holds: their digest, which is told without reading any of them.

Nearly every start ends here, so nothing that loads slowly is imported.
"""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

VERSION = 1
"""Raise it when the code that makes rows of the files makes other rows of the same files."""

HERE = Path(__file__).parent
PRODUCTS = ("ZYB", "ZAWX", "CY23", "VAS", "CY26")
RULEBOOK = (*(f"{code.lower()}.yaml" for code in PRODUCTS), "texts.yaml")


async def is_current(connection: Any) -> bool:
    """Whether the tables are what the files say."""
    return await connection.fetchval("select sha256 from seed_states where name = 'seeds'") == seeds_digest()


def seeds_digest() -> str:
    """Of every file and all that turns them into rows."""
    made_by = [str(VERSION), version("chinesecalendar"), version("holidays"), version("pypinyin")]
    return _digest(sorted(path.name for path in HERE.glob("*.yaml")), made_by)


def rulebook_digest() -> str:
    """The version that decisions cite: what the handbooks say, and in which words clients are told."""
    return _digest(RULEBOOK)


def _digest(names: Iterable[str], made_by: Iterable[str] = ()) -> str:
    sums = [f"{name} {hashlib.sha256((HERE / name).read_bytes()).hexdigest()}" for name in names]
    return hashlib.sha256("\n".join([*sums, *made_by]).encode()).hexdigest()
