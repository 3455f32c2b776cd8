"""Makes one PDF in a process of its own: the page as JSON on its input, the PDF on its output.

It runs by its path and alone, so that it knows nothing of the gateway: no settings, no keys, no database.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

MEMORY = 2_000_000_000
CPU_SECONDS = 10
TEMPLATE = Path(__file__).with_name("statement.typ")


def main(page: bytes) -> bytes:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)],
    )
    compiler = typst.Compiler(font_paths=fonts, sys_inputs={"page": json.dumps(json.loads(page))})
    try:
        return _made(compiler, ["ua-1"])
    except typst.TypstError:  # the standard wants a glyph for every sign, and some names have one that no typeface has
        return _made(compiler, [])


def _made(compiler: typst.Compiler, standards: list[Any]) -> bytes:
    made = compiler.compile(TEMPLATE.read_bytes(), format="pdf", timestamp=0, pdf_standards=standards)
    if not isinstance(made, bytes):
        raise TypeError("one document is expected")
    return made


def confine() -> None:
    """Little memory, little time, and nothing written."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    confine()
    sys.stdout.buffer.write(main(sys.stdin.buffer.read()))
