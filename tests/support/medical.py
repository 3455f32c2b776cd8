"""Images as hospitals exchange them (DICOM): a head, a header that says what is in it, and pixels."""

import io
import struct

from PIL import Image

CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
ENCODED = "1.2.840.10008.1.2"
IMPLICIT, EXPLICIT, BIG_ENDIAN = ENCODED, f"{ENCODED}.1", f"{ENCODED}.2"
JPEG, JPEG_LOSSLESS, JPEG_2000, RLE, VIDEO = (f"{ENCODED}.{kind}" for kind in ("4.50", "4.70", "4.90", "5", "4.102"))
PLAIN = (IMPLICIT, EXPLICIT, BIG_ENDIAN)
LONG = (b"OB", b"OW", b"SQ", b"UN", b"UT", b"OF")
OPEN = 0xFFFFFFFF
ITEM, ITEM_ENDS, SEQUENCE_ENDS = (0xFFFE, 0xE000), (0xFFFE, 0xE00D), (0xFFFE, 0xE0DD)


def dicom(kind: str = CT_IMAGE, encoding: str = EXPLICIT, *, before: bytes = b"", rest: bytes | None = None) -> bytes:
    """A file; without a rest, one with a small picture in it."""
    head = _head(1, b"OB", b"\0\1") + _head(2, b"UI", kind.encode()) + _head(16, b"UI", encoding.encode())
    body = header(encoding) + pixels(encoding) if rest is None else rest
    return before.ljust(128, b"\0") + b"DICM" + _head(0, b"UL", struct.pack("<I", len(head))) + head + body


def header(
    encoding: str = EXPLICIT,
    *,
    rows: int = 8,
    columns: int = 12,
    frames: int | str | None = None,
    samples: int = 1,
    bits: int = 8,
    colors: str = "MONOCHROME2",
) -> bytes:
    """What is said of the pixels."""
    numbers = {(0x28, 0x10): rows, (0x28, 0x11): columns, (0x28, 0x100): bits}
    return b"".join(
        [
            element((0x28, 2), b"US", _short(samples, encoding), encoding),
            element((0x28, 4), b"CS", _text(colors), encoding),
            b"" if frames is None else element((0x28, 8), b"IS", _text(str(frames)), encoding),
            *(element(tag, b"US", _short(value, encoding), encoding) for tag, value in numbers.items()),
        ]
    )


def pixels(encoding: str = EXPLICIT, content: bytes | None = None) -> bytes:
    """As many as the header's defaults say."""
    if encoding in PLAIN:
        return element((0x7FE0, 0x10), b"OW", bytes(96) if content is None else content, encoding)
    return streams(content or stream(encoding))


def stream(encoding: str, size: tuple[int, int] = (12, 8), mode: str = "L") -> bytes:
    """A picture as compressed pixels have it. Other encodings than these are not looked into."""
    if encoding not in (JPEG, JPEG_LOSSLESS, JPEG_2000):
        return bytes(64)
    written = io.BytesIO()
    if encoding == JPEG_2000:
        Image.new(mode, size).save(written, "JPEG2000", no_jp2=True)
    else:  # the heads of both kinds are the same
        Image.new(mode, size).save(written, "JPEG")
    return written.getvalue()


def streams(*each: bytes) -> bytes:
    """Compressed pixels, after a table that is empty."""
    parts = b"".join(_bare(ITEM, len(part) + len(part) % 2) + part + b"\0" * (len(part) % 2) for part in (b"", *each))
    return struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OB", 0, OPEN) + parts + _bare(SEQUENCE_ENDS, 0)


def sequence(tag: tuple[int, int], *items: bytes, encoding: str = EXPLICIT, is_open: bool = False) -> bytes:
    if not is_open:
        return element(tag, b"SQ", b"".join(_bare(ITEM, len(item)) + item for item in items), encoding)
    opened = b"".join(_bare(ITEM, OPEN) + item + _bare(ITEM_ENDS, 0) for item in items)
    start = struct.pack("<HH", *tag) + (b"" if encoding == IMPLICIT else b"SQ\0\0") + struct.pack("<I", OPEN)
    return start + opened + _bare(SEQUENCE_ENDS, 0)


def element(tag: tuple[int, int], representation: bytes, value: bytes, encoding: str = EXPLICIT) -> bytes:
    order = ">" if encoding == BIG_ENDIAN else "<"
    value += b"\0" * (len(value) % 2)
    start = struct.pack(f"{order}HH", *tag)
    if encoding == IMPLICIT:
        return start + struct.pack("<I", len(value)) + value
    length = struct.pack(f"{order}HI", 0, len(value)) if representation in LONG else _short(len(value), encoding)
    return start + representation + length + value


def _head(number: int, representation: bytes, value: bytes) -> bytes:
    return element((2, number), representation, value)


def _bare(tag: tuple[int, int], length: int) -> bytes:
    return struct.pack("<HHI", *tag, length)


def _short(value: int, encoding: str) -> bytes:
    return struct.pack(">H" if encoding == BIG_ENDIAN else "<H", value)


def _text(words: str) -> bytes:
    return words.encode().ljust(len(words) + len(words) % 2)
