"""The demo's reviews: past quarters are final, the newest one shows every state, and all of it comes again."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from api.demo import build_demo
from api.identity import Identity
from domain.bank import Bank
from domain.organisation import ancestors
from tests.api.demo.conftest import Demo, followed, open_store


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Fourteen RMs in three quarters, the last of which runs."""
    data_dir = tmp_path_factory.mktemp("reviewed")
    bank = open_store(data_dir)
    with followed(bank, data_dir, build_demo(bank, 14, 3)) as demo:
        yield demo


def test_an_older_quarter_is_final_for_everybody_who_served(reviewed: Demo) -> None:
    older = reviewed.summary.quarters[0]
    rows = reviewed.read_model.reviews(older, limit=100).reviews
    assert {row.state for row in rows} == {"final"}
    assert reviewed.read_model.quarter_progress(older).unopened == 0
    assert all(row.rated_by != row.approved_by for row in rows)


def test_the_newest_quarter_that_is_over_has_reviews_in_every_state(reviewed: Demo) -> None:
    rows = reviewed.read_model.reviews(reviewed.summary.quarters[1], limit=100).reviews
    assert {row.state for row in rows} == {
        "open", "rated", "submitted", "returned", "approved", "acknowledged", "appealed", "decided", "final",
    }  # fmt: skip
    assert {row.rm: row.state for row in rows if row.rm in ("R0002", "R0003")} == {
        "R0002": "approved", "R0003": "final",
    }  # fmt: skip
    late = {row.rm: (row.state, row.days_left) for row in rows if row.days_left is not None and row.days_left < 0}
    assert set(late.values()) == {("open", -5)}, "of each outlet whose head signs in one is overdue, and nothing else"


def test_who_signs_in_acts_in_the_reviews_of_their_unit(reviewed: Demo) -> None:
    (own,) = reviewed.read_model.reviews(reviewed.summary.quarters[1], rms=["R0002"]).reviews
    assert (own.rated_by, own.approved_by) == ("supervisor", "approver")


def test_the_head_of_an_outlet_who_signs_in_finds_reviews_to_rate_and_to_submit(reviewed: Demo) -> None:
    scope = next(user.scope for user in Identity(reviewed.bank).users() if user.name == "supervisor")
    rows = reviewed.read_model.reviews(reviewed.summary.quarters[1], scope=scope).reviews
    assert {row.state for row in rows} >= {"open", "rated", "returned"}


def test_what_is_long_overdue_waits_for_the_head_of_the_branch_as_well(reviewed: Demo) -> None:
    heads = {user.name: user.scope or "" for user in Identity(reviewed.bank).users() if user.role == "supervisor"}
    rows = reviewed.read_model.reviews(reviewed.summary.quarters[1], scope=heads["supervisor-late"]).reviews
    (late,) = [one for one in rows if (one.days_left or 0) < 0]
    assert late.effective
    escalate_days = reviewed.bank.register.schemes[late.scheme or "", late.effective].review.escalate_days
    assert -(late.days_left or 0) >= escalate_days
    assert heads["branch"] in ancestors(late.org, reviewed.bank.register.units)


def test_the_log_tells_of_reviews_in_the_order_in_which_they_happened(reviewed: Demo) -> None:
    with reviewed.bank.log.reading() as cursor:
        rows = reviewed.bank.log.select_topics(cursor, ("ReviewOpened", "ReviewSubmitted", "GradeFinalised"), 0)
    moments = [json.loads(row.state)["recorded_at"] for row in rows]
    assert all(one <= other for one, other in pairwise(moments))
    assert len(moments) > 20


def test_the_same_reviews_come_of_a_build_that_was_interrupted(tmp_path: Path) -> None:
    whole, halved = open_store(tmp_path / "whole"), open_store(tmp_path / "halved")
    build_demo(whole, 5, 2)

    def stop(done: int, total: int) -> None:
        if done == total - 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo(halved, 5, 2, progress=stop)
    assert build_demo(halved, 5, 2).state == "completed"
    assert _events(halved) == _events(whole)
    assert Counter(row["topic"] for row in _events(whole))["ReviewOpened"] == 5


def _events(bank: Bank) -> list[dict[str, str]]:
    """The events of reviews, and all that they say."""
    with bank.log.reading() as cursor:
        rows = bank.log.select_subject(cursor, "review:", 2**53)
    return [{"stream": str(row.originator_id), "topic": row.topic, "state": str(row.state)} for row in rows]
