"""The game as an RM meets it: the own place, off the boards and back, a badge and the events behind it; a supervisor
looks whether the boards are fair."""

import re

from playwright.sync_api import Page, expect

from dashboard.words import Say
from tests.browser.conftest import ServedBank, Visit

SAY = Say("en")
NAME = "rm-short"
"""One of the demo's people, whom no other story looks for on a board."""


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=SAY(text)).click()


def test_an_rm_finds_the_own_place_leaves_the_boards_and_comes_back_and_follows_a_badge_to_its_events(
    visit: Visit, bank: ServedBank
) -> None:
    with bank.as_user(NAME) as rm:
        quarter, own = max(rm.me().quarters), rm.me().rm
        assert own

        def found() -> set[str | None]:
            return {one.rm for one in rm.leaderboard(quarter).standings}

        everybody = bank.client.leaderboard(quarter)
        hidden = [one for one in everybody.standings if one.rm not in found()]
        assert hidden
        assert min(one.rank for one in hidden) > everybody.ranked / 2

        page = visit(NAME, "/leaderboard?lang=en")
        place = next(one for one in everybody.standings if one.rm == own)
        rank = page.locator(".st-key-my-rank")
        expect(rank).to_contain_text(SAY("Rank {rank} of {ranked}", rank=place.rank, ranked=everybody.ranked))
        expect(page.get_by_text(SAY("Of the lower half only your neighbours are named."))).to_be_visible()
        race = page.get_by_role("img", name=re.compile("^Ranks from"))  # says in words whom the page has on the board
        expect(race).to_have_accessible_name(re.compile(place.name))
        assert not [one.name for one in hidden if one.name in page.content()]

        press(page, "My account")
        page.get_by_role("dialog").get_by_text(SAY("Leaderboards and I")).click()
        press(page, "Leave the leaderboards")
        expect(page.get_by_role("button", name=SAY("Back to the leaderboards"))).to_be_visible()
        assert own not in found()
        assert own not in {one.rm for one in bank.client.leaderboard(quarter).standings}
        page.goto(f"{bank.address}/leaderboard?lang=en")
        expect(page.locator(".st-key-my-place")).to_contain_text("You are on no leaderboard")
        expect(race).to_have_accessible_name(re.compile(everybody.standings[0].name))
        expect(race).not_to_have_accessible_name(re.compile(place.name))
        press(page, "Leaderboards and I")
        page.get_by_role("dialog").get_by_text(SAY("Leaderboards and I")).click()
        press(page, "Back to the leaderboards")
        expect(page.get_by_role("button", name=SAY("Leave the leaderboards"))).to_be_visible()
        assert own in found()

        page.goto(f"{bank.address}/awards?lang=en")
        badge = next(one for one in rm.awards(own).won if one.events)
        card = page.locator(".awards.won article").filter(has_text=badge.name.en)
        card.get_by_text(SAY("Events behind it: {n}", n=badge.total)).click()
        event = badge.events[0]
        card.get_by_role("link").filter(has_text=SAY.day(event.occurred_on)).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(SAY("Work log"))
        entry = f"st-key-own-{event.action_id.replace(':', '-').replace('.', '-')}"
        expect(page.locator(f"[class*='{entry}']").first).to_be_visible()

    page = visit("supervisor", "/fairness?lang=en")
    expect(page.get_by_role("heading", level=1)).to_have_text(SAY("Fairness"))
    expect(page.get_by_role("heading", name=SAY("Too few people to compare"))).to_be_visible()  # in one outlet
