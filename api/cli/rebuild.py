"""`appraise rebuild`: the read model made anew from the log."""

import typer

from api.terminal.asking import asked


def rebuild() -> None:
    """Make the read model anew from the log: the same bytes, from the only thing that counts."""
    with asked() as client:
        progress = client.rebuild()
    typer.echo(f"The read model is built anew up to position {progress.position} of the log.")
