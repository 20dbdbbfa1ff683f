"""The screen of awards."""

import re

from api.client import ApiProblem
from projections.answers.awards import Awards
from tests.dashboard.awarded import MOMENT, NONE, award
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me


def shown(opened: Open, bank: SmallBank, **settings: str) -> str:
    return "".join(html.value for html in opened(bank, "awards", **settings).html)


def test_an_rm_sees_the_own_badges_each_with_its_drawing_and_the_events_behind_it(opened: Open) -> None:
    page = opened(SmallBank(), "awards")
    assert page.title[0].value == "My awards"
    assert "Badges won: 2" in texts(page)
    said = "".join(html.value for html in page.html)
    assert said.count('<img class="drawing" alt=""') == 7
    assert "2026Q3 · won on Sep 9, 2026" in said
    assert "Events behind it: 4" in said
    assert said.count("<b>made it true</b>") == 1
    assert "/record?rm=rm005&amp;view=day&amp;day=2026-09-09&amp;lang=en" in said
    assert "and 2 more" in said


def test_who_may_read_the_log_is_led_to_the_events_themselves(opened: Open) -> None:
    bank = SmallBank(person=me("auditor"))
    assert "/events?rm=rm001&amp;position=9&amp;lang=en" in shown(opened, bank, rm="rm001")


def test_the_next_badges_say_how_far_they_are_and_what_keeps_one_from_being_won(opened: Open) -> None:
    said = shown(opened, SmallBank())
    assert "50 % of the target, asked is 100 %; decided after Sep 30, 2026" in said
    assert "not in this period: see position 7" in said
    assert "Clean &lt;record&gt;" in said
    in_chinese = shown(opened, SmallBank(), lang="zh")
    assert "；2026年9月30日后评定" in in_chinese
    assert "2026年9月9日获得" in in_chinese


def test_a_badge_that_waits_for_its_close_alone_says_so_in_either_language(opened: Open) -> None:
    full = award("clean", "Clean record", "零投诉", **{**NONE, "awaits_close": True})
    bank = SmallBank(awarded=Awards(moment=MOMENT, rm="rm005", won=[], next_badges=[full], streaks=[]))
    assert "2 of 2 customers: reached, decided at the close of 2026Q3" in shown(opened, bank)
    assert "已达到，2026Q3 结束时评定" in shown(opened, bank, lang="zh")
    assert "2 of 2 customers: reached, decided at the close of 2026Q3" in texts(opened(bank)), "in the morning, too"


def test_a_place_leads_to_its_board_and_a_measure_to_its_card(opened: Open) -> None:
    said = shown(opened, SmallBank())
    assert "Leaderboard of 2026Q2" in said
    assert "/scorecard?rm=rm005&amp;quarter=2026Q3&amp;lang=en" in said


def test_streak_and_level_stand_at_the_top_in_either_language(opened: Open) -> None:
    said = shown(opened, SmallBank(), lang="zh")
    assert "日志不断" in said
    assert "最长 31 · 持有冻结 1 / 2 · 今日待完成" in said
    assert "能手 · 下半年" in said
    assert "距行家还差 116" in said


def test_what_each_action_earned_is_told_with_why_not_more_in_words(opened: Open) -> None:
    page = opened(SmallBank(), "awards")
    assert page.expander[0].label == "What each action earned: 184 from 9 actions"
    (table,) = [html.value for html in page.html if "<table" in html.value]
    rows = [re.sub(r"<[^>]+>", "|", row) for row in table.split("<tr>")[2:]]
    told = [re.sub(r"\|+", "|", row.partition("C1|")[2].strip("|")) for row in rows]
    complaint = "|Complaint · Sep 10, 2026 · crm:c&lt;1&gt;|"
    assert told == [
        "3|6",
        "Beyond the limit of Sep 9, 2026: 1 of 3 counted.|No. 2 with this customer: earns 50 %.|1 of 3|1| |of 6",
        "No. 2 with this customer: earns 50 %.|3|3| |of 6",
        "No certificate was in force on Sep 8, 2026.|0 of 3|0| |of 6",
        f"Taken back by {complaint}.|3|0| |of 6",
        f"In part taken back by {complaint}: 2 is left.|2|4| |of 6",
        f"Taken back by {complaint}.|0|0| |of 6",
        "Withdrawn, earns nothing.|0|0| |of 6",
    ]
    assert "/record?rm=rm005&amp;view=day&amp;day=2026-09-10&amp;lang=en" in table
    said = "".join(html.value for html in page.html)
    assert "Best week <b>60</b> · from Jul 6, 2026" in said
    assert "Best quarter <b>184</b> · 2026Q3" in said


def test_the_actions_that_earned_points_are_turned_page_by_page_in_the_quarter_chosen(opened: Open) -> None:
    page = opened(SmallBank(), "awards", quarter="2026Q2")
    assert not page.expander[0].proto.expanded
    page.button(key="points-next").click().run()
    assert page.query_params["after"] == "3"
    assert page.expander[0].proto.expanded
    (table,) = [html.value for html in page.html if "<table" in html.value]
    assert table.count("<tr>") == 2
    page.selectbox(key="pick-quarter").select("2026Q3").run()
    assert "after" not in page.query_params


def test_without_points_in_the_quarter_the_rest_is_shown(opened: Open) -> None:
    bank = SmallBank(trouble={"points": ApiProblem(404, "No", "", [])})
    assert "The log is kept" in shown(opened, bank)


def test_a_scheme_without_badges_says_so(opened: Open) -> None:
    bank = SmallBank(awarded=Awards(moment=MOMENT, rm="rm005", won=[], next_badges=[], streaks=[]))
    assert "Nothing to win here" in texts(opened(bank, "awards"))
