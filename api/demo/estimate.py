"""What a scheme would give for planned figures: the shapes' arithmetic in floats, for planning and not for grading."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from domain.scheme import Indicator, Scheme
from domain.shapes import Completion, Deduction, PerUnit

Numbers = NDArray[np.float64]


def estimate(
    scheme: Scheme,
    targets: Mapping[str, Numbers],
    measured: Mapping[str, Numbers],
    counts: Mapping[str, NDArray[np.int64]],
) -> Numbers:
    """The score that a scheme gives, in floats: for planning, not for grading."""
    lines = [(each, _line(each, targets, measured, counts)) for each in scheme.indicators]
    total = sum(float(each.weight) for each in scheme.indicators)
    left_out = sum(float(each.weight) for each, line in lines if line is None and _is_spread(each, scheme))
    factor = total / (total - left_out)
    unit = float(scheme.rounding.points)
    points: Numbers = sum(
        (np.floor(line(float(each.weight) * factor) / unit + 0.5) * unit for each, line in lines if line is not None),
        np.zeros(len(next(iter(targets.values())))),
    )
    return points


def _is_spread(indicator: Indicator, scheme: Scheme) -> bool:
    return (indicator.unrated if indicator.nature == "qualitative" else scheme.appraisal.without_target) == "spread"


def _line(
    indicator: Indicator,
    targets: Mapping[str, Numbers],
    measured: Mapping[str, Numbers],
    counts: Mapping[str, NDArray[np.int64]],
) -> Callable[[float], Numbers] | None:
    """An indicator's points by its weight; None where it is not scored."""
    if indicator.nature == "qualitative":
        return None
    nothing = np.zeros(len(next(iter(targets.values()))))
    value = measured.get(indicator.id, sum((counts.get(kind, nothing) for kind in indicator.measure.plus), nothing))
    match indicator.shape:
        case Completion() as shape if indicator.id in targets:
            done = np.clip(value / targets[indicator.id], float(shape.floor), float(shape.cap))
            return lambda weight: weight * done
        case PerUnit() as shape:
            gained = np.minimum(value / float(shape.per) * float(shape.points), float(shape.limit))
            return lambda weight: np.minimum(gained, weight)
        case Deduction() as shape:
            lost = np.minimum(value / float(shape.per) * float(shape.points), float(shape.limit))
            return lambda weight: np.maximum(weight - lost, 0)
    return None
