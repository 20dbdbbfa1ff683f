"""A shape as it is drawn: its points over what was measured, for an eye that does not read formulas."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from domain.money import MICRO, MILLI, canonical
from domain.shapes.shape import Axis, Piece, Shape, ShapeColumns, joined

MOST_STEPS = 40
"""More steps than these are drawn as the slope that they come to."""
BEYOND = Fraction(6, 5)
"""How far a drawing goes beyond the last place at which its curve bends."""


class Corner(NamedTuple):
    """A place on the drawn line: `at` the figure, its completion as a ratio, by how much it misses the target, or
    its place as a part of the peers."""

    at: Decimal
    points: Decimal


class Drawn(NamedTuple):
    """The corners of a line, from left to right; two at one place are a jump."""

    axis: Axis
    corners: tuple[Corner, ...]


def drawn(shape: Shape, weight: Decimal) -> Drawn:
    """The curve of a shape, of a line with this weight; where it goes on for ever, a stretch of it."""
    columns, whole = shape.columns(), Fraction(weight) * MICRO
    pieces = list(joined(shape.pieces()))
    low, high = _span(columns, pieces, whole)
    unit = MICRO if columns.axis in ("completion", "rank") else MILLI
    free, found = columns.free or 0, list[Corner]()
    for x, value in _line(columns, pieces, whole, low, high):
        corner = Corner(_decimal((x + free) / unit), _decimal(_points(columns, value, whole) / MICRO))
        if not found or found[-1] != corner:
            found.append(corner)
    if free:  # what counts for nothing comes first
        found.insert(0, Corner(Decimal(0), _decimal(_points(columns, Fraction(0), whole) / MICRO)))
    return Drawn(columns.axis, tuple(found))


def _line(
    columns: ShapeColumns, pieces: list[Piece], whole: Fraction, low: Fraction, high: Fraction
) -> Iterator[tuple[Fraction, Fraction]]:
    """Places counted from `free` on, and what the curve gives there."""
    steps = int(high // columns.step)
    if columns.steps == "parts" or steps > MOST_STEPS:
        for piece in pieces:
            begins = max(low, Fraction(piece.begins)) if piece.begins is not None else low
            ends = min(high, Fraction(piece.ends)) if piece.ends is not None else high
            inside = [x for x in _bends(columns, piece, whole) if begins < x < ends]
            yield from ((x, piece.at(x)) for x in (begins, *sorted(inside), ends) if begins <= ends)
        return
    ahead = 0 if columns.steps == "full" else 1
    if ahead and columns.steps == "started":
        yield Fraction(0), Fraction(0)
    for n in range(steps + 1):
        value = pieces[0].at(Fraction((n + ahead) * columns.step))
        yield from ((Fraction(place * columns.step), value) for place in (n, n + 1))


def _span(columns: ShapeColumns, pieces: list[Piece], whole: Fraction) -> tuple[Fraction, Fraction]:
    """From where to where a curve is drawn: all its bends, and a little more."""
    if columns.axis == "rank":
        return Fraction(0), Fraction(MICRO)
    edges = [Fraction(x) for piece in pieces for x in (piece.begins, piece.ends) if x is not None]
    bends = edges + [x for piece in pieces for x in _bends(columns, piece, whole) if _holds(piece, x)]
    if columns.axis == "completion":
        bends.append(Fraction(MICRO))
    low, high = min([Fraction(0), *bends]), max([Fraction(0), *bends])
    return (low - (high - low) / 5 if low else low), (high * BEYOND if high > 0 else Fraction(MILLI))


def _bends(columns: ShapeColumns, piece: Piece, whole: Fraction) -> Iterator[Fraction]:
    """Where a piece meets its bounds, or the whole of the line's weight."""
    bounds = [Fraction(one) for one in (piece.least, piece.most) if one is not None]
    if columns.gives in ("points", "loss"):
        bounds.append(whole)
    if piece.rise:
        yield from map(piece.where, bounds)


def _holds(piece: Piece, x: Fraction) -> bool:
    return (piece.begins is None or x >= piece.begins) and (piece.ends is None or x <= piece.ends)


def _points(columns: ShapeColumns, value: Fraction, whole: Fraction) -> Fraction:
    """The points of a line, in millionths, for what its curve gives."""
    match columns.gives:
        case "share":
            return value * whole / MICRO
        case "points":
            return min(value, whole)
        case "loss":
            return max(whole - value, Fraction(0))
        case "penalty":
            return -value
        case _:
            return value


def _decimal(exact: Fraction) -> Decimal:
    """To six decimals: nothing is reckoned with a drawing."""
    return canonical(round(Decimal(exact.numerator) / Decimal(exact.denominator), 6))
