"""A season that is over: its boards stay as they stood when its last day was closed; what differs by now is beside."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from domain.refusal import Refused
from projections import closings
from projections.boards import Board
from projections.read_model import ReadModel
from projections.seen import EVERYTHING, Eyes, Sight
from tests.bank import BOARDS, TestBank, done

ENDS = date(2026, 5, 31)


def visited(story: TestBank) -> None:
    story.founded(BOARDS)
    for rm, number in (("r1", "4"), ("r2", "3"), ("r3", "2")):
        story.counted(f"v-{rm}", rm=rm, quantity=number, occurred_on="2026-04-07")


def ranks(model: ReadModel) -> list[tuple[str | None, int, Decimal | None]]:
    model.follower.catch_up()
    board = model.closed_leaderboard("spring", by="points").board
    return [(row.rm, row.rank, row.value) for row in board.standings]


def test_what_comes_to_be_known_after_the_close_stands_beside_and_the_board_stays(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2026-06-02")
    visited(story)
    done(story.bank.close_day(ENDS, "clock"))
    with story.following() as model:
        stood = ranks(model)
        assert stood == [("r1", 1, Decimal(8)), ("r2", 2, Decimal(6)), ("r3", 3, Decimal(4))]
        assert model.closed_leaderboard("spring", by="points").changes == []
        story.counted("late", "card", rm="r3", occurred_on="2026-04-08")
        done(story.bank.void_action("action:crm:v-r1", "by mistake", "boss"))
        assert ranks(model) == stood
        told = model.closed_leaderboard("spring", by="points")
        assert [(one.rm, one.rank_then, one.rank_now, one.value_then, one.value_now) for one in told.changes] == [
            ("r3", 3, 1, Decimal(4), Decimal(9)), ("r1", 1, 3, Decimal(8), Decimal(0)),
        ]  # fmt: skip
        assert told.closed_at == told.board.moment.position < told.now.position


def test_a_season_that_is_not_closed_has_no_board_of_its_close(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2026-05-20")
    visited(story)
    with story.following() as model:
        assert [(one.season, one.closed_at) for one in model.seasons()] == [("spring", None), ("summer", None)]
        with pytest.raises(Refused, match="2026-05-31"):
            model.closed_leaderboard("spring", by="points")


def test_who_is_hidden_now_or_beyond_the_rows_compared_is_not_told_to_have_no_rank(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2026-06-02")
    visited(story)
    done(story.bank.close_day(ENDS, "clock"))
    story.counted("late", "card", rm="r3", occurred_on="2026-04-08")
    done(story.bank.void_action("action:crm:v-r1", "by mistake", "boss"))
    peer = Eyes("rm r3", lambda rm: rm == "r3", "r3", "east")
    with story.following() as model:

        def changed(eyes: Eyes = EVERYTHING) -> list[tuple[str | None, int | None, int | None]]:
            told = model.closed_leaderboard("spring", by="points", eyes=eyes).changes
            return [(one.rm, one.rank_then, one.rank_now) for one in told]

        assert changed() == [("r3", 3, 1), ("r1", 1, 3)]
        monkeypatch.setattr(model, "_sight", partial(without_neighbours, model._sight))
        assert changed(peer) == [("r3", 3, 1)], "r1 is of the lower half by now, and hidden"
        monkeypatch.setattr(closings, "MOST", 2)
        assert changed() == []


def without_neighbours(sight: Callable[..., Sight], board: Board, eyes: Eyes) -> Sight:
    """What somebody sees where a scheme shows nobody of the lower half but oneself."""
    seen = sight(board, eyes)
    return replace(seen, seen=replace(seen.seen, neighbours=0))


def test_a_period_before_the_bank_never_closes_and_is_not_waited_for(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2026-06-02")
    visited(story)
    done(story.bank.close_day(ENDS, "clock"))
    with story.following() as model, pytest.raises(Refused, match="name a later period: 2019-03-31 was never closed"):
        model.closed_leaderboard("2019Q1")


def test_who_has_left_the_boards_since_is_not_on_that_of_a_closed_season(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2026-06-02")
    visited(story)
    done(story.bank.close_day(ENDS, "clock"))
    done(story.bank.leave_boards("r1", "r1"))
    with story.following() as model:
        assert [rm for rm, *_ in ranks(model)] == ["r2", "r3"]
        done(story.bank.join_boards("r1", "r1"))
        assert [rm for rm, *_ in ranks(model)] == ["r1", "r2", "r3"]


LATER = (
    BOARDS.replace("effective = 2026-01-01", "effective = 2026-07-01")
    .replace("from = 2026-02-01\nuntil = 2026-05-31", "from = 2026-01-15\nuntil = 2026-04-30")
    .replace('zh = "春季"', 'zh = "早春"')
    .replace('en = "Qualified"', 'en = "Passed"')
)
"""A later version that gives the season other days, and names it and a tier otherwise."""


def test_a_later_scheme_with_other_days_leaves_the_archive_of_a_closed_season_as_it_is(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2026-06-02")
    visited(story)
    story.counted("may", rm="r3", quantity="6", occurred_on="2026-05-12")
    done(story.bank.close_day(date(2026, 4, 30), "clock"))
    story.close_days("2026-05-01", "2026-05-31")
    with story.following() as model:

        def archived() -> list[tuple[str, bytes]]:
            model.follower.catch_up()
            boards = ("score", "points", "balanced", "rising", "first-there", "clean")
            told = [model.closed_leaderboard("spring", by=by) for by in boards]
            assert [one.changes for one in told] == [[]] * len(told), "of the same days nothing else is known"
            return [(one.board.by, one.board.model_dump_json().encode()) for one in told]

        before, season = archived(), model.seasons()[0]
        assert LATER.count("2026-04-30") == 1
        done(story.publish(LATER))
        assert archived() == before
        assert model.seasons()[0] == season
        assert model.leaderboard("spring", by="points").until_day == date(2026, 4, 30)


def test_a_version_that_moves_the_end_before_the_close_decides_when_that_is(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2026-06-02")
    visited(story)
    done(story.bank.close_day(date(2026, 4, 30), "clock"))
    done(story.publish(LATER))
    published = story.last_position
    with story.following() as model:
        told = model.closed_leaderboard("spring", by="points")
        assert (told.closed_at, told.board.until_day) == (published, date(2026, 4, 30))
        story.close_days("2026-05-01", "2026-05-31")
        model.follower.catch_up()
        assert model.closed_leaderboard("spring", by="points").board == told.board
        season = model.seasons()[0]
        assert (season.until_day, season.closed_at) == (date(2026, 4, 30), published)
