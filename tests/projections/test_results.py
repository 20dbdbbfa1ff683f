"""The results of reviews: facts of one position, ratings of another, lines as canonical JSON under one digest."""

import json
from decimal import Decimal
from typing import Any

import pytest

from domain.events import IndicatorRated
from domain.result import Result
from projections.past import JUDGED
from projections.questions import reads
from projections.read_model import ReadModel
from projections.results import Results
from tests import reviewed
from tests.bank import COMPARED, Q1, TestBank, done


def result(model: ReadModel, rm: str = "r1", **asked: object) -> Result:
    """The one result of an RM's first quarter."""
    (found,) = model.review_results(Q1, [rm], **asked)  # type: ignore[arg-type]
    return found


def line(found: Result, indicator: str) -> dict[str, object]:
    return next(each for each in json.loads(found.lines)["lines"] if each["indicator"] == indicator)


def begun(story: TestBank) -> int:
    """The quarter is over and a review of `r1` and `r2` is open; the position of the facts."""
    story.counted("a", "visit", quantity="4")
    story.clock.set("2026-04-02")
    story.close_days("2026-03-19", "2026-04-01")
    facts_at = story.last_position
    reviewed.opened(story, "r1", facts_at=facts_at)
    reviewed.opened(story, "r2", facts_at=facts_at)
    return facts_at


def test_a_result_says_what_the_scorecard_says(story: TestBank) -> None:
    facts_at = begun(story)
    with story.following() as model:
        found, card = result(model), model.scorecard("r1", Q1)
        assert card
        assert (found.facts_at, found.rated_at, found.post) == (facts_at, story.last_position, "personal")
        grade = card.grade
        assert (found.status, found.score, found.tier, found.coefficient) == (
            grade.status, grade.score, grade.tier, grade.coefficient,
        )  # fmt: skip
        told = model.told(found)
        assert [(each.indicator, each.points, each.measured, each.reason) for each in told.lines] == [
            (each.indicator, each.points, each.measured, each.reason) for each in card.lines
        ]
        assert [(each.gate, each.fired) for each in told.gates] == [(each.gate, each.fired) for each in card.gates]


def test_lines_are_canonical_json_with_figures_as_text(story: TestBank) -> None:
    begun(story)
    with story.following() as model:
        text = result(model).lines
        assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert line(result(model), "visits")["measured"] == "4"
        assert line(result(model), "visits")["points"] == "2"


def test_a_rating_counts_in_the_review_and_a_later_fact_does_not(story: TestBank) -> None:
    facts_at = begun(story)
    with story.following() as model:
        before = result(model)
        assert line(before, "service")["reason"] == "not-rated"
        reviewed.rated(story, "r1", "service", "80")
        story.counted("b", "visit", quantity="2", occurred_on="2026-03-30")
        model.follower.catch_up()
        after = result(model)
        assert (line(after, "service")["measured"], line(after, "visits")["measured"]) == ("80", "4")
        assert after.digest != before.digest
        assert result(model, rated_at=facts_at).digest == before.digest
        assert line(result(model, facts_at={"r1": story.last_position}), "visits")["measured"] == "6"


def test_of_many_reviews_each_is_what_it_is_alone(story: TestBank) -> None:
    begun(story)
    reviewed.rated(story, "r1", "service", "80")
    story.counted("b", "visit", quantity="2", occurred_on="2026-03-30")
    with story.following() as model:
        together = model.review_results(Q1)
        assert [each.rm for each in together] == ["r1", "r2"]
        assert together == [result(model, each.rm) for each in together]
        assert [each.rm for each in model.review_results(Q1, facts_at=story.last_position)] == ["r1", "r2", "r3"]


def test_a_result_is_reckoned_once_until_somebody_says_something(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts_at, reckoned = begun(story), list[str]()
    make = Results._reckoned

    def noted(self: Results, con: Any, quarter: Any, rms: list[str], *given: Any) -> list[Result]:
        reckoned.extend(rms)
        return make(self, con, quarter, rms, *given)

    monkeypatch.setattr(Results, "_reckoned", noted)
    with story.following() as model:
        once = model.review_results(Q1, ["r1", "r2"])
        assert model.review_results(Q1, ["r2", "r1"]) == once
        assert reckoned == ["r1", "r2"]
        story.counted("late", "visit", quantity="9")
        model.follower.catch_up()
        again = result(model)
        assert (again.digest, again.rated_at) == (once[0].digest, story.last_position)
        assert reckoned == ["r1", "r2"]
        assert result(model, facts_at=story.last_position).digest != once[0].digest
        reviewed.rated(story, "r1", "service", "80")
        model.follower.catch_up()
        assert result(model).digest != once[0].digest
        assert reckoned == ["r1", "r2", "r1", "r1"]
        result(model, afresh=True)
        assert reckoned == ["r1", "r2", "r1", "r1", "r1"]
        assert facts_at == result(model).facts_at


def test_what_is_remembered_is_every_word_that_a_result_is_made_of() -> None:
    assert reads("last_said") == JUDGED


def test_a_preview_saves_nothing(story: TestBank) -> None:
    begun(story)
    with story.following() as model:
        before = result(model)
        preview = model.preview("r1", Q1, {"service": Decimal(90)})
        assert preview
        assert next(each for each in preview.lines if each.indicator == "service").measured == Decimal(90)
        assert result(model) == before
        last = reviewed.rated(story, "r1", "service", "90")
        model.follower.catch_up()
        assert result(model, rated_at=last).digest == preview.card.digest


def test_the_newest_rating_stands_and_its_digest_is_the_same_after_a_rebuild(story: TestBank) -> None:
    begun(story)
    for value in ("70", "95.5"):
        reviewed.rated(story, "r1", "service", value)
    with story.following() as model:
        found = result(model)
        assert line(found, "service")["measured"] == "95.5"
        model.follower.rebuild()
        assert result(model) == found
        assert len(story.events("review:r1:2026Q1")) == 1 + sum(
            isinstance(each, IndicatorRated) for each in story.events("review:r1:2026Q1")
        )


def test_where_people_are_compared_the_others_stand_at_the_same_facts(story: TestBank) -> None:
    compared = TestBank(story.folder / "compared").founded(COMPARED)
    try:
        facts_at = begun(compared)
        reviewed.opened(compared, "r3", facts_at=facts_at)
        with compared.following() as model:
            before = {each.rm: each.digest for each in model.review_results(Q1)}
            done(compared.record("late", "call", rm="r3", occurred_on="2026-03-30"))
            compared.counted("later", "visit", rm="r3", quantity="9", occurred_on="2026-03-30")
            model.follower.catch_up()
            assert {each.rm: each.digest for each in model.review_results(Q1)} == before
            assert {rm: result(model, rm).digest for rm in before} == before
    finally:
        compared.close()


def test_results_of_many_take_what_no_late_fact_moved_as_it_stands(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts_at = begun(story)
    reviewed.rated(story, "r1", "service", "80")
    before = story.last_position
    reviewed.rated(story, "r2", "service", "60")
    reviewed.voted(story, "votes_good", rm="r2")
    story.counted("late", "visit", quantity="2", occurred_on="2026-03-30")
    story.deliver("profit", "850", as_of="2026-03-31")
    with story.following() as model:
        alone = [model.review_results(Q1, rated_at=at) for at in (None, before)]
        monkeypatch.setattr("projections.results.FEW", 0)
        assert [model.review_results(Q1, rated_at=at) for at in (None, before)] == alone
        assert [len(each) for each in alone] == [2, 2]
        assert {each.facts_at for each in alone[0]} == {facts_at}
        assert alone[0][1].digest != alone[1][1].digest
