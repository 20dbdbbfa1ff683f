"""`appraise demo`: a bank with invented people, to look around in."""

from typing import Annotated

import typer

from api.cli.serve import HostOption, PortOption, serve
from api.owner import refuse_beside_server
from api.server import PortTaken, listening
from api.settings import read_settings
from api.terminal.asking import read_quarter
from api.terminal.progress import PatientBar
from api.terminal.stopped import Stopped
from api.terminal.store import opened_bank
from domain.bank import Bank
from domain.calendar import Quarter

RMS, QUARTERS, SEED = 200, 4, 1


def demo(
    rms: Annotated[int | None, typer.Option(min=1, max=100_000, help=f"How many RMs; else {RMS}.")] = None,
    quarters: Annotated[int | None, typer.Option(min=1, max=40, help=f"How many quarters; else {QUARTERS}.")] = None,
    until: Annotated[str | None, typer.Option(metavar="QUARTER", help="The last quarter; else today's.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help=f"Another number makes another bank; else {SEED}.")] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Only build it.")] = False,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
) -> None:
    """Build the demo bank and serve it. A bank that stands in the data dir already is kept and served."""
    last = read_quarter(until) if until else None
    if not no_serve:
        refuse_beside_server(read_settings().data_dir)
        check_free(host, port)
    with opened_bank() as bank:
        if (rms, quarters, seed, last) == (None, None, None, None) and bank.register.units:
            _keep(bank)
        else:
            _build(bank, rms or RMS, quarters or QUARTERS, SEED if seed is None else seed, last)
    if not no_serve:
        serve(host, port)


def check_free(host: str, port: int) -> None:
    """Stopped, before minutes of building, where the port can't be had."""
    try:
        with listening(host, port):
            pass
    except PortTaken as taken:
        raise Stopped(f"{taken} (make run PORT=...)") from None


def _keep(bank: Bank) -> None:
    """Keep what stands; a demo whose building was interrupted is completed."""
    from api.demo.standing import read_standing

    if not (standing := read_standing(bank)):
        typer.echo("The data dir holds a bank that is no demo: it is kept as it is.", err=True)
        return
    recipe = standing.recipe
    if not standing.complete:
        _build(bank, recipe.rms, recipe.quarters, recipe.seed, Quarter.parse(recipe.until))


def _build(bank: Bank, rms: int, quarters: int, seed: int, until: Quarter | None) -> None:
    from api.demo import build_demo  # numpy is for the demo alone
    from api.office import READ_MODEL

    try:
        with PatientBar(f"Building the demo bank of {rms} RMs, day by day") as bar:
            built = build_demo(bank, rms, quarters, until, seed, bar.show, read_settings().data_dir / READ_MODEL)
    except KeyboardInterrupt:
        typer.echo("Stopped; appraise demo with the same options goes on where it stopped.", err=True)
        raise
    if built.state == "standing":
        typer.echo("It stands already and is kept as it is.", err=True)
    else:
        days = f"{built.quarters[0]} to {built.last_day}"
        typer.echo(f"The demo bank is {built.state}: {built.actions} actions, {days}.", err=True)
