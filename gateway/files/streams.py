"""What compressed pictures say of their own size: width, height and parts of a color, read from their first bytes."""

import struct

Size = tuple[int, int, int]

JPEG_BEGINS, ELEMENT = b"\xff\xd8", 0xFF
FRAMES = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
"""Markers of a frame's head, that of JPEG-LS included."""

CODE_BEGINS = b"\xff\x4f\xff\x51"
WRAPPED = b"\0\0\0\x0cjP  "
WRAPPING = 4_096
"""Bytes within which the code begins, where it stands in a file of its own kind."""


def size_in_jpeg(content: bytes) -> Size | None:
    """None where no picture begins. One without a head is damaged."""
    if not content.startswith(JPEG_BEGINS):
        return None
    place = len(JPEG_BEGINS)
    while True:
        sign, marker, length = struct.unpack_from(">BBH", content, place)
        if sign != ELEMENT:
            raise ValueError
        if marker in FRAMES:
            height, width, parts = struct.unpack_from(">HHB", content, place + 5)
            return width, height, parts
        place += 1 if marker == ELEMENT else 2 + length  # a marker may be filled up with its first byte


def size_in_jpeg_2000(content: bytes) -> Size | None:
    begin = content.find(CODE_BEGINS, 0, WRAPPING) if content.startswith(WRAPPED) else 0
    if begin < 0 or not content.startswith(CODE_BEGINS, begin):
        return None
    right, bottom, left, top = struct.unpack_from(">4I", content, begin + 8)
    (parts,) = struct.unpack_from(">H", content, begin + 40)
    return right - left, bottom - top, parts
