"""An administrator's first hour with an empty bank, in both languages: what is loaded, who is let in and sent away
again, a machine's token. What a page says is taken from the catalogue."""

import csv
import io
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.cli import main
from api.client import ApiProblem, Client
from dashboard.screens.setup import STEPS
from dashboard.words import LANGUAGES, ROLES, Say
from tests.browser.conftest import PASSWORD, ServedBank, Visit, served

UNITS = [("HQ", "", "head-office", "总行"), ("B1", "HQ", "branch", "城南分行"), ("O1", "B1", "outlet", "南门支行")]
RMS = [("R1", "王芳", "personal", "O1", "2025-01-02"), ("R2", "李伟", "personal", "O1", "2025-03-03")]
CHIEF, USER, OWN_PASSWORD = "chief", "anna", "chosen-by-anna-herself"
FIRST_NAME = {"x": 32, "y": 52}
"""Where in the table of users the first row's name is: the table is a canvas."""
SIGN_IN = re.compile(r"/sign-in\?next=")
pytestmark = pytest.mark.parametrize("say", [Say(language) for language in LANGUAGES], ids=list(LANGUAGES))


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedBank]:
    """A bank in which nothing is but its first administrator; commands typed beside it are about it, too."""
    with served(tmp_path / "data") as empty:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("APPRAISE_DATA_DIR", empty.environment["APPRAISE_DATA_DIR"])
        empty.let_in(CHIEF, "admin")
        yield empty


@pytest.fixture
def desks(bank: ServedBank, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[tuple[Page, Page]]:
    """A window of the administrator's and one of the user's, on machines of their own; nothing went wrong in either."""
    contexts = [browser.new_context(**browser_context_args) for _ in range(2)]
    visits = [Visit(bank, context) for context in contexts]
    yield visits[0].window(), visits[1].window()
    noticed = [each for visit in visits for each in visit.noticed]
    for context in contexts:
        context.close()
    assert noticed == []


def sign_in(page: Page, name: str, password: str) -> None:
    expect(page).to_have_url(SIGN_IN)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def titled(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def press(place: Page | Locator, key: str) -> None:
    """The button of this key."""
    place.locator(f".st-key-{key} button").click()


def choose(page: Page, key: str, option: str) -> None:
    """One of the options of a list in a dialog."""
    page.locator(f".st-key-{key}").get_by_role("combobox").click()
    page.get_by_role("option", name=option).click()


def shown_once(page: Page) -> str:
    """The secret that stands in the dialog; once that is closed it stands nowhere."""
    code = page.get_by_role("dialog").locator("code")
    expect(code).to_have_text(re.compile(r"\S{16,}"))
    secret = code.inner_text().strip()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert secret not in page.content()
    return secret


def step(page: Page, what: str) -> Locator:
    return page.locator(f".st-key-setup-{what}")


def taken_along(page: Page, key: str, file: Path) -> str:
    """What the empty file of this button holds, kept under its own name."""
    with page.expect_download() as download:
        press(page, key)
    assert download.value.suggested_filename == file.name
    download.value.save_as(file)
    return file.read_text(encoding="utf-8-sig")


def load(bank: ServedBank, page: Page, say: Say, what: str, file: Path) -> None:
    """Type the commands that the page names for a step, of the file that was taken along; then, once the bank has
    followed, ask for the page anew."""
    commands = step(page, what).locator("code").inner_text().strip().splitlines()
    assert commands
    for command in commands:
        appraise, *words, named = shlex.split(command)
        assert (appraise, Path(named).stem) == ("appraise", file.stem)
        assert main([*words, file.name]) == 0
    bank.client.me(min_position=bank.client.health_ready().log_position)
    page.get_by_role("link", name=say("Set up the bank")).click()


def filled_in(header: str, rows: Sequence[tuple[str, ...]]) -> str:
    """The empty file with these rows; what is beyond their columns stays empty."""
    text = io.StringIO()
    table = csv.DictWriter(text, next(csv.reader([header])), restval="")
    table.writeheader()
    table.writerows(dict(zip(table.fieldnames, row, strict=False)) for row in rows)
    return text.getvalue()


def next_is(page: Page, say: Say, what: str) -> None:
    """The page says at its top and at the step itself what is next."""
    title = say(STEPS[what][0])  # type: ignore[index]
    expect(page.get_by_text(say("Load these in order. Next: {step}.", step=title))).to_be_visible()
    expect(step(page, what).get_by_text(say("next"), exact=True)).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text(say("next"), exact=True)).to_have_count(1)


def there(page: Page, say: Say, what: str, count: int) -> None:
    expect(step(page, what).get_by_text(say("{n} there", n=count), exact=True)).to_be_visible()


def test_an_administrators_first_hour(bank: ServedBank, desks: tuple[Page, Page], tmp_path: Path, say: Say) -> None:
    page, users = desks
    page.goto(f"{bank.address}/?lang={say.language}")
    sign_in(page, CHIEF, PASSWORD)
    load_the_bank(bank, page, tmp_path, say)
    given_out = let_somebody_in(bank, page, say)
    come_in(bank, users, given_out, say)
    send_away(bank, page, users, given_out, say)
    give_a_machine_its_token(bank, page, say)


def load_the_bank(bank: ServedBank, page: Page, folder: Path, say: Say) -> None:
    """The first page says what comes first, gives the empty file for it, and knows it once it is there."""
    titled(page, say("Set up the bank"))
    next_is(page, say, "orgs")
    expect(page.locator("[class*=st-key-setup-]")).to_have_text(
        [
            *(re.compile(rf"{place}\. {say(STEPS[what][0])}") for place, what in enumerate(STEPS, 1)),
            re.compile(say("Let people in")),
        ]
    )
    expect(page.get_by_role("link", name=say("Leaderboard"))).to_have_count(0)

    orgs = folder / "orgs.csv"
    header = taken_along(page, "template-orgs-csv", orgs)
    assert header == "org,parent,level,name\n"
    orgs.write_text(filled_in(header, UNITS), encoding="utf-8")
    load(bank, page, say, "orgs", orgs)
    there(page, say, "orgs", len(UNITS))
    next_is(page, say, "rms")

    rms = folder / "rms.csv"
    header = taken_along(page, "template-rms-csv", rms)
    rms.write_text(filled_in(header, RMS), encoding="utf-8")
    load(bank, page, say, "rms", rms)
    there(page, say, "rms", len(RMS))
    next_is(page, say, "scheme")

    scheme = folder / "scheme.toml"
    assert "[[indicators]]" in taken_along(page, "template-scheme", scheme)
    load(bank, page, say, "scheme", scheme)
    there(page, say, "scheme", 1)
    next_is(page, say, "contracts")


def let_somebody_in(bank: ServedBank, page: Page, say: Say) -> str:
    """HR of one branch, with a password that the server makes."""
    step(page, "people").get_by_role("link").click()
    titled(page, say("People"))
    press(page, "people-add")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name=say("Signs in as")).fill(USER)
    choose(page, "new-role", say(ROLES["hr"]))
    choose(page, "new-scope", "城南分行")
    dialog.get_by_role("button", name=say("Let in"), exact=True).click()
    expect(dialog.get_by_text(say("{name} can sign in now.", name=USER))).to_be_visible()
    given_out = shown_once(page)
    (user,) = [user for user in bank.client.list_users().users if user.name == USER]
    assert (user.role, user.scope, user.one_time) == ("hr", "B1", True)
    return given_out


