"""The reference scorer: what a scheme says, in plain Python fractions. The SQL models are held equal to it.

It is written from `domain/schemes/README.md`, not from the SQL, and takes the short way everywhere: no integers, no
cross-multiplication, no bounds.
Longer than 300 lines because the whole language is scored here a second time.
"""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from domain.calendar import Quarter, days, working_days
from domain.scheme import Indicator, Measure, Scheme, Section, Tier
from domain.scheme_file.conditions import read_condition
from domain.shapes import (
    AllOrNothing,
    Bands,
    Bonus,
    Completion,
    Control,
    Curve,
    Deduction,
    Penalty,
    PerUnit,
    Rank,
    Shape,
    Slices,
)
from domain.shapes.bands import BandLike
from projections.trial import Trial
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
Known = dict[tuple[str, str | None], Fraction | None]
"""What conditions may look at: a figure by its name, or its points or completion."""


@dataclass(frozen=True)
class Graded:
    """What the reference makes of one RM: points by indicator (None where not scored), exact."""

    points: dict[str, Fraction | None]
    completion: dict[str, Fraction | None]
    gates: list[str]
    status: str
    score: Fraction | None
    tier: str | None
    step: int | None
    coefficient: Fraction | None
    quota: str | None = None
    judged: Fraction | None = field(default=None, compare=False)
    limits: list[Fraction] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class Standing:
    """Somebody's place among so many peers."""

    place: int
    peers: int


NOBODY: Mapping[str, Standing] = {}


def as_fractions(trial: Trial) -> Graded:
    """What the models made of one RM, to compare with."""
    return Graded(
        points={line.indicator: _exactly(line.points) for line in trial.lines},
        completion={line.indicator: _exactly(line.completion) for line in trial.lines},
        gates=trial.gates,
        status=trial.status,
        score=_exactly(trial.score),
        tier=trial.tier,
        step=trial.step,
        coefficient=_exactly(trial.coefficient),
        quota=trial.quota,
    )


def _exactly(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def rounded(value: Fraction, step: Fraction, half: str) -> Fraction:
    """To a multiple of `step`; a half goes away from zero, or to the even multiple."""
    steps = abs(value) / step
    whole, rest = divmod(steps, 1)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (half == "up" or whole % 2 == 1))
    return (whole + up) * step * (1 if value >= 0 else -1)


def is_gradable(scheme: Scheme, one: Tried) -> bool:
    """Whether somebody served long enough for a grade."""
    return one.days is None or one.days >= scheme.appraisal.minimum_working_days


def all_measured(scheme: Scheme, tried: Tried) -> dict[str, Fraction | None]:
    """Every indicator and measure, exactly."""
    counted = {name: _measured(name, measure, tried.figures) for name, measure in scheme.measured()}
    return counted | {name: _derived(measure, counted) for name, measure in scheme.measured() if measure.derived}


def grade(scheme: Scheme, tried: Tried, standings: Mapping[str, Standing] = NOBODY) -> Graded:
    """Score, tier and coefficient of one RM who has a contract, with the places that their lines have among peers."""
    measured = all_measured(scheme, tried)
    targets = {one.id: target_of(scheme, one, tried) for one in scheme.indicators}
    fates = {
        one.id: _fate(scheme, one, measured[one.id], targets[one.id], standings.get(one.id))
        for one in scheme.indicators
    }
    scored_weight = sum((Fraction(one.weight) for one in scheme.indicators if fates[one.id] != "spread"), Fraction(0))
    points: dict[str, Fraction | None] = {}
    completion: dict[str, Fraction | None] = {}
    for one in scheme.indicators:
        target = targets[one.id]
        share = Fraction(one.weight) * 100 / scored_weight if scored_weight else Fraction(0)
        standing = standings.get(one.id)
        points[one.id] = _points(scheme, one, fates[one.id], measured[one.id], target, share, standing)
        done = fates[one.id] == "score" and _looks_at_completion(one.shape) and target
        completion[one.id] = (
            rounded((measured[one.id] or Fraction(0)) / Fraction(target), Fraction(1, 10**6), scheme.rounding.half)
            if done and target
            else None
        )
    known: Known = {(name, None): figure for name, figure in measured.items()}
    known |= {(kind, None): _quantity(tried.figures, kind) for kind in scheme.kinds}
    known |= {(one.id, "completion"): _done(measured[one.id], targets[one.id]) for one in scheme.indicators}
    known |= {("certified", None): Fraction(tried.certified)}
    for gate in scheme.gates:
        if gate.zero and holds(gate.when, known):
            points |= {name: Fraction(0) for name in gate.zero if points[name] is not None}
    return _graded(scheme, points, completion, known, is_gradable(scheme, tried))


