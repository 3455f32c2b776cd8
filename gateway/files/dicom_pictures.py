"""The pictures of a DICOM file: what its header says of them, and whether its bytes agree. Nothing is decoded.

A viewer believes the header and makes room for it; streams of JPEG and JPEG 2000 say their size once more, and some
viewers believe those. So both must say the same (DICOM part 5, sections 7, 8 and A.4).

Libraries for DICOM are made to read what they can of a damaged file; this has to refuse it, hence a reader of our own.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.files.dicom import ENCODED, LONG, NoImage
from gateway.files.streams import Size, size_in_jpeg, size_in_jpeg_2000

IMPLICIT, BIG_ENDIAN = ENCODED, f"{ENCODED}.2"
PLAIN = frozenset({IMPLICIT, BIG_ENDIAN, f"{ENCODED}.1"})
JPEG = frozenset(f"{ENCODED}.4.{number}" for number in (50, 51, 57, 70, 80, 81))
JPEG_2000 = frozenset(f"{ENCODED}.4.{number}" for number in (90, 91, 92, 93, 201, 202, 203))

Tag = tuple[int, int]
SAMPLES, COLORS, FRAMES = (0x0028, 0x0002), (0x0028, 0x0004), (0x0028, 0x0008)
ROWS, COLUMNS, BITS = (0x0028, 0x0010), (0x0028, 0x0011), (0x0028, 0x0100)
ELSEWHERE = (0x0028, 0x7FE0)
PIXELS: Mapping[Tag, int] = {(0x7FE0, 0x0010): 0, (0x7FE0, 0x0008): 32, (0x7FE0, 0x0009): 64}
"""Where the pixels lie, with the bits of one where the place itself says it."""

ICON = (0x0088, 0x0200)
ITEM, ITEM_ENDS, SEQUENCE_ENDS = (0xFFFE, 0xE000), (0xFFFE, 0xE00D), (0xFFFE, 0xE0DD)
WANTED = frozenset({SAMPLES, COLORS, FRAMES, ROWS, COLUMNS, BITS, ELSEWHERE, *PIXELS})
FILLING = (0, 0)
"""No tag: what some devices fill a file up with."""

OPEN = 0xFFFFFFFF
"""The length of what ends where its end is marked."""

DEEPEST = 16
SHORTER = ("YBR_FULL_422", "YBR_PARTIAL_422")
"""Of these colors two pixels share what else each has of its own."""


@dataclass(frozen=True, slots=True)
class Picture:
    rows: int
    columns: int
    frames: int
    samples: int
    bits: int
    colors: str

    @property
    def pixels(self) -> int:
        return self.rows * self.columns * self.frames

    @property
    def size(self) -> int:
        """Bytes, where nothing is compressed."""
        bits = self.pixels * self.samples * self.bits
        return -(-(bits * 2 // 3 if self.colors in SHORTER and self.samples == 3 else bits) // 8)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lies in the file. An open one ends where its mark is."""

    begin: int
    end: int
    is_open: bool = False


Values = dict[Tag, Place]


def pictures(content: bytes, begin: int, encoding: str) -> list[Picture]:
    """All of them, icons included: the one that the file is for, which every file has, and those within others."""
    try:
        return _Reader(content, encoding).read(begin)
    except (struct.error, ValueError, KeyError, IndexError, UnicodeDecodeError) as error:
        if isinstance(error, NoImage):
            raise
        raise NoImage("the DICOM image is damaged") from None


