"""The reference scorer: what a scheme says, in plain Python fractions. The SQL models are held equal to it.

It is written from `domain/schemes/README.md`, not from the SQL, and takes the short way everywhere: no integers, no
cross-multiplication, no bounds.
"""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.scheme import Gate, Indicator, Scheme
from domain.scheme_file.conditions import read_condition
from domain.shapes import Completion, Deduction, PerUnit
from projections.tried import Figure, Tried

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
NOTHING = Figure(None)


@dataclass(frozen=True)
class Graded:
    """What the reference makes of one RM: points by indicator (None where not scored), exact."""

    points: dict[str, Fraction | None]
    completion: dict[str, Fraction | None]
    gates: list[str]
    score: Fraction | None
    tier: str | None
    coefficient: Fraction | None


def rounded(value: Fraction, step: Fraction, half: str) -> Fraction:
    """To a multiple of `step`; a half goes away from zero, or to the even multiple."""
    steps = abs(value) / step
    whole, rest = divmod(steps, 1)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (half == "up" or whole % 2 == 1))
    return (whole + up) * step * (1 if value >= 0 else -1)


def grade(scheme: Scheme, tried: Tried) -> Graded:
    """Score, tier and coefficient of one RM who has a contract and served long enough."""
    measured = {one.id: _measured(one, tried.figures) for one in scheme.indicators}
    targets = {one.id: tried.figures.get(one.id, NOTHING).target or one.target for one in scheme.indicators}
    fates = {one.id: _fate(scheme, one, measured[one.id], targets[one.id]) for one in scheme.indicators}
    scored_weight = sum((Fraction(one.weight) for one in scheme.indicators if fates[one.id] != "spread"), Fraction(0))
    points: dict[str, Fraction | None] = {}
    completion: dict[str, Fraction | None] = {}
    for one in scheme.indicators:
        target = targets[one.id]
        share = Fraction(one.weight) * 100 / scored_weight if scored_weight else Fraction(0)
        points[one.id] = _points(scheme, one, fates[one.id], measured[one.id], target, share)
        done = fates[one.id] == "score" and isinstance(one.shape, Completion) and target
        completion[one.id] = (
            rounded((measured[one.id] or Fraction(0)) / Fraction(target), Fraction(1, 10**6), scheme.rounding.half)
            if done and target
            else None
        )
    figures = measured | {kind: _quantity(tried.figures, kind) for kind in scheme.kinds}
    fired = [gate for gate in scheme.gates if _fires(gate, figures)]
    return _graded(scheme, points, completion, fired)


def _measured(one: Indicator, figures: Mapping[str, Figure]) -> Fraction | None:
    figure = figures.get(one.id, NOTHING)
    if figure.measured is None and one.measure.rule in ("rating", "last", "ready"):
        return None
    base = figure.base if one.measure.over_base and figure.base else Decimal(0)
    return Fraction(figure.measured or 0) - Fraction(base)


def _quantity(figures: Mapping[str, Figure], kind: str) -> Fraction:
    return Fraction(figures.get(kind, NOTHING).measured or 0)


def _fate(scheme: Scheme, one: Indicator, measured: Fraction | None, target: Decimal | None) -> str:
    """`score`, `zero` or `spread`."""
    if measured is None:
        return str(one.unrated)
    if isinstance(one.shape, Completion) and not target:
        return scheme.appraisal.without_target
    return "score"


def _points(
    scheme: Scheme, one: Indicator, fate: str, measured: Fraction | None, target: Decimal | None, share: Fraction
) -> Fraction | None:
    if fate == "spread":
        return None
    if fate == "zero" or measured is None:
        return Fraction(0)
    return rounded(_exact(one, measured, target, share), Fraction(scheme.rounding.points), scheme.rounding.half)


def _exact(one: Indicator, measured: Fraction, target: Decimal | None, share: Fraction) -> Fraction:
    match one.shape:
        case Completion(cap=cap, floor=floor):
            assert target
            return share * min(max(measured / Fraction(target), Fraction(floor)), Fraction(cap))
        case PerUnit(points=points, per=per, limit=limit):
            return min(max(measured * Fraction(points) / Fraction(per), Fraction(0)), Fraction(limit), share)
        case Deduction(points=points, per=per, limit=limit):
            return share - min(max(measured * Fraction(points) / Fraction(per), Fraction(0)), Fraction(limit), share)


def _fires(gate: Gate, figures: Mapping[str, Fraction | None]) -> bool:
    alternatives = read_condition(gate.when)
    assert not isinstance(alternatives, str)
    return any(all(_holds(figures[t.measure], t.op, t.value) for t in terms) for terms in alternatives)


def _holds(figure: Fraction | None, op: str, value: Decimal) -> bool:
    return figure is not None and bool(OPERATORS[op](figure, Fraction(value)))


def _graded(
    scheme: Scheme,
    points: dict[str, Fraction | None],
    completion: dict[str, Fraction | None],
    fired: list[Gate],
) -> Graded:
    earned = [one for one in points.values() if one is not None]
    gates = [gate.id for gate in fired]
    if not earned:
        return Graded(points, completion, gates, None, None, None)
    score = sum(earned, Fraction(0))
    order = [tier.id for tier in scheme.tiers]
    place = next(n for n, tier in enumerate(scheme.tiers) if score >= Fraction(tier.floor))
    place = max([place, *(order.index(gate.cap_tier) for gate in fired if gate.cap_tier)])
    limits = [Fraction(gate.coefficient) for gate in fired if gate.coefficient is not None]
    coefficient = min([Fraction(scheme.tiers[place].coefficient), *limits])
    return Graded(points, completion, gates, score, order[place], coefficient)
