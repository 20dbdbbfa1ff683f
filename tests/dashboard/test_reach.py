"""What the next tier would take, on the scorecard."""

import pytest

from projections.answers import Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import NEXT, SmallBank, card
from tests.dashboard.test_lines import bar_of


def test_the_way_to_the_next_tier_is_a_bar_between_the_floors(opened: Open) -> None:
    bar = bar_of(opened(SmallBank(), "scorecard"), "71.5 points of the 80 that Good needs")
    assert "<b>8.5 points missing</b> at 71.5" in bar
    assert 'style="width:57.50%"' in bar
    assert "<span>60 Qualified</span><span>80 Good</span>" in bar


def test_what_would_reach_the_next_tier_is_named_in_its_unit(opened: Open) -> None:
    said = texts(opened(SmallBank(), "scorecard"))
    said = said.replace("\\", "")
    assert "Daily-average savings</span><b>+680,000 CNY" in said
    assert "makes 2,180,000" in said
    assert "4 more working days would be enough." in said
    assert "Customer visits +5 visits" in said


def test_what_is_not_enough_alone_stands_behind_a_click_with_the_reason(opened: Open) -> None:
    page = opened(SmallBank(), "scorecard")
    assert [one.label for one in page.expander] == ["Not enough alone (1)"]
    assert "can't be undone." in str(page.expander[0].markdown[0].value)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_tier_that_asks_for_several_things_shows_which_of_them_are_met(opened: Open, lang: str) -> None:
    asks = [one.model_copy(update={"is_met": met}) for met in (True, False) for one in NEXT.asks]
    bank = SmallBank(scorecards={"rm005": card(next_tier=NEXT.model_copy(update={"asks": asks, "points": None}))})
    page = opened(bank, "scorecard", lang=lang)
    asked = next(one.value for one in page.markdown if ":material/close:" in one.value)
    assert asked.index(":material/check:") < asked.index(":material/close:")
    assert page.metric[0].delta in ("Good asks for more than points", "良好不只看分数")


def test_what_a_quota_moved_down_is_held_there_by_others_scores(opened: Open) -> None:
    moved: dict[str, object] = {"asks": [], "points": None, "ways": [], "pace": None, "out_of_reach": []}
    beyond = NEXT.model_copy(update=moved | {"compared": [Words(en="At most a fifth", zh="至多五分之一")]})
    page = opened(SmallBank(scorecards={"rm005": card(next_tier=beyond)}), "scorecard")
    assert page.metric[0].delta == "held at Qualified"
    assert "hangs on everybody's scores, too: At most a fifth." in texts(page).replace("\\", "")
