"""How far a scheme's points can go: the least and the most of a line, a section and the score.

The most is never below what a score can come to, so that what is called out of reach is out of reach; where weights can
be spread it may lie above it, and then says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from domain.money import MICRO, plain, unscaled
from domain.shapes.ranks import Rank

if TYPE_CHECKING:
    from domain.scheme import Scheme
    from domain.scheme_file.entries import Indicator
    from domain.shapes.shape import Piece

ZERO, WHOLE = Fraction(0), Fraction(100)
ENDLESS = Fraction(10**12)
"""Stands for a value without bound; no shape has one so far."""


class Reach(NamedTuple):
    """From where to where points can go."""

    least: Fraction
    most: Fraction


def rounded(value: Fraction, unit: Fraction, half: str) -> Fraction:
    """To a multiple of `unit`; a half goes away from zero, or to the even multiple."""
    whole, rest = divmod(abs(value) / unit, 1)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (half == "up" or whole % 2 == 1))
    return (whole + up) * unit * (1 if value >= 0 else -1)


def shown(points: Fraction) -> str:
    """Points as a decimal, cut to millionths."""
    return plain(unscaled(int(points * MICRO), MICRO))


def needs_contract(one: Indicator) -> bool:
    """Whether its target can come from nowhere but the contract."""
    return one.shape.columns().needs_target and one.target is None


def may_be_spread(scheme: Scheme, one: Indicator) -> bool:
    """Whether the line can be left out, its weight spread over the others; whoever is not compared with peers is."""
    if isinstance(one.shape, Rank):
        return True
    unrated = one.may_be_unrated and one.unrated != "zero"
    return unrated or (needs_contract(one) and scheme.appraisal.without_target == "spread")


def largest_share(scheme: Scheme, one: Indicator) -> Fraction:
    """What a line's weight can grow to where all is spread that can be."""
    kept = sum(
        (Fraction(each.weight) for each in scheme.indicators if each is one or not may_be_spread(scheme, each)), ZERO
    )
    return Fraction(one.weight) * WHOLE / kept if kept else ZERO


def of_line(scheme: Scheme, one: Indicator, share: Fraction) -> Reach:
    """A line's points at a share, before they are rounded; whatever leaves it without any is counted in."""
    ranges = [_values(piece) for piece in one.shape.pieces()]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    match one.shape.columns().gives:
        case "share":
            reach = Reach(low * share, high * share)
        case "weight":
            part = share / Fraction(one.weight)
            reach = Reach(low * part, high * part)
        case "points":
            reach = Reach(min(low, share), min(high, share))
        case "loss":
            reach = Reach(share - min(high, share), share - min(low, share))
        case "penalty":
            reach = Reach(-high, -low)
        case _:
            reach = Reach(low, high)
    return _with_nothing(scheme, one, share, reach)


def _with_nothing(scheme: Scheme, one: Indicator, share: Fraction, reach: Reach) -> Reach:
    """Zero points where a gate takes them or a figure or target is missing; all of them where that means full."""
    without = scheme.appraisal.without_target if needs_contract(one) else None
    small = one.shape.small if isinstance(one.shape, Rank) else None
    zeroed = small == "zero" or any(one.id in gate.zero for gate in scheme.gates)
    if zeroed or without == "zero" or (one.may_be_unrated and one.unrated == "zero"):
        reach = Reach(min(reach.least, ZERO), max(reach.most, ZERO))
    return Reach(min(reach.least, share), max(reach.most, share)) if "full" in (without, small) else reach


def _values(piece: Piece) -> tuple[Fraction, Fraction]:
    """The least and the greatest value of a piece, in whole points or parts of one."""
    if piece.rise == 0:
        low = high = Fraction(piece.base, piece.run)
    else:
        ends = [
            far * (1 if piece.rise > 0 else -1) * MICRO
            if at is None
            else Fraction(piece.base + (at - piece.origin) * piece.rise, piece.run)
            for at, far in ((piece.begins, -ENDLESS), (piece.ends, ENDLESS))
        ]
        low, high = min(ends), max(ends)
    return piece.bounded(low) / MICRO, piece.bounded(high) / MICRO


