"""`appraise token`: keys for machines. A key is printed once; the store keeps only its digest."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from api.identity import Identity, Token
from api.permissions import ROLES
from api.terminal.listing import Format, FormatOption, print_listing
from api.terminal.stopped import unless_refused
from api.terminal.store import opened_bank

app = typer.Typer(help="Keys for machines, sent as a bearer token.")
COLUMNS = ("token", "subject", "role", "scope", "sources", "created_at", "revoked")


@app.command("create")
def create(
    subject: Annotated[str, typer.Option(help="Who the token speaks for; for the role rm the RM's id.")],
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")],
    scope: Annotated[str | None, typer.Option(help="A unit of the tree; without it the whole bank.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="A source that a system may write with; repeatable.")] = None,
) -> None:
    """Make a token and print it, alone on the last line: it is never shown again."""
    with opened_bank() as bank:
        secret = unless_refused(Identity(bank).create_token(subject, role, scope, source or []))
    typer.echo(secret)


@app.command("list")
def list_tokens(form: FormatOption = Format.TABLE) -> None:
    """Every token ever made, without its secret."""
    with opened_bank() as bank:
        print_listing([_row(token) for token in Identity(bank).tokens()], COLUMNS, form)


def _row(token: Token) -> dict[str, object]:
    made = datetime.fromtimestamp(token.created_at, UTC).isoformat()
    return {name: getattr(token, name) for name in COLUMNS} | {"created_at": made}


@app.command("revoke")
def revoke(token: Annotated[str, typer.Argument(metavar="TOKEN", help="Its id, from `token list`.")]) -> None:
    """The token opens nothing any more."""
    with opened_bank() as bank:
        unless_refused(Identity(bank).revoke_token(token))
    typer.echo(f"Token {token} opens nothing any more.")
