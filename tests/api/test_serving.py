"""The served bank: one address for dashboard and API, found by commands beside it, stopped cleanly or killed."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from api.client import connect
from api.identity import Identity
from api.owner import find_server
from api.settings import COOKIE, Settings
from domain.bank import open_bank

SERVE = "import sys; from api.cli import main; sys.exit(main(['serve', '--port', '0', *sys.argv[1:]]))"


@contextmanager
def served(data_dir: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address once it answers."""
    environment = os.environ | {"APPRAISE_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-c", SERVE, *options]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = process.stdout.readline()
            found = re.search(r"http://[0-9.:]+", said)
            assert found, said
            yield process, found[0]
        finally:
            process.kill()


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with one administrator."""
    path = tmp_path_factory.mktemp("served")
    bank = open_bank(path)
    Identity(bank).add_user("root", "a-good-password", "admin")
    bank.close()
    return path


def test_dashboard_and_api_answer_on_one_address(data_dir: Path) -> None:
    with served(data_dir) as (server, address), httpx.Client(base_url=address) as http:
        page = {"Accept": "text/html"}
        away = http.get("/scorecard", headers=page)
        assert (away.status_code, away.headers["location"]) == (303, "/sign-in?next=%2Fscorecard")
        form = {"name": "root", "password": "a-good-password", "next": "/scorecard"}
        back = http.post("/sign-in", data=form, headers={"Origin": address})
        assert (back.status_code, back.headers["location"]) == (303, "/scorecard")
        shown = http.get("/scorecard", headers=page)
        assert shown.status_code == 200
        assert "streamlit" in shown.text.lower()
        assert http.get("/v1/me").json()["role"] == "admin"
        nothing = http.get("/v1/nothing", headers=page)
        assert (nothing.status_code, nothing.headers["content-type"]) == (404, "application/problem+json")
        assert COOKIE in http.cookies
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
    assert find_server(data_dir) is None
    assert not (data_dir / "owner.json").exists()


def test_a_command_beside_a_server_asks_it_and_takes_over_once_it_was_killed(data_dir: Path) -> None:
    with served(data_dir, "--api-only") as (server, address):
        owner = find_server(data_dir)
        assert owner is not None
        assert (owner.pid, owner.address) == (server.pid, address)
        with connect(Settings(data_dir=data_dir)) as client:
            assert (client.me().subject, client.me().role) == ("cli", "admin")
            assert client.health_ready().today is not None
        assert httpx.get(f"{address}/scorecard", headers={"Accept": "text/html"}).status_code == 404
        server.kill()
        server.wait(20)
    assert (data_dir / "owner.json").exists()
    with connect(Settings(data_dir=data_dir)) as client:
        assert client.me().subject == "cli"


def test_a_server_closes_the_day_that_is_over(data_dir: Path) -> None:
    with served(data_dir, "--api-only"), connect(Settings(data_dir=data_dir)) as client:
        assert client.me().today == client.health_ready().today
