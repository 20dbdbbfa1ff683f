"""What payroll reads: final grades alone, everybody else with the reason, and a run as it was."""

from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.calendar import Quarter
from domain.erasure import erase_texts
from domain.payroll import Run
from domain.seal import seal, sealed_until
from projections.read_model import ReadModel
from tests.bank import COMPARED, SCHEME, TestBank, done
from tests.reviewed import commented, finalised, opened, rated, reopened, result_of, stepped

Q1 = Quarter(2026, 1)


@pytest.fixture
def story(story: TestBank) -> TestBank:
    """Three RMs, whose first quarter is over."""
    story.clock.set("2026-04-01")
    story.close_days("2026-03-20", "2026-03-31")
    return story


def run_made(story: TestBank, model: ReadModel, released: bool = True) -> Run:
    """Prepare the next run of the quarter, and release it."""
    model.follower.catch_up()
    content = model.next_run(Q1)
    done(story.bank.prepare_run(content, "hr"))
    if released:
        seal(story.bank)
        last = sealed_until(story.bank.log)
        done(story.bank.release_run(Q1, content.run, content.digest, (last.position, last.digest), "chief"))
    model.follower.catch_up()
    found = model.run(Q1, content.run)
    assert found is not None
    return found


def states(model: ReadModel, as_of: int | None = None) -> dict[str, str]:
    return {each.employee: each.state for each in model.payroll_grades(Q1, as_of).missing}


def test_before_any_review_everybody_is_listed_as_not_opened_and_nobody_has_a_figure(story: TestBank) -> None:
    with story.following() as model:
        content = model.payroll_grades(Q1)
    assert (content.grades, [each.state for each in content.missing]) == ([], ["not-opened"] * 3)


@pytest.mark.parametrize("state", ["submitted", "returned", "approved", "acknowledged", "appealed", "decided"])
def test_each_state_of_a_review_is_a_reason_of_its_own_for_having_no_grade(story: TestBank, state: str) -> None:
    opened(story)
    stepped(story, "r1", state)
    with story.following() as model:
        assert states(model) == {"r1": state, "r2": "not-opened", "r3": "not-opened"}
        assert model.payroll_grades(Q1).grades == []


def test_a_review_that_is_rated_and_not_submitted_says_so_and_one_that_was_reopened_until_it_is(
    story: TestBank,
) -> None:
    for rm in ("r1", "r2"):
        opened(story, rm)
        rated(story, rm, "service", "80")
        commented(story, rm)
    finalised(story, "r2")
    reopened(story, "r2")
    with story.following() as model:
        assert states(model) == {"r1": "rated", "r2": "reopened", "r3": "not-opened"}
        stepped(story, "r2", "submitted")
        model.follower.catch_up()
        assert states(model)["r2"] == "submitted"


def test_a_final_grade_stands_with_its_event_and_the_quarter_that_it_pays_for(story: TestBank) -> None:
    opened(story)
    at = finalised(story)
    with story.following() as model:
        (grade,) = model.payroll_grades(Q1).grades
    assert (grade.employee, grade.tier, grade.score, grade.coefficient) == (
        "r1", "qualified", Decimal("81.5"), Decimal("1.1"),
    )  # fmt: skip
    assert (grade.log_position, grade.digest, grade.run) == (at, result_of().digest, None)
    assert (grade.quarter, grade.period, grade.facts_at, grade.rated_at, grade.round) == ("2026Q1", "2026Q2", 20, 21, 1)


def test_a_scheme_may_pay_the_same_quarter(story: TestBank) -> None:
    review = '\n[review]\nclause = "1"\nen = "How grades become final"\nzh = "考核程序"\npays = "same-quarter"\n'
    done(story.publish(SCHEME.replace("2026-01-01", "2026-04-01") + review))
    opened(story, quarter="2026Q2")
    finalised(story, quarter="2026Q2", effective=Quarter(2026, 2).first_day)
    with story.following() as model:
        (grade,) = model.payroll_grades(Quarter(2026, 2)).grades
    assert grade.period == "2026Q2"


