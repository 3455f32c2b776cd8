"""A server of its own that was seeded, for tests that seed again."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.postgres import embedded
from gateway.postgres.migrate import migrate
from seeds import load
from tests.support.seeding import run


@pytest.fixture(scope="package")
def dsn() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="seeding-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        server = embedded.start(Path(folder) / "state", settings={"fsync": "off", "shared_buffers": "32MB"})
        asyncio.run(migrate(server.dsn()))
        assert run(server.dsn(), load.seed, keep=True)
        yield server.dsn()
        server.stop()
