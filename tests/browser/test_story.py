"""What people do with the pages, in a real browser on a real bank."""

import math
import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from projections.answers import Leaderboard, ScoreLine, Standing
from tests.browser.conftest import ServedBank, Visit

CHECKBOX, FIRST_ROW = 17, 52
"""Pixels from the corner of a table to the first row's box: the table is a canvas."""


def figure(page: Page, label: str) -> str:
    """The value of a figure on the scorecard."""
    card = page.get_by_test_id("stMetric").filter(has_text=re.compile(f"^{label}"))
    expect(card.get_by_test_id("stMetricValue")).to_be_visible()
    return card.get_by_test_id("stMetricValue").inner_text().strip()


def within_reach(bank: ServedBank, board: Leaderboard) -> tuple[Standing, int]:
    """An RM whom more new customers lift past the one above, and how many it takes to reach the cap."""
    for above, own in zip(board.standings, board.standings[1:], strict=False):
        line = new_customers(bank, own.rm or "", board.quarter)
        if above.value is None or own.value is None or line is None:
            continue
        gain, needed = to_the_cap(line)
        if above.value < own.value + gain:
            return own, needed
    raise AssertionError("nobody in this demo bank is within reach of the next")


def new_customers(bank: ServedBank, rm: str, quarter: str) -> ScoreLine | None:
    lines = bank.client.scorecard(rm, quarter).lines
    return next((line for line in lines if line.indicator == "new_customers" and line.scored), None)


def to_the_cap(line: ScoreLine) -> tuple[Decimal, int]:
    """What the line gains at 1.2 times its target, and the customers that takes."""
    target, measured, points = line.target or Decimal(0), line.measured or Decimal(0), line.points or Decimal(0)
    needed = math.ceil(target * Decimal("1.2") - measured)
    return line.share * Decimal("1.2") - points - Decimal("0.01"), max(needed, 0)


@pytest.fixture
def board(bank: ServedBank) -> Leaderboard:
    written = bank.client.health_ready().log_position  # the server answers before it has followed the whole log
    quarter = max(bank.client.me(min_position=written).quarters)
    return bank.client.leaderboard(quarter)


def test_an_action_that_is_recorded_and_verified_moves_the_score_and_the_rank(
    visit: Visit, bank: ServedBank, board: Leaderboard
) -> None:
    own, customers = within_reach(bank, board)
    known = [user.name for user in bank.client.list_users(role="rm").users if user.rm == own.rm]
    mover = known[0] if known else bank.let_in("mover", "rm", rm=own.rm)  # an RM signs in by one name
    page = visit(mover, f"/scorecard?quarter={board.quarter}&lang=en")
    expect(page.get_by_role("heading", level=1)).to_contain_text(own.name)
    score_before, rank_before = figure(page, "Score"), figure(page, "Rank")
    assert rank_before == f"{own.rank} of {board.ranked}"

    page.get_by_role("link", name="Work log").click()
    page.get_by_role("radio", name="New premium customer", exact=True).or_(
        page.get_by_role("button", name="New premium customer", exact=True)
    ).click()
    page.get_by_label("Quantity").fill(str(customers))
    page.get_by_role("textbox", name="Note (if any)").fill("a story")
    page.get_by_role("button", name="Record", exact=True).click()
    receipt, second_look = page.get_by_text("Recorded at log position"), page.get_by_role("dialog")
    expect(receipt.or_(second_look)).to_be_visible()
    if second_look.is_visible():  # more than earns points in a day
        second_look.get_by_role("button", name="Record all the same").click()
    expect(receipt).to_be_visible()
    expect(page.get_by_text("Waits for verification").first).to_be_visible()

    supervisor = visit(bank.let_in("checker", "supervisor"), "/verify?lang=en")
    expect(supervisor.get_by_role("button", name="Verify", exact=True)).to_be_disabled()
    table = supervisor.get_by_test_id("stDataFrame")
    table.click(position={"x": CHECKBOX, "y": FIRST_ROW})
    supervisor.get_by_role("button", name="Verify 1", exact=True).click()
    expect(supervisor.get_by_text("1 decided")).to_be_visible()

    page.get_by_role("link", name="Scorecard").click()
    expect(page.get_by_text("How the score comes about")).to_be_visible()
    after = bank.client.scorecard(own.rm or "", board.quarter)
    assert after.grade.score is not None
    assert Decimal(figure(page, "Score")) == after.grade.score > Decimal(score_before)
    assert int(figure(page, "Rank").split()[0]) < own.rank


def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_podium_reads_one_two_three(
    visit: Visit, bank: ServedBank
) -> None:
    page = visit("supervisor", "/?lang=en", phone=True)
    steps = [page.locator(f"[class*=st-key-podium-{place}-rank]") for place in (1, 2, 3)]
    expect(steps[2]).to_be_visible()
    tops = [(step.bounding_box() or {"y": -1})["y"] for step in steps]
    assert tops == sorted(tops)
    for path in ("/", "/scorecard", "/verify"):
        page.goto(bank.address + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        inside = "e => e.scrollWidth <= e.clientWidth"
        assert page.get_by_test_id("stMain").evaluate(inside)
