"""Votes and inspections: what others say of an RM's quarter."""

from datetime import date
from typing import Any

import pytest

from domain.events import InspectionRecorded, VoteCast
from tests.bank import Q1, Q2, TestBank, done, refused
from tests.domain.reviewing import Reviewing

VOTED = """
[[indicators]]
id = "peers"
clause = "1"
en = "Peers"
zh = "同事评议"
class = "social-responsibility"
nature = "qualitative"
weight = "2"
unit = { en = "points", zh = "分" }
measure = { rule = "votes", levels = { votes_good = "85", votes_fair = "60" } }
shape = { kind = "completion", cap = "1", floor = "0" }
target = "100"
unrated = "spread"

[measures.votes_good]
clause = "1"
en = "Votes: good"
zh = "好评票"
unit = { en = "votes", zh = "票" }
measure = { rule = "ready" }

[measures.votes_fair]
clause = "1"
en = "Votes: fair"
zh = "一般票"
unit = { en = "votes", zh = "票" }
measure = { rule = "ready" }

[[gates]]"""


@pytest.fixture
def voted(tmp_path: Any, store: str | None) -> Any:
    scheme = TestBank(tmp_path / "none").scheme
    lighter = scheme.replace('weight = "5"\nunit = { en = "CNY"', 'weight = "3"\nunit = { en = "CNY"', 1)
    story = TestBank(tmp_path, store=store).founded(lighter.replace("\n[[gates]]", VOTED, 1))
    yield story
    story.close()


def test_a_later_vote_of_the_same_person_takes_the_place_of_the_former(voted: TestBank) -> None:
    assert done(voted.bank.cast_vote("r1", Q1, "votes_good", "r2")).outcome == "accepted"
    assert done(voted.bank.cast_vote("r1", Q1, "votes_good", "r2")).outcome == "duplicate"
    done(voted.bank.cast_vote("r1", Q1, "votes_fair", "r2"))
    casts = [each for each in voted.events("vote:r1:2026Q1:r2") if isinstance(each, VoteCast)]
    assert [(each.measure, each.previous) for each in casts] == [("votes_good", None), ("votes_fair", "votes_good")]


@pytest.mark.parametrize(
    ("rm", "quarter", "measure", "by", "fault"),
    [
        ("r1", Q1, "votes_good", "r1", ("not-allowed", "")), ("r1", Q1, "votes_good", "cousin", ("not-allowed", "")),
        ("nobody", Q1, "votes_good", "r2", ("unknown", "rm")), ("r1", Q1, "savings", "r2", ("unknown", "measure")),
        ("r1", Q2, "votes_good", "r2", ("not-allowed", "quarter")),
    ],
)  # fmt: skip
def test_a_vote_that_is_none_is_refused(
    voted: TestBank, rm: str, quarter: Any, measure: str, by: str, fault: tuple[str, str]
) -> None:
    done(voted.bank.declare_relation("cousin", "r1", "hr"))
    before = voted.last_position
    assert refused(voted.bank.cast_vote(rm, quarter, measure, by)) == [fault]
    assert voted.last_position == before


def test_nobody_votes_once_the_review_is_final(voted: TestBank) -> None:
    Reviewing(voted).come_to("final")
    assert refused(voted.bank.cast_vote("r1", Q1, "votes_good", "r2")) == [("not-allowed", "quarter")]


def inspect(story: TestBank, **more: Any) -> Any:
    said: dict[str, Any] = {
        "inspector": "branch",
        "inspected_on": date(2026, 3, 3),
        "findings": 2,
        "note": "two visits unproven",
    }
    return story.bank.record_inspection("r1", Q1, **(said | more), by="hr")


def test_each_inspection_has_its_number_and_the_same_again_is_a_duplicate(story: TestBank) -> None:
    assert [done(inspect(story)).outcome, done(inspect(story)).outcome] == ["accepted", "duplicate"]
    assert done(inspect(story, findings=0, note="mended")).subject == "inspection:r1:2026Q1:2"
    recorded = story.events("inspection:r1:2026Q1:1")[0]
    assert isinstance(recorded, InspectionRecorded)
    assert (recorded.inspector, recorded.findings, recorded.by) == ("branch", 2, "hr")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"inspector": "r1"}, ("not-allowed", "inspector")), ({"inspector": "cousin"}, ("not-allowed", "inspector")),
        ({"inspector": "no id"}, ("malformed", "inspector")), ({"findings": -1}, ("malformed", "findings")),
        ({"inspected_on": date(2025, 12, 31)}, ("not-allowed", "inspected_on")),
        ({"inspected_on": date(2026, 3, 21)}, ("not-allowed", "inspected_on")), ({"note": " "}, ("malformed", "note")),
    ],
)  # fmt: skip
def test_an_inspection_that_is_none_is_refused(story: TestBank, more: Any, fault: tuple[str, str]) -> None:
    done(story.bank.declare_relation("r1", "cousin", "hr"))
    before = story.last_position
    assert refused(inspect(story, **more)) == [fault]
    assert story.last_position == before


def test_after_the_quarter_it_was_inspected_only_until_the_review_is_final(story: TestBank) -> None:
    review = Reviewing(story).come_to("acknowledged")
    done(inspect(story, inspected_on=date(2026, 4, 1)))
    done(review.finalise())
    assert refused(inspect(story, inspected_on=date(2026, 4, 1), findings=3)) == [("not-allowed", "inspected_on")]
    assert done(inspect(story, findings=3)).outcome == "accepted"
