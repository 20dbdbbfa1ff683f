"""A quarter is judged in a real browser: rated by keyboard, submitted and approved in bulk, returned, seen, contested,
decided, and made final."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Position, expect

from dashboard.words import Say
from domain.calendar import Quarter
from projections.answers.reviews import ReviewRow, State
from tests.browser.conftest import ServedBank, Visit, appraise
from tests.browser.test_reach import AXE, found_by_axe, settled

EN, ZH = Say("en"), Say("zh")
HEAD_BOX: Position = {"x": 17.0, "y": 17.0}
"""Pixels from the corner of a table to the box that ticks all: the table is a canvas."""


@pytest.fixture(scope="module")
def quarter(bank: ServedBank) -> str:
    """The newest quarter that is over; its reviews are open."""
    me = bank.client.me()
    quarter = max(one for one in me.quarters if Quarter.parse(one).last_day < me.today)
    hr = bank.as_user("hr")
    if hr.review_quarter(quarter).unopened:
        hr.open_review_quarter(quarter, me.today + timedelta(days=7))
    return quarter


@pytest.fixture(scope="module")
def people(bank: ServedBank) -> dict[str, str]:
    """Who judges: each of them in the whole bank, and none of them given their rights by another."""
    roles = {"rater": "supervisor", "second": "approver", "third": "approver", "clerk": "hr"}
    return {name: bank.let_in(f"judging-{name}", role) for name, role in roles.items()}


@pytest.fixture
def two(bank: ServedBank, quarter: str) -> list[ReviewRow]:
    """Two reviews that nobody has begun, of good results: low tiers ask for more before they are final."""
    found = bank.as_user("hr").list_reviews(quarter, status="open", limit=200).reviews
    graded = [one for one in found if one.provisional and one.provisional.score is not None and not one.rated]
    return sorted(graded, key=lambda one: one.provisional.score or 0, reverse=True)[:2]  # type: ignore[union-attr]


def of(bank: ServedBank, row: ReviewRow) -> str:
    """The RM's user, who may be there already."""
    known = [user.name for user in bank.client.list_users(role="rm").users if user.rm == row.rm]
    return known[0] if known else bank.let_in(f"judged-{row.rm.lower()}", "rm", rm=row.rm)


def stands(bank: ServedBank, row: ReviewRow, state: State) -> None:
    """What the page did is in the log."""
    assert bank.as_user("hr").read_review(row.rm, row.quarter).row.state == state


def test_hr_opens_the_review_of_who_is_known_only_now(
    visit: Visit, bank: ServedBank, quarter: str, people: dict[str, str], tmp_path: Path
) -> None:
    somebody = bank.as_user("hr").list_reviews(quarter, limit=1).reviews[0]
    line = f"R9001,林晚来,{somebody.post},{somebody.org},{Quarter.parse(quarter).first_day},{somebody.supervisor}"
    late = tmp_path / "late.csv"
    late.write_text(f"rm,name,position,org,joined_on,supervisor\n{line}\n", encoding="utf-8")
    assert appraise(bank.environment, "import", "rms", str(late)).splitlines()[-1].startswith("accepted 1,")
    bank.client.me(min_position=bank.client.health_ready().log_position)

    page = visit(people["clerk"], f"/reviews?lang=en&quarter={quarter}")
    page.get_by_role("button", name=EN("Open {n} reviews", n=1)).click()
    expect(page.get_by_text(EN("{n} reviews opened", n=1))).to_be_visible()
    expect(page.get_by_role("button", name=EN("Open {n} reviews", n=1))).to_have_count(0)
    bank.client.me(min_position=bank.client.health_ready().log_position)
    assert bank.as_user("hr").read_review("R9001", quarter).row.state == "open"


def rate_by_keyboard(page: Page, name: str, values: tuple[str, ...], comment: str) -> None:
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
    page.keyboard.press("Control+Enter")  # saves the comment; with all of it there, the same keys submit
    expect(page.locator(".st-key-review-way")).to_contain_text(f"◐ {EN('Rated')}")
    settled(page)
    for place, value in enumerate(values):
        expect(boxes.nth(place)).to_have_value(value)


