"""`appraise review`: a quarter's reviews as a whole, opened, made final and listed."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from api.client import Client
from api.terminal.asking import QuarterArgument, asked, check_filled, read_quarter
from api.terminal.listing import Format, FormatOption, print_listing
from api.terminal.progress import PatientBar
from api.terminal.stopped import Stopped
from projections.answers.reviews import STATES, ReviewRow, State

app = typer.Typer(help="The reviews of a quarter, from their opening to the final grades.", no_args_is_help=True)
AT_ONCE = 1_000
"""Reviews of one request: where it is interrupted, the same command goes on after the last one."""
ROW = ("rm", "name", "org", "state", "waits_for", "due_on", "score", "tier", "coefficient", "rated_by", "approved_by")
ScopeOption = Annotated[str | None, typer.Option("--scope", metavar="ORG", help="Only below this unit.")]
BEFORE_FINAL: tuple[State, ...] = ("approved", "acknowledged", "decided")


@app.command("open")
def open_(
    quarter: QuarterArgument,
    cutoff: Annotated[str, typer.Option("--cutoff", metavar="DATE", help="Until when late facts count.")],
) -> None:
    """Open a review for each RM who served in the quarter. Safe to interrupt and to repeat: it goes on with who has
    none yet."""
    wanted, last = str(read_quarter(quarter)), _read_day(cutoff)
    opened = 0
    with asked() as client:
        check_filled(client)
        with PatientBar(f"Opening the reviews of {wanted}") as bar:
            while True:
                told = client.open_review_quarter(wanted, last, AT_ONCE)
                opened += told.accepted
                bar.show(opened, opened + told.remaining)
                if not told.remaining or not told.accepted:
                    break
        client.catch_up()
        progress = client.review_quarter(wanted)
    typer.echo(f"opened {opened}, in all {progress.reviews} of {progress.served} who served")
    if progress.unopened:
        raise typer.Exit(1)


@app.command("finalise")
def finalise(quarter: QuarterArgument, scope: ScopeOption = None) -> None:
    """Make every grade final that people stand for and of which nothing is missing. Safe to interrupt and to repeat."""
    wanted = str(read_quarter(quarter))
    final, left = 0, dict[str, str]()
    with asked() as client:
        check_filled(client)
        counts = client.list_reviews(wanted, scope=scope, limit=1).states
        total, seen = sum(each.reviews for each in counts if each.state in BEFORE_FINAL), 0
        with PatientBar(f"Making the grades of {wanted} final") as bar:
            for rows in _pages(client, wanted, scope):
                told = client.finalise_reviews(wanted, {row.rm: row.version for row in rows})
                final += told.accepted
                left |= {each.rm: each.errors[0].detail for each in told.results if each.errors}
                seen += len(rows)
                bar.show(min(seen, total), total)
    for rm, why in sorted(left.items()):
        typer.echo(f"{rm}: {why}", err=True)
    typer.echo(f"final {final}, left {len(left)}")
    if left:
        raise typer.Exit(1)


@app.command("list")
def list_(
    quarter: QuarterArgument,
    scope: ScopeOption = None,
    status: Annotated[str | None, typer.Option("--status", metavar="STATE", help="Only those in this state.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Who is where in the quarter's reviews."""
    wanted = str(read_quarter(quarter))
    with asked() as client:
        check_filled(client)
        page = client.list_reviews(wanted, _read_state(status), scope, limit=AT_ONCE)
        rows = list(page.reviews)
        while page.after:
            page = client.list_reviews(wanted, _read_state(status), scope, after=page.after, limit=AT_ONCE)
            rows += page.reviews
    print_listing([_listed(row) for row in rows], ROW, form)


def _pages(client: Client, quarter: str, scope: str | None) -> Iterator[list[ReviewRow]]:
    """The reviews that may become final, so many at a time, each state to its end."""
    for state in BEFORE_FINAL:
        after: str | None = None
        while True:
            page = client.list_reviews(quarter, state, scope, after=after, limit=AT_ONCE)
            if page.reviews:
                yield page.reviews
            if (after := page.after) is None:
                break


def _listed(row: ReviewRow) -> dict[str, object]:
    card = row.result or row.provisional
    figures = {name: getattr(card, name) if card else None for name in ("score", "tier", "coefficient")}
    return {name: figures.get(name, getattr(row, name, None)) for name in ROW}


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Stopped("--cutoff: write a date as YYYY-MM-DD") from None


def _read_state(text: str | None) -> State | None:
    if text is None or text in STATES:
        return text
    raise Stopped(f"--status: choose one of {', '.join(STATES)}")
