"""A quarter is paid: one of HR prepares, another one releases, the files are read by real readers and verified with the
manifest; the auditor walks a review event by event. In both languages, on a bank of its own."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.words import LANGUAGES, Say
from tests.browser.conftest import PHONE, SCREEN, ServedBank, Visit, appraise, served
from tests.browser.test_reach import AXE, found_by_axe, settled

QUARTER = "2026Q3"
OTHER, READER = "second-of-hr", "chief"
pytestmark = pytest.mark.parametrize("say", [Say(language) for language in LANGUAGES], ids=list(LANGUAGES))


@pytest.fixture(scope="module")
def own_bank(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBank]:
    """A bank of this story's own: what is final or released here stands in nobody's way."""
    folder = tmp_path_factory.mktemp("paid") / "data"
    shutil.copytree(demo, folder)
    with served(folder) as bank:
        bank.client.me(min_position=bank.client.health_ready().log_position)
        bank.let_in(OTHER, "hr")
        bank.let_in(READER, "supervisor")
        yield bank


@pytest.fixture
def visit(own_bank: ServedBank, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Visit]:
    """The pages of that bank; at the end nothing went wrong in the browser."""
    context = browser.new_context(**browser_context_args)
    visiting = Visit(own_bank, context)
    yield visiting
    context.close()
    assert visiting.noticed == []


def waiting(bank: ServedBank) -> list[str]:
    """Whose final grades no run holds yet; where all are released, HR makes those final that the RMs have seen."""
    if not bank.client.payroll_progress(QUARTER).waiting:
        with bank.as_user(OTHER) as hr:
            seen = hr.list_reviews(QUARTER, status="acknowledged").reviews
            receipt = hr.finalise_reviews(QUARTER, {row.rm: row.version for row in seen})
        assert receipt.accepted > 0
        bank.client.seen = receipt.position
    return [grade.employee for grade in bank.client.payroll_grades(QUARTER).grades if grade.run is None]


def at(path: str, say: Say, **settings: str) -> str:
    return f"{path}?{urlencode({'lang': say.language, **settings})}"


def downloaded(page: Page, label: str, folder: Path) -> Path:
    """What the browser saves at the press of a button."""
    with page.expect_download() as saved:
        page.locator(".st-key-card-files").get_by_role("button", name=label, exact=True).click()
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
    assert found == []


def test_hr_prepares_another_one_releases_and_the_files_are_read_and_verified(
    own_bank: ServedBank, visit: Visit, say: Say, tmp_path: Path
) -> None:
    number = len(own_bank.client.list_runs()) + 1
    final = waiting(own_bank)
    told = own_bank.client.payroll_progress(QUARTER)
    missing = told.served - told.graded

    page = visit("hr", at("/payroll", say, quarter=QUARTER))
    expect(page.get_by_text(say("Who has no final grade, and why"))).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").nth(1)).to_have_text(say.number(told.graded))
    expect(page.get_by_test_id("stMetricValue").nth(3)).to_have_text(say.number(missing))
    page.get_by_role("button", name=say("Payroll runs")).or_(
        page.get_by_role("radio", name=say("Payroll runs"))
    ).click()
    page.get_by_role("button", name=say("Prepare the run")).click()
    page.get_by_role("button", name=say("Yes, do it")).click()
    title = say("{quarter}, run {run}", quarter=QUARTER, run=str(number))
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(
        page.get_by_text(say("You prepared it. Another person of HR looks at it here and releases it."))
    ).to_be_visible()
    expect(page.get_by_role("button", name=say("Release to payroll"))).to_have_count(0)

    link = page.url.removeprefix(own_bank.address)
    other = visit(OTHER, link)
    expect(other.get_by_text(own_bank.client.read_run(QUARTER, number).run.digest)).to_be_visible()
    release = other.get_by_role("button", name=say("Release to payroll"))
    expect(release).to_be_disabled()
    tick = say(
        "I have looked at the list: {n} people have no final grade and get nothing from this run.",
        n=say.number(missing),
    )
    other.get_by_text(tick).click()
    expect(release).to_be_enabled()
    nothing_for_axe(other)
    release.click()
    expect(
        other.get_by_text(re.compile(re.escape(say("Released by {who}, {when}", who=OTHER, when="")[:12])))
    ).to_be_visible()

    expect(other.get_by_role("button", name=say("Manifest"), exact=True)).to_be_visible()  # the files stand above it
    settled(other)
    name = f"payroll-{QUARTER}-run-{number}"
    sheet, book, parquet, whole = (downloaded(other, form, tmp_path) for form in ("CSV", "XLSX", "Parquet", "JSON"))
    manifest = downloaded(other, say("Manifest"), tmp_path)
    assert [file.name for file in (sheet, book, parquet, whole, manifest)] == [
        f"{name}.csv", f"{name}.xlsx", f"{name}.parquet", f"{name}.json", f"{name}-manifest.json",
    ]  # fmt: skip
    with sheet.open(encoding="utf-8", newline="") as lines:
        assert [row["employee"] for row in csv.DictReader(lines)] == final
    rows = list(openpyxl.load_workbook(book, read_only=True)["grades"].values)
    assert [row[0] for row in rows[1:]] == final
    with duckdb.connect() as con:
        found = con.execute("SELECT employee FROM read_parquet(?) ORDER BY 1", [str(parquet)]).fetchall()
    assert [row[0] for row in found] == final
    read = json.loads(whole.read_text(encoding="utf-8"))
    assert ([one["employee"] for one in read["grades"]], len(read["without"])) == (final, missing)
    verified = appraise(own_bank.environment, "verify", "--manifest", str(manifest), "--file", str(sheet))
    assert verified


def test_the_auditor_walks_a_review_and_a_run_event_by_event_and_sees_who_read_the_card(
    own_bank: ServedBank, visit: Visit, say: Say
) -> None:
    one = next(grade for grade in own_bank.client.payroll_grades(QUARTER).grades if grade.round == 1)
    with own_bank.as_user("auditor") as auditor:
        final = auditor.read_event(one.log_position).event.state
    with own_bank.as_user(READER) as reader:
        reader.scorecard(one.employee, QUARTER)
    page = visit("auditor", at("/trail", say, rm=one.employee, quarter=QUARTER))
    expect(page.get_by_text(say("The final grade"), exact=True)).to_be_visible()
    steps = page.locator(".step")
    expect(steps.first).to_contain_text(say("Review opened"))
    expect(steps.last).to_contain_text(say("Grade final"))
    expect(steps.filter(has_text=say("Review submitted")).last).to_contain_text(str(final["rated_by"]))
    expect(steps.filter(has_text=say("Review approved")).last).to_contain_text(str(final["approved_by"]))
    nothing_for_axe(page)
    page.get_by_role("button", name=str(one.log_position)).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(say("As it is stored"))).to_be_visible()
    expect(page).to_have_url(re.compile(f"position={one.log_position}"))

    page.goto(own_bank.address + at("/trail", say, part="readings", rm=one.employee, quarter=QUARTER, reader=READER))
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    nothing_for_axe(page)
    page.goto(own_bank.address + at("/trail", say, part="readings", reader="nobody-of-this-bank"))
    expect(page.get_by_text(say("Nobody read such a card"))).to_be_visible()


def test_last_quarter_is_compared_only_where_both_have_final_grades(
    own_bank: ServedBank, visit: Visit, say: Say
) -> None:
    page = visit("hr", at("/payroll", say, quarter=QUARTER, part="changes"))
    expect(page.get_by_text(say("Nothing to compare yet"))).to_be_visible()
    nothing_for_axe(page)
