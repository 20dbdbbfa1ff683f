"""`appraise dashboard`: the dashboard in a process of its own, for a large bank."""

import typer

from api.cli.serve import HostOption, PortOption
from api.cli.stopped import Stopped
from api.settings import read_settings


def dashboard(host: HostOption = "127.0.0.1", port: PortOption = 8501) -> None:
    """Serve the dashboard alone; APPRAISE_API_URL says where the API is."""
    from api import serving  # loading the routes takes a second that no other command needs

    try:
        serving.serve_dashboard(read_settings(), host, port, _say)
    except serving.PortTaken as taken:
        raise Stopped(str(taken)) from None


def _say(address: str) -> None:
    typer.echo(f"Open {address} in a browser. Ctrl-C stops.")
