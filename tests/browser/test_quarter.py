"""One bank walks a whole quarter in a real browser: a contract is signed, the reviews are opened, rated, submitted,
returned, approved, contested, decided and made final; the run is prepared, released, read by real readers and verified;
one grade is opened again. Each acts in a language of their own. Then the auditor goes back over it event by event."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from dashboard.words import LANGUAGES, Say
from domain.calendar import Quarter
from projections.answers.reviews import ReviewRow
from tests.browser.conftest import ServedBank, Visit, appraise, served, settings
from tests.browser.paying import hr_prepares_and_another_one_releases, the_files_are_read_and_verified_as_the_page_says
from tests.browser.quarter import (
    Story,
    address,
    answered,
    in_ones_account,
    nothing_for_axe,
    press,
    rate_by_keyboard,
    surely,
    tick_all,
    told,
)

EN, ZH = Say("en"), Say("zh")
GIVEN = ("92", "88.5", "90"), ("85", "80", "82"), ("71", "68", "74")
WHY = "Which files were missing?"
CONTESTED = "The files were there in June"


@pytest.fixture(scope="module")
def own_bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBank]:
    """A bank whose last quarter is over and not yet opened for review; what is released here is in nobody's way."""
    folder = tmp_path_factory.mktemp("walked") / "data"
    until = Quarter.of(datetime.now(ZoneInfo("Asia/Shanghai")).date()).previous
    appraise(settings(folder), "demo", "--rms", "12", "--quarters", "1", "--until", str(until), "--no-serve")
    with served(folder) as bank:
        bank.client.me(min_position=bank.client.health_ready().log_position)
        yield bank


@pytest.fixture(scope="module")
def windows(own_bank: ServedBank, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Visit]:
    """The pages of that bank."""
    context = browser.new_context(**browser_context_args)
    yield Visit(own_bank, context)
    context.close()


def score(row: ReviewRow) -> Decimal:
    """The result so far."""
    assert row.provisional
    assert row.provisional.score is not None
    return row.provisional.score


def test_a_quarter_is_walked_from_its_contract_to_the_verified_file_and_opened_again(
    own_bank: ServedBank, visit: Visit, tmp_path: Path
) -> None:
    story = hr_opens_the_quarter(own_bank, visit)
    three_people_sign_and_a_change_asks_all_of_them_again(story)
    the_head_of_the_outlet_rates_talks_and_submits(story)
    the_department_returns_one_and_approves_the_others(story)
    what_was_returned_is_sent_again_and_approved_in_the_place_of_who_is_away(story)
    one_rm_acknowledges_and_another_one_appeals(story)
    a_declared_relative_decides_nothing_and_who_took_no_part_grants_the_appeal(story)
    hr_makes_them_final(story)
    hr_prepares_and_another_one_releases(story)
    the_files_are_read_and_verified_as_the_page_says(story, tmp_path)
    two_people_open_a_final_grade_again(story)


def hr_opens_the_quarter(bank: ServedBank, visit: Visit) -> Story:
    quarter = bank.client.me().quarters[-1]
    hr = bank.as_user("hr")
    many = hr.review_quarter(quarter).unopened
    page = visit("hr", address("reviews", EN, quarter=quarter))
    press(page, EN("Open {n} reviews", n=many))
    told(page, EN("{n} reviews opened", n=many))
    expect(page.get_by_role("button", name=EN("Open {n} reviews", n=many))).to_have_count(0)
    bank.client.me(min_position=bank.client.health_ready().log_position)
    drafted = {one.rm for one in hr.list_contracts(following(bank)).contracts if one.state != "none"}
    found = sorted(bank.as_user("supervisor").list_reviews(quarter).reviews, key=score)
    contests = next(row for row in found if row.rm not in drafted)
    talked_to, content = (row for row in found if row is not contests)
    story = Story(bank, visit, quarter, content, contests, talked_to)
    story.stands("open", *found)
    bank.let_in("contests", "rm", rm=contests.rm)
    elsewhere = next(row.org for row in hr.list_reviews(quarter).reviews if row.org != contests.org)
    bank.let_in("deputy", "approver", elsewhere)
    return story


def following(bank: ServedBank) -> int:
    """The year that contracts are signed for."""
    return bank.client.me().today.year + 1


