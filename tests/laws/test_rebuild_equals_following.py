"""Law: whatever happens in whatever order, a rebuilt read model holds what the one that followed live holds."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import Phase, example, given, settings

from projections import step
from tests.bank import COMPARED, SCHEME, TestBank, answers, tables
from tests.laws.histories import EVERY_ACT, Act, History, histories

LIVE = "live.duckdb"
SET_BACK = [
    *[Act("advance", (24 * 9,))] * 2,
    Act("record", ("r1", "deposit", "2026-01-20", "1", "100", "C1")),
    Act("step"),
    Act("close_day", (40,)),
    Act("step"),
    *[Act("close_day", (1,))] * 30,
]
"""The first day that is closed lies in the quarter before the newest event's."""

EARNED_LATER = [
    Act("record", ("r1", "visit", "2026-02-02", "1", "0", "C1")),
    Act("record", ("r1", "deposit", "2026-02-02", "1", "100", "C1")),
    Act("verify_all"),
    Act("step"),
    Act("record", ("r1", "visit", "2026-02-03", "2", "0", "C1")),
    Act("verify_all"),
    Act("step"),
    Act("void", (0,)),
    Act("step"),
    Act("reverse_whole", (1, 40)),
    Act("step"),
]
"""Points of the game that come and go in steps of their own, after those of the quarter were first made."""


def followed(story: TestBank, acts: list[Act]) -> None:
    """Let a history happen, and a read model follow it in the steps and restarts that it draws."""
    history, model = History(story), story.follow(LIVE)
    for act in acts:
        history.play(act)
        if act.name == "step":
            model.follower.step()
        if act.name == "restart":
            model.follower.stop()
            model = story.follow(LIVE)
            assert model.follower.told is None
    model.follower.stop()


@pytest.mark.parametrize(("small", "scheme"), [(0, SCHEME), (step.SMALL, COMPARED)], ids=["copied", "whole, compared"])
@settings(max_examples=3, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example(EVERY_ACT)
@example(SET_BACK)
@example(EARNED_LATER)
@given(histories(40))
def test_a_rebuilt_read_model_holds_the_rows_and_answers_of_the_one_that_followed(
    small: int, scheme: str, acts: list[Act]
) -> None:
    with TemporaryDirectory() as folder, patch.object(step, "SMALL", small):
        story = TestBank(Path(folder)).founded(scheme)
        followed(story, acts)
        with story.following(LIVE) as live, story.following() as rebuilt:
            assert tables(live) == tables(rebuilt)
            assert answers(live) == answers(rebuilt)
        story.close()
