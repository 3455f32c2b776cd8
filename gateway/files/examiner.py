"""Looks at one file in a process of its own: `python -m gateway.files.examiner FILE` prints what it is, as JSON.

Only images, those of hospitals (DICOM) included, and PDF are taken, by their bytes: a file that begins as one thing and
goes on as another, that runs something when it is opened, or that is larger inside than it may be, is unfit.
"""

import json
import re
import resource
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

import filetype
import pikepdf
from PIL import Image, ImageChops

from gateway.files import dicom, dicom_pictures

MEMORY = 2_000_000_000
CPU_SECONDS = 20
PIXELS = 80_000_000
PAGES = 500
NESTED = 50
IMAGES_LOOKED_AT = 20
HEAD = 1024
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/tiff": "TIFF"}
PAGED = ("TIFF", "MPO")
PDF = "application/pdf"
MARKUP = re.compile(rb"<(?:script|html|!doctype|svg[\s>/]|\?php|iframe)", re.IGNORECASE)
"""Four signs alone would be found by chance in one of thirty large photos."""

ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
TAR, AT = b"ustar", 257
ACTIVE = frozenset({"/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA"})
UNDECODED = (pikepdf.UnsupportedImageTypeError, pikepdf.HifiPrintImageNotTranscodableError, pikepdf.DependencyError)
"""Said of pictures that are sound: in rare colors, in those of printing presses, or in JBIG2, as many scanners make."""

SATURATED, LIT = 48, 48
COLORED_SHARE = 0.001
SAMPLE = (256, 256)


class Unfit(Exception):
    """The reason, in words that may be shown."""


def main(file: Path) -> dict[str, Any]:
    try:
        return _examined(file)
    except Unfit as unfit:
        return {"unfit": str(unfit)}


def _examined(file: Path) -> dict[str, Any]:
    content = file.read_bytes()
    kind = filetype.guess_mime(content[:8192])
    if kind not in FORMATS and kind not in (PDF, dicom.MEDIA_TYPE):
        raise Unfit("it is neither an image (JPEG, PNG, WebP, TIFF, DICOM) nor a PDF")
    _refuse_polyglots(kind, content, file)
    if kind == dicom.MEDIA_TYPE:
        return _medical(content)
    return {"media_type": kind, **(_pdf(file) if kind == PDF else _image(file, FORMATS[kind]))}


def _refuse_polyglots(kind: str, content: bytes, file: Path) -> None:
    is_other_too = (
        MARKUP.search(content) is not None
        or any(mark in content for mark in ARCHIVES)
        or zipfile.is_zipfile(file)
        or content.startswith(TAR, AT)
        or (kind != dicom.MEDIA_TYPE and dicom.is_marked(content))
        or (kind != PDF and b"%PDF-" in content[:HEAD])
        or (kind == PDF and not content.startswith(b"%PDF-"))
    )
    if is_other_too:
        raise Unfit("it is a file of two kinds at once")


def _medical(content: bytes) -> dict[str, Any]:
    try:
        found = dicom_pictures.pictures(content, *dicom.check(content))
    except dicom.NoImage as no_image:
        raise Unfit(str(no_image)) from None
    if sum(picture.pixels for picture in found) > PIXELS:
        raise _too_many_pixels()
    return {"media_type": dicom.MEDIA_TYPE}


def _image(file: Path, format_: str) -> dict[str, Any]:
    warnings.simplefilter("error")  # Pillow warns of what may be a bomb
    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        with Image.open(file, formats=[format_]) as image:
            _refuse_bombs(image)
            image.seek(0)
            stated = image.info.get("dpi")
            image.load()
            return {
                "width": image.width,
                "height": image.height,
                "dots_per_inch": _dots(stated),
                "has_color": has_color(image),
                "page_count": getattr(image, "n_frames", 1),
            }
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # a decoder may raise anything over a file that was made for it
        raise Unfit("the image is damaged") from error


