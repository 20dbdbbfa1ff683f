"""The plan of a unit: figures that add up over people, changed with a reason."""

from decimal import Decimal

import pytest

from domain.bank import Outcome
from domain.events import PlanSet
from tests.bank import TestBank, done, outcomes, refused

LINE = {"quarter": "2026Q2", "indicator": "funds", "target": "10000"}


def set_plan(story: TestBank, reason: str = "", org: str = "east", **more: str) -> Outcome:
    return story.bank.set_plan(org, 2026, [LINE | more], "boss", reason)


def test_a_plan_is_set_and_keeps_what_it_was(story: TestBank) -> None:
    done(set_plan(story))
    assert outcomes([set_plan(story, target="10000.0")]) == ["duplicate"]
    assert refused(set_plan(story, target="12000")) == [("malformed", "reason")]
    done(set_plan(story, target="12000", reason="a new housing estate"))
    first, second = story.events("plan:east:2026")
    assert isinstance(first, PlanSet)
    assert isinstance(second, PlanSet)
    assert (first.previous_target, second.previous_target, second.target) == (None, Decimal(10000), Decimal(12000))
    assert story.bank.log.select_texts("reason", ["plan:east:2026"]) == {"plan:east:2026": "a new housing estate"}


@pytest.mark.parametrize(
    ("org", "line", "fault"),
    [
        ("nowhere", {}, ("unknown", "org")),
        ("east", {"quarter": "2027Q1"}, ("malformed", "quarter")),
        ("east", {"indicator": "turnover"}, ("unknown", "indicator")),
        ("east", {"indicator": "conduct"}, ("not-allowed", "indicator")),
        ("east", {"target": "0"}, ("malformed", "target")),
    ],
)
def test_a_figure_at_fault_changes_nothing(
    story: TestBank, org: str, line: dict[str, str], fault: tuple[str, str]
) -> None:
    assert refused(set_plan(story, org=org, **line)) == [fault]
    assert story.events(f"plan:{org}:2026") == []


def test_a_quarter_that_is_over_is_planned_no_more(story: TestBank) -> None:
    story.clock.set("2026-07-01")
    assert refused(set_plan(story)) == [("not-allowed", "quarter")]


def test_lines_of_a_file_set_many_plans_each_on_what_the_lines_before_it_made(story: TestBank) -> None:
    line = LINE | {"org": "east", "year": "2026", "quarter": "2"}
    lines: list[dict[str, str]] = [
        line,
        line | {"target": "12000", "reason": "a new housing estate"},
        line | {"quarter": "2026Q2", "target": "12000.0"},
        line | {"target": "13000"},
        line | {"quarter": "2027Q2"},
        line | {"org": "nowhere"},
        line | {"org": "", "target": "much"},
        line | {"quarter": "Q3", "reason": ""},
    ]
    told = story.bank.set_plans(lines, "cli")
    assert outcomes(told[:3]) == ["accepted", "accepted", "duplicate"]
    assert [refused(each) for each in told[3:7]] == [
        [("malformed", "reason")],
        [("malformed", "quarter")],
        [("unknown", "org")],
        [("malformed", "org"), ("malformed", "target")],
    ]
    assert outcomes(told[7:] + story.bank.set_plans(lines[1:2], "cli")) == ["accepted", "duplicate"]
    figures = [(each.quarter, each.target) for each in story.events("plan:east:2026") if isinstance(each, PlanSet)]
    assert figures == [("2026Q2", Decimal(10000)), ("2026Q2", Decimal(12000)), ("2026Q3", Decimal(10000))]
