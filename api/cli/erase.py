"""`appraise erase`: the names and notes about an RM or a customer, taken away for good."""

import sys
from typing import Annotated, Literal

import typer

from api.cli.progress import PatientBar
from api.cli.stopped import Stopped, unless_refused
from api.cli.store import opened_bank, stands

BY = "cli"
app = typer.Typer(help="Take names and notes away for good. Events, grades and seals stay, and name nobody.")
YesOption = Annotated[bool, typer.Option("--yes", help="Do it without asking: nothing brings the texts back.")]


@app.command("rm")
def rm(key: Annotated[str, typer.Argument(metavar="ID", help="The RM's id.")], yes: YesOption = False) -> None:
    """Erase the name of an RM, and every note and reason about them."""
    _erase("rm", key, yes)
    typer.echo(f"No later rms file names {key} again. Sign-ins are left as they are: appraise user disable NAME.")


@app.command("customer")
def customer(
    key: Annotated[str, typer.Argument(metavar="ID", help="The customer's code.")], yes: YesOption = False
) -> None:
    """Erase every note and reason about a customer."""
    _erase("customer", key, yes)


def _erase(subject: Literal["rm", "customer"], key: str, yes: bool) -> None:
    from domain.erasure import erase_texts  # what it searches with, no other command needs

    if not stands():
        raise Stopped("There is no bank to erase from: APPRAISE_DATA_DIR names the folder of one")
    confirm(key, yes)
    with PatientBar(f"Looking for texts about {key}"), opened_bank() as bank:
        erased = unless_refused(erase_texts(bank, subject, key, BY))
    if not erased.cleared:
        raise Stopped("The texts are erased, but the store's files may hold traces while others read them: repeat it")
    typer.echo(f"{erased.texts} texts about {key} are erased for good; backups made before still hold them.")
    typer.echo(f"The id remains in {erased.events} events, which hold no name and no text.")


def confirm(key: str, yes: bool) -> None:
    """Have the id typed again, for nothing brings the texts back; Stopped where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Stopped("Nothing brings erased texts back: repeat it with --yes")
    if typer.prompt(f"Nothing brings erased texts back. Type {key} again") != key:
        raise Stopped("That is another id: nothing was erased")
