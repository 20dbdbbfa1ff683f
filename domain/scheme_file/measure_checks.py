"""What the measures of a scheme file must be: each rule with the keys that it needs, over what this file knows."""

from collections.abc import Iterator

from domain.scheme_file.entries import (
    Indicator,
    Measure,
    NamedMeasure,
)
from domain.scheme_file.faults import Path
from domain.scheme_file.mistyped import nearest
from domain.scheme_file.reading import Entries, Findings

OVER_ACTIONS = {"sum", "last", "maximum", "daily-average", "day-balance"}
"""The rules that need to know whether they are of the amount or of the quantity."""
OF_BALANCES = {"daily-average", "day-balance"}
"""The rules that look at what stands on a day."""
OF_OTHERS = {"top", "bottom", "times", "when_zero", "weights", "levels", "weakest"}


def measures_fit(entries: Entries) -> Findings:
    """Each rule has the keys that it needs, and only kinds of this file."""
    for place, one in entries.measured():
        path: Path = (*place, "measure")
        for finding in (*_rule_findings(one), *_day_findings(one.measure)):
            yield path, finding
        yield from _part_findings(entries, path, one.measure)
        for key in ("plus", "minus", "sets"):
            for kind in getattr(one.measure, key):
                if kind not in entries.kind_ids():
                    yield (*path, key), f"`{kind}` is no kind of this file; {nearest(kind, entries.kind_ids())}"
        if len(set(one.measure.kinds)) < len(one.measure.kinds):
            yield path, "name each kind once in a measure"


def _part_findings(entries: Entries, path: Path, measure: Measure) -> Findings:
    """What others are made of is a measure of this file that is counted or delivered itself."""
    known = [name for name, one in entries.measures.items() if not one.measure.derived]
    unread = set(entries.measure_ids()) - entries.measures.keys()
    for name in measure.parts:
        if name not in known and name not in unread:
            yield path, f"`{name}` is no measure that is counted or delivered; {nearest(name, known)}"
    if measure.top is not None and measure.top == measure.bottom:
        yield path, f"name two measures: a {measure.rule} of one and the same says nothing"
    for kind in set(measure.factors) - set(measure.kinds):
        yield path, f"leave `{kind}` out of `factors`, or name it in `plus`, `minus` or `sets`"


def _day_findings(measure: Measure) -> Iterator[str]:
    if measure.on is not None and measure.rule != "day-balance":
        yield "leave out `on`: only a day-balance is taken on one day"
    if measure.rule == "day-balance" and measure.on is None:
        yield 'add `on`: at the end of which day, like on = "before-year"'


PARTS_OF = {"ratio": ("top", "bottom"), "difference": ("top", "bottom"), "mean": ("weights",), "votes": ("levels",)}
OTHERS = {"ratio": {"times", "when_zero"}, "mean": {"weakest"}}
"""The keys that a measure made of others needs, and those that it may have."""


def _derived_findings(measure: Measure) -> Iterator[str]:
    needed = PARTS_OF[measure.rule]
    stated = measure.model_fields_set - {"rule"}
    if missing := [key for key in needed if not getattr(measure, key)]:
        yield f"add `{missing[0]}`: which measures a {measure.rule} is made of"
    if more := sorted(stated - {*needed, *OTHERS.get(measure.rule, set())}):
        yield f"leave out `{more[0]}`: a {measure.rule} has {', '.join(needed)}"
    if measure.rule == "mean" and not any(measure.weights.values()):
        yield "let one of the weights be above 0"
    if any(level != round(level, 3) for level in measure.levels.values()):
        yield "give levels with at most 3 decimals"


def _rule_findings(one: Indicator | NamedMeasure) -> Iterator[str]:
    if not one.measure.derived and (alien := sorted(one.measure.model_fields_set & OF_OTHERS)):
        yield f"leave out `{alien[0]}`: only what is made of other measures has it"
    match one.measure.rule:
        case "ratio" | "difference" | "mean" | "votes":
            yield from _derived_findings(one.measure)
            if one.unit is None:
                yield 'add `unit` beside it: what the result counts in, like { en = "%", zh = "%" }'
        case "rating":
            if one.measure.kinds or one.measure.of or one.measure.over_base:
                yield 'a rating comes from a review: write { rule = "rating" } alone'
        case "ready":
            if one.measure.kinds or one.measure.of:
                yield 'a ready measure comes from the warehouse: write { rule = "ready" } or add over_base = true'
            if one.unit is None:
                yield 'add `unit` beside it: what the warehouse counts in, like { en = "CNY", zh = "元" }'
        case _:
            yield from _counting_findings(one.measure)
            if one.measure.of == "counted" and one.unit is None:
                yield 'add `unit` beside it: what is converted into, like { en = "points", zh = "分" }'


def _counting_findings(measure: Measure) -> Iterator[str]:
    if not (measure.plus or measure.sets):
        yield 'add `plus`: the kinds that it counts, like plus = ["deposit"]'
    if measure.rule in OVER_ACTIONS and not measure.of:
        yield f'add `of`: "amount" or "quantity", which a {measure.rule} is taken over'
    if measure.of == "counted" and measure.rule != "sum":
        yield 'write of = "amount" or "quantity": only a sum adds up what each kind counts'
    if measure.rule not in OVER_ACTIONS and measure.of:
        yield f"leave out `of`: {measure.rule} counts actions or customers"
    if measure.sets and measure.rule not in OF_BALANCES:
        yield "leave out `sets`: only a daily-average or a day-balance knows kinds that state a balance"
    if measure.minus and measure.rule in {"distinct-customers", "last", "maximum"}:
        yield f"leave out `minus`: nothing can be subtracted from {measure.rule}"


def carried_targets_grow(entries: Entries) -> Findings:
    """A shortfall is carried on of what grows with the days, and of a shape that has a target."""
    for n, one in entries.indicators.items():
        if one.carried and not (one.measure.flows or one.measure.rule == "ready"):
            right = f"leave out `carried`: a {one.measure.rule} does not grow with the days, so that nothing is missing"
            yield ("indicators", n, "carried"), right
        elif one.carried and not one.shape.columns().needs_target:
            right = f"leave out `carried`, or take a shape with a target: a {one.shape.kind} asks for none"
            yield ("indicators", n, "carried"), right


def natures_fit(entries: Entries) -> Findings:
    """Qualitative means rated in a review; what may have no figure says what happens then."""
    for n, one in entries.indicators.items():
        rated = one.measure.rule == "rating" or (one.measure.derived and one.nature == "qualitative")
        if rated is not (one.nature == "qualitative"):
            right = 'make `nature` "qualitative"' if rated else 'make `measure` { rule = "rating" }'
            yield ("indicators", n, "nature"), f"{right}: what is rated is qualitative, and nothing else is"
        if one.may_be_unrated and one.unrated is None:
            yield ("indicators", n), 'add `unrated`: "spread" or "zero", what happens while it has no figure'
        if rated and one.target is None and one.shape.columns().needs_target:
            yield ("indicators", n), 'add `target`: the best possible rating, like "100"'
        if not one.may_be_unrated and one.unrated is not None:
            yield (
                ("indicators", n, "unrated"),
                f"leave out `unrated`: where nothing was recorded, {one.measure.rule} is 0",
            )
