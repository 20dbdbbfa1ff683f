"""The charts: lengths that add up, and a sentence that says the same."""

from datetime import date
from decimal import Decimal
from typing import Any

from dashboard import charts
from dashboard.words import Say
from tests.dashboard.small_bank import LINES, card, grade

say = Say("en")


def series(option: charts.Option) -> list[list[Any]]:
    bars: Any = option["series"]
    return [[item["value"] if isinstance(item, dict) else item for item in bar["data"]] for bar in bars]


def test_each_bar_of_the_waterfall_starts_where_the_one_before_ended() -> None:
    bases, earned, _ = series(charts.waterfall(card(), say)[0])
    assert bases == [0, 18.75, 46.25, 0]
    assert earned == [18.75, 27.5, 25.25, 71.5]


def test_a_line_that_takes_points_off_hangs_below_the_sum_before_it() -> None:
    lines = [LINES[0], LINES[1].model_copy(update={"points": Decimal(-5)})]
    bases, earned, _ = series(charts.waterfall(card(lines=lines, grade=grade(score=Decimal("13.75"))), say)[0])
    assert bases == [0, 13.75, 0]
    assert earned == [18.75, 5, 13.75]


def test_what_a_line_could_still_earn_is_shown_pale_and_never_negative() -> None:
    missing = series(charts.waterfall(card(), say)[0])[2]
    assert missing == [6.25, 0, 6, 0]


def test_the_waterfall_marks_the_floor_of_the_next_tier() -> None:
    option: Any = charts.waterfall(card(), say)[0]
    marks = option["series"][1]["markLine"]["data"]
    assert [(mark["xAxis"], mark["label"]["formatter"]) for mark in marks] == [(80, "Good")]


def test_the_points_stand_beside_the_waterfall_where_no_line_crosses_them() -> None:
    option: Any = charts.waterfall(card(), say)[0]
    assert option["yAxis"][1]["data"] == ["18.75", "27.5", "25.25", "71.5"]
    assert [bar.get("label") for bar in option["series"]] == [None] * 3


def test_a_calendar_ends_with_the_quarter_and_has_a_cell_for_each_day_that_was_told() -> None:
    days = [(date(2026, 7, 1), 0), (date(2026, 7, 2), 3)]
    option: Any = charts.heat_map(days, date(2026, 9, 30), say)[0]
    assert option["calendar"]["range"] == ["2026-07-01", "2026-09-30"]
    assert option["dataset"]["source"][1:] == [["2026-07-01", 0], ["2026-07-02", 3]]
    assert option["series"][0]["encode"] == {"time": "day", "value": "count"}


def test_a_calendar_without_actions_says_so() -> None:
    text = charts.heat_map([(date(2026, 7, 1), 0)], date(2026, 9, 30), say)[1]
    assert text == "No action from Jul 1, 2026 to Jul 1, 2026."


def test_the_waterfalls_text_names_every_scored_line_and_the_score() -> None:
    text = charts.waterfall(card(), say)[1]
    assert text == (
        "Points by indicator: Daily-average savings 18.75 / 25; Customer visits 27.5 / 25; Compliance 25.25 / 31.25. "
        "Score: 71.5."
    )


def test_the_distributions_text_says_the_counts() -> None:
    text = charts.distribution([("Excellent", "green", 3), ("Good", "blue", 1)], say)[1]
    assert text == "Relationship managers by tier: Excellent 3, Good 1."


def test_a_running_quarters_tiers_bear_one_quiet_colour() -> None:
    assert charts.is_running(card())
    assert not charts.is_running(card(quarter="2026Q2"))
    assert charts.badge_colours(["passed", "failed"], quiet=True) == {"passed": "gray", "failed": "gray"}


def test_a_long_name_breaks_instead_of_being_cut() -> None:
    option: Any = charts.waterfall(card(), say)[0]
    assert option["yAxis"][0]["axisLabel"]["overflow"] == "break"


def test_a_scheme_with_two_tiers_gets_the_best_and_the_worst_colour() -> None:
    assert charts.badge_colours(["passed", "failed"]) == {"passed": "green", "failed": "red"}
