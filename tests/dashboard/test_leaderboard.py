"""The leaderboard's screen.

Longer than 300 lines because board, own place, race and files are of one page.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from api.client import ApiProblem
from api.receipts import FieldFault
from dashboard import filters
from dashboard.screens import replay
from projections.answers import Alike, Board, SeasonOf, Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import POINTS, STANDINGS, SmallBank, me


def asked(bank: SmallBank, name: str = "leaderboard") -> dict[str, object]:
    """What the screen asked last."""
    return dict([told for called, told in bank.sent if called == name][-1])


def test_the_board_shows_ranks_names_and_scores_in_order(opened: Open) -> None:
    table = opened(SmallBank(person=me("supervisor"))).dataframe[0].value
    assert list(table["rank"]) == [1, 2, 2, 4, 5]
    assert list(table["name"][:2]) == ["王思远", "李婉清"]
    assert list(table["value"]) == [94.35, 91.2, 91.2, 84.75, 71.5]


def test_a_file_of_the_board_holds_the_own_name_as_it_is(opened: Open, tables_taken: dict[str, list[str]]) -> None:
    opened(SmallBank())
    own = [line for lines in tables_taken.values() for line in lines if "陈雨桐" in line]
    assert own
    assert [line for line in own if "you" in line] == []


def test_the_podium_holds_the_first_three_with_their_scores(opened: Open) -> None:
    page = opened(SmallBank(person=me("supervisor")))
    assert [metric.value for metric in page.metric] == [
        f"{score} :small[:gray[points]]" for score in ("94.35", "91.2", "91.2")
    ]


def test_the_rule_for_ties_is_named(opened: Open) -> None:
    assert "Equal values share a rank" in texts(opened(SmallBank()))


def test_the_moment_in_the_log_is_named(opened: Open) -> None:
    caption = next(one for one in opened(SmallBank()).caption if "As of Sep 15, 2026" in one.value)
    assert caption.help == "log position 12,345"


def test_an_rm_sees_the_own_place_between_the_neighbours(opened: Open) -> None:
    said = texts(opened(SmallBank()))
    assert "**Rank 5 of 5**" in said
    assert "4 · 刘一鸣 · 84.75 points" in said
    assert "5 · 陈雨桐 (you) · 71.5 points" in said


def test_a_supervisor_has_no_place_of_the_own(opened: Open) -> None:
    assert "My place" not in texts(opened(SmallBank(person=me("supervisor"))))


def test_values_that_are_not_ones_own_to_see_stay_empty_and_the_page_says_why(opened: Open) -> None:
    page = opened(SmallBank(values_seen=False), by="visits")
    table = page.dataframe[0].value
    assert [value for value in table["value"] if value == value] == [71.5]
    assert "Figures of others are seen by them and by those above" in texts(page)
    assert "Figures of others" not in texts(opened(SmallBank(), by="visits"))
    nobodys = opened(SmallBank(person=me("supervisor"), values_seen=False), by="visits").dataframe[0].value
    assert "value" not in nobodys
    assert len(nobodys) == 5


def test_each_row_tells_its_movement_with_an_arrow_a_dash_or_a_word(opened: Open) -> None:
    rows = [*STANDINGS, (6, False, "rm006", "周新来", "east", "qualified", "60")]
    page = opened(SmallBank(person=me("supervisor"), rows=rows))
    assert list(page.dataframe[0].value["moved"]) == ["–", "▲ 2", "▼ 1", "▲ 1", "▼ 1", "new"]
    assert "places since the end of Sep 8, 2026" in texts(page)


def test_a_movement_that_is_not_ones_own_to_see_stays_empty_and_the_page_says_why(opened: Open) -> None:
    class Veiled(SmallBank):
        """A bank in which one came from the lower half."""

        def leaderboard(self, *args: Any, **asked: Any) -> Any:
            board = super().leaderboard(*args, **asked)
            rows = [one.model_copy(update={"movement": None}) if one.rm == "rm002" else one for one in board.standings]
            return board.model_copy(update={"standings": rows})

    page = opened(Veiled())
    assert list(page.dataframe[0].value["moved"]) == ["–", "", "▼ 1", "▲ 1", "▼ 1"]
    assert "Who stood in the lower half before" in texts(page)
    assert "Who stood in the lower half before" not in texts(opened(SmallBank()))


def test_the_tier_column_says_that_it_is_the_overall_grade_beside_another_measure(opened: Open) -> None:
    heads = [opened(SmallBank(), by=by).dataframe[0].proto.columns for by in ("score", "visits")]
    assert ['"Overall tier"' in head for head in heads] == [False, True]


def test_a_phone_has_a_table_of_four_columns(opened: Open) -> None:
    assert list(opened(SmallBank()).dataframe[1].value.columns) == ["rank", "name", "value", "tier"]


def test_an_rm_is_told_how_far_they_moved_and_who_passed_them(opened: Open) -> None:
    said = texts(opened(SmallBank()))
    assert "▼ 1 down since Sep 8, 2026." in said
    assert r"Passed by 刘一鸣 (5 → 4) and 5 more" in said


def test_who_was_passed_goes_to_the_own_scorecard_of_the_day_that_ranks_are_compared_with(opened: Open) -> None:
    (link,) = opened(SmallBank(), "leaderboard").get("page_link")
    assert link.proto.label == "How my score stood on Sep 8, 2026"
    assert link.proto.query_string == "quarter=2026Q3&as_of=2026-09-08"


def test_the_own_score_of_then_is_no_answer_where_something_else_is_ranked(opened: Open) -> None:
    page = opened(SmallBank(), "leaderboard", by="visits")
    assert "Passed by" in texts(page)
    assert not page.get("page_link")


def test_the_race_says_in_words_who_came_from_where(opened: Open) -> None:
    race = next(one for one in opened(SmallBank()).get("echarts_chart") if "Ranks from" in one.proto.alt)
    assert "Ranks from Sep 6, 2026 to Sep 15, 2026: 王思远 5 → 1; " in race.proto.alt


def test_a_board_without_its_history_is_still_a_board(opened: Open) -> None:
    away = ApiProblem(503, "The API does not answer", "start it")
    page = opened(SmallBank(trouble={"leaderboard_history": away}))
    assert len(page.dataframe[0].value) == 5
    assert "trend" not in page.dataframe[0].value
    assert "Rank race" not in texts(page)


def test_the_slider_looks_back_and_its_right_end_is_now(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank)
    slider = page.select_slider(key="slide-as_of")
    assert (slider.value, slider.options[-2:]) == (filters.NOW, ["2026-09-14", "Now"])
    slider.set_value("2026-08-15").run()
    assert (page.query_params["as_of"], asked(bank)["as_of"]) == ("2026-08-15", "2026-08-15")
    page.select_slider(key="slide-as_of").set_value(filters.NOW).run()
    assert "as_of" not in page.query_params
    page.select_slider(key="slide-as_of").set_value("2026-07-01").run()
    page.button(key="back-to-now").click().run()
    assert asked(bank)["as_of"] is None


def test_a_past_quarter_is_seen_as_of_its_last_day_and_as_of_now(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, quarter="2026Q2")
    slider = page.select_slider(key="slide-as_of")
    assert (slider.value, slider.options[0]) == (filters.NOW, "2026-04-01")
    assert slider.options[-2:] == ["2026-06-30", "Now"]
    slider.set_value("2026-06-30").run()
    assert (page.query_params["as_of"], asked(bank)["as_of"]) == ("2026-06-30", "2026-06-30")
    assert page.date_input(key="pick-as_of").value == date(2026, 6, 30)
    page.select_slider(key="slide-as_of").set_value(filters.NOW).run()
    assert (asked(bank)["as_of"], page.date_input(key="pick-as_of").value) == (None, None)


def test_the_slider_shows_the_day_of_the_date_box_be_it_outside_the_quarter(opened: Open) -> None:
    page = opened(SmallBank(), quarter="2026Q2", as_of="2026-07-09")
    slider = page.select_slider(key="slide-as_of")
    assert (slider.value, slider.options[-3:]) == ("2026-07-09", ["2026-06-30", "2026-07-09", "Now"])
    page.date_input(key="pick-as_of").set_value(date(2026, 5, 4)).run()
    slider = page.select_slider(key="slide-as_of")
    assert (slider.value, slider.options[-2:]) == ("2026-05-04", ["2026-06-30", "Now"])


def test_on_the_first_day_of_a_quarter_there_is_no_day_to_slide_to(opened: Open) -> None:
    bank = SmallBank()
    bank.person = bank.person.model_copy(update={"today": date(2026, 7, 1)})
    page = opened(bank)
    assert not page.exception
    assert "slide-as_of" not in [one.key for one in page.select_slider]


def test_a_live_board_looks_again_by_itself_and_the_switch_stands_in_the_address(opened: Open) -> None:
    page = opened(SmallBank())
    assert "Live" in texts(page)
    page.toggle(key="live-on").set_value(False).run()
    assert page.query_params["live"] == "0"
    assert "As of position 12,345" in texts(page)
    assert "Live" not in texts(opened(SmallBank(), as_of="2026-08-31"))


def test_the_address_decides_quarter_unit_and_board(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor"))
    opened(bank, quarter="2026Q2", scope="south", by="visits")
    assert {name: asked(bank)[name] for name in ("period", "scope", "by")} == {
        "period": "2026Q2",
        "scope": "south",
        "by": "visits",
    }


def test_a_choice_goes_into_the_address(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor"))
    page = opened(bank)
    page.selectbox(key="pick-quarter").set_value("2026Q2").run()
    assert page.query_params["quarter"] == "2026Q2"
    assert asked(bank)["period"] == "2026Q2"


def test_an_unknown_unit_in_the_address_falls_back_to_ones_own(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor"))
    page = opened(bank, scope="atlantis")
    assert asked(bank)["scope"] == "head"
    assert page.query_params["scope"] == "head"


def test_a_day_in_the_address_looks_back_and_says_so(opened: Open) -> None:
    bank = SmallBank()
    said = texts(opened(bank, as_of="2026-08-31"))
    assert asked(bank)["as_of"] == "2026-08-31"
    assert "A look back" in said


def test_a_day_to_come_or_no_day_at_all_is_dropped_from_the_address(opened: Open) -> None:
    for text in ("2026-09-16", "yesterday"):
        bank = SmallBank()
        page = opened(bank, as_of=text)
        assert asked(bank)["as_of"] is None
        assert "as_of" not in page.query_params


def test_what_the_address_asks_for_in_vain_is_told(opened: Open) -> None:
    page = opened(SmallBank(), quarter="2031Q1", scope="atlantis", by="luck", as_of="2031-01-01")
    assert "left out: Quarter 2031Q1, Unit atlantis, As of 2031-01-01, Ranked by luck" in page.info[0].value
    assert len(opened(SmallBank()).info) == 0


def test_before_the_first_event_the_board_says_that_nothing_was_recorded(opened: Open) -> None:
    faults = [FieldFault(pointer="/as_of", detail="nothing was recorded by then")]
    early = ApiProblem(422, "Something is not right yet", "nothing was recorded by then", faults)
    for by in ("score", "visits"):
        page = opened(SmallBank(trouble={"leaderboard": early}), as_of="2026-01-01", by=by)
        assert "Nothing was recorded yet\nThe log begins after that day; choose a later one" in texts(page)
        assert str(page.date_input[0].value) == "2026-01-01", "a later one can be chosen on the spot"
        assert len(page.dataframe) == 0


def test_a_rank_that_more_share_than_the_podium_holds_is_one_step(opened: Open) -> None:
    many = [(1, True, f"rm{n}", f"王{n}", "east", "good", "20") for n in range(20)]
    page = opened(SmallBank(rows=[*many, (21, False, "rm099", "李末", "east", "good", "5")]))
    assert "20 share rank 1" in texts(page)
    assert [metric.label for metric in page.metric] == ["the ranking below names them all"]


def test_a_second_rank_that_many_share_stands_beside_the_first(opened: Open) -> None:
    rows = [STANDINGS[0], *[(2, True, f"rm{n}", f"王{n}", "east", "good", "20") for n in range(4)]]
    page = opened(SmallBank(rows=rows))
    assert [metric.label for metric in page.metric] == ["城东支行", "the ranking below names them all"]
    assert "4 share rank 2" in texts(page)


def test_who_has_no_grade_is_named_with_the_reason_to_who_may_read_grades(opened: Open) -> None:
    page = opened(SmallBank(person=me("supervisor")))
    box = next(one for one in page.expander if one.label == "1 without a grade")
    said = "\n".join(one.value for one in box.markdown)
    assert "No performance contract was agreed" in said
    assert "周未签" in said
    assert "陈雨桐" not in said


def test_an_rm_is_not_told_who_has_no_grade(opened: Open) -> None:
    bank = SmallBank()
    assert [one.label for one in opened(bank).expander] == ["Not ranked, by rule"]
    assert "grades" not in [name for name, _ in bank.sent]


def test_a_board_beyond_ones_grades_leaves_the_list_out(opened: Open) -> None:
    forbidden = {"grades": ApiProblem(403, "Not allowed", "", [])}
    page = opened(SmallBank(person=me("supervisor"), trouble=forbidden))
    assert [one.label for one in page.expander] == ["Not ranked, by rule"]


def test_a_unit_that_is_the_name_is_not_said_twice(opened: Open) -> None:
    for by, head in (("visits", '"Visits"'), ("score", '"Score (points)"')):
        assert head in opened(SmallBank(), by=by).dataframe[0].proto.columns


def test_a_deposit_board_is_refused_with_the_rule_and_the_score_is_shown(opened: Open) -> None:
    page = opened(SmallBank(), by="savings")
    assert page.info[0].value == r"Deposit measures are never ranked between people."
    assert len(page.dataframe[0].value) == 5
    assert "savings" not in page.selectbox(key="pick-by").options


def test_the_boards_that_are_refused_are_a_note_with_their_rule(opened: Open) -> None:
    page = opened(SmallBank())
    assert page.expander[0].label == "Not ranked, by rule"
    assert "Deposit measures are never ranked between people" in page.expander[0].markdown[0].value


def test_a_tier_that_stands_empty_is_still_named(opened: Open) -> None:
    chart = opened(SmallBank()).get("echarts_chart")[0]
    assert "Unqualified 0" in chart.proto.alt


def test_a_bank_without_a_quarter_says_that_it_is_being_set_up(opened: Open) -> None:
    assert "The bank is being set up" in texts(opened(SmallBank(person=me(quarters=[]))))


def test_while_a_quarter_runs_the_podium_shows_tiers_without_a_colour_that_frightens(opened: Open) -> None:
    running, over = opened(SmallBank()), opened(SmallBank(), quarter="2026Q2")
    assert "the quarter is running" in texts(running)
    assert ":gray-badge[Excellent]" in texts(running)
    assert "the quarter is over" in texts(over)
    assert ":green-badge[Excellent]" in texts(over)


def test_a_quarter_that_lies_ahead_of_the_day_looked_at_has_not_begun(opened: Open) -> None:
    ahead = me(quarters=["2026Q3", "2027Q1"])
    assert "the quarter has not begun" in texts(opened(SmallBank(person=ahead), quarter="2027Q1"))


def test_who_may_read_the_log_goes_from_the_board_to_the_events_of_its_quarter(opened: Open) -> None:
    for role, links in (("auditor", ["quarter=2026Q3"]), ("rm", [])):
        page = opened(SmallBank(person=me(role)), "leaderboard")
        asked = [one.proto.query_string for one in page.get("page_link")]
        assert [one for one in asked if "as_of" not in one] == links


def test_from_a_units_board_of_the_past_one_goes_to_the_events_of_that_unit_as_of_then(opened: Open) -> None:
    page = opened(SmallBank(person=me("auditor")), "leaderboard", scope="east", as_of="2026-09-10")
    asked = [one.proto.query_string for one in page.get("page_link")]
    assert "quarter=2026Q3&scope=east&as_of=2026-09-10" in asked


def test_the_lines_of_the_race_stand_at_once_for_a_name_that_runs_along_has_no_place_before_its_line(
    opened: Open,
) -> None:
    race = next(one for one in opened(SmallBank()).get("echarts_chart") if "Ranks from" in one.proto.alt)
    assert [line["animation"] for line in json.loads(race.proto.spec)["series"]] == [False] * 5


SEASONS = [
    SeasonOf(season=season, name=Words(en=season, zh=season), scheme="s", clause="9.3", from_day=date(2026, month, 1),
             until_day=date(2026, month + 5, last), closed_at=None)
    for season, month, last in (("h1-2026", 1, 30), ("h2-2026", 7, 31))
]  # fmt: skip


def other(by: str, looks_at: str, **changes: Any) -> Board:
    """A board of a scheme."""
    told: dict[str, Any] = {"by": by, "name": Words(en=by.title(), zh=by), "unit": POINTS, "refusal": None}
    return Board(**{**told, "looks_at": looks_at, "clause": "9.5", **changes})


@pytest.mark.parametrize(
    ("settings", "asked_for"),
    [
        ({}, ("2026Q3", "score")),
        ({"kind": "week"}, ("2026-W38", "points")),
        ({"kind": "week", "week": "2026-W31"}, ("2026-W31", "points")),
        ({"kind": "month", "month": "2026-08"}, ("2026-08", "points")),
        ({"kind": "season"}, ("h2-2026", "score")),
        ({"kind": "season", "season": "h1-2026"}, ("h1-2026", "score")),
        ({"kind": "year", "by": "visits"}, ("2026", "visits")),
        ({"kind": "decade"}, ("2026Q3", "score")),
    ],
)
def test_a_board_is_of_the_period_that_the_address_names(
    opened: Open, settings: dict[str, str], asked_for: tuple[str, str]
) -> None:
    bank = SmallBank(played=SEASONS, others=[other("points", "points")])
    page = opened(bank, **settings)
    assert not page.exception
    assert (asked(bank)["period"], asked(bank)["by"]) == asked_for


def test_another_kind_of_period_begins_with_the_one_of_today_and_what_is_ranked_there(opened: Open) -> None:
    bank = SmallBank(others=[other("points", "points")])
    page = opened(bank, by="visits")
    page.selectbox(key="pick-kind").set_value("month").run()
    assert (asked(bank)["period"], asked(bank)["by"]) == ("2026-09", "points")
    assert page.query_params["month"] == "2026-09"
    assert "quarter" not in page.query_params
    assert page.info == []


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (date(2026, 7, 2), date(2026, 9, 30), "No quarter begins in this season"),
        (date(2026, 9, 1), date(2026, 11, 30), "until Oct 1, 2026 only points are ranked"),
        (date(2026, 7, 1), date(2026, 9, 30), "Who has no score has no rank."),
    ],
    ids=["no quarter begins in it", "one is to begin", "one has begun"],
)
def test_an_empty_board_of_a_season_says_why(opened: Open, first: date, last: date, why: str) -> None:
    season = {"kind": "season", "from_day": first, "until_day": last}
    page = opened(SmallBank(played=SEASONS, rows=[], told=season), kind="season")
    assert why in texts(page)
    whole = opened(SmallBank(rows=[]), by="score")
    assert "Who has no score has no rank." in texts(whole)


def test_an_rm_compares_among_those_alike_by_the_own_side_and_others_by_its_bands(opened: Open) -> None:
    bands = [Alike(among="position:marketing", name=Words(en="marketing", zh="营销")),
             Alike(among="tenure:0", name=Words(en="under 3 years of service", zh="3年从业以下"))]  # fmt: skip
    for role, options, chosen in (
        ("rm", ["all", "position", "tenure"], "tenure"),
        ("supervisor", ["all", "position:marketing", "tenure:0"], "tenure:0"),
    ):
        bank = SmallBank(person=me(role), told={"alike": bands, "among": "tenure:0"})
        page = opened(bank, among=chosen)
        assert page.selectbox(key="pick-among").options == [
            {"all": "Everybody", "position": "My position", "tenure": "Years of service like mine",
             "position:marketing": "Position: marketing", "tenure:0": "under 3 years of service"}[one]
            for one in options
        ]  # fmt: skip
        assert asked(bank)["among"] == chosen
        assert r"among\: under 3 years of service" in texts(page)


def test_the_morning_of_an_rm_tells_place_distance_badge_streak_level_and_outlet(opened: Open) -> None:
    outlets = other("outlets", "score", teams="mean", level="outlet")
    said = texts(opened(SmallBank(others=[outlets])))
    for text in (
        "13.25 points to rank 4", "My next badge", "Wealth target", "50 % of the target", "My streak", "longest: 31",
        "freezes held: 1 of 2", "Adept · Second half", "116 to Expert", "Rank 2 of 2 units", "1.2 points to rank 1",
    ):  # fmt: skip
        assert text in said, text
    assert "My next badge" not in texts(opened(SmallBank(person=me("supervisor"), others=[outlets])))


def test_a_morning_without_a_game_has_the_place_alone(opened: Open) -> None:
    nothing = {name: ApiProblem(404, "Not found", "", []) for name in ("awards", "points")}
    said = texts(opened(SmallBank(trouble=nothing)))
    assert "Rank 5 of 5" in said
    assert "My streak" not in said
    assert "My next badge" not in said


def test_the_distance_to_the_next_rank_stays_untold_where_the_figure_before_is_not_ones_own_to_see(
    opened: Open,
) -> None:
    assert "to rank 4" not in texts(opened(SmallBank(values_seen=False)))


def test_who_left_the_boards_is_told_so_with_the_way_back_and_has_no_place(opened: Open) -> None:
    bank = SmallBank(rows=STANDINGS[:4], left_at=datetime(2026, 9, 1, 1, 30, tzinfo=UTC))
    page = opened(bank)
    assert r"You are on no leaderboard, since Sep 1, 2026 09\:30" in texts(page)
    assert page.button(key="boards-account").label == "Leaderboards and I"
    assert "My place" not in texts(page)
    assert "You have no place on this board." in texts(opened(SmallBank(rows=STANDINGS[:4])))


def test_what_is_hidden_of_a_board_is_said_once_with_the_clause(opened: Open) -> None:
    hidden = {"lower_half": "hidden", "neighbours": 2, "clause": "9.5"}
    assert "Of the lower half only your neighbours are named. (9.5)" in texts(opened(SmallBank(told=hidden)))
    above = texts(opened(SmallBank(person=me("supervisor"), told=hidden)))
    assert "Of the lower half only those of your own units are named. (9.5)" in above
    assert "lower half" not in texts(opened(SmallBank()))
    long = texts(opened(SmallBank(told=hidden | {"ranked": 300})))
    assert "All that you may see" in long
    assert "search and files reach all that you may see" in long
    assert "300 rows" not in long


def test_who_stands_under_no_name_is_in_no_file_no_race_and_no_text(
    opened: Open, tables_taken: dict[str, list[str]]
) -> None:
    class Veiled(SmallBank):
        """A bank in which one of another outlet stands under no name."""

        def veiled(self, answer: Any, rows: str) -> Any:
            hidden = {"rm": None, "name": ""} | ({} if rows == "traces" else {"org": None, "org_name": ""})
            found = [one.model_copy(update=hidden) if one.rm == "rm004" else one for one in getattr(answer, rows)]
            return answer.model_copy(update={rows: found})

        def leaderboard(self, *args: Any, **asked: Any) -> Any:
            return self.veiled(self.veiled(super().leaderboard(*args, **asked), "standings"), "around")

        def leaderboard_history(self, *args: Any, **asked: Any) -> Any:
            return self.veiled(super().leaderboard_history(*args, **asked), "traces").model_copy(
                update={"overtaken_by": []}
            )

    page = opened(Veiled())
    charts = [one.proto.alt + one.proto.spec for one in page.get("echarts_chart")]
    files = [line for lines in tables_taken.values() for line in lines]
    assert [text for text in (texts(page), *charts, *files) if "刘一鸣" in text or "rm004" in text] == []
    assert "4 · A colleague elsewhere" in texts(page)
    assert "Passed by 6" in texts(page)
    assert [line for line in files if line.startswith("4,")] != []


@pytest.mark.parametrize(
    ("looks_at", "value", "told"),
    [("completion", "1.04", "104 % points"), ("improved", "2.5", "+2.5 points"), ("improved", "-2.5", "-2.5 points")],
)
def test_completion_is_told_in_percent_and_an_improvement_with_its_sign(
    opened: Open, looks_at: str, value: str, told: str
) -> None:
    rows = [(1, False, "rm005", "陈雨桐", "east", "qualified", value)]
    page = opened(SmallBank(rows=rows, others=[other("special", looks_at)]), by="special")
    assert f"1 · 陈雨桐 (you) · {told}" in texts(page)
    assert list(page.dataframe[0].value["value"]) == [float(Decimal(told.split()[0].strip("+")))]


def test_a_board_of_teams_has_units_with_their_people_and_no_links_to_cards(opened: Open) -> None:
    outlets = other("outlets", "score", teams="mean", level="outlet")
    page = opened(SmallBank(person=me("supervisor"), others=[outlets]), by="outlets")
    table = page.dataframe[0].value
    assert list(table.columns[:5]) == ["rank", "moved", "name", "people", "value"]
    assert "tier" not in table.columns
    assert [metric.label for metric in page.metric] == ["3 people", "3 people"]
    assert "A name opens the scorecard" not in texts(page)


def test_a_mean_rank_is_written_with_its_half(opened: Open) -> None:
    class Shared(SmallBank):
        """A bank in which equals share the mean of their ranks."""

        def leaderboard(self, *args: Any, **asked: Any) -> Any:
            board = super().leaderboard(*args, **asked)
            means = [one.model_copy(update={"mean_rank": Decimal("2.5") if one.tied else Decimal(one.rank)})
                     for one in board.standings]  # fmt: skip
            return board.model_copy(update={"standings": means})

    page = opened(Shared(person=me("supervisor")))
    assert list(page.dataframe[0].value["rank"]) == [1, 2.5, 2.5, 4, 5]
    assert "2.5 · 李婉清" in texts(page)


def test_the_race_is_replayed_week_by_week_by_slider_or_button(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "STEP", 0)
    page = opened(SmallBank())

    def drawn() -> tuple[str, int]:
        race = next(one for one in page.get("echarts_chart") if "Ranks from" in one.proto.alt)
        lengths = [sum(place is not None for place in one["data"]) for one in json.loads(race.proto.spec)["series"]]
        return race.proto.alt.partition(":")[0], max(lengths)

    assert drawn() == ("Ranks from Sep 6, 2026 to Sep 15, 2026", 2)
    page.select_slider(key="race-week").set_value(1).run()
    assert drawn() == ("Ranks from Sep 6, 2026 to Sep 13, 2026", 1)
    page.select_slider(key="race-week").set_value(2).run()
    page.button(key="race-play").click().run()
    assert page.select_slider(key="race-week").value == 2, "it ran from the first week to the last"
    assert page.button(key="race-play").label == "Replay"
