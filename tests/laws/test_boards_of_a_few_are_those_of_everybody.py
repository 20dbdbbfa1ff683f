"""Law: after any history, a board made of the one before it, of those alone whom the log has touched since, is the
board made of everybody."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, example, given, settings

from projections import comparisons
from projections.board_making import BoardMaking
from projections.read_model import ReadModel
from tests.bank import BOARDS, TestBank, all_done
from tests.laws.histories import EVERY_ACT, Act, History, histories

WATCHED = [
    ("2026-W06", "head", "first-there"), ("2026-02", "head", "rising"), ("2026-W06", "head", "outlets"),
    ("2026Q1", "east", "score"), ("2026Q1", "head", "clean"), ("spring", "head", "balanced"),
    ("2026Q1", "head", "funds-first"),
]  # fmt: skip
"""Boards of every sort: of days and quarters, by one part and several, by what is more, of teams, by who was first."""


@settings(max_examples=1, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example(EVERY_ACT)
@given(histories(20))
def test_a_board_made_of_few_is_the_board_made_of_everybody(acts: list[Act]) -> None:
    wholes = list[bool]()
    made_parts = BoardMaking._parts

    def noted(self: BoardMaking, con: Any, **asked: Any) -> list[pa.Table]:
        wholes.append(asked["is_whole"])
        return made_parts(self, con, **asked)

    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparisons, "AT_ONCE", 0)
        patched.setattr(BoardMaking, "_parts", noted)
        story = TestBank(Path(folder)).founded(BOARDS)
        others = ("s1", "s2", "s3")
        all_done(story.bank.register_rms([story.rm_line(rm, "south", joined_on="2026-01-01") for rm in others], "hr"))
        all_done(story.bank.agree_targets([line for rm in others for line in story.target_lines(rm, "1")], "lead"))
        for rm in others:
            story.counted(f"v-{rm}", rm=rm, quantity="1", occurred_on="2026-02-03")
        history = History(story)
        with story.following() as model:
            for number, act in enumerate(acts):
                history.play(act)
                if number % 2 and model.follower.step():
                    everybodys = ReadModel(story.bank, model.follower)
                    for period, scope, by in WATCHED:
                        one, other = (each.leaderboard(period, scope, by) for each in (model, everybodys))
                        assert one == other, (act, period, scope, by)
        story.close()
    assert acts != EVERY_ACT or wholes.count(False) > len(WATCHED)
