"""What files are by their bytes: images of hospitals, files of two kinds, and scans that are sound however rare."""

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from gateway.files import examiner
from tests.support.client import Gateway
from tests.support.escorts import register
from tests.support.medical import EXPLICIT, dicom
from tests.support.papers import download, paper, picture, scan, upload

TWO_KINDS = "it is a file of two kinds at once"
NOTHING = "it is neither an image (JPEG, PNG, WebP, TIFF, DICOM) nor a PDF"
NO_IMAGE = "it is DICOM, but no image"
PACKED = "the DICOM image is packed in a way that is not taken"
DAMAGED = "the DICOM image is damaged"
ROOT = "1.2.840.10008"


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the examiner sets for its own process, and here must not stay."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)


def judged(tmp_path: Path, content: bytes) -> dict[str, Any]:
    file = tmp_path / "file"
    file.write_bytes(content)
    return examiner.main(file)


# Images of hospitals


def test_an_image_of_a_hospital_is_taken_and_read(gateway: Gateway) -> None:
    number = register(gateway)
    me, content = gateway.customer(number), dicom()
    document = upload(me, number, content, kind="CT", fileName="CT.dcm", contentType="application/dicom")
    seen, answer = paper(me, document), download(me, document)
    assert (seen["status"], seen["mediaType"], seen["pageCount"]) == ("CLEAN", "application/dicom", None)
    assert (answer.content, answer.headers["content-type"]) == (content, "application/dicom")
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [
        pytest.param("1.1", f"{ROOT}.1.2.4.90", id="radiography-in-JPEG-2000"),
        pytest.param("4", f"{ROOT}.1.2", id="MR-implicit"),
        pytest.param("6.1", EXPLICIT, id="ultrasound"),
        pytest.param("128", f"{ROOT}.1.2.4.70", id="PET-in-JPEG"),
        pytest.param("7", f"{ROOT}.1.2.5", id="capture-in-RLE"),
    ],
)
def test_images_of_every_device_are_taken(tmp_path: Path, kind: str, encoding: str) -> None:
    found = judged(tmp_path, dicom(f"{ROOT}.5.1.4.1.1.{kind}", encoding))
    assert found == {"media_type": "application/dicom"}


def with_length(length: int) -> bytes:
    """A head that says another length than it has."""
    content = dicom()
    return content[:140] + struct.pack("<I", length) + content[144:]


UNFIT: dict[str, tuple[Callable[[], bytes], str]] = {
    "a Windows program before the mark": (lambda: dicom(before=b"MZ" + bytes(58) + b"\x80"), ""),
    "a Linux program before the mark": (lambda: dicom(before=b"\x7fELF"), ""),
    "a shell script before the mark": (lambda: dicom(before=b"#!/bin/sh\nid\n"), TWO_KINDS),
    "words before the mark": (lambda: dicom(before=b"hello"), TWO_KINDS),
    "a TIFF before the mark": (lambda: dicom(before=b"II*\0\x90\0\0\0"), TWO_KINDS),
    "a PDF before the mark": (lambda: dicom(before=b"%PDF-1.7\n"), TWO_KINDS),
    "a PDF after it": (lambda: dicom(rest=scan()), TWO_KINDS),
    "a page after it": (lambda: dicom(rest=bytes(5000) + b"<ScRipt>alert(1)</script>"), TWO_KINDS),
    "an archive after it": (lambda: dicom(rest=bytes(3000) + b"Rar!\x1a\x07\0"), TWO_KINDS),
    "a PDF in its wrapping": (lambda: dicom(f"{ROOT}.5.1.4.1.1.104.1"), NO_IMAGE),
    "raw data": (lambda: dicom(f"{ROOT}.5.1.4.1.1.66"), NO_IMAGE),
    "a report": (lambda: dicom(f"{ROOT}.5.1.4.1.1.88.11"), NO_IMAGE),
    "a directory": (lambda: dicom(f"{ROOT}.1.3.10"), NO_IMAGE),
    "a kind of a maker's own": (lambda: dicom("1.3.12.2.1107.5.9.1"), NO_IMAGE),
    "a packed one": (lambda: dicom(encoding=f"{ROOT}.1.2.1.99"), PACKED),
    "an address instead of an image": (lambda: dicom(encoding=f"{ROOT}.1.2.4.94"), PACKED),
    "the mark and no more": (lambda: bytes(128) + b"DICM", NOTHING),
    "the mark and zeros": (lambda: bytes(128) + b"DICM" + bytes(500), DAMAGED),
    "a head alone": (lambda: dicom(rest=b""), DAMAGED),
    "a head longer than the file": (lambda: with_length(1 << 31), DAMAGED),
    "a head that ends within an element": (lambda: with_length(20), DAMAGED),
    "a head without a kind": (lambda: dicom(kind="").replace(b"UI\0\0", b"ZZ\0\0", 1), NO_IMAGE),
    "words that are no words": (lambda: dicom(kind="1.2.\u00e9"), DAMAGED),
}


