"""A small real bank, served as a user serves it, and the machine's own Chromium."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
)

from api.client import Client
from api.identity import Identity
from api.settings import COOKIE
from domain.bank import open_bank

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 30_000
"""Milliseconds for a page on a busy machine."""
expect.set_options(timeout=PATIENCE)
SCREEN: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
LEFT = "net::ERR_ABORTED"
"""A request that nobody waits for any more, since its page was left."""
PASSWORD = "only-for-this-test"
APPRAISE = [sys.executable, "-c", "from api.cli import run; run()"]


@dataclass(frozen=True)
class ServedBank:
    """A bank that somebody serves: its address, its data dir, a client that sees all of it, and who signs in beside
    it."""

    address: str
    environment: dict[str, str]
    client: Client
    identity: Identity

    def let_in(self, name: str, role: str, scope: str | None = None, rm: str | None = None) -> str:
        """A user who signs in with PASSWORD; the name."""
        assert self.identity.add_user(name, PASSWORD, role, scope, rm) is None
        return name

    def as_user(self, name: str) -> Client:
        """What the pages of this user ask with."""
        return Client(self.address, cookie=self.identity.open_session(name), patience=60)


def appraise(environment: dict[str, str], *words: str, typed: str = "") -> str:
    """Run one command to its end; what it printed."""
    command = [*APPRAISE, *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, input=typed, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def settings(data_dir: Path) -> dict[str, str]:
    """The environment of a command on this bank, and none of the settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("APPRAISE_")}
    return kept | {"APPRAISE_DATA_DIR": str(data_dir)}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The data dir of a demo bank, built by whichever worker needs it first, and a copy for each."""
    own, shared = tmp_path_factory.mktemp("bank") / "data", tmp_path_factory.getbasetemp()
    shared = (shared if worker_id == "master" else shared.parent) / "demo-for-browsers"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            appraise(settings(own), "demo", "--rms", "24", "--quarters", "2", "--no-serve")
            own.rename(shared)
    shutil.copytree(shared, own)
    return own


@pytest.fixture(scope="session")
def bank(demo: Path) -> Iterator[ServedBank]:
    """Served once for all stories; its rest may change, so each story looks before it acts."""
    with served(demo) as bank:
        bank.client.me(min_position=bank.client.health_ready().log_position)  # it answers before it has followed it all
        yield bank


@contextmanager
def served(data_dir: Path) -> Iterator[ServedBank]:
    """A bank served as a user serves it, for as long as it is needed."""
    environment = settings(data_dir)
    with subprocess.Popen(
        [*APPRAISE, "serve", "--port", "0"], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            address = announced(server)
            with open_bank(data_dir) as store:
                identity = Identity(store)
                token = identity.create_token("story", "admin")
                assert isinstance(token, str)
                with Client(address, token=token, patience=60) as client:
                    yield ServedBank(address, environment, client, identity)
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


class Visit:
    """Opens pages as one of the demo's people, in windows that all stories share: a browser that knows the pages' files
    shows them in half the time. What goes wrong in any of them is noticed."""

    def __init__(self, bank: ServedBank, context: BrowserContext) -> None:
        self.bank, self.context = bank, context
        self.windows: list[Page] = []
        self.used = 0
        self.noticed: list[str] = []
        """Errors in the console, requests that failed, and those to other hosts."""
        context.set_default_timeout(PATIENCE)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.noticed.append(f"error: {error.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)

    def __call__(self, name: str, path: str = "/", secret: str = "", phone: bool = False) -> Page:
        """A window of this person at a page; `secret`: with this session, else with a new one."""
        self.signed_in(secret or self.bank.identity.open_session(name))
        page = self.window(phone)
        page.goto(self.bank.address + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    def signed_in(self, secret: str) -> None:
        """Whoever opens a page from now on has this session; what is open keeps its own."""
        self.context.add_cookies([{"name": COOKIE, "value": secret, "url": self.bank.address}])

    def window(self, phone: bool = False) -> Page:
        """One more window, which a story before may have used."""
        if self.used == len(self.windows):
            self.windows.append(self.context.new_page())
        page = self.windows[self.used]
        self.used += 1
        page.set_viewport_size(PHONE if phone else SCREEN)
        page.emulate_media(color_scheme="light")
        return page

    def leave(self) -> None:
        """As if nobody had been here."""
        for page in self.windows[: self.used]:
            page.goto("about:blank")
        self.context.clear_cookies()
        self.used, self.noticed = 0, []

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.noticed.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.bank.address}/", "data:", "blob:")):
            self.noticed.append(f"elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.noticed.append(f"{response.status}: {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self.noticed.append(f"{request.failure}: {request.url}")


@pytest.fixture(scope="session")
def windows(bank: ServedBank, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Visit]:
    context = browser.new_context(**browser_context_args)
    yield Visit(bank, context)
    context.close()


@pytest.fixture
def visit(windows: Visit) -> Iterator[Visit]:
    """The pages as one of the demo's people; at the end nothing went wrong in the browser."""
    yield windows
    noticed = windows.noticed
    windows.leave()
    assert noticed == []


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
    return {**browser_context_args, "locale": "en-US", "viewport": SCREEN}
