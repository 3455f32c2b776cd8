"""Keys in files: made on first use, readable by their owner alone."""

import uuid
from collections.abc import Callable
from pathlib import Path


def load_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret of a file. Of several workers that start at once, one makes it and all read the same."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, make())
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    """It appears whole or not at all; one that is there already stays."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