def test_a_quarter_is_rated_by_keyboard_approved_answered_contested_decided_and_made_final(
    visit: Visit, bank: ServedBank, quarter: str, people: dict[str, str], two: list[ReviewRow]
) -> None:
    first, second = two
    page = visit(people["rater"], f"/reviews?lang=en&quarter={quarter}&review={first.rm}")
    rate_by_keyboard(page, first.name, ("92", "88.5", "90")[: first.to_rate], "Steady work")
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollHeight <= e.clientHeight"), "all on one screen"
    stands(bank, first, "rated")
    page.goto(f"{bank.address}/reviews?lang=en&quarter={quarter}&review={second.rm}")
    rate_by_keyboard(page, second.name, ("85", "80", "82")[: second.to_rate], "Good with customers")

    page.goto(f"{bank.address}/reviews?lang=en&quarter={quarter}&status=rated&waiting=all")
    many = len(bank.as_user(people["rater"]).list_reviews(quarter, status="rated", limit=200).reviews)
    page.get_by_test_id("stDataFrame").filter(visible=True).click(position=HEAD_BOX)
    page.get_by_role("button", name=EN("Submit {n}", n=many), exact=True).click()
    expect(page.get_by_text(EN("{n} submitted", n=many))).to_be_visible()
    stands(bank, first, "submitted")
    stands(bank, second, "submitted")

    department = visit(people["second"], f"/reviews?lang=en&quarter={quarter}&review={second.rm}")
    department.get_by_role("button", name=EN("Return"), exact=True).click()
    dialog = department.get_by_role("dialog")
    dialog.get_by_label(EN("What is to be looked at again")).fill("Which files were missing?")
    dialog.get_by_role("button", name=EN("Return"), exact=True).click()
    expect(department.get_by_text(EN("{name}: returned to the supervisor", name=second.name))).to_be_visible()
    stands(bank, second, "returned")
    department.goto(f"{bank.address}/reviews?lang=en&quarter={quarter}&status=submitted&waiting=all")
    many = len(bank.as_user(people["second"]).list_reviews(quarter, status="submitted", limit=200).reviews)
    department.get_by_test_id("stDataFrame").filter(visible=True).click(position=HEAD_BOX)
    department.get_by_role("button", name=EN("Approve {n}", n=many), exact=True).click()
    dialog = department.get_by_role("dialog")
    expect(dialog.get_by_text(EN("How high each supervisor rates")).first).to_be_visible()
    dialog.get_by_role("button", name=EN("Approve {n}", n=many), exact=True).click()
    expect(department.get_by_text(EN("{n} approved", n=many))).to_be_visible()
    stands(bank, first, "approved")

    page = visit(people["rater"], f"/reviews?lang=en&quarter={quarter}&review={second.rm}")
    expect(page.get_by_text("Which files were missing?")).to_be_visible()
    page.get_by_role("tab", name=EN("Findings")).click()
    page.keyboard.press("Control+Enter")  # the tab keeps these keys for itself, unless the page hears them before
    expect(page.get_by_text(EN("{name}: submitted", name=second.name))).to_be_visible()
    bank.as_user(people["second"]).approve_review(second.rm, quarter)

    own = visit(of(bank, first), f"/review?lang=zh&quarter={quarter}", phone=True)
    own.get_by_role("button", name=ZH("I have seen it and don't contest it")).click()
    own.get_by_role("button", name=ZH("Yes, do it")).click()
    expect(own.get_by_text(ZH("You have acknowledged the result; HR makes it final.")).first).to_be_visible()
    stands(bank, first, "acknowledged")

    other = visit(of(bank, second), f"/review?lang=en&quarter={quarter}")
    other.get_by_role("button", name=EN("Appeal"), exact=True).click()
    dialog = other.get_by_role("dialog")
    dialog.get_by_label(EN("What is wrong with the result, and what shows it")).fill("The files were there in June")
    dialog.get_by_role("button", name=EN("Send the appeal")).click()
    expect(other.get_by_text(EN("Your appeal is in. Somebody who took no part decides it.")).first).to_be_visible()
    expect(other.get_by_text("The files were there in June")).to_be_visible()
    stands(bank, second, "appealed")

    decides = visit(people["third"], f"/reviews?lang=en&quarter={quarter}&review={second.rm}")
    expect(decides.get_by_text("The files were there in June")).to_be_visible()
    box = decides.locator("[class*=st-key-rate-] input").first
    box.fill("95")
    box.press("Enter")
    expect(decides.get_by_role("heading", name=EN("Result if granted"))).to_be_visible()
    decides.get_by_role("button", name=re.compile(f"^{EN('Decide the appeal')}")).click()
    dialog = decides.get_by_role("dialog")
    dialog.get_by_label(EN("The reason; the relationship manager reads it")).fill("Seen in the archive")
    dialog.get_by_role("button", name=EN("Grant"), exact=True).click()
    expect(decides.get_by_text(EN("{name}: the appeal is decided", name=second.name))).to_be_visible()
    stands(bank, second, "decided")
    other = visit(of(bank, second), f"/review?lang=zh&quarter={quarter}")
    expect(other.get_by_text("Seen in the archive")).to_be_visible()

    for row, status in ((first, "acknowledged"), (second, "decided")):
        clerk = visit(
            people["clerk"], f"/reviews?lang=en&quarter={quarter}&status={status}&search={row.name}&waiting=all"
        )
        clerk.get_by_test_id("stDataFrame").filter(visible=True).click(position=HEAD_BOX)
        clerk.get_by_role("button", name=EN("Make {n} final", n=1), exact=True).click()
        clerk.get_by_role("dialog").get_by_role("button", name=EN("Make {n} final", n=1), exact=True).click()
        expect(clerk.get_by_text(EN("{n} are final now", n=1))).to_be_visible()
        stands(bank, row, "final")


def test_on_one_review_axe_finds_nothing_in_the_light_or_in_the_dark(
    visit: Visit, bank: ServedBank, quarter: str
) -> None:
    found = bank.as_user("supervisor").list_reviews(quarter).reviews[0]
    page = visit("supervisor", f"/reviews?lang=en&quarter={quarter}&review={found.rm}")
    page.evaluate(AXE)
    page.add_style_tag(content="* { transition: none !important }")
    expect(page.locator(".result-card")).to_be_visible()
    settled(page)
    broken = found_by_axe(page)
    page.emulate_media(color_scheme="dark")
    settled(page)
    assert broken + found_by_axe(page) == []
