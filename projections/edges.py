"""Where a grade can change as one figure moves: the edges of shapes and conditions, as that figure's own values.

Nothing is scored here: an edge is where to look, and what is found there is scored by the models. Figures are
thousandths, points millionths, as in the tables of a compiled scheme.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from domain.money import MICRO, MILLI, scaled
from domain.scheme import Indicator, Measure, Scheme
from domain.shapes import Piece, ShapeColumns
from projections.links import Links
from projections.variants import Own


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of one scheme for one RM. `terms` are the comparisons with figures; `wanted` are the points that the
    score, a section or a line may have to win."""

    scheme: Scheme
    own: Own
    links: Links
    terms: Sequence[tuple[object, ...]]
    wanted: frozenset[Fraction]

    def of(self, name: str) -> set[Fraction]:
        """The values of a counted figure, or a kind, at which something that is made of it reaches an edge."""
        found = set[Fraction]()
        now = self.own.measured.get(name) or self.own.kinds.get(name) or 0
        for other, part in self.links.of(name).items():
            from_ = self.own.measured.get(other) or self.own.kinds.get(other) or 0
            found |= {now + (edge - from_) / part for edge in self._on(other)}
            for made, measure in self.scheme.measured():
                if other in measure.parts:
                    found |= {now + (edge - from_) / part for edge in self._through(made, measure, other)}
        return found

    def _on(self, name: str) -> set[Fraction]:
        """The edges of a figure itself: of conditions that look at it, and of its shape."""
        target, found = self.own.targets.get(name), set[Fraction]()
        for _, _, _, _, looks_at, measure, _, value in self.terms:
            if measure == name and isinstance(value, int) and looks_at != "certified":
                if looks_at != "completion":
                    found.add(Fraction(value))
                elif target:
                    found.add(Fraction(value * target, MICRO))
        for one in self.scheme.indicators:
            if one.id == name:
                found |= set(self._of_shape(one, target))
        return found

    def _of_shape(self, one: Indicator, target: int | None) -> Iterator[Fraction]:
        columns, share = one.shape.columns(), self.own.shares.get(one.id)
        if columns.needs_target and not target:
            return
        for piece in one.shape.pieces():
            for place in _places(piece, columns, list(self._values(one, columns, piece, share))):
                yield _figure_at(place, columns, target or 0)

    def _values(
        self, one: Indicator, columns: ShapeColumns, piece: Piece, share: Fraction | None
    ) -> Iterator[Fraction]:
        """What the curve gives where it is cut off, and where the line has as many points as are wanted."""
        yield from (Fraction(bound) for bound in (piece.least, piece.most) if bound is not None)
        points = self.own.points.get(one.id)
        if not share:
            share = Fraction(scaled(one.weight, MICRO))
        if columns.gives in ("points", "loss"):
            yield share
        unit = scaled(self.scheme.rounding.points, MICRO)
        for gain in self.wanted:
            whole = ceil((gain + (points or 0)) / unit) * unit
            rounds_up = Fraction(2 * whole - unit, 2)
            yield from _value_of(rounds_up, columns, share, scaled(one.weight, MICRO))

    def _through(self, made: str, measure: Measure, part: str) -> Iterator[Fraction]:
        """The edges of a figure that is made of others, as values of one of these."""
        if measure.weakest is not None and part in measure.weights:
            yield Fraction(scaled(measure.weakest.below, MILLI))
        if (curve := _curve(measure, part, self.own.measured)) is None:
            return
        a, b, c, d = curve
        if c:
            yield Fraction(-d, c)
        for edge in self._on(made):
            if c * edge != a:
                yield (b - d * edge) / (c * edge - a)


def _figure_at(place: Fraction, columns: ShapeColumns, target: int) -> Fraction:
    """The figure that lies at a place of the axis."""
    free = columns.free or 0
    match columns.axis:
        case "completion":
            return place * target / MICRO
        case "above-target":
            return target + free + place
        case "below-target":
            return target - free - place
        case _:
            return place + free


def _places(piece: Piece, columns: ShapeColumns, values: Iterable[Fraction]) -> Iterator[Fraction]:
    """A piece's ends, and where it has some values; of steps the whole ones around."""
    found = [
        Fraction(end) for end in (piece.begins, piece.ends, 0 if columns.free is not None else None) if end is not None
    ]
    if piece.rise:
        found += map(piece.where, values)
    for place in found:
        yield place
        if columns.steps != "parts":
            yield from (Fraction((place // columns.step + n) * columns.step) for n in (-1, 0, 1, 2))


def _value_of(earned: Fraction, columns: ShapeColumns, share: Fraction, weight: int) -> Iterator[Fraction]:
    """What the curve gives where the line has some points."""
    match columns.gives:
        case "share":
            yield earned * MICRO / share
        case "weight":
            yield earned * weight / share
        case "loss":
            yield share - earned
        case "penalty":
            yield -earned
        case _:
            yield earned


def _curve(
    measure: Measure, part: str, figures: Mapping[str, int | None]
) -> tuple[Fraction, Fraction, Fraction, Fraction] | None:
    """How a figure follows one of its parts, as (a × part + b) / (c × part + d); None where others lack."""
    zero, one = Fraction(0), Fraction(1)
    others = {name: figures.get(name) for name in measure.parts if name != part}
    given = {name: value for name, value in others.items() if value is not None}
    match measure.rule:
        case "ratio" | "difference" if len(given) < len(set(measure.parts) - {part}):
            return None
        case "ratio":
            (other,), times = given.values() or (0,), Fraction(measure.times) * MILLI
            return (times, zero, zero, Fraction(other)) if part == measure.top else (zero, other * times, one, zero)
        case "difference":
            (other,) = given.values() or (0,)
            return (one, Fraction(-other), zero, one) if part == measure.top else (-one, Fraction(other), zero, one)
        case "mean":
            weights = {name: Fraction(weight) for name, weight in measure.weights.items()}
            sums = sum((weights[name] * value for name, value in given.items()), zero)
            return weights[part], sums, zero, sum((weights[name] for name in given), weights[part])
        case _:
            levels = {name: Fraction(level) * MILLI for name, level in measure.levels.items()}
            worth = sum((levels[name] * value for name, value in given.items()), zero)
            return levels[part], worth, one, Fraction(sum(given.values()))