class _Reader:
    def __init__(self, content: bytes, encoding: str) -> None:
        self._content = content
        self._encoding = encoding
        self._order = ">" if encoding == BIG_ENDIAN else "<"
        self._found: list[Picture] = []

    def read(self, begin: int) -> list[Picture]:
        self._dataset(begin, len(self._content), self._encoding != IMPLICIT, 0)
        return self._found

    def _dataset(self, place: int, end: int, is_explicit: bool, depth: int) -> int:
        """The elements up to the end, or to the mark of an end; the place after it."""
        values: Values = {}
        while place < end:
            tag = self._tag(place)
            if tag == ITEM_ENDS and depth:
                place += 8
                break
            if tag == FILLING:
                self._check_filling(place, depth)
                break
            place = self._element(tag, place, is_explicit, depth, values)
        if not depth or any(tag in values for tag in PIXELS):
            self._found.append(self._picture(values, depth))
        return place

    def _check_filling(self, place: int, depth: int) -> None:
        if depth or self._content[place:].strip(b"\0"):
            raise ValueError

    def _element(self, tag: Tag, place: int, is_explicit: bool, depth: int, values: Values) -> int:
        representation, length, begin = self._length(tag, place, is_explicit)
        if tag in WANTED and tag in values:
            raise ValueError
        if length == OPEN:
            end = self._fragments(begin)[1] if tag in PIXELS else self._sequence(begin, is_explicit, depth)
        else:
            end = begin + length
            if end > len(self._content):
                raise ValueError
            if representation == b"SQ" or tag == ICON:
                self._items(begin, end, is_explicit, depth)
        values[tag] = Place(begin, end, length == OPEN)
        return end

    def _length(self, tag: Tag, place: int, is_explicit: bool) -> tuple[bytes, int, int]:
        """Representation, length of the value, and where it begins."""
        if not is_explicit or tag[0] == ITEM[0]:
            return b"", self._number("I", place + 4), place + 8
        representation = self._content[place + 4 : place + 6]
        if not representation.isalpha() or not representation.isupper():
            raise ValueError
        if representation in LONG:
            return representation, self._number("I", place + 8), place + 12
        return representation, self._number("H", place + 6), place + 8

    def _sequence(self, begin: int, is_explicit: bool, depth: int) -> int:
        """One whose end is marked. What is of an unknown representation is written without any (section 6.2.2)."""
        is_known = self._content[begin - 8 : begin - 6] != b"UN"
        return self._items(begin, None, is_explicit and is_known, depth)

    def _items(self, place: int, end: int | None, is_explicit: bool, depth: int) -> int:
        if depth >= DEEPEST:
            raise ValueError
        while end is None or place < end:
            tag, length = self._tag(place), self._number("I", place + 4)
            place += 8
            if tag == SEQUENCE_ENDS and end is None:
                return place
            if tag != ITEM:
                raise ValueError
            stop = len(self._content) if length == OPEN else place + length
            place = self._dataset(place, stop, is_explicit, depth + 1)
        if place != end:
            raise ValueError
        return place

    def _fragments(self, place: int) -> tuple[list[Place], int]:
        """What pixels that are compressed are cut into, and the place after them."""
        found: list[Place] = []
        while (tag := self._tag(place)) != SEQUENCE_ENDS:
            length = self._number("I", place + 4)
            place += 8
            if tag != ITEM or place + length > len(self._content):
                raise ValueError
            found.append(Place(place, place + length))
            place += length
        return found, place + 8

    def _picture(self, values: Values, depth: int) -> Picture:
        if ELSEWHERE in values:
            raise NoImage("the DICOM image is packed in a way that is not taken")
        (tag,) = (tag for tag in PIXELS if tag in values)
        colors = self._text(values, COLORS) if COLORS in values else ""
        frames = int(self._text(values, FRAMES)) if FRAMES in values else 1
        bits = PIXELS[tag] or self._short(values, BITS)
        samples = self._short(values, SAMPLES) if SAMPLES in values else 1
        picture = Picture(self._short(values, ROWS), self._short(values, COLUMNS), frames, samples, bits, colors)
        if min(picture.rows, picture.columns, frames, samples) < 1 or bits not in (1, 8, 16, 32, 64):
            raise ValueError
        self._check_pixels(picture, values[tag], depth)
        return picture

    def _check_pixels(self, picture: Picture, place: Place, depth: int) -> None:
        if place.is_open:
            self._check_streams(picture, self._fragments(place.begin)[0])
        elif self._encoding not in PLAIN and not depth:
            raise ValueError  # an icon may stand uncompressed in a file that is not
        elif place.end - place.begin != picture.size + picture.size % 2:
            raise ValueError

    def _check_streams(self, picture: Picture, fragments: list[Place]) -> None:
        """The first fragment is a table of the others. Of one frame all are one stream, else each frame begins one."""
        table, *parts = fragments
        if self._encoding in PLAIN or (table.end - table.begin) % 4 or len(parts) < picture.frames:
            raise ValueError
        if picture.frames == 1:
            parts = [Place(parts[0].begin, parts[-1].end)]
        sizes = [size for part in parts if (size := self._stated(part)) is not None]
        is_read = self._encoding in JPEG or self._encoding in JPEG_2000
        if is_read and sizes != [(picture.columns, picture.rows, picture.samples)] * picture.frames:
            raise ValueError

    def _stated(self, part: Place) -> Size | None:
        """What a stream says itself; None where none begins, or it says so in a way that is not read here."""
        content = self._content[part.begin : part.end]
        if self._encoding in JPEG:
            return size_in_jpeg(content)
        return size_in_jpeg_2000(content) if self._encoding in JPEG_2000 else None

    def _tag(self, place: int) -> Tag:
        group, element = struct.unpack_from(f"{self._order}HH", self._content, place)
        return group, element

    def _number(self, kind: str, place: int) -> int:
        (found,) = struct.unpack_from(f"{self._order}{kind}", self._content, place)
        return found

    def _short(self, values: Values, tag: Tag) -> int:
        place = values[tag]
        if place.end - place.begin != 2:
            raise ValueError
        return self._number("H", place.begin)

    def _text(self, values: Values, tag: Tag) -> str:
        place = values[tag]
        return self._content[place.begin : place.end].decode("ascii").strip(" \0")
