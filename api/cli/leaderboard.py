"""`appraise leaderboard`: the ranks of a quarter within a unit of the tree."""

from typing import Annotated

import typer

from api.terminal.asking import AsOfOption, QuarterArgument, asked, check_begun, check_filled, read_quarter
from api.terminal.listing import Format, FormatOption, print_listing

COLUMNS = ("rank", "tied", "movement", "is_new", "rm", "name", "org", "tier", "value")


def leaderboard(
    quarter: QuarterArgument,
    scope: Annotated[str | None, typer.Option(metavar="ORG", help="A unit of the tree; else the whole bank.")] = None,
    by: Annotated[str, typer.Option(metavar="score|points|INDICATOR", help="What ranks.")] = "score",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many ranks.")] = 100,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Ranks of a quarter. Equal values share a rank, and the next rank is left out; who has no score has no rank.
    `movement` is how many places up (down: negative) since seven days before, `is_new` says who had no rank then; both
    are empty where nobody had one, or where that is not worked out."""
    asked_for = read_quarter(quarter)
    with asked() as client:
        check_filled(client)
        board = client.leaderboard(str(asked_for), scope=scope, by=by, limit=limit, as_of=as_of)
    check_begun(asked_for, board.moment)
    unknown = {"movement": None, "is_new": None} if board.moved_since is None else {}
    rows = [{name: getattr(standing, name) for name in COLUMNS} | unknown for standing in board.standings]
    print_listing(rows, COLUMNS, form)
