"""The head of a DICOM file: what it says that it holds, before anything that it holds (DICOM part 10, section 7)."""

import struct

MEDIA_TYPE = "application/dicom"
PREAMBLE = 128
MARK = b"DICM"
BEGIN = PREAMBLE + len(MARK)
META = 0x0002
LENGTH, KIND, ENCODING = 0x0000, 0x0002, 0x0010
LONG = frozenset({b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"SQ", b"UC", b"UN", b"UR", b"UT", b"SV", b"UV"})
"""Representations whose length takes four bytes, after two that are empty."""

STORED = "1.2.840.10008.5.1.4.1.1."
IMAGES = frozenset({"1", "2", "3", "4", "6", "7", "12", "13", "14", "20", "77", "128", "130"})
"""Radiography, CT, ultrasound, MR, captures, angiography, tomography, nuclear medicine, visible light, PET. What else
is stored as DICOM is a report, a measurement, a plan, or another file (104) in a wrapping."""

ENCODED = "1.2.840.10008.1.2"
PACKED = f"{ENCODED}.1.99"
ELSEWHERE = frozenset({f"{ENCODED}.4.94", f"{ENCODED}.4.95", f"{ENCODED}.4.204", f"{ENCODED}.4.205"})
"""Encodings that have an address where the image should be."""


class NoImage(ValueError):
    """The reason, in words that may be shown."""


def is_marked(content: bytes) -> bool:
    return content[PREAMBLE:BEGIN] == MARK


def check(content: bytes) -> tuple[int, str]:
    """That it is one image, in the clear: where its elements begin, and how they are encoded. Before the mark another
    program could stand: that room must be empty."""
    if content[:PREAMBLE].strip(b"\0"):
        raise NoImage("it is a file of two kinds at once")
    try:
        head, end = _head(content)
        kind, encoding = (head[tag].rstrip(b"\0 ").decode("ascii") for tag in (KIND, ENCODING))
    except (struct.error, KeyError, ValueError):
        raise NoImage("the DICOM image is damaged") from None
    if not kind.startswith(STORED) or kind.removeprefix(STORED).split(".")[0] not in IMAGES:
        raise NoImage("it is DICOM, but no image")
    if not encoding.startswith(ENCODED) or encoding == PACKED or encoding in ELSEWHERE:
        raise NoImage("the DICOM image is packed in a way that is not taken")
    return end, encoding


def _head(content: bytes) -> tuple[dict[int, bytes], int]:
    """The elements of the head by number, which the first of them says the length of, and the place after them."""
    first, value, place = _element(content, BEGIN)
    end = place + struct.unpack("<I", value)[0]
    if first != LENGTH or end >= len(content):
        raise ValueError
    found: dict[int, bytes] = {}
    while place < end:
        number, found[number], place = _element(content, place)
    if place != end:
        raise ValueError
    return found, end


def _element(content: bytes, place: int) -> tuple[int, bytes, int]:
    """Number and value of the element at a place, and the place after it."""
    group, number, representation, length = struct.unpack_from("<HH2sH", content, place)
    place += 8
    if group != META:
        raise ValueError
    if representation in LONG:
        (length,) = struct.unpack_from("<I", content, place)
        place += 4
    value = content[place : place + length]
    if len(value) != length:
        raise ValueError
    return number, value, place + length
