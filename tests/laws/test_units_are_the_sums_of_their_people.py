"""Law: after any history each unit is the sum of its people, and of its children and those in it itself."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, example, given, settings

from domain.calendar import Quarter
from projections.answers import UnitStanding
from projections.read_model import ReadModel
from tests.bank import Q1, Q2, TestBank
from tests.laws.histories import EVERY_ACT, Act, History, histories

Sums = dict[tuple[str, str, str], tuple[Decimal, Decimal, Decimal, int]]


@settings(max_examples=2, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example(EVERY_ACT)
@given(histories(40))
def test_a_unit_is_the_sum_of_its_people_and_of_the_units_below_it(acts: list[Act]) -> None:
    with TemporaryDirectory() as folder:
        story = TestBank(Path(folder)).founded()
        history = History(story)
        for act in acts:
            history.play(act)
        with story.following() as model:
            for quarter in (Q1, Q2):
                _check(model, quarter, "head")
        story.close()


def _check(model: ReadModel, quarter: Quarter, org: str) -> UnitStanding:
    """Hold a unit against its people one by one, then against the units below; the unit."""
    found = model.organisation(quarter, org)
    assert found
    assert _sums(found.unit) == _sums_of_people(model, quarter, org)
    grades = model.grades(quarter, org).grades
    scores = [grade.score for grade in grades if grade.score is not None]
    mean = sum(scores, Decimal(0)) / len(scores) if scores else None
    assert found.unit.score == (mean.quantize(Decimal("0.000001"), ROUND_HALF_UP) if mean is not None else None)
    counts = Counter(grade.tier or grade.status for grade in grades)
    assert counts == Counter(found.unit.tiers) + Counter(found.unit.not_graded)
    below = [_check(model, quarter, row.org) for row in found.rows]
    assert found.unit.people == found.unit.own_people + sum(unit.people for unit in below) == len(grades)
    if not found.unit.own_people and below:
        assert Counter(found.unit.lights) == sum((Counter(unit.lights) for unit in below), Counter())
        assert _sums(found.unit) == _added(*map(_sums, below))
    rows, asked = ([unit.model_dump_json(exclude={"tiers"}) for unit in units] for units in (found.rows, below))
    assert rows == asked  # a smaller scope knows the tiers of its own schemes only
    return found.unit


def _sums(unit: UnitStanding) -> Sums:
    return {
        (line.scheme, str(line.effective), line.indicator): (line.measured, line.target, line.expected, line.people)
        for line in unit.lines
    }


def _added(*each: Sums) -> Sums:
    total: Sums = {}
    for sums in each:
        for key, (measured, target, expected, people) in sums.items():
            before = total.get(key, (Decimal(0), Decimal(0), Decimal(0), 0))
            total[key] = (before[0] + measured, before[1] + target, before[2] + expected, before[3] + people)
    return total


def _sums_of_people(model: ReadModel, quarter: Quarter, org: str) -> Sums:
    """The lines of the quarterly checks of a unit's people, added up one by one."""
    versions = {grade.rm: (str(grade.scheme), str(grade.effective)) for grade in model.grades(quarter, org).grades}
    return _added(*(
        {(*versions[check.rm], line.indicator): (line.measured, line.target, line.expected, 1)}
        for check in model.quarterly_checks(quarter, org, limit=200).checks
        for line in check.lines
        if line.rule in ("sum", "count", "daily-average") and line.measured is not None
    ))  # fmt: skip
