"""What the steps of reviews come to is kept; a day moves reviews on without a step, and any past is folded again."""

from datetime import date
from decimal import Decimal

import duckdb

from domain.events import ReviewSubmitted
from projections.past import go_back
from projections.read_model import ReadModel
from tests import reviewed
from tests.bank import Q1, TestBank

RMS = ("r1", "r2", "r3")
FOLDS = "SELECT * FROM review_folds ORDER BY rm, quarter"
Rows = list[tuple[object, ...]]


def begun(story: TestBank) -> None:
    """The quarter is over and three reviews are open."""
    story.clock.set("2026-04-02")
    story.close_days("2026-03-19", "2026-04-01")
    reviewed.quarter_opened(story)
    for rm in RMS:
        reviewed.opened(story, rm)


def kept(model: ReadModel, question: str = FOLDS) -> Rows:
    model.follower.catch_up()
    with model.follower.connection.cursor() as con:
        return con.execute(question).fetchall()


def seen_at(con: duckdb.DuckDBPyConnection, position: int, question: str = FOLDS) -> Rows:
    with con.cursor() as past:
        past.begin()
        go_back(past, position, Q1, None, frozenset({"reviews"}))
        rows = past.execute(question).fetchall()
        past.rollback()
    return rows


def test_reviews_followed_step_by_step_are_those_that_are_made_of_the_whole_log_at_any_position(
    story: TestBank,
) -> None:
    begun(story)
    with story.following() as model:
        then = {story.last_position: kept(model)}
        for state in ("submitted", "returned", "submitted", "approved", "appealed", "decided"):
            reviewed.stepped(story, "r1", state)
            then[story.last_position] = kept(model)
        reviewed.finalised(story)
        reviewed.reopened(story)
        reviewed.rated(story, "r2", "service", "80")
        then[story.last_position] = kept(model)
        with story.following() as fresh:
            assert kept(fresh) == kept(model)
        with model.follower.connection.cursor() as con:
            assert {position: seen_at(con, position) for position in then} == then
        assert len({str(rows) for rows in then.values()}) == len(then)


def test_a_day_closed_moves_a_review_on_that_nobody_touched(story: TestBank) -> None:
    begun(story)
    reviewed.stepped(story, "r1", "approved")
    asked = "SELECT waits_for, due_on FROM reviews WHERE rm = 'r1'"
    with story.following() as model:
        before, folds = story.last_position, kept(model)
        assert kept(model, asked) == [("answer", reviewed.DUE)]
        story.clock.set("2026-05-04")
        story.close_days("2026-04-02", "2026-05-01")
        assert (kept(model, asked), kept(model)) == ([("finalise", None)], folds)
        with model.follower.connection.cursor() as con:
            assert seen_at(con, before, asked) == [("answer", reviewed.DUE)]


def test_the_most_urgent_of_all_pages_come_first_and_those_that_wait_for_nobody_last(story: TestBank) -> None:
    begun(story)
    reviewed.finalised(story, "r1")
    made = reviewed.result_of("r3")
    reviewed.saved(
        story, "r3", ReviewSubmitted, facts_at=20, status="graded", score=Decimal(70), tier=made.tier,
        coefficient=made.coefficient, result_digest=made.digest, due_on=date(2026, 4, 3),
    )  # fmt: skip
    with story.following() as model:
        pages = [model.reviews(Q1, limit=1)]
        while after := pages[-1].after:
            pages.append(model.reviews(Q1, after=after, limit=1))
        assert [one.rm for page in pages for one in page.reviews] == ["r3", "r2", "r1"]