@pytest.mark.parametrize("name", list(UNFIT))
def test_dicom_that_is_no_image_in_the_clear_is_refused(tmp_path: Path, name: str) -> None:
    make, reason = UNFIT[name]
    found = judged(tmp_path, make())
    assert found["unfit"] == reason if reason else "unfit" in found


def test_a_dicom_that_is_cut_anywhere_in_its_head_is_damaged(tmp_path: Path) -> None:
    content = dicom(rest=b"")
    for length in range(129, len(content)):
        assert "unfit" in judged(tmp_path, content[:length])


# Files of two kinds


def marked(content: bytes) -> bytes:
    """A picture that is opened as an image of a hospital as well."""
    return content[:128] + b"DICM" + content[132:]


def in_tar() -> bytes:
    """Readers of archives find the name of a file where a PDF begins."""
    head = bytearray(b"%PDF-1.7\n%".ljust(512, b" "))
    head[257:263] = b"ustar\0"
    return bytes(head) + scan()


def with_comment(words: bytes) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(written, "JPEG", comment=words)
    return written.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: marked(picture(kind="TIFF")), id="TIFF-and-DICOM"),
        pytest.param(lambda: marked(with_comment(b"x" * 200)), id="JPEG-and-DICOM"),
        pytest.param(in_tar, id="PDF-and-tar"),
        pytest.param(lambda: with_comment(b"<?PHP system($_GET[0]) ?>"), id="JPEG-and-PHP"),
        pytest.param(lambda: with_comment(b"<svg\tonload=alert(1)>"), id="JPEG-and-SVG"),
        pytest.param(lambda: with_comment(b"%PDF-1.7"), id="JPEG-and-PDF"),
        pytest.param(lambda: picture(kind="WEBP") + b"7z\xbc\xaf\x27\x1c", id="WebP-and-7z"),
        pytest.param(lambda: b"\n" + scan(), id="a-PDF-that-begins-late"),
    ],
)
def test_a_file_of_two_kinds_is_refused(tmp_path: Path, make: Callable[[], bytes]) -> None:
    found = judged(tmp_path, make())
    assert found["unfit"] in (TWO_KINDS, NOTHING)


def test_four_signs_that_a_photo_may_have_by_chance_make_it_no_page(tmp_path: Path) -> None:
    assert judged(tmp_path, with_comment(b"\x07<sVg\x9a"))["media_type"] == "image/jpeg"


# Pages beyond the first


def faxes(*sizes: tuple[int, int]) -> bytes:
    """A TIFF with a page of each size."""
    written = io.BytesIO()
    first, *rest = (Image.new("1", size, 1) for size in sizes)
    first.save(written, "TIFF", compression="group4", save_all=True, append_images=rest)
    return written.getvalue()


def test_a_page_behind_the_first_is_no_bomb_either(tmp_path: Path) -> None:
    content = faxes((60, 80), (9_000, 9_000))
    assert len(content) < 20_000
    assert judged(tmp_path, content)["unfit"] == "it has more than 80 million pixels"


def test_a_fax_of_several_pages_is_taken_by_its_first(tmp_path: Path) -> None:
    found = judged(tmp_path, faxes((60, 80), (30, 40)))
    assert (found["width"], found["height"], found["page_count"]) == (60, 80, 2)


def test_no_more_pages_are_taken_than_of_a_PDF(tmp_path: Path) -> None:
    assert judged(tmp_path, faxes(*[(1, 1)] * 501))["unfit"] == "it has 501 pages; 1 to 500 are taken"


# Scans that are sound


def scanned(change: Callable[[Any], None]) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan())) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        change(image)
        pdf.save(written)
    return written.getvalue()


def in_jbig2(image: Any) -> None:
    image.write(bytes(50), filter=pikepdf.Name.JBIG2Decode)
    image.BitsPerComponent, image.ColorSpace = 1, pikepdf.Name.DeviceGray


def in_fax(image: Any) -> None:
    image.write(
        bytes(50),
        filter=pikepdf.Name.CCITTFaxDecode,
        decode_parms=pikepdf.Dictionary(K=-1, Columns=600, Rows=800),
    )
    image.BitsPerComponent, image.ColorSpace = 1, pikepdf.Name.DeviceGray


def in_press_colors(image: Any) -> None:
    tint = pikepdf.Dictionary(FunctionType=2)
    image.ColorSpace = pikepdf.Array(
        [pikepdf.Name.DeviceN, pikepdf.Array([pikepdf.Name.Cyan]), pikepdf.Name.DeviceCMYK, tint]
    )


@pytest.mark.parametrize(
    ("change", "has_color"), [(in_jbig2, None), (in_fax, False), (in_press_colors, None)], ids=["JBIG2", "fax", "press"]
)
def test_a_scan_whose_pictures_are_not_decoded_is_taken(
    tmp_path: Path, change: Callable[[Any], None], has_color: bool | None
) -> None:
    found = judged(tmp_path, scanned(change))
    assert found == {"media_type": "application/pdf", "page_count": 1, "dots_per_inch": 200, "has_color": has_color}
