"""`appraise user`: people who sign in. The first administrator is made here."""

import sys
from typing import Annotated

import typer

from api.identity import Identity
from api.rights import OF_PEOPLE
from api.terminal.stopped import Stopped, unless_refused
from api.terminal.store import opened_bank

app = typer.Typer(help="People who sign in. Passwords are asked for, or read from standard input; never an argument.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the person signs in with.")]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
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
    password = read_password(password_stdin)
    with opened_bank() as bank:
        unless_refused(Identity(bank).add_user(name, password, role, scope, rm))
    typer.echo(f"{name} can sign in now, as {role}.")


@app.command("password")
def password(name: NameArgument, password_stdin: StdinOption = False) -> None:
    """Give a user another password; their sessions end."""
    secret = read_password(password_stdin)
    with opened_bank() as bank:
        unless_refused(Identity(bank).set_password(name, secret))
    typer.echo(f"{name} signs in with the new password from now on.")


@app.command("disable")
def disable(name: NameArgument) -> None:
    """Nobody signs in by this name any more; its sessions end at once."""
    with opened_bank() as bank:
        unless_refused(Identity(bank).disable_user(name))
    typer.echo(f"{name} can no longer sign in.")


def read_password(from_stdin: bool) -> str:
    """A password, typed twice unseen, or the first line of standard input where nobody types."""
    if not from_stdin and sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    try:
        line = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Stopped("Give the password in UTF-8: what came on standard input is another encoding") from None
    if not line:
        raise Stopped("Give the password as the first line of standard input, or run the command in a terminal")
    return line
