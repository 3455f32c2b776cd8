"""The press: so many pages at once, so many that wait, none that is endless."""

import asyncio
from typing import Any

import pytest

from gateway.faults import Fault
from gateway.printing.press import Press
from tests.support.statements import text_of

PAGE: dict[str, Any] = {
    "lang": "zh",
    "title": {"zh": "题", "en": "Title"},
    "number": "N-1",
    "issuer": {"zh": "", "en": ""},
    "madeOn": "2026-03-12",
    "rulebook": "v",
    "facts": [],
    "parts": [],
    "legend": False,
    "isOver": False,
    "lead": {"zh": "完", "en": "End"},
}


def code(found: Any) -> str:
    assert isinstance(found, Fault), found
    return (found.extensions or {})["code"]


@pytest.mark.anyio
async def test_one_more_than_may_wait_is_sent_away() -> None:
    press = Press(at_once=1, waiting=1)
    found = await asyncio.gather(*(press.print(PAGE) for _ in range(3)), return_exceptions=True)
    assert [item[:5] for item in found if isinstance(item, bytes)] == [b"%PDF-"] * 2
    assert [code(item) for item in found if not isinstance(item, bytes)] == ["UNAVAILABLE"]
    assert (await press.print(PAGE)).startswith(b"%PDF-")


@pytest.mark.anyio
async def test_what_takes_too_long_or_cannot_be_made_is_said_and_nothing_of_it_told() -> None:
    for press, page in ((Press(seconds=0.001), PAGE), (Press(), PAGE | {"madeOn": "secret"})):
        with pytest.raises(Fault) as found:
            await press.print(page)
        assert (code(found.value), "secret" in str(found.value)) == ("UNAVAILABLE", False)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "sign", ["𠮷", "😀", "ก", "\0", "\ufeff", "\ue000"], ids=["rare", "emoji", "thai", "nul", "bom", "own"]
)
async def test_a_sign_that_the_typeface_lacks_stops_no_statement(sign: str) -> None:
    made = await Press().print(PAGE | {"facts": [[{"zh": "姓名", "en": "Name"}, f"{sign}田"]]})
    assert "田" in text_of(made)


@pytest.mark.anyio
async def test_a_page_beyond_the_bound_is_refused_before_it_costs_anything() -> None:
    with pytest.raises(Fault) as found:
        await Press(seconds=0).print(PAGE | {"number": "x" * 1_000_001})
    assert code(found.value) == "LIMIT_EXCEEDED"


@pytest.mark.anyio
async def test_who_goes_leaves_the_place_taken_until_the_process_has_ended() -> None:
    press = Press(at_once=1, waiting=0)
    waiting = asyncio.create_task(press.print(PAGE))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(Fault):
        await press.print(PAGE)
    while True:
        try:
            assert (await press.print(PAGE)).startswith(b"%PDF-")
            break
        except Fault:
            await asyncio.sleep(0.05)