def three_people_sign_and_a_change_asks_all_of_them_again(story: Story) -> None:
    rm, year = story.contests.rm, following(story.bank)
    head = story.at("supervisor", "contract", EN, year=str(year), rm=rm)
    press(head, EN("Draft from the scheme"))
    told(head, EN("The contract is drafted."))
    for name, say in (("supervisor", EN), ("contests", ZH), ("approver", EN)):
        page = head if name == "supervisor" else story.at(name, "contract", say, year=str(year), rm=rm)
        surely(page, say, "Sign this contract")
        expect(page.get_by_text(say("Signed."), exact=True)).to_be_visible()
    contract = story.bank.client.read_contract(rm, year)
    assert (contract.state, len(contract.signed)) == ("signed", 3)
    first = contract.lines[0]
    line = {"quarter": first.quarter, "indicator": first.indicator, "target": "99", "base": None}
    story.bank.as_user("supervisor").propose_targets(rm, year, [line], "a second outlet")
    page = story.at("contests", "contract", ZH, year=str(year))
    expect(page.get_by_role("button", name=ZH("Sign this contract"))).to_be_visible()
    assert story.bank.client.read_contract(rm, year).signed == []


def the_head_of_the_outlet_rates_talks_and_submits(story: Story) -> None:
    rows = (story.content, story.contests, story.talked_to)
    page = story.at("supervisor", "reviews", EN, review=story.content.rm)
    for row, given in zip(rows, GIVEN, strict=True):
        if row is not story.content:
            page.goto(story.bank.address + address("reviews", EN, quarter=story.quarter, review=row.rm))
        rate_by_keyboard(page, EN, row.name, given[: row.to_rate], "Steady work")
        assert page.get_by_test_id("stMain").evaluate("e => e.scrollHeight <= e.clientHeight"), "all on one screen"
    story.stands("rated", *rows)
    steps = page.locator(".st-key-review-steps")
    expect(steps).to_contain_text(EN("a recorded interview"))
    nothing_for_axe(page)
    press(page, EN("Record an interview"))
    answered(page, EN("What was said"), "What went well, and a plan", EN("Record"))
    told(page, EN("{name}: the interview is recorded", name=story.talked_to.name))
    expect(steps).not_to_contain_text(EN("a recorded interview"))
    page.goto(story.bank.address + address("reviews", EN, quarter=story.quarter, status="rated"))
    tick_all(page)
    press(page, EN("Submit {n}", n=3))
    told(page, EN("{n} submitted", n=3))
    story.stands("submitted", *rows)


def the_department_returns_one_and_approves_the_others(story: Story) -> None:
    page = story.at("approver", "reviews", EN, review=story.contests.rm)
    press(page, EN("Return"))
    answered(page, EN("What is to be looked at again"), WHY, EN("Return"))
    told(page, EN("{name}: returned to the supervisor", name=story.contests.name))
    story.stands("returned", story.contests)
    page.goto(story.bank.address + address("reviews", EN, quarter=story.quarter, status="submitted"))
    tick_all(page)
    press(page, EN("Approve {n}", n=2))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(EN("How high each supervisor rates")).first).to_be_visible()
    press(dialog, EN("Approve {n}", n=2))
    told(page, EN("{n} approved", n=2))
    story.stands("approved", story.content, story.talked_to)
    dialog = in_ones_account(page, EN, "While I am away")
    dialog.get_by_label(EN("Who does my duties (user name)")).fill("deputy")
    press(dialog, EN("Delegate"))
    expect(dialog.get_by_text("deputy in the place of approver")).to_be_visible()


def what_was_returned_is_sent_again_and_approved_in_the_place_of_who_is_away(story: Story) -> None:
    page = story.at("supervisor", "reviews", EN, review=story.contests.rm)
    told(page, WHY)
    page.get_by_role("tab", name=EN("Findings")).click()
    page.keyboard.press("Control+Enter")  # the tab keeps these keys for itself, unless the page hears them before
    told(page, EN("{name}: submitted", name=story.contests.name))
    page = story.at("deputy", "reviews", ZH, review=story.contests.rm)
    press(page, ZH("Approve"))
    told(page, ZH("{name}: approved", name=story.contests.name))
    story.stands("approved", story.contests)


def one_rm_acknowledges_and_another_one_appeals(story: Story) -> None:
    own = story.at("rm", "review", ZH, phone=True)
    surely(own, ZH, "I have seen it and don't contest it")
    told(own, ZH("You have acknowledged the result; HR makes it final."))
    story.stands("acknowledged", story.content)
    other = story.at("contests", "review", EN)
    press(other, EN("Appeal"))
    answered(other, EN("What is wrong with the result, and what shows it"), CONTESTED, EN("Send the appeal"))
    told(other, EN("Your appeal is in. Somebody who took no part decides it."))
    told(other, CONTESTED)
    story.stands("appealed", story.contests)


