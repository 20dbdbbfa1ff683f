"""Plans and targets as they are answered: what exceeds a plan, and the mark of a target that was changed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from projections.answers import CheckedLine, ScoreLine
from projections.answers.reviews import ResultLine
from projections.read_model import ReadModel
from tests import reviewed
from tests.bank import Q1, Q2, SCHEME, TestBank, done

FUNDS = 'plus = ["fund"] }\nshape = { kind = "completion", cap = "1.2", floor = "0" }'
CEILING = SCHEME.replace(
    FUNDS,
    'plus = ["fund"] }\nshape = { kind = "control", better = "less", met = "full", points = "1", per = "1000", '
    'steps = "started", limit = "10" }',
    1,
)
REASON = "the year went well"


def warned(story: TestBank, plan: str, below: str) -> list[str]:
    """What is to be looked at in a unit's plan of funds, with a plan for the one unit below; three RMs agreed on 5000
    each."""
    line = {"quarter": "2026Q2", "indicator": "funds"}
    done(story.bank.set_plan("head", 2026, [line | {"target": plan}], "lead"))
    done(story.bank.set_plan("branch", 2026, [line | {"target": below}], "lead"))
    with story.following() as model:
        lines = model.cascade("head", 2026).lines
    (found,) = [one for one in lines if (one.org, one.quarter, one.indicator) == ("head", "2026Q2", "funds")]
    return list(found.warnings)


@pytest.mark.parametrize(
    ("scheme", "plan", "below", "warnings"),
    [
        (SCHEME, "14000", "13000", ["plans-short", "targets-exceed"]),
        (SCHEME, "16000", "17000", ["plans-exceed", "targets-short"]),
        (CEILING, "14000", "13000", ["plans-exceed", "targets-short"]),
        (CEILING, "16000", "17000", ["plans-short", "targets-exceed"]),
        (CEILING, "15000", "15000", []),
    ],
)
def test_of_a_figure_of_which_less_is_better_the_lower_one_asks_for_more(
    tmp_path: Path, scheme: str, plan: str, below: str, warnings: list[str]
) -> None:
    assert CEILING != SCHEME
    assert warned(TestBank(tmp_path).founded(scheme), plan, below) == warnings


def marks(model: ReadModel) -> list[ScoreLine | CheckedLine]:
    """The line of funds on the scorecard and in the quarterly check."""
    quarter = Q1 if model.scorecard("r1", Q2) is None else Q2
    card = model.scorecard("r1", quarter)
    assert card
    (check,) = model.quarterly_checks(quarter, rm="r1").checks
    found: list[ScoreLine | CheckedLine] = [*card.lines, *check.lines]
    return [one for one in found if one.indicator == "funds"]


def told(line: ScoreLine | CheckedLine | ResultLine) -> tuple[Decimal | None, date | None, bool, str | None]:
    return line.previous_target, line.amended_on, line.in_period, line.amendment_reason


def test_a_target_changed_in_its_quarter_says_what_it_was_until_when_and_why(story: TestBank) -> None:
    done(story.agree("r1", funds="8000", reason=REASON))
    with story.following() as model:
        found = marks(model)
    assert list(map(told, found)) == [(Decimal(5000), date(2026, 3, 20), True, REASON)] * 2


def test_a_target_changed_before_its_quarter_began_is_not_said_to_be_changed_within_it(story: TestBank) -> None:
    done(story.agree("r1", "2", funds="8000", reason=REASON))
    story.clock.set("2026-04-10")
    story.close_days("2026-03-19", "2026-04-09")
    with story.following() as model:
        found = marks(model)
    assert list(map(told, found)) == [(Decimal(5000), date(2026, 3, 20), False, REASON)] * 2


def test_a_target_that_stands_as_it_was_agreed_bears_no_mark(story: TestBank) -> None:
    with story.following() as model:
        found = marks(model)
    assert list(map(told, found)) == [(None, None, False, None)] * 2


def test_a_review_marks_what_was_changed_by_its_facts_and_tells_later_changes_as_late_facts(story: TestBank) -> None:
    done(story.agree("r1", funds="8000", reason=REASON))
    story.clock.set("2026-04-02")
    story.close_days("2026-03-19", "2026-04-01")
    facts_at = story.last_position
    reviewed.quarter_opened(story, facts_at=facts_at)
    for rm in ("r1", "r2"):
        reviewed.opened(story, rm, facts_at=facts_at)
    done(story.agree("r2", funds="9000", reason="too late"))
    with story.following() as model:
        lines = {
            rm: next(one for one in review.result.lines if one.indicator == "funds")
            for rm in ("r1", "r2")
            if (review := model.review(rm, Q1))
        }
    assert told(lines["r1"]) == (Decimal(5000), date(2026, 3, 20), True, REASON)
    assert (told(lines["r2"]), lines["r2"].target) == ((None, None, False, None), Decimal(5000))
