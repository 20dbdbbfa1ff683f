"""Law: a board in memory shows what the SQL shows of the same position, at the top and around anybody."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, example, given, settings

from projections.read_model import ReadModel
from tests.bank import Q1, SCHEME, TestBank
from tests.laws.histories import EVERY_ACT, Act, History, histories

ASKED = [
    (None, "score", 100, None),
    ("branch", "score", 1, "r1"),
    ("east", "points", 2, "r3"),
    (None, "conduct", 2, "nobody"),
    (None, "index", 2, "r1"),
    (None, "service", 2, "r1"),
]
"""Scope, measure, limit and whom it is around."""
ZERO = SCHEME.replace('unrated = "spread"', 'unrated = "zero"')
"""The scheme of the tests, but that a line counts as 0 while it has no figure."""


def shown(model: ReadModel, as_of: int | None) -> list[str]:
    """Some boards of a quarter; all but whether it is asked of the past."""
    boards = [model.leaderboard(Q1, scope, by, limit, around, as_of) for scope, by, limit, around in ASKED]
    return [board.model_dump_json(exclude={"moment": {"past"}}) for board in boards]


@settings(max_examples=1, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example(EVERY_ACT)
@given(histories(30))
def test_a_board_in_memory_is_the_board_of_the_sql_and_moves_on_with_the_log(acts: list[Act]) -> None:
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder)).founded(ZERO)
        history = History(story)
        with story.following() as model:
            for half in (acts[: len(acts) // 2], acts[len(acts) // 2 :]):
                for act in half:
                    history.play(act)
                history.verify_all()
                model.follower.catch_up()
                assert shown(model, None) == shown(model, model.follower.position)
        story.close()
