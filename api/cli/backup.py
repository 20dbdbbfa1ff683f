"""`appraise backup`: the whole store in one file, while it is used."""

from pathlib import Path
from typing import Annotated

import typer

from api.backup import back_up
from api.terminal.progress import PatientBar
from api.terminal.stopped import Stopped
from api.terminal.store import opened_bank, stands


def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")]) -> None:
    """Copy the bank into a new FILE, names and password hashes included; writers need not stop. Restoring it needs
    nothing else: the read model is made from the log."""
    if not stands():
        raise Stopped("There is no bank to back up: APPRAISE_DATA_DIR names the folder of one")
    with PatientBar(f"Copying the bank into {file.name}") as bar, opened_bank() as bank:
        contents = back_up(bank, file, bar.show)
    typer.echo(f"{file} holds the bank, checked: {contents}.")
