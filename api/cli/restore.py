"""`appraise restore`: a backup put into an empty store."""

from pathlib import Path
from typing import Annotated

import typer

from api.backup import check_backup
from api.backup import restore as put_back
from api.owner import owning
from api.settings import read_settings
from api.terminal.progress import PatientBar
from api.terminal.store import opened_bank

WAIT = 2.0
"""Seconds that another command has to let go of the data dir."""


def restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of appraise backup.")]) -> None:
    """Put the bank of a backup into an empty data dir or database, whole or not at all."""
    check_backup(file)  # before a data dir is made
    with (
        owning(read_settings().data_dir, seconds=WAIT, restores=file.name),
        PatientBar(f"Restoring {file.name}") as bar,
        opened_bank() as bank,
    ):
        contents = put_back(bank, file, bar.show)
    typer.echo(f"Restored from {file}: {contents}.")