def _refuse_bombs(image: Image.Image) -> None:
    """Every page of a TIFF has a size of its own, and only its head is read."""
    count = getattr(image, "n_frames", 1)
    if count > PAGES:
        raise Unfit(f"it has {count} pages; 1 to {PAGES} are taken")
    sizes = [_size_of(image, at) for at in range(count)] if image.format in PAGED else [count * _size_of(image)]
    if sum(sizes) > PIXELS:
        raise _too_many_pixels()


def _size_of(image: Image.Image, page: int = 0) -> int:
    image.seek(page)
    return image.width * image.height


def _too_many_pixels() -> Unfit:
    return Unfit(f"it has more than {PIXELS // 1_000_000} million pixels")


def _dots(stated: Any) -> int | None:
    """Resolution as the file states it; 1 and less are what programs write that do not know it."""
    return round(float(stated[0])) if stated and float(stated[0]) > 1 else None


def has_color(image: Image.Image) -> bool:
    """Whether more than specks of it are colored: paper that yellows and lamps that tint are no color."""
    if image.mode in ("1", "L", "LA", "I", "I;16", "F"):
        return False
    _, saturation, brightness = image.convert("RGB").resize(SAMPLE).convert("HSV").split()
    strong, lit = saturation.point(_above(SATURATED)), brightness.point(_above(LIT))
    colored = ImageChops.darker(strong, lit).histogram()[255]
    return colored > COLORED_SHARE * SAMPLE[0] * SAMPLE[1]


def _above(bound: int) -> list[int]:
    """A table over all 256 values."""
    return [255 if value > bound else 0 for value in range(256)]


def _pdf(file: Path) -> dict[str, Any]:
    try:
        with pikepdf.open(file) as pdf:
            _refuse_active(pdf)
            count = len(pdf.pages)
            if not 0 < count <= PAGES:
                raise Unfit(f"it has {count} pages; 1 to {PAGES} are taken")
            return {"page_count": count, **_scans(pdf)}
    except pikepdf.PasswordError as error:
        raise Unfit("it is locked by a password") from error
    except (pikepdf.PikepdfError, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unfit("the PDF is damaged") from error


def _refuse_active(pdf: pikepdf.Pdf) -> None:
    if any(_is_active(item, NESTED) for item in (pdf.trailer, *pdf.objects)):
        raise Unfit("it carries a program or another file")


def _is_active(item: Any, depth: int) -> bool:
    """Objects that stand by themselves are looked at one by one; those inside another, together with it."""
    if isinstance(item, pikepdf.Array):
        return any(_is_active(each, depth - 1) for each in item if not _stands_alone(each)) if depth else True
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return False
    words = {str(item.get(name)) for name in ("/S", "/Type", "/Subtype") if name in item}
    if (set(item.keys()) | words) & ACTIVE or not depth:
        return True
    return any(_is_active(item.get(key), depth - 1) for key in set(item.keys()) if not _stands_alone(item.get(key)))


def _stands_alone(item: Any) -> bool:
    return isinstance(item, pikepdf.Object) and item.is_indirect


def _scans(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """Color and resolution of the pictures on the pages, where a paper was scanned into the PDF."""
    colors: list[bool] = []
    dots: list[int] = []
    for page in pdf.pages:
        inches = (float(page.mediabox[2]) - float(page.mediabox[0])) / 72
        for picture in page.get_images().values():
            found = pikepdf.PdfImage(picture)  # pyright: ignore[reportArgumentType]
            if found.width * found.height > PIXELS:
                raise Unfit(f"a picture in it has more than {PIXELS // 1_000_000} million pixels")
            if len(colors) < IMAGES_LOOKED_AT:
                colors += _color_of(found)
            if inches > 0:
                dots.append(round(found.width / inches))
    return {"has_color": any(colors) if colors else None, "dots_per_inch": max(dots, default=None)}


def _color_of(picture: pikepdf.PdfImage) -> list[bool]:
    """Nothing where the picture is in a form that is not decoded here."""
    try:
        return [has_color(picture.as_pil_image())]
    except (*UNDECODED, NotImplementedError, OSError):
        return []


def confine() -> None:
    """Little memory, little time, and nothing written."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    confine()
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