def target_of(scheme: Scheme, one: Indicator, tried: Tried) -> Decimal | None:
    """What is asked: of who was not there all quarter, or is new, a part, and what was carried."""
    figure = tried.figures.get(one.id, NOTHING)
    own = _own_target(scheme, one, tried, figure.target or one.target)
    return own if own is None or not one.carried else own + (figure.carried or Decimal(0))


def _own_target(scheme: Scheme, one: Indicator, tried: Tried, target: Decimal | None) -> Decimal | None:
    if target is None or not one.measure.flows:
        return target
    part = Fraction(1)
    first, last = Quarter.of(scheme.effective).first_day, Quarter.of(scheme.effective).last_day
    if scheme.appraisal.targets == "working-days" and tried.days is not None:
        part = Fraction(tried.days, working_days(first, last))
    if scheme.appraisal.targets == "calendar-days" and tried.calendar_days is not None:
        part = Fraction(tried.calendar_days, len(list(days(first, last))))
    if scheme.appraisal.targets == "full-months" and tried.months is not None:
        part = Fraction(tried.months, 3)
    for newcomers in scheme.appraisal.ramp_up:
        if newcomers.quarter == tried.nth_quarter:
            part *= Fraction(newcomers.part)
    asked = rounded(Fraction(target) * part, Fraction(1, 1000), "up")
    return Decimal(asked.numerator) / Decimal(asked.denominator)


def _done(measured: Fraction | None, target: Decimal | None) -> Fraction | None:
    return measured / Fraction(target) if measured is not None and target else None


def _looks_at_completion(shape: Shape) -> bool:
    return isinstance(shape, Completion | AllOrNothing) or (
        isinstance(shape, Curve | Bands | Rank) and shape.on == "completion"
    )


def _measured(name: str, measure: Measure, figures: Mapping[str, Figure]) -> Fraction | None:
    figure = figures.get(name, NOTHING)
    if figure.measured is None and measure.rule in ("rating", "last", "maximum", "ready"):
        return None
    base = figure.base if measure.over_base and figure.base else Decimal(0)
    return Fraction(figure.measured or 0) - Fraction(base)


def _derived(measure: Measure, counted: Mapping[str, Fraction | None]) -> Fraction | None:
    """A ratio, a difference, a mean without what is missing, or the mean level of votes."""
    top, bottom = counted.get(measure.top or ""), counted.get(measure.bottom or "")
    match measure.rule:
        case "ratio" | "difference" if top is None or bottom is None:
            return None
        case "ratio" if not bottom:
            return None if measure.when_zero is None else Fraction(measure.when_zero)
        case "ratio":
            assert top is not None
            assert bottom
            return top * Fraction(measure.times) / bottom
        case "difference":
            assert top is not None
            assert bottom is not None
            return top - bottom
        case "mean":
            given = {name: value for name in measure.weights if (value := counted[name]) is not None}
            divisor = sum((Fraction(measure.weights[name]) for name in given), Fraction(0))
            if not divisor:
                return None
            mean = (
                sum((Fraction(measure.weights[name]) * value for name, value in given.items()), Fraction(0)) / divisor
            )
            weakest = measure.weakest
            is_weak = weakest is not None and min(given.values()) < Fraction(weakest.below)
            return min(mean, Fraction(weakest.most)) if weakest is not None and is_weak else mean
        case _:
            votes = {name: counted[name] or Fraction(0) for name in measure.levels}
            cast = sum(votes.values(), Fraction(0))
            worth = sum((Fraction(measure.levels[name]) * count for name, count in votes.items()), Fraction(0))
            return worth / cast if cast > 0 else None


def _quantity(figures: Mapping[str, Figure], kind: str) -> Fraction:
    return Fraction(figures.get(kind, NOTHING).measured or 0)


def _fate(
    scheme: Scheme, one: Indicator, measured: Fraction | None, target: Decimal | None, standing: Standing | None
) -> str:
    """`score`, `zero`, `full` or `spread`."""
    if measured is None:
        return str(one.unrated)
    if one.shape.columns().needs_target and not target:
        return scheme.appraisal.without_target if target is None else "spread"
    if isinstance(one.shape, Rank) and (standing is None or standing.peers < one.shape.smallest):
        return one.shape.small if standing else "spread"
    return "score"