def test_a_review_that_ends_without_a_grade_is_told_by_its_reason_and_never_as_a_zero(story: TestBank) -> None:
    opened(story)
    finalised(story, status="not-gradable", score=None, tier=None, coefficient=None)
    with story.following() as model:
        content = model.payroll_grades(Q1)
    assert ([each.employee for each in content.grades], states_of(content.missing)["r1"]) == ([], "not-gradable")


def states_of(missing: object) -> dict[str, str]:
    return {each.employee: each.state for each in missing}  # type: ignore[attr-defined]


def test_a_grade_that_is_reviewed_again_is_not_paid_until_another_one_is_final(story: TestBank) -> None:
    opened(story)
    first = finalised(story)
    reopened(story)
    with story.following() as model:
        assert states(model)["r1"] == "reopened"
        assert states(model, first) == {"r2": "not-opened", "r3": "not-opened"}
        second = finalised(story, round=2, tier="excellent", coefficient=Decimal("1.3"))
        model.follower.catch_up()
        (grade,) = model.payroll_grades(Q1).grades
        assert (grade.log_position, grade.round, grade.tier) == (second, 2, "excellent")


def test_a_run_holds_what_no_run_released_before_and_says_which_run_it_corrects(story: TestBank) -> None:
    for rm in ("r1", "r2"):
        opened(story, rm)
        finalised(story, rm)
    with story.following() as model:
        first = run_made(story, model)
        assert (first.employees, first.without, first.coefficients, first.scores) == (
            2,
            1,
            Decimal("2.2"),
            Decimal(163),
        )
        reopened(story)
        finalised(story, round=2, coefficient=Decimal("1.2"))
        opened(story, "r3")
        finalised(story, "r3")
        second = run_made(story, model)
        content = model.run_content(second)
        assert [(each.employee, each.round, each.run, each.replaces_run) for each in content.grades] == [
            ("r1", 2, 2, 1), ("r3", 1, 2, None),
        ]  # fmt: skip
        listed = model.payroll_grades(Q1).grades
        assert [(each.employee, each.run, each.replaces_run) for each in listed] == [
            ("r1", 2, 1), ("r2", 1, None), ("r3", 2, None),
        ]  # fmt: skip
        assert model.next_run(Q1).grades == []


def test_a_run_that_was_discarded_paid_nobody(story: TestBank) -> None:
    opened(story)
    finalised(story)
    with story.following() as model:
        run_made(story, model, released=False)
        done(story.bank.discard_run(Q1, 1, "a mistake", "hr"))
        model.follower.catch_up()
        assert [each.run for each in model.payroll_grades(Q1).grades] == [None]
        assert run_made(story, model).run == 2
        assert [each.run for each in model.payroll_grades(Q1).grades] == [2]


def test_a_run_is_the_same_whatever_came_after_it_and_after_a_rebuild(story: TestBank) -> None:
    opened(story)
    finalised(story)
    with story.following() as model:
        run = run_made(story, model)
        before = model.run_content(run)
        reopened(story)
        finalised(story, round=2, coefficient=Decimal("0.9"))
        opened(story, "r2")
        finalised(story, "r2")
        erase_texts(story.bank, "rm", "r1", "cli")
        done(story.register("r9", "south"))
        run_made(story, model)
        assert model.run_content(run) == before
    with story.following() as rebuilt:
        assert rebuilt.run_content(run) == before
        assert before.digest == run.digest


def test_what_was_listed_at_a_position_is_listed_for_ever(story: TestBank) -> None:
    opened(story)
    at = finalised(story)
    with story.following() as model:
        then = model.payroll_grades(Q1)
        run_made(story, model)
        reopened(story)
        model.follower.catch_up()
        assert model.payroll_grades(Q1, at) == then
        assert model.payroll_grades(Q1) != then


def test_a_run_is_looked_at_by_tier_and_by_who_has_none_with_their_names(story: TestBank) -> None:
    opened(story)
    finalised(story)
    opened(story, "r3")
    stepped(story, "r3", "appealed")
    with story.following() as model:
        told = model.run_in_full(run_made(story, model, released=False))
    assert [(total.tier, total.employees, total.coefficients) for total in told.tiers] == [
        ("qualified", 1, Decimal("1.1"))
    ]
    assert [(each.name, each.org_name, each.state) for each in told.missing] == [
        ("Person r2", "South", "not-opened"), ("Person r3", "East", "appealed"),
    ]  # fmt: skip
    assert not told.reopened


