"""The performance contract: agreed, amended with a reason, the old value kept."""

from decimal import Decimal

import pytest

from domain.events import TargetAgreed, TargetAmended
from domain.refusal import Refused
from tests.bank import TestBank, done, outcomes, refused

STREAM = "contract:r1:2026"
LINE = {"rm": "r1", "year": "2026", "quarter": "1", "indicator": "funds", "target": "6000", "base": "", "reason": ""}


def agree(story: TestBank, **more: str) -> list[tuple[str, str]]:
    return refused(story.bank.agree_targets([LINE | more], "lead")[0])


def test_an_imported_contract_counts_as_agreed(story: TestBank) -> None:
    first = story.events(STREAM)[0]
    assert isinstance(first, TargetAgreed)
    assert (first.indicator, first.quarter, first.target, first.base) == (
        "savings",
        "2026Q1",
        Decimal(1000),
        Decimal(200),
    )


def test_the_same_target_again_is_a_duplicate_in_whatever_form_it_is_written(story: TestBank) -> None:
    same = LINE | {"target": "5000.00", "quarter": "2026Q1"}
    assert outcomes(story.bank.agree_targets([same, LINE | {"target": "5000"}], "lead")) == ["duplicate"] * 2
    assert "TargetAmended" not in story.types(STREAM)


def test_another_target_needs_the_reason_why_it_is_amended(story: TestBank) -> None:
    assert agree(story) == [("conflict", "reason")]


def test_an_amendment_keeps_the_old_value_and_its_reason(story: TestBank) -> None:
    more = {"indicator": "savings", "target": "900", "base": "100", "reason": "the outlet was rebuilt"}
    done(story.bank.agree_targets([LINE | more], "lead")[0])
    amended = story.events(STREAM)[-1]
    assert isinstance(amended, TargetAmended)
    assert (amended.previous_target, amended.previous_base) == (Decimal(1000), Decimal(200))
    assert (amended.target, amended.base) == (Decimal(900), Decimal(100))
    assert story.bank.log.select_texts("reason", [STREAM]) == {STREAM: "the outlet was rebuilt"}


def test_another_base_alone_is_an_amendment_too(story: TestBank) -> None:
    assert agree(story, indicator="savings", target="1000", base="0") == [("conflict", "reason")]


def test_each_line_is_decided_on_what_the_lines_before_it_agreed(story: TestBank) -> None:
    told = [("5", ""), ("6", ""), ("6", "more staff")]
    lines = [LINE | {"indicator": "calls", "target": target, "reason": why} for target, why in told]
    assert outcomes(story.bank.agree_targets(lines, "lead")) == ["accepted", "conflict", "accepted"]


def test_a_target_keeps_its_decimals(story: TestBank) -> None:
    done(story.bank.agree_targets([LINE | {"indicator": "calls", "target": "0.125"}], "lead")[0])
    agreed = story.events(STREAM)[-1]
    assert isinstance(agreed, TargetAgreed)
    assert agreed.target == Decimal("0.125")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"rm": "nobody"}, ("unknown", "rm")),
        ({"indicator": "turnover"}, ("unknown", "indicator")),
        ({"indicator": "conduct"}, ("not-allowed", "indicator")),
        ({"quarter": "2025Q1"}, ("malformed", "quarter")),
        ({"year": "2025"}, ("not-allowed", "quarter")),
        ({"target": "0"}, ("malformed", "target")),
        ({"target": "1,000"}, ("malformed", "target")),
        ({"base": "9999999999999"}, ("malformed", "base")),
        ({"target": ""}, ("malformed", "target")),
    ],
)
def test_a_line_that_is_wrong_names_its_field(story: TestBank, line: dict[str, str], fault: tuple[str, str]) -> None:
    assert agree(story, **line) == [fault]


def test_what_takes_points_off_says_that_it_has_no_target(story: TestBank) -> None:
    (told,) = story.bank.agree_targets([LINE | {"indicator": "conduct"}], "lead")
    assert isinstance(told, Refused)
    assert told.refusals[0].remedy == (
        "leave this line out: the deduction of “Conduct” looks at no target, only at what was done"
    )


def test_a_quarter_after_the_last_day_of_service_has_no_targets(story: TestBank) -> None:
    done(story.register("r1", left_on="2026-02-10"))
    assert agree(story, quarter="2") == [("not-allowed", "quarter")]


def test_a_position_without_a_scheme_has_no_indicators(story: TestBank) -> None:
    done(story.register("r9", position="trainee"))
    assert agree(story, rm="r9") == [("unknown", "indicator")]


def test_after_a_transfer_within_the_quarter_the_indicators_of_both_positions_are_known(story: TestBank) -> None:
    done(story.register("r1", "east", **{"from": "2026-03-01", "position": "trainee"}))
    taken = done(story.bank.agree_targets([LINE | {"indicator": "calls"}], "lead")[0])
    assert taken.outcome == "accepted"
