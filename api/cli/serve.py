"""`appraise serve`: dashboard and API on one address, or the API alone."""

from typing import Annotated

import typer

from api.cli.listing import print_table
from api.cli.stopped import Stopped
from api.cli.store import opened_bank
from api.identity import DemoSignIn, Identity
from api.settings import read_settings

HostOption = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for the whole network.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 for any free one.")]


class Greeting:
    """What is said once the server answers; `said` stays False where it never came to that."""

    def __init__(self, sign_ins: list[DemoSignIn], anybody: bool) -> None:
        self._sign_ins, self._anybody = sign_ins, anybody
        self.said = False

    def say(self, address: str) -> None:
        """Tell where it is and how to get in."""
        self.said = True
        typer.echo(f"Open {address} in a browser; the API is at {address}/v1. Ctrl-C stops.")
        if self._sign_ins:
            typer.echo("This is the demo bank. Sign in as one of:\n")
            rows = [{"name": each.name, "password": each.password, "who": each.says_en} for each in self._sign_ins]
            print_table(rows, ("name", "password", "who"))
        elif not self._anybody:
            typer.echo("Nobody can sign in yet: appraise user add NAME --role admin")


def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    api_only: Annotated[bool, typer.Option("--api-only", help="Without the dashboard.")] = False,
) -> None:
    """Serve dashboard and API until Ctrl-C."""
    from api import serving  # loading the routes takes a second that no other command needs

    with opened_bank() as bank:
        identity = Identity(bank)
        greeting = Greeting(identity.demo_sign_ins(), bool(identity.users()))
    try:
        serving.serve(read_settings(), host, port, api_only, greeting.say)
    except serving.PortTaken as taken:
        raise Stopped(str(taken)) from None
    if not greeting.said:
        raise Stopped("The server could not start; what it said above tells why")
    typer.echo("Stopped.", err=True)
