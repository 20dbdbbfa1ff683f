"""What a scheme would give for planned figures: its curves, sections and gates in floats, for planning alone.

Much quicker than the scoring models, for a plan asks forty times; the tests hold what is planned to what those make
of it.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from domain.money import MICRO, MILLI
from domain.scheme import Gate, Indicator, Scheme
from domain.scheme_file.conditions import Term, read_condition
from domain.shapes import Shape, ShapeColumns

Numbers = NDArray[np.float64]
Figures = Mapping[str, Numbers]
"""By the name of a kind, a measure or an indicator: one figure per RM; of `certified` 1 or 0."""
NOISE = 6
"""Decimals of a place on the axis beyond which floats are not trusted: a step that is just reached is not begun."""
COMPARISONS: dict[str, Callable[[Numbers, float], NDArray[np.bool_]]] = {
    "<": np.less, "<=": np.less_equal, "=": np.equal, "<>": np.not_equal, ">=": np.greater_equal, ">": np.greater,
}  # fmt: skip


def estimate(scheme: Scheme, targets: Figures, figures: Figures) -> Numbers:
    """The score that a scheme gives, as `targets` are asked; what no goal drives comes to what its kinds do."""
    known = {one.id: value for one in scheme.indicators if (value := _value(one, figures)) is not None} | {**figures}
    scored = [one for one in scheme.indicators if one.id in known and _has_target(one, targets)]
    given = {one.id for one in scored}
    spread = sum(one.weight for one in scheme.indicators if one.id not in given and _is_spread(one, scheme, known))
    factor, unit = 100 / (100 - float(spread)), float(scheme.rounding.points)
    points = {one.id: np.floor(_points(one, known, targets, factor) / unit + 0.5) * unit for one in scored}
    for gate in scheme.gates:
        for zeroed in set(gate.zero) & points.keys():
            points[zeroed] = np.where(_holds(gate, known), 0, points[zeroed])
    return _total(scheme, points)


def _total(scheme: Scheme, points: Figures) -> Numbers:
    """The sections within their bounds, and the lines outside of them."""
    nothing = np.zeros(len(next(iter(points.values()))))
    own = {one.id: one.section for one in scheme.indicators}
    total = sum((each for name, each in points.items() if own[name] is None), nothing)
    for section in scheme.sections:
        whole = sum((each for name, each in points.items() if own[name] == section.id), nothing)
        total = total + np.clip(whole, _bound(section.least), _bound(section.most))
    return total


def _bound(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _value(indicator: Indicator, figures: Figures) -> Numbers | None:
    """What an indicator came to: as planned, or how many there are of its kinds; None where only people give it."""
    kinds = [figures[kind] for kind in indicator.measure.plus if kind in figures]
    if indicator.id in figures or not (kinds or indicator.measure.plus):
        return figures.get(indicator.id)
    return sum(kinds, np.zeros(len(next(iter(figures.values())))))


def _has_target(indicator: Indicator, targets: Figures) -> bool:
    return indicator.id in targets or not indicator.shape.columns().needs_target


def _is_spread(indicator: Indicator, scheme: Scheme, known: Figures) -> bool:
    return (scheme.appraisal.without_target if indicator.id in known else indicator.unrated) == "spread"


def _points(indicator: Indicator, known: Figures, targets: Figures, factor: float) -> Numbers:
    """What the curve of a line gives there, as its shape says."""
    columns, share = indicator.shape.columns(), float(indicator.weight) * factor
    value = _curve(indicator.shape, _place(columns, known[indicator.id], targets.get(indicator.id)))
    match columns.gives:
        case "share":
            return value * share
        case "weight":
            return value * factor
        case "points":
            return np.minimum(value, share)
        case "loss":
            return share - np.minimum(value, share)
    return value if columns.gives == "bonus" else -value


def _place(columns: ShapeColumns, figure: Numbers, target: Numbers | None) -> Numbers:
    """Where a line lies on the axis, in its units and steps."""
    asked = figure if target is None else target
    match columns.axis:
        case "completion":
            x = figure / asked * MICRO
        case "above-target":
            x = (figure - asked) * MILLI
        case "below-target":
            x = (asked - figure) * MILLI
        case _:
            x = figure * MILLI
    if columns.free is None:
        return x
    beyond = np.round(x - columns.free, NOISE)
    steps = np.maximum(beyond, 0) / columns.step
    match columns.steps:
        case "full":
            steps = np.floor(steps)
        case "started":
            steps = np.ceil(steps)
        case "begun":
            steps = np.where(beyond >= 0, np.floor(steps) + 1, 0)
    return steps * columns.step


def _curve(shape: Shape, x: Numbers) -> Numbers:
    """The value of the piece that holds each place, in points or parts."""
    value = np.zeros(len(x))
    for piece in shape.pieces():
        begins = -np.inf if piece.begins is None else piece.begins
        ends = np.inf if piece.ends is None else piece.ends
        after = x > begins if piece.above else x >= begins
        until = x <= ends if piece.through else x < ends
        y = (float(piece.base) + (x - piece.origin) * float(piece.rise)) / float(piece.run)
        value = np.where(after & until, np.clip(y, piece.least, piece.most), value)
    return value / MICRO


def _holds(gate: Gate, known: Figures) -> NDArray[np.bool_]:
    """For whom the condition of a gate holds that looks at figures."""
    alternatives = read_condition(gate.when)
    assert not isinstance(alternatives, str), alternatives  # the scheme was read
    held: NDArray[np.bool_] = np.any(
        [np.all([_is(term, known) for term in terms], axis=0) for terms in alternatives], axis=0
    )
    return held


def _is(term: Term, known: Figures) -> NDArray[np.bool_]:
    nobody = np.zeros(len(next(iter(known.values()))), dtype=np.bool_)
    compared = term.part is None and term.measure in known
    return COMPARISONS[term.op](known[term.measure], float(term.value)) if compared else nobody
