"""`appraise serve`: dashboard and API on one address, or the API alone."""

import os
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from starlette.types import ASGIApp

from api.identity import DemoSignIn, Identity
from api.owner import note_stopping, owning, refuse_beside_server
from api.server import address_of, listening, serve_until_stopped
from api.settings import Settings, read_settings
from api.terminal.listing import print_table
from api.terminal.stopped import Stopped
from api.terminal.store import opened_bank

if TYPE_CHECKING:
    from fastapi import FastAPI

HostOption = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for the whole network.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 for any free one.")]


def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    api_only: Annotated[bool, typer.Option("--api-only", help="Without the dashboard.")] = False,
) -> None:
    """Serve dashboard and API until Ctrl-C."""
    settings = read_settings()
    refuse_beside_server(settings.data_dir)  # before the port is told as taken: another one would not do either
    with opened_bank() as bank:
        identity = Identity(bank)
        sign_ins, anybody = identity.demo_sign_ins(), bool(identity.users())
    with listening(host, port) as listener:
        address = address_of(listener)
        os.environ["APPRAISE_API_URL"] = address  # where the dashboard in this process asks
        with owning(settings.data_dir, address) as owner:
            api, app = apps_of(settings, owner.token, api_only)
            said = partial(greet, address, sign_ins, anybody, api_only)

            def stopping() -> None:
                note_stopping(settings.data_dir, owner)
                api.state.stopping = True  # streams end by themselves

            started = serve_until_stopped(app, listener, said, settings.trusted_proxies, stopping)
    if not started:
        raise Stopped("The server could not start; what it said above tells why")
    typer.echo("Stopped.", err=True)


def apps_of(settings: Settings, run_token: str, api_only: bool) -> tuple["FastAPI", ASGIApp]:
    """The API, and what is served: that with the dashboard beside it, unless it is to stand alone."""
    from api.app import create_app  # the routes, and Streamlit below, take a second that no other command needs

    api = create_app(settings, run_token, keeps_days=True)
    if api_only:
        return api, api
    from api.one_port import one_port

    return api, one_port(api)


def greet(address: str, sign_ins: list[DemoSignIn], anybody: bool, api_only: bool) -> None:
    """Say where it is and how to get in."""
    if api_only:
        typer.echo(f"The API is at {address}/v1, what it offers at {address}/docs. Ctrl-C stops.")
    else:
        typer.echo(f"Open {address} in a browser; the API is at {address}/v1. Ctrl-C stops.")
    if sign_ins:
        typer.echo("This is the demo bank. Sign in as one of:\n")
        rows = [{"name": each.name, "password": each.password, "who": each.says_en} for each in sign_ins]
        print_table(rows, ("name", "password", "who"))
    elif not anybody:
        typer.echo("Nobody can sign in yet: appraise user add NAME --role admin")
