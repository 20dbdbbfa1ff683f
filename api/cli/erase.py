"""`appraise erase`: the names and notes about an RM or a customer, taken away for good."""

import sys
from typing import Annotated, Literal

import typer

from api.counted import counted
from api.identity import OWNER_SUBJECT, Identity
from api.settings import read_settings
from api.terminal.progress import PatientBar
from api.terminal.stopped import Stopped, unless_refused
from api.terminal.store import opened_bank, stands
from domain.bank import Bank

app = typer.Typer(help="Take names and notes away for good. Events, grades and seals stay, and name nobody.")
YesOption = Annotated[bool, typer.Option("--yes", help="Do it without asking: nothing brings the texts back.")]


@app.command("rm")
def rm(key: Annotated[str, typer.Argument(metavar="ID", help="The RM's id.")], yes: YesOption = False) -> None:
    """Erase the name of an RM, and every note and reason about them."""
    _erase("rm", key, yes)


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
        erased = unless_refused(erase_texts(bank, subject, key, OWNER_SUBJECT))
        of_rm = [f"No later rms file names {key} again.", _doors(bank, key)] if subject == "rm" else []
    if not erased.cleared:
        raise Stopped("The texts are erased, but the store's files may hold traces while others read them: repeat it")
    texts, events = counted(erased.texts, "text"), counted(erased.events, "event")
    typer.echo(f"Erased for good: {texts} about {key}. Backups made before still hold what stood then.")
    typer.echo(f"The id remains in {events}, that of the erasure included; none holds a name or a text.")
    if read_settings().store_url:
        typer.echo("The write-ahead log, its archive and replicas of the PostgreSQL may hold them until they expire.")
    for sentence in of_rm:
        typer.echo(sentence)


def _doors(bank: Bank, key: str) -> str:
    """What becomes of the sign-ins and tokens of an RM: those of one who has left end, one who serves keeps theirs."""
    identity, left_on = Identity(bank), bank.register.rms[key].left_on
    users = [user.name for user in identity.users() if user.rm == key and not user.disabled]
    tokens = [token.token for token in identity.tokens() if token.subject == key and not token.revoked]
    if left_on and left_on < bank.today:
        for name in users:
            unless_refused(identity.disable_user(name))
        for token in tokens:
            unless_refused(identity.revoke_token(token))
        return f"{key} has left: ended {counted(len(users), 'sign-in')} and {counted(len(tokens), 'token')} of theirs."
    return (
        f"{key} still serves: sign-ins ({', '.join(users) or 'none'}) and tokens ({', '.join(tokens) or 'none'}) stay; "
        "appraise user disable NAME and appraise token revoke ID end them."
    )


def confirm(key: str, yes: bool) -> None:
    """Have the id typed again, for nothing brings the texts back; Stopped where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Stopped("Nothing brings erased texts back: repeat it with --yes")
    if typer.prompt(f"Nothing brings erased texts back. Type {key} again") != key:
        raise Stopped("That is another id: nothing was erased")
