"""The steps in which a quarter is paid: one prepares, another one releases, real readers read the files."""

import csv
import json
import re
import shlex
from pathlib import Path

import duckdb
import openpyxl
from playwright.sync_api import expect

from dashboard.words import Say
from tests.browser.conftest import appraise
from tests.browser.quarter import Story, downloaded, nothing_for_axe, surely, told
from tests.browser.test_reach import settled

EN, ZH = Say("en"), Say("zh")


def hr_prepares_and_another_one_releases(story: Story) -> None:
    progress = story.bank.client.payroll_progress(story.quarter)
    missing = progress.served - progress.graded
    page = story.at("hr", "payroll", EN)
    told(page, EN("Who has no final grade, and why"))
    expect(page.get_by_test_id("stMetricValue").nth(1)).to_have_text("2")
    expect(page.get_by_test_id("stMetricValue").nth(3)).to_have_text(EN.number(missing))
    part = EN("Payroll runs")
    page.get_by_role("button", name=part).or_(page.get_by_role("radio", name=part)).click()
    surely(page, EN, "Prepare the run")
    title = EN("{quarter}, run {run}", quarter=story.quarter, run="1")
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    told(page, EN("You prepared it. Another person of HR looks at it here and releases it."))
    expect(page.get_by_role("button", name=EN("Release to payroll"))).to_have_count(0)

    other = story.at("payroll", "payroll", ZH, part="runs", run="1")
    told(other, story.bank.client.read_run(story.quarter, 1).run.digest)
    release = other.get_by_role("button", name=ZH("Release to payroll"))
    expect(release).to_be_disabled()
    tick = "I have looked at the list: {n} people have no final grade and get nothing from this run."
    other.get_by_text(ZH(tick, n=missing)).click()
    expect(release).to_be_enabled()
    nothing_for_axe(other)
    release.click()
    released = re.escape(ZH("Released by {who}, {when}", who="X", when="X")).replace("X", ".+")
    expect(other.get_by_text(re.compile(released)).first).to_be_visible()


def the_files_are_read_and_verified_as_the_page_says(story: Story, folder: Path) -> None:
    page = story.at("payroll", "payroll", EN, part="runs", run="1")
    expect(page.get_by_role("button", name=EN("Manifest"), exact=True)).to_be_visible()  # the files stand above it
    settled(page)
    files = [downloaded(page, form, folder) for form in ("CSV", "XLSX", "Parquet", "JSON", EN("Manifest"))]
    name = f"payroll-{story.quarter}-run-1"
    ends = (".csv", ".xlsx", ".parquet", ".json", "-manifest.json")
    assert [file.name for file in files] == [name + end for end in ends]
    final = sorted((story.content.rm, story.contests.rm))
    with files[0].open(encoding="utf-8", newline="") as lines:
        assert [row["employee"] for row in csv.DictReader(lines)] == final
    rows = list(openpyxl.load_workbook(files[1], read_only=True)["grades"].values)
    assert [row[0] for row in rows[1:]] == final
    with duckdb.connect() as con:
        found = con.execute("SELECT employee FROM read_parquet(?) ORDER BY 1", [str(files[2])]).fetchall()
    assert [row[0] for row in found] == final
    read = json.loads(files[3].read_text(encoding="utf-8"))
    progress = story.bank.client.payroll_progress(story.quarter)
    assert [one["employee"] for one in read["grades"]] == final
    assert len(read["without"]) == progress.served - 2
    command = page.locator("code").filter(has_text="appraise verify").inner_text()
    program, *words = shlex.split(command)
    assert program == "appraise"
    kept = {file.name: str(file) for file in files}
    assert appraise(story.bank.environment, *(kept.get(word, word) for word in words))
