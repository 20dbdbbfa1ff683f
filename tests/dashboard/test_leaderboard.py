"""The leaderboard's screen."""

from api.client import ApiProblem
from api.receipts import FieldFault
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import STANDINGS, SmallBank, me


def asked(bank: SmallBank, name: str = "leaderboard") -> dict[str, object]:
    """What the screen asked last."""
    return dict([told for called, told in bank.sent if called == name][-1])


def test_the_board_shows_ranks_names_and_scores_in_order(opened: Open) -> None:
    table = opened(SmallBank(person=me("supervisor"))).dataframe[0].value
    assert list(table["rank"]) == [1, 2, 2, 4, 5]
    assert list(table["name"][:2]) == ["王思远", "李婉清"]
    assert list(table["value"]) == [94.35, 91.2, 91.2, 84.75, 71.5]


def test_the_podium_holds_the_first_three_with_their_scores(opened: Open) -> None:
    page = opened(SmallBank(person=me("supervisor")))
    assert [metric.value for metric in page.metric] == [
        f"{score} :small[:gray[points]]" for score in ("94.35", "91.20", "91.20")
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
    assert "5 · 陈雨桐 (you) · 71.50 points" in said


def test_a_supervisor_has_no_place_of_the_own(opened: Open) -> None:
    assert "My place" not in texts(opened(SmallBank(person=me("supervisor"))))


def test_values_that_are_not_ones_own_to_see_leave_the_table(opened: Open) -> None:
    table = opened(SmallBank(values_seen=False)).dataframe[0].value
    assert "value" not in table
    assert len(table) == 5


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


def test_a_bank_without_a_quarter_says_so(opened: Open) -> None:
    assert "No quarter has begun" in texts(opened(SmallBank(person=me(quarters=[]))))


def test_while_a_quarter_runs_the_podium_shows_tiers_without_a_colour_that_frightens(opened: Open) -> None:
    running, over = opened(SmallBank()), opened(SmallBank(), quarter="2026Q2")
    assert "the quarter is running" in texts(running)
    assert ":gray-badge[Excellent]" in texts(running)
    assert "the quarter is over" in texts(over)
    assert ":green-badge[Excellent]" in texts(over)
