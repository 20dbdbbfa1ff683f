"""A branch head's question in a real browser: why is this outlet red, and which entries are behind it?"""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.words import Say
from projections.answers import Organisation, QuarterlyCheck
from tests.browser.conftest import ServedBank, Visit

FIRST_NAME = {"x": 150, "y": 52}
"""Where in a table the first row's name is: the table is a canvas."""


def below(bank: ServedBank, scope: str) -> Organisation:
    return bank.client.organisation(str(bank.client.me().quarter), scope=scope)


def open_first(page: Page, table: str) -> None:
    """Click the name that stands first."""
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.locator(f".st-key-wide-{table}").get_by_test_id("stDataFrame").click(position=FIRST_NAME)  # type: ignore[arg-type]


def furthest_behind(bank: ServedBank, check: QuarterlyCheck, quarter: str) -> str:
    """The line with entries behind it that comes to least of its target."""
    lines = {line.indicator for line in bank.client.scorecard(check.rm, quarter).lines if line.events}
    return min(
        (line.pace, line.indicator) for line in check.lines if line.indicator in lines and line.pace is not None
    )[1]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_branch_head_goes_from_the_outlet_that_lags_down_to_the_entries(
    bank: ServedBank, visit: Visit, tmp_path: Path, lang: str
) -> None:
    say, user = Say(lang), next(user for user in bank.identity.users() if user.name == "branch")
    assert user.scope
    page = visit("branch", f"/organisation?lang={lang}")
    way, unit = page.locator(".st-key-way"), below(bank, user.scope)
    expect(way).to_contain_text(unit.unit.name)
    while unit.rows:
        open_first(page, f"units-{unit.scope}")
        unit = below(bank, unit.rows[0].org)
        expect(page).to_have_url(re.compile(f"scope={unit.scope}"))
        expect(way).to_contain_text(unit.unit.name)
    expect(page.get_by_text(say("People, furthest behind first"))).to_be_visible()

    quarter = unit.quarter
    check = bank.client.quarterly_checks(quarter, scope=unit.scope).checks[0]
    open_first(page, f"people-{unit.scope}")
    expect(page).to_have_url(re.compile(f"/scorecard.*rm={check.rm}"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(check.name)

    indicator = furthest_behind(bank, check, quarter)
    page.locator(f".st-key-events-{indicator}").get_by_role("button").click()
    entries = page.get_by_role("dialog")
    with page.expect_download() as download:
        entries.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "entries.csv")
    with (tmp_path / "entries.csv").open(encoding="utf-8-sig", newline="") as file:
        positions = [int(row[say("Log position")]) for row in csv.DictReader(file)]
    behind = bank.client.line_events(check.rm, quarter, indicator)
    assert positions[: len(behind.events)] == [entry.position for entry in behind.events]


def test_a_narrow_screen_has_a_table_of_its_own_and_nothing_is_wider(visit: Visit) -> None:
    page = visit("hr", "/organisation?lang=zh")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("[class*=st-key-narrow-units]")).to_be_visible()
    expect(page.locator("[class*=st-key-wide-units]")).to_be_hidden()
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollWidth <= e.clientWidth")
