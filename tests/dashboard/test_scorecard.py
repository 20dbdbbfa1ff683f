"""The scorecard's screen."""

import pytest

from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me, not_graded


def test_an_rm_sees_the_own_card_and_chooses_nobody(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    assert page.title[0].value == "陈雨桐 · 城东支行"
    assert [box.label for box in page.selectbox] == ["Quarter"]


def test_the_grade_stands_in_four_figures(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    assert [(one.label, one.value, one.delta) for one in page.metric] == [
        ("Score", "71.5", "8.5 to Good"),
        ("Pay coefficient", "1", "Qualified"),
        ("Rank", "5 of 5", "总行"),
        ("Points of the game", "184", "not in the grade"),
    ]


def test_each_indicator_says_how_its_points_came_about(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "75 % of the target earns 75 % of 25 points" in said
    assert "**18.75** :gray[of 25 points]" in said


def test_an_indicator_shows_measured_target_and_completion(opened: Open) -> None:
    bars = opened(SmallBank(), "scorecard").progress
    assert bars[0].text.startswith("**1,500,000 CNY** of 2,000,000 CNY")
    assert bars[0].text.endswith("75 %")
    assert bars[0].value == 75


def test_over_fulfilment_is_read_while_the_bar_ends_at_the_target(opened: Open) -> None:
    bar = opened(SmallBank(), "scorecard").progress[1]
    assert (bar.value, bar.text.endswith("110 %")) == (100, True)


def test_an_amended_target_is_flagged_with_its_old_value(opened: Open) -> None:
    assert "target was 1,800,000 CNY" in opened(SmallBank(), "scorecard").progress[0].text


def test_what_nobody_rated_is_not_scored_and_says_why(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "Not rated yet: its weight is spread over the other indicators." in said.replace("\\", "")
    assert ":gray[not scored]" in said


def test_a_missing_certificate_is_flagged(opened: Open) -> None:
    assert "No certificate" in texts(opened(SmallBank(), "scorecard"))


def test_a_condition_that_holds_says_what_it_does_and_comes_first(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "at best Qualified" in said
    assert said.index("More than three complaints") < said.index("A breach")


def test_what_would_reach_the_next_tier_is_named_in_its_unit(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    assert "**Daily-average savings** +680,000 CNY" in said
    assert "Customer visits** +" not in said


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("no-contract", "No performance contract was agreed"),
        ("short-service", "too few working days"),
        ("no-scheme", "No scheme is in force"),
        ("no-score", "No indicator could be scored"),
        ("not-gradable", "outside the range"),
    ],
)
def test_no_grade_is_a_state_with_its_reason_and_shows_no_figure(opened: Open, status: str, reason: str) -> None:
    page = opened(SmallBank(scorecards={"rm005": not_graded(status)}), "scorecard")
    assert "Not graded" in texts(page)
    assert reason in texts(page)
    assert len(page.metric) == 0


def test_the_events_behind_a_line_are_one_click_away(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "scorecard")
    page.button(key="events-savings").click().run()
    table = page.dataframe[0].value
    assert list(table["position"]) == [9, 5, 2]
    assert list(table["effect"]) == ["500,000", "-500,000", "500,000"]
    assert list(table["kind"]) == ["Deposit", "Deposit (taken back)", "Deposit"]
    assert ("line_events", "savings") in [(name, told.get("indicator")) for name, told in bank.sent]


def test_a_line_without_events_has_no_button(opened: Open) -> None:
    assert [one.key for one in opened(SmallBank(), "scorecard").button if one.key] == [
        "events-savings",
        "events-visits",
    ]


def test_a_supervisor_chooses_the_person_by_name_or_id(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor"))
    page = opened(bank, "scorecard", rm="rm003")
    assert page.selectbox(key="pick-rm").options[2] == "张子涵 · rm003 · 城东支行"
    assert [told["rm"] for name, told in bank.sent if name == "scorecard"] == ["rm003"]


def test_a_day_in_the_address_shows_the_card_as_it_was_known_then(opened: Open) -> None:
    bank = SmallBank()
    opened(bank, "scorecard", as_of="2026-08-31")
    assert [told["as_of"] for name, told in bank.sent if name == "scorecard"] == ["2026-08-31"]


def test_the_waterfall_has_a_text_that_says_the_same(opened: Open) -> None:
    chart = opened(SmallBank(), "scorecard").get("echarts_chart")[0]
    assert chart.proto.alt.startswith("Points by indicator: Daily-average savings 18.75 / 25")