def come_in(bank: ServedBank, users: Page, given_out: str, say: Say) -> None:
    """Nothing opens with a password that was given out, but the way to another one."""
    users.goto(f"{bank.address}/?lang={say.language}")
    sign_in(users, USER, given_out)
    titled(users, say("Choose your own password"))
    expect(users.get_by_role("link", name=say("Leaderboard"))).to_have_count(0)
    choose_a_password(users, given_out, say)
    titled(users, say("Leaderboard"))
    expect(users.get_by_text(f"{say(ROLES['hr'])} · 城南分行")).to_be_visible()


def choose_a_password(users: Page, old: str, say: Say) -> None:
    for label, typed in (
        ("Password until now", old), ("New password", OWN_PASSWORD), ("New password once more", OWN_PASSWORD)
    ):  # fmt: skip
        users.get_by_role("textbox", name=say(label), exact=True).fill(typed)
    press(users, "own-change")


def open_user(page: Page, say: Say) -> Locator:
    """What stands of the user, who is the first in the table; the dialog."""
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_test_id("stDataFrame").click(position=FIRST_NAME)  # type: ignore[arg-type]
    dialog = page.get_by_role("dialog", name=USER)
    expect(dialog.get_by_text(f"{say(ROLES['hr'])} · ")).to_be_visible()
    return dialog


def send_away(bank: ServedBank, page: Page, users: Page, given_out: str, say: Say) -> None:
    """The user's next click leads to the sign-in, where sessions were ended and where the password was reset."""
    press(open_user(page, say), "user-sign-out")
    expect(page.get_by_text(say("Sessions ended: {n}", n=1))).to_be_visible()
    users.get_by_role("link", name=say("Scorecard")).click()
    sign_in(users, USER, OWN_PASSWORD)
    titled(users, "王芳 · 南门支行")

    press(open_user(page, say), "user-reset")
    another = shown_once(page)
    assert another not in (given_out, OWN_PASSWORD)
    users.get_by_role("link", name=say("Leaderboard")).click()
    expect(users.get_by_text("Your session has ended").first).to_be_visible()
    assert bank.identity.check_password(USER, another)
    assert not bank.identity.check_password(USER, OWN_PASSWORD)


def give_a_machine_its_token(bank: ServedBank, page: Page, say: Say) -> None:
    """A secret that is shown once; it opens the API, and a part of it doesn't."""
    page.get_by_role("radio", name=say("Tokens")).click()
    press(page, "token-new")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name=say("Speaks for")).fill("core-banking")
    dialog.get_by_role("textbox", name=say("Sources")).fill("core")
    dialog.get_by_role("button", name=say("Make"), exact=True).click()
    expect(dialog.get_by_text(say("The token is made. It is shown only here: copy it now."))).to_be_visible()
    secret = shown_once(page)
    press(page, "token-new")
    expect(dialog.get_by_role("textbox", name=say("Speaks for"))).to_be_visible()
    expect(dialog.locator("code")).to_have_count(0)
    page.keyboard.press("Escape")
    assert "core-banking" in [token.subject for token in bank.client.list_tokens()]

    with Client(bank.address, token=secret) as machine:
        me = machine.me()
        assert (me.subject, me.role, me.scope) == ("core-banking", "system", None)
        assert "record_actions" in me.operations
    with Client(bank.address, token=secret[:-1]) as stranger, pytest.raises(ApiProblem) as problem:
        stranger.me()
    assert problem.value.status == 401
