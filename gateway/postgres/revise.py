"""Writes the next migration from the models, for people who change them:

python -m gateway.postgres.revise "phones of pharmacies"     the difference to the last step, as a new step
python -m gateway.postgres.revise --initial                  the first step anew; only while nothing is released

Read what it writes: renamed columns look like a lost and a new one, and rows that exist need a default.
There is no way down: a step that went wrong is mended by the next one, or by the backup.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from gateway.postgres import embedded
from gateway.postgres.migrate import FOLDER, config, migrate, on_owner, revisions

INITIAL = "0001_initial"


def main(arguments: list[str]) -> None:
    match arguments:
        case ["--initial"]:
            _forget_initial()
            _write(INITIAL, "All tables")
        case [title] if re.sub(r"\W+", "", title):
            slug = re.sub(r"\W+", "_", title.lower()).strip("_")
            _write(f"{len(revisions()) + 1:04}_{slug}", title)
        case _:
            sys.exit(__doc__)


def _forget_initial() -> None:
    if revisions() not in ([], [INITIAL]):
        sys.exit("There are later steps already: write another one instead.")
    (FOLDER / "versions" / f"{INITIAL}.py").unlink(missing_ok=True)


def _write(revision: str, title: str) -> None:
    """Against an empty server of its own, brought to the last step."""
    with tempfile.TemporaryDirectory(prefix="revise-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        server = embedded.start(Path(folder) / "state", settings={"fsync": "off"})
        try:
            asyncio.run(_compare(server.dsn(), revision, title))
        finally:
            server.stop()
    subprocess.run([sys.executable, "-m", "ruff", "format", "--line-length=120", str(FOLDER / "versions")], check=True)


async def _compare(dsn: str, revision: str, title: str) -> None:
    if revisions():
        await migrate(dsn)

    def autogenerate(connection: Connection) -> None:
        command.revision(config(connection), title, autogenerate=True, rev_id=revision)

    await on_owner(dsn, autogenerate)


if __name__ == "__main__":
    main(sys.argv[1:])
