"""The `gateway` command. Heavy modules are imported by the commands that need them, so that each starts quickly."""

import sys
from typing import NoReturn

import typer

from gateway.cli import (
    audit,
    data,
    decisions,
    developers,
    documents,
    jobs,
    papers,
    personal,
    readers,
    serve,
    speech,
    tokens,
    vendor_tokens,
)
from gateway.mendable import Mendable
from gateway.processes import load_undisturbed

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None, help=__doc__)
app.command()(serve.serve)
vendor_tokens.join(tokens.group)
app.add_typer(tokens.group, name="token")
personal.group.command()(readers.readers)
app.add_typer(personal.group, name="personal")
app.command()(data.seed)
app.add_typer(data.imports, name="import")
app.add_typer(jobs.group, name="jobs")
app.add_typer(documents.group, name="documents")
app.add_typer(papers.group, name="papers")
app.add_typer(audit.group, name="audit")
app.add_typer(decisions.group, name="decisions")
app.command()(developers.schema)
app.command()(developers.access)
app.command()(developers.rules)
app.command()(developers.doctor)


def main() -> None:
    """What a person can mend is told in one line; anything else is a bug and shows itself."""
    load_undisturbed()
    try:
        app()
    except Mendable as error:
        _end(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _end(f"{error.filename}: {error.strerror}")


def _end(message: str) -> NoReturn:
    speech.say(message)
    sys.exit(1)
