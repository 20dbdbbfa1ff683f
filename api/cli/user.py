"""`appraise user`: people who sign in. The first administrator is made here."""

from typing import Annotated

import typer

from api.identity import Identity
from api.rights import OF_PEOPLE
from api.terminal.person import StdinOption, read_password
from api.terminal.stopped import unless_refused
from api.terminal.store import opened_bank

app = typer.Typer(help="People who sign in. Passwords are asked for, or read from standard input; never an argument.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the person signs in with.")]
ScopeOption = Annotated[
    str | None, typer.Option(help="A unit of the tree; without it the whole bank. Not for rm and admin.")
]


@app.command("add")
def add(
    name: NameArgument,
    role: Annotated[str, typer.Option(help=f"One of {', '.join(OF_PEOPLE)}.")],
    scope: ScopeOption = None,
    rm: Annotated[
        str | None, typer.Option(help="The RM's id, for the role rm, or a supervisor who is one, too.")
    ] = None,
    password_stdin: StdinOption = False,
) -> None:
    """Let somebody sign in."""
    password = read_password(password_stdin, twice=True)
    with opened_bank() as bank:
        unless_refused(Identity(bank).add_user(name, password, role, scope, rm))
    typer.echo(f"{name} can sign in now, as {role}.")


@app.command("password")
def password(name: NameArgument, password_stdin: StdinOption = False) -> None:
    """Give a user another password; their sessions end."""
    secret = read_password(password_stdin, twice=True)
    with opened_bank() as bank:
        unless_refused(Identity(bank).set_password(name, secret))
    typer.echo(f"{name} signs in with the new password from now on.")


@app.command("disable")
def disable(name: NameArgument) -> None:
    """Nobody signs in by this name any more; its sessions end at once."""
    with opened_bank() as bank:
        unless_refused(Identity(bank).disable_user(name))
    typer.echo(f"{name} can no longer sign in.")
