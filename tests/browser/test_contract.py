"""Contracts and plans in the browser, by typing into their tables; how one is signed is told in test_quarter.py."""

from decimal import Decimal

from playwright.sync_api import Page, Position, expect

from dashboard.words import Say
from tests.browser.conftest import Visit
from tests.browser.test_reach import settled

SAY = Say("en")
FIRST: Position = {"x": 385, "y": 52}
"""Within the first figure of a form's table: right of the names, below the headings."""


def typed(page: Page, form: str, text: str) -> None:
    """Open a form and type into the first figure of its table, as one does."""
    settled(page)
    page.get_by_text(form).click()
    cells = page.get_by_test_id("stForm").get_by_test_id("stDataFrame")
    expect(cells.locator("canvas").first).to_be_visible()
    page.wait_for_function("!document.getAnimations().some(each => each.playState === 'running')")
    cells.dblclick(position=FIRST)
    editor = page.locator(".gdg-input")
    editor.fill(text)
    editor.press("Enter")


def test_other_targets_are_proposed_by_typing_them_into_the_table(visit: Visit) -> None:
    year = visit.bank.client.me().today.year + 1
    page = visit("supervisor", f"/contract?year={year}&rm=R0007&lang=en")
    assert visit.bank.client.read_contract("R0007", year).lines[0].target != 77
    typed(page, SAY("Propose other targets"), "77")
    page.get_by_label(SAY("Reason"), exact=True).fill("a second outlet")
    page.get_by_role("button", name=SAY("Propose"), exact=True).click()
    expect(page.get_by_text(SAY("Proposed. All three sign the new text."))).to_be_visible()
    contract = visit.bank.client.read_contract("R0007", year)
    assert (contract.lines[0].target, contract.signed) == (Decimal(77), [])
    assert (contract.history[0].target, contract.history[0].reason) == (Decimal(77), "a second outlet")


def test_a_plan_is_set_by_typing_though_the_log_goes_on_meanwhile(visit: Visit) -> None:
    year = visit.bank.client.me().today.year + 1
    top = visit.bank.client.list_units()[0]
    page = visit("hr", f"/contract?year={year}&view=plan&lang=en")
    typed(page, SAY("Set the plan of {unit}", unit=top.name), "4321")
    receipt = visit.bank.as_user("supervisor").draft_contract("R0022", year)
    visit.bank.client.me(min_position=receipt.position)
    told = visit.bank.client.read_plan(top.org, year)
    assert told.moment.position >= receipt.position
    page.get_by_role("button", name=SAY("Set the plan"), exact=True).click()
    expect(page.get_by_text(SAY("The plan is set."))).to_be_visible()
    visit.bank.client.me(min_position=visit.bank.client.health_ready().log_position)
    planned = visit.bank.client.read_plan(top.org, year)
    own = {(one.indicator, one.quarter): one.plan for one in planned.lines if one.org == top.org}
    assert own[told.indicators[0].indicator, f"{year}Q1"] == 4321
