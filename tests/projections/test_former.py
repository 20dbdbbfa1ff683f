"""Former standings: kept within a bound, ranked within any unit; those of a large bank come when they are ready."""

from collections.abc import Callable, Iterable
from datetime import date
from threading import Event, Thread, current_thread, main_thread

import duckdb
import pyarrow as pa
import pytest

from domain.scheme import Scheme
from projections import board_making, comparisons, former, rank_race
from projections.board_making import APART
from projections.former import Former, FormerBoard, Formers
from projections.periods import Period, period_of
from projections.questions import Row, question
from projections.questions import rows as rows_of
from projections.read_model import ReadModel
from tests.bank import Q1, TestBank, done

BELOW = [("head", "east"), ("head", "south"), ("head", "head"), ("east", "east"), ("south", "south")]


def standings(*rows: tuple[str, str, str, int]) -> Former:
    """Former standings of rows (board, rm, org, value), ranked by the value."""
    shown = [dict(zip(("board", "rm", "org", "value"), row, strict=True)) | {"merit": row[3]} for row in rows]
    schema = pa.schema({"board": "string", "rm": "string", "org": "string", "value": "int64", "merit": "int64"})
    return Former(pa.Table.from_pylist(shown, schema), BELOW)


def test_ranks_are_those_within_the_unit_and_equal_ones_share_theirs() -> None:
    known = standings(
        ("points", "r2", "south", 7), ("score", "r1", "east", 90), ("score", "r2", "south", 90),
        ("score", "r3", "east", 80),
    )  # fmt: skip
    assert [known.ranks("head", "score").of(rm) for rm in ("r1", "r2", "r3", "r4")] == [1, 1, 3, None]
    assert [known.ranks("east", "score").of(rm) for rm in ("r1", "r2", "r3")] == [1, None, 2]
    assert [known.ranks("head", "points").of(rm) for rm in ("r1", "r2")] == [None, 1]
    assert known.ranks("west", "score").ranked == known.ranks("head", "none").ranked == 0
    assert known.found("east", "score", ["r3", "r2", "r9"]) == {"r3": (80, 2)}


def test_of_nobody_there_are_no_ranks() -> None:
    assert standings().ranks("head", "score").ranked == 0


def test_each_is_made_once_and_those_asked_for_longest_ago_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(former, "HELD_ROWS", 2)
    made: list[tuple[str, int]] = []

    def make(state: tuple[str, int]) -> Former:
        made.append(state)
        return standings(("score", "r1", "east", 90))

    kept = Formers(make, lambda: None)
    first = kept.made(("2026Q1", 1))
    assert kept.made(("2026Q1", 1)) is first
    kept.made(("2026Q1", 2))
    kept.made(("2026Q1", 1))
    kept.made(("2026Q1", 3))
    assert made == [("2026Q1", 1), ("2026Q1", 2), ("2026Q1", 3)]
    assert [kept.get(("2026Q1", position)) is not None for position in (1, 2, 3)] == [True, False, True]


def test_what_is_made_while_somebody_leaves_the_boards_is_made_anew_and_is_another_edition() -> None:
    made: list[Former] = []

    def make(_: tuple[str, int]) -> Former:
        made.append(standings(("score", "r1", "east", 90)))
        if len(made) == 2:
            kept.for_all_but(["r2"])
        return made[-1]

    kept, state = Formers(make, lambda: None), ("2026Q1", 1)
    assert kept.made(state, late=True) is made[0]
    before = kept.edition
    kept.for_all_but(["r3"])
    assert kept.get(state) is None
    assert kept.made(state, late=True) is made[2]
    assert kept.edition not in ("", before)


