"""The way back: each touch is one entry of the browser's history, under the path of the page that it led to."""

import re

from playwright.sync_api import Page, expect

from dashboard.words import Say
from tests.browser.conftest import Visit
from tests.browser.test_reach import settled

SAY = Say("en")


def go(page: Page, title: str) -> None:
    """By the menu to another page, whose address then says what it is set to."""
    page.get_by_test_id("stSidebarNavLink").filter(has_text=SAY(title)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SAY(title))
    settled(page)


def test_a_press_in_the_menu_is_one_step_of_the_way_back_and_takes_no_setting_along(visit: Visit) -> None:
    page = visit("branch", "/organisation?lang=en").context.new_page()  # whose history begins here
    page.goto(f"{visit.bank.address}/organisation?lang=en")
    expect(page.get_by_role("heading", level=1)).to_have_text(SAY("Organisation"))
    settled(page)
    steps, first = page.evaluate("history.length"), page.url
    go(page, "Quarterly check")
    second = page.url
    assert "part=" not in second
    go(page, "Organisation")
    assert page.evaluate("history.length") == steps + 2
    for address, title in ((second, "Quarterly check"), (first, "Organisation")):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text(SAY(title))
        settled(page)
        assert page.url.split("?")[0] == address.split("?")[0]
    page.close()


def test_an_event_opens_where_it_is_seen_and_closes_again(visit: Visit) -> None:
    page = visit("auditor", "/events?lang=en&position=1&as_of=2099-01-01")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_in_viewport()
    page.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(page).not_to_have_url(re.compile("position="))
