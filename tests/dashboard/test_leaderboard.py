"""The leaderboard's screen."""

from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me


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
        f"{score} :small[:gray[points]]" for score in ("94.35", "91.2", "91.2")
    ]


def test_the_rule_for_ties_is_named(opened: Open) -> None:
    assert "Equal values share a rank" in texts(opened(SmallBank()))


def test_the_moment_in_the_log_is_named(opened: Open) -> None:
    assert "As of log position 12,345, the bank's Sep 15, 2026" in texts(opened(SmallBank()))


def test_an_rm_sees_the_own_place_between_the_neighbours(opened: Open) -> None:
    said = texts(opened(SmallBank()))
    assert "**Rank 5 of 5**" in said
    assert "4 · 刘一鸣 · 84.75 points" in said
    assert "5 · 陈雨桐 (you) · 71.5 points" in said


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
