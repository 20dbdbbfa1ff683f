"""How soon a page shows, in a real browser: on the demo bank, and on the big one."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, ViewportSize, sync_playwright

from api.client import Client
from api.identity import Identity
from benchmarks.bank import QUARTER, Size, checked, make_bank
from benchmarks.command import appraise, environment
from benchmarks.figure import Figure, seconds
from benchmarks.sizes import Sizes
from domain.bank import open_bank

PASSWORD = "only-for-this-benchmark"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SCREEN = ViewportSize(width=1366, height=768)
DEMO_MOST, BIG_MOST = 1_000, 2_000
"""Milliseconds in which a page shows."""
PATIENCE = 120_000
SERVE = """
import os, sys
from pathlib import Path
from api.app import create_app
from api.one_port import one_port
from api.server import address_of, listening, serve_until_stopped
from api.settings import Settings
with listening("127.0.0.1", 0) as listener:
    os.environ["APPRAISE_API_URL"] = address = address_of(listener)
    app = one_port(create_app(Settings(data_dir=Path(sys.argv[1]))))
    serve_until_stopped(app, listener, lambda: print(address, flush=True))
"""
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'
WAITING = '[data-testid="stSkeleton"], [data-testid="stSpinner"]'
ROLES = ("rm", "supervisor", "auditor", "admin")
"""Who opens every page of their menu; the supervisor is that of the whole bank."""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Every page of four people, opened from the menu of one that is open already."""
    demo, big = folder / "demo", folder / "big"
    demo.mkdir()
    appraise(demo, "demo", "--rms", str(sizes.demo_rms), "--quarters", "1", "--until", str(QUARTER), "--no-serve")
    yield _figure(demo, f"the demo bank of {sizes.demo_rms:,} RMs", DEMO_MOST, sizes.rounds)
    make_bank(big, Size(sizes.rms, sizes.actions)).close()
    yield _figure(big, f"{sizes.rms:,} RMs over {sizes.rms * sizes.actions:,} actions", BIG_MOST, sizes.rounds)


def _figure(data_dir: Path, whose: str, most: int, rounds: int) -> Figure:
    _let_in(data_dir)
    with _served(data_dir) as address, _browser() as open_page:
        took = {
            f"{title} ({who})": median(each) * 1_000
            for who in ROLES
            for title, each in _times(open_page, address, who, rounds).items()
        }
    slowest = max(took.values())
    told = ", ".join(f"{title} {each:,.0f}" for title, each in sorted(took.items(), key=lambda one: -one[1]))
    return Figure(
        f"a page shows, the slowest of {len(took)}, {whose}", f"{most / 1000:g} s", "ms", slowest, most,
        slowest / most, 1.0, least=False,
        note=f"from the click in the menu until nothing on the page waits any more, in ms: {told}",
    )  # fmt: skip


def _let_in(data_dir: Path) -> None:
    """One who signs in for each role."""
    with open_bank(data_dir) as bank:
        taken = {user.rm for user in Identity(bank).users()}
        rms = [rm for rm in sorted(bank.register.rms) if rm not in taken]
        for role in ROLES:
            own = rms[len(rms) // 2] if role == "rm" else None
            checked(Identity(bank).add_user(_name(role), PASSWORD, role, rm=own))


def _name(role: str) -> str:
    return f"bench-{role}"


@contextmanager
def _served(data_dir: Path) -> Iterator[str]:
    """The address of a server in a process of its own, once it has followed the log. It closes no days: the bank's day
    stays the one that its log ends with."""
    words = [sys.executable, "-c", SERVE, str(data_dir)]
    with subprocess.Popen(words, env=environment(data_dir), cwd=data_dir, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            address = server.stdout.readline().strip()
            with Client(address) as client:
                while client.health_ready().lag:
                    time.sleep(1)
            yield address
        finally:
            server.terminate()


@contextmanager
def _browser() -> Iterator[Callable[[], Page]]:
    """Opens fresh windows of Debian's Chromium, each with cookies of its own. RuntimeError where there is none."""
    if not (program := shutil.which("chromium") or shutil.which("chromium-browser")):
        raise RuntimeError("pages are measured in Chromium: install it (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield lambda: browser.new_context(viewport=SCREEN, locale="en-US").new_page()
        browser.close()


def _times(open_page: Callable[[], Page], address: str, who: str, rounds: int) -> dict[str, list[float]]:
    """Seconds that each page of a person took, by its title. The first of several rounds, in which caches fill, is left
    out."""
    page = open_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.get_by_label("Name").fill(_name(who))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    _wait(page)
    links = page.get_by_test_id("stSidebarNavLink")
    if links.last.get_attribute("aria-current") != "page":  # each page that is measured comes after another
        _open(page, links.count() - 1)
    took: dict[str, list[float]] = {}
    for number in range(rounds + (rounds > 1)):
        for place in range(links.count()):
            title = links.nth(place).inner_text().splitlines()[-1].split(" · ")[0]
            spent = seconds(partial(_open, page, place))
            if number or rounds == 1:
                took.setdefault(title, []).append(spent)
    page.context.close()
    return took


def _open(page: Page, place: int) -> None:
    before = page.evaluate("location.pathname")
    page.get_by_test_id("stSidebarNavLink").nth(place).click()
    page.wait_for_function("before => location.pathname !== before", arg=before)
    _wait(page)


def _wait(page: Page) -> None:
    """Until the page has a title, the server has no more to send, and nothing tells that it waits."""
    there = " && ".join(f"document.querySelector('{one}')" for one in ("h1", AT_REST))
    page.wait_for_function(f"() => {there} && !document.querySelector('{WAITING}')")