def test_a_large_banks_board_tells_movement_once_it_is_worked_out(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(story.record("s1", "satisfaction", quantity="90"))
    story.close_days("2026-03-19", "2026-03-19")
    story.clock.set("2026-03-28")
    story.close_days("2026-03-20", "2026-03-27")
    with story.following() as model:
        at_once = model.leaderboard(Q1)
        monkeypatch.setattr(comparisons, "AT_ONCE", 0)
        large = story.follow()
        large.follower.catch_up()
        assert (large.leaderboard(Q1).moved_since, large.edition) == (None, "")
        kept = large.leaderboard_json(Q1)
        large.start_comparing()
        large.prepare()
        large.prepare()
        with large._formers._changed:
            assert large._formers._changed.wait_for(lambda: large.edition, 30)
        at = large.follower.position
        assert large.kept_leaderboard_json(at, str(Q1), None, "score", 100, None, None, "all") is None
        assert large.leaderboard_json(Q1) == at_once.model_dump_json().encode() != kept
        large.stop()
        large.follower.stop()


def test_weeks_that_take_longer_than_one_waits_come_with_a_later_look(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rank_race, "PATIENCE", 0)
    done(story.record("s1", "satisfaction", quantity="90"))
    story.clock.set("2026-03-24")
    story.close_days("2026-03-19", "2026-03-23")
    story.clock.set("2026-04-01")
    story.close_days("2026-03-24", "2026-03-31")
    with story.following() as model:
        whole = model.leaderboard_history(Q1)
        served = story.follow()
        served.follower.catch_up()
        served._formers._make = held_back = HeldBack(served._former)
        served.start_comparing()
        first = served.leaderboard_history(Q1)
        assert [day.isoformat() for day in first.days] == ["2026-03-29", "2026-04-01"], (
            "what a week before needed is there"
        )
        assert (first.complete, first.traces[0].values) == (False, whole.traces[0].values[-2:])
        held_back.go.set()
        assert None not in served._formers.soon([("2026Q1", served._end_of(day)) for day in whole.days[:-1]], 30)
        assert served.leaderboard_history(Q1) == whole
        served.stop()
        served.follower.stop()


class HeldBack:
    """Makes former standings: who waits for them gets them, a thread once it is let."""

    def __init__(self, make: Callable[[tuple[str, int]], Former | FormerBoard]) -> None:
        self.make, self.go = make, Event()

    def __call__(self, state: tuple[str, int]) -> Former | FormerBoard:
        assert current_thread() is main_thread() or self.go.wait(30)
        return self.make(state)


def test_a_making_that_is_not_needed_any_more_is_ended(story: TestBank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparisons, "AT_ONCE", 0)
    done(story.record("s1", "satisfaction", quantity="90"))
    with story.following() as model:
        model.start_comparing()
        model.prepare()
        model.stop()
        assert not model._formers._thread or not model._formers._thread.is_alive()


def test_a_making_can_still_be_ended_after_another_beside_it_has_ended(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = Event(), Event()

    def held_back(name: str) -> str:
        if current_thread() is not main_thread():
            begun.set()
            go.wait(30)
        return question(name)

    with story.following() as model:
        position = model.follower.position
        monkeypatch.setattr(comparisons, "question", held_back)
        beside = Thread(target=model._former, args=[("2026Q1", position)])
        beside.start()
        assert begun.wait(30)
        assert model._former(("2026Q1", position - 1)).size
        assert len(model._grading) == 1
        go.set()
        beside.join()
        assert model._grading == set()


YEAR = (APART.join(("2026", "head", "score", "")), 40)
"""A board of its own, as it stood at a position."""
ENDLESS = "SELECT count(*) FROM range(1000000) AS a CROSS JOIN range(1000000) AS b WHERE (a.range * b.range) % 7 = 9"


def ends(model: ReadModel, caplog: pytest.LogCaptureFixture) -> bool:
    """Whether a stop comes to its end, and leaves nothing behind and nothing said."""
    stopping = Thread(target=model.stop, daemon=True)
    stopping.start()
    stopping.join(30)
    return not stopping.is_alive() and not model._grading and not model._formers._in_work and not caplog.records


def test_a_stop_amid_the_making_of_a_board_of_its_own_ends_at_once(
    story: TestBank, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun = Event()

    def endless(con: duckdb.DuckDBPyConnection, name: str, **asked: object) -> list[Row]:
        begun.set()
        con.execute(ENDLESS)
        return rows_of(con, name, **asked)

    with story.following() as model:
        monkeypatch.setattr(board_making, "rows_of", endless)
        model.start_comparing()
        model._formers.want(YEAR)
        assert begun.wait(30)
        assert ends(model, caplog)
        assert model._formers.get(YEAR) is None


def test_a_stop_between_two_statements_of_a_board_of_its_own_ends_it_at_the_next(
    story: TestBank, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go, asked = Event(), Event(), list[str]()

    def held_back(text: str, schemes: Iterable[Scheme]) -> Period:
        begun.set()
        assert go.wait(30)
        return period_of(text, schemes)

    def noted(con: duckdb.DuckDBPyConnection, name: str, **values: object) -> list[Row]:
        asked.append(name)
        return rows_of(con, name, **values)

    with story.following() as model:
        monkeypatch.setattr(board_making, "period_of", held_back)
        monkeypatch.setattr(board_making, "rows_of", noted)
        monkeypatch.setattr(model._formers, "_interrupt", go.set)
        model.start_comparing()
        model._formers.want(YEAR)
        assert begun.wait(30)
        assert ends(model, caplog)
        assert asked == []


def test_who_is_overtaken_goes_down_and_who_comes_later_is_new(story: TestBank) -> None:
    for n, rm in enumerate(("r1", "r2")):
        story.record(f"s{n}", "satisfaction", rm=rm, quantity=str(90 - n))
    story.close_days("2026-03-18", "2026-03-19")
    story.clock.set("2026-03-28")
    with story.following() as model:
        still = model.leaderboard(Q1, by="index")
        assert [(row.rm, row.movement) for row in still.standings] == [("r1", None), ("r2", None)]
        story.close_days("2026-03-20", "2026-03-27")
        story.record("s2", "satisfaction", rm="r2", quantity="100", occurred_on="2026-03-27")
        story.record("s3", "satisfaction", rm="r3", quantity="10", occurred_on="2026-03-27")
        model.follower.catch_up()
        moved = model.leaderboard(Q1, by="index")
    assert moved.moved_since == date(2026, 3, 21)
    assert [(row.rm, row.movement, row.is_new) for row in moved.standings] == [
        ("r2", 1, False),
        ("r1", -1, False),
        ("r3", None, True),
    ]


def test_a_history_tells_each_weeks_value_and_rank_in_a_large_bank_among_those_shown(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.close_days("2026-03-15", "2026-03-19")
    done(story.record("s1", "satisfaction", rm="r1", quantity="90"))
    done(story.record("s2", "satisfaction", rm="r2", quantity="80"))
    story.clock.set("2026-03-28")
    story.close_days("2026-03-20", "2026-03-27")
    for ref, rm, value in (("s3", "r2", "100"), ("s4", "r3", "95")):
        done(story.record(ref, "satisfaction", rm=rm, quantity=value, occurred_on="2026-03-27"))
    with story.following() as model:
        in_full = model.leaderboard_history(Q1, by="index", limit=1, around="r1")
        monkeypatch.setattr(comparisons, "AT_ONCE", 0)
        among_each_other = model.leaderboard_history(Q1, by="index", limit=1, around="r1")
        assert model.leaderboard_history(Q1, by="index", limit=1, around="r1") == among_each_other
        before = model.leaderboard_history(Q1, by="index", as_of=model.position_at("2026-03-27"))
    assert (in_full.ranked_within, among_each_other.ranked_within) == ("scope", "shown")
    assert [day.isoformat() for day in in_full.days[-2:]] == ["2026-03-22", "2026-03-28"]
    told = {trace.rm: ([*map(str, trace.values[-2:])], trace.ranks[-2:]) for trace in in_full.traces}
    assert told == {"r2": (["80", "100"], [2, 1]), "r1": (["90", "90"], [1, 3])}
    assert {trace.rm: trace.ranks[-2:] for trace in among_each_other.traces} == {"r2": [2, 1], "r1": [1, 2]}
    assert [trace.values for trace in among_each_other.traces] == [trace.values for trace in in_full.traces]
    assert {trace.rm: trace.ranks[-2:] for trace in before.traces} == {"r1": [None, 1], "r2": [None, 2]}
    assert in_full.traces[0].values[0] is None
    passed = [(one.rm, one.rank, one.rank_before) for one in in_full.overtaken_by]
    assert (in_full.overtakers, passed) == (2, [("r2", 1, 2), ("r3", 2, None)])
    assert before.overtakers == 0
