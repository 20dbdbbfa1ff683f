"""A list of which a page is shown: its search and its files are of all of it, and what is told in pieces is whole."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import streamlit as st

from dashboard import cursors
from dashboard.screens import checks, ranking, unit_plan
from dashboard.words import Say
from projections.answers import QuarterlyChecks, Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me


def test_the_files_and_the_search_are_of_the_whole_list(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: dict[str, Callable[[], bytes]] = {}

    def take(name: str, make: Callable[[], bytes], file_name: str, **rest: object) -> None:
        offered[file_name] = make

    monkeypatch.setattr(checks, "PAGE", 1)
    monkeypatch.setattr(cursors, "MOST", 1)
    monkeypatch.setattr(st, "download_button", take)
    bank = replace(SmallBank(), person=me("supervisor"))
    page = opened(bank, "checks", as_of="2026-09-10")
    assert "All 2 rows" in texts(page)
    lines = offered["head-2026Q3-checks-2026-09-10.csv"]().decode("utf-8-sig").splitlines()
    assert [line.split(",")[1:3] for line in lines] == [
        ["Name", "Staff number"], ["陈雨桐", "rm005"], ["王思远", "rm001"],
    ]  # fmt: skip
    told = dict([each for _, each in bank.sent if each.get("after") == "rm005"][-1])
    assert (told["as_of"], told["scope"], told["lines"]) == ("2026-09-10", "head", False)
    page.text_input(key="find-checks").set_value("rm001").run()
    assert list(page.dataframe[0].value["name"]) == ["王思远"]
    assert "1 of 2 rows" in texts(page)
    assert not [one for one in page.button if one.key == "checks-next"]


def test_all_pages_are_of_one_state_of_the_log() -> None:
    bank = MovingBank()
    assert [one.rm for one in cursors.every_check(partial(bank.quarterly_checks, "2026Q3"))] == ["rm005", "rm001"]
    assert [told.get("as_of") for name, told in bank.sent] == [None, None, bank.first]


class MovingBank(SmallBank):
    """A bank whose log moves on with every question that asks for no state of it; a page holds one check."""

    first = 40

    def quarterly_checks(self, quarter: str, limit: int = 50, **asked: Any) -> QuarterlyChecks:
        answer = super().quarterly_checks(quarter, 1, **asked)
        position = asked.get("as_of") or self.first - 1 + len(self.sent)
        return answer.model_copy(update={"moment": answer.moment.model_copy(update={"position": position})})


def test_the_files_of_a_board_reach_as_far_as_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    board = SmallBank().leaderboard("2026Q3")
    monkeypatch.setattr(ranking, "MOST", 3)
    assert ranking.reach(board) == 3


@pytest.mark.parametrize(
    ("measured", "told"), [("22", "3 cards ahead"), ("18", "1 card short"), ("19", "as much as is due")]
)
def test_what_is_counted_in_pieces_is_due_in_whole_ones(measured: str, told: str) -> None:
    due = unit_plan.due(Decimal(measured), Decimal("18.14"), Decimal(30))
    assert due == 19
    assert unit_plan.apart(Decimal(measured) - due, Words(en="cards", zh="张"), Say("en")) == told
    assert unit_plan.due(Decimal("0.5"), Decimal("18.14"), Decimal(30)) == Decimal("18.14")
    assert unit_plan.due(Decimal(22), Decimal("18.14"), Decimal("30.274")) == Decimal("18.2")
