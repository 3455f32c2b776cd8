"""Attacks by file. A file is judged by a process of its own: the loop pays for its way there and nothing else."""

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
from PIL import Image

from tests.security.attacks.target import Attack, Target
from tests.support import medical, papers
from tests.support.papers import archive_of, picture, scan


def png(width: int, height: int, content: bytes = b"") -> bytes:
    """A picture that says how large it is, and holds what it likes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", content), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


def texted() -> bytes:
    """A picture beside which a text is unpacked to two hundred megabytes."""
    note = b"zTXt" + b"note\0\0" + zeros(200)
    chunk = struct.pack(">I", len(note) - 4) + note + struct.pack(">I", zlib.crc32(note))
    small = picture(size=(6, 8))
    return small[:33] + chunk + small[33:]


def pdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    return papers.changed_pdf(change)


def nested(opened: pikepdf.Pdf) -> None:
    found: pikepdf.Object = pikepdf.Array([])
    for _ in range(400):
        found = pikepdf.Array([found])
    opened.Root.Deep = found


def in_a_circle(opened: pikepdf.Pdf) -> None:
    """Pages whose parent is their child."""
    opened.Root.Pages.Kids.append(opened.Root.Pages)


def unpacked(opened: pikepdf.Pdf) -> None:
    """A page whose words are unpacked to two hundred megabytes."""
    opened.pages[0].Contents = opened.make_stream(zeros(200))
    opened.pages[0].Contents.Filter = pikepdf.Name.FlateDecode


def wide(opened: pikepdf.Pdf) -> None:
    (image,) = opened.pages[0].get_images().values()
    image.Width, image.Height = 100_000, 100_000


def thousands(opened: pikepdf.Pdf) -> None:
    for _ in range(600):
        opened.add_blank_page(page_size=(10, 10))


def objects_within() -> bytes:
    """Objects that are unpacked to two hundred megabytes before anything is known of them."""
    body = zeros(200)
    stream = b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj\n"
    return b"%PDF-1.7\n" + stream % (len(body), body) + b"trailer<</Root 1 0 R>>\n%%EOF"


def tiff_in_a_circle() -> bytes:
    """Pages of which the last one leads back to the first."""
    written = io.BytesIO()
    Image.new("1", (8, 8)).save(written, "TIFF")
    content = bytearray(written.getvalue())
    (place,) = struct.unpack_from("<I", content, 4)
    (entries,) = struct.unpack_from("<H", content, place)
    struct.pack_into("<I", content, place + 2 + 12 * entries, place)
    return bytes(content)


def large_dicom() -> bytes:
    header = medical.header(medical.RLE, rows=60_000, columns=60_000)
    return medical.dicom(encoding=medical.RLE, rest=header + medical.streams(bytes(64)))


def many_elements() -> bytes:
    """Half a million of them, one after the other."""
    return medical.dicom(rest=struct.pack("<HH2sH", 9, 9, b"LO", 0) * 500_000)


UNFIT: dict[str, Callable[[], bytes]] = {
    "a picture of ten billion pixels": lambda: png(100_000, 100_000),
    "a text beside a picture": texted,
    "a PDF of deep lists": lambda: pdf(nested),
    "a PDF of six hundred pages": lambda: pdf(thousands),
    "a PDF with a picture of ten billion pixels": lambda: pdf(wide),
    "a PDF of packed objects": objects_within,
    "a PDF of openings": lambda: b"%PDF-1.7\n" + b"<<" * 400_000,
    "a zip bomb": lambda: archive_of(bytes(50_000_000)),
    "a zip bomb behind a PDF": lambda: scan() + archive_of(bytes(50_000_000)),
    "SVG that names itself again and again": lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<use/>" * 90_000,
    "entities within entities": lambda: b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;">]><svg>&c;</svg>',
    "a DICOM of three billion pixels": large_dicom,
    "a DICOM of half a million elements": many_elements,
    "a megabyte of nothing": lambda: bytes(1_000_000),
}
FIT: dict[str, Callable[[], bytes]] = {
    "a picture with more behind it than it says": lambda: png(8_000, 8_000, zeros(400)),
    "a TIFF in a circle": tiff_in_a_circle,
    "a PDF whose page is unpacked to two hundred megabytes": lambda: pdf(unpacked),
    "a PDF in a circle": lambda: pdf(in_a_circle),
}
"""What may be taken: it is read as far as it says that it goes, and what a page says is not unpacked here."""


def putting(path: str, statuses: set[int], content: bytes = b"x", **headers: str) -> Attack:
    def attack(target: Target) -> None:
        http = target.gateway.http
        answer = http.put(f"{target.gateway.address}/uploads/{path}", content=content, headers=headers)
        assert answer.status_code in statuses, answer.text

    return attack


def getting(path: str, statuses: set[int]) -> Attack:
    def attack(target: Target) -> None:
        answer = target.gateway.http.get(f"{target.gateway.address}/documents/{path}", headers=target.me.all_headers)
        assert answer.status_code in statuses, answer.text
        assert answer.headers["content-type"] == "application/json" or answer.status_code == 404

    return attack


def beyond_its_ticket(target: Target) -> None:
    ticket = papers.ticket(target.me, target.number, b"x" * 100)
    assert papers.put(target.me, ticket, b"x" * 1_000_000).status_code == 413


def another_hash(target: Target) -> None:
    content = picture(size=(6, 8))
    ticket = papers.ticket(target.me, target.number, content, sha256="0" * 64)
    assert papers.put(target.me, ticket, content).status_code in (409, 422)


def compressed(target: Target) -> None:
    ticket = papers.ticket(target.me, target.number, b"x")
    assert papers.put(target.me, ticket, zeros(20), **{"content-encoding": "gzip"}).status_code == 415


FILES: dict[str, Attack] = {
    "a ticket that is made up": putting("abc", {404}),
    "a ticket without end": putting("a" * 50_000, {404}),
    "a ticket out of here": putting("..%2f..%2fetc%2fpasswd", {404}),
    "a ticket that is SQL": putting("'%20or%201=1;%20--", {404}),
    "a ticket of nobody, with a megabyte": putting("abc", {404}, b"x" * 1_000_000),
    "a file beyond its ticket": beyond_its_ticket,
    "a file of another hash": another_hash,
    "a file that is compressed": compressed,
    "a paper that is made up": getting("doc_" + "0" * 64, {404}),
    "a paper out of here": getting("..%2f..%2f..%2fetc%2fpasswd", {404}),
    "a paper of another type": getting("book_" + "0" * 64, {404}),
    "a paper by NUL": getting("doc_%00", {404}),
    "a paper without end": getting("doc_" + "0" * 50_000, {404}),
}
