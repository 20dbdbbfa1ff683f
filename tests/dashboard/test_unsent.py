"""What was written into a dialog and refused."""

from typing import Any

import pytest
import streamlit as st

from dashboard import unsent


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The session's state, in which somebody has sent an appeal."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    unsent.sending("appeal-why", ("r1", "2026Q2"), "the files were there")
    return state


def test_it_stands_in_the_same_box_about_the_same_review_again(state: dict[str, Any]) -> None:
    unsent.begin("appeal-why", ("r1", "2026Q2"))
    assert state["appeal-why"] == "the files were there"


def test_it_stands_in_no_other_box_and_about_no_other_review(state: dict[str, Any]) -> None:
    unsent.begin("appeal-why", ("r1", "2026Q3"))
    unsent.begin("review-why", ("r1", "2026Q2"))
    assert state.keys() == {unsent.KEPT}


def test_what_is_written_since_is_let_alone(state: dict[str, Any]) -> None:
    state["appeal-why"] = "more of it"
    unsent.begin("appeal-why", ("r1", "2026Q2"))
    assert state["appeal-why"] == "more of it"


@pytest.mark.parametrize(("rm", "kept"), [("r1", False), ("r2", True)])
def test_once_a_step_of_that_review_is_taken_it_is_kept_no_longer(state: dict[str, Any], rm: str, kept: bool) -> None:
    unsent.taken(rm, "2026Q2")
    assert (unsent.KEPT in state) == kept
