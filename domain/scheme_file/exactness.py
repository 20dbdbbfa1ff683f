"""Up to which figures a line is counted exactly: the models reckon in whole numbers of 128 bits.

A line whose products grow beyond them has no points, and its RM no grade. Very fine decimals make them grow; what is
worked out here are the largest products of the models 29 to 35 and 41, for figures and targets of one size.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import gcd
from typing import TYPE_CHECKING

from domain.money import MICRO, MILLI, scaled
from domain.scheme_file.faults import Remark, Severity

if TYPE_CHECKING:
    from domain.scheme import Scheme
    from domain.scheme_file.entries import Indicator, Measure
    from domain.shapes.shape import Piece

ROOM = 2**127
LARGEST, LEAST = 12, 6
"""Powers of ten: the largest figure that a door takes, and one that every line has to count."""
MOST_VOTES = MILLI * 10_000
MOST_PEERS = MICRO
"""A million people are compared at most."""
OF_A_RATE = MICRO
"""The target of a ratio, a mean or votes where the scheme states none: a thousand of its unit."""


def exactness_findings(scheme: Scheme) -> Iterator[Remark]:
    """Lines that are not counted exactly at the largest figure that a door takes."""
    weights = [scaled(one.weight, MICRO) for one in scheme.indicators]
    units = sum(weights) // (gcd(*weights) or 1)
    for n, one in enumerate(scheme.indicators):
        power = LARGEST
        while power >= 0 and _greatest(scheme, one, units, MILLI * 10**power) >= ROOM:
            power -= 1
        if power < LARGEST:
            right = f"write fewer decimals: figures above {10**power if power >= 0 else 0} can't be counted exactly"
            severity: Severity = "error" if power < LEAST else "warning"
            yield Remark(("indicators", n, "shape"), f"{right}, and leave their RM without a grade", severity)
        factors = [scaled(factor, MICRO) for factor in one.measure.factors.values()]
        if factors and max(factors) * MILLI * 10**LARGEST // MICRO >= 2**63:
            right = f"lower `factors` to {Decimal(2**63 // (MILLI * 10**LARGEST))} or less: the largest figures times"
            yield Remark(
                ("indicators", n, "measure"), f"{right} these can't be counted, and leave their RM without a grade"
            )


def _greatest(scheme: Scheme, one: Indicator, units: int, figure: int) -> int:
    """The greatest product of a line, for figures of so many thousandths."""
    x_n, x_d = _figure(one.measure, figure)
    columns = one.shape.columns()
    own = 0 if one.target is None else scaled(one.target, MILLI)
    target = (own or OF_A_RATE) if one.measure.derived and one.measure.rule != "difference" else max(own, figure)
    match columns.axis:
        case "completion":
            n, d = x_n * MICRO, target * x_d
        case "above-target" | "below-target":
            n, d = x_n + target * x_d, x_d
        case "rank":
            n, d = MOST_PEERS * MICRO, MOST_PEERS
        case _:
            n, d = x_n, x_d
    n += (columns.step + (columns.free or 0)) * d
    share = scaled(one.weight, MICRO) * units
    unit = scaled(scheme.rounding.points, MICRO)
    return max(_of_piece(piece, n, d, (columns.gives, share, units, unit)) for piece in one.shape.pieces())


def _figure(measure: Measure, figure: int) -> tuple[int, int]:
    """What it measured as a fraction of thousandths, where all that it is made of is so large."""
    weights = sum(scaled(weight, MICRO) for _, weight in measure.parts.values())
    match measure.rule:
        case "ratio":
            return figure * scaled(measure.times, MILLI), figure
        case "difference":
            return 2 * figure, 1
        case "mean":
            return weights * figure, weights
        case "votes":
            votes = min(figure, MOST_VOTES)
            return weights * votes, len(measure.parts) * votes * MILLI
        case _:
            return figure, 1


def _of_piece(piece: Piece, n: int, d: int, gives: tuple[str, int, int, int]) -> int:
    """The greatest product on one piece of a curve, at n / d."""
    what, share, units, unit = gives
    edges = [abs(one) for one in (piece.begins, piece.ends) if one is not None]
    if len(edges) == 2:
        n = min(n, max(edges) * d)
    if piece.rise:
        value_n, value_d = abs(piece.base) * d + (n + abs(piece.origin) * d) * abs(piece.rise), piece.run * d
    else:
        value_n, value_d = abs(piece.base), piece.run
    bounds = [abs(one) * value_d for one in (piece.least, piece.most) if one is not None]
    worked = [n, value_n, value_d, *bounds, *(one * d for one in edges)]
    if piece.most is not None:
        value_n = min(value_n, max(bounds))
    points = {
        "share": (value_n * share, value_d * units * MICRO),
        "weight": (value_n * units, value_d * units),
        "loss": (share * value_d + value_n * units, value_d * units),
        "points": (value_n * units + share * value_d, value_d * units),
    }
    points_n, points_d = points.get(what, (value_n, value_d))
    return max(*worked, 2 * points_n + points_d * unit, 2 * points_d * unit)
