"""How a vendor's token is written, and that a slip in it is told without asking anybody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.auth.vendor_tokens import DIGITS, VendorKey, is_meant, is_well_written

KEY = VendorKey(b"k" * 32)


def test_a_token_is_recognizable_and_different_every_time() -> None:
    texts = {KEY.mint().text for _ in range(100)}
    assert len(texts) == 100
    for text in texts:
        assert re.fullmatch(r"hgv_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}", text)
        assert is_meant(text)
        assert is_well_written(text)


@given(place=st.integers(0, 53), sign=st.sampled_from(DIGITS))
def test_one_wrong_sign_is_noticed(place: int, sign: str) -> None:
    text = KEY.mint().text
    changed = text[:place] + sign + text[place + 1 :]
    assert is_well_written(changed) == (changed == text)


@given(place=st.integers(4, 45))
def test_two_signs_that_changed_places_are_noticed(place: int) -> None:
    text = KEY.mint().text
    changed = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assert is_well_written(changed) == (changed == text)


@given(st.text())
def test_nothing_else_is_well_written(text: str) -> None:
    assert not is_well_written(text)
    assert not is_well_written(f"hgv_{text}")


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda text: text + "\n", lambda text: text[:-1]])
def test_case_length_and_line_ends_count(change: object) -> None:
    assert not is_well_written(change(KEY.mint().text))  # type: ignore[operator]


def test_the_hash_depends_on_the_key_of_the_installation() -> None:
    minted = KEY.mint()
    assert minted.hash == KEY.hash(minted.text) != VendorKey(b"l" * 32).hash(minted.text)


def test_the_secret_is_not_in_what_is_printed_of_it() -> None:
    minted = KEY.mint()
    assert minted.text not in repr(minted)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        VendorKey(b"short")
