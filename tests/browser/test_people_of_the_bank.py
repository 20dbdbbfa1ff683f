"""The demo's people at their work, in both languages; what a page says is taken from the catalogue."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from api.demo.stories import read_stories
from dashboard.words import LANGUAGES, Say
from projections.answers import LeaderboardHistory
from tests.browser.conftest import PHONE, ServedBank, Visit

PEOPLE = {story.story: story for story in read_stories().people}
BOX, HEAD, FIRST_ROW = 17, 17, 52
"""Pixels from the corner of a table to its boxes: the table is a canvas."""
pytestmark = pytest.mark.parametrize("say", [Say(language) for language in LANGUAGES], ids=list(LANGUAGES))


def at(path: str, say: Say, **settings: str) -> str:
    return f"{path}?" + "&".join(f"{name}={value}" for name, value in (settings | {"lang": say.language}).items())


def go(page: Page, say: Say, title: str) -> None:
    """By the menu, once the page is at rest: on a busy machine a press in the midst of a run was lost."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    page.get_by_role("link", name=say(title)).first.click()


def worked_out(bank: ServedBank, page: Page, quarter: str, rm: str) -> LeaderboardHistory:
    """The weeks behind an RM's place, once a busy machine has worked them all out: they come with a later look."""
    for _ in range(20):
        history = bank.client.leaderboard_history(quarter, around=rm)
        if history.complete:
            return history
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    raise AssertionError("the former weeks are still being worked out")


def test_an_rm_sees_in_the_morning_who_passed_and_why_and_records_a_visit_by_phone(
    bank: ServedBank, visit: Visit, say: Say
) -> None:
    passed, leader = PEOPLE["passed"], PEOPLE["leader"]
    quarter = max(bank.client.me().quarters)
    page = visit("rm", at("/", say))
    passing = worked_out(bank, page, quarter, passed.rm).overtaken_by
    expect(page.get_by_role("heading", name=say("My place"))).to_be_visible()
    assert leader.name in [one.name for one in passing]
    names = say.listed(f"{one.name} ({one.rank_before} → {one.rank})" for one in passing)
    expect(page.get_by_text(say("Passed by {names}", names=names))).to_be_visible()

    go(page, say, "Scorecard")
    expect(page.get_by_role("heading", level=1)).to_contain_text(passed.name)
    card = bank.client.scorecard(passed.rm, quarter)
    expect(page.get_by_test_id("stMetricValue").filter(has_text=say.number(card.grade.score))).to_be_visible()
    line = max((line for line in card.lines if line.events), key=lambda line: line.events)
    page.locator(f".st-key-events-{line.indicator} button").click()
    expect(page.get_by_role("dialog").get_by_text(say.of(line.name)).first).to_be_visible()
    expect(page.get_by_role("dialog").get_by_test_id("stDataFrame")).to_be_visible()
    page.keyboard.press("Escape")

    page.set_viewport_size(PHONE)
    page.goto(bank.address + at("/record", say))
    with bank.as_user("rm") as rm:
        kind = next(kind for kind in rm.me().kinds if kind.kind == "visit")
    chosen = page.locator(".st-key-record-kind button").filter(has_text=re.compile(f"^{say.of(kind.name)}$"))
    chosen.click()
    page.get_by_role("textbox", name=say("Note (if any)")).fill(f"by phone, {say.language}")
    page.get_by_role("button", name=say("Record"), exact=True).click()
    expect(page.get_by_text(say("Recorded at log position {position}", position="")).first).to_be_visible()
    expect(page.get_by_text(f"by phone, {say.language}").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_supervisor_decides_on_friday_on_many_at_once_and_the_rm_reads_why_one_was_refused(
    bank: ServedBank, visit: Visit, say: Say
) -> None:
    reason = f"no such customer ({say.language})"
    with bank.as_user("rm") as rm:
        for n in (1, 2, 3):
            rm.record_action(kind="visit", occurred_on=rm.me().today.isoformat(), quantity="1", note=f"{n}")
    page = visit("supervisor", at("/verify", say))
    waiting = bank.client.list_actions(state="recorded", rm=PEOPLE["passed"].rm).total
    assert waiting >= 3
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_have_count(1)
    table.click(position={"x": BOX, "y": FIRST_ROW})
    expect(page.get_by_role("button", name=say("Verify {n}", n="1"))).to_be_visible()
    page.get_by_role("button", name=say("Reject")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name=say("Reason")).fill(reason)
    dialog.get_by_role("button", name=say("Reject")).click()
    expect(page.get_by_text(say("{n} decided", n="1"))).to_be_visible()

    expect(table).to_have_count(1)  # with a decision goes the table in which it was ticked
    table.click(position={"x": BOX, "y": HEAD})
    many = page.get_by_role("button", name=re.compile("^.*" + say("Verify {n}", n="[0-9]+")))
    expect(many).to_be_visible()
    many.click()
    expect(page.get_by_text(say("Nothing waits for you"))).to_be_visible()

    diary = visit("rm", at("/record", say, view="week"))
    expect(diary.get_by_text(reason).first).to_be_visible()


def test_an_auditor_sees_what_was_known_on_an_earlier_day_and_the_event_that_changed_it(
    bank: ServedBank, visit: Visit, say: Say
) -> None:
    rm, day, quarter = PEOPLE["leader"].rm, date(2026, 9, 30), "2026Q3"
    then = bank.client.scorecard(rm, quarter, as_of=day.isoformat()).grade.score
    now = bank.client.scorecard(rm, quarter).grade.score
    assert then != now
    page = visit("auditor", at("/scorecard", say, rm=rm, quarter=quarter, as_of=day.isoformat()))
    expect(page.get_by_text(say("A look back"))).to_be_visible()
    score = page.get_by_test_id("stMetricValue").first
    expect(score).to_have_text(say.number(then))
    page.goto(bank.address + at("/scorecard", say, rm=rm, quarter=quarter))
    expect(score).to_have_text(say.number(now))

    with bank.as_user("auditor") as auditor:
        late = auditor.list_events(rm=rm, quarter=quarter, from_day=date(2026, 10, 1), limit=1).events[0]
    page.goto(bank.address + at("/events", say, rm=rm, quarter=quarter, **{"from": "2026-10-01"}))
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.goto(bank.address + at("/events", say, rm=rm, position=str(late.position)))
    when = say.time(late.recorded_at, bank.client.me().timezone)
    expect(page.get_by_text(say("Recorded {when} by {who}", when=when, who=late.by))).to_be_visible()
