"""Who can't see well, or uses no mouse: what axe finds on each page, the order of the Tab key, the room for a thumb."""

import re
from importlib import resources

import pytest
from playwright.sync_api import Page, expect

from dashboard.words import Say
from tests.browser.conftest import PHONE, ROOT, SCREEN, Visit

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PAGES = {
    "rm": ["leaderboard", "scorecard", "record", "awards", "review"],
    "supervisor": ["checks", "verify", "reviews"],
    "branch": ["organisation", "scheme", "contract"],
    "hr": ["payroll", "fairness"],
    "auditor": ["events", "trail"],
    "admin": ["people", "setup"],
}
"""Each page as somebody sees it for whom it is made."""
SAY = Say("en")
MOST_OF_A_LABEL = 80
THUMB = 44
"""Pixels that a thumb needs."""


def found_by_axe(page: Page) -> list[str]:
    """What breaks a rule of axe, as "rule: element"."""
    broken = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:200]}" for one in broken for node in one["nodes"]]


def settled(page: Page) -> None:
    """The run of the page has ended: what it shows is all there."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()


def test_every_page_is_looked_at() -> None:
    source = (ROOT / "dashboard" / "app.py").read_text(encoding="utf-8")
    pages = re.findall(r'^    "([a-z]+)": Screen\($', source, re.MULTILINE)
    assert sorted(pages) == sorted(page for those in PAGES.values() for page in those)


@pytest.mark.parametrize("name", PAGES)
def test_the_menu_marks_each_page_and_axe_finds_nothing_in_the_light_or_in_the_dark(visit: Visit, name: str) -> None:
    page = visit(name, f"/{PAGES[name][0]}?lang=en")
    page.evaluate(AXE)
    page.add_style_tag(content="* { transition: none !important }")  # colours are looked at, not their change
    title = page.get_by_role("heading", level=1)
    for path in PAGES[name]:
        entry = page.get_by_test_id("stSidebarNavLink").and_(page.locator(f'[href="{visit.bank.address}/{path}"]'))
        if path != PAGES[name][0]:
            before = title.inner_text()
            entry.click()
            expect(title).not_to_have_text(before)
        expect(entry).to_have_attribute("aria-current", "page")
        settled(page)
        found = {"light, on a laptop": found_by_axe(page)}
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        settled(page)
        found["dark, on a phone"] = found_by_axe(page)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(SCREEN)
        assert not any(found.values()), (path, found)


def reached_by_tab(page: Page, wanted: list[str], most: int) -> list[str]:
    """Which of these the Tab key comes to from the title on, in its order. The code of some widgets is fetched when one
    is first shown: until they all stand there, the key goes past them."""
    for each in wanted:
        named = page.get_by_label(each).or_(page.get_by_role("button", name=each))
        expect(named.filter(visible=True).first).to_be_visible()
    page.get_by_role("heading", level=1).click()
    reached: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        label = page.evaluate("(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()")
        if len(label) > MOST_OF_A_LABEL:  # nothing has the focus: this is the page
            continue
        reached += [each for each in wanted if each in label and each not in reached]
    return reached


def test_the_tab_key_goes_through_the_leaderboards_filters_and_then_to_the_table_that_this_width_shows(
    visit: Visit,
) -> None:
    page = visit("rm", "/leaderboard?lang=en")
    expect(page.get_by_text(SAY("Rank race"))).to_be_visible()
    wanted = [SAY(label) for label in ("Period", "Quarter", "Ranked by", "More", "Search this table")]
    assert reached_by_tab(page, wanted, 60) == wanted
    for size in (SCREEN, PHONE):
        page.set_viewport_size(size)
        expect(page.get_by_test_id("stDataFrame").filter(visible=True)).to_have_count(1)


def test_the_form_of_the_work_log_goes_by_tab_from_top_to_bottom_and_has_room_for_a_thumb(visit: Visit) -> None:
    page = visit("rm", "/record?lang=en", phone=True)
    record = page.get_by_role("button", name=SAY("Record"), exact=True)
    wanted = ["Call", SAY("Day"), SAY("Quantity"), SAY("Customer code (if any)"), SAY("Note (if any)"), SAY("Record")]
    assert reached_by_tab(page, wanted, 20) == wanted
    kinds = page.locator(".st-key-record-kind button").all()
    form = page.get_by_test_id("stForm")
    day = [form.get_by_test_id("stDateInputField"), form.get_by_test_id("stDateInputCalendarButton")]
    boxes = form.locator("[data-testid$=RootElement]").all()
    assert len(kinds) > 3
    assert len(boxes) == 3
    sizes = [one.bounding_box() or {"width": 0.0, "height": 0.0} for one in (*kinds, *day, *boxes, record)]
    assert [size for size in sizes if min(size["width"], size["height"]) < THUMB] == []