def of_lines(scheme: Scheme, lines: Sequence[Indicator]) -> Reach:
    """The sum of some rounded lines while no weight is spread."""
    unit, half = Fraction(scheme.rounding.points), scheme.rounding.half
    reaches = [of_line(scheme, one, Fraction(one.weight)) for one in lines]
    return Reach(*(sum((rounded(each[n], unit, half) for each in reaches), ZERO) for n in (0, 1)))


def of_section(scheme: Scheme, name: str) -> Reach:
    """A section's sum within its bounds, rounded, while no weight is spread."""
    section = next(one for one in scheme.sections if one.id == name)
    bare = of_lines(scheme, [one for one in scheme.indicators if one.section == name])
    ends = list(bare)
    if section.most is not None:
        ends = [min(one, Fraction(section.most)) for one in ends]
    if section.least is not None:
        ends = [max(one, Fraction(section.least)) for one in ends]
    unit = scheme.rounding.section
    return Reach(*(one if unit is None else rounded(one, Fraction(unit), scheme.rounding.half) for one in ends))


def spreads(scheme: Scheme) -> bool:
    """Whether any weight can be spread."""
    return any(one.weight and may_be_spread(scheme, one) for one in scheme.indicators)


def of_score(scheme: Scheme, unspread: bool = False) -> Reach:
    """The score before it is rounded at the end; where weights can be spread, bounds that no score passes, unless it is
    asked for what there is while none is."""
    parts = [of_section(scheme, one.id) for one in scheme.sections]
    parts.append(of_lines(scheme, [one for one in scheme.indicators if one.section is None]))
    least, most = sum((one.least for one in parts), ZERO), sum((one.most for one in parts), ZERO)
    if spreads(scheme) and not unspread:
        least, most = min(least, sum((min(one.least, ZERO) for one in parts), ZERO)), max(most, _spread_most(scheme))
    up = prod((max(Fraction(one.times), Fraction(1)) for one in scheme.multipliers), start=Fraction(1))
    down = prod((min(Fraction(one.times), Fraction(1)) for one in scheme.multipliers), start=Fraction(1))
    return Reach(least * (up if least < 0 else down), most * (up if most > 0 else down))


def _spread_most(scheme: Scheme) -> Fraction:
    """What no sum of lines passes, whichever weights are spread: the best mix of what they give for their weight."""
    within = [one for one in scheme.indicators if one.weight]
    worth = {one.id: of_line(scheme, one, Fraction(one.weight)).most for one in within}
    kept = [one for one in within if not may_be_spread(scheme, one)]
    open_ones = sorted(
        (one for one in within if may_be_spread(scheme, one)), key=lambda one: worth[one.id] / Fraction(one.weight)
    )
    weight, points, best = sum((Fraction(one.weight) for one in kept), ZERO), ZERO, ZERO
    points = sum((worth[one.id] for one in kept), ZERO)
    if weight:
        best = points / weight
    while open_ones:
        one = open_ones.pop()
        weight, points = weight + Fraction(one.weight), points + worth[one.id]
        best = max(best, points / weight)
    outside = sum((max(of_line(scheme, one, ZERO).most, ZERO) for one in scheme.indicators if not one.weight), ZERO)
    slack = len(scheme.indicators) * Fraction(scheme.rounding.points) / 2
    slack += len(scheme.sections) * Fraction(scheme.rounding.section or 0) / 2
    bound = best * WHOLE + outside + slack
    tops = [one.most for one in scheme.sections]
    if all(one.section for one in scheme.indicators) and all(top is not None for top in tops):
        rounded_up = len(tops) * Fraction(scheme.rounding.section or 0) / 2
        bound = min(bound, sum((Fraction(top) for top in tops if top is not None), ZERO) + rounded_up)
    return bound
