"""The rule book in a browser: from a score line to its clause, and a version that a second person approves."""

import re
from datetime import date

from playwright.sync_api import expect

from domain.calendar import Quarter
from tests.browser.conftest import PHONE, ROOT, ServedBank, Visit
from tests.browser.test_reach import settled

SHIPPED = ROOT / "domain/schemes/anshun-personal-rm/2026-01-01.toml"


def test_a_click_on_the_clause_of_a_score_line_leads_to_its_words_in_the_rule_book(visit: Visit) -> None:
    page = visit("rm", "/scorecard?lang=en")
    expect(page.get_by_role("heading", name="Conditions that limit the grade")).to_be_visible()  # below all lines
    settled(page)
    link = page.locator("a.to-clause").last
    number = link.inner_text().removeprefix("clause ")
    link.click()
    clause = page.locator(".rule-book .marked")
    expect(clause.locator(".number")).to_have_text(f"Clause {number}")
    expect(clause).to_be_in_viewport()
    expect(page).to_have_url(re.compile(f"/scheme[?].*clause={re.escape(number)}"))
    page.locator(".limits a").first.click()
    expect(page.locator(".rule-book .clause").first).to_be_in_viewport()
    page.set_viewport_size(PHONE)
    settled(page)
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_hr_reads_what_a_proposal_changes_and_approves_it(visit: Visit, bank: ServedBank) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace('floor = "80"', 'floor = "81"')
    text = text.replace('"anshun-personal-rm"', '"of-trainees"').replace('positions = ["*"]', 'positions = ["trainee"]')
    day = Quarter.of(date.today()).first_day  # the quarters before it are final, and no version may change them
    text = text.replace("effective = 2026-01-01", f"effective = {day}")
    proposed = bank.client.propose_scheme(text)
    page = visit("hr", "/scheme?lang=en")
    waits = page.locator(f".st-key-waits-{proposed.scheme}-{proposed.effective}")
    expect(waits).to_contain_text("of-trainees · positions: trainee")
    waits.get_by_role("button", name="Approve").click()
    waits.get_by_role("button", name="Yes, do it").click()
    expect(page.get_by_text(f"is published, in force from {day:%b} {day.day}, {day.year}")).to_be_visible()
    expect(waits).to_have_count(0)
    assert {one.scheme: one.by for one in bank.client.list_schemes()}["of-trainees"] == "hr"
