"""What people say in a review stands outside the log: it is proved by its digest, and goes with its RM's erasure."""

from domain.erasure import Erased, erase_texts
from domain.proof import first_missing_text
from tests.bank import Q1, TestBank, done
from tests.domain.reviewing import Reviewing

SAID = {"a good quarter", "we talked", "more words", "two visits are missing", "all were counted", "nothing found"}


def said_all(story: TestBank) -> Reviewing:
    """A review in which every kind of text was said."""
    review = Reviewing(story).come_to("submitted")
    done(review.interview())
    done(review.send_back())
    for step in (review.submit, review.approve, review.appeal, review.decide):
        done(step())
    done(story.bank.record_inspection("r1", Q1, "branch", story.bank.today, 0, "nothing found", "hr"))
    done(review.finalise())
    return review


def held(story: TestBank) -> set[str]:
    with story.bank.log.reading() as cursor:
        cursor.execute("SELECT text FROM texts")
        return {row[0] for row in cursor.fetchall()} & SAID


def test_every_text_of_a_review_stands_and_a_result_is_not_taken_for_one(story: TestBank) -> None:
    said_all(story)
    assert held(story) == SAID
    assert first_missing_text(story.bank.log, story.last_position) is None


def test_with_the_erasure_of_an_rm_the_texts_of_the_review_are_gone_and_nothing_is_missed(story: TestBank) -> None:
    review = said_all(story)
    before = review.review
    assert isinstance(erase_texts(story.bank, "rm", "r1", "cli"), Erased)
    assert held(story) == set()
    assert first_missing_text(story.bank.log, story.last_position) is None
    assert review.review == before


def test_a_text_that_somebody_took_away_is_missed_by_its_name(story: TestBank) -> None:
    said_all(story)
    for name in ("reason", "comment"):
        with story.bank.log.writing() as cursor:
            cursor.execute("DELETE FROM texts WHERE originator_id = ? AND field = ?", ("review:r1:2026Q1", name))
        found = first_missing_text(story.bank.log, story.last_position)
        assert found is not None
        assert f"has lost its {name}" in found.says
