"""`appraise dashboard`: the dashboard in a process of its own, for a large bank."""

import os

import typer

from api.cli.serve import HostOption, PortOption
from api.server import address_of, listening, serve_until_stopped
from api.settings import read_settings

DEFAULT_API = "http://127.0.0.1:8000"


def dashboard(host: HostOption = "127.0.0.1", port: PortOption = 8501) -> None:
    """Serve the dashboard alone; APPRAISE_API_URL says where the API is."""
    from api.one_port import dashboard_alone  # Streamlit takes a second that no other command needs

    settings = read_settings()
    api_url = settings.api_url or DEFAULT_API
    os.environ["APPRAISE_API_URL"] = api_url  # it may stand in .env, which the dashboard does not read
    with listening(host, port) as listener:
        told = f"Open {address_of(listener)} in a browser; it asks the API at {api_url}. Ctrl-C stops."
        serve_until_stopped(dashboard_alone(api_url), listener, lambda: typer.echo(told), settings.trusted_proxies)
