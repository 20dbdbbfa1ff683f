"""How far payroll is with a quarter, and who stands otherwise than in the quarter before."""

from decimal import Decimal

import pytest

from domain.calendar import Quarter
from domain.seal import seal, sealed_until
from projections.read_model import ReadModel
from tests.bank import TestBank, done
from tests.reviewed import finalised, opened, stepped

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)


@pytest.fixture
def story(story: TestBank) -> TestBank:
    """Three RMs, whose first two quarters are over."""
    story.clock.set("2026-07-01")
    story.close_days("2026-03-20", "2026-06-30")
    return story


def released(story: TestBank, model: ReadModel, quarter: Quarter) -> None:
    content = model.next_run(quarter)
    done(story.bank.prepare_run(content, "hr"))
    seal(story.bank)
    last = sealed_until(story.bank.log)
    done(story.bank.release_run(quarter, content.run, content.digest, (last.position, last.digest), "chief"))
    model.follower.catch_up()


def test_before_any_review_everybody_is_without_a_grade_for_one_reason_and_nothing_waits(story: TestBank) -> None:
    with story.following() as model:
        told = model.payroll_progress(Q1)
    assert (told.served, told.graded, told.waiting, told.tiers) == (3, 0, [], [])
    assert [(each.state, each.employees) for each in told.states] == [("not-opened", 3)]
    assert [each.employee for each in told.unpaid] == ["r1", "r2", "r3"]


def test_what_no_run_released_yet_waits_for_the_next_run_and_leaves_with_its_release(story: TestBank) -> None:
    opened(story)
    finalised(story)
    with story.following() as model:
        (waits,) = model.payroll_progress(Q1).waiting
        assert (waits.tier, waits.employees, waits.coefficients) == ("qualified", 1, Decimal("1.1"))
        released(story, model, Q1)
        told = model.payroll_progress(Q1)
    assert (told.graded, told.released, told.waiting, told.coefficients) == (1, 1, [], Decimal("1.1"))


def test_who_has_no_grade_is_listed_by_state_and_sought_by_name_id_or_unit(story: TestBank) -> None:
    opened(story, "r1")
    stepped(story, "r1", "appealed")
    with story.following() as model:
        appealed, others = (model.payroll_progress(Q1, state) for state in ("appealed", "not-opened"))
        names = model.bank.names(["r2"])
        sought = model.payroll_progress(Q1, search=f"R2 {names['r2']}")
        nobody = model.payroll_progress(Q1, search="nobody at all")
    assert ([each.employee for each in appealed.unpaid], appealed.found) == (["r1"], 1)
    assert [each.employee for each in others.unpaid] == ["r2", "r3"]
    assert [each.employee for each in sought.unpaid] == ["r2"]
    assert (nobody.unpaid, nobody.found, nobody.served) == ([], 0, 3)


def test_who_has_no_grade_is_turned_page_by_page_until_nobody_is_left(story: TestBank) -> None:
    with story.following() as model:
        first = model.payroll_progress(Q1, limit=2)
        assert first.after is not None
        second = model.payroll_progress(Q1, after=first.after, limit=2)
    assert [each.employee for each in (*first.unpaid, *second.unpaid)] == ["r1", "r2", "r3"]
    assert (first.found, second.found, second.after) == (3, 3, None)


def test_a_quarter_beside_the_one_before_tells_who_moved_who_is_new_and_who_has_none_any_more(
    story: TestBank,
) -> None:
    for rm, tier in (("r1", "qualified"), ("r2", "excellent")):
        opened(story, rm)
        finalised(story, rm, tier=tier)
    for rm, tier in (("r1", "excellent"), ("r3", "qualified")):
        opened(story, rm, quarter="2026Q2")
        finalised(story, rm, quarter="2026Q2", tier=tier)
    with story.following() as model:
        told = model.payroll_changes(Q2)
        new = model.payroll_changes(Q2, "new")
    assert {each.change: each.employees for each in told.counts} == {"up": 1, "new": 1, "gone": 1}
    assert [(each.employee, each.change, each.state) for each in told.changes] == [
        ("r1", "up", None), ("r2", "gone", "not-opened"), ("r3", "new", None),
    ]  # fmt: skip
    assert [(each.before, each.now, each.employees) for each in told.moves] == [("qualified", "excellent", 1)]
    assert [each.employee for each in new.changes] == ["r3"]
    first = told.changes[0]
    assert first.before is not None
    assert first.now is not None
    assert (first.before.tier, first.now.tier) == ("qualified", "excellent")


def test_who_stayed_in_a_tier_is_counted_and_told_only_when_asked_for(story: TestBank) -> None:
    for quarter in ("2026Q1", "2026Q2"):
        opened(story, quarter=quarter)
        finalised(story, quarter=quarter)
    with story.following() as model:
        told, same = model.payroll_changes(Q2), model.payroll_changes(Q2, "same")
    assert (told.found, [each.employee for each in same.changes]) == (0, ["r1"])
    assert [(each.change, each.employees) for each in told.counts] == [("same", 1)]