def a_declared_relative_decides_nothing_and_who_took_no_part_grants_the_appeal(story: Story) -> None:
    kin = story.at(story.bank.let_in("kin", "approver"), "reviews", EN, review=story.contests.rm)
    decide = re.compile(f"^{EN('Decide the appeal')}")
    expect(kin.get_by_role("button", name=decide)).to_be_visible()
    dialog = in_ones_account(kin, EN, "Relatives and others who are close to me")
    dialog.get_by_label(EN("Staff number or user name")).fill(story.contests.rm)
    press(dialog, EN("Declare"))
    expect(dialog.get_by_text(f"kin ↔ {story.contests.rm}")).to_be_visible()
    kin.keyboard.press("Escape")
    told(kin, "a declared relative of the RM decides nothing here")
    expect(kin.get_by_role("button", name=decide)).to_have_count(0)

    page = story.at(story.bank.let_in("third", "approver"), "reviews", EN, review=story.contests.rm)
    told(page, CONTESTED)
    box = page.locator("[class*=st-key-rate-] input").first
    box.fill("95")
    box.press("Enter")
    expect(page.get_by_role("heading", name=EN("Result if granted"))).to_be_visible()
    press(page, EN("Decide the appeal"))
    answered(page, EN("The reason; the relationship manager reads it"), "Seen in the archive", EN("Grant"))
    told(page, EN("{name}: the appeal is decided", name=story.contests.name))
    story.stands("decided", story.contests)
    told(story.at("contests", "review", ZH), "Seen in the archive")


def hr_makes_them_final(story: Story) -> None:
    page = story.at("hr", "reviews", EN, search=story.content.org_name, waiting="all")
    tick_all(page)
    press(page, EN("Make {n} final", n=3))
    press(page.get_by_role("dialog"), EN("Make {n} final", n=3))
    told(page, EN("{n} are final now", n=2))
    told(page, EN("{n} stayed as they are", n=1))
    story.stands("final", story.content, story.contests)
    story.stands("approved", story.talked_to)


def two_people_open_a_final_grade_again(story: Story) -> None:
    page = story.at("hr", "reviews", EN, review=story.content.rm)
    press(page, EN("Propose reopening"))
    answered(page, EN("Why it has to be opened again"), "A card was counted twice", EN("Propose reopening"))
    told(page, EN("{name}: reopening is proposed", name=story.content.name))
    expect(page.get_by_role("button", name=EN("Reopen"), exact=True)).to_have_count(0)
    story.stands("final", story.content)
    other = story.at("payroll", "reviews", ZH, review=story.content.rm)
    told(other, "A card was counted twice")
    press(other, ZH("Reopen"))
    press(other.get_by_role("dialog"), ZH("Reopen"))
    told(other, ZH("{name}: reopened", name=story.content.name))
    assert story.bank.as_user("hr").read_review(story.content.rm, story.quarter).row.round == 2


@pytest.mark.parametrize("say", [Say(language) for language in LANGUAGES], ids=list(LANGUAGES))
def test_the_auditor_walks_that_review_event_by_event_and_sees_who_read_the_card(
    own_bank: ServedBank, visit: Visit, say: Say
) -> None:
    quarter = own_bank.client.me().quarters[-1]
    rm = next(user.rm for user in own_bank.client.list_users(role="rm").users if user.name == "contests")
    one = next(grade for grade in own_bank.client.payroll_grades(quarter).grades if grade.employee == rm)
    page = visit("auditor", address("trail", say, rm=one.employee, quarter=quarter))
    expect(page.get_by_text(say("The final grade"), exact=True)).to_be_visible()
    steps = page.locator(".step")
    expect(steps.first).to_contain_text(say("Review opened"))
    expect(steps.last).to_contain_text(say("Grade final"))
    expect(steps.filter(has_text=say("Review submitted")).last).to_contain_text("supervisor")
    approved = steps.filter(has_text=say("Review approved")).last
    expect(approved).to_contain_text("deputy")
    expect(approved).to_contain_text("approver")
    nothing_for_axe(page)
    press(page, say.number(one.log_position))
    expect(page.get_by_role("dialog").get_by_text(say("As it is stored"))).to_be_visible()
    expect(page).to_have_url(re.compile(f"position={one.log_position}"))

    with own_bank.as_user("supervisor") as reader:
        reader.scorecard(one.employee, quarter)
    asked = {"part": "readings", "rm": one.employee, "quarter": quarter}
    page.goto(own_bank.address + address("trail", say, **asked, reader="supervisor"))
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    nothing_for_axe(page)
    page.goto(own_bank.address + address("trail", say, part="readings", reader="nobody-of-this-bank"))
    told(page, say("Nobody read such a card"))


def test_last_quarter_is_compared_only_where_both_have_final_grades(own_bank: ServedBank, visit: Visit) -> None:
    quarter = own_bank.client.me().quarters[-1]
    page = visit("hr", address("payroll", ZH, quarter=quarter, part="changes"))
    told(page, ZH("Nothing to compare yet"))
    nothing_for_axe(page)
