"""A live board, between two runs of its page."""

import pytest
import streamlit as st

from api.client import ApiProblem
from dashboard.desk import Desk
from dashboard.screens import live
from dashboard.words import Say
from projections.answers import Leaderboard
from tests.dashboard.small_bank import SmallBank


def test_a_look_after_the_session_has_ended_draws_the_page_anew_and_shows_no_name_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class DrawnAnew(Exception):
        """The whole page runs again."""

    def again() -> None:
        raise DrawnAnew

    def ended() -> Leaderboard:
        raise ApiProblem(401, "Sign in", "sign in")

    bank = SmallBank()
    monkeypatch.setattr(st, "rerun", again)
    with pytest.raises(DrawnAnew):
        live.mark(Desk(bank, bank.person, Say("en"), {}), bank.leaderboard("2026Q3"), ended, True)  # type: ignore[arg-type]
