"""Law: asked as of a position, the read model answers what a bank answers whose log ends there."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from projections.read_model import ReadModel
from tests.bank import COMPARED, PLAYED, Q1, Q2, SCHEME, TestBank
from tests.laws.histories import EVERY_ACT, Act, History, histories


def cut(story: TestBank, folder: Path, position: int) -> TestBank:
    """The same bank as it was when its log ended at a position."""
    folder.mkdir()
    with sqlite3.connect(story.folder / "bank.sqlite") as source, sqlite3.connect(folder / "bank.sqlite") as copy:
        source.backup(copy)
        copy.execute("DELETE FROM stored_events WHERE rowid > ?", (position,))
    source.close()
    copy.commit()
    copy.close()
    return TestBank(folder)


def said(model: ReadModel, as_of: int | None) -> list[str]:
    """Grades of two quarters, one RM's card and the leaderboard; all but whether it is asked of the past."""
    grades = [model.grades(quarter, as_of=as_of) for quarter in (Q1, Q2)]
    card = model.scorecard("r1", Q1, as_of=as_of, explain=True)
    board = model.leaderboard(Q1, as_of=as_of, around="r1")
    behind = [model.line_events("r1", Q1, indicator, as_of=as_of) for indicator in ("savings", "profit")]
    portfolios = [model.portfolio(rm, as_of=as_of) for rm in ("r1", "r2")]
    diary = model.worklog("r1", Q1.first_day, Q1.last_day, as_of=as_of)
    points = [found for quarter in (Q1, Q2) if (found := model.points("r1", quarter, as_of=as_of))]
    awards = [model.awards(rm, as_of=as_of) for rm in ("r1", "r2")]
    every = [*grades, *([card] if card else []), board, *behind, *portfolios, diary, *points, *awards]
    return [each.model_dump_json(exclude={"moment": {"past"}}) for each in every]


@settings(max_examples=2, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example(EVERY_ACT, 60, COMPARED)
@example(EVERY_ACT, 97, PLAYED)
@given(histories(40), st.integers(0, 100), st.sampled_from([COMPARED, SCHEME, PLAYED]))
def test_the_past_is_what_it_was(acts: list[Act], percent: int, scheme: str) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        story = TestBank(folder / "now").founded(scheme)
        founded = story.last_position
        history = History(story)
        for act in acts:
            history.play(act)
        position = founded + (story.last_position - founded) * percent // 100
        then = cut(story, folder / "then", position)
        for rm in ("r1", "r2", "r3"):  # who is off the boards now is on none of the past either
            story.bank.join_boards(rm, rm)
        with story.following() as now, then.following() as past:
            assert past.follower.position == position
            assert said(now, position) == said(past, None)
        then.close()
        story.close()
