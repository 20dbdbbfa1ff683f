"""A board of the past as it stood at its close, on the page of the leaderboard, with what changed since beside it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from api.client import ApiProblem
from api.receipts import FieldFault
from projections.answers import ChangedStanding, SeasonOf, Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me

SEASONS = [
    SeasonOf(season="h1-2026", name=Words(en="First half", zh="上半年"), scheme="s", clause="9.3",
             from_day=date(2026, 1, 1), until_day=date(2026, 6, 30), closed_at=900),
    SeasonOf(season="h2-2026", name=Words(en="Second half", zh="下半年"), scheme="s", clause="9.3",
             from_day=date(2026, 7, 1), until_day=date(2026, 12, 31), closed_at=None),
]  # fmt: skip
SPAN = {"kind": "season", "from_day": date(2026, 1, 1), "until_day": date(2026, 6, 30), "period": "h1-2026"}
CHANGED = [
    ChangedStanding(rm="rm003", org="east", name="张子涵", rank_then=2, rank_now=1, value_then=Decimal("91.2"),
                    value_now=Decimal("95.5")),
    ChangedStanding(rm="rm005", org="east", name="陈雨桐", rank_then=5, rank_now=5, value_then=None, value_now=None),
    ChangedStanding(rm="rm004", org="south", name="刘一鸣", rank_then=4, rank_now=None, value_then=Decimal("84.75"),
                    value_now=None),
]  # fmt: skip


def bank(**changes: Any) -> SmallBank:
    return SmallBank(played=SEASONS, told=SPAN, **changes)


def asked(of: SmallBank, name: str) -> list[dict[str, Any]]:
    return [dict(told) for called, told in of.sent if called == name]


def test_a_season_that_is_over_is_looked_back_on_as_it_stood_at_its_close(opened: Open) -> None:
    over = bank()
    page = opened(over, kind="season", season="h1-2026")
    assert page.selectbox(key="pick-season").options == ["Second half", "First half (closed)"]
    assert asked(over, "closed_leaderboard") == []
    page.selectbox(key="pick-known").set_value("close").run()
    assert page.query_params["known"] == "close"
    assert (asked(over, "closed_leaderboard")[-1]["period"], len(page.dataframe[0].value)) == ("h1-2026", 5)
    assert "As it stood when Jun 30, 2026 was closed, at log position 900." in texts(page)
    assert "Nothing is otherwise by what is known now." in texts(page)
    assert asked(over, "leaderboard_history")[-1]["as_of"] == "0900"
    assert "slide-as_of" not in [one.key for one in page.select_slider], "it is of one moment"
    assert "My next badge" not in texts(page)
    page.button(key="back-to-now").click().run()
    assert "known" not in page.query_params
    assert "This board never changes." not in texts(page)


def test_what_changed_since_the_close_stands_beside_it(opened: Open, tables_taken: dict[str, list[str]]) -> None:
    page = opened(bank(changes=CHANGED), kind="season", season="h1-2026", known="close")
    table = next(
        one.value for one in page.dataframe if list(one.value.columns)[:2] == ["name", "rank"] and len(one.value) == 3
    )
    assert list(table["name"]) == ["张子涵", "陈雨桐 (you)", "刘一鸣"]
    assert list(table["rank"]) == ["2 → 1", "5", "4 → –"]
    assert list(table["value"]) == ["91.2 → 95.5", "", "84.75 → –"]
    (lines,) = [lines for name, lines in tables_taken.items() if "changed" in name]
    assert lines[0] == "Name,Staff number,Rank at the close,Rank now,Value at the close,Value now"
    assert lines[1] == "张子涵,rm003,2,1,91.2,95.5"
    assert "封榜后的变化" in texts(
        opened(bank(changes=CHANGED), lang="zh", kind="season", season="h1-2026", known="close")
    )


def test_what_is_hidden_of_a_board_is_not_said_to_be_unchanged(opened: Open) -> None:
    veiled = SmallBank(played=SEASONS, told=SPAN | {"lower_half": "hidden"})
    said = texts(opened(veiled, kind="season", season="h1-2026", known="close"))
    assert "Nothing that you may see is otherwise by what is known now." in said


@pytest.mark.parametrize(
    ("settings", "offered"),
    [
        ({"kind": "season", "season": "h2-2026"}, False), ({"quarter": "2026Q3"}, False), ({"quarter": "2026Q2"}, True),
        ({"kind": "month", "month": "2026-09"}, False), ({"kind": "month", "month": "2026-08"}, True),
        ({"kind": "week", "week": "2026-W37"}, True), ({"kind": "year", "year": "2026"}, False),
    ],
)  # fmt: skip
def test_only_of_a_period_that_is_over_is_there_an_archive(
    opened: Open, settings: dict[str, str], offered: bool
) -> None:
    over = SmallBank(played=SEASONS, person=me("supervisor"))
    page = opened(over, known="close", **settings)
    assert not page.exception
    assert bool(asked(over, "closed_leaderboard")) is offered
    assert ("pick-known" in [one.key for one in page.selectbox]) is offered
    assert ("known" in page.query_params) is offered


def test_the_archive_takes_the_place_of_a_day_that_was_looked_back_to(opened: Open) -> None:
    page = opened(bank(), kind="season", season="h1-2026", as_of="2026-05-01", known="close")
    assert "as_of" not in page.query_params
    assert "This board never changes." in texts(page)


def test_where_there_is_no_archive_the_board_of_now_says_so(opened: Open) -> None:
    never = FieldFault(pointer="/period", detail="name a later period: 2026-06-30 was never closed")
    trouble = ApiProblem(422, "Something is not right yet", never.detail, [never])
    page = opened(bank(trouble={"closed_leaderboard": trouble}), kind="season", season="h1-2026", known="close")
    assert "2026-06-30 was never closed" in texts(page)
    assert len(page.dataframe[0].value) == 5
    assert "This board never changes." not in texts(page)
