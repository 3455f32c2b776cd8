"""What the command says: results on standard output, everything else on standard error."""

import typer


def show(line: str = "") -> None:
    typer.echo(line)


def say(message: str) -> None:
    typer.echo(f"gateway: {message}", err=True)
