"""An administrator's first hour with an empty bank, in both languages: what is loaded, who is let in and sent away
again, a machine's token. What a page says is taken from the catalogue.

The test is the story: each step and what holds after it. Beside it stand only what is pressed and where something is
to be found."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.cli import main
from api.client import ApiProblem, Client
from dashboard.screens.setup import STEPS
from dashboard.words import LANGUAGES, ROLES, Say
from projections.answers import SetupWhat
from tests.api.cli.conftest import publish
from tests.browser.conftest import PASSWORD, ServedBank, Visit, served
from tests.browser.test_reach import settled

UNITS = [("HQ", "", "head-office", "总行"), ("B1", "HQ", "branch", "城南分行"), ("O1", "B1", "outlet", "南门支行")]
RMS = [("R1", "王芳", "personal", "O1", "2025-01-02"), ("R2", "李伟", "personal", "O1", "2025-03-03")]
PUBLISHED = ("publish scheme.toml", "approve ID DATE --as NAME")
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


# What the administrator and the user do


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def press(place: Page | Locator, key: str) -> None:
    """The button of this key."""
    place.locator(f".st-key-{key} button").click()


def go_to(page: Page, title: str) -> None:
    """The page of this title, by the menu."""
    page.get_by_role("link", name=title).click()


def choose(page: Page, key: str, option: str) -> None:
    """One of the options of a list in a dialog."""
    page.locator(f".st-key-{key}").get_by_role("combobox").click()
    page.get_by_role("option", name=option).click()


def take_along(page: Page, key: str, folder: Path) -> Path:
    """The empty file of this button, kept under its own name."""
    settled(page)  # a button that is just drawn anew takes no press
    with page.expect_download() as download:
        press(page, key)
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def fill_in(file: Path, rows: Sequence[tuple[str, ...]]) -> None:
    """These rows into the empty file; what is beyond their columns stays empty."""
    text = io.StringIO()
    table = csv.DictWriter(text, next(csv.reader([file.read_text(encoding="utf-8-sig")])), restval="")
    table.writeheader()
    table.writerows(dict(zip(table.fieldnames, row, strict=False)) for row in rows)
    file.write_text(text.getvalue(), encoding="utf-8")


def come_back(bank: ServedBank, page: Page, say: Say) -> None:
    """To the first page, once the bank has followed what was loaded beside it."""
    bank.client.me(min_position=bank.client.health_ready().log_position)
    go_to(page, say("Set up the bank"))


def open_user(page: Page) -> Locator:
    """The dialog of the user, who is the first in the table."""
    page.get_by_test_id("stDataFrame").click(position=FIRST_NAME)  # type: ignore[arg-type]
    return page.get_by_role("dialog", name=USER)


def choose_a_password(users: Page, old: str, say: Say) -> None:
    for label, typed in (
        ("Password until now", old), ("New password", OWN_PASSWORD), ("New password once more", OWN_PASSWORD)
    ):  # fmt: skip
        users.get_by_role("textbox", name=say(label), exact=True).fill(typed)
    press(users, "own-change")


# Where it is found


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def field(page: Page, label: str) -> Locator:
    """A field of the dialog."""
    return dialog(page).get_by_role("textbox", name=label)


def button(page: Page, label: str) -> Locator:
    """A button of the dialog."""
    return dialog(page).get_by_role("button", name=label, exact=True)


def step(page: Page, what: str) -> Locator:
    return page.locator(f".st-key-setup-{what}")


def next_step(page: Page, say: Say) -> Locator:
    """Whatever is marked as next."""
    marked = page.get_by_text(say("next"), exact=True)
    return page.locator("[class*=st-key-setup-]").filter(has=marked)


def named_next(page: Page, say: Say, what: SetupWhat) -> Locator:
    """The words at the top that name a step as the next one."""
    return page.get_by_text(say("Load these in order. Next: {step}.", step=say(STEPS[what][0])))


def there(page: Page, say: Say, what: str, count: int) -> Locator:
    return step(page, what).get_by_text(say("{n} there", n=count), exact=True)


def commands(page: Page, what: str) -> list[str]:
    """What the page says is to be typed for a step."""
    return step(page, what).locator("code").inner_text().strip().splitlines()


def secret(page: Page) -> str:
    """What the dialog shows once."""
    code = dialog(page).locator("code")
    code.filter(has_text=re.compile(r"\S{16,}")).wait_for()
    return code.inner_text().strip()


# The story


def test_an_administrators_first_hour(bank: ServedBank, desks: tuple[Page, Page], tmp_path: Path, say: Say) -> None:
    page, users = desks

    # An administrator signs in: the first page says what comes first, and there is no other to see yet.
    page.goto(f"{bank.address}/?lang={say.language}")
    expect(page).to_have_url(SIGN_IN)
    sign_in(page, CHIEF, PASSWORD)
    expect(title(page)).to_have_text(say("Set up the bank"))
    steps = [re.compile(rf"{place}\. {say(words)}") for place, (words, _) in enumerate(STEPS.values(), 1)]
    expect(page.locator("[class*=st-key-setup-]")).to_have_text([*steps, re.compile(say("Let people in"))])
    expect(named_next(page, say, "orgs")).to_be_visible()
    expect(next_step(page, say)).to_contain_text(say(STEPS["orgs"][0]))
    expect(page.get_by_role("link", name=say("Leaderboard"))).to_have_count(0)

    # Units, then relationship managers, go in by the empty file that the page gives; then it knows them, and names what
    # is next.
    loaded: tuple[tuple[SetupWhat, str, Sequence[tuple[str, ...]], SetupWhat], ...] = (
        ("orgs", "org,parent,level,name\n", UNITS, "rms"),
        ("rms", "rm,name,position,org,joined_on,supervisor", RMS, "scheme"),
    )
    for what, header, rows, following in loaded:
        file = take_along(page, f"template-{what}-csv", tmp_path)
        assert file.name == f"{what}.csv"
        assert file.read_text(encoding="utf-8-sig").startswith(header)
        assert commands(page, what) == [f"appraise import {what} {what}.xlsx"]
        fill_in(file, rows)
        assert main(["import", what, file.name]) == 0
        come_back(bank, page, say)
        expect(there(page, say, what, len(rows))).to_be_visible()
        expect(named_next(page, say, following)).to_be_visible()
        expect(next_step(page, say)).to_contain_text(say(STEPS[following][0]))

    # The scheme that comes along is checked and published as it is.
    scheme = take_along(page, "template-scheme", tmp_path)
    assert scheme.name == "scheme.toml"
    assert "[[indicators]]" in scheme.read_text(encoding="utf-8")
    assert commands(page, "scheme")[1:] == [f"appraise scheme {way}" for way in PUBLISHED]
    assert main(["scheme", "check", "scheme.toml"]) == 0
    publish(scheme)
    come_back(bank, page, say)
    expect(there(page, say, "scheme", 1)).to_be_visible()
    expect(named_next(page, say, "contracts")).to_be_visible()
    expect(next_step(page, say)).to_contain_text(say(STEPS["contracts"][0]))

    # HR of one branch is let in, with a password that the server makes and shows once.
    step(page, "people").get_by_role("link").click()
    expect(title(page)).to_have_text(say("People"))
    press(page, "people-add")
    choose(page, "new-role", say(ROLES["hr"]))
    choose(page, "new-scope-hr", "城南分行")
    field(page, say("Signs in as")).fill(USER)
    button(page, say("Let in")).click()
    expect(dialog(page).get_by_text(say("{name} can sign in now.", name=USER))).to_be_visible()
    given_out = secret(page)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    assert given_out not in page.content()
    (user,) = [user for user in bank.client.list_users().users if user.name == USER]
    assert (user.role, user.scope, user.one_time) == ("hr", "B1", True)

    # With that password nothing opens but the way to another one; then all that HR may see does.
    users.goto(f"{bank.address}/?lang={say.language}")
    expect(users).to_have_url(SIGN_IN)
    sign_in(users, USER, given_out)
    expect(title(users)).to_have_text(say("Choose your own password"))
    expect(users.get_by_role("link", name=say("Leaderboard"))).to_have_count(0)
    choose_a_password(users, given_out, say)
    expect(title(users)).to_have_text(say("Leaderboard"))
    expect(users.get_by_text(f"{say(ROLES['hr'])} · 城南分行")).to_be_visible()

    # The administrator ends the user's sessions: the board that the user watches gives way to the sign-in by itself,
    # and that leads back to it.
    stands = f"{say(ROLES['hr'])} · "
    expect(open_user(page).get_by_text(stands)).to_be_visible()
    press(dialog(page), "user-sign-out")
    press(dialog(page), "user-sign-out-yes")
    expect(page.get_by_text(say("Sessions ended: {n}", n=1))).to_be_visible()
    expect(users).to_have_url(SIGN_IN)
    sign_in(users, USER, OWN_PASSWORD)
    expect(title(users)).to_have_text(say("Leaderboard"))
    go_to(users, say("Scorecard"))
    expect(title(users)).to_have_text("王芳 · 南门支行")

    # Where the password was reset the next click leads there; the one that the user had chosen opens nothing more.
    expect(dialog(page)).to_have_count(0)
    expect(open_user(page).get_by_text(stands)).to_be_visible()
    press(dialog(page), "user-reset")
    press(dialog(page), "user-reset-yes")
    another = secret(page)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    assert another not in page.content()
    assert another not in (given_out, OWN_PASSWORD)
    go_to(users, say("Leaderboard"))
    expect(users.get_by_text("Your session has ended").first).to_be_visible()
    assert bank.identity.check_password(USER, another)
    assert not bank.identity.check_password(USER, OWN_PASSWORD)

    # A machine gets its token, which is shown once: the dialog, opened again, is empty.
    page.get_by_role("radio", name=say("Tokens")).click()
    press(page, "token-new")
    choose(page, "token-scope-system", say("the whole bank"))
    field(page, say("Speaks for")).fill("core-banking")
    field(page, say("Sources")).fill("core")
    button(page, say("Make")).click()
    expect(dialog(page).get_by_text(say("The token is made. It is shown only here: copy it now."))).to_be_visible()
    token = secret(page)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    assert token not in page.content()
    press(page, "token-new")
    expect(field(page, say("Speaks for"))).to_be_visible()
    expect(dialog(page).locator("code")).to_have_count(0)
    page.keyboard.press("Escape")
    assert "core-banking" in [token.subject for token in bank.client.list_tokens()]

    # The token opens the API as what it was made for, and a part of it opens nothing.
    with Client(bank.address, token=token) as machine:
        me = machine.me()
        assert (me.subject, me.role, me.scope) == ("core-banking", "system", None)
        assert "record_actions" in me.operations
    with Client(bank.address, token=token[:-1]) as stranger, pytest.raises(ApiProblem) as problem:
        stranger.me()
    assert problem.value.status == 401
