"""Who a command acts for: the command line itself, or a person who gives their password."""

import sys
from typing import Annotated

import typer

from api.identity import OWNER_SUBJECT, Asker, Identity
from api.permissions import OPERATIONS, reach_of
from api.terminal.stopped import Stopped
from domain.bank import Bank

StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
AsOption = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="NAME", help="Act as this user, whose password is asked for; else as the command line itself."
    ),
]


def acting_person(bank: Bank, name: str | None, operation: str, from_stdin: bool) -> str:
    """The person id by which a command does an operation: the command line's own, or that of a user who may do it and
    whose password was given. Two people who run commands are told apart by it."""
    if name is None:
        return OWNER_SUBJECT
    identity = Identity(bank)
    if identity.check_password(name, read_password(from_stdin)) is None or (user := identity.user(name)) is None:
        raise Stopped("Give the name and the password of somebody who signs in here: these don't belong together")
    if user.one_time:
        raise Stopped(f"{name} has to sign in and choose a password first: the one of now was given out")
    if reach_of(operation, user.role, user.scope) is None:
        roles = ", ".join(OPERATIONS[operation].reach)
        raise Stopped(f"{name} may not do this: it is for users of the whole bank with one of the roles {roles}")
    return Asker(user.name, user.role, user.scope, user.rm).person


def read_password(from_stdin: bool, twice: bool = False) -> str:
    """A password, typed unseen, twice where it is a new one, or the first line of standard input where nobody types."""
    if not from_stdin and sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=twice))
    try:
        line = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Stopped("Give the password in UTF-8: what came on standard input is another encoding") from None
    if not line:
        raise Stopped("Give the password as the first line of standard input, or run the command in a terminal")
    return line
