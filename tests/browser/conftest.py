"""A small real bank, served as a user serves it, and the machine's own Chromium."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from api.client import Client
from api.identity import Identity
from api.settings import COOKIE
from domain.bank import open_bank

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 30_000
"""Milliseconds for a page on a busy machine."""
expect.set_options(timeout=PATIENCE)
PASSWORD = "only-for-this-test"
APPRAISE = [sys.executable, "-c", "from api.cli import run; run()"]


@dataclass(frozen=True)
class ServedBank:
    """A small demo bank that somebody serves: its address, its data dir, a client that sees all of it, and who signs in
    beside it."""

    address: str
    environment: dict[str, str]
    client: Client
    identity: Identity

    def let_in(self, name: str, role: str, *rest: str) -> None:
        """A user who signs in with PASSWORD."""
        appraise(self.environment, "user", "add", name, "--role", role, *rest, "--password-stdin", typed=PASSWORD)


def appraise(environment: dict[str, str], *words: str, typed: str = "") -> str:
    """Run one command to its end; what it printed."""
    command = [*APPRAISE, *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, input=typed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBank]:
    """Built and served once for all stories; its rest may change, so each story looks before it acts."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("APPRAISE_")}
    environment["APPRAISE_DATA_DIR"] = str(tmp_path_factory.mktemp("bank"))
    appraise(environment, "demo", "--rms", "12", "--quarters", "1", "--no-serve")
    token = appraise(environment, "token", "create", "--subject", "story", "--role", "admin").split()[-1]
    with subprocess.Popen(
        [*APPRAISE, "serve", "--port", "0"], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            address, store = announced(server), open_bank(Path(environment["APPRAISE_DATA_DIR"]))
            with Client(address, token=token, patience=60) as client:
                client.me(min_position=client.health_ready().log_position)  # it answers before it has followed it all
                yield ServedBank(address, environment, client, Identity(store))
            store.close()
        finally:
            server.terminate()
            server.wait(30)


def announced(server: "subprocess.Popen[str]") -> str:
    """The address that the server prints once it answers."""
    assert server.stdout
    for line in server.stdout:
        if line.startswith("Open http"):
            return line.split()[1]
    raise AssertionError("the server ended before it said its address")


Visit = Callable[..., Page]


@pytest.fixture
def visit(bank: ServedBank, new_context: Callable[..., BrowserContext]) -> Visit:
    """A browser of one of the demo's people, signed in already, at a page; `secret`: with this session instead."""

    def opened(name: str, path: str = "/", secret: str = "", **settings: Any) -> Page:
        context = new_context(**settings)
        context.set_default_timeout(PATIENCE)
        context.add_cookies(
            [{"name": COOKIE, "value": secret or bank.identity.open_session(name), "url": bank.address}]
        )
        page = context.new_page()
        page.goto(bank.address + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    return opened


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, which calls nobody by itself."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "these tests need Chromium: `make test` installs it where it can"
    switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": found, "args": switches}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A reader of English, so that texts are the msgids."""
    return {**browser_context_args, "locale": "en-US", "viewport": {"width": 1366, "height": 768}}