def test_what_changes_after_a_run_is_told_as_a_difference_with_its_cause_and_its_event(story: TestBank) -> None:
    for rm in ("r1", "r2"):
        opened(story, rm)
        finalised(story, rm)
    with story.following() as model:
        run = run_made(story, model)
        again = reopened(story)
        final = finalised(story, round=2, coefficient=Decimal("1.2"))
        opened(story, "r3")
        first = finalised(story, "r3")
        erase_texts(story.bank, "rm", "r2", "cli")
        erased = story.last_position
        model.follower.catch_up()
        found = [each for each in model.run_differences(run).differences if each.cause not in ("facts", "others")]
    assert [(each.employee, each.cause, each.position, each.topic) for each in found] == [
        ("r1", "reopened", again, "ReviewReopened"), ("r1", "final-again", final, "GradeFinalised"),
        ("r3", "final-since", first, "GradeFinalised"), ("r2", "erased", erased, "TextsErased"),
    ]  # fmt: skip
    assert found[1].paid is not None
    assert found[1].now is not None
    assert (found[1].paid.coefficient, found[1].now.coefficient) == (Decimal("1.1"), Decimal("1.2"))
    assert (found[2].paid, found[3].name) == (None, "r2")


def test_a_grade_that_becomes_final_again_just_as_it_was_is_no_difference(story: TestBank) -> None:
    opened(story)
    finalised(story)
    with story.following() as model:
        run = run_made(story, model)
        reopened(story)
        finalised(story, round=2)
        model.follower.catch_up()
        causes = [each.cause for each in model.run_differences(run).differences]
    assert [cause for cause in causes if cause not in ("facts", "others")] == ["reopened"]


def test_a_grade_that_a_colleagues_facts_moved_is_a_difference_too(tmp_path: Path) -> None:
    with closing(TestBank(tmp_path).founded(COMPARED)) as story, story.following() as model:
        story.counted("of-r1")
        model.follower.catch_up()
        (now,) = [each for each in model.grades(Q1).grades if each.rm == "r1"]
        opened(story)
        figures: dict[str, Any] = {"score": now.score, "tier": now.tier, "coefficient": now.coefficient}
        finalised(story, facts_at=story.last_position, **figures)
        run = run_made(story, model)
        assert model.run_differences(run).differences == []
        fact = story.last_position + 1
        story.counted("of-r3", rm="r3", quantity="3")
        model.follower.catch_up()
        (different,) = model.run_differences(run).differences
    assert (different.cause, different.position, different.topic) == ("others", fact, "ActionRecorded")


def test_a_fact_that_came_after_a_grade_was_final_and_would_change_it_is_named(story: TestBank) -> None:
    with story.following() as model:
        (now,) = [each for each in model.grades(Q1).grades if each.rm == "r1"]
        opened(story)
        figures: dict[str, Any] = {"score": now.score, "tier": now.tier, "coefficient": now.coefficient}
        finalised(story, facts_at=story.last_position, **figures)
        run = run_made(story, model)
        assert model.run_differences(run).differences == []
        done(story.record("late", "deposit", amount="90000"))
        model.follower.catch_up()
        (different,) = model.run_differences(run).differences
    assert (different.cause, different.position, different.topic) == ("facts", story.last_position, "ActionRecorded")
    assert different.now is not None
    assert different.paid is not None
    assert different.now.score != different.paid.score


def test_the_events_of_a_run_are_told_in_order_with_the_reason_of_its_end(story: TestBank, tmp_path: Path) -> None:
    opened(story)
    finalised(story)
    with story.following() as model:
        run_made(story, model, released=False)
        done(story.bank.discard_run(Q1, 1, "a mistake", "hr"))
        run = model.run(Q1, 1)
        assert run is not None
        told = model.run_timeline(run)
        assert [(step.topic, step.by, step.reason) for step in told.steps] == [
            ("RunPrepared", "hr", None), ("RunDiscarded", "hr", "a mistake"),
        ]  # fmt: skip
        assert model.runs()[0].reason == "a mistake"