def _points(
    scheme: Scheme, one: Indicator, fate: str, measured: Fraction | None, target: Decimal | None, share: Fraction,
    standing: Standing | None,
) -> Fraction | None:  # fmt: skip
    if fate == "spread":
        return None
    if fate == "full":
        return rounded(share, Fraction(scheme.rounding.points), scheme.rounding.half)
    if fate == "zero" or measured is None:
        return Fraction(0)
    exact = _placed(one, standing, share) if standing else exact_points(one, measured, target, share)
    return rounded(exact, Fraction(scheme.rounding.points), scheme.rounding.half)


def _placed(one: Indicator, standing: Standing, share: Fraction) -> Fraction:
    """What the place among peers gives."""
    assert isinstance(one.shape, Rank)
    return _band_of(one.shape.bands, "to", Fraction(standing.place, standing.peers)) * share / Fraction(one.weight)


def exact_points(one: Indicator, measured: Fraction, target: Decimal | None, share: Fraction) -> Fraction:
    done = measured / Fraction(target) if target else None
    match one.shape:
        case Completion() as shape:
            assert done is not None
            return share * _counted(shape, done)
        case AllOrNothing(reached=reached):
            assert done is not None
            return share if done >= Fraction(reached) else Fraction(0)
        case Curve() | Bands() as table:
            x = done if table.on == "completion" else measured
            assert x is not None
            gives = _on_curve(table, x) if isinstance(table, Curve) else _in_band(table, x)
            return gives * share / Fraction(one.weight)
        case Slices() as slices:
            return min(_sliced(slices, max(measured, Fraction(0))), Fraction(slices.limit), share)
        case PerUnit() as rated:
            return min(_rated(rated, measured), share)
        case Deduction() as rated:
            return share - min(_rated(rated, measured - Fraction(rated.free)), share)
        case Bonus() as rated:
            return _rated(rated, measured)
        case Penalty() as rated:
            return -_rated(rated, measured - Fraction(rated.free))
        case Control() as control:
            assert target
            gap = measured - Fraction(target) if control.better == "less" else Fraction(target) - measured
            return share - min(_missed(control, gap - Fraction(control.tolerance)), share)
    raise AssertionError(f"no curve of {one.shape.kind}")


def _counted(shape: Completion, done: Fraction) -> Fraction:
    """What a completion counts as."""
    if shape.start is not None and done < Fraction(shape.start):
        return Fraction(0)
    counts = 1 + (done - 1) * Fraction(shape.below if done < 1 else shape.above)
    if shape.cliff and done < Fraction(shape.cliff.under):
        counts *= Fraction(shape.cliff.keeps)
    return min(max(counts, Fraction(shape.floor)), Fraction(shape.cap))


def _on_curve(curve: Curve, x: Fraction) -> Fraction:
    points = [(Fraction(one.at), Fraction(one.gives)) for one in curve.points]
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def _in_band(table: Bands, x: Fraction) -> Fraction:
    return _band_of(table.bands, table.edges, x)


def _band_of(bands: Sequence[BandLike], edges: str, x: Fraction) -> Fraction:
    for band in bands:
        low, high = (None if one is None else Fraction(one) for one in (band.begins, band.ends))
        if edges == "from":
            holds = (low is None or x >= low) and (high is None or x < high)
        else:
            holds = (low is None or x > low) and (high is None or x <= high)
        if holds and band.until is not None:
            assert low is not None
            assert high is not None
            return Fraction(band.gives) + Fraction(band.until - band.gives) * (x - low) / (high - low)
        if holds:
            return Fraction(band.gives)
    raise AssertionError("no band holds the figure")


def _sliced(shape: Slices, x: Fraction) -> Fraction:
    begins = [Fraction(one.begins) for one in shape.slices]
    rates = [Fraction(one.points) / Fraction(one.per) for one in shape.slices]
    if shape.counts == "whole":
        passed = [n for n, begin in enumerate(begins) if (x >= begin if shape.edges == "from" else x > begin)]
        return x * rates[max([0, *passed])]
    ends = [*begins[1:], max(x, begins[-1])]
    return sum(
        (rate * (min(x, end) - begin) for begin, end, rate in zip(begins, ends, rates, strict=True) if x > begin),
        Fraction(0),
    )


def _rated(shape: PerUnit | Deduction | Bonus | Penalty, x: Fraction) -> Fraction:
    counted = _in_steps(max(x, Fraction(0)) / Fraction(shape.per), shape.steps)
    return min(counted * Fraction(shape.points), Fraction(shape.limit))


