"""A scheme compiled to rows that the SQL models join: figures in thousandths, points and ratios in millionths."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from math import gcd
from typing import TYPE_CHECKING

from domain.money import MICRO, MILLI, scaled
from domain.scheme_file.compiled_game import GAME_TABLES, game_rows
from domain.scheme_file.conditions import Term, read_condition
from domain.scheme_file.entries import Measure
from domain.shapes.bands import banded
from domain.shapes.ranks import Rank
from domain.shapes.shape import joined

if TYPE_CHECKING:
    from domain.scheme import Quota, Scheme

SCHEME_TABLES = {
    "scheme_versions": "scheme VARCHAR, effective DATE, points_unit BIGINT, half VARCHAR, "
    "minimum_working_days INTEGER, without_target VARCHAR, green BIGINT, amber BIGINT, silent_days INTEGER, "
    "section_unit BIGINT, score_unit BIGINT, tier_rounded BOOLEAN, coefficient_unit BIGINT, targets VARCHAR",
    "scheme_ramp_ups": "scheme VARCHAR, effective DATE, nth_quarter INTEGER, part BIGINT",
    "scheme_coefficients": "scheme VARCHAR, effective DATE, begins BIGINT, above BOOLEAN, ends BIGINT, "
    "through BOOLEAN, origin BIGINT, base BIGINT, rise BIGINT, run BIGINT, least BIGINT, most BIGINT",
    "scheme_positions": "scheme VARCHAR, effective DATE, post VARCHAR",
    "scheme_units": "scheme VARCHAR, effective DATE, org VARCHAR",
    "scheme_kinds": "scheme VARCHAR, effective DATE, kind VARCHAR, counted VARCHAR, points BIGINT, daily_limit BIGINT, "
    "at_once BOOLEAN, self_reported BOOLEAN, certificate BOOLEAN, repeats BOOLEAN",
    "scheme_indicators": "scheme VARCHAR, effective DATE, indicator VARCHAR, ordinal INTEGER, class VARCHAR, "
    "nature VARCHAR, weight BIGINT, rule VARCHAR, measured_by VARCHAR, over_base BOOLEAN, deposit BOOLEAN, "
    "target BIGINT, unrated VARCHAR, units BIGINT, axis VARCHAR, gives VARCHAR, needs_target BOOLEAN, better VARCHAR, "
    "steps VARCHAR, step BIGINT, free BIGINT, section VARCHAR, times BIGINT, when_zero BIGINT, weakest_below BIGINT, "
    "weakest_most BIGINT",
    "scheme_balances": "scheme VARCHAR, effective DATE, indicator VARCHAR, on_day VARCHAR, stated DATE",
    "scheme_carried": "scheme VARCHAR, effective DATE, indicator VARCHAR",
    "scheme_parts": "scheme VARCHAR, effective DATE, indicator VARCHAR, part VARCHAR, role VARCHAR, weight BIGINT",
    "scheme_sections": "scheme VARCHAR, effective DATE, section VARCHAR, ordinal INTEGER, weight BIGINT, least BIGINT, "
    "most BIGINT, minimum BIGINT, cap_ordinal INTEGER",
    "scheme_multipliers": "scheme VARCHAR, effective DATE, multiplier VARCHAR, ordinal INTEGER, condition VARCHAR, "
    "times BIGINT",
    "scheme_pieces": "scheme VARCHAR, effective DATE, indicator VARCHAR, begins BIGINT, above BOOLEAN, ends BIGINT, "
    "through BOOLEAN, origin BIGINT, base BIGINT, rise BIGINT, run BIGINT, least BIGINT, most BIGINT",
    "scheme_terms": "scheme VARCHAR, effective DATE, indicator VARCHAR, kind VARCHAR, sign INTEGER, factor BIGINT, "
    "by_amount BOOLEAN",
    "scheme_gates": "scheme VARCHAR, effective DATE, gate VARCHAR, ordinal INTEGER, cap_tier VARCHAR, "
    "cap_ordinal INTEGER, coefficient BIGINT, outcome VARCHAR, condition VARCHAR",
    "scheme_zeroes": "scheme VARCHAR, effective DATE, condition VARCHAR, indicator VARCHAR",
    "scheme_figure_terms": "scheme VARCHAR, effective DATE, condition VARCHAR, alternative INTEGER, "
    "looks_at VARCHAR, measure VARCHAR, op VARCHAR, value BIGINT",
    "scheme_point_terms": "scheme VARCHAR, effective DATE, condition VARCHAR, alternative INTEGER, "
    "looks_at VARCHAR, measure VARCHAR, op VARCHAR, value BIGINT",
    "scheme_tiers": "scheme VARCHAR, effective DATE, tier VARCHAR, ordinal INTEGER, floor BIGINT, coefficient BIGINT, "
    "condition VARCHAR, is_last BOOLEAN",
    "scheme_ranks": "scheme VARCHAR, effective DATE, indicator VARCHAR, level VARCHAR, by_completion BOOLEAN, "
    "ties_worst BOOLEAN, smallest INTEGER, small VARCHAR",
    "scheme_quotas": "scheme VARCHAR, effective DATE, quota VARCHAR, ordinal INTEGER, level VARCHAR, "
    "to_ordinal INTEGER, part BIGINT, at_most BOOLEAN, is_ceiling BOOLEAN, smallest INTEGER, all_fall BOOLEAN",
    "scheme_peers": "scheme VARCHAR, effective DATE, level VARCHAR",
    "scheme_tier_steps": "scheme VARCHAR, effective DATE, ordinal INTEGER, step INTEGER, floor BIGINT, "
    "coefficient BIGINT",
    **GAME_TABLES,
}
"""The columns of each table of a compiled scheme: measured figures in thousandths, points and ratios in millionths."""

OF_POINTS = ("points", "section", "score")
"""What a comparison looks at once points were given."""
Row = tuple[object, ...]


def compiled(scheme: Scheme) -> dict[str, list[Row]]:
    """The scheme compiled to the rows of `SCHEME_TABLES`."""
    bare: dict[str, Iterator[Row]] = {
        "scheme_versions": _version_rows(scheme),
        "scheme_ramp_ups": ((one.quarter, scaled(one.part, MICRO)) for one in scheme.appraisal.ramp_up),
        "scheme_coefficients": _coefficient_rows(scheme),
        "scheme_positions": ((post,) for post in scheme.positions),
        "scheme_units": ((org,) for org in scheme.units),
        "scheme_kinds": _kind_rows(scheme),
        "scheme_indicators": _indicator_rows(scheme),
        "scheme_pieces": _piece_rows(scheme),
        "scheme_balances": _balance_rows(scheme),
        "scheme_carried": ((one.id,) for one in scheme.indicators if one.carried),
        "scheme_parts": _part_rows(scheme),
        "scheme_terms": _term_rows(scheme),
        "scheme_sections": _section_rows(scheme),
        "scheme_multipliers": _multiplier_rows(scheme),
        "scheme_gates": _gate_rows(scheme),
        "scheme_zeroes": ((f"gate:{gate.id}", each) for gate in scheme.gates for each in gate.zero),
        "scheme_figure_terms": _term_rows_of(scheme, points=False),
        "scheme_point_terms": _term_rows_of(scheme, points=True),
        "scheme_tiers": _tier_rows(scheme),
        "scheme_tier_steps": _step_rows(scheme),
        "scheme_ranks": _rank_rows(scheme),
        "scheme_quotas": _quota_rows(scheme),
        "scheme_peers": ((level,) for level in sorted(scheme.peer_levels())),
        **game_rows(scheme),
    }
    return {table: [(scheme.scheme, scheme.effective, *row) for row in rows] for table, rows in bare.items()}


def _version_rows(scheme: Scheme) -> Iterator[Row]:
    rounding, check = scheme.rounding, scheme.quarterly_check
    lights = (scaled(check.green, MICRO), scaled(check.amber, MICRO), check.silent_days)
    unit = _micro(scheme.coefficient.rounding) if scheme.coefficient else None
    again = (_micro(rounding.section), _micro(rounding.score), rounding.tier == "rounded", unit)
    who = (scheme.appraisal.minimum_working_days, scheme.appraisal.without_target)
    yield scaled(rounding.points, MICRO), rounding.half, *who, *lights, *again, scheme.appraisal.targets


def _coefficient_rows(scheme: Scheme) -> Iterator[Row]:
    if scheme.coefficient:
        bands, edges = scheme.coefficient.bands, scheme.coefficient.edges
        yield from joined(banded(bands, edges, lambda score: scaled(score, MICRO)))


def _kind_rows(scheme: Scheme) -> Iterator[Row]:
    for key, kind in scheme.kinds.items():
        limit = None if kind.daily_limit is None else scaled(kind.daily_limit, MILLI)
        whose = (kind.counts_at_once, kind.self_reported, kind.certificate, kind.repeats)
        yield key, kind.counted, scaled(kind.points, MICRO), limit, *whose


def _indicator_rows(scheme: Scheme) -> Iterator[Row]:
    weights = [scaled(one.weight, MICRO) for one in scheme.indicators]
    unit = gcd(*weights) or 1
    for n, one in enumerate(scheme.indicators):
        target = None if one.target is None else scaled(one.target, MILLI)
        measure = (one.measure.rule, one.measure.of, one.measure.over_base, one.deposit, target, one.unrated)
        shape = (weights[n] // unit, *one.shape.columns(), one.section, *_made_of(one.measure))
        yield one.id, n, one.indicator_class, one.nature, weights[n], *measure, *shape
    for n, (name, each) in enumerate(scheme.measures.items(), len(scheme.indicators)):
        measured = (each.measure.rule, each.measure.of, each.measure.over_base, each.deposit, None, "spread")
        unscored = (0, None, None, False, "more", None, None, None, None)
        yield name, n, None, None, 0, *measured, *unscored, *_made_of(each.measure)


def _part_rows(scheme: Scheme) -> Iterator[Row]:
    for name, measure in scheme.measured():
        for part, (role, weight) in measure.parts.items():
            yield name, part, role, scaled(weight, MICRO)


def _balance_rows(scheme: Scheme) -> Iterator[Row]:
    for name, measure in scheme.measured():
        if isinstance(measure.on, date):
            yield name, None, measure.on
        elif measure.on is not None:
            yield name, measure.on, None


def _piece_rows(scheme: Scheme) -> Iterator[Row]:
    for one in scheme.indicators:
        yield from ((one.id, *piece) for piece in joined(one.shape.pieces()))


def _term_rows(scheme: Scheme) -> Iterator[Row]:
    for name, measure in scheme.measured():
        for kinds, sign in ((measure.plus, 1), (measure.minus, -1), (measure.sets, 0)):
            for kind in kinds:
                factor = scaled(measure.factors.get(kind, Decimal(1)), MICRO) * (sign or 1)
                yield name, kind, sign, factor, scheme.kinds[kind].counted == "amount"


def _section_rows(scheme: Scheme) -> Iterator[Row]:
    for n, one in enumerate(scheme.sections):
        bounds = (_micro(one.least), _micro(one.most), _micro(one.minimum))
        yield one.id, n, scaled(one.weight, MICRO), *bounds, _place(scheme, one.cap_tier)


def _multiplier_rows(scheme: Scheme) -> Iterator[Row]:
    for n, one in enumerate(scheme.multipliers):
        yield one.id, n, f"times:{one.id}", scaled(one.times, MILLI)


def _place(scheme: Scheme, tier: str | None) -> int | None:
    return None if tier is None else [each.id for each in scheme.tiers].index(tier)


def _gate_rows(scheme: Scheme) -> Iterator[Row]:
    for n, gate in enumerate(scheme.gates):
        does = (gate.cap_tier, _place(scheme, gate.cap_tier), _micro(gate.coefficient), gate.then)
        yield gate.id, n, *does, f"gate:{gate.id}"


def _term_rows_of(scheme: Scheme, points: bool) -> Iterator[Row]:
    """The comparisons of every condition that look at points, or at figures."""
    for name, text in scheme.conditions():
        condition = read_condition(text)
        for n, terms in enumerate(() if isinstance(condition, str) else condition):
            for term in terms:
                looks_at, *rest = _looked_at(scheme, term)
                if (looks_at in OF_POINTS) is points:
                    yield name, n, looks_at, *rest


def _looked_at(scheme: Scheme, term: Term) -> Row:
    """What a term looks at, and the number in the unit of that: thousandths, of a completion millionths."""
    looks_at = "measured"
    if term.measure in ("score", "certified"):
        looks_at = term.measure
    elif term.part == "completion":
        looks_at = "completion"
    elif term.part == "points":
        looks_at = "section" if term.measure in {one.id for one in scheme.sections} else "points"
    elif term.measure in scheme.kinds:
        looks_at = "kind"
    return looks_at, term.measure, term.op, scaled(term.value, MICRO if looks_at == "completion" else MILLI)


def _tier_rows(scheme: Scheme) -> Iterator[Row]:
    for n, tier in enumerate(scheme.tiers):
        condition = None if tier.when is None else f"tier:{tier.id}"
        worth = (_micro(tier.floor), scaled(tier.coefficient, MICRO))
        yield tier.id, n, *worth, condition, n == len(scheme.tiers) - 1


def _step_rows(scheme: Scheme) -> Iterator[Row]:
    for n, tier in enumerate(scheme.tiers):
        for place, step in enumerate(tier.steps, 1):
            yield n, place, scaled(step.floor, MICRO), scaled(step.coefficient, MICRO)


def _rank_rows(scheme: Scheme) -> Iterator[Row]:
    for one in scheme.indicators:
        if isinstance(one.shape, Rank):
            how = (one.shape.on == "completion", one.shape.ties == "worst", one.shape.smallest, one.shape.small)
            yield one.id, one.shape.within or "", *how


def moves_to(scheme: Scheme, one: Quota) -> int:
    """The place of the tier that a quota moves people down to."""
    return [tier.id for tier in scheme.tiers].index(one.tier) + (one.at_most is not None)


def _quota_rows(scheme: Scheme) -> Iterator[Row]:
    """Of a part that may at most stand in a tier or a better one, the rest has at least to stand in the next one or a
    worse one; of one that has at least to stand in a tier or a worse one, it has itself."""
    for n, one in enumerate(scheme.quotas):
        at_most = one.at_most is not None
        part = scaled(one.at_most if one.at_most is not None else one.at_least or Decimal(0), MICRO)
        how = (at_most, one.heads == "ceiling", one.smallest, one.ties == "fall")
        yield one.id, n, one.within or "", moves_to(scheme, one), part, *how


def _made_of(measure: Measure) -> Row:
    """The columns of a measure that is made of others, in thousandths."""
    weakest = measure.weakest
    bounds = (None, None) if weakest is None else (scaled(weakest.below, MILLI), scaled(weakest.most, MILLI))
    zero = None if measure.when_zero is None else scaled(measure.when_zero, MILLI)
    return scaled(measure.times, MILLI), zero, *bounds


def _micro(number: Decimal | None) -> int | None:
    return None if number is None else scaled(number, MICRO)
