"""Pictures in DICOM: their size is read and never decoded, and a header that its bytes contradict is no header."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.files import examiner
from tests.support.medical import (
    BIG_ENDIAN,
    EXPLICIT,
    IMPLICIT,
    JPEG,
    JPEG_2000,
    JPEG_LOSSLESS,
    RLE,
    VIDEO,
    dicom,
    element,
    header,
    pixels,
    sequence,
    stream,
    streams,
)

DAMAGED = "the DICOM image is damaged"
PACKED = "the DICOM image is packed in a way that is not taken"
TOO_MANY = "it has more than 80 million pixels"
ICONS, WAVE = (0x88, 0x200), (0x5400, 0x100)
ICON = header(rows=4, columns=4) + pixels(content=bytes(16))


def judged(tmp_path: Path, rest: bytes, encoding: str = EXPLICIT) -> Any:
    """True where it is taken, or why not."""
    file = tmp_path / "file"
    file.write_bytes(dicom(encoding=encoding, rest=rest))
    return examiner.main(file).get("unfit", True)


def plain(encoding: str = EXPLICIT, content: bytes | None = None, **stated: Any) -> bytes:
    return header(encoding, **stated) + pixels(encoding, content)


@pytest.mark.parametrize("encoding", [IMPLICIT, EXPLICIT, BIG_ENDIAN, JPEG, JPEG_2000, RLE, VIDEO])
def test_a_picture_is_taken_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    assert judged(tmp_path, plain(encoding), encoding) is True


TAKEN: dict[str, tuple[str, Callable[[], bytes]]] = {
    "several frames": (EXPLICIT, lambda: plain(frames=3, content=bytes(288))),
    "sixteen bits": (EXPLICIT, lambda: plain(bits=16, content=bytes(192))),
    "one bit": (EXPLICIT, lambda: plain(bits=1, content=bytes(12))),
    "an odd number of bytes, filled up": (EXPLICIT, lambda: plain(rows=3, columns=3, content=bytes(10))),
    "colors": (EXPLICIT, lambda: plain(samples=3, colors="RGB", content=bytes(288))),
    "colors that two pixels share": (EXPLICIT, lambda: plain(samples=3, colors="YBR_FULL_422", content=bytes(192))),
    "an icon": (EXPLICIT, lambda: sequence(ICONS, ICON) + plain()),
    "a sequence that ends where it says": (EXPLICIT, lambda: sequence(WAVE, ICON, ICON, is_open=True) + plain()),
    "an implicit sequence": (IMPLICIT, lambda: sequence(WAVE, encoding=IMPLICIT, is_open=True) + plain(IMPLICIT)),
    "zeros behind it": (EXPLICIT, lambda: plain() + bytes(77)),
    "two frames in JPEG": (JPEG, lambda: header(frames=2) + streams(stream(JPEG), stream(JPEG))),
    "one frame in two parts": (JPEG, lambda: header() + streams(stream(JPEG)[:300], stream(JPEG)[300:])),
    "JPEG in colors": (JPEG, lambda: header(samples=3, colors="RGB") + streams(stream(JPEG, mode="RGB"))),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_agrees_is_taken(tmp_path: Path, name: str) -> None:
    encoding, make = TAKEN[name]
    assert judged(tmp_path, make(), encoding) is True


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "one large frame in RLE": (RLE, lambda: header(rows=60_000, columns=60_000) + streams(bytes(64))),
    "many frames in RLE": (RLE, lambda: header(rows=4_000, columns=4_000, frames=9) + streams(*[bytes(64)] * 9)),
    "a film": (VIDEO, lambda: header(rows=65_535, columns=65_535) + streams(bytes(64))),
    "a bit for a pixel": (EXPLICIT, lambda: plain(rows=9_000, columns=9_000, bits=1, content=bytes(10_125_000))),
    "an icon": (
        RLE,
        lambda: sequence(ICONS, header(rows=60_000, columns=60_000) + streams(bytes(64))) + plain(RLE),
    ),
    "JPEG": (JPEG, lambda: header(rows=9_000, columns=9_000) + streams(stream(JPEG, (9_000, 9_000)))),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_told_by_its_header(tmp_path: Path, name: str) -> None:
    encoding, make = BOMBS[name]
    assert judged(tmp_path, make(), encoding) == TOO_MANY


def lying(size: tuple[int, int]) -> bytes:
    """A stream of JPEG 2000 that says another size than it has."""
    found = stream(JPEG_2000)
    return found[:8] + struct.pack(">II", *size) + found[16:]


CONTRADICTIONS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "no pixels": (EXPLICIT, header),
    "no size": (EXPLICIT, pixels),
    "fewer pixels than it says": (EXPLICIT, lambda: plain(content=bytes(94))),
    "more pixels than it says": (EXPLICIT, lambda: plain(content=bytes(98))),
    "pixels beyond the end": (EXPLICIT, lambda: plain()[:-2]),
    "no rows": (EXPLICIT, lambda: plain(rows=0, content=b"")),
    "no frames": (EXPLICIT, lambda: plain(frames=0, content=b"")),
    "fewer frames than none": (EXPLICIT, lambda: plain(frames=-1, content=b"")),
    "frames in words": (EXPLICIT, lambda: plain(frames="many")),
    "a size said twice": (EXPLICIT, lambda: header() + plain(rows=60_000)),
    "seven bits": (EXPLICIT, lambda: plain(bits=7, content=bytes(84))),
    "plain pixels that are said to be compressed": (RLE, lambda: plain()),
    "compressed pixels that are said to be plain": (EXPLICIT, lambda: header() + streams(stream(JPEG))),
    "a larger picture in JPEG": (JPEG, lambda: header() + streams(stream(JPEG, (900, 900)))),
    "a larger picture in lossless JPEG": (JPEG_LOSSLESS, lambda: header() + streams(stream(JPEG, (900, 900)))),
    "a larger second frame": (JPEG, lambda: header(frames=2) + streams(stream(JPEG), stream(JPEG, (900, 900)))),
    "more pictures than frames": (JPEG, lambda: header(frames=2) + streams(*[stream(JPEG)] * 3)),
    "fewer parts than frames": (RLE, lambda: header(frames=3) + streams(bytes(64), bytes(64))),
    "another number of colors": (JPEG, lambda: header() + streams(stream(JPEG, mode="RGB"))),
    "a larger picture in JPEG 2000": (JPEG_2000, lambda: header() + streams(lying((60_000, 60_000)))),
    "no JPEG at all": (JPEG, lambda: header() + streams(b"MZ" * 200)),
    "JPEG that ends in its head": (JPEG, lambda: header() + streams(stream(JPEG)[:60])),
    "no streams": (JPEG, lambda: header() + streams()),
    "streams without an end": (JPEG, lambda: plain(JPEG)[:-8]),
    "words behind it": (EXPLICIT, lambda: plain() + bytes(8) + b"PK"),
    "a representation that is none": (EXPLICIT, lambda: element((8, 8), b"\1\2", b"x") + plain()),
    "sequences without end": (
        EXPLICIT,
        lambda: b"\x00\x54\x00\x01SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * 90,
    ),
    "an icon of another size": (EXPLICIT, lambda: sequence(ICONS, header() + pixels(content=bytes(4))) + plain()),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_header_that_its_bytes_contradict_is_damaged(tmp_path: Path, name: str) -> None:
    encoding, make = CONTRADICTIONS[name]
    assert judged(tmp_path, make(), encoding) == DAMAGED


def test_pixels_at_an_address_are_not_taken(tmp_path: Path) -> None:
    elsewhere = element((0x28, 0x7FE0), b"UT", b"https://example.org/pixels")
    assert judged(tmp_path, header() + elsewhere + pixels()) == PACKED


def test_a_picture_that_is_cut_anywhere_is_damaged(tmp_path: Path) -> None:
    whole = sequence(ICONS, ICON) + plain(JPEG)
    for length in range(0, len(whole) - 8, 7):
        assert judged(tmp_path, whole[:length], JPEG) == DAMAGED
