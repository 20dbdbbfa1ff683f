"""One quarter of a bank, who is who in it, and what people do with its pages by hand."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, Position, expect

from dashboard.words import Say
from projections.answers.reviews import ReviewRow, State
from tests.browser.conftest import PHONE, SCREEN, ServedBank, Visit
from tests.browser.test_reach import AXE, found_by_axe, settled

HEAD_BOX: Position = {"x": 17.0, "y": 17.0}
"""Pixels from the corner of a table to the box that ticks all: the table is a canvas."""


@dataclass(frozen=True)
class Story:
    """The bank, its quarter, and three RMs of the outlet whose head signs in: one sees the result and leaves it, one
    has a contract to sign and contests, with one the head has to talk."""

    bank: ServedBank
    visit: Visit
    quarter: str
    content: ReviewRow
    contests: ReviewRow
    talked_to: ReviewRow

    def at(self, name: str, page: str, say: Say, phone: bool = False, **more: str) -> Page:
        """A window of somebody at a page of this quarter."""
        return self.visit(name, address(page, say, quarter=self.quarter, **more), phone=phone)

    def stands(self, state: State, *rows: ReviewRow) -> None:
        """What the page did is in the log."""
        self.bank.client.me(min_position=self.bank.client.health_ready().log_position)
        hr = self.bank.as_user("hr")
        assert [hr.read_review(row.rm, self.quarter).row.state for row in rows] == [state] * len(rows)


def address(page: str, say: Say, **asked: str) -> str:
    return f"/{page}?{urlencode({'lang': say.language, **asked})}"


def press(where: Page | Locator, label: str) -> None:
    """Press the button of this name; the one that the keyboard takes bears its keys behind it."""
    where.get_by_role("button", name=re.compile(rf"^{re.escape(label)}(\s*Shortcut.*)?$")).click()


def told(page: Page, text: str) -> None:
    """The page says it."""
    expect(page.get_by_text(text).first).to_be_visible()


def surely(page: Page, say: Say, label: str) -> None:
    """Press what asks once more, and answer."""
    press(page, say(label))
    press(page, say("Yes, do it"))


def rate_by_keyboard(page: Page, say: Say, name: str, values: tuple[str, ...], comment: str) -> None:
    """Tab from box to box; the page puts the cursor into the first."""
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    boxes = page.locator("[class*=st-key-rate-] input")
    expect(boxes.first).to_be_focused()
    for place, value in enumerate(values):
        page.keyboard.type(value)
        page.keyboard.press("Tab")
        expect(boxes.nth(place)).to_have_value(value)
    page.keyboard.type(comment)
    expect(page.locator("[class*=st-key-rate-] textarea")).to_have_value(comment)
    page.keyboard.press("Tab")
    expect(page.locator(".st-key-review-way")).to_contain_text(f"◐ {say('Rated')}")
    settled(page)
    for place, value in enumerate(values):
        expect(boxes.nth(place)).to_have_value(value)


def tick_all(page: Page) -> None:
    """Tick each review of the list."""
    page.get_by_test_id("stDataFrame").filter(visible=True).click(position=HEAD_BOX)


def answered(page: Page, box: str, text: str, label: str) -> None:
    """Write into the box of the dialog, and send it."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(box).fill(text)
    press(dialog, label)


def in_ones_account(page: Page, say: Say, part: str) -> Locator:
    """The dialog of one's own account with a part of it open."""
    press(page, say("My account"))
    dialog = page.get_by_role("dialog")
    settled(page)
    dialog.get_by_text(say(part)).click()
    page.wait_for_function("!document.getAnimations().some(each => each.playState === 'running')")
    return dialog


def downloaded(page: Page, label: str, folder: Path) -> Path:
    """What the browser saves at the press of a button."""
    with page.expect_download() as saved:
        press(page.locator(".st-key-card-files"), label)
    file = folder / saved.value.suggested_filename
    saved.value.save_as(file)
    return file


def nothing_for_axe(page: Page) -> None:
    """What axe says, in the light on a laptop and in the dark on a phone; the page is never wider than the phone."""
    page.evaluate(AXE)
    page.add_style_tag(content="* { transition: none !important }")
    settled(page)
    found = found_by_axe(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    settled(page)
    found += found_by_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SCREEN)
    assert found == [], found