def _missed(shape: Control, beyond: Fraction) -> Fraction:
    """The points off for how far a figure lies beyond its limit and what is tolerated."""
    units = beyond / Fraction(shape.per)
    if shape.met == "missed":
        counted = Fraction(floor(units) + 1) if units >= 0 else Fraction(0)
    else:
        counted = _in_steps(max(units, Fraction(0)), shape.steps)
    return min(counted * Fraction(shape.points), Fraction(shape.limit))


def _in_steps(units: Fraction, steps: str) -> Fraction:
    return {"parts": units, "full": Fraction(floor(units)), "started": Fraction(ceil(units))}[steps]


def holds(text: str, known: Known) -> bool:
    """Whether a condition holds over what is known."""
    alternatives = read_condition(text)
    assert not isinstance(alternatives, str)
    return any(all(_compares(known[t.measure, t.part], t.op, t.value) for t in terms) for terms in alternatives)


def _compares(figure: Fraction | None, op: str, value: Decimal) -> bool:
    return figure is not None and bool(OPERATORS[op](figure, Fraction(value)))


def _graded(
    scheme: Scheme, points: dict[str, Fraction | None], completion: dict[str, Fraction | None], known: Known,
    gradable: bool,
) -> Graded:  # fmt: skip
    """Sections, multipliers, the score, then gates and tiers."""
    sections = {one.id: _section(scheme, one, points) for one in scheme.sections}
    loose = [points[one.id] or Fraction(0) for one in scheme.indicators if one.section is None]
    exact = sum([*sections.values(), *loose], Fraction(0))
    for multiplier in scheme.multipliers:
        exact *= Fraction(multiplier.times) if holds(multiplier.when, known) else 1
    half, unit = scheme.rounding.half, scheme.rounding.score
    score = rounded(exact, Fraction(unit) if unit else Fraction(1, 10**6), half)
    judged = score if scheme.rounding.tier == "rounded" else exact
    known |= {(name, "points"): value for name, value in (points | sections).items()} | {("score", None): judged}
    fired = [gate for gate in scheme.gates if holds(gate.when, known)]
    gates = [gate.id for gate in fired]
    outcomes = {gate.then for gate in fired}
    status = "graded"
    if not gradable:
        status = "short-service"
    elif all(points[one.id] is None for one in scheme.indicators if one.weight):
        status = "no-score"
    elif outcomes - {None}:
        status = "barred" if "not-gradable" in outcomes else "held"
    if status != "graded":
        return Graded(points, completion, gates, status, None, None, None, None)
    order = [tier.id for tier in scheme.tiers]
    earned = next((n for n, tier in enumerate(scheme.tiers) if _takes_in(tier, judged, known)), len(order) - 1)
    caps = [gate.cap_tier for gate in fired] + [
        one.cap_tier for one in scheme.sections
        if one.minimum is not None and sections[one.id] < Fraction(one.minimum) and _is_scored(scheme, one, points)
    ]  # fmt: skip
    place = max([earned, *(order.index(cap) for cap in caps if cap)])
    tier = scheme.tiers[place]
    steps = [step for step in tier.steps if judged >= Fraction(step.floor)] if place == earned else []
    worth = Fraction(steps[-1].coefficient if steps else tier.coefficient)
    if scheme.coefficient:
        exact_worth = _band_of(scheme.coefficient.bands, scheme.coefficient.edges, judged)
        worth = rounded(exact_worth, Fraction(scheme.coefficient.rounding), half)
    limits = [Fraction(gate.coefficient) for gate in fired if gate.coefficient is not None]
    coefficient = min([worth, *limits])
    return Graded(
        points, completion, gates, status, score, tier.id, len(steps) or None, coefficient, None, judged, limits
    )


def _takes_in(tier: Tier, score: Fraction, known: Known) -> bool:
    if tier.floor is None and tier.when is None:
        return True
    return (tier.floor is None or score >= Fraction(tier.floor)) and (tier.when is None or holds(tier.when, known))


def _is_scored(scheme: Scheme, section: Section, points: dict[str, Fraction | None]) -> bool:
    return any(points[one.id] is not None for one in scheme.indicators if one.section == section.id)


def _section(scheme: Scheme, section: Section, points: dict[str, Fraction | None]) -> Fraction:
    lines = (points[one.id] or Fraction(0) for one in scheme.indicators if one.section == section.id)
    total = sum(lines, Fraction(0))
    if section.most is not None:
        total = min(total, Fraction(section.most))
    if section.least is not None:
        total = max(total, Fraction(section.least))
    unit = scheme.rounding.section
    return rounded(total, Fraction(unit), scheme.rounding.half) if unit else total
