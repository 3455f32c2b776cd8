"""Seeds of a wrong shape are refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from seeds import files
from seeds.format import lists, products


def planted(data: Any, *path: Any) -> Any:
    """The same file with a key that nobody knows, at the end of the path."""
    inner = data
    for step in path:
        inner = inner[step]
    inner["unknown"] = 1
    return data


@pytest.mark.parametrize(
    "path",
    [(), ("product",), ("services", 0), ("contacts", 0), ("vendors", 0), ("rules", 0), ("rules", 0, "clause")],
)
def test_an_unknown_key_of_a_product_is_refused(path: tuple[Any, ...]) -> None:
    with pytest.raises(ValidationError, match="unknown\n"):
        products.ProductFile.model_validate(planted(files.read("zyb.yaml"), *path))


@pytest.mark.parametrize(
    ("reader", "path"),
    [
        (files.city_file, ()),
        (files.city_file, ("escort", 0)),
        (files.city_file, ("other", 0)),
        (files.city_file, ("aliases", 0)),
        (files.drug_file, ()),
        (files.drug_file, ("drugs", 0)),
        (files.department_file, ("departments", 0)),
        (files.named_hospitals, (0,)),
        (files.lifecycles, ("ESCORT", 0)),
        (files.check_texts, ("generic",)),
        (files.check_texts, ("generic", "passed")),
    ],
)
def test_an_unknown_key_of_a_list_is_refused(
    monkeypatch: pytest.MonkeyPatch, reader: Callable[[], Any], path: tuple[Any, ...]
) -> None:
    read = files.read
    monkeypatch.setattr(files, "read", lambda name: planted(read(name), *path))
    with pytest.raises(ValidationError, match="unknown"):
        reader()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda lists: lists["escort"].pop(3), "gap"),
        (lambda lists: lists["test"][0].update(code="hefei"), "hefei is"),
        (lambda lists: lists["aliases"][0].update(city="不存在"), "not listed"),
        (lambda lists: lists["other"].append({**lists["test"][0], "code": "beijing-bis"}), "two codes"),
    ],
)
def test_city_lists_that_disagree_are_refused(spoil: Callable[[Any], Any], told: str) -> None:
    cities = files.read("cities.yaml")
    spoil(cities)
    with pytest.raises(ValidationError, match=told):
        lists.CityFile.model_validate(cities)
