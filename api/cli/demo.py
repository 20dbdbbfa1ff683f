"""`appraise demo`: a bank with invented people, to look around in."""

from typing import Annotated

import typer

from api.cli.asking import read_quarter
from api.cli.serve import HostOption, PortOption, serve


def demo(
    rms: Annotated[int, typer.Option(min=1, max=100_000, help="How many relationship managers.")] = 200,
    quarters: Annotated[int, typer.Option(min=1, max=40, help="How many quarters, the last one included.")] = 4,
    until: Annotated[str | None, typer.Option(metavar="QUARTER", help="The last quarter; else today's.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another number makes another bank; the same makes the same.")] = 1,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Only build it.")] = False,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
) -> None:
    """Build the demo bank, unless the data dir holds a bank already, and serve it."""
    last = read_quarter(until) if until else None
    if not no_serve:
        serve(host, port)
