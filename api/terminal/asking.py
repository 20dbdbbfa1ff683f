"""What the commands that ask share: a quarter that has begun, a moment of the log, the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from api.client import Client, connect
from api.settings import read_settings
from api.terminal.progress import PatientBar
from api.terminal.stopped import Stopped
from domain.calendar import Quarter
from projections.answers import Moment

QuarterArgument = Annotated[str, typer.Argument(metavar="QUARTER", help="Like 2026Q3.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="As it was known then: an ISO 8601 time, or a date's end.")
]


@contextmanager
def asked() -> Iterator[Client]:
    """The running server's API, where one serves this data dir, else the same API within this process."""
    with PatientBar("Bringing the read model up to the log"), connect(read_settings()) as client:
        yield client


def read_quarter(text: str) -> Quarter:
    """The quarter of an argument; Stopped where it is none."""
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise Stopped(f"QUARTER: {error}") from None


def check_filled(client: Client) -> None:
    """Stopped where the bank has no RM yet; what is to be done first is told in its order."""
    if not client.me().people:
        raise Stopped(
            "Nobody can be graded in an empty bank: publish a scheme (appraise scheme publish FILE) and import orgs, "
            "rms, contracts and actions first, in this order (appraise import orgs FILE)"
        )


def check_begun(quarter: Quarter, moment: Moment) -> None:
    """Stopped where the quarter begins after the moment's today."""
    if quarter.first_day > moment.today:
        begun = "had not begun then" if moment.past else f"has not begun on {moment.today}, the bank's today"
        raise Stopped(f"{quarter} {begun}: ask again from {quarter.first_day} on, or name an earlier quarter")
