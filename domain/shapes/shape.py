"""What every shape is: a curve of straight pieces over what was measured, and a sentence of how a line came about.

A shape never reckons. It compiles to rows: along which axis it looks, in which steps it counts, what its curve gives,
and the pieces of that curve. The same SQL evaluates all of them, exactly (`projections/models/33` to `35`).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import gcd
from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from domain.money import plain
from domain.shapes.words import Told, Verdict, carried_over, figure, finer, percent, unscored

Axis = Literal["measured", "completion", "above-target", "below-target", "rank"]
"""What x is: the figure (thousandths), figure / target (millionths), how far it misses the target (thousandths), or the
place among peers / their number (millionths)."""
Gives = Literal["share", "weight", "points", "loss", "bonus", "penalty"]
"""What a curve's value is: a part of the line's share; points out of its weight, which grow where weights are spread;
points up to the share, or points off it, whatever was spread; points added or taken off beside the 100."""
Steps = Literal["parts", "full", "started", "begun"]
"""Which steps count: every part of one, full ones, started ones, or started ones of which the first begins at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One score line, as far as its sentence needs it: points in points, completion as a ratio, the rest in `unit`."""

    unit_en: str
    unit_zh: str
    share: Decimal
    measured: Decimal | None
    target: Decimal | None
    completion: Decimal | None
    points: Decimal | None
    reason: str | None = None
    carried: Decimal | None = None
    rank: int | None = None
    peers: int | None = None
    exact: Fraction | None = None
    """The figure before it was rounded to thousandths, where that differs."""

    @property
    def lies(self) -> Fraction | None:
        """The figure as it is judged, exact; None where there is none."""
        if self.exact is not None:
            return self.exact
        return None if self.measured is None else Fraction(self.measured)

    @property
    def reached(self) -> Fraction | None:
        """The figure / target, exact; None where there is no target or no figure."""
        return self.lies / Fraction(self.target) if self.target and self.lies is not None else None

    def figure(self, verdict: Verdict) -> str:
        """The figure in thousandths, or finer where that would contradict the verdict over it."""
        if self.measured is None or self.lies is None:
            return figure(self.measured)
        return figure(finer(self.measured, self.lies, 3, verdict))

    def of_target(self, verdict: Verdict) -> Told:
        """The figure, and its completion, each as fine as the verdict over the completion asks."""
        if not self.target or self.reached is None or self.completion is None:
            return self.figure(lambda _: None), percent(self.completion)
        target = Fraction(self.target)
        done = finer(round(100 * self.completion, 2), 100 * self.reached, 2, lambda of: verdict(of / 100))
        return self.figure(lambda x: verdict(x / target)), f"{plain(done)} %"


class Stated(NamedTuple):
    """What a shape's rule is told with: the unit of the figure in both languages, and the line's weight."""

    unit: Told
    weight: Decimal


class Piece(NamedTuple):
    """A straight piece of a curve: on [begins, ends) it is (base + (x - origin) * rise) / run, within least and most.

    An end of None is none. `above`: the edge at `begins` belongs to the piece below; `through`: the edge at
    `ends` belongs to this one. Values are millionths.
    """

    begins: int | None = None
    above: bool = False
    ends: int | None = None
    through: bool = False
    origin: int = 0
    base: int = 0
    rise: int = 0
    run: int = 1
    least: int | None = None
    most: int | None = None

    def at(self, x: Fraction) -> Fraction:
        """What it gives at a place of the axis, for drawings: lines are scored in SQL."""
        return self.bounded((self.base + (x - self.origin) * self.rise) / Fraction(self.run))

    def bounded(self, value: Fraction) -> Fraction:
        """A value within its least and most."""
        value = value if self.most is None else min(value, Fraction(self.most))
        return value if self.least is None else max(value, Fraction(self.least))

    def where(self, value: Fraction) -> Fraction:
        """The place at which a piece that rises or falls gives a value, were it to go on so far."""
        return self.origin + (value * self.run - self.base) / self.rise

    def reduced(self) -> "Piece":
        """The same piece in the smallest whole numbers, which keep the products small."""
        common = gcd(self.base, self.rise, self.run)
        return self._replace(base=self.base // common, rise=self.rise // common, run=self.run // common)


class ShapeColumns(NamedTuple):
    """A shape in the columns of `scheme_indicators`. `free` is what counts for nothing before the first step."""

    axis: Axis
    gives: Gives
    needs_target: bool
    better: Literal["more", "less"]
    steps: Steps = "parts"
    step: int = 1
    free: int | None = None


class Shape(BaseModel, ABC):
    """What every shape offers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    outside: ClassVar[bool] = False

    def capped_at(self) -> Decimal | None:
        """The completion above which nothing more is earned, where there is one."""
        return None

    @property
    def targetless(self) -> bool:
        """Whether it takes points off for what was done, whatever target was agreed."""
        compiled = self.columns()
        return compiled.gives in ("loss", "penalty") and not compiled.needs_target

    def at_most(self, share: Decimal) -> Decimal | None:
        """How many points it can give at most, or take off beside the 100, where that is not its share."""
        return None

    @abstractmethod
    def columns(self) -> ShapeColumns:
        """The shape as it is compiled."""

    @abstractmethod
    def pieces(self) -> Iterator[Piece]:
        """Its curve, from the lowest x to the highest, without holes."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong between its keys: each with the key and what would be right."""
        yield from ()

    def sentence(self, line: Line) -> tuple[str, str]:
        """How the line came to its points, in English and Chinese."""
        if told := unscored(line.reason, line.points):
            return told
        en, zh = self._scored(line)
        more_en, more_zh = carried_over(line.carried, line.unit_en, line.unit_zh)
        return f"{en}{more_en}", f"{zh}{more_zh}"

    @abstractmethod
    def rule(self, stated: Stated) -> Told:
        """What earns how much, whoever it is: the shape itself in English and Chinese."""

    @abstractmethod
    def _scored(self, line: Line) -> Told:
        """The sentence of a line that the shape gave points to."""


def stretches(edges: list[int], edge: Literal["from", "to"]) -> Iterator[Piece]:
    """The pieces that rising edges cut the whole axis into; `edge` says whether an edge belongs to the piece that
    begins there or to the one that ends there."""
    above = edge == "to"
    ends: list[int | None] = [None, *edges, None]
    for begins, end in pairwise(ends):
        yield Piece(begins=begins, above=above and begins is not None, ends=end, through=above and end is not None)


def joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The same curve with neighbours that lie on one line made one piece."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and last[4:] == piece[4:]:
            last = last._replace(ends=piece.ends, through=piece.through)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
