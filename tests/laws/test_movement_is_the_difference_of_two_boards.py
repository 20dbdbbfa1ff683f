"""Law: how far a row of a board has moved is the difference of its ranks on two boards, now and seven days before."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, example, given, settings

from domain.refusal import Refused
from projections.answers import Leaderboard
from projections.read_model import ReadModel
from tests.bank import Q1, TestBank
from tests.laws.histories import EVERY_ACT, Act, History, histories

BOARDS = [(None, "score"), ("east", "points"), ("branch", "conduct")]


def ranks_then(model: ReadModel, scope: str | None, by: str, position: int) -> dict[str, int]:
    """The ranks as of a position; none where no scheme of then knew the measure."""
    try:
        return {row.rm or "": row.rank for row in model.leaderboard(Q1, scope, by, as_of=position).standings}
    except Refused:
        return {}


def expected(now: Leaderboard, ranks: dict[str, int]) -> dict[str, tuple[int | None, bool]]:
    """Places moved and who is new."""
    if not ranks:
        return {row.rm or "": (None, False) for row in now.standings}
    rows = [(row.rm or "", row.rank) for row in now.standings]
    return {rm: (ranks[rm] - rank if rm in ranks else None, rm not in ranks) for rm, rank in rows}


def check(model: ReadModel, as_of: int | None) -> None:
    for scope, by in BOARDS:
        now = model.leaderboard(Q1, scope, by, as_of=as_of)
        week_before = model.position_at(str(now.moment.today - timedelta(days=7)))
        before = ranks_then(model, scope, by, min(week_before, now.moment.position))
        assert {row.rm or "": (row.movement, row.is_new) for row in now.standings} == expected(now, before)
        assert (now.moved_since is None) == (not before)


@settings(max_examples=1, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example(EVERY_ACT)
@given(histories(30))
def test_a_row_has_moved_by_the_difference_of_its_ranks(acts: list[Act]) -> None:
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder)).founded()
        history, positions = History(story), list[int]()
        with story.following() as model:
            for part in range(3):
                for each in acts[len(acts) * part // 3 : len(acts) * (part + 1) // 3]:
                    history.play(each)
                history.verify_all()
                story.bank.close_day(story.bank.today - timedelta(days=1), "clock")
                model.follower.catch_up()
                positions.append(model.follower.position)
                check(model, None)
                history.play(Act("advance", (24 * 6,)))
            for position in positions:
                check(model, position)
        story.close()
